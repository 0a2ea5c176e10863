"""Give files the names under which a driver finds them, in a folder of ours that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["is_plain", "staged"]

_SPECIAL = frozenset("!;?#|&*<>\"'")
"""Signs in a path that drivers take for something other than a name."""


def is_plain(path: Path) -> bool:
    """Say whether a driver takes the path for nothing but a path."""
    text = str(path)
    return not (_SPECIAL & set(text)) and not text.lower().endswith((".zip", ".gz"))


@contextmanager
def staged(files: Mapping[str, Path]) -> Iterator[Path]:
    """Make files known under other names; the files themselves are not touched.

    Parameters
    ----------
    files : mapping
        New name to file or folder.

    Yields
    ------
    Path
        The folder that holds links to the files, or copies where links cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix="landuse-") as folder:
        place = Path(folder)
        for name, file in files.items():
            _link(file.resolve(), place / name)
        yield place


def _link(file: Path, name: Path) -> None:
    with suppress(OSError):
        name.symlink_to(file, target_is_directory=file.is_dir())
        return
    if file.is_dir():
        shutil.copytree(file, name)
        return
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)
