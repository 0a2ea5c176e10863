"""What can go wrong, one class a kind, each with where it was found and what to do about it."""

from __future__ import annotations

from typing import Any

__all__ = [
    "AmbiguousError",
    "CellError",
    "CrsError",
    "DatabaseError",
    "DependencyError",
    "FormatError",
    "HeaderError",
    "IdError",
    "LanduseError",
    "LinkError",
    "MissingFileError",
    "NoSuchDayError",
    "OutputError",
    "PlanError",
    "PolicyError",
    "RejectedError",
    "RunError",
    "ScoreError",
    "SolverError",
    "TableError",
    "UnitError",
    "nearest",
]


class LanduseError(Exception):
    r"""A refusal: what is wrong, where it stands, what to do.

    Parameters
    ----------
    what : str
        What is wrong, as one sentence without a full stop.
    file : str, optional
        The file it stands in.
    row : int or str, optional
        The row (as the program that shows the file counts it), line or record id.
    key : str, optional
        The column, header, field or plan key.
    remedy : str, optional
        What the user can do.

    Examples
    --------
    >>> print(LanduseError("no coordinate system", file="a.shp", remedy="name it (crs)"))
    a.shp: no coordinate system. What to do: name it (crs)
    """

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        row: int | str | None = None,
        key: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what, self.file, self.row, self.key, self.remedy = what, file, row, key, remedy
        super().__init__(what)

    def __str__(self) -> str:
        place = [str(self.file)] if self.file is not None else []
        if self.row is not None:
            place.append(f"row {self.row}" if isinstance(self.row, int) else str(self.row))
        if self.key is not None:
            place.append(f"[{self.key}]")
        text = (", ".join(place) + ": " if place else "") + self.what
        return f"{text}. What to do: {self.remedy}" if self.remedy else text

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.what, dict(self.__dict__)))


def _rebuild(kind: type[LanduseError], what: str, state: dict[str, Any]) -> LanduseError:
    error = kind.__new__(kind)
    Exception.__init__(error, what)
    error.__dict__.update(state)
    return error


class PlanError(LanduseError):
    """The plan file has an unknown key, a wrong value or lacks one (as_of, parcels)."""


class MissingFileError(LanduseError):
    """A file that the plan names is not there."""


class FormatError(LanduseError):
    """A file is not what its name says, or holds more than one layer and none is named."""


class HeaderError(LanduseError):
    """A header is not recognised, stands for two columns, or two stand for one."""


class CrsError(LanduseError):
    """A coordinate system is missing, contradicts the coordinates, or cannot be reached from another."""


class DatabaseError(LanduseError):
    """A database cannot be reached, or refuses what is asked of it."""


class IdError(LanduseError):
    """One id stands on two different rows."""


class LinkError(LanduseError):
    """The analyst's corrections name what is not there or do not sum to one."""


class PolicyError(LanduseError):
    """A policy file breaks the policy language, lacks a limit, or is out of force."""


class OutputError(LanduseError):
    """The output folder holds something that is not ours, or cannot be written."""


class ScoreError(LanduseError):
    """Scores or classes are asked for without what only the user knows: weights, ideal values, a rounding."""


class SolverError(LanduseError):
    """The optimiser failed, or its answer did not pass the check in plain arithmetic."""


class DependencyError(LanduseError):
    """An optional package is needed and not installed."""


class RejectedError(LanduseError):
    """More rows were rejected than the plan allows (max_rejected)."""


class CellError(LanduseError):
    """The text of a cell cannot be read as what its column holds."""


class UnitError(CellError):
    """A bare number whose unit nobody named, or a currency without a rate."""


class AmbiguousError(CellError):
    """The text of a cell can be read in two ways (two phases, two amounts)."""


class NoSuchDayError(CellError):
    """A date that no calendar has (2019-02-30, month 13)."""


class RunError(LanduseError):
    """Two finished runs cannot be compared."""


class TableError(LanduseError):
    """A table breaks its schema; all breaches stand in ``failures``.

    Parameters
    ----------
    failures : list of dict
        One breach each: ``column``, ``check``, ``row`` (the key of the row), ``value``.
    """

    def __init__(self, what: str, *, failures: list[dict[str, Any]] | None = None, **place: Any) -> None:
        super().__init__(what, **place)
        self.failures = failures or []

    def __str__(self) -> str:
        shown = [
            f"\n  {f.get('column')}: {f.get('check')} (row {f.get('row')}, value {f.get('value')!r})"
            for f in self.failures[:10]
        ]
        more = f"\n  … and {len(self.failures) - 10} more" if len(self.failures) > 10 else ""
        return super().__str__() + "".join(shown) + more


def nearest(word: str, known: list[str] | tuple[str, ...] | set[str], *, cutoff: float = 0.0) -> str | None:
    """Return the known word most like ``word``, or None where nothing reaches ``cutoff``.

    Examples
    --------
    >>> nearest("as_off", ["as_of", "title"])
    'as_of'
    """
    from difflib import get_close_matches

    found = get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    return found[0] if found else None
