"""Files that must stay as they are while they are read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from landuse.errors import FormatError
from landuse.io.files.sources import digest

__all__ = ["Watch", "unchanged"]

_Stamp = tuple[tuple[str, int, int, int], ...]
_YOUNG_NS = 3_000_000_000
"""A file written this short a time ago may change again without its time showing it [ns]."""


class Watch:
    """The digest of files under watch; known once the watch is over."""

    def __init__(self, first: Future[str]) -> None:
        self._first = first

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the files, one after the other."""
        return self._first.result()


@contextmanager
def unchanged(list_files: Callable[[], Sequence[Path]], *, file: str) -> Iterator[Watch]:
    """Refuse files that change while they are read.

    Their sizes, times and digest are taken before (the digest beside the reading, in a thread) and compared
    afterwards. A second digest is taken where a file is so young that its time may not show a change.

    Parameters
    ----------
    list_files : callable
        Returns the files; called before and after, for files may come and go.
    file : str
        Named in the refusal.

    Yields
    ------
    Watch

    Raises
    ------
    FormatError
        Where anything differs afterwards.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a").write_text("a")
    ...     with unchanged(lambda: list(Path(folder).iterdir()), file="a") as watch:
    ...         pass
    >>> watch.sha256[:8]
    'ca978112'
    """
    before = _stamp(list_files())
    young = time.time_ns() - max((mtime for _, _, mtime, _ in before), default=0) < _YOUNG_NS
    with ThreadPoolExecutor(1) as pool:
        files = [Path(name) for name, *_ in before]
        first = pool.submit(digest, files)
        yield Watch(first)
        if _safely(first.result) is None or _stamp(list_files()) != before:
            raise _changed(file)
        if young and _safely(lambda: digest(files)) != first.result():
            raise _changed(file)


def _safely(work: Callable[[], str]) -> str | None:
    """Return the digest; None where a file is gone."""
    try:
        return work()
    except OSError:
        return None


def _changed(file: str) -> FormatError:
    return FormatError(
        "the file changed while it was read",
        file=file,
        remedy="wait until the program that writes it is done, and run again",
    )


def _stamp(files: Sequence[Path]) -> _Stamp:
    found = []
    for path in files:
        try:
            seen = path.stat()
        except OSError:
            found.append((str(path), -1, 0, 0))
            continue
        found.append((str(path), seen.st_size, seen.st_mtime_ns, seen.st_ino))
    return tuple(found)
