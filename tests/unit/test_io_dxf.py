"""DXF drawings: closed polylines become parcels; everything else is counted, nothing is guessed."""

from __future__ import annotations

import math

import pytest

from landuse.errors import CrsError, FormatError
from tests.unit.vector_files import E, N, read

CORNERS = [(E, N), (E + 100, N), (E + 100, N + 50), (E, N + 50)]
CRS = {"crs": "EPSG:4525"}


def groups(*pairs):
    return "".join(f"{code:>3}\n{value}\n" for code, value in pairs)


def light(layer="宗地", corners=CORNERS, closed=True, handle="1A", bulges=None, more=()):
    """A LWPOLYLINE, as releases since 14 write it."""
    body = [(0, "LWPOLYLINE"), (5, handle), (100, "AcDbEntity"), (8, layer), *more, (100, "AcDbPolyline")]
    body += [(90, len(corners)), (70, int(closed))]
    for (x, y), bulge in zip(corners, bulges or [0] * len(corners), strict=True):
        body += [(10, x), (20, y)] + ([(42, bulge)] if bulge else [])
    return groups(*body)


def old(layer="宗地", corners=CORNERS, flags=1, handle="2B"):
    """A POLYLINE of release 12, as surveying programs still write it."""
    body = groups(
        (0, "POLYLINE"), (5, handle), (8, layer), (66, 1), (10, 0.0), (20, 0.0), (30, 0.0), (70, flags)
    )
    for x, y in corners:
        body += groups((0, "VERTEX"), (8, layer), (10, x), (20, y), (30, 0.0))
    return body + groups((0, "SEQEND"), (8, layer))


def dxf(path, *entities, codec="gbk", release="AC1015", page="ANSI_936", blocks=""):
    head = groups(
        (0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, release), (9, "$DWGCODEPAGE"), (3, page)
    )
    text = head + groups((0, "ENDSEC")) + blocks + groups((0, "SECTION"), (2, "ENTITIES"))
    text += "".join(entities) + groups((0, "ENDSEC"), (0, "EOF"))
    path.write_bytes(text.replace("\n", "\r\n").encode(codec))
    return path


def test_closed_polylines_old_and_new(tmp_path):
    moved = [(x + 500, y) for x, y in CORNERS]
    meets = [*moved[:3], moved[3], moved[0]]
    path = dxf(tmp_path / "a.dxf", light(), old(), light(corners=meets, closed=False, handle="3C"))
    reading = read(path, **CRS)
    assert reading.table.geometry.area.tolist() == [5000.0, 5000.0, 5000.0]
    assert reading.table.crs.to_epsg() == 4525
    assert reading.sources[0].layer == "宗地"
    assert reading.sources[0].encoding == "gb18030"
    assert reading.table.index.tolist() == ["a#1", "a#2", "a#3"], (
        "a drawing has no ids: they are made, and said"
    )


def test_a_drawing_names_no_coordinate_system(tmp_path):
    path = dxf(tmp_path / "a.dxf", light())
    with pytest.raises(
        CrsError, match=r'a\.dxf, \[crs\]: the file names no coordinate system.*crs = "EPSG:4525"'
    ):
        read(path)
    with pytest.raises(CrsError, match='is it crs = "EPSG:4525"'):
        read(path, crs="EPSG:4526")


def test_layers(tmp_path):
    path = dxf(
        tmp_path / "a.dxf", light(), light("JZD", closed=False), light("建筑"), light("建筑", handle="4")
    )
    with pytest.raises(FormatError, match=r"2 layers: 宗地, 建筑|2 layers: 建筑, 宗地"):
        read(path, **CRS)
    assert len(read(path, layer="建筑", **CRS).table) == 2
    with pytest.raises(FormatError, match=r"no layer 'JZD' with shapes"):
        read(path, layer="JZD", **CRS)


def test_what_is_open_or_no_line_is_rejected_or_counted(tmp_path):
    text = groups((0, "TEXT"), (5, "9"), (8, "宗地"), (10, 1.0), (20, 2.0), (1, "410302"))
    paper = light(handle="7", more=((67, 1),))
    path = dxf(tmp_path / "a.dxf", light(), light(closed=False, handle="5"), text, text, paper, old(flags=64))
    reading = read(path, **CRS)
    assert len(reading.table) == 1
    assert reading.rejected["kind"].tolist() == ["not_a_polygon"]
    assert reading.sources[0].rows_read == 2
    (said,) = reading.issues[reading.issues["kind"] == "entities_left_out"].to_dict("records")
    assert said["raw"] == "POLYLINE (mesh, paper space) 2, TEXT 2"


