"""DXF drawings: closed polylines of a layer as polygons; no driver, for none says what it left out."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from landuse.errors import FormatError
from landuse.io.files.text_evidence import codec_of, judge
from landuse.io.vector.drawn import Drawn, Wanted, pick_layer
from landuse.tables import issue

__all__ = ["read_dxf"]

_BINARY = b"AutoCAD Binary DXF"
_LONGEST = 1 << 16
"""Bytes of a line."""
_STEP = math.radians(0.25)
"""An arc is drawn in chords of at most this angle: a circle loses 3 parts in a million of its area."""
_CLOSE = 0.001
"""Ends of a polyline that are nearer than this meet [drawing units]."""
_CLOSED, _NOT_FLAT, _SPLINE_FRAME = 1, 16 | 64, 16
_NAME = "layer"


@dataclass
class _Drawing:
    """Polylines, the number of other entities by kind, and the variables of the head."""

    lines: list[_Line] = field(default_factory=list)
    others: Counter[bytes] = field(default_factory=Counter)
    head: dict[bytes, bytes] = field(default_factory=dict)

    def settle(self) -> None:
        """Leave out what is no flat line of the model: meshes, and lines of the paper."""
        flat = [n for n in self.lines if not n.paper and not n.flags & _NOT_FLAT]
        if len(flat) < len(self.lines):
            self.others[b"POLYLINE (mesh, paper space)"] = len(self.lines) - len(flat)
        for line in flat:
            line.points = [p for p in line.points if len(p) == 3]
        self.lines = [n for n in flat if n.points]


@dataclass
class _Line:
    """A polyline as it stands in the file."""

    layer: bytes = b"0"
    handle: bytes = b""
    flags: int = 0
    paper: bool = False
    mirrored: bool = False
    height: bool = False
    points: list[list[float]] = field(default_factory=list)


def read_dxf(path: Path, wanted: Wanted) -> Drawn:
    """Read the polylines of a layer of a DXF drawing (text form, any release).

    Parameters
    ----------
    path : Path
    wanted : Wanted
        ``layer`` is needed where closed polylines stand in more than one.

    Returns
    -------
    Drawn
        Closed polylines as polygons, open ones as lines (which are rejected later, said); arcs in chords of
        a quarter of a degree. A drawing names no coordinate system. Everything else is counted and left out.

    Raises
    ------
    FormatError
        Where it is no DXF in text form, is cut short, or no layer holds closed polylines.

    References
    ----------
    Autodesk, DXF Reference: ENTITIES, group codes of LWPOLYLINE, POLYLINE and VERTEX.
    """
    file = wanted.file
    drawing = _drawing(path, file)
    lines, others = drawing.lines, drawing.others
    codec = _codec(drawing, wanted)
    closed = Counter(line.layer for line in lines if _is_closed(line))
    names = {layer.decode(codec, errors="replace"): layer for layer in sorted(closed)}
    if not names:
        raise FormatError(
            f"no closed polyline stands in the drawing ({len(lines)} open ones)",
            file=file,
            remedy="close the boundaries (PEDIT, Close) and save again",
        )
    name = pick_layer(list(names), wanted.layer, file, what="layer")
    chosen = [line for line in lines if line.layer == names[name]]
    shapes = np.empty(len(chosen), dtype=object)
    shapes[:] = [_shape(line) for line in chosen]
    cells = pd.DataFrame(
        {
            0: pd.Series([name] * len(chosen), dtype="str"),
            1: pd.Series(
                [line.handle.decode("ascii", errors="replace") or None for line in chosen], dtype="str"
            ),
        }
    )
    issues = []
    if others:
        shown = ", ".join(
            f"{kind.decode('ascii', errors='replace')} {n}" for kind, n in sorted(others.items())
        )
        issues.append(issue("entities_left_out", "kept", file=file, sheet=name, field="ENTITIES", raw=shown))
    arcs = sum(any(p[2] for p in line.points) for line in chosen)
    if arcs:
        issues.append(issue("arcs_drawn", "mended", file=file, sheet=name, field="geometry", count=arcs))
    return Drawn(
        [_NAME, "handle"],
        cells,
        shapes,
        layer=name,
        encoding=codec,
        issues=issues,
        heights=sum(line.height for line in chosen),
    )


def _pairs(path: Path, file: str) -> Iterator[tuple[int, bytes]]:
    """Yield group codes and values."""
    with path.open("rb") as stream:
        if stream.read(len(_BINARY)) == _BINARY:
            raise FormatError(
                "the drawing is a binary DXF", file=file, remedy="save it as DXF in text form (ASCII)"
            )
        stream.seek(0)
        number = 1
        while code := stream.readline(_LONGEST):
            try:
                found = int(code.removeprefix(b"\xef\xbb\xbf"))
            except ValueError:
                if not code.strip() and not stream.read(1):
                    return
                raise FormatError(
                    "the file is no DXF drawing" if number < 4 else "the drawing is damaged: no group code",
                    file=file,
                    row=f"line {number}",
                    remedy="save it again as DXF in text form",
                ) from None
            yield found, stream.readline(_LONGEST).strip()
            number += 2


def _drawing(path: Path, file: str) -> _Drawing:
    """Return the polylines of the drawing itself, the number of other entities, and what its head says."""
    drawing = _Drawing()
    line: _Line | None = None
    light = ended = False
    section = variable = b""
    for code, value in _pairs(path, file):
        if code == 2 and section == b"?":
            section = value
        elif section == b"HEADER" and code != 0:
            variable = value if code == 9 else variable
            drawing.head.setdefault(variable, b"" if code == 9 else value)
            drawing.head[variable] = drawing.head[variable] or (b"" if code == 9 else value)
        elif code == 0 and value in (b"SECTION", b"ENDSEC", b"EOF"):
            ended = ended or (section == b"ENTITIES" and value == b"ENDSEC")
            section = b"?" if value == b"SECTION" else b""
            line = None
        elif section != b"ENTITIES":
            continue
        elif code != 0:
            if line is not None:
                _take(line, code, value, light, file)
        elif value in (b"LWPOLYLINE", b"POLYLINE"):
            line, light = _Line(), value == b"LWPOLYLINE"
            drawing.lines.append(line)
        elif value == b"VERTEX" and line is not None and not light:
            line.points.append([math.nan, math.nan, 0.0])
        elif value == b"SEQEND":
            line = None
        else:
            line = None
            drawing.others[value] += 1
    if not ended:
        raise FormatError(
            "the drawing is cut short, or holds no entities", file=file, remedy="save it again as DXF"
        )
    drawing.settle()
    return drawing


def _take(line: _Line, code: int, value: bytes, light: bool, file: str) -> None:
    """Take one group into a polyline; a light one has its corners in itself, another one in VERTEX."""
    of_vertex = not light and bool(line.points)
    try:
        if code == 10 and light:
            line.points.append([float(value), math.nan, 0.0])
        elif code == 10 and of_vertex:
            line.points[-1][0] = float(value)
        elif code == 20 and (light or of_vertex) and line.points:
            line.points[-1][1] = float(value)
        elif code == 42 and (light or of_vertex) and line.points:
            line.points[-1][2] = float(value)
        elif code == 70 and of_vertex:
            if int(value) & _SPLINE_FRAME:
                line.points[-1].append(math.nan)
        elif code == 70:
            line.flags = int(value)
        elif code == 8 and not of_vertex:
            line.layer = value
        elif code == 5 and not of_vertex:
            line.handle = value
        elif code == 67:
            line.paper = int(value) == 1
        elif code == 230:
            line.mirrored = float(value) < 0
        elif code in (30, 38):
            line.height = line.height or float(value) != 0.0
    except ValueError:
        raise FormatError(
            f"the drawing is damaged: {value.decode('ascii', errors='replace')!r} is no number",
            file=file,
            row=f"handle {line.handle.decode('ascii', errors='replace')}",
            remedy="save it again as DXF in text form",
        ) from None


def _codec(drawing: _Drawing, wanted: Wanted) -> str:
    """Return the encoding of layer names: the user's word, or what the drawing and the bytes say."""
    if wanted.encoding is not None:
        codec = codec_of(wanted.encoding)
        if codec is None:
            raise FormatError(
                f"unknown encoding {wanted.encoding!r}",
                file=wanted.file,
                key="encoding",
                remedy='encoding = "gbk"',
            )
        return codec
    release, page = (drawing.head.get(name, b"") for name in (b"$ACADVER", b"$DWGCODEPAGE"))
    declared = "utf-8" if release >= b"AC1021" else page.decode("ascii", "replace").replace("_", " ")
    texts = sorted({line.layer for line in drawing.lines})
    found = judge(texts, declared=declared or None)
    if found is None:
        raise FormatError(
            "the names of the layers are no text in UTF-8 or GBK",
            file=wanted.file,
            key="encoding",
            remedy='name the encoding in the plan: encoding = "gbk"',
        )
    return found.encoding


