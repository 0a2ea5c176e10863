"""The accounts of a run: digests, versions, rows in and out, money and land that must add up."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from landuse.kernels.remainders import split_whole
from landuse.tables import MONEY, Links, Source
from landuse.units import FEN_PER_WAN, m2_to_mu

__all__ = [
    "digest",
    "land_account",
    "money_account",
    "source_accounts",
    "source_rows",
    "text_digest",
    "versions",
]

_PACKAGES = ("landuse", "numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow", "highspy")


def text_digest(text: str | bytes) -> str:
    """Return the SHA-256 of a text (as UTF-8) in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()


def digest(table: pd.DataFrame) -> str:
    """Return a digest of a table's content: column names, order of rows, values and shapes.

    Equal content gives an equal digest whatever file format it went through.

    Examples
    --------
    >>> a = pd.DataFrame({"x": [1.0, None]}); b = pd.DataFrame({"x": [1.0, 2.0]})
    >>> digest(a) == digest(a.copy()), digest(a) == digest(b)
    (True, False)
    """
    columns = {table.index.name: table.index.to_series()} if table.index.name else {}
    columns |= {name: table[name] for name in table.columns}
    total = hashlib.sha256(json.dumps(list(columns)).encode())
    for column in columns.values():
        total.update(_hashes(column).tobytes())
    return total.hexdigest()


def _hashes(column: pd.Series) -> npt.NDArray[np.uint64]:
    """Return a hash of every cell; missing is missing, whatever stands for it, and 0.0 is -0.0."""
    if isinstance(column, gpd.GeoSeries):
        shapes = [b"" if w is None else w for w in shapely.to_wkb(column.values)]
        return _of_objects(shapes)
    if column.dtype == object:
        return _of_objects([json.dumps(list(v), ensure_ascii=False) for v in column])
    if column.dtype == np.float64:
        numbers = column.to_numpy() + 0.0
        numbers[np.isnan(numbers)] = np.nan
        return np.asarray(pd.util.hash_array(numbers), dtype=np.uint64)
    codes, values = pd.factorize(column)
    texts = pd.Series(values).astype("str").tolist()
    return np.asarray(_of_objects([*texts, ""])[codes], dtype=np.uint64)


def _of_objects(values: list[Any]) -> npt.NDArray[np.uint64]:
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return np.asarray(pd.util.hash_array(cells, categorize=False), dtype=np.uint64)


def versions() -> dict[str, str]:
    """Return the versions of everything that a figure may depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found | {"PROJ": pyproj.proj_version_str, "GEOS": shapely.geos_version_string}


def source_rows(sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    """Return the inputs as rows for the ledger; each must balance.

    Raises
    ------
    RuntimeError
        Where rows read are not accepted + rejected: a bug of ours.
    """
    for s in sources:
        if s.rows_read != s.accepted + s.rejected:
            raise RuntimeError(
                f"{s.path}: {s.rows_read} rows read, {s.accepted} accepted, {s.rejected} rejected"
            )
    return [asdict(s) for s in sources]


def _fen_sum(values: pd.Series) -> tuple[int, int, int]:
    """Sum finite amounts in whole fen; count the open ends and the missing."""
    numbers = np.asarray(values, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    total = sum(round(v * FEN_PER_WAN) for v in finite.tolist())
    return total, int(np.isinf(numbers).sum()), int(np.isnan(numbers).sum())


def money_account(projects: pd.DataFrame, links: Links) -> dict[str, dict[str, dict[str, int]]]:
    """Account for the money of a ledger: read = linked + unlinked, each column, each end, to the fen.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``, amounts in [wan].
    links : Links
        Their links and what could not be placed.

    Returns
    -------
    dict
        ``{column: {"low" | "high": {read_fen, linked_fen, unlinked_fen, open, missing}}}``; ``open`` counts
        rows with no upper end, ``missing`` rows with no amount.

    Raises
    ------
    RuntimeError
        Where the sums differ: a bug of ours.
    """
    linked = projects[projects.index.isin(links.table["project_id"])]
    account: dict[str, dict[str, dict[str, int]]] = {}
    for stem in MONEY:
        account[stem] = {}
        for end in ("low", "high"):
            column = f"{stem}_{end}"
            read, open_, missing = _fen_sum(projects[column])
            placed, left = _fen_sum(linked[column])[0], _fen_sum(links.unlinked[column])[0]
            if read != placed + left:
                raise RuntimeError(f"{column}: {read} fen read, {placed} linked, {left} unlinked")
            account[stem][end] = {
                "read_fen": read,
                "linked_fen": placed,
                "unlinked_fen": left,
                "open": open_,
                "missing": missing,
            }
    return account


def land_account(areas_m2: pd.Series, links: Links) -> dict[str, float]:
    """Account for the land [mu]: parcels with and without a project, each once.

    Parameters
    ----------
    areas_m2 : Series
        The area used, by parcel [m2].
    links : Links
        Where footprints say how much of a parcel is a project's, so much is linked; else the whole parcel.
    """
    mu = m2_to_mu(areas_m2.to_numpy(dtype=np.float64))
    return _land(mu, _held(areas_m2.index, links))


def _land(mu: npt.NDArray[np.float64], held: npt.NDArray[np.float64]) -> dict[str, float]:
    return {
        "read_mu": float(mu.sum()),
        "linked_mu": float((mu * held).sum()),
        "unlinked_mu": float((mu * (1.0 - held)).sum()),
    }


def _held(parcels: pd.Index, links: Links) -> npt.NDArray[np.float64]:
    """Return the share of each parcel's land that is linked: what its projects hold, together at most all."""
    at = parcels.get_indexer(pd.Index(links.table["parcel_id"]))
    part = links.table["parcel_part_low"].fillna(1.0).to_numpy(dtype=np.float64)
    return np.minimum(np.bincount(at, weights=part, minlength=len(parcels)), 1.0)


