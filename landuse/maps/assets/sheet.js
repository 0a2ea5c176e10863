/* The sheet round the map: title, legend, search, scale, north arrow, notes, printing. Part of landuse. */
(function () {
"use strict";
const landuse = window.landuse, {element, number} = landuse;

function swatch(style) {
  const canvas = element("canvas", {class: "lu-swatch", width: 52, height: 32, "aria-hidden": "true"});
  const g = canvas.getContext("2d");
  g.scale(2, 2);
  g.beginPath(); g.rect(2, 2, 22, 12);
  landuse.paint(g, style, true, 1);
  return canvas;
}

/* ---- legend ---- */

function classRows(plan, layerKey, themeIndex, toggled) {
  const layer = plan.layers[layerKey], theme = layer.themes[themeIndex];
  return theme.styles.map((style, code) => {
    const box = element("input", {type: "checkbox", on: {change: (e) => toggled(code, e.target.checked)}});
    box.checked = true;
    const area = theme.area_m2[code];
    return element("tr", {"data-layer": layerKey, "data-theme": theme.key, "data-class": style.key,
      class: theme.counts[code] ? null : "lu-none"},
      element("td", {}, element("label", {}, box, swatch(style), element("span", {class: "lu-name"}, style.label))),
      element("td", {class: "lu-count"}, number(theme.counts[code], 0)),
      element("td", {class: "lu-mu"}, number(area * 3 / 2000, 1, 1)),
      element("td", {class: "lu-ha"}, number(area / 10000, 2, 2)));
  });
}

function legend(plan) {
  const {words} = plan.config, parcels = plan.layers.parcels, table = element("tbody", {class: "lu-classes"});
  const rows = parcels.themes.map((theme, t) => classRows(plan, "parcels", t, (code, on) => parcels.toggle(t, code, on)));
  const radios = parcels.themes.map((theme, t) => {
    const radio = element("input", {type: "radio", name: "lu-theme", value: theme.key, on: {change: () => plan.setTheme(theme.key)}});
    return element("label", {}, radio, theme.name);
  });
  plan.setTheme = function (key) {
    const t = parcels.themes.findIndex((theme) => theme.key === key);
    parcels.setTheme(t);
    table.replaceChildren(...rows[t]);
    radios.forEach((label, i) => { label.firstChild.checked = i === t; });
  };
  plan.setTheme(plan.config.start);
  const overlays = ["reserve", "blocks", "zones"].flatMap((key) => classRows(plan, key, 0,
    (code, on) => { plan.layers[key].toggle(0, code, on); if (key === "zones") plan.zoneNames(on); }));
  const head = (first) => element("thead", {}, element("tr", {},
    ...[first, words.count, words.mu, words.ha].map((text) => element("th", {}, text))));
  return [element("h2", {}, words.legend), element("div", {class: "lu-themes"}, ...radios),
    element("table", {class: "lu-legend"}, head(words.class), table),
    element("table", {class: "lu-legend"}, head(words.overlays), element("tbody", {}, ...overlays))];
}

/* ---- the year's grants ---- */

function grants(plan) {
  const {words} = plan.config, most = 300;
  const list = (granted, heading, count, mu) => {
    const body = element("div", {});
    const fill = async () => {
      if (body.childNodes.length) return;
      const records = await plan.records();
      let shown = 0;
      for (let i = 0; i < records.count("grants") && shown < most; i++) {
        const g = records.row("grants", i);
        if (g.granted !== granted) continue;
        shown++;
        const go = () => g.of >= 0 ? plan.select("reserve", g.of) : g.project >= 0 ? plan.project(g.project) : null;
        body.append(element("p", {class: "lu-grant"},
          element("button", {type: "button", on: {click: go}}, g.name || g.project_id),
          ` ${[g.zone, g.resource, granted ? `${number(g.mu, 2, 2)} ${words.mu}` : null].filter((t) => t).join(" · ")}`,
          element("small", {}, g.reason)));
      }
      if (count > most) body.append(element("p", {}, words.grants_more.replace("{n}", number(count - most, 0))));
    };
    const figures = `（${number(count, 0)}${granted ? `，${number(mu, 2, 2)} ${words.mu}` : ""}）`;
    return element("details", {class: "lu-grants", on: {toggle: fill}}, element("summary", {}, heading + figures), body);
  };
  const sums = plan.config.grants;
  return [sums.granted ? list(true, words.grants_made, sums.granted, sums.mu) : null,
    sums.refused ? list(false, words.grants_refused, sums.refused, 0) : null];
}

/* ---- controls on the map ---- */

function control(position, node, map) {
  const made = L.control({position});
  L.DomEvent.disableClickPropagation(node);
  L.DomEvent.disableScrollPropagation(node);
  made.onAdd = () => node;
  made.addTo(map);
}

function search(plan) {
  const {words} = plan.config, most = 20, list = element("ul", {});
  const look = async (e) => {
    const found = await plan.find(e.target.value, most + 1);
    const items = found.slice(0, most).map((hit) => element("li", {}, element("button", {type: "button", on: {
      click: () => { list.replaceChildren(); hit.table === "parcels" ? plan.select("parcels", hit.place) : plan.project(hit.place); },
    }}, hit.text)));
    if (!found.length && e.target.value.trim()) items.push(element("li", {}, words.not_found));
    if (found.length > most) items.push(element("li", {}, words.more_found.replace("{n}", most)));
    list.replaceChildren(...items);
  };
  return element("div", {class: "lu-search"},
    element("input", {type: "search", placeholder: words.search, "aria-label": words.search, on: {input: look}}), list);
}

function scaleBar(plan) {
  const {map, config} = plan, bar = element("div", {class: "lu-bar"}), text = element("div", {});
  const draw = () => {
    const y = map.getSize().y / 2, most = 130;
    const metres = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([most, y]));
    if (!metres) return;
    const power = Math.pow(10, Math.floor(Math.log10(metres)));
    const length = [5, 2, 1].map((k) => k * power).find((k) => k <= metres);
    bar.style.width = Math.round(most * length / metres) + "px";
    text.textContent = length >= 1000 ? `${length / 1000} ${config.words.kilometre}` : `${length} ${config.words.metre}`;
  };
  map.on("move zoomend resize", draw);
  draw();
  return element("div", {class: "lu-scale"}, text, bar);
}

function northArrow(plan) {
  const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), path = document.createElementNS(ns, "path");
  svg.setAttribute("width", 24); svg.setAttribute("height", 36);
  path.setAttribute("d", "M12 1 L22 35 L12 27 L2 35 Z");
  svg.append(path);
  return element("div", {class: "lu-north"}, plan.config.words.north, svg);
}

