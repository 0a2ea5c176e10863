"""Lines of a survey coordinate TXT to records: the header, and a record a parcel with its rows of points."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from importlib.resources import files

from landuse.errors import FormatError
from landuse.io.survey.layouts import parse_bare
from landuse.io.survey.records import Record, Survey, number
from landuse.parsing.text import plain

__all__ = ["parse_survey", "words"]

_SECTION = re.compile(r"[\[【〔]\s*([^\]】〕]+?)\s*[\]】〕]")
_SHAPE_AT, _LONG_SHAPE_AT = 4, 6
_TOWN_CODE = re.compile(r"\d{6,12}")


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
        Where there is no section of parcel coordinates, points stand outside of it or before the first
        parcel, or two headers contradict each other.
    """
    header: dict[str, tuple[int, str]] = {}
    records: list[Record] = []
    inside = found = False
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for at, raw in enumerate(lines, start=1):
        line = raw.strip() if raw.isascii() else plain(raw)
        if not line:
            continue
        section = _SECTION.fullmatch(line)
        if section:
            inside = section[1].replace(" ", "") in words()["sections"]["coordinates"]
            found |= inside
        elif not inside:
            _add_entry(header, at, line, file)
            if found and _is_point(line):
                raise _outside(at, file)
        elif "@" in line or _names_shape(line):
            records.append(_record(at, raw, line))
        elif records:
            _add_point(records[-1], at, raw, line)
        else:
            raise FormatError(
                "points stand before the first parcel line",
                file=file,
                row=at,
                remedy="a parcel begins with a line that ends in @: count,area,number,name,shape,...,@",
            )
    if found:
        return Survey(header, records)
    bare = parse_bare(lines)
    if bare is not None:
        return bare
    title = words()["sections"]["coordinates"][0]
    raise FormatError(
        f"no section [{title}]: not a survey coordinate file",
        file=file,
        remedy=f"export it in the layout with [{title}], or move other text files out of the folder",
    )


def _outside(at: int, file: str) -> FormatError:
    title = words()["sections"]["coordinates"][0]
    return FormatError(
        f"points stand outside the section [{title}]",
        file=file,
        row=at,
        remedy=f"put [{title}] before them, or take them out",
    )


def _is_point(line: str) -> bool:
    tokens = line.split(",") if "=" not in line else []
    return len(tokens) >= 4 and math.isfinite(number(tokens[2])) and math.isfinite(number(tokens[3]))


def _add_entry(header: dict[str, tuple[int, str]], at: int, line: str, file: str) -> None:
    """Add an entry of the header; a second header (files put one after the other) must agree."""
    name, sign, value = line.partition("=")
    name, value = name.replace(" ", ""), value.strip()
    for key, names in words()["keys"].items():
        if sign and name in names:
            first, known = header.setdefault(key, (at, value))
            if known != value and key in words()["binding"]["keys"]:
                raise FormatError(
                    f"the header says {names[0]}={known} in line {first} and {names[0]}={value} here",
                    file=file,
                    row=at,
                    remedy="give each header a file of its own",
                )


def _names_shape(line: str) -> bool:
    return line.count(",") >= _SHAPE_AT and _shape_at([t.strip() for t in line.split(",")]) is not None


def _shape_at(tokens: list[str]) -> int | None:
    known = {w for names in words()["shapes"].values() for w in names}
    return next((i for i, t in enumerate(tokens) if i >= _SHAPE_AT and t in known), None)


def _record(at_line: int, raw: str, line: str) -> Record:
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
        line=at_line,
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


def _add_point(record: Record, at: int, raw: str, line: str) -> None:
    tokens = [t.strip() for t in line.split(",")] + [""] * 4
    x, y = number(tokens[2]), number(tokens[3])
    if not (math.isfinite(x) and math.isfinite(y)):
        record.fault = record.fault or (at, raw.strip())
        return
    record.heights += math.isfinite(number(tokens[4]))
    record.add(tokens[1], (tokens[0], x, y))
