/* A land plan on a map: its layers, what a click shows, and how to find a parcel. Part of landuse. */
(function () {
"use strict";
const landuse = window.landuse;

function element(tag, attributes, ...children) {     // text goes in as text, never as markup
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}
landuse.element = element;

landuse.number = (value, digits, least) =>
  value.toLocaleString("zh-CN", {maximumFractionDigits: digits, minimumFractionDigits: least || 0});

/* ---- records: columns of landuse/maps/records.py ---- */

function Records(tables) {
  const cell = (column, i) => Array.isArray(column) ? column[i] : column.i[i] < 0 ? null : column.d[column.i[i]];
  this.count = (table) => tables[table].rows;
  this.get = (table, column, i) => cell(tables[table][column], i);
  this.row = function (table, i) {
    const row = {};
    for (const column of Object.keys(tables[table])) if (column !== "rows") row[column] = cell(tables[table][column], i);
    return row;
  };
  const owned = {};
  this.of = function (table, owner) {                // the rows of a table that belong to one owner
    if (!owned[table]) {
      const lists = owned[table] = new Map();
      for (let i = 0; i < tables[table].rows; i++) {
        const key = cell(tables[table].of, i);
        if (!lists.has(key)) lists.set(key, []);
        lists.get(key).push(i);
      }
    }
    return (owned[table].get(owner) || []).map((i) => this.row(table, i));
  };
}

/* ---- what a click shows ---- */

function Cards(words, fields, records) {
  const {number} = landuse;
  const range = (low, high, unit) => {
    if (low === null && high === null) return words.unknown;
    if (high < 0) return `${words.at_least} ${number(low, 4)} ${unit}`;
    return (low === high ? number(low, 4) : `${number(low, 4)}–${number(high, 4)}`) + ` ${unit}`;
  };
  const line = (key, value) => value === null || value === "" || value === undefined ? null :
    element("tr", {}, element("th", {}, fields[key] || key), element("td", {"data-field": key}, String(value)));
  const card = (kind, heading, ...lines) => element("table", {class: "lu-card", "data-card": kind},
    element("caption", {}, heading), element("tbody", {}, ...lines.flat()));
  const area = (mu, basis) => mu === null ? words.unknown :
    `${number(mu, 2, 2)} ${words.mu}` + (basis ? `（${basis}）` : "");
  const source = (row) => row.file === null ? null :
    row.file + (row.row === null ? "" : " " + words.row.replace("{row}", row.row));
  const intensity = (row) => row.intensity_low === null ? words.unknown :
    range(row.intensity_low, row.intensity_high, words.unit_intensity) +
    (row.joint ? `（${words.joint} ${row.joint}）` : "");
  const statuses = (table, owner, key) => records.of(table, owner).flatMap((s) => [
    line(key, s.verdict), line("reason", s.reason),
    line("clause", [s.policy, s.clause].filter((t) => t).join(" · ")), line("route", s.route)]);

  this.project = (p) => {
    const row = records.row("projects", p);
    return card("project", `${fields.project}　${row.name || row.id}`, line("holder", row.holder),
      line("intensity", intensity(row)), statuses("project_status", p, "project_verdict"),
      line("source", source(row)));
  };
  this.parcel = (f) => {
    const row = records.row("parcels", f), projects = records.of("links", f).map((l) => l.project);
    const names = projects.map((p) => records.get("projects", "name", p) || records.get("projects", "id", p));
    const first = card("parcel", `${fields.parcel}　${row.id}`,
      line("zone", row.zone || words.unknown), line("holder", row.holder),
      line("area", area(row.area_mu, row.area_basis)),
      line("project", names.join("；") || words.unlinked),
      line("intensity", projects.length ? intensity(row) : null),
      statuses("parcel_status", f, "parcel_verdict"), line("government_cause", row.cause),
      line("fee", row.fee_low === null ? null : range(row.fee_low, row.fee_high, words.unit_money)),
      line("stage", row.stage), line("next_due", row.next_due), line("source", source(row)));
    return [first, ...projects.map((p) => this.project(p))];
  };
  this.block = (f) => {
    const row = records.row("blocks", f), states = window.landuseMap.config.states;
    const kinds = Object.keys(states).filter((k) => row[k]).map((k) => `${states[k]} ${row[k]}`).join("，");
    return [card("block", `${fields.block}　${row.id}`, line("zone", row.zone || words.outside),
      line("area", area(row.area_mu)), line("block_members", row.members), line("block_idle", kinds))];
  };
  this.reserve = (f) => {
    const row = records.row("reserve", f);
    const grants = records.of("grants", f).filter((g) => g.granted).map((g) =>
      line("grant", `${g.year}　${g.name || g.project_id}　${number(g.mu, 2, 2)} ${words.mu}\n${g.reason}`));
    return [card("reserve", `${fields.reserve}　${row.id}`, line("zone", row.zone), line("area", area(row.area_mu)),
      line("available_on", row.available_on || words.unknown), grants, line("source", source(row)))];
  };
  this.zone = (f) => {
    const row = records.row("zones", f);
    return [card("zone", `${fields.zone}　${row.name}`, line("zone_class", row.class || words.unknown),
      line("area", area(row.area_mu)), line("parcels", row.parcels), line("projects", row.projects),
      line("intensity", intensity({...row, joint: null})), statuses("zone_status", f, "zone_verdict"))];
  };
}

/* ---- a map of layers, with the records behind them ---- */

landuse.begin = function (name, map) {               // without plan.ready where the browser is too old
  const config = JSON.parse(document.getElementById(name + "_config").textContent);
  const plan = {map, config, layers: {}};
  window.landuseMap = plan;
  plan.element = (part) => name + "_" + part;
  config.layers.forEach((entry, place) => {
    plan.layers[entry.key] = new landuse.Shapes(entry.meta, entry.themes,
      {pane: "tilePane", zIndex: 10 * (place + 1), maxZoom: 24}).addTo(map);
  });
  if (typeof DecompressionStream === "undefined") {
    document.body.prepend(element("p", {class: "lu-refusal"}, config.words.old_browser));
    return plan;
  }

  let records = null;
  plan.records = async function () {
    if (!records) {
      const bytes = await landuse.inflate(plan.element("records"));
      records = new Records(JSON.parse(new TextDecoder().decode(bytes)));
    }
    return records;
  };
  plan.ready = Promise.all(Object.entries(plan.layers).map(async ([key, layer]) =>
    layer.load(await landuse.inflate(plan.element(key))))).then(() => plan);

  let mark = null;
  plan.unmark = () => { if (mark) mark.remove(); };
  plan.show = function (cards, latlng, layer, f) {
    plan.unmark();
    mark = layer ? L.polygon(layer.outline(f), {color: "#0022ee", weight: 4, fill: false, interactive: false}).addTo(map) : null;
    L.popup({maxWidth: 420, minWidth: 300, maxHeight: 360, autoPanPaddingTopLeft: [60, 12], className: "lu-popup"})
      .setLatLng(latlng).setContent(element("div", {}, ...cards)).openOn(map);
  };
  map.on("popupclose", plan.unmark);

  /* ---- for scripts and tests ---- */
  plan.place = async function (key, id) {
    await plan.ready; await plan.records();
    for (let i = 0; i < records.count(key); i++) if (records.get(key, "id", i) === id) return i;
    return -1;
  };
  plan.still = async function () {                   // until a pan has come to rest
    let before = null, now = map.getPixelBounds().toString() + map.containerPointToLatLng([0, 0]);
    for (let same = 0; same < 3; same = before === now ? same + 1 : 0) {
      await new Promise(requestAnimationFrame);
      before = now; now = map.getPixelBounds().toString() + map.containerPointToLatLng([0, 0]);
    }
  };
  plan.painted = async function () {                 // until every tile is drawn
    await plan.ready; await plan.still();
    while (!Object.values(plan.layers).every((layer) => layer.painted())) await new Promise(requestAnimationFrame);
  };
  plan.pixel = async function (key, id) {            // a point inside a shape, in pixels of the window
    const place = plan.layers[key].inside(await plan.place(key, id));
    await plan.still();
    const point = map.latLngToContainerPoint(place), box = map.getContainer().getBoundingClientRect();
    return {x: box.left + point.x, y: box.top + point.y};
  };
  return plan;
};

/* ---- the plan ---- */

landuse.open = function (name, map) {
  const plan = landuse.begin(name, map), {config, show} = plan;
  if (!plan.ready) return plan;
  let records = null;
  const read = plan.records;
  plan.records = async function () {
    if (!records) {
      records = await read();
      plan.cards = new Cards(config.words, config.fields, records);
    }
    return records;
  };
  const visible = (key) => map.hasLayer(plan.layers[key]);
  plan.at = function (latlng) {                      // what lies under a place: the parcel first, the zone if nothing else
    const found = ["parcels", "blocks", "reserve"].filter(visible)
      .map((key) => [key, plan.layers[key].hit(latlng)]).filter(([, f]) => f >= 0);
    if (found.length || !visible("zones")) return found;
    const f = plan.layers.zones.hit(latlng);
    return f >= 0 ? [["zones", f]] : [];
  };
  const makers = {parcels: "parcel", blocks: "block", reserve: "reserve", zones: "zone"};
  map.on("click", async (e) => {
    const found = plan.at(e.latlng);
    if (!found.length) { plan.unmark(); return; }
    await plan.records();
    show(found.flatMap(([key, f]) => plan.cards[makers[key]](f)), e.latlng, plan.layers[found[0][0]], found[0][1]);
  });
  map.on("mousemove", (e) => { map.getContainer().style.cursor = plan.at(e.latlng).length ? "pointer" : ""; });

  plan.select = async function (key, f) {            // go to a shape and show its card
    await plan.records();
    const layer = plan.layers[key], place = layer.inside(f);
    if (!map.hasLayer(layer)) layer.addTo(map);
    if (!place) return show([element("p", {}, config.words.no_shape), ...plan.cards[makers[key]](f)], map.getCenter());
    map.fitBounds(layer.bounds(f).pad(1.5), {maxZoom: 17, animate: false});
    return show(plan.cards[makers[key]](f), place, layer, f);
  };
  plan.project = async function (p) {                // go to the land of a project
    await plan.records();
    const land = [];
    for (let i = 0; i < records.count("links"); i++)
      if (records.get("links", "project", i) === p) land.push(records.get("links", "of", i));
    if (land.length) return plan.select("parcels", land[0]);
    return show([element("p", {}, config.words.no_parcel), plan.cards.project(p)], map.getCenter());
  };
  plan.find = async function (text, most) {          // parcels and projects whose id, name or holder holds the text
    await plan.records();
    const wanted = text.trim().toLowerCase(), found = [];
    if (!wanted) return found;
    for (const [table, columns] of [["parcels", ["id", "holder"]], ["projects", ["name", "id"]]])
      for (let i = 0; i < records.count(table) && found.length < most; i++) {
        const cells = columns.map((c) => records.get(table, c, i)).filter((c) => c !== null);
        if (cells.some((c) => c.toLowerCase().includes(wanted))) found.push({table, place: i, text: cells.join("　")});
      }
    return found;
  };
  return plan;
};
})();
