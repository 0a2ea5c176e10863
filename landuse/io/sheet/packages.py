"""The zip file that a workbook is: opened within limits, without entities, only the parts that are needed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from lxml import etree

from landuse.errors import FormatError

__all__ = ["LARGEST", "parse_xml", "plain_package", "read_package"]

LARGEST = 1 << 30
"""Bytes that the parts of a workbook may hold unpacked; a sheet of a million rows holds about as many."""
_PARTS = 10_000
_UNPACK = 'save the sheet that is meant to a workbook of its own, or as .csv: "CSV UTF-8"'
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PROLOGUE = 4096


def read_package(data: bytes, *, file: str, keep: Callable[[str], bool]) -> dict[str, bytes]:
    """Unpack the parts of a workbook.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        As it is shown to people.
    keep : callable
        Says of a part's name whether it is needed.

    Returns
    -------
    dict of str to bytes
        The parts by name.

    Raises
    ------
    FormatError
        Where the file is no zip, is locked, has more than 10,000 parts, would unpack to more than ``LARGEST``
        bytes, or one of its parts declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            wanted = [i for i in package.infolist() if keep(i.filename)]
            total = sum(i.file_size for i in wanted)
            if len(package.infolist()) > _PARTS or total > LARGEST:
                raise FormatError(
                    f"unpacked, the workbook holds {total:,} bytes in {len(package.infolist()):,} parts; "
                    f"{LARGEST:,} bytes in {_PARTS:,} parts are the limit",
                    file=file,
                    remedy=_UNPACK,
                )
            parts = {i.filename: package.read(i) for i in wanted}
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        EOFError,
        zlib.error,
        ValueError,
        OSError,
    ) as error:
        raise FormatError(
            f"this is no workbook that can be unpacked ({error})",
            file=file,
            remedy="open it in a spreadsheet program and save it as .xlsx, without a password",
        ) from None
    for name, part in parts.items():
        if _DOCTYPE.search(part[:_PROLOGUE]):
            raise FormatError(
                f"the part {name} declares XML entities, which no workbook needs",
                file=file,
                remedy="open it in a spreadsheet program and save it as .xlsx afresh",
            )
    return parts


def plain_package(parts: dict[str, bytes]) -> io.BytesIO:
    """Return the parts as a zip without compression: what is read is what was measured."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    stored.seek(0)
    return stored


def parse_xml(data: bytes, *, file: str) -> Any:
    """Parse XML into its root element: no entities, no network, no depth without end.

    Raises
    ------
    FormatError
        Where it is not well formed, or declares entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FormatError(
            f"the XML in it is broken ({error})",
            file=file,
            remedy="open it in a spreadsheet program and save it as .xlsx",
        ) from None
    if root.getroottree().docinfo.doctype:
        raise FormatError(
            "it declares XML entities, which no sheet needs",
            file=file,
            remedy="open it in a spreadsheet program and save it as .xlsx",
        )
    return root
