"""Lines of a survey coordinate TXT to records: the header, and a record a parcel with its rows of points."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from landuse.errors import FormatError
from landuse.parsing.text import plain

__all__ = ["Point", "Record", "Survey", "parse_survey", "words"]

_SECTION = re.compile(r"[\[【〔]\s*([^\]】〕]+?)\s*[\]】〕]")
_SHAPE_AT, _LONG_SHAPE_AT = 4, 6
_TOWN_CODE = re.compile(r"\d{6,12}")


Point = tuple[str, float, float]
"""Name of a point, X and Y as the file has them (north and east) [m]."""


@dataclass(slots=True)
class Record:
    """A parcel as it stands: its header line and its points by ring.

    ``rings`` holds a list of points for each run of one ring number. ``fault`` is the line and text of the
    first row that is no point.
    """

    line: int
    raw: str
    shape: str | None
    count: str
    area: str
    parcel_id: str | None
    name: str | None
    use: str | None
    unusual: bool
    rings: list[list[Point]] = field(default_factory=list)
    ring: str | None = None
    fault: tuple[int, str] | None = None


@dataclass(frozen=True)
class Survey:
    """What stands in a file: header entries by our key, with their line, and the records."""

    header: dict[str, tuple[int, str]]
    records: list[Record]


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """Return the words of the format by section and key."""
    page = files("landuse.io") / "aliases" / "survey_txt.toml"
    return tomllib.loads(page.read_text(encoding="utf-8"))


def parse_survey(text: str, *, file: str) -> Survey:
    """Parse the text of a survey file.

    Parameters
    ----------
    text : str
        The whole file.
    file : str
        Named in refusals.

    Returns
    -------
    Survey

    Raises
    ------
    FormatError
        Where there is no section of parcel coordinates, or points stand before the first parcel.
    """
    header: dict[str, tuple[int, str]] = {}
    records: list[Record] = []
    inside = found = False
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.strip() if raw.isascii() else plain(raw)
        if not line:
            continue
        section = _SECTION.fullmatch(line)
        if section:
            inside = section[1].replace(" ", "") in words()["sections"]["coordinates"]
            found |= inside
        elif not inside:
            _add_entry(header, number, line)
        elif "@" in line or _names_shape(line):
            records.append(_record(number, raw, line))
        elif records:
            _add_point(records[-1], number, raw, line)
        else:
            raise FormatError(
                "points stand before the first parcel line",
                file=file,
                row=number,
                remedy="a parcel begins with a line that ends in @: count,area,number,name,shape,...,@",
            )
    if not found:
        title = words()["sections"]["coordinates"][0]
        raise FormatError(
            f"no section [{title}]: not a survey coordinate file",
            file=file,
            remedy=f"export it in the layout with [{title}], or move other text files out of the folder",
        )
    return Survey(header, records)


def _add_entry(header: dict[str, tuple[int, str]], number: int, line: str) -> None:
    name, sign, value = line.partition("=")
    name = name.replace(" ", "")
    for key, names in words()["keys"].items():
        if sign and name in names:
            header.setdefault(key, (number, value.strip()))


def _names_shape(line: str) -> bool:
    return line.count(",") >= _SHAPE_AT and _shape_at([t.strip() for t in line.split(",")]) is not None


def _shape_at(tokens: list[str]) -> int | None:
    known = {w for names in words()["shapes"].values() for w in names}
    return next((i for i, t in enumerate(tokens) if i >= _SHAPE_AT and t in known), None)


def _record(number: int, raw: str, line: str) -> Record:
    """Read a parcel line by position up to the shape: count, area, number, name (or town twice before)."""
    tokens = [t.strip() for t in line.replace("@", "").split(",")]
    if line.startswith("@") and tokens and not tokens[0]:
        tokens = tokens[1:]
    at = _shape_at(tokens)
    shape = None if at is None else next(k for k, names in words()["shapes"].items() if tokens[at] in names)
    end = _SHAPE_AT if at is None else at
    tokens += [""] * (end + 3 - len(tokens))
    first = 4 if end == _LONG_SHAPE_AT and _TOWN_CODE.fullmatch(tokens[2]) else 2
    return Record(
        line=number,
        raw=raw.strip(),
        shape=shape,
        count=tokens[0],
        area=tokens[1],
        parcel_id=tokens[first] or None,
        name=_own(",".join(tokens[first + 1 : end])),
        use=_own(tokens[end + 2]),
        unusual=at is None or end - first != 2,
    )


def _own(token: str) -> str | None:
    """Return what somebody wrote, None for nothing and for a field name that a template left standing."""
    return None if not token or token.upper() in words()["templates"]["words"] else token


def _add_point(record: Record, number: int, raw: str, line: str) -> None:
    tokens = line.split(",")
    try:
        name, ring, x, y = tokens[0].strip(), tokens[1].strip(), float(tokens[2]), float(tokens[3])
    except (IndexError, ValueError):
        name, ring, x, y = "", "", math.nan, math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        record.fault = record.fault or (number, raw.strip())
        return
    if ring != record.ring:
        record.ring = ring
        record.rings.append([])
    record.rings[-1].append((name, x, y))
