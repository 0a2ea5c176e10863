/* Polygons of a land plan on canvas tiles. Part of landuse; needs Leaflet 1.9 and nothing else. */
(function () {
"use strict";
const HALF_WORLD = 20037508.342789244;      // metres of Web Mercator from the middle to the edge
const BATCH = 400;                          // shapes in one canvas path
const SLICE = 12;                           // milliseconds of drawing before the page may breathe
const landuse = window.landuse = window.landuse || {};

/* ---- decoding: see landuse/maps/payload.py ---- */

landuse.inflate = async function (id) {
  const text = document.getElementById(id).textContent.trim();
  const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

function decode(bytes, meta) {
  let at = 0;
  const next = () => {
    let value = 0, shift = 0, byte;
    do { byte = bytes[at++]; value |= (byte & 127) << shift; shift += 7; } while (byte & 128);
    return value >>> 0;
  };
  const starts = (count) => {
    const first = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) first[i + 1] = first[i] + next();
    return first;
  };
  const n = meta.n, rings = starts(n), vertices = starts(rings[n]), total = vertices[rings[n]];
  const x = new Int32Array(total), y = new Int32Array(total);
  for (let i = 0, px = 0, py = 0; i < total; i++) {
    let step = next(); px += (step >>> 1) ^ -(step & 1); x[i] = px;
    step = next(); py += (step >>> 1) ^ -(step & 1); y[i] = py;
  }
  const classes = [];
  for (let t = 0; t < meta.themes; t++) classes.push(bytes.slice(at + t * n, at + (t + 1) * n));
  const box = new Int32Array(4 * n);        // least x, least y, greatest x, greatest y; empty: least > greatest
  for (let f = 0; f < n; f++) {
    let a = 2e9, b = 2e9, c = -2e9, d = -2e9;
    for (let v = vertices[rings[f]]; v < vertices[rings[f + 1]]; v++) {
      a = Math.min(a, x[v]); b = Math.min(b, y[v]); c = Math.max(c, x[v]); d = Math.max(d, y[v]);
    }
    box.set([a, b, c, d], 4 * f);
  }
  return {n, rings, vertices, x, y, classes, box};
}

/* A grid of cells over the shapes; visit(f) is called once for every shape whose box meets the window. */
function gridIndex(s, meta) {
  const side = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(s.n / 8))));
  const cw = (meta.width + 1) / side, ch = (meta.height + 1) / side;
  const cell = (value, size) => Math.max(0, Math.min(side - 1, Math.floor(value / size)));
  const first = new Uint32Array(side * side + 1);
  const each = (f, act) => {
    const b = 4 * f;
    if (s.box[b] > s.box[b + 2]) return;
    for (let j = cell(s.box[b + 1], ch); j <= cell(s.box[b + 3], ch); j++)
      for (let i = cell(s.box[b], cw); i <= cell(s.box[b + 2], cw); i++) act(j * side + i);
  };
  for (let f = 0; f < s.n; f++) each(f, (k) => { first[k + 1]++; });
  for (let k = 0; k < side * side; k++) first[k + 1] += first[k];
  const fill = first.slice(), items = new Uint32Array(first[side * side]);
  for (let f = 0; f < s.n; f++) each(f, (k) => { items[fill[k]++] = f; });
  const seen = new Uint32Array(s.n);
  let stamp = 0;
  return function (x0, y0, x1, y1, visit) {
    stamp++;
    for (let j = cell(y0, ch); j <= cell(y1, ch); j++)
      for (let i = cell(x0, cw); i <= cell(x1, cw); i++)
        for (let k = first[j * side + i]; k < first[j * side + i + 1]; k++) {
          const f = items[k], b = 4 * f;
          if (seen[f] === stamp) continue;
          seen[f] = stamp;
          if (s.box[b] <= x1 && s.box[b + 2] >= x0 && s.box[b + 1] <= y1 && s.box[b + 3] >= y0) visit(f);
        }
  };
}

/* ---- hatching ---- */

const STROKES = {                           // lines in a square of eight, repeated without a seam
  rise: [[-2, 2, 2, -2], [-2, 10, 10, -2], [6, 10, 10, 6]],
  fall: [[-2, 6, 2, 10], [-2, -2, 10, 10], [6, -2, 10, 2]],
  level: [[0, 4, 8, 4]],
  upright: [[4, 0, 4, 8]],
};
STROKES.cross = STROKES.rise.concat(STROKES.fall);
STROKES.grid = STROKES.level.concat(STROKES.upright);
const tiles = new Map();

landuse.hatch = function (context, style, fit) {
  const key = style.hatch + style.ink;
  if (!tiles.has(key)) {
    const tile = document.createElement("canvas"), fine = 2;
    tile.width = tile.height = 8 * fine;
    const g = tile.getContext("2d");
    g.scale(fine, fine);
    g.strokeStyle = g.fillStyle = style.ink;
    g.lineWidth = 1;
    if (style.hatch === "dots") for (const [x, y] of [[2, 2], [6, 6]]) {
      g.beginPath(); g.arc(x, y, 0.95, 0, 7); g.fill();
    } else for (const [x0, y0, x1, y1] of STROKES[style.hatch]) {
      g.beginPath(); g.moveTo(x0, y0); g.lineTo(x1, y1); g.stroke();
    }
    tiles.set(key, tile);
  }
  const pattern = context.createPattern(tiles.get(key), "repeat");
  pattern.setTransform(new DOMMatrix([0.5 / fit, 0, 0, 0.5 / fit, 0, 0]));
  return pattern;
};

