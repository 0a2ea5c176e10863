"""The text of shapefiles: evidence for its encoding, names cut at ten bytes, characters cut in half."""

from __future__ import annotations

import os

import geopandas as gpd
import pyogrio
import pytest

from landuse.errors import FormatError, HeaderError
from landuse.io.files.text_evidence import codec_of, decode_start, judge, score
from tests.unit.vector_files import read, square

LAND = ["工业用地", "仓储用地"]
HOLDER = ["洛阳涧西机械有限公司", "瀍河纺织厂"]


def shapefile(path, columns, *, codec, cpg=None, language=0):
    """Write a shapefile whose table holds these bytes: names cut at ten, texts at their field's width."""
    plain = {f"F{i}": ["x" * 60] * 2 for i in range(len(columns))}
    gpd.GeoDataFrame(plain, geometry=[square(0), square(1)], crs=4525).to_file(path, encoding="utf-8")
    dbf = path.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = language
    start, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    at = 1
    for i, (name, texts) in enumerate(columns.items()):
        head = 32 + 32 * i
        data[head : head + 11] = name.encode(codec)[:10].ljust(11, b"\0")
        size = data[head + 16]
        for row, text in enumerate(texts):
            place = start + row * width + at
            raw = text if isinstance(text, bytes) else text.encode(codec)
            data[place : place + size] = raw[:size].ljust(size)
        at += size
    dbf.write_bytes(data)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path


def kinds(reading):
    return [k for k in reading.issues["kind"] if k != "header_unused"]


@pytest.mark.parametrize(
    ("codec", "cpg", "language", "used", "said"),
    [
        ("gbk", None, 0, "gb18030", ["encoding_found"]),
        ("gbk", None, 0x57, "gb18030", ["encoding_found"]),
        ("gbk", None, 0x4D, "gb18030", ["encoding_found"]),
        ("gbk", "GBK", 0, "gb18030", []),
        ("gbk", "936", 0, "gb18030", []),
        ("gbk", "SYSTEM", 0, "gb18030", ["encoding_found"]),
        ("gbk", "UTF-8", 0, "gb18030", ["encoding_differs"]),
        ("gbk", "ISO-8859-1", 0x57, "gb18030", ["encoding_differs"]),
        ("gb18030", None, 0, "gb18030", ["encoding_found"]),
        ("utf-8", None, 0, "utf-8", ["encoding_found"]),
        ("utf-8", None, 0x4D, "utf-8", ["encoding_found"]),
        ("utf-8", "UTF-8", 0, "utf-8", []),
        ("utf-8", "65001", 0, "utf-8", []),
        ("utf-8", "GBK", 0, "utf-8", ["encoding_differs"]),
        ("utf-8", "ISO-8859-1", 0, "utf-8", ["encoding_differs"]),
        ("big5", "BIG5", 0, "big5", []),
    ],
)
def test_encoding_is_decided_on_evidence(tmp_path, codec, cpg, language, used, said):
    big5 = codec == "big5"
    columns = {"ZDDM": ["A", "B"], "TDYT": ["工業用地", "倉儲用地"] if big5 else LAND}
    if not big5:
        columns["QLR"] = HOLDER if codec != "gbk" else ["洛阳涧西机械有限公司", "洛龙区管委会"]
    reading = read(shapefile(tmp_path / "a.shp", columns, codec=codec, cpg=cpg, language=language))
    assert reading.table["land_use"].tolist() == columns["TDYT"]
    if "QLR" in columns:
        assert reading.table["holder"].tolist() == columns["QLR"]
    assert reading.sources[0].encoding == used
    assert kinds(reading) == said
    if said == ["encoding_differs"]:
        assert reading.issues["raw"].iloc[0] == cpg
    if said:
        assert used in reading.issues["message"].iloc[0]
        assert "（" in reading.issues["message"].iloc[0], "the reason is said"


def test_the_user_overrules(tmp_path):
    columns = {"ZDDM": ["A", "B"], "TDYT": ["Gewerbe", "Straße"]}
    path = shapefile(tmp_path / "a.shp", columns, codec="latin-1", cpg="UTF-8")
    with pytest.raises(FormatError, match=r'a\.shp.*UTF-8 as its \.cpg says.*encoding = "cp1252"'):
        read(path)
    reading = read(path, encoding="latin-1")
    assert reading.table["land_use"].tolist() == ["Gewerbe", "Straße"]
    assert kinds(reading) == []
    with pytest.raises(FormatError, match="unknown encoding 'gkb'"):
        read(path, encoding="gkb")
    with pytest.raises(FormatError, match="the attribute table is not utf-8"):
        read(path, encoding="utf-8")


def test_headers_in_one_encoding_and_cells_in_another_are_refused(tmp_path):
    columns = {"土地用途": [t.encode("gbk") for t in LAND]}
    path = shapefile(tmp_path / "a.shp", columns, codec="utf-8")
    with pytest.raises(FormatError, match='encoding = "gbk"'):
        read(path)


FOUR = {
    "宗地代码": ["A", "B"],
    "土地用途": LAND,
    "供地方式": ["出让", "划拨"],
    "约定开工时间": ["2019-03-01", "2019-04-01"],
}


