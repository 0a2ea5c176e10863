"""Whatever way a polygon is written as survey TXT, it reads back as the same polygon."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse.io.readers import read_parcels
from landuse.testing.survey import SurveyStyle, survey_text

EAST, NORTH = 37_632_000.0, 3_833_000.0


@st.composite
def stars(draw, x, y, size):
    """A star around a point [m], in its disc of the size given, corners in whole millimetres."""
    corners = draw(st.integers(4, 9))
    radii = draw(st.lists(st.floats(0.6, 1.0), min_size=corners, max_size=corners))
    turn = draw(st.floats(0.0, 1.0))
    angles = [2 * math.pi * (i + turn) / corners for i in range(corners)]
    return [
        (round(x + size * r * math.cos(a), 3), round(y + size * r * math.sin(a), 3))
        for r, a in zip(radii, angles, strict=True)
    ]


@st.composite
def shapes(draw):
    """A polygon of one to three parts, each with up to two holes, one of them perhaps with an island."""
    parts = []
    for place in range(draw(st.integers(1, 3))):
        x, y = EAST + 300.0 * place, NORTH + 300.0 * draw(st.integers(0, 3))
        outer = draw(stars(x, y, 100.0))
        holes = []
        for side in range(draw(st.integers(0, 2))):
            middle = x + (-20.0 if side else 20.0)
            holes.append(draw(stars(middle, y, 12.0)))
            if draw(st.booleans()):
                parts.append(shapely.Polygon(draw(stars(middle, y, 3.0))))
        parts.append(shapely.Polygon(outer, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(draw(st.permutations(parts)))


SPELLINGS = st.fixed_dictionaries(
    {},
    optional={
        "格式版本号": st.sampled_from(["1.00版本", "1．01版本", "1.0", "", None]),
        "数据产生日期": st.sampled_from(["2019-4-19", "2025-12-16"]),
        "坐标系": st.sampled_from(["CGCS2000", "2000国家大地坐标系", "国家2000", "２０００国家大地坐标系"]),
        "几度分带": st.sampled_from(["3", "3度带", "", None]),
        "带号": st.sampled_from(["37", "", "3", "40", None]),
        "精度": st.sampled_from(["3", "0.01", "", None]),
        "转换参数": st.sampled_from(["0,0,0,0,0,0,0", ",,,,,,", None]),
        "计量单位": st.sampled_from(["米", "m", "", None]),
    },
)


@st.composite
def styles(draw):
    same = draw(st.booleans())
    return SurveyStyle(
        header=draw(SPELLINGS),
        north_first=draw(st.booleans()),
        closing="first" if same else draw(st.sampled_from(["first", "on", "none"])),
        count_closing=draw(st.booleans()),
        number_on=draw(st.booleans()),
        point=draw(st.sampled_from(["J{}", "J{:02d}", "{}"])),
        ring_numbers="same" if same else "on",
        brackets=draw(st.sampled_from(["[]", "【】", "［］"])),
        wide=draw(st.booleans()),
        tail=draw(st.sampled_from([",,,", "I-49,工业用地,0601,", "TFH,DKYT,DLBM,", ",,,地上,1,2,3,备注"])),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
    )


@given(
    several=st.lists(shapes(), min_size=1, max_size=3),
    style=styles(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"]),
    prefix=st.booleans(),
)
def test_written_in_any_legal_way_it_reads_back_the_same(several, style, encoding, prefix, tmp_path_factory):
    if not prefix:
        style.header["带号"] = "37"
        several = [shapely.transform(s, lambda p: p - (37_000_000.0, 0.0)) for s in several]
    ids = [f"地块{n}" for n in range(len(several))]
    table = gpd.GeoDataFrame(index=ids, geometry=several, crs=4525 if prefix else 4546)
    path = tmp_path_factory.mktemp("txt") / "a.txt"
    path.write_bytes(survey_text(table, style=style).encode(encoding))
    reading = read_parcels(path)
    assert reading.table.index.tolist() == ids
    assert reading.table.crs == table.crs
    assert not len(reading.rejected)
    for number, shape in zip(ids, several, strict=True):
        found, wanted = shapely.normalize(reading.table.geometry[number]), shapely.normalize(shape)
        assert found.geom_type == wanted.geom_type
        assert shapely.equals_exact(found, wanted, 1e-6), (found.wkt, wanted.wkt)
    stated = reading.table["stated_area_m2"].to_numpy()
    assert np.abs(stated - [s.area for s in several]).max() <= 0.5 + 1e-6
    allowed = {"axes_swapped", "ring_closed", "ring_is_part", "ring_split", "zone_header_differs",
               "zone_from_header", "parcel_line_unusual"}  # fmt: skip
    assert set(reading.issues["kind"]) <= allowed
    assert ("axes_swapped" in set(reading.issues["kind"])) == (not style.north_first)
