"""Encodings: shapefiles whose parts disagree, and text decided on its bytes."""

from __future__ import annotations

import codecs
import shutil

import pytest

from landuse.errors import FormatError
from landuse.io.files.encodings import decode
from landuse.io.readers import read_zones
from tests.unit.vector_files import parcels, read, square, write


def test_shapefile_whose_table_was_changed_apart(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    write(parcels([square(0)]), tmp_path / "b.shp")
    shutil.copy(tmp_path / "b.dbf", tmp_path / "a.dbf")
    with pytest.raises(FormatError, match="2 shapes and 1 attribute records"):
        read(shp)


def test_shapefile_cut_short(tmp_path):
    shp = write(parcels([square(i) for i in range(20)]), tmp_path / "a.shp")
    shp.write_bytes(shp.read_bytes()[:-700])
    with pytest.raises(FormatError, match=r"a\.shp"):
        read(shp)


@pytest.mark.parametrize("name", ["a_gbk_cpg", "b_gbk_nocpg", "e_gbk_nocpg_ldid4d"])
def test_real_gbk_shapefiles(shared_data, name):
    path = shared_data / "shp_encoding" / f"{name}.shp"
    reading = read_zones(path, columns={"区县名称": "name", "adcode": "zone_id"})
    assert "洛龙区" in set(reading.table["name"])
    assert "瀍河回族区" in set(reading.table["name"])
    assert reading.sources[0].encoding.lower() in ("gbk", "gb18030")
    assert not len(reading.rejected)


def test_shapefile_whose_cpg_lies(shared_data, tmp_path):
    for part in (shared_data / "shp_encoding").glob("b_gbk_nocpg.*"):
        shutil.copy(part, tmp_path / part.name)
    (tmp_path / "b_gbk_nocpg.cpg").write_text("UTF-8")
    columns = {"区县名称": "name", "adcode": "zone_id"}
    reading = read_zones(tmp_path / "b_gbk_nocpg.shp", columns=columns)
    assert "洛龙区" in set(reading.table["name"])
    (said,) = reading.issues.to_dict("records")
    assert (said["kind"], said["raw"]) == ("encoding_differs", "UTF-8")
    with pytest.raises(FormatError, match='encoding = "gb18030"'):
        read_zones(tmp_path / "b_gbk_nocpg.shp", columns=columns, encoding="utf-8")


TEXT = "宗地代码,面积（公顷）\n410302001001GB00001,1.2\n瀍河,洛阳市产业集聚区\n"


@pytest.mark.parametrize(
    ("codec", "used"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gbk", "gb18030"), ("gb18030", "gb18030"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-16", "utf-16-le")],
)  # fmt: skip
def test_decode_by_evidence(codec, used):
    assert decode(TEXT.encode(codec)) == (TEXT, used)


def test_decode_as_told():
    assert decode(TEXT.encode("gbk"), encoding="GB2312") == (TEXT, "gb18030")
    assert decode("漢字".encode("big5"), encoding="big5") == ("漢字", "big5")
    assert decode(codecs.BOM_UTF8 + b"a", encoding="utf-8") == ("a", "utf-8")
    with pytest.raises(FormatError, match='encoding = "gbk"'):
        decode(TEXT.encode("gbk"), encoding="utf-8", file="a.csv")
    with pytest.raises(FormatError, match="unknown encoding 'gkb'"):
        decode(b"", encoding="gkb")


@pytest.mark.parametrize("sign", ["㎡", "№", "¥", "℃"])
def test_decode_a_single_sign(sign):
    assert decode(f"area({sign})\n".encode("gb18030"))[0] == f"area({sign})\n"


@pytest.mark.parametrize(
    "data",
    [
        "宗地代碼,面積,洛陽市土地使用權的一是我不在".encode("big5"),
        "Müller, Größe, Straße, señor".encode("latin-1"),
        "日本語のテキスト、土地".encode("shift-jis"),
        "洛阳市产业集聚区".encode()[:12] + b"\xff" + "洛阳市产业集聚区土地".encode()[12:],
        bytes(range(128, 256)),
        b"\x00\x01\x02\x03\x04\x05",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    ],
)
def test_decode_refuses_what_nothing_fits(data):
    with pytest.raises(FormatError) as caught:
        decode(data, file="a.csv")
    assert "a.csv" in str(caught.value)


def test_a_damaged_byte_in_utf8_is_not_taken_for_gbk():
    data = "洛阳市产业集聚区土地".encode() * 3
    for broken, position in (
        (data[:12] + b"\x80" + data[13:], 13),
        (data[:31] + b"\xb5\xd8" + data[31:], 31),
    ):
        with pytest.raises(FormatError, match=rf"but for the byte at position {position}\b"):
            decode(broken)


def test_refusals_of_encodings_name_the_remedy():
    with pytest.raises(FormatError, match='encoding = "gbk"'):
        decode("Müller".encode("latin-1"), file="a.csv")


def test_ascii_is_utf8():
    assert decode(b"") == ("", "utf-8")
    assert decode(b"a,b\r\n") == ("a,b\r\n", "utf-8")
