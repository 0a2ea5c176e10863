"""A sheet or layer as it stands in its file, and what the user says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import PlanError
from landuse.io.coordinates.datum_shifts import Shift
from landuse.io.header.own_aliases import AliasBook
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.rates import Rate

__all__ = ["BLANKS", "Cut", "Grid", "Options"]

BLANKS = {
    "started_on": "not_started", "suspended_on": "not_suspended", "government_cause": "none",
    "start_due": "not_agreed", "handed_over_on": "not_handed_over", "finished_on": "not_finished",
}  # fmt: skip
"""The columns whose empty cells a plan may give a meaning, and the word for it."""


@dataclass(frozen=True)
class Options:
    """What the user says about a file.

    Parameters
    ----------
    columns : mapping
        File header to our column, or to ``"ignore"``.
    amount_unit, area_unit : str, optional
        Unit of bare numbers under headers that name none (wan, mu …).
    blanks : mapping
        What an empty cell means, ``{"started_on": "not_started"}`` and so on as in ``BLANKS``; otherwise
        unknown.
    approx_rel : float
        Half the relative width of "about".
    axes : {"north_east"}, optional
        Which way round coordinates stand; otherwise x is east.
    datum_shifts : tuple of Shift
        Changes of datum by given parameters.
    rates : mapping
        Exchange rates, by currency.
    book : AliasBook, optional
        A bureau's own alias files.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    amount_unit: str | None = None
    area_unit: str | None = None
    blanks: Mapping[str, str] = field(default_factory=dict)
    approx_rel: float = 0.1
    axes: str | None = None
    datum_shifts: tuple[Shift, ...] = ()
    rates: Mapping[str, Rate] = field(default_factory=dict)
    book: AliasBook | None = None

    def __post_init__(self) -> None:
        if self.amount_unit is not None and amount_unit_factor(self.amount_unit) is None:
            raise PlanError(
                f"{self.amount_unit!r} is not a unit of money",
                key="amount_unit",
                remedy="use yuan, wan or yi, or their Chinese names",
            )
        if self.area_unit is not None and area_unit_factor(self.area_unit) is None:
            raise PlanError(
                f"{self.area_unit!r} is not a unit of area",
                key="area_unit",
                remedy="use m2, mu or ha, or their Chinese names",
            )
        if self.axes not in (None, "north_east"):
            raise PlanError(f"axes = {self.axes!r} is not known", key="axes", remedy='write "north_east"')
        for column, word in self.blanks.items():
            if BLANKS.get(column) != word:
                raise PlanError(
                    f"an empty {column} cannot be said to mean {word!r}",
                    key=f"blank_{column}",
                    remedy=" or ".join(f'blank_{c} = "{w}"' for c, w in BLANKS.items()),
                )


@dataclass(frozen=True)
class Cut:
    """What is left of a header that a format cut to ten bytes.

    Parameters
    ----------
    text : str
        Its whole characters.
    tail : bytes
        What is left of a character that was cut in half.
    codec : str
        The encoding in which it was cut.
    """

    text: str
    tail: bytes
    codec: str

    def may_be(self, whole: str, start: str) -> bool:
        """Say whether a header may be the whole one; both in the spelling in which headers are compared."""
        more = whole[len(start) :]
        return (
            bool(more)
            and whole.startswith(start)
            and more.encode(self.codec, "replace").startswith(self.tail)
        )


@dataclass(frozen=True)
class Grid:
    """A sheet or layer as it stands: headers, cells, and where the rows stood.

    Parameters
    ----------
    file : str
        The file, as it is shown to people.
    layer : str or None
        The sheet or layer.
    headers : list of str
        One a column; levels of a header of several rows are joined by ``" > "``.
    cells : DataFrame
        Columns 0 … n-1 with the types that the driver gave; a RangeIndex.
    rows : ndarray of int64
        The row, record or line of each, counted from 1 as the program that shows the file does.
    cut : mapping
        Position of a header that may have been cut short, to what is left of it.
    """

    file: str
    layer: str | None
    headers: list[str]
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    cut: Mapping[int, Cut] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name of the file without folder and ending."""
        return PurePath(self.file).stem
