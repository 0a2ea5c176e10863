"""The files of a survey TXT, or of a folder of them: found, read once, and unchanged meanwhile."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from landuse.errors import FormatError, MissingFileError

__all__ = ["Held", "hold"]

_LAND = frozenset({
    ".shp", ".gpkg", ".geojson", ".json", ".gdb", ".mdb", ".fgb", ".parquet", ".kml", ".kmz", ".dxf", ".dwg",
    ".vct", ".zip", ".rar", ".7z", ".xls", ".xlsx", ".csv", ".doc", ".docx", ".pdf",
})  # fmt: skip
"""Endings of files that may hold land, and are said where a folder of TXT holds them too."""
_RESIDUE = ("._", "~$")
"""How the names of files begin that copying leaves behind."""


@dataclass(frozen=True)
class Held:
    """The files that were read.

    Parameters
    ----------
    files : list of (Path, str, bytes)
        Path, the name that made ids begin with (the stem; the way from the folder where stems repeat), bytes.
    sha256 : str
        Of all bytes, one file after the other.
    passed_over : list of str
        Other files of the folder that may hold land.
    """

    files: list[tuple[Path, str, bytes]]
    sha256: str
    passed_over: list[str]


def hold(path: Path) -> Held:
    """Read a file, or every .txt of a folder and its folders, in the order of their names.

    Raises
    ------
    FormatError
        Where the folder holds no .txt, or files come, go or change while they are read.
    MissingFileError
        Where a file cannot be opened.
    """
    found, others = _walk(path) if path.is_dir() else ([path], [])
    if not found:
        raise FormatError(
            "the folder holds no .txt file", file=str(path), remedy="name a file, or its folder"
        )
    before = _state(found)
    contents = []
    for file in found:
        try:
            contents.append(file.read_bytes())
        except OSError as error:
            raise MissingFileError(
                f"the file cannot be opened ({error.strerror})", file=str(file), remedy="close or copy it"
            ) from None
    again = _walk(path)[0] if path.is_dir() else [path]
    if again != found or _state(again) != before:
        raise FormatError(
            "the files changed while they were read",
            file=str(path),
            remedy="wait until they are copied whole, then run again",
        )
    sums = hashlib.sha256()
    for content in contents:
        sums.update(content)
    names = _names(path, found)
    return Held(list(zip(found, names, contents, strict=True)), sums.hexdigest(), others)


def _walk(folder: Path) -> tuple[list[Path], list[str]]:
    texts, others = [], []
    for here, folders, names in os.walk(folder):
        for name in sorted([*names, *folders]):
            place = Path(here, name)
            if name.startswith(_RESIDUE):
                continue
            if place.suffix.lower() == ".txt" and place.is_file():
                texts.append(place)
            elif place.suffix.lower() in _LAND:
                others.append(place.relative_to(folder).as_posix())
    return sorted(texts), sorted(others)


def _state(files: Sequence[Path]) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for file in files:
        try:
            status = file.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_size, status.st_mtime_ns))
    return found


def _names(path: Path, files: Sequence[Path]) -> list[str]:
    stems = Counter(f.stem for f in files)
    return [f.stem if stems[f.stem] == 1 else f.relative_to(path).as_posix() for f in files]