def test_arcs(tmp_path):
    """Two half circles by bulges are a circle of radius 50; its area is known."""
    circle = light(corners=[(E, N), (E + 100, N)], bulges=[1, 1])
    reading = read(dxf(tmp_path / "a.dxf", circle), **CRS)
    area = math.pi * 50**2
    assert reading.table.geometry.area.iloc[0] == pytest.approx(area, rel=4e-6)
    assert reading.table.geometry.area.iloc[0] < area
    centre = reading.table.geometry.iloc[0].centroid
    assert (centre.x, centre.y) == pytest.approx((E + 50, N), abs=1e-6)
    assert "arcs_drawn" in set(reading.issues["kind"])


@pytest.mark.parametrize("bulge", [0.2, -0.2, math.tan(math.pi / 8)])
def test_an_arc_bulges_to_the_right_side(tmp_path, bulge):
    """A positive bulge turns left: on a ring drawn leftwards it adds a segment of known area."""
    reading = read(dxf(tmp_path / "a.dxf", light(bulges=[bulge, 0, 0, 0])), **CRS)
    angle = 4 * math.atan(abs(bulge))
    radius = 50 / math.sin(angle / 2)
    segment = radius**2 / 2 * (angle - math.sin(angle))
    assert reading.table.geometry.area.iloc[0] == pytest.approx(
        5000 + math.copysign(segment, bulge), rel=1e-5
    )


def test_a_mirrored_polyline(tmp_path):
    mirrored = light(corners=[(-x, y) for x, y in CORNERS], more=((230, -1.0),))
    reading = read(dxf(tmp_path / "a.dxf", mirrored), **CRS)
    assert reading.table.geometry.bounds.iloc[0].tolist() == [E, N, E + 100, N + 50]


@pytest.mark.parametrize(
    ("codec", "release", "page"),
    [("utf-8", "AC1021", "ANSI_936"), ("utf-8", "AC1015", "ANSI_936"), ("gbk", "AC1021", "ANSI_936"), ("gbk", "AC1009", "")],
)  # fmt: skip
def test_layer_names_by_evidence(tmp_path, codec, release, page):
    path = dxf(tmp_path / "a.dxf", light("宗地界线"), codec=codec, release=release, page=page)
    assert read(path, **CRS).sources[0].layer == "宗地界线"


def test_blocks_are_not_taken_for_parcels(tmp_path):
    block = groups((0, "SECTION"), (2, "BLOCKS"), (0, "BLOCK"), (8, "0"), (2, "house")) + light("0")
    block += groups((0, "ENDBLK"), (0, "ENDSEC"))
    insert = groups((0, "INSERT"), (8, "宗地"), (2, "house"), (10, E), (20, N))
    reading = read(dxf(tmp_path / "a.dxf", light(), insert, blocks=block), **CRS)
    assert len(reading.table) == 1
    assert "INSERT 1" in reading.issues["raw"].tolist()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"AutoCAD Binary DXF\r\n\x1a\x00rest", "binary DXF.*in text form"),
        (b"no drawing", "no DXF drawing"),
        (b"  0\nSECTION\n  2\nENTITIES\n  0\nLWPOLYLINE\n", "cut short"),
        (b"  0\nSECTION\n  2\nENTITIES\nx\ny\n", "line 5.*no group code"),
        (b"  0\nSECTION\n  2\nENTITIES\n  0\nLWPOLYLINE\n 10\nabc\n", "'abc' is no number"),
        (b"  0\nSECTION\n  2\nENTITIES\n  0\nENDSEC\n  0\nEOF\n", "no closed polyline"),
        (b"", "cut short"),
    ],
)
def test_what_is_no_drawing(tmp_path, data, what):
    (tmp_path / "a.dxf").write_bytes(data)
    with pytest.raises(FormatError, match=what):
        read(tmp_path / "a.dxf", **CRS)