@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK"])
def test_utf8_names_of_four_characters_which_no_driver_opens(tmp_path, cpg):
    path = shapefile(tmp_path / "a.shp", FOUR, codec="utf-8", cpg=cpg)
    if cpg == "UTF-8":
        with pytest.raises(UnicodeDecodeError):
            pyogrio.read_dataframe(path)
    reading = read(path)
    assert reading.table.index.tolist() == ["A", "B"]
    assert reading.table["land_use"].tolist() == LAND
    assert reading.table["supply_mode"].tolist() == ["出让", "划拨"]
    assert [str(d.date()) for d in reading.table["start_due"]] == ["2019-03-01", "2019-04-01"]
    cut = reading.issues[reading.issues["kind"] == "header_cut"]
    assert cut["raw"].tolist() == ["宗地代…", "土地用…", "供地方…", "约定开…"]
    assert set(cut["action"]) == {"mended"}


def test_gbk_names_of_more_than_five_characters(tmp_path):
    columns = {"ZDDM": ["A", "B"], "约定开工时间": ["2019-03-01", ""], "土地使用权人": HOLDER[:1] * 2}
    path = shapefile(tmp_path / "a.shp", columns, codec="gbk")
    with pytest.raises(HeaderError, match="土地使用权") as caught:  # 土地使用权人 and 土地使用权类型 begin so
        read(path)
    assert "columns" in caught.value.remedy
    reading = read(path, columns={"土地使用权": "holder"})
    assert reading.table["holder"].tolist() == HOLDER[:1] * 2
    assert str(reading.table["start_due"].iloc[0].date()) == "2019-03-01"


def test_half_a_character_tells_headers_apart(tmp_path):
    """What is left of the fourth character decides between headers of different columns."""
    columns = {"ZDDM": ["A", "B"], "容积率上限": ["2.0", "2.5"], "容积率下限": ["1.0", "1.2"]}
    with pytest.raises(HeaderError, match="容积率…"):  # 上 and 下 begin with the same byte: nobody can know
        read(shapefile(tmp_path / "a.shp", columns, codec="utf-8"))


def test_two_names_cut_to_one_column_are_refused(tmp_path):
    columns = {"ZDDM": ["A", "B"], "成交价格": ["1", "2"], "成交价款": ["3", "4"]}
    path = shapefile(tmp_path / "a.shp", columns, codec="utf-8")
    with pytest.raises(HeaderError, match=r"two headers stand for the column price_wan.*成交价…\(2\)"):
        read(path)
    reading = read(path, columns={"成交价…(2)": "ignore"}, amount_unit="万元")
    assert reading.table["price_wan_low"].tolist() == [1.0, 2.0]


def test_a_cell_that_lost_half_a_character(tmp_path):
    long = "洛阳市涧西区" * 8
    columns = {"ZDDM": ["A", "B"], "QLR": ["一" + long.replace("西", "x")[:40], long]}
    path = shapefile(tmp_path / "a.shp", columns, codec="utf-8")
    width = path.with_suffix(".dbf").read_bytes()[32 + 32 + 16]
    whole = long.encode()[:width].decode("utf-8", errors="ignore")
    reading = read(path)
    assert reading.table["holder"].iloc[1] == whole
    lost = width % 3 != 0
    assert ("text_cut" in kinds(reading)) == lost
    assert lost, "the field's width cuts a character of three bytes in half"
    row = reading.issues[reading.issues["kind"] == "text_cut"].iloc[0]
    assert (row["row"], row["field"]) == (2, "QLR")


def test_a_text_in_another_encoding_is_unknown_and_said(tmp_path):
    texts = [HOLDER[0], HOLDER[0].encode("gbk")]
    path = shapefile(tmp_path / "a.shp", {"ZDDM": ["A", "B"], "QLR": texts, "TDYT": LAND}, codec="utf-8")
    with pytest.raises(FormatError):
        read(path)
    columns = {f"F{i}": LAND for i in range(8)} | {"ZDDM": ["A", "B"], "QLR": [texts[0] + "乙", texts[1]]}
    path = shapefile(tmp_path / "b.shp", columns, codec="utf-8", cpg="UTF-8")
    reading = read(path, encoding="utf-8", columns={f"F{i}": "ignore" for i in range(8)})
    assert reading.table["holder"].isna().tolist() == [False, True]
    assert kinds(reading) == ["text_undecodable"]


def test_no_process_wide_setting_changes(tmp_path):
    options = ("SHAPE_ENCODING", "DXF_ENCODING", "OGR_ARC_STEPSIZE", "SHAPE_RESTORE_SHX")
    before = [pyogrio.get_gdal_config_option(o) for o in options], dict(os.environ)
    path = shapefile(tmp_path / "a.shp", FOUR, codec="utf-8")
    read(path)
    with pytest.raises(FormatError):
        read(path, encoding="gkb")
    assert ([pyogrio.get_gdal_config_option(o) for o in options], dict(os.environ)) == before


def test_evidence():
    assert judge([b"abc"]).reason == "ascii"
    assert judge([b"abc"], declared="GBK").encoding == "gb18030"
    assert judge(["瀍".encode("gbk")]) is None, "one rare character alone says nothing"
    assert judge(["日本語のテキスト".encode("shift-jis")]) is None
    assert judge(["土地使用權人".encode("big5")], language=0x4F).encoding == "cp950"
    assert judge([bytes([0xC4, 0xA3, 0xB0, 0xE5])]).encoding == "gb18030", (
        "模板 is valid UTF-8 by accident only in part"
    )
    assert codec_of("nonsense") is None
    assert decode_start("洛阳".encode("gbk")[:3], "gb18030") == ("洛", b"\xd1")
    assert score(["洛阳", "Ω"]) == pytest.approx(2 / 3)
