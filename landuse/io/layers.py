"""Where a layer comes from: a file, or a table of a database."""

from __future__ import annotations

import os
from typing import Any

from landuse.errors import FormatError
from landuse.io.database import is_database, read_database_layer
from landuse.io.files.sources import existing
from landuse.io.vector.vectors import Layer, read_layer

__all__ = ["layer_at"]


def layer_at(path: str | os.PathLike[str], *, layer: str | None, crs: Any, encoding: str | None) -> Layer:
    """Read a layer of a vector file, or of a database.

    Parameters
    ----------
    path : path
        A file, a folder *.gdb, or the address of a database.
    layer, crs, encoding
        As ``read_layer`` takes them.

    Raises
    ------
    MissingFileError, FormatError, CrsError, DatabaseError
        See ``read_layer`` and ``read_database_layer``; a folder that is no FileGDB.
    """
    if is_database(path):
        return read_database_layer(str(path), layer=layer, crs=crs)
    found = existing(path)
    if found.is_dir() and found.suffix.lower() != ".gdb":
        raise FormatError("this is a folder", file=str(path), remedy="name a file in it")
    return read_layer(found, layer=layer, crs=crs, encoding=encoding)
