"""Pages of survey coordinates, written by hand: squares of 100 m in the 3-degree zone 37."""

from __future__ import annotations

from landuse.io.readers import read_parcels

N0, E0 = 3_833_000.0, 37_632_000.0
HEADER = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "投影类型": "高斯克吕格", "计量单位": "米",
          "带号": "37", "精度": "0.001", "转换参数": ",,,,,,"}  # fmt: skip


def corners(east=E0, north=N0, size=100.0):
    """The corners of a square as (X north, Y east)."""
    return [(north, east), (north + size, east), (north + size, east + size), (north, east + size)]


def ring(points, number=1, first=1, closed=True):
    rows = [f"J{first + i},{number},{x:.3f},{y:.3f}" for i, (x, y) in enumerate(points)]
    return [*rows, f"J{first},{number},{points[0][0]:.3f},{points[0][1]:.3f}"] if closed else rows


def page(*blocks, **header):
    lines = ["[属性描述]", *(f"{k}={v}" for k, v in (HEADER | header).items()), "[地块坐标]"]
    for block in blocks:
        lines += block
    return "\n".join(lines) + "\n"


def parcel(head="5,1,410302001001GB00001,一号地,面,I-49,工业用地,0601,@", rows=None):
    return [head, *(ring(corners()) if rows is None else rows)]


def reader_in(tmp_path):
    """Return a function that writes a page into a folder and reads it."""

    def reader(text, *, name="a.txt", written="utf-8", **options):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(written))
        reading = read_parcels(tmp_path / name, **options)
        (source,) = reading.sources
        assert source.rows_read == source.accepted + source.rejected
        assert source.accepted == len(reading.table)
        assert source.rejected == len(reading.rejected)
        return reading

    return reader


def kinds(reading):
    return set(reading.issues["kind"])
