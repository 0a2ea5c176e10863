"""KML: placemarks with their own fields; nothing in the file is followed to another place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import shapely
from lxml import etree

from landuse.errors import FormatError
from landuse.io.files.text_evidence import codec_of
from landuse.io.vector.arrow import check_fields, check_frame
from landuse.io.vector.drawn import Drawn, Wanted, pick_layer
from landuse.tables import issue

__all__ = ["read_kml"]

_SNIFF = 1 << 16
_HOLDERS = ("Document", "Folder")
_SHAPES = ("Polygon", "MultiGeometry", "LineString", "LinearRing", "Point")
_REMEDY = "export the layer again; a KML needs no DOCTYPE and no entities"


@dataclass
class _Folder:
    """A folder that is being read: its name, and the placemarks that stand in it directly."""

    name: str | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)


def read_kml(path: Path, wanted: Wanted) -> Drawn:
    """Read the placemarks of a folder of a KML file.

    Parameters
    ----------
    path : Path
    wanted : Wanted
        ``layer`` is the name of a folder (or document) that holds placemarks.

    Returns
    -------
    Drawn
        Columns ``name``, ``description`` and those of the placemarks' ExtendedData; WGS 84.

    Raises
    ------
    FormatError
        Where it is no KML, declares a document type or entities, a coordinate is no number, or several
        folders hold placemarks and none is named.

    References
    ----------
    OGC 12-007r2 (KML 2.3).
    """
    file = wanted.file
    _refuse_entities(path, file)
    try:
        folders, links = _folders(path, wanted)
    except etree.XMLSyntaxError as error:
        raise FormatError(f"the file is no sound XML ({error.msg})", file=file, remedy=_REMEDY) from None
    held = [f for f in folders if f.rows]
    names = _unique([f.name or path.stem for f in held])
    drawn = [n for n, f in zip(names, held, strict=True) if _has_areas(f)]
    name = pick_layer(names if wanted.layer in names else drawn or names, wanted.layer, file)
    chosen = held[names.index(name)]
    headers = list(dict.fromkeys(h for row in chosen.rows for h in row))
    check_fields(len(headers), file)
    columns = {
        at: pd.Series([row.get(h) for row in chosen.rows], dtype="str") for at, h in enumerate(headers)
    }
    cells = pd.DataFrame(columns, index=pd.RangeIndex(len(chosen.rows)), columns=range(len(headers)))
    check_frame(cells, headers, file)
    shapes = np.empty(len(chosen.shapes), dtype=object)
    shapes[:] = chosen.shapes
    said = [issue("links_not_followed", "kept", file=file, field="NetworkLink", count=links)] if links else []
    return Drawn(headers, cells, shapes, crs="EPSG:4326", layer=name if len(names) > 1 else None, issues=said)


def _refuse_entities(path: Path, file: str) -> None:
    """Refuse a document type before any parser sees it: entities can name other files and grow."""
    with path.open("rb") as stream:
        head = stream.read(_SNIFF).replace(b"\0", b"").lower()
    if b"<!doctype" in head or b"<!entity" in head:
        raise FormatError(
            "the file declares a document type or entities, which are not read", file=file, remedy=_REMEDY
        )
    if b"<" not in head[:64]:
        raise FormatError("the file is no KML (no XML)", file=file, remedy=_REMEDY)


def _folders(path: Path, wanted: Wanted) -> tuple[list[_Folder], int]:
    """Return every folder with the placemarks that stand in it, and how many links to elsewhere there are."""
    codec = None if wanted.encoding is None else codec_of(wanted.encoding)
    if wanted.encoding is not None and codec is None:
        raise FormatError(
            f"unknown encoding {wanted.encoding!r}",
            file=wanted.file,
            key="encoding",
            remedy='encoding = "gbk"',
        )
    with path.open("rb") as stream:
        return _parsed(stream, codec, wanted.file)


def _parsed(stream: BinaryIO, codec: str | None, file: str) -> tuple[list[_Folder], int]:
    parser = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding=codec,
        remove_comments=True,
        remove_pis=True,
    )
    folders, inside, links, first = [_Folder()], [0], 0, True
    for event, element in parser:
        tag = _local(element)
        if event == "start":
            if first:
                _check_root(element, tag, file)
                first = False
            if tag in _HOLDERS:
                folders.append(_Folder())
                inside.append(len(folders) - 1)
            continue
        folder = folders[inside[-1]]
        if tag in _HOLDERS:
            inside.pop()
            element.clear()
        elif tag == "Placemark":
            folder.rows.append(_attributes(element))
            folder.shapes.append(_shape(element, file, folder.rows[-1].get("name")))
            element.clear()
        elif tag == "name" and _local(element.getparent()) in _HOLDERS:
            folder.name = _text(element)
        elif tag == "NetworkLink":
            links += 1
    return folders, links


def _check_root(element: Any, tag: str, file: str) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise FormatError(
            "the file declares a document type or entities, which are not read", file=file, remedy=_REMEDY
        )
    if tag != "kml":
        raise FormatError(f"the file is no KML (it begins with <{tag}>)", file=file, remedy=_REMEDY)


def _local(element: Any) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _text(element: Any) -> str | None:
    text = "".join(element.itertext()).strip()
    return text or None


def _attributes(placemark: Any) -> dict[str, str]:
    """Return the fields of a placemark, those of its ExtendedData by their names."""
    found: dict[str, str | None] = {}
    for child in placemark:
        tag = _local(child)
        if tag in ("name", "description"):
            found[tag] = _text(child)
        elif tag == "ExtendedData":
            for item in child.iter():
                kind = _local(item)
                if kind == "SimpleData":
                    found[item.get("name") or "SimpleData"] = _text(item)
                elif kind == "Data":
                    values = [_text(v) for v in item if _local(v) == "value"]
                    found[item.get("name") or "Data"] = values[0] if values else None
    return {name: text for name, text in found.items() if text is not None}


def _shape(placemark: Any, file: str, name: str | None) -> Any:
    shapes = [_geometry(c, file, name) for c in placemark if _local(c) in _SHAPES]
    return shapes[0] if shapes else None


def _geometry(element: Any, file: str, name: str | None) -> Any:
    """Return the shape of an element; several polygons become one of several parts."""
    tag = _local(element)
    if tag == "MultiGeometry":
        parts = [_geometry(c, file, name) for c in element if _local(c) in _SHAPES]
        if parts and all(p.geom_type in ("Polygon", "MultiPolygon") for p in parts):
            return shapely.multipolygons(shapely.get_parts(np.array(parts, dtype=object)))
        return shapely.geometrycollections(parts)
    if tag == "Polygon":
        outer = [r for b in _children(element, "outerBoundaryIs") for r in _rings(b, file, name)]
        inner = [r for b in _children(element, "innerBoundaryIs") for r in _rings(b, file, name)]
        if not outer:
            return shapely.Polygon()
        return shapely.Polygon(outer[0], inner)
    points = [_coordinates(c, file, name) for c in _children(element, "coordinates")]
    if not points or not len(points[0]):
        return shapely.Point()
    return (
        shapely.Point(points[0][0]) if tag == "Point" or len(points[0]) < 2 else shapely.LineString(points[0])
    )


def _children(element: Any, tag: str) -> Iterator[Any]:
    return (c for c in element if _local(c) == tag)


def _rings(boundary: Any, file: str, name: str | None) -> Iterator[Any]:
    for ring in _children(boundary, "LinearRing"):
        for coordinates in _children(ring, "coordinates"):
            points = _coordinates(coordinates, file, name)
            if len(points) >= 3:
                yield points


def _coordinates(element: Any, file: str, name: str | None) -> Any:
    """Return coordinates as (n, 2), or (n, 3) where heights other than 0 stand in them."""
    text = re.sub(r"\s*,\s*", ",", element.text or "")
    points = [p.split(",") for p in text.split()]
    try:
        numbers = [[float(n) for n in p if n] for p in points]
    except ValueError:
        numbers = [[]]
    if any(len(p) < 2 for p in numbers):
        raise FormatError(
            "a coordinate is no pair of numbers",
            file=file,
            row=name,
            key="coordinates",
            remedy="write longitude,latitude with blanks between the points",
        )
    heights = [p[2] if len(p) > 2 else 0.0 for p in numbers]
    flat = np.array([p[:2] for p in numbers], dtype=np.float64).reshape(-1, 2)
    return np.column_stack([flat, heights]) if any(heights) else flat


def _has_areas(folder: _Folder) -> bool:
    return any(s is not None and s.geom_type in ("Polygon", "MultiPolygon") for s in folder.shapes)


def _unique(names: list[str]) -> list[str]:
    """Return names with a number behind those that stand there again."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