def _is_closed(line: _Line) -> bool:
    if len(line.points) < 2:
        return False
    (x0, y0, _), (x1, y1, _) = line.points[0], line.points[-1]
    meets = len(line.points) > 3 and math.hypot(x1 - x0, y1 - y0) <= _CLOSE
    return bool(line.flags & _CLOSED) or meets


def _shape(line: _Line) -> Any:
    """Return a polyline as a polygon where it is closed, else as a line."""
    closed = _is_closed(line)
    points = [*line.points, [*line.points[0][:2], 0.0]] if closed else line.points
    drawn: list[tuple[float, float]] = []
    for start, end in itertools.pairwise(points):
        drawn += _side(start, end)
    drawn.append((points[-1][0], points[-1][1]))
    corners = np.array(drawn, dtype=np.float64)
    if line.mirrored:
        corners[:, 0] = -corners[:, 0]
    if closed and len({tuple(c) for c in corners.tolist()}) >= 3:
        return shapely.Polygon(corners)
    return shapely.LineString(corners) if len(corners) > 1 else shapely.Point(corners[0])


def _side(start: list[float], end: list[float]) -> list[tuple[float, float]]:
    """Return the points of a side without its end; a bulge is the tangent of a quarter of the arc's angle."""
    x0, y0, bulge = start
    x1, y1 = end[0], end[1]
    if not bulge or (x0, y0) == (x1, y1):
        return [(x0, y0)]
    angle = 4 * math.atan(bulge)
    count = max(2, math.ceil(abs(angle) / _STEP))
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    reach = (1 - bulge * bulge) / (4 * bulge)
    cx, cy = middle[0] - reach * (y1 - y0), middle[1] + reach * (x1 - x0)
    turns = angle * np.arange(count) / count
    cos, sin = np.cos(turns), np.sin(turns)
    dx, dy = x0 - cx, y0 - cy
    return list(zip((cx + dx * cos - dy * sin).tolist(), (cy + dx * sin + dy * cos).tolist(), strict=True))