def source_accounts(
    projects: pd.DataFrame, parcels: pd.DataFrame, areas_m2: pd.Series, links: Links
) -> dict[str, dict[str, dict[str, Any]]]:
    """Account for every file: rows in, linked, unlinked, multiplied (with several links), money and land.

    Parameters
    ----------
    projects, parcels : DataFrame
        Tables ``projects`` and ``parcels``.
    areas_m2 : Series
        The area used, by parcel [m2].
    links : Links
        Their links.

    Returns
    -------
    dict
        ``{"projects" | "parcels": {file: account}}``. The money of a file of projects is what it says, read =
        linked + unlinked; that of a file of parcels is what is placed on it by share, to the fen (largest
        remainder). Land [mu] as in ``land_account``.
    """
    of_projects = _rows_by_file(projects, links.table["project_id"])
    waiting = set(links.review.loc[links.review["decision"] == "open", "project_id"])
    for file, rows in projects.groupby(_files(projects), sort=True):
        on_land = rows.index.isin(links.table["project_id"])
        of_projects[str(file)] |= {
            "for_review": int(rows.index.isin(waiting).sum()),
            "money": {
                column: {
                    "read_fen": _fen_sum(rows[column])[0],
                    "linked_fen": _fen_sum(rows[column][on_land])[0],
                    "unlinked_fen": _fen_sum(rows[column][~on_land])[0],
                }
                for column in _MONEY_COLUMNS
            },
        }
    of_parcels = _rows_by_file(parcels, links.table["parcel_id"])
    mu, held = m2_to_mu(areas_m2.to_numpy(dtype=np.float64)), _held(areas_m2.index, links)
    codes, files = pd.factorize(_files(parcels), sort=True)
    placed = {column: _placed_fen(projects, parcels.index, links, column) for column in _MONEY_COLUMNS}
    for number, file in enumerate(files):
        here = codes == number
        of_parcels[str(file)] |= _land(mu[here], held[here]) | {
            "money": {column: {"linked_fen": int(fen[here].sum())} for column, fen in placed.items()}
        }
    return {"projects": of_projects, "parcels": of_parcels}


_MONEY_COLUMNS = tuple(f"{stem}_{end}" for stem in MONEY for end in ("low", "high"))


def _files(table: pd.DataFrame) -> pd.Series:
    return table["source_file"].fillna("")


def _rows_by_file(table: pd.DataFrame, linked: pd.Series) -> dict[str, dict[str, Any]]:
    """Count the rows of each file by their links."""
    links = linked.value_counts().reindex(table.index, fill_value=0).to_numpy()
    files = _files(table).to_numpy(dtype=object)
    rows = pd.DataFrame({"in": 1, "linked": links > 0, "unlinked": links == 0, "multiplied": links > 1})
    counts = rows.astype("int64").groupby(files, sort=True).sum()
    return {str(file): dict(zip(counts.columns, row, strict=True)) for file, *row in counts.itertuples()}


def _placed_fen(
    projects: pd.DataFrame, parcels: pd.Index, links: Links, column: str
) -> npt.NDArray[np.int64]:
    """Return the money on each parcel by its projects' shares, in whole fen; what has no end is left out."""
    amounts = projects[column].to_numpy(dtype=np.float64)
    cells = [round(v * FEN_PER_WAN) for v in np.where(np.isfinite(amounts), amounts, 0.0).tolist()]
    fen = np.array(cells, dtype=np.int64)
    project = projects.index.get_indexer(pd.Index(links.table["project_id"]))
    at = parcels.get_indexer(pd.Index(links.table["parcel_id"]))
    order = np.argsort(project, kind="stable")
    share = links.table["share"].to_numpy(dtype=np.float64)
    parts = np.zeros(len(order), dtype=np.int64)
    parts[order] = split_whole(project[order].astype(np.int64), share[order], fen)
    placed = np.zeros(len(parcels), dtype=np.int64)
    np.add.at(placed, at, parts)
    return placed


def table_digests(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the digest of every table."""
    return {name: digest(table) for name, table in tables.items()}
