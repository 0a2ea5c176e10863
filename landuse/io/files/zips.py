"""Zip archives: looked through before anything is taken out of them, then unpacked into a folder of ours."""

from __future__ import annotations

import itertools
import lzma
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from landuse.errors import FormatError

__all__ = ["MOST_BYTES", "unpacked"]

MOST_BYTES = 8 << 30
"""What an archive may hold, unpacked [bytes]."""
_MOST_MEMBERS = 20_000
_FREE_BYTES = 64 << 20
"""Up to here nobody asks how well an archive is packed."""
_MOST_RATIO = 250
"""Unpacked to packed: attribute tables full of blanks reach 100."""
_BLOCK = 1 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_SKIPPED = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


@dataclass(frozen=True)
class _Member:
    info: zipfile.ZipInfo
    name: str


@contextmanager
def unpacked(path: Path, file: str) -> Iterator[Path]:
    """Unpack a zip archive and yield the folder, which is gone afterwards.

    Parameters
    ----------
    path : Path
    file : str
        Its name in refusals.

    Raises
    ------
    FormatError
        Where it is no zip, is locked or damaged, holds paths that lead out of it or links, claims or turns
        out to be larger than ``MOST_BYTES``, or is packed as no real data can be.
    """
    with tempfile.TemporaryDirectory(prefix="landuse-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(archive, file)
                _check_sizes(members, path.stat().st_size, file)
                for member in members:
                    _take_out(archive, member, Path(folder), file)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError) as error:
            raise FormatError(
                f"the file is no sound zip archive ({error})", file=file, remedy="pack or copy it again"
            ) from None
        yield Path(folder)


def _members(archive: zipfile.ZipFile, file: str) -> list[_Member]:
    """Return the files of an archive under their names; none of them may lead out of it."""
    found: list[_Member] = []
    taken: dict[str, str] = {}
    if len(archive.infolist()) > _MOST_MEMBERS:
        raise FormatError(
            f"the archive holds {len(archive.infolist())} files, more than {_MOST_MEMBERS}",
            file=file,
            remedy="pack only the layers that are needed",
        )
    for info in archive.infolist():
        name = _name(info)
        _check_name(info, name, file)
        if info.is_dir() or name.endswith("/") or _SKIPPED.search(name):
            continue
        if info.flag_bits & 0x1:
            raise FormatError(
                f"{name!r} in the archive is locked with a password", file=file, remedy="pack it without one"
            )
        if taken.setdefault(name.casefold(), name) != name or any(m.name == name for m in found[-1:]):
            raise FormatError(
                f"{name!r} stands in the archive twice", file=file, remedy="pack each file once"
            )
        found.append(_Member(info, name))
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the flag for UTF-8 it is what the packing machine wrote, mostly GBK."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        for codec in ("utf-8", "gb18030"):
            try:
                return raw.decode(codec).replace("\\", "/")
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _check_name(info: zipfile.ZipInfo, name: str, file: str) -> None:
    parts = name.split("/")
    if name.startswith("/") or ":" in name or ".." in parts:
        raise FormatError(
            f"the archive holds the path {name!r}, which leads out of it",
            file=file,
            remedy="do not use this archive; ask who made it for another one",
        )
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FormatError(
            f"{name!r} in the archive is a link, not a file", file=file, remedy="pack the files themselves"
        )


def _check_sizes(members: list[_Member], size: int, file: str) -> None:
    whole = sum(m.info.file_size for m in members)
    packed = sum(m.info.compress_size for m in members)
    if whole > MOST_BYTES:
        raise _bomb(f"the archive says it unpacks to {whole:,} bytes, more than {MOST_BYTES:,}", file)
    if whole > _FREE_BYTES and whole > _MOST_RATIO * max(size, 1):
        raise _bomb(f"the archive says it unpacks to {whole // max(size, 1)} times its size", file)
    spans = sorted((m.info.header_offset, m.info.compress_size) for m in members)
    overlap = any(a + n > b for (a, n), (b, _) in itertools.pairwise(spans))
    if packed > size or overlap:
        raise _bomb("files in the archive lie over one another", file)
    for member in members:
        if member.info.compress_type not in _METHODS:
            raise FormatError(
                f"{member.name!r} is packed by a method that is not read",
                file=file,
                remedy="pack it as plain zip",
            )


def _take_out(archive: zipfile.ZipFile, member: _Member, folder: Path, file: str) -> None:
    """Unpack one file, never more of it than it says."""
    target = folder.joinpath(*member.name.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    left = member.info.file_size
    if shutil.disk_usage(folder).free < left + _BLOCK:
        raise FormatError(
            "there is no room to unpack the archive", file=file, remedy="unpack it, and name the file in it"
        )
    try:
        with archive.open(member.info) as source, target.open("wb") as sink:
            while block := source.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise _bomb(f"{member.name!r} in the archive is larger than it says", file)
                sink.write(block)
    except (zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError) as error:
        raise FormatError(
            f"{member.name!r} in the archive cannot be unpacked ({error})",
            file=file,
            remedy="pack or copy it again",
        ) from None
    if left:
        raise FormatError(
            f"{member.name!r} in the archive is shorter than it says",
            file=file,
            remedy="pack or copy it again",
        )


def _bomb(what: str, file: str) -> FormatError:
    return FormatError(what, file=file, remedy="unpack it yourself if you trust it, and name the file in it")
