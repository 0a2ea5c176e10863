"""KML and KMZ: placemarks, folders, and what must never be followed or expanded."""

from __future__ import annotations

import zipfile

import pytest
import shapely

from landuse.errors import CrsError, FormatError
from tests.unit.vector_files import read

RING = "112.0,34.0,0 112.001,34.0,0 112.001,34.001,0 112.0,34.001,0 112.0,34.0,0"
HOLE = "112.0002,34.0002 112.0004,34.0002 112.0004,34.0004 112.0002,34.0002"
HEAD = '<?xml version="1.0" encoding="{codec}"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
ids = {"name": "parcel_id"}


def polygon(outer=RING, inner=None):
    text = f"<outerBoundaryIs><LinearRing><coordinates>{outer}</coordinates></LinearRing></outerBoundaryIs>"
    if inner:
        text += (
            f"<innerBoundaryIs><LinearRing><coordinates>{inner}</coordinates></LinearRing></innerBoundaryIs>"
        )
    return f"<Polygon>{text}</Polygon>"


def placemark(name, shape=None, more=""):
    return f"<Placemark><name>{name}</name>{more}{polygon() if shape is None else shape}</Placemark>"


def kml(path, body, codec="UTF-8"):
    path.write_bytes(HEAD.format(body=body, codec=codec).encode(codec))
    return path


def data(**fields):
    simple = "".join(f'<SimpleData name="{k}">{v}</SimpleData>' for k, v in list(fields.items())[:1])
    plain = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in list(fields.items())[1:])
    return f"<ExtendedData><SchemaData>{simple}</SchemaData>{plain}</ExtendedData>"


@pytest.mark.parametrize("codec", ["UTF-8", "GBK", "GB18030", "UTF-16"])
def test_placemarks_with_their_fields(tmp_path, codec):
    body = placemark("A1", more=data(土地用途="工业用地", 约定开工时间="2019-03-01"))
    body += placemark("A2", polygon(inner=HOLE), more=data(土地用途="仓储用地"))
    reading = read(kml(tmp_path / "a.kml", body, codec), columns=ids)
    assert reading.table.index.tolist() == ["A1", "A2"]
    assert reading.table["land_use"].tolist() == ["工业用地", "仓储用地"]
    assert reading.table["start_due"].notna().tolist() == [True, False]
    assert reading.table.crs.to_epsg() == 4326
    first, second = reading.table.geometry
    assert first.equals(shapely.box(112.0, 34.0, 112.001, 34.001))
    assert len(second.interiors) == 1
    assert not (reading.issues["kind"] == "z_dropped").any(), "heights of 0 are no heights"


def test_several_parts_heights_and_other_shapes(tmp_path):
    far = RING.replace("112.0", "112.1")
    body = placemark("multi", f"<MultiGeometry>{polygon()}{polygon(far)}</MultiGeometry>")
    body += placemark("high", polygon(RING.replace(",0 ", ",150 ")))
    body += placemark("label", "<Point><coordinates>112.0,34.0</coordinates></Point>")
    body += placemark("road", f"<LineString><coordinates>{HOLE}</coordinates></LineString>")
    body += placemark("empty", "")
    body += placemark("loose", polygon(RING.replace(",", " , ").replace(" , 0", ",0")))
    reading = read(kml(tmp_path / "a.kml", body), columns=ids)
    assert reading.table.index.tolist() == ["multi", "high", "loose"]
    assert reading.table.geometry.iloc[0].geom_type == "MultiPolygon"
    assert reading.rejected["kind"].tolist() == ["not_a_polygon", "not_a_polygon", "no_geometry"]
    assert "z_dropped" in set(reading.issues["kind"])


def test_folders_are_layers(tmp_path):
    body = f"<Folder><name>宗地</name>{placemark('A')}</Folder>"
    assert len(read(kml(tmp_path / "a.kml", body), columns=ids).table) == 1
    body += (
        f"<Folder><name>旧</name><Folder><name>宗地</name>{placemark('B')}{placemark('C')}</Folder></Folder>"
    )
    body += (
        "<Folder><name>标注</name>"
        + placemark("x", "<Point><coordinates>1,2</coordinates></Point>")
        + "</Folder>"
    )
    path = kml(tmp_path / "b.kml", body)
    with pytest.raises(FormatError, match=r"2 layers: 宗地, 宗地 \(2\)"):
        read(path, columns=ids)
    reading = read(path, layer="宗地 (2)", columns=ids)
    assert reading.table.index.tolist() == ["B", "C"]
    assert reading.sources[0].layer == "宗地 (2)"


def test_kmz(tmp_path):
    path = kml(tmp_path / "doc.kml", placemark("A"))
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(path, "doc.kml")
        archive.writestr("files/icon.png", b"x")
    reading = read(tmp_path / "a.kmz", columns=ids)
    assert reading.table.index.tolist() == ["A"]
    assert reading.sources[0].layer == "doc.kml"


def test_a_kml_is_in_wgs84(tmp_path):
    with pytest.raises(CrsError, match="the plan says"):
        read(kml(tmp_path / "a.kml", placemark("A")), columns=ids, crs="EPSG:4525")


LAUGHS = (
    "<!DOCTYPE kml [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml SYSTEM "http://example.invalid/kml.dtd">',
        "<!doctype kml>",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(tmp_path, head, codec):
    text = f'<?xml version="1.0" encoding="{codec}"?>{head}<kml><Document>{placemark("&x;")}</Document></kml>'
    (tmp_path / "a.kml").write_bytes(text.encode(codec))
    with pytest.raises(FormatError, match=r"a\.kml: the file declares a document type or entities"):
        read(tmp_path / "a.kml", columns=ids)


def test_a_document_type_behind_a_long_comment_is_refused(tmp_path):
    text = f'<?xml version="1.0"?><!--{"x" * (1 << 17)}--><!DOCTYPE kml [<!ENTITY x "y">]><kml>{placemark("&x;")}</kml>'
    (tmp_path / "a.kml").write_text(text)
    with pytest.raises(FormatError, match="document type or entities"):
        read(tmp_path / "a.kml", columns=ids)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("no xml", "no KML"),
        ("<kml><Document>", "no sound XML"),
        ("<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>", "begins with <OGRVRTDataSource>"),
        ("<kml/>", "no layer in the file has shapes"),
        ("<kml><Placemark><name>A</name>&undefined;</Placemark></kml>", "no sound XML"),
    ],
)  # fmt: skip
def test_what_is_no_kml(tmp_path, text, what):
    (tmp_path / "a.kml").write_text(text)
    with pytest.raises(FormatError, match=what):
        read(tmp_path / "a.kml")


@pytest.mark.parametrize("bad", ["112.0", "112,abc 1,2", "x,y"])
def test_a_coordinate_that_is_none(tmp_path, bad):
    with pytest.raises(FormatError, match=r"a\.kml, A, \[coordinates\]"):
        read(kml(tmp_path / "a.kml", placemark("A", polygon(bad))))


def test_links_are_not_followed_and_said(tmp_path):
    link = "<NetworkLink><Link><href>http://example.invalid/a.kml</href></Link></NetworkLink>"
    reading = read(kml(tmp_path / "a.kml", placemark("A") + link), columns=ids)
    (said,) = reading.issues[reading.issues["kind"] == "links_not_followed"].to_dict("records")
    assert said["action"] == "kept"
    assert "1 个" in said["message"]
