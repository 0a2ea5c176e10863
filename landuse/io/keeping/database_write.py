"""A finished run as one schema of a PostGIS database: whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landuse.errors import OutputError
from landuse.io.database import connect, refused, shown
from landuse.tables.table import with_key

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["write_database"]

_MARK = "landuse run"
_ROWS = 2_000


def write_database(
    tables: Mapping[str, pd.DataFrame], ledger: Mapping[str, Any], address: str, *, schema: str
) -> None:
    """Write tables into a schema, replacing an earlier run of ours.

    Parameters
    ----------
    tables : mapping
        Name to table; tables with shapes must carry a coordinate system with an EPSG code.
    ledger : mapping
        Kept as JSON in the table ``ledger``, by which the schema is known as ours.
    address : str
        ``postgresql://user@host/database``.
    schema : str
        Absent, empty, or an earlier run of ours.

    Raises
    ------
    OutputError
        Where the schema holds something else.
    DatabaseError
        Where the server cannot be reached or refuses; nothing is left behind then.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    engine = connect(address)
    quoted = engine.dialect.identifier_preparer.quote(schema)
    try:
        with engine.begin() as link:
            _check(link, schema, shown(address))
            link.execute(text(f"drop schema if exists {quoted} cascade"))
            link.execute(text(f"create schema {quoted}"))
            for name, table in tables.items():
                _write(table, name, link, schema)
            book = json.dumps(ledger, ensure_ascii=False, default=str)
            link.execute(text(f"create table {quoted}.ledger (kind text, content jsonb)"))
            link.execute(
                text(f"insert into {quoted}.ledger values (:kind, cast(:book as jsonb))"),
                {"kind": _MARK, "book": book},
            )
    except SQLAlchemyError as error:
        raise refused(error, address) from None
    finally:
        engine.dispose()


def _check(link: Connection, schema: str, file: str) -> None:
    """Refuse a schema that is not ours."""
    from sqlalchemy import inspect, text

    look = inspect(link)
    if schema not in look.get_schema_names():
        return
    names = look.get_table_names(schema) + look.get_view_names(schema)
    if not names:
        return
    quoted = link.dialect.identifier_preparer.quote(schema)
    ours = "ledger" in names and {c["name"] for c in look.get_columns("ledger", schema)} == {
        "kind",
        "content",
    }
    if ours and link.execute(text(f"select kind from {quoted}.ledger")).scalar() == _MARK:
        return
    raise OutputError(
        f"the schema {schema} holds tables that are not a run of ours ({', '.join(sorted(names)[:3])} …)",
        file=file,
        key="schema",
        remedy="name a schema of its own for the run",
    )


def _write(table: pd.DataFrame, name: str, link: Connection, schema: str) -> None:
    keyed = table.index.name is not None
    frame = with_key(table)
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = frame[column].map(_listed)
    if isinstance(frame, gpd.GeoDataFrame) and len(frame) and frame.geometry.isna().all():
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if isinstance(frame, gpd.GeoDataFrame):
        frame.to_postgis(name, link, schema=schema, index=False, chunksize=_ROWS)
    else:
        pd.DataFrame(frame).to_sql(
            name, link, schema=schema, index=False, chunksize=_ROWS, method="multi" if len(frame) else None
        )
    if keyed:
        from sqlalchemy import text

        quote = link.dialect.identifier_preparer.quote
        link.execute(
            text(
                f"alter table {quote(schema)}.{quote(name)} add primary key ({quote(str(table.index.name))})"
            )
        )


def _listed(value: Any) -> Any:
    """Return a list of texts as one text, its items parted by semicolons."""
    return ";".join(map(str, value)) if isinstance(value, list | tuple | np.ndarray) else value