/* Names of zones; where two would overlap, that of the smaller zone waits until there is room. */
function zoneNames(plan) {
  const {map, config} = plan, layer = plan.layers.zones, group = L.layerGroup().addTo(map), labels = [];
  for (let f = 0; f < layer.shapes.n; f++) {
    const b = layer.bounds(f);
    if (!b) continue;
    const node = element("div", {class: "lu-zone-name"}, config.zone_names[f]);
    const top = L.latLng(b.getNorth(), b.getCenter().lng);
    L.marker(top, {icon: L.divIcon({className: "lu-zone-anchor", html: node, iconSize: [0, 0]}), interactive: false, keyboard: false}).addTo(group);
    labels.push({node, size: b.getNorthEast().distanceTo(b.getSouthWest())});
  }
  labels.sort((a, b) => b.size - a.size);
  const settle = () => {
    const taken = [];
    for (const {node} of labels) {
      node.style.visibility = "visible";
      const box = node.getBoundingClientRect();
      const free = taken.every((t) => box.right < t.left || box.left > t.right || box.bottom < t.top || box.top > t.bottom);
      if (free) taken.push(box); else node.style.visibility = "hidden";
    }
  };
  map.on("zoomend resize", settle);
  settle();
  plan.zoneNames = (on) => { if (on) { group.addTo(map); settle(); } else group.remove(); };
}

/* ---- printing: the page takes the size of the paper first, so that every tile of it is drawn ---- */

function printing(plan) {
  const {map} = plan, layers = Object.values(plan.layers);
  let view = null;
  const resize = () => { map.invalidateSize({animate: false, pan: false}); map.fitBounds(view, {animate: false}); };
  window.addEventListener("beforeprint", () => {
    view = map.getBounds();
    layers.forEach((layer) => { layer.immediate = true; });
    document.documentElement.classList.add("lu-paper");
    resize();
    layers.forEach((layer) => layer.redraw());
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("lu-paper");
    layers.forEach((layer) => { layer.immediate = false; });
    resize();
    layers.forEach((layer) => layer.redraw());
  });
}

landuse.parts = {classRows, control, northArrow, scaleBar, printing};

landuse.sheet = function (plan) {
  const {map, config} = plan, {words} = config, container = map.getContainer();
  plan.zoneNames = () => {};
  const print = element("button", {type: "button", class: "lu-print", on: {click: () => window.print()}}, words.print);
  container.before(element("header", {class: "lu-head"}, element("h1", {}, config.title),
    element("p", {}, ...config.lines.map((text) => element("span", {}, text))), search(plan), print));
  container.after(element("aside", {class: "lu-side"}, ...legend(plan), ...grants(plan).filter((n) => n)),
    element("footer", {class: "lu-foot"}, ...config.notes.map((text) => element("p", {}, text))));
  document.title = config.title;
  map.attributionControl && map.attributionControl.remove();
  L.control.zoom({position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out}).addTo(map);
  control("topright", northArrow(plan), map);
  map.invalidateSize({animate: false, pan: false});
  map.fitBounds(config.bounds, {animate: false, padding: [24, 24]});
  control("bottomleft", scaleBar(plan), map);
  printing(plan);
  plan.legend = () => [...document.querySelectorAll(".lu-legend tbody tr")].map((row) => ({
    layer: row.dataset.layer, theme: row.dataset.theme, class: row.dataset.class,
    name: row.querySelector(".lu-name").textContent, count: row.querySelector(".lu-count").textContent,
    mu: row.querySelector(".lu-mu").textContent, ha: row.querySelector(".lu-ha").textContent,
    on: row.querySelector("input").checked,
  }));
  plan.ready = plan.ready && plan.ready.then(() => { zoneNames(plan); return plan; });
};
})();
