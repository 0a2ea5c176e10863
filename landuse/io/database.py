"""Tables of a PostGIS database as layers and ledgers, read in one transaction that sees one state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from landuse.errors import CrsError, DatabaseError, DependencyError, FormatError, nearest
from landuse.io.coordinates.crs import resolve
from landuse.io.header.grid import Grid
from landuse.io.sheet.sheets import Sheet
from landuse.io.vector.shapes import flat
from landuse.io.vector.vectors import Layer
from landuse.tables import issue

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["connect", "database_sheet", "is_database", "read_database_layer", "refused", "shown"]

_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
_EXACT = 1 << 53
"""Whole numbers from here on are kept as text: a float would change them."""
_SHAPES = ("geometry", "geography")
_TABLES = """
    select n.nspname, c.relname, a.attname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.atttypid in (select oid from pg_type where typname in ('geometry', 'geography'))
    where c.relkind in ('r', 'v', 'm', 'p', 'f') and has_table_privilege(c.oid, 'select')
        and n.nspname not in ('pg_catalog', 'information_schema', 'topology', 'tiger')
        and c.relname not in ('spatial_ref_sys', 'geometry_columns', 'geography_columns', 'raster_columns',
                              'raster_overviews')
    order by 1, 2, a.attnum
"""
_COLUMNS = """
    select a.attname, t.typname, array_position(i.indkey::int2[], a.attnum)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where n.nspname = :schema and c.relname = :table
    order by a.attnum
"""


@dataclass(frozen=True)
class _Place:
    """A table, with the geometry column that is meant (None: it has none)."""

    schema: str
    table: str
    column: str | None

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}"


def is_database(path: object) -> bool:
    """Say whether a path of a plan is the address of a PostgreSQL database.

    Examples
    --------
    >>> is_database("postgresql://gis@server/land"), is_database("land.gpkg")
    (True, False)
    """
    return str(path).lower().startswith(_SCHEMES)


def shown(address: str) -> str:
    """Return an address as it may be shown: without user and password.

    Examples
    --------
    >>> shown("postgresql://gis:secret@server:5433/land")
    'postgresql://server:5433/land'
    """
    url = _url(address)
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'localhost'}{port}/{url.database or ''}"


def read_database_layer(address: str, *, layer: str | None = None, crs: Any = None) -> Layer:
    """Read a table with shapes.

    Parameters
    ----------
    address : str
        ``postgresql://user@host/database``; the password may stand in it, in PGPASSWORD or in a .pgpass file.
    layer : str, optional
        ``schema.table``, or ``schema.table.column`` where the table has several columns of shapes.
    crs : any pyproj understands, optional
        Only for a table whose SRID is 0.

    Returns
    -------
    Layer
        Rows numbered from 1 in the order of the primary key; its digest is that of the table's content.

    Raises
    ------
    DatabaseError
        Where the server cannot be reached or refuses.
    FormatError
        Where the table is not named, not there, or has no shapes.
    CrsError
        See ``resolve``.
    """
    file = shown(address)
    with _snapshot(address) as link:
        place = _chosen([p for p in _places(link) if p.column], layer, file, "tables with shapes")
        rows, issues, digest = _content(link, place, file)
        system = resolve(_system(rows.pop("__srid__"), link, place, file), crs, file=file)
        raw = [None if b is None else bytes(b) for b in rows.pop("__shape__")]
    shapes, high = flat(shapely.from_wkb(np.array(raw, dtype=object)))
    if high:
        issues.append(issue("z_dropped", "mended", file=file, sheet=place.name, field="geometry", count=high))
    return Layer(_grid(rows, place, file), shapes, system, issues, digest)


def database_sheet(address: str, *, sheet: str | None = None) -> Sheet:
    """Read a table as a ledger, without its shapes if it has any; parameters and errors as for layers."""
    file = shown(address)
    with _snapshot(address) as link:
        place = _chosen(_places(link), sheet, file, "tables", key="sheet")
        rows, issues, digest = _content(link, _Place(place.schema, place.table, None), file)
        if place.column:
            issues.append(
                issue("table_shapes_not_read", "kept", file=file, sheet=place.name, table=place.name)
            )
    return Sheet(_grid(rows, place, file), issues, {}, (), {}, None, digest)


def _url(address: str) -> URL:
    try:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError:
        raise DependencyError(
            "reading databases needs sqlalchemy and psycopg", remedy="pip install landuse[postgis]"
        ) from None
    try:
        return make_url(address).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise DatabaseError(
            "the address of the database is not understood",
            file=address.split("://")[0] + "://…",
            remedy="write postgresql://user@host:5432/database; special characters of a password as %xx",
        ) from None


def connect(address: str) -> Engine:
    """Return an engine for an address; nothing is connected yet."""
    from importlib.util import find_spec

    url = _url(address)
    if find_spec("psycopg") is None:
        raise DependencyError("reading databases needs psycopg", remedy="pip install landuse[postgis]")
    from sqlalchemy import create_engine

    return create_engine(url, connect_args={"connect_timeout": 15, "application_name": "landuse"})


@contextmanager
def _snapshot(address: str) -> Iterator[Connection]:
    """Open a read-only transaction in which every query sees the same state."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    engine = connect(address)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as link:
            link.execute(text("set transaction read only"))
            yield link
    except SQLAlchemyError as error:
        raise refused(error, address) from None
    finally:
        engine.dispose()


