"""Archives: what lies in them, which of it is meant, and what is refused before anything is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib

import pytest

from landuse.errors import FormatError
from landuse.io.files import zips
from tests.unit.vector_files import parcels, read, square, write


def pack(path, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, file in files.items():
            archive.writestr(name, file if isinstance(file, bytes) else file.read_bytes())
    return path


def shp_parts(folder, stem, prefix=""):
    return {prefix + p.name: p for p in sorted(folder.iterdir()) if p.stem == stem}


@pytest.mark.parametrize("ending", ["shp", "gpkg", "geojson", "fgb", "parquet"])
def test_a_zip_of_one_layer(tmp_path, ending):
    write(parcels(), tmp_path / f"宗地.{ending}")
    plain = read(tmp_path / f"宗地.{ending}").table
    path = pack(tmp_path / "a.zip", shp_parts(tmp_path, "宗地", "资料/"))
    before = sorted(tmp_path.iterdir())
    reading = read(path)
    assert sorted(tmp_path.iterdir()) == before
    assert reading.table.geometry.to_wkb().tolist() == plain.geometry.to_wkb().tolist()
    assert reading.table.index.tolist() == plain.index.tolist()
    assert set(reading.table["source_file"]) == {str(path)}
    assert reading.sources[0].layer.startswith(f"资料/宗地.{ending}")


def test_names_packed_on_a_chinese_machine(tmp_path):
    """Windows packs names in GBK, without saying so."""
    write(parcels(), tmp_path / "宗地.shp")
    path = tmp_path / "b.zip"
    path.write_bytes(
        _gbk_zip({"宗地" + p.suffix: p.read_bytes() for p in shp_parts(tmp_path, "宗地").values()})
    )
    reading = read(path)
    assert reading.sources[0].layer == "宗地.shp"


def _gbk_zip(files):
    """Write an archive by hand: stored, names in GBK, no flag."""
    body, central = b"", b""
    for name, data in files.items():
        raw, crc = name.encode("gbk"), zlib.crc32(data)
        head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, crc, len(data), len(data), len(raw), 0)
        central += b"PK\x01\x02\x14\x00" + head[:-2] + struct.pack("<HHHHII", 0, 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + head + raw + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(central), len(body), 0)
    return body + central + b"PK\x05\x06" + end


def test_several_layers_must_be_named(tmp_path):
    write(parcels(), tmp_path / "宗地.shp")
    write(parcels([square(5)]), tmp_path / "旧.gpkg", layer="甲")
    write(parcels([square(6), square(7)]), tmp_path / "旧.gpkg", layer="乙")
    path = pack(tmp_path / "a.zip", shp_parts(tmp_path, "宗地") | {"old/旧.gpkg": tmp_path / "旧.gpkg"})
    with pytest.raises(FormatError, match=r"a\.zip.*2 layers: old/旧\.gpkg, 宗地\.shp.*layer = ") as caught:
        read(path)
    assert caught.value.key == "layer"
    for name in ("宗地.shp", "宗地"):
        assert read(path, layer=name).table.index.tolist() == read(tmp_path / "宗地.shp").table.index.tolist()
    with pytest.raises(FormatError, match="2 layers: 甲, 乙"):
        read(path, layer="旧")
    for name in ("old/旧.gpkg/乙", "旧.gpkg/乙", "旧/乙"):
        reading = read(path, layer=name)
        assert len(reading.table) == 2
        assert reading.sources[0].layer == "old/旧.gpkg/乙"
    with pytest.raises(FormatError, match=r"none of them is '宗他'.*layer = .宗地"):
        read(path, layer="宗他")


def test_nothing_to_read(tmp_path):
    with pytest.raises(FormatError, match="holds no layer that is read"):
        read(pack(tmp_path / "a.zip", {"a.pdf": b"x", "__MACOSX/._a.shp": b"x", ".hidden.shp": b"x"}))


@pytest.mark.parametrize(
    "name", ["../a.shp", "x/../../a.shp", "/etc/a.shp", "C:/a.shp", "..\\a.shp", "\\a.shp", "a.shp:x"]
)
def test_paths_that_lead_out_are_refused(tmp_path, name):
    info = zipfile.ZipInfo("x")
    info.filename = name
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, b"x")
    (tmp_path / "in").mkdir()
    with pytest.raises(FormatError, match="leads out of it"):
        read(tmp_path / "a.zip")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "in"]


def test_links_are_refused(tmp_path):
    info = zipfile.ZipInfo("a.shp")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(FormatError, match=r"'a\.shp' in the archive is a link"):
        read(tmp_path / "a.zip")


def test_a_declared_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = pack(tmp_path / "a.zip", {"a.dbf": bytes(80 << 20)})
    monkeypatch.setattr(zips, "_take_out", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(FormatError, match=r"unpacks to \d+ times its size.*if you trust it"):
        read(path)


def test_size_limit(tmp_path, monkeypatch):
    path = pack(tmp_path / "a.zip", {"a.dbf": bytes(range(256)) * 40, "b.dbf": bytes(10)})
    monkeypatch.setattr(zips, "MOST_BYTES", 10_000)
    with pytest.raises(FormatError, match=r"10,250 bytes, more than 10,000"):
        read(path)


def test_a_bomb_that_lies_about_its_size(tmp_path):
    path = pack(tmp_path / "a.zip", {"a.dbf": bytes(5 << 20)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 5 << 20), struct.pack("<I", 1000)))
    with pytest.raises(
        FormatError, match=r"a\.zip.*(sound zip archive|larger than it says|cannot be unpacked)"
    ):
        read(path)


def test_files_that_lie_over_one_another(tmp_path):
    """Many entries, one body: the bomb of which no single ratio is high."""
    body = zipfile.ZipFile(pack(tmp_path / "x.zip", {"a": bytes(1000)})).infolist()[0]
    raw = (tmp_path / "x.zip").read_bytes()
    at = raw.index(b"PK\x01\x02")
    entry = raw[at : raw.index(b"PK\x05\x06")]
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 10, 10, 10 * len(entry), at, 0)
    entries = b"".join(entry.replace(b"a" + entry[47:], bytes([48 + i]) + entry[47:]) for i in range(10))
    (tmp_path / "x.zip").write_bytes(raw[:at] + entries + end)
    assert body.compress_size < 50
    with pytest.raises(FormatError, match="lie over one another"):
        read(tmp_path / "x.zip")


def test_a_nested_archive_is_not_looked_into(tmp_path):
    inner = pack(tmp_path / "inner.zip", shp_parts(write(parcels(), tmp_path / "a.shp").parent, "a"))
    with pytest.raises(FormatError, match="holds no layer that is read"):
        read(pack(tmp_path / "outer.zip", {"inner.zip": inner}))


def test_locked_and_damaged_archives(tmp_path):
    path = pack(tmp_path / "a.zip", {"a.geojson": b"{" * 1000}, method=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    at = data.index(b"{{{{")
    data[at + 5] = 0
    path.write_bytes(data)
    with pytest.raises(FormatError, match="Bad CRC"):
        read(path)
    data[at + 5] = ord("{")
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="locked with a password"):
        read(path)
    path.write_bytes(bytes(data)[:-30])
    with pytest.raises(FormatError, match="no sound zip archive"):
        read(path)


def test_one_name_twice(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = _twice(tmp_path / "a.zip", "a.shp", "a.shp")
    with pytest.raises(FormatError, match="twice"):
        read(path)
    with pytest.raises(FormatError, match="twice"):
        read(_twice(tmp_path / "b.zip", "a.shp", "A.shp"))


def _twice(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "_MOST_MEMBERS", 3)
    with pytest.raises(FormatError, match="holds 4 files, more than 3"):
        read(pack(tmp_path / "a.zip", {f"{i}.shp": b"x" for i in range(4)}))
