"""A sheet put together cell by cell: repeated and spanning cells, hidden rows, and a limit to its size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from landuse.errors import FormatError
from landuse.io.sheet.raw_rows import Merge, RawRows, said_marks

__all__ = ["Canvas"]

_MOST_CELLS = 25_000_000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


@dataclass
class Canvas:
    """A sheet that grows as cells are put on it; rows and columns from 0.

    Parameters
    ----------
    file : str
        As it is shown to people.
    """

    file: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: list[tuple[int, int, str, str | None]] = field(default_factory=list)
    _last: list[int] = field(default_factory=lambda: [-1, -1])

    def put(self, row: int, column: int, value: Any) -> None:
        """Put a value; None puts nothing.

        Raises
        ------
        FormatError
            Where the cell lies beyond what a sheet may hold.
        """
        if value is None:
            return
        self._last = [max(self._last[0], row), max(self._last[1], column)]
        size = (self._last[0] + 1) * (self._last[1] + 1)
        if row >= _MOST_ROWS or column >= _MOST_COLUMNS or size > _MOST_CELLS:
            raise FormatError(
                f"the sheet reaches to row {row + 1:,} and column {column + 1:,}; {_MOST_CELLS:,} cells are "
                "the limit",
                file=self.file,
                remedy="delete what stands in the farthest cells of the sheet, and save it",
            )
        self.cells[row, column] = value

    def merge(self, row: int, column: int, down: int, across: int) -> None:
        """Say that a cell spans rows and columns."""
        if down > 1 or across > 1:
            bottom = min(row + down, _MOST_ROWS) - 1
            self.merges.append(Merge(row, bottom, column, min(column + across, _MOST_COLUMNS) - 1))

    @property
    def full(self) -> bool:
        """Whether anything stands on it."""
        return bool(self.cells)

    def rows(self, sheet: str) -> RawRows:
        """Return the rows of the sheet."""
        height, width = self._last[0] + 1, self._last[1] + 1
        rows: list[list[Any]] = [[None] * width for _ in range(height)]
        for (row, column), value in self.cells.items():
            rows[row][column] = value
        merges = [m for m in self.merges if m.top < height and m.left < width]
        numbers = list(range(1, height + 1))
        raw = RawRows(rows, numbers, sorted(merges, key=lambda m: (m.top, m.left)), sheet=sheet)
        raw.issues.extend(
            said_marks(
                raw,
                self.file,
                hidden_rows=self.hidden_rows,
                hidden_columns=self.hidden_columns,
                marks=self.marks,
            )
        )
        return raw
