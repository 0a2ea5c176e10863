"""Layers that mean harm, or change under our hands; paths that lead to the network."""

from __future__ import annotations

import http.server
import json
import os
import socket
import threading

import pyogrio
import pytest

import landuse as lu
from landuse.errors import FormatError, PlanError
from landuse.io import readers
from landuse.io.files import remote, watching
from landuse.io.gather import gather
from landuse.io.plan.file import load_plan
from landuse.io.vector import drivers, vectors
from tests.unit.vector_files import CODES, parcels, read, write

PATHS = [
    "/vsicurl/http://example.invalid/a.gpkg",
    "/vsizip//vsicurl/https://example.invalid/a.zip/a.shp",
    "/vsis3/bucket/a.gpkg",
    "/vsizip/a.zip/a.shp",
    "/vsimem/a.gpkg",
    "http://example.invalid/a.gpkg",
    "HTTPS://example.invalid/a.parquet",
    "ftp://example.invalid/a.shp",
    "s3://bucket/a.parquet",
    "\\\\server\\share\\a.shp",
    "//server/share/a.shp",
    "WFS:http://example.invalid",
]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("reader", [lu.read_parcels, lu.read_zones, lu.read_projects])
def test_paths_to_the_network_are_refused(no_network, path, reader):
    with pytest.raises(FormatError, match="network or into a virtual file system") as caught:
        reader(path)
    assert "allow_network = true" in caught.value.remedy


@pytest.mark.parametrize("path", PATHS)
def test_a_plan_refuses_them_too(no_network, path):
    with pytest.raises(PlanError, match="network, which is not allowed") as caught:
        load_plan({"parcels": [{"path": path}]})
    assert caught.value.key == "parcels[1].path"
    assert "allow_network = true" in caught.value.remedy


@pytest.mark.parametrize(
    "path",
    ["/vsis3/bucket/a.gpkg", "/vsimem/a.gpkg", "ftp://h/a.shp", "WFS:http://h", "https://me:pw@h/a.gpkg"],
)
def test_some_are_refused_even_where_the_network_is_allowed(no_network, path):
    with pytest.raises(PlanError, match="is not read") as caught:
        load_plan({"allow_network": True, "parcels": [{"path": path}]})
    assert "pw" not in str(caught.value)


@pytest.fixture
def server(tmp_path):
    """A web server on this machine that hands out a folder."""
    folder = tmp_path / "www"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args, **more):
            super().__init__(*args, directory=str(folder), **more)

        def log_message(self, *_):
            pass

        def do_GET(self):
            if self.path.startswith("/elsewhere"):
                self.send_response(302)
                self.send_header("Location", "ftp://example.invalid/a.gpkg")
                self.end_headers()
            else:
                super().do_GET()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{found.server_address[1]}"
        found.shutdown()
        thread.join()


def plan_of(*paths):
    return load_plan({"allow_network": True, "parcels": [{"path": p} for p in paths]})


def test_a_plan_that_allows_the_network(server):
    folder, address = server
    write(parcels(), folder / "a.gpkg")
    here = read(folder / "a.gpkg")
    inputs = gather(plan_of(f"{address}/a.gpkg"))
    assert inputs.parcels.table.index.tolist() == CODES
    (source,) = inputs.parcels.sources
    assert source.path == f"{address}/a.gpkg"
    assert source.sha256 == here.sources[0].sha256
    assert set(inputs.parcels.table["source_file"]) == {f"{address}/a.gpkg"}
    again = gather(plan_of(f"/vsicurl/{address}/a.gpkg"))
    assert again.parcels.table.index.tolist() == CODES


def test_what_cannot_be_fetched(server, monkeypatch):
    folder, address = server
    write(parcels(), folder / "a.gpkg")
    for path, what in (
        ("gone.gpkg", "404"),
        ("elsewhere.gpkg", "leads on to ftp"),
        ("", "does not end in the name of a file"),
        ("folder", "does not end in the name of a file"),
    ):
        with pytest.raises(FormatError, match=what):
            gather(plan_of(f"{address}/{path}"))
    monkeypatch.setattr(remote, "MOST_BYTES", 1000)
    with pytest.raises(FormatError, match="larger than 1,000 bytes"):
        gather(plan_of(f"{address}/a.gpkg"))


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = write(parcels(), tmp_path / "a.gpkg")
    other = write(parcels(土地用途=["工业用地"] * 2), tmp_path / "b.gpkg").read_bytes()
    read_driver = vectors.read_driver

    def slow(*args, **more):
        found = read_driver(*args, **more)
        path.write_bytes(other)
        return found

    monkeypatch.setattr(vectors, "read_driver", slow)
    with pytest.raises(FormatError, match=r"a\.gpkg: the file changed while it was read.*run again"):
        read(path)


