"""Addresses on the network: refused unless the plan allows them, then fetched into a folder of ours."""

from __future__ import annotations

import http.client
import os
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from landuse.errors import FormatError, PlanError

__all__ = ["MOST_BYTES", "address_of", "fetched", "is_address", "is_remote", "plan_address", "refuse_remote"]

MOST_BYTES = 4 << 30
"""What is fetched at most [bytes]."""
_TIMEOUT_S = 60.0
_BLOCK = 1 << 20
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_VIRTUAL = re.compile(r"[\\/]+vsi[a-z0-9_]+([\\/]|$)", re.IGNORECASE)
_SHARE = re.compile(r"(\\\\|//)[^\\/]")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_REACHED = re.compile(r"(?:[\\/]+vsi(?:zip|curl)[\\/]+)+(https?:[\\/]+.*)", re.IGNORECASE)
_ALLOWED = (
    "copy the file to this machine and name the copy, or allow it in the plan: allow_network = true "
    "(before the first [[…]])"
)


def is_remote(path: str | os.PathLike[str]) -> bool:
    """Say whether a path leads off this machine, or into the virtual file systems of GDAL.

    Examples
    --------
    >>> [is_remote(p) for p in ("https://a.cn/b.gpkg", "/vsizip/b.zip/b.shp", "//server/b.shp", "C:/b.shp")]
    [True, True, True, False]
    """
    text = os.fspath(path)
    if os.name != "nt" and isinstance(path, os.PathLike):
        text = re.sub("^//(?=[^/])", "/", text)  # a path of this machine, however many strokes it begins with
    return bool(_SCHEME.match(text) or _VIRTUAL.match(text) or _SHARE.match(text))


def refuse_remote(path: str | os.PathLike[str]) -> None:
    """Refuse a path that leads off this machine.

    Raises
    ------
    FormatError
    """
    if is_remote(path):
        raise FormatError(
            "the path leads to the network or into a virtual file system, which is not allowed",
            file=os.fspath(path),
            remedy=_ALLOWED,
        )


def is_address(path: str) -> bool:
    """Say whether a path is an http address."""
    return _HTTP.match(path) is not None


def plan_address(path: str, *, key: str, file: str | None, allowed: bool) -> str | None:
    """Return the address that a path of a plan means; None for a path that is opened as it is.

    Parameters
    ----------
    path : str
        As the plan has it.
    key, file : str
        Where the plan names it.
    allowed : bool
        What the plan says of the network.

    Raises
    ------
    PlanError
        Where the path leads to the network and that is not allowed, or in a way that is not read.
    """
    if not is_remote(path):
        return None
    scheme = path.split(":")[0] + ":…" if _SCHEME.match(path) else path
    if not allowed:
        raise PlanError(
            f"{key} = {scheme} is an address or lies on the network, which is not allowed",
            file=file,
            key=key,
            remedy=_ALLOWED,
        )
    if _SHARE.match(path) and not _VIRTUAL.match(path):
        return None
    address = address_of(path)
    if address is None or urlsplit(address).username is not None:
        raise PlanError(
            f"{key} = {scheme} is an address that is not read",
            file=file,
            key=key,
            remedy="name a file, http(s)://… without user name and password, or postgresql://…",
        )
    return address


def address_of(path: str) -> str | None:
    """Return the http address that a path means, None where it means none.

    Examples
    --------
    >>> address_of("/vsizip//vsicurl/https://a.cn/b.zip")
    'https://a.cn/b.zip'
    """
    if _HTTP.match(path):
        return path
    found = _REACHED.match(path)
    if found is None:
        return None
    return re.sub(r"^(https?):[\\/]+", r"\1://", found[1], flags=re.IGNORECASE)


class _OnlyHttp(urllib.request.HTTPRedirectHandler):
    """Follow an address elsewhere only where that is http again."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if not _HTTP.match(newurl):
            raise urllib.error.URLError(f"it leads on to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def fetched(address: str) -> Iterator[Path]:
    """Fetch a file and yield where it lies; it is gone afterwards.

    Parameters
    ----------
    address : str
        http:// or https://.

    Raises
    ------
    FormatError
        Where it cannot be fetched, or is larger than ``MOST_BYTES``.
    """
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    if not re.search(r"\.[A-Za-z0-9]+$", name) or set(name) & set('\\/:*?"<>|'):
        raise FormatError(
            "the address does not end in the name of a file",
            file=address,
            remedy="name the file itself, as https://…/parcels.gpkg; a shapefile as a .zip",
        )
    with tempfile.TemporaryDirectory(prefix="landuse-") as folder:
        target = Path(folder) / name
        try:
            _fetch(address, target)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FormatError(
                f"the address cannot be fetched ({error})",
                file=address,
                remedy="correct the address, or copy the file to this machine",
            ) from None
        yield target


def _fetch(address: str, target: Path) -> None:
    opener = urllib.request.build_opener(_OnlyHttp)
    request = urllib.request.Request(address, headers={"User-Agent": "landuse"})
    with opener.open(request, timeout=_TIMEOUT_S) as source, target.open("wb") as sink:
        stated = int(source.headers.get("Content-Length") or 0)
        size = 0
        while block := source.read(_BLOCK):
            size += len(block)
            if max(size, stated) > MOST_BYTES:
                raise FormatError(
                    f"the file is larger than {MOST_BYTES:,} bytes",
                    file=address,
                    remedy="copy the file to this machine",
                )
            sink.write(block)
    if stated and size != stated:
        raise OSError(f"{size} of {stated} bytes came")
