/* Faults between parcels on a map, with a list that goes to each of them. Part of landuse. */
(function () {
"use strict";
const landuse = window.landuse, {element, number, parts} = landuse;
const NEAR = 6;                                      // pixels from which a fault answers a click
const MOST = 500;                                    // faults in the list

landuse.openCheck = function (name, map) {
  const plan = landuse.begin(name, map), {config, layers, show} = plan, {words, fields} = config;
  if (!plan.ready) return plan;
  const line = (key, value) => value === null ? null :
    element("tr", {}, element("th", {}, fields[key]), element("td", {"data-field": key}, String(value)));
  const card = (kind, heading, ...lines) => element("table", {class: "lu-card", "data-card": kind},
    element("caption", {}, heading), element("tbody", {}, ...lines));
  const fault = (records, f) => {
    const row = records.row("faults", f);
    return card("fault", `${row.number}　${row.kind}`, line("nature", row.nature),
      line("one", `${row.one}\n${row.one_place}`), line("other", `${row.other}\n${row.other_place}`),
      line("area", `${number(row.area_m2, 3)} ${words.m2}（${number(row.area_m2 * 3 / 2000, 4)} ${words.mu}）`),
      line("width", `${number(row.width_m, 3)} ${words.metre}`));
  };
  const parcel = (records, f) => {
    const row = records.row("parcels", f);
    return card("parcel", `${fields.parcel}　${row.id}`, line("holder", row.holder), line("source", row.place));
  };
  plan.near = function (latlng) {                    // the smallest fault whose box lies within a few pixels
    const layer = layers.faults, p = map.latLngToContainerPoint(latlng), meta = layer.meta;
    const corner = (dx, dy) => {
      const at = L.CRS.EPSG3857.project(map.containerPointToLatLng([p.x + dx, p.y + dy]));
      return [(at.x - meta.x0) / meta.unit, (at.y - meta.y0) / meta.unit];
    };
    const [x0, y0] = corner(-NEAR, NEAR), [x1, y1] = corner(NEAR, -NEAR), s = layer.shapes;
    let found = -1, size = Infinity;
    if (!map.hasLayer(layer) || !s) return -1;
    layer.search(x0, y0, x1, y1, (f) => {
      const area = (s.box[4 * f + 2] - s.box[4 * f]) * (s.box[4 * f + 3] - s.box[4 * f + 1]);
      if (layer.shown(f) && area < size) { found = f; size = area; }
    });
    return found;
  };
  map.on("click", async (e) => {
    const records = await plan.records(), f = plan.near(e.latlng);
    if (f >= 0) return show([fault(records, f)], e.latlng, layers.faults, f);
    const p = layers.parcels.hit(e.latlng);
    return p >= 0 ? show([parcel(records, p)], e.latlng, layers.parcels, p) : plan.unmark();
  });
  map.on("mousemove", (e) => { map.getContainer().style.cursor = plan.near(e.latlng) >= 0 ? "pointer" : ""; });
  plan.select = async function (key, f) {            // go to a shape and show its card
    const records = await plan.records(), layer = layers[key];
    map.fitBounds(layer.bounds(f).pad(1.5), {maxZoom: 20, animate: false});
    return show([(key === "faults" ? fault : parcel)(records, f)], layer.bounds(f).getCenter(), layer, f);
  };
  return plan;
};

async function list(plan, body) {
  const records = await plan.records(), {words} = plan.config, count = records.count("faults");
  const order = [...Array(count).keys()].sort((a, b) => records.get("faults", "number", a) - records.get("faults", "number", b));
  for (const f of order.slice(0, MOST)) {
    const row = records.row("faults", f);
    body.append(element("p", {class: "lu-grant"},
      element("button", {type: "button", on: {click: () => plan.select("faults", f)}},
        `${row.number}　${row.kind}　${number(row.area_m2, 3)} ${words.m2}`),
      element("small", {}, `${row.one}　${row.other}`)));
  }
  if (count > MOST) body.append(element("p", {}, words.more.replace("{n}", number(count - MOST, 0))));
}

landuse.checkSheet = function (plan) {
  const {map, config} = plan, {words} = config, container = map.getContainer();
  const print = element("button", {type: "button", class: "lu-print", on: {click: () => window.print()}}, words.print);
  container.before(element("header", {class: "lu-head"}, element("h1", {}, config.title),
    element("p", {}, ...config.lines.map((text) => element("span", {}, text))), print));
  const rows = ["faults", "parcels"].flatMap((key) =>
    parts.classRows(plan, key, 0, (code, on) => plan.layers[key].toggle(0, code, on)));
  const head = element("thead", {}, element("tr", {},
    ...[words.class, words.count, words.mu, words.ha].map((text) => element("th", {}, text))));
  const body = element("div", {});
  container.after(element("aside", {class: "lu-side"}, element("h2", {}, words.legend),
    element("table", {class: "lu-legend"}, head, element("tbody", {}, ...rows)), element("h2", {}, words.faults), body),
    element("footer", {class: "lu-foot"}, ...config.notes.map((text) => element("p", {}, text))));
  L.control.zoom({position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out}).addTo(map);
  parts.control("topright", parts.northArrow(plan), map);
  map.invalidateSize({animate: false, pan: false});
  map.fitBounds(config.bounds, {animate: false, padding: [24, 24]});
  parts.control("bottomleft", parts.scaleBar(plan), map);
  parts.printing(plan);
  plan.ready = plan.ready && plan.ready.then(() => list(plan, body)).then(() => plan);
};
})();