def test_a_change_that_keeps_size_and_time(tmp_path, monkeypatch):
    """Some file systems count time in steps of two seconds: the bytes tell."""
    path = write(parcels(), tmp_path / "a.parquet")
    seen, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    read_parquet = vectors._READERS[".parquet"]

    def slow(*args):
        found = read_parquet(*args)
        stop.set()
        path.write_bytes(data)
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        return found

    stop = threading.Event()
    digest = watching.digest
    monkeypatch.setitem(vectors._READERS, ".parquet", slow)
    first = digest([path])
    answers = iter([first])
    monkeypatch.setattr(watching, "digest", lambda files: next(answers, None) or digest(files))
    with pytest.raises(FormatError, match="changed while it was read"):
        read(path)
    assert stop.is_set()


@pytest.mark.parametrize("change", ["new", "gone"])
def test_parts_that_come_and_go(tmp_path, monkeypatch, change):
    path = write(parcels(), tmp_path / "a.shp")
    find = vectors.find_shapefile

    def slow(*args):
        found = find(*args)
        (tmp_path / "a.cpg").unlink() if change == "gone" else (tmp_path / "A.DBF").write_bytes(b"")
        return found

    if change == "new":
        (tmp_path / "a.cpg").rename(tmp_path / "keep")
        monkeypatch.setattr(
            vectors, "find_shapefile", lambda *a: (find(*a), (tmp_path / "a.cpg").write_text("GBK"))[0]
        )
    else:
        monkeypatch.setattr(vectors, "find_shapefile", slow)
    with pytest.raises(FormatError, match="changed while it was read"):
        read(path)


STREAM = {
    "type": "gdal_streamed_alg",
    "command_line": "gdal vector reproject --output-format=stream {} streamed --dst-crs=EPSG:4326",
}


@pytest.mark.parametrize("pad", [0, 5000])
def test_files_that_send_a_driver_elsewhere_are_never_opened(tmp_path, monkeypatch, pad):
    secret = write(parcels(), tmp_path / "secret.gpkg")
    stream = json.dumps(STREAM).replace("{}", str(secret))
    vrt = f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    monkeypatch.setattr(pyogrio, "list_layers", lambda *_: pytest.fail("a driver saw it"))
    monkeypatch.setattr(pyogrio, "read_info", lambda *_, **__: pytest.fail("a driver saw it"))
    for ending in ("geojson", "json", "gpkg", "fgb", "kml"):
        for text in (stream, vrt):
            path = tmp_path / f"a.{ending}"
            path.write_text(" " * pad + text)
            with pytest.raises(FormatError, match=rf"a\.{ending}"):
                read(path)


def test_too_many_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(drivers, "check_fields", drivers.check_fields)
    from landuse.io.vector import arrow

    monkeypatch.setattr(arrow, "MOST_FIELDS", 3)
    for ending in ("gpkg", "parquet"):
        path = write(parcels(a=[1, 2], b=[1, 2], c=[1, 2]), tmp_path / f"a.{ending}")
        with pytest.raises(FormatError, match="columns, more than 3"):
            read(path)


def test_a_cell_of_megabytes_is_refused_without_any_setting(tmp_path):
    path = write(parcels(备注=["x", "y" * (3 << 20)]), tmp_path / "a.gpkg")
    with pytest.raises(
        FormatError, match=r"row 2, \[备注\]: the cell holds 3,145,728 bytes, more than 1,048,576"
    ):
        read(path)


def test_names_of_drive_letters_and_plain_folders_are_no_addresses():
    for path in ("C:\\a\\b.shp", "c:/a.shp", "a/b.shp", "./vsi/a.shp", "vsi.shp", "甲:乙.shp"):
        assert not remote.is_remote(path), path
    assert readers.read_parcels is lu.read_parcels