def refused(error: Exception, address: str) -> DatabaseError:
    """Return what a server says as a refusal of ours."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return DatabaseError(
        f"the database refuses: {said}",
        file=shown(address),
        remedy="check host, port, user and password (PGPASSWORD, .pgpass), and that the table may be read",
    )


def _places(link: Connection) -> list[_Place]:
    from sqlalchemy import text

    return [_Place(s, t, c) for s, t, c in link.execute(text(_TABLES))]


def _chosen(places: list[_Place], name: str | None, file: str, what: str, *, key: str = "layer") -> _Place:
    """Return the table that is meant."""
    names = list(dict.fromkeys(p.name for p in places))
    if not places:
        raise FormatError(f"the database has no {what} that may be read", file=file)
    if name is None:
        fits = places
    else:
        fits = [
            p for p in places if name in (p.name, p.table, f"{p.name}.{p.column}", f"{p.table}.{p.column}")
        ]
        if key == "sheet":
            fits = fits[:1] if len({p.name for p in fits}) == 1 else fits
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise FormatError(
            f"the database has no table {name!r} among its {what}; it has {', '.join(names)}",
            file=file,
            key=key,
            remedy=f'is it {key} = "{nearest(str(name), names)}"?',
        )
    listed = sorted({f"{p.name}.{p.column}" if key == "layer" and p.column else p.name for p in fits})
    raise FormatError(
        f"it is not plain which table is meant: {', '.join(listed)}",
        file=file,
        key=key,
        remedy=f'name it: {key} = "{listed[0]}"',
    )


def _content(link: Connection, place: _Place, file: str) -> tuple[pd.DataFrame, list[dict[str, Any]], str]:
    """Return all rows in the order of the primary key, what is said of them, and their digest."""
    from sqlalchemy import text

    found = link.execute(text(_COLUMNS), {"schema": place.schema, "table": place.table}).all()
    quote = link.dialect.identifier_preparer.quote
    plain = [str(name) for name, kind, _ in found if kind not in _SHAPES]
    keys = [str(name) for name, _, key in sorted(found, key=lambda c: c[2] or 0) if key is not None]
    taken = [quote(name) for name in plain]
    if place.column:
        shape = f"{quote(place.column)}::geometry"
        taken += [f"ST_AsBinary(ST_CurveToLine({shape})) as __shape__", f"ST_SRID({shape}) as __srid__"]
    order = f" order by {', '.join(map(quote, keys))}" if keys else ""
    query = f"select {', '.join(taken)} from {quote(place.schema)}.{quote(place.table)}{order}"
    rows = link.execute(text(query.replace(":", r"\:"))).all()
    names = plain + ["__shape__", "__srid__"][: len(taken) - len(plain)]
    frame = pd.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(names)}, dtype=object)
    said = [] if keys else [issue("no_primary_key", "kept", file=file, sheet=place.name)]
    return frame, said, _digest(link, query)


def _digest(link: Connection, query: str) -> str:
    """Return the SHA-256 of the rows as the server writes them out."""
    total = hashlib.sha256()
    cursor: Any = link.connection.cursor()
    with cursor, cursor.copy(f"copy ({query}) to stdout") as rows:
        for block in rows:
            total.update(block)
    return total.hexdigest()


def _system(srids: pd.Series, link: Connection, place: _Place, file: str) -> pyproj.CRS | None:
    """Return the coordinate system that the shapes name; None where they name none."""
    from sqlalchemy import text

    named = sorted({int(s) for s in srids.dropna()})
    if len(named) > 1:
        raise CrsError(
            f"{place.name} holds shapes in several coordinate systems (SRID {', '.join(map(str, named))})",
            file=file,
            key="layer",
            remedy="make a view that holds one of them, or transform them in the database",
        )
    if not named or named == [0]:
        return None
    query = text("select auth_name, auth_srid, srtext from spatial_ref_sys where srid = :srid")
    known = link.execute(query, {"srid": named[0]}).first()
    if known is None:
        raise CrsError(f"SRID {named[0]} of {place.name} is not in spatial_ref_sys", file=file, key="layer")
    authority, number, wkt = known
    return pyproj.CRS.from_authority(authority, number) if authority else pyproj.CRS.from_wkt(wkt)


def _grid(frame: pd.DataFrame, place: _Place, file: str) -> Grid:
    """Return rows as the grid of a layer; exact numbers stay exact."""
    cells = pd.DataFrame({i: _plain(frame[name]) for i, name in enumerate(frame)}, index=frame.index)
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    return Grid(file, place.name, [str(c) for c in frame], cells, rows)


def _plain(column: pd.Series) -> pd.Series:
    """Turn decimals into numbers where that changes nothing, else into their digits; leave the rest."""
    kinds = {type(v) for v in column if v is not None}
    if kinds == {float}:
        return column.astype("float64")
    if kinds and kinds <= {int, Decimal}:
        numbers = column.map(lambda v: np.nan if v is None else float(v))
        same = all(v is None or Decimal(float(v)) == v or Decimal(repr(float(v))) == v for v in column)
        if same and not (numbers.abs() >= _EXACT).any():
            return numbers.astype("float64")
        return column.map(lambda v: None if v is None else f"{v:f}" if isinstance(v, Decimal) else str(v))
    if kinds <= {str, bool}:
        return column
    return column.map(lambda v: v if v is None or isinstance(v, str | bool | int | float | date) else str(v))
