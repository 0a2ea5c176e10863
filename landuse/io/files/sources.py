"""Files as they lie on the disk: there or not, and their digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from landuse.errors import MissingFileError, nearest
from landuse.io.files.remote import refuse_remote

__all__ = ["digest", "existing"]


def existing(path: str | os.PathLike[str]) -> Path:
    """Return the path if something is there.

    Raises
    ------
    MissingFileError
        Naming the file in the same folder whose name is most like it.
    FormatError
        Where the path leads to the network.
    """
    refuse_remote(path)
    found = Path(path)
    if found.exists():
        return found
    folder = found.parent
    if not folder.is_dir():
        raise MissingFileError(
            "the file is not there, nor is its folder", file=str(path), remedy="correct the path"
        )
    like = nearest(found.name, [p.name for p in folder.iterdir()], cutoff=0.6)
    raise MissingFileError(
        "the file is not there", file=str(path), remedy=f"is it {like}?" if like else "correct the path"
    )


def digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 of the bytes of the files, one after the other, as hex digits."""
    sum_ = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                sum_.update(block)
    return sum_.hexdigest()
