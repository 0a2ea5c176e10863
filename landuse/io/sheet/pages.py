"""Which sheet of several is meant: the one named, or the only visible one that holds anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from landuse.errors import FormatError, nearest
from landuse.tables import issue

__all__ = ["Page", "chosen"]


@dataclass(frozen=True)
class Page:
    """A sheet that could be meant: its name, whether it is shown, a way to tell whether it holds anything."""

    name: str
    visible: bool
    full: Callable[[], bool]


def chosen(pages: Sequence[Page], *, file: str, sheet: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Return the name of the sheet that is meant, and what is to be said of the choice.

    Parameters
    ----------
    pages : sequence of Page
        The sheets of the file.
    file : str
        The file.
    sheet : str, optional
        The user's word; a hidden sheet is read only where it is named, and that is said.

    Raises
    ------
    FormatError
        Where no sheet bears the name, none holds anything, or several visible ones do; with the choices.
    """
    names = [p.name for p in pages]
    if sheet is not None:
        if sheet not in names:
            raise FormatError(
                f"there is no sheet {sheet!r}; the sheets are {_listed(names)}",
                file=file,
                key="sheet",
                remedy=f'the nearest is sheet = "{nearest(sheet, names)}"',
            )
        hidden = not pages[names.index(sheet)].visible
        return sheet, [issue("hidden_sheet", "kept", file=file, sheet=sheet, raw=sheet)] if hidden else []
    full = [p.name for p in pages if p.visible and p.full()]
    left = [p.name for p in pages if not p.visible and p.full()]
    if not full:
        more = f"; hidden sheets do: {_listed(left)}" if left else ""
        remedy = f'name it if it is meant: sheet = "{left[0]}"' if left else "name another file"
        raise FormatError(f"no visible sheet holds anything{more}", file=file, key="sheet", remedy=remedy)
    if len(full) > 1:
        raise FormatError(
            f"{len(full)} sheets hold something: {_listed(full)}",
            file=file,
            key="sheet",
            remedy=f'say which one is meant: sheet = "{full[0]}"',
        )
    return full[0], [issue("hidden_sheet_left", "kept", file=file, sheet=n, raw=n) for n in left]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(n) for n in names)
