"""Shapefiles: their parts under any spelling, checked against each other, a missing index rebuilt."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landuse.errors import FormatError
from landuse.io.files.staging import is_plain, staged
from landuse.tables import issue

__all__ = ["PARTS", "Shapefile", "find_shapefile", "opened", "parts_of"]

PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_MAGIC = (9994).to_bytes(4, "big")
_DELETED = 0x2A


@dataclass(frozen=True)
class Shapefile:
    """The parts of a shapefile and what its heads say.

    Parameters
    ----------
    parts : dict
        Ending in small letters to file, in the order of ``PARTS``.
    language : int
        The language byte of its attribute table.
    deleted : int
        How many records are marked as deleted.
    declared : str or None
        What the .cpg says.
    issues : list of dict
        What was missing and could be done without.
    """

    parts: dict[str, Path]
    language: int
    deleted: int
    declared: str | None
    issues: list[dict[str, Any]]


def find_shapefile(path: Path, file: str) -> Shapefile:
    """Find the parts of a shapefile and check that they belong together.

    Parameters
    ----------
    path : Path
        The .shp.
    file : str
        Its name in refusals.

    Raises
    ------
    FormatError
        Where the .dbf is missing, a part stands there twice in different spelling, or the parts contradict
        each other or are cut short.
    """
    parts = parts_of(path, file)
    if ".dbf" not in parts:
        raise FormatError(
            "the .dbf file of the shapefile is missing: it holds every attribute",
            file=file,
            remedy=f"copy {path.stem}.dbf into the same folder",
        )
    said = []
    with path.open("rb") as stream:
        head = stream.read(100)
    if len(head) < 100 or head[:4] != _MAGIC:
        raise FormatError("the file is no shapefile", file=file, remedy="export the layer again")
    size, stated = path.stat().st_size, 2 * int.from_bytes(head[24:28], "big")
    if size < stated:
        raise FormatError(
            f"the file is cut short: {size} of {stated} bytes are there",
            file=file,
            remedy="copy or export it again",
        )
    records, language, deleted = _table_head(parts[".dbf"], file)
    if ".shx" in parts:
        shapes = (parts[".shx"].stat().st_size - 100) // 8
    else:
        shapes = len(_spans(path, stated, file))
        said.append(issue("shx_rebuilt", "mended", file=file, field=".shx", count=shapes))
    if shapes != records:
        raise FormatError(
            f"the shapefile has {shapes} shapes and {records} attribute records",
            file=file,
            remedy="the .dbf was changed apart from the shapes: export the layer again",
        )
    if deleted:
        said.append(issue("records_deleted", "kept", file=file, field=".dbf", count=deleted))
    declared = None
    if ".cpg" in parts:
        declared = parts[".cpg"].read_bytes()[:64].decode("ascii", errors="replace").strip() or None
    return Shapefile(parts, language, deleted, declared, said)


def parts_of(path: Path, file: str) -> dict[str, Path]:
    """Return the parts by ending; a name in other letters counts where none is spelled as the .shp is.

    Raises
    ------
    FormatError
        Where a part stands there twice.
    """
    by_ending: dict[str, list[Path]] = {}
    for other in sorted(path.parent.iterdir()):
        ending = other.suffix.lower()
        if ending in PARTS and other.stem.casefold() == path.stem.casefold():
            by_ending.setdefault(ending, []).append(other)
    found = {}
    for ending, several in by_ending.items():
        exact = [p for p in several if p.stem == path.stem]
        several = [path] if ending == ".shp" else exact or several
        if len(several) > 1:
            raise FormatError(
                f"the folder holds both {several[0].name} and {several[1].name}",
                file=file,
                remedy="take away the one that does not belong to the shapefile",
            )
        found[ending] = several[0]
    return {ending: found[ending] for ending in PARTS if ending in found}


def _table_head(path: Path, file: str) -> tuple[int, int, int]:
    """Return how many records a .dbf has, its language byte, and how many records are marked as deleted."""
    with path.open("rb") as stream:
        head = stream.read(32)
    records = int.from_bytes(head[4:8], "little")
    start, width = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
    if len(head) < 32 or start < 33 or width < 1:
        raise FormatError(
            "the attribute table (.dbf) is no DBF table", file=file, remedy="export the layer again"
        )
    size = path.stat().st_size
    if size < start + records * width:
        raise FormatError(
            f"the attribute table is cut short: {max(size - start, 0) // width} of {records} records",
            file=file,
            remedy="copy or export the .dbf again",
        )
    if not records:
        return 0, head[29], 0
    table = np.memmap(path, dtype=np.uint8, mode="r", offset=start, shape=(records, width))
    return records, head[29], int(np.count_nonzero(table[:, 0] == _DELETED))


def _spans(path: Path, end: int, file: str) -> list[tuple[int, int]]:
    """Return where each record of a .shp begins and how long it is [16-bit words], by walking through it."""
    spans = []
    with path.open("rb") as stream:
        at = 100
        while at + 8 <= end:
            stream.seek(at + 4)
            words = int.from_bytes(stream.read(4), "big")
            if words < 2 or at + 8 + 2 * words > end:
                raise FormatError(
                    f"the .shx is missing and the .shp is damaged at byte {at}",
                    file=file,
                    remedy="copy all parts of the shapefile again",
                )
            spans.append((at // 2, words))
            at += 8 + 2 * words
    return spans


def _index(path: Path, file: str) -> bytes:
    """Return the .shx that belongs to a .shp."""
    with path.open("rb") as stream:
        head = bytearray(stream.read(100))
    spans = np.array(_spans(path, 2 * int.from_bytes(head[24:28], "big"), file), dtype=">i4").reshape(-1, 2)
    head[24:28] = (50 + 4 * len(spans)).to_bytes(4, "big")
    return bytes(head) + spans.tobytes()


@contextmanager
def opened(parts: Mapping[str, Path], file: str) -> Iterator[Path]:
    """Yield a .shp that a driver can open: the file itself, or one in a folder of ours, whole.

    Parameters
    ----------
    parts : mapping
        Of a ``Shapefile``.
    file : str
        Its name in refusals.
    """
    path = parts[".shp"]
    spelled = all(p.name == path.stem + s for s, p in parts.items())
    if spelled and ".shx" in parts and is_plain(path):
        yield path
        return
    with ExitStack() as stack:
        folder = stack.enter_context(staged({f"layer{s}": p for s, p in parts.items()}))
        if ".shx" not in parts:
            (folder / "layer.shx").write_bytes(_index(path, file))
        yield Path(os.fspath(folder / "layer.shp"))