/* Fill, hatch and outline the current path; fit: how many pixels of the screen a pixel of the context becomes. */
landuse.paint = function (g, style, outline, fit) {
  if (style.fill) { g.fillStyle = style.fill; g.fill(); }
  if (style.hatch) { g.fillStyle = landuse.hatch(g, style, fit); g.fill(); }
  if (!outline) return;
  g.lineJoin = "round";
  g.setLineDash([]);
  if (style.bold) { g.strokeStyle = "rgba(255,255,255,.85)"; g.lineWidth = (style.width + 2.4) / fit; g.stroke(); }
  if (style.dash) g.setLineDash([7 / fit, 4 / fit]);
  g.strokeStyle = style.ink; g.lineWidth = style.width / fit; g.stroke();
};

/* ---- the layer ---- */

landuse.Shapes = L.GridLayer.extend({
  options: {tileSize: 512, updateWhenZooming: false, keepBuffer: 1, outlineFrom: 7},

  initialize: function (meta, themes, options) {
    L.setOptions(this, options);
    this.meta = meta; this.themes = themes; this.theme = 0;
    this.hidden = themes.map(() => new Set());
    this._canvases = new Map(); this._waiting = new Map();
    this.on("tileunload", (e) => { this._canvases.delete(e.tile); this._waiting.delete(e.tile); });
  },
  onAdd: function (map) {
    L.GridLayer.prototype.onAdd.call(this, map);
    map.on("zoomend", this._refit, this);
  },
  onRemove: function (map) {
    map.off("zoomend", this._refit, this);
    L.GridLayer.prototype.onRemove.call(this, map);
  },
  load: function (bytes) {
    this.shapes = decode(bytes, this.meta);
    this.search = gridIndex(this.shapes, this.meta);
    const sizes = [];
    for (let f = 0; f < this.shapes.n; f++)
      sizes.push(Math.max(0, Math.min(this.shapes.box[4 * f + 2] - this.shapes.box[4 * f],
        this.shapes.box[4 * f + 3] - this.shapes.box[4 * f + 1])));
    this._usual = sizes.sort((a, b) => a - b)[sizes.length >> 1] || 0;
    this.repaint();
    return this;
  },
  classOf: function (f) { return this.shapes.classes[this.theme][f]; },
  shown: function (f) { return !this.hidden[this.theme].has(this.classOf(f)); },
  setTheme: function (theme) { this.theme = theme; this.repaint(); },
  toggle: function (theme, code, on) {
    if (on) this.hidden[theme].delete(code); else this.hidden[theme].add(code);
    this.repaint();
  },

  createTile: function (coords, done) {
    const canvas = document.createElement("canvas");
    this._canvases.set(canvas, coords);
    if (this.immediate) { this._draw(canvas, coords); setTimeout(() => done(null, canvas), 0); return canvas; }
    this._queue(canvas, coords, done);
    return canvas;
  },
  painted: function () { return !this._busy; },
  repaint: function () {
    for (const [canvas, coords] of this._canvases)
      if (this.immediate) this._draw(canvas, coords); else this._queue(canvas, coords);
  },
  /* Tiles belong to whole zooms; between them they are scaled, and drawn anew so that lines stay as they were. */
  _fit: function (coords) { return this._map ? this._map.getZoomScale(this._map.getZoom(), coords.z) : 1; },
  _refit: function () {
    for (const [canvas, coords] of this._canvases)
      if (canvas.landuseFit !== this._fit(coords)) this._queue(canvas, coords);
  },
  _queue: function (canvas, coords, done) {             // each tile waits once, however often it is asked for
    const before = this._waiting.get(canvas);
    this._waiting.set(canvas, {coords, done: done || (before && before.done)});
    if (!this._busy) { this._busy = true; requestAnimationFrame(() => this._work()); }
  },
  _work: function () {
    const start = performance.now();
    for (const [canvas, {coords, done}] of this._waiting) {
      if (performance.now() - start > SLICE) break;
      this._waiting.delete(canvas);
      if (coords.z === this._tileZoom) this._draw(canvas, coords);   // tiles of a zoom that is gone stay empty
      if (done) done(null, canvas);
    }
    this._busy = this._waiting.size > 0;
    if (this._busy) requestAnimationFrame(() => this._work());
  },

  _draw: function (canvas, coords) {
    const size = this.getTileSize().x, fit = this._fit(coords);
    const dots = Math.round(size * fit * (fit === 1 ? Math.min(2, window.devicePixelRatio || 1) : 2));
    canvas.landuseFit = fit;
    canvas.width = canvas.height = 1;                                      // an empty tile takes no room
    canvas.style.width = canvas.style.height = size + "px";
    if (!this.shapes) return;
    const s = this.shapes, unit = this.meta.unit;
    const metres = 2 * HALF_WORLD / (256 * Math.pow(2, coords.z));         // of one pixel
    const scale = unit / metres;                                           // pixels of one step
    const left = (coords.x * size * metres - HALF_WORLD - this.meta.x0) / unit;
    const top = (HALF_WORLD - coords.y * size * metres - this.meta.y0) / unit;
    const pad = 10 / scale, span = size / scale, styles = this.themes[this.theme].styles;
    const byClass = styles.map(() => []);
    this.search(left - pad, top - span - pad, left + span + pad, top + pad, (f) => {
      if (this.shown(f)) byClass[this.classOf(f)].push(f);
    });
    if (!byClass.some((found) => found.length)) return;
    canvas.width = canvas.height = dots;
    const g = canvas.getContext("2d");
    g.scale(dots / size, dots / size);
    const outline = this._usual * scale * fit >= this.options.outlineFrom;
    styles.forEach((style, code) => {
      const found = byClass[code];
      for (let from = 0; from < found.length; from += BATCH) {
        g.beginPath();
        for (const f of found.slice(from, from + BATCH)) this._trace(g, s, f, scale, left, top);
        landuse.paint(g, style, outline || style.bold, fit);
      }
    });
  },
  _trace: function (g, s, f, scale, left, top) {
    const b = 4 * f, wide = (s.box[b + 2] - s.box[b]) * scale, high = (s.box[b + 3] - s.box[b + 1]) * scale;
    if (wide < 2 && high < 2) {                                            // too small for a shape of its own
      g.rect((s.box[b] - left) * scale, (top - s.box[b + 3]) * scale, Math.max(0.8, wide), Math.max(0.8, high));
      return;
    }
    const near = 0.7 / scale;
    for (let r = s.rings[f]; r < s.rings[f + 1]; r++) {
      let v = s.vertices[r], px = s.x[v], py = s.y[v];
      g.moveTo((px - left) * scale, (top - py) * scale);
      for (v++; v < s.vertices[r + 1]; v++) {
        const x = s.x[v], y = s.y[v];
        if (Math.abs(x - px) < near && Math.abs(y - py) < near) continue;
        g.lineTo((x - left) * scale, (top - y) * scale); px = x; py = y;
      }
      g.closePath();
    }
  },

  /* The shape under a place, -1 where there is none or its class is switched off. */
  hit: function (latlng) {
    if (!this.shapes) return -1;
    const p = L.CRS.EPSG3857.project(latlng), s = this.shapes;
    const x = (p.x - this.meta.x0) / this.meta.unit, y = (p.y - this.meta.y0) / this.meta.unit;
    let found = -1;
    this.search(x, y, x, y, (f) => {
      if (found >= 0 || !this.shown(f)) return;
      if (this._crossings(f, y).filter((c) => c > x).length % 2) found = f;
    });
    return found;
  },
  _crossings: function (f, y) {
    const s = this.shapes, at = [];
    for (let r = s.rings[f]; r < s.rings[f + 1]; r++)
      for (let i = s.vertices[r], j = s.vertices[r + 1] - 1; i < s.vertices[r + 1]; j = i++)
        if ((s.y[i] > y) !== (s.y[j] > y)) at.push((s.x[j] - s.x[i]) * (y - s.y[i]) / (s.y[j] - s.y[i]) + s.x[i]);
    return at.sort((a, b) => a - b);
  },
  /* A place inside a shape, well away from its edges where it can be; null for a shape without an outline. */
  inside: function (f) {
    const b = this.shapes.box.subarray(4 * f, 4 * f + 4);
    if (b[0] > b[2]) return null;
    let best = [0, 0, 0];
    for (const part of [0.5, 0.35, 0.65, 0.2, 0.8]) {
      const y = b[1] + part * (b[3] - b[1]) + 0.01, at = this._crossings(f, y);
      for (let i = 0; i + 1 < at.length; i += 2)
        if (at[i + 1] - at[i] > 1.2 * best[0]) best = [at[i + 1] - at[i], (at[i] + at[i + 1]) / 2, y];
    }
    return this._latlng(best[1], best[2]);
  },
  bounds: function (f) {
    const b = this.shapes.box.subarray(4 * f, 4 * f + 4);
    return b[0] > b[2] ? null : L.latLngBounds(this._latlng(b[0], b[1]), this._latlng(b[2], b[3]));
  },
  outline: function (f) {
    const s = this.shapes, rings = [];
    for (let r = s.rings[f]; r < s.rings[f + 1]; r++) {
      const ring = [];
      for (let v = s.vertices[r]; v < s.vertices[r + 1]; v++) ring.push(this._latlng(s.x[v], s.y[v]));
      rings.push(ring);
    }
    return rings;
  },
  _latlng: function (x, y) {
    const m = this.meta;
    return L.CRS.EPSG3857.unproject(L.point(m.x0 + x * m.unit, m.y0 + y * m.unit));
  },
});
})();
