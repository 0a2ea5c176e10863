"""What the page carries, read back by a decoder of its own: outlines to a decimetre, holes, parts, records."""

from __future__ import annotations

import base64
import json
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from landuse.errors import LanduseError
from landuse.maps.payload import ShapeData, encode_records, encode_shapes, spatial_order
from tests.unit.maps_world import CRS, outlines


def unpack(body: str) -> bytes:
    """Read base64 and inflate."""
    return zlib.decompress(base64.b64decode(body))


def decode(data: ShapeData) -> tuple[list[list[list[tuple[float, float]]]], list[list[int]]]:
    """Return the rings of every shape [m of Web Mercator] and the classes of every theme, number by number."""
    raw, at = unpack(data.body), 0

    def number() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = raw[at]
            at += 1
            value += (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    meta = data.meta
    rings_of = [number() for _ in range(meta["n"])]
    vertices_of = [number() for _ in range(sum(rings_of))]
    x = y = 0
    rings = []
    for count in vertices_of:
        ring = []
        for _ in range(count):
            steps = [number(), number()]
            dx, dy = ((s // 2) if s % 2 == 0 else -(s + 1) // 2 for s in steps)
            x, y = x + dx, y + dy
            ring.append((meta["x0"] + x * meta["unit"], meta["y0"] + y * meta["unit"]))
        rings.append(ring)
    shapes, first = [], 0
    for count in rings_of:
        shapes.append(rings[first : first + count])
        first += count
    classes = [list(raw[at + t * meta["n"] : at + (t + 1) * meta["n"]]) for t in range(meta["themes"])]
    assert at + meta["themes"] * meta["n"] == len(raw), "nothing is left over"
    return shapes, classes


def expected(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the outlines in Web Mercator by PROJ, CGCS2000 degrees taken as those of WGS 84."""
    return shapes.to_crs(4490).set_crs(4326, allow_override=True).to_crs(3857)


def as_polygons(rings: list[list[tuple[float, float]]]) -> Polygon | MultiPolygon:
    """Return outer rings (against the clock) with the holes (with it) cut out."""
    outer = [Polygon(r) for r in rings if shapely.is_ccw(shapely.LinearRing(r))]
    holes = [Polygon(r) for r in rings if not shapely.is_ccw(shapely.LinearRing(r))]
    return shapely.difference(shapely.union_all(outer), shapely.union_all(holes))


def series(*shapes: object) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=[f"S{n}" for n in range(len(shapes))], crs=CRS)


def test_every_outline_comes_back_to_a_decimetre() -> None:
    shapes = gpd.GeoSeries(outlines(), crs=CRS)
    codes = np.arange(len(shapes), dtype=np.uint8)
    back, classes = decode(encode_shapes(shapes, [codes, codes[::-1]]))
    for rings, shape in zip(back, expected(shapes), strict=True):
        assert shapely.hausdorff_distance(as_polygons(rings), shape) <= 0.1
    assert classes == [codes.tolist(), codes[::-1].tolist()]


def test_holes_and_parts_are_kept() -> None:
    known = outlines()
    back, _ = decode(encode_shapes(series(known["A07"], known["B02"]), []))
    directions = [[shapely.is_ccw(shapely.LinearRing(r)) for r in rings] for rings in back]
    assert directions == [[True, False], [True, True]]
    assert [[len(r) for r in rings] for rings in back] == [[4, 4], [4, 4]]


def test_rings_turn_the_right_way_whatever_the_file_does() -> None:
    square = [
        (37_632_000, 3_833_000),
        (37_632_000, 3_833_100),
        (37_632_100, 3_833_100),
        (37_632_100, 3_833_000),
    ]
    back, _ = decode(encode_shapes(series(Polygon(square), Polygon(square[::-1])), []))
    assert [shapely.is_ccw(shapely.LinearRing(rings[0])) for rings in back] == [True, True]


def test_missing_and_empty_shapes_have_no_rings() -> None:
    square = box(37_632_000, 3_833_000, 37_632_100, 3_833_100)
    shapes = series(None, square, Polygon())
    back, classes = decode(encode_shapes(shapes, [np.array([3, 1, 2], dtype=np.uint8)]))
    assert [len(rings) for rings in back] == [0, 1, 0]
    assert classes == [[3, 1, 2]]
    assert sorted(spatial_order(shapes).tolist()) == [0, 1, 2]


def test_nothing_at_all_can_be_encoded() -> None:
    back, classes = decode(encode_shapes(gpd.GeoSeries([], crs=CRS), [np.array([], dtype=np.uint8)]))
    assert (back, classes) == ([], [[]])


def test_heights_are_dropped() -> None:
    flat = box(37_632_000, 3_833_000, 37_632_100, 3_833_100)
    assert encode_shapes(series(shapely.force_3d(flat, 137.0)), []) == encode_shapes(series(flat), [])


def test_far_apart_shapes_keep_their_accuracy() -> None:
    shapes = series(
        box(37_300_000, 3_400_000, 37_300_050, 3_400_050), box(37_700_000, 4_100_000, 37_700_050, 4_100_050)
    )
    back, _ = decode(encode_shapes(shapes, []))
    for rings, shape in zip(back, expected(shapes), strict=True):
        assert shapely.hausdorff_distance(as_polygons(rings), shape) <= 0.1


def test_a_point_is_refused_by_name() -> None:
    with pytest.raises(LanduseError, match="S1 is a Point"):
        encode_shapes(series(box(0, 0, 1, 1), Point(37_632_000, 3_833_000)), [])


@given(
    st.lists(
        st.tuples(st.floats(0, 5000), st.floats(0, 5000), st.floats(5, 300), st.integers(3, 40)),
        min_size=1,
        max_size=6,
    )
)
def test_any_polygons_come_back(discs: list[tuple[float, float, float, int]]) -> None:
    angles = [np.linspace(0, 2 * np.pi, n, endpoint=False) for *_, n in discs]
    shapes = series(
        *(
            Polygon(np.column_stack([37_632_000 + x + r * np.cos(a), 3_833_000 + y + r * np.sin(a)]))
            for (x, y, r, _), a in zip(discs, angles, strict=True)
        )
    )
    back, _ = decode(encode_shapes(shapes, []))
    for rings, shape in zip(back, expected(shapes), strict=True):
        assert len(rings[0]) == len(shape.exterior.coords) - 1
        assert shapely.hausdorff_distance(shapely.LinearRing(rings[0]), shape.exterior) <= 0.1


def test_records_are_columns_with_missing_as_null() -> None:
    table = pd.DataFrame(
        {
            "id": pd.array(["甲", "乙", "丙", "丁"], dtype="str"),
            "zone": pd.array(["一", None, "一", "一"], dtype="str"),
            "low": [1.5, np.nan, 2.0, np.inf],
            "row": pd.array([1, None, 3, 4], dtype="Int64"),
            "granted": [True, False, True, True],
            "note": pd.array([None, None, "</script>", "\"'&"], dtype="str"),
        }
    )
    columns = json.loads(unpack(encode_records({"parcels": table})))["parcels"]

    def cells(name: str) -> list[object]:
        held = columns[name]
        return held if isinstance(held, list) else [None if i < 0 else held["d"][i] for i in held["i"]]

    assert cells("id") == ["甲", "乙", "丙", "丁"]
    assert columns["zone"] == {"d": ["一"], "i": [0, -1, 0, 0]}
    assert cells("low") == [1.5, None, 2.0, None]
    assert cells("row") == [1, None, 3, 4]
    assert cells("granted") == [True, False, True, True]
    assert cells("note") == [None, None, "</script>", "\"'&"]
    assert columns["rows"] == 4
