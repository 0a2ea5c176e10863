"""The run folder: written whole or not at all, and read again."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from landuse.errors import FormatError, MissingFileError, OutputError
from landuse.tables import RUN_TABLES, Checked, Result
from landuse.tables.table import with_key
from landuse.units import m2_to_mu

__all__ = [
    "check_target",
    "folder",
    "open_folder",
    "write_check",
    "write_csv",
    "write_layers",
    "write_result",
]

MARK = "landuse run"
_LAYERS = {
    "parcels": ("parcel_facts", "parcel_status"),
    "projects": ("project_facts", "project_status"),
    "zones": ("zone_facts", "zone_status"),
    "blocks": (None, None),
    "geometry_faults": (None, None),
}


_FORMULA = r"^(?:[=+@\t\r\n\uff1d\uff0b\uff0d\uff20]|-(?!\d[\d.,]*%?$))"
"""What a sheet would run as a formula: a text that begins so and is no negative number."""


def check_target(
    out: str | os.PathLike[str],
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    book: str = "ledger.json",
) -> Path:
    """Return the output folder if we may write it: absent, empty, or an earlier run of ours.

    Parameters
    ----------
    out : path
        The folder.
    inputs : iterable of path
        The plan and the files it names: none of them may lie in a folder that will be replaced.
    book : str
        The file by which an earlier one of ours is told.

    Raises
    ------
    OutputError
        Where it is a file, or holds something that no run of ours wrote, or one of the inputs.
    """
    path = Path(out)
    if not path.exists():
        return path
    if not path.is_dir():
        raise OutputError(
            "the output is a file, not a folder", file=str(out), remedy="name another one (--out)"
        )
    if any(path.iterdir()) and not _is_ours(path / book):
        raise OutputError(
            f"the folder is not empty and holds no {book} of landuse",
            file=str(out),
            remedy="name an empty or new folder (--out), or move what it holds",
        )
    inside = next((f for f in inputs if Path(f).resolve().is_relative_to(path.resolve())), None)
    if inside is not None:
        raise OutputError(
            f"the folder would be replaced, and {inside} lies in it",
            file=str(out),
            remedy="move that file out of the results, or name another folder (--out)",
        )
    return path


def _is_ours(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")).get("kind", "").startswith("landuse "))
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def folder(out: str | os.PathLike[str], *, book: str = "ledger.json") -> Iterator[Path]:
    """Yield a folder to write into; it takes the place of ``out`` only when the block ends well.

    Raises
    ------
    OutputError
        Where ``out`` is not ours to replace, or cannot be written.
    """
    target = check_target(out, book=book).resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"cannot write here: {error.strerror}", file=str(out)) from error
    try:
        yield partial
        _swap(partial, target)
    except OSError as error:
        raise OutputError(
            f"cannot write: {error.strerror}",
            file=str(error.filename or out),
            remedy="close programs that have the folder open, check the free space",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _swap(partial: Path, target: Path) -> None:
    partial.chmod(0o755)
    if not target.exists():
        partial.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        target.rename(old / "was")
        partial.rename(target)
    except BaseException:  # an interruption too must leave the earlier run where it was
        if (old / "was").exists() and not target.exists():
            (old / "was").rename(target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 CSV with a byte order mark, for Excel; what looks like a formula is defused."""
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype == "str":
            risky = safe[name].str.match(_FORMULA, na=False)
            safe[name] = safe[name].where(~risky, "'" + safe[name])
    safe.to_csv(path, index=table.index.name is not None, encoding="utf-8-sig", lineterminator="\r\n")


def write_result(result: Result, path: Path) -> None:
    """Write tables, layers, lists and ledger of a result into a folder."""
    (path / "tables").mkdir()
    for name, table in result.tables.items():
        table.to_parquet(path / "tables" / f"{name}.parquet")
    write_layers(result, path / "results.gpkg")
    for name in ("issues", "rejected"):
        write_csv(result.tables[name], path / f"{name}.csv")
    (path / "policies").mkdir()
    for name, text in result.policies.items():
        (path / "policies" / f"{name}.toml").write_text(text, encoding="utf-8", newline="\n")
    book = {"kind": MARK, **result.ledger}
    text = json.dumps(_strict(book), ensure_ascii=False, indent=1, default=_plain, allow_nan=False)
    (path / "ledger.json").write_text(text, encoding="utf-8")


