"""What lies in an unpacked archive: its datasets, and which of them is meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from landuse.errors import FormatError, nearest
from landuse.io.vector.drawn import Wanted

__all__ = ["Dataset", "choose_dataset"]


@dataclass(frozen=True)
class Dataset:
    """A file or folder in an archive that can be read: its path, and its name within the archive."""

    path: Path
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which it may be called: with folders, without, without ending."""
        return (self.name, self.path.name, self.path.stem)


def choose_dataset(folder: Path, wanted: Wanted, suffixes: Iterable[str]) -> tuple[Dataset, Wanted]:
    """Return the dataset of an unpacked archive that is meant, and what is asked of it.

    Parameters
    ----------
    folder : Path
    wanted : Wanted
        ``layer`` names a dataset, a layer of the only dataset, or ``dataset/layer``.
    suffixes : iterable of str
        Endings that can be read.

    Raises
    ------
    FormatError
        Where there is none, or several and none is named; the choices are listed.
    """
    found = list(_datasets(folder, frozenset(suffixes)))
    file, layer = wanted.file, wanted.layer
    if not found:
        raise FormatError(
            "the archive holds no layer that is read",
            file=file,
            remedy="pack one of " + ", ".join(sorted(suffixes)),
        )
    if layer is not None:
        for depth in range(3):
            named = [d for d in found if layer == d.names[depth]]
            if len(named) == 1:
                return named[0], replace(wanted, layer=None)
            within = [d for d in found if layer.startswith(d.names[depth] + "/")]
            if len(within) == 1:
                return within[0], replace(wanted, layer=layer[len(within[0].names[depth]) + 1 :])
    if len(found) == 1:
        return found[0], wanted
    shown = ", ".join(d.name for d in found)
    like = found[0].name if layer is None else nearest(layer, [d.name for d in found])
    raise FormatError(
        f"the archive holds {len(found)} layers: {shown}"
        + (f"; none of them is {layer!r}" if layer is not None else ""),
        file=file,
        key="layer",
        remedy=f'name the one that is meant: layer = "{like}"',
    )


def _datasets(folder: Path, suffixes: frozenset[str]) -> Iterable[Dataset]:
    """Yield the datasets, in the order of their names."""
    paths = sorted(folder.rglob("*"))
    bases = [p for p in paths if p.is_dir() and p.suffix.lower() == ".gdb"]
    for path in paths:
        if any(base in path.parents for base in bases):
            continue
        if path.suffix.lower() in suffixes and (path.is_file() or path in bases):
            yield Dataset(path, path.relative_to(folder).as_posix())