def write_check(checked: Checked, path: Path) -> None:
    """Write the lists of an intake, its faults of geometry as a layer, and its ledger into a folder."""
    write_csv(checked.issues, path / "issues.csv")
    write_csv(checked.rejected, path / "rejected.csv")
    if len(checked.faults):
        pyogrio.write_dataframe(checked.faults, path / "check.gpkg", layer="geometry_faults", driver="GPKG")
    counts = checked.issues.groupby(["kind", "action"]).size().reset_index(name="rows").to_dict("records")
    book = {
        "kind": "landuse check",
        "title": checked.title,
        "inputs": checked.inputs,
        "issues": counts,
        "geometry_faults": checked.faults["kind"].value_counts().sort_index().to_dict(),
        "doubled_mu": m2_to_mu(checked.doubled_m2),
    }
    (path / "ledger.json").write_text(json.dumps(book, ensure_ascii=False, indent=1), encoding="utf-8")


def _strict(value: Any) -> Any:
    """Return a value as JSON may hold it: NaN and inf, which JSON does not know, are null."""
    if isinstance(value, dict):
        return {k: _strict(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(v) for v in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    if value is pd.NA or value is pd.NaT:
        return None
    raise TypeError(f"no JSON for {type(value).__name__}")


def write_layers(result: Result, path: Path) -> None:
    """Write parcels, zones, blocks and faults of geometry as a GeoPackage for QGIS and ArcGIS.

    Projects with a footprint or a point, too, where there are any.
    """
    for name, (facts, status) in _LAYERS.items():
        layer = result.tables[name]
        if name == "projects":
            layer = layer[layer.geometry.notna()]
            if not len(layer):
                continue
        if facts and status:
            figures = result.tables[facts]
            verdicts = result.tables[status]
            verdicts = verdicts[verdicts["headline"]].set_index("subject_id")
            layer = layer.drop(columns=[c for c in layer.columns if c in figures])
            layer = layer.join(figures).join(verdicts[["verdict", "clause", "reason"]])
        if name == "parcels":
            watched = result.tables["supervision"][["status", "next_obligation", "next_state", "next_last"]]
            layer = layer.join(watched.add_prefix("supervision_"))
        layer = layer.drop(columns=[c for c in layer if c != "geometry" and layer[c].dtype == object])
        numbers = layer.select_dtypes("number").columns
        layer[numbers] = layer[numbers].replace([np.inf, -np.inf], np.nan)
        pyogrio.write_dataframe(
            with_key(layer),
            path,
            layer=name,
            driver="GPKG",
            append=path.exists(),
            use_arrow=True,
        )


def open_folder(out: str | os.PathLike[str]) -> Result:
    """Read a finished run; tables that the version which made it did not write are empty.

    Raises
    ------
    MissingFileError
        Where there is no such folder.
    FormatError
        Where it is no run of ours.
    """
    path = Path(out)
    if not path.is_dir():
        raise MissingFileError("no such run folder", file=str(out), remedy="landuse run PLAN --out DIR")
    if not _is_ours(path / "ledger.json"):
        raise FormatError(
            "this folder holds no finished run (ledger.json)",
            file=str(out),
            remedy="name the folder that landuse run wrote",
        )
    book = json.loads((path / "ledger.json").read_text(encoding="utf-8"))
    if book.pop("kind") != MARK:
        raise FormatError(
            "this folder holds a check, not a run", file=str(out), remedy="landuse run PLAN --out DIR"
        )
    tables: dict[str, pd.DataFrame] = {}
    for name, noun in RUN_TABLES.items():
        file = path / "tables" / f"{name}.parquet"
        if not file.exists():
            if name in book.get("digests", RUN_TABLES) or "parcels" not in tables:
                raise FormatError("the run folder is not whole", file=str(file), remedy="run the plan again")
            tables[name] = noun.empty(crs=getattr(tables["parcels"], "crs", None))
            continue
        read = gpd.read_parquet if noun.has_geometry else pd.read_parquet
        tables[name] = noun.conform(read(file))
    policies = {p.stem: p.read_text(encoding="utf-8") for p in sorted((path / "policies").glob("*.toml"))}
    return Result(tables, book, policies, str(book["title"]), date.fromisoformat(book["as_of"]))
