"""Schemes: procedures that class firms, as dated, cited data.

A scheme says what its source says and nothing more. What is not known there (weights, how shares of firms are
rounded) is left out of the file, and has to come from the plan.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)

from landuse.errors import MissingFileError, PolicyError, nearest
from landuse.policy.conditions import Text
from landuse.policy.model import Day

Rounding = Literal["half_up", "half_even", "up", "down"]

__all__ = [
    "Cut",
    "Figure",
    "Procedure",
    "Rounding",
    "Scheme",
    "load_scheme",
    "shipped_schemes",
]


def _read_share(value: object) -> Fraction:
    """Return a number or the text of a fraction, exactly."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        found = Fraction(value)
    elif isinstance(value, Decimal | float):
        found = Fraction(str(value))
    elif isinstance(value, str) and value.replace("/", "", 1).isdigit() and not value.endswith("/0"):
        found = Fraction(value)
    else:
        raise ValueError('it should be a number, or a fraction such as "3/20"')
    if found <= 0:
        raise ValueError("it should be above 0")
    return found


def _many(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Share = Annotated[Fraction, PlainValidator(_read_share)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_many), Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Header(_Model):
    """What a scheme is: names, source, when and where; a missing date is unknown."""

    id: Text
    title: Text
    source: Text
    reported: Text | None = None
    effective: Day | None = None
    expires: Day | None = None
    region: Annotated[str, Field(pattern=r"^\d{6}$")] | None = None
    note: str | None = None


class Figure(_Model):
    """A figure of a firm: one sum over another, or a column as the file has it.

    ``name`` is what people call it, for a figure that the house has no name for.
    """

    id: Text
    name: Text | None = None
    of: Text
    over: Text | None = None


class Cut(_Model):
    """A class: of one half, the share of all firms that comes first by some figures.

    ``points`` says that the points of those figures are added up, not one figure taken as it is.
    """

    verdict: Literal["A", "C"]
    half: Literal["top", "bottom"]
    share: Share
    by: Names
    take: Literal["greatest", "least"]
    points: bool = False


class Procedure(_Model):
    """How firms of a size are classed: halves by ``rank_by``, cuts, everything else ``otherwise``."""

    size: Literal["big", "small", "all"]
    cite: Text
    rank_by: Text
    otherwise: Literal["B"]
    rounding: Rounding | None = None
    cut: Annotated[tuple[Cut, ...], BeforeValidator(_many), Field(min_length=1)]


class _SchemeFile(_Model):
    scheme: Header
    figure: Annotated[tuple[Figure, ...], BeforeValidator(_many), Field(min_length=1)]
    procedure: Annotated[tuple[Procedure, ...], BeforeValidator(_many), Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> _SchemeFile:
        names = {f.id for f in self.figure}
        for procedure in self.procedure:
            cuts = [c.verdict for c in procedure.cut]
            if len(set(cuts)) < len(cuts) or sum(c.share for c in procedure.cut) > 1:
                raise ValueError("each class stands once, and their shares sum to at most 1")
            if any((c.verdict, c.half) not in (("A", "top"), ("C", "bottom")) for c in procedure.cut):
                raise ValueError("A is taken from the top half and C from the bottom half")
            for name in (procedure.rank_by, *(n for c in procedure.cut for n in c.by)):
                if name not in names and name != "points":
                    raise ValueError(f"{name!r} is no [[figure]]; the nearest is {nearest(name, names)!r}")
            if any(len(c.by) > 1 and not c.points for c in procedure.cut):
                raise ValueError("several figures are added up by their points: points = true")
        sizes = [p.size for p in self.procedure]
        if len(set(sizes)) < len(sizes) or ("all" in sizes and len(sizes) > 1):
            raise ValueError("one procedure a size, or one for all")
        return self


class Scheme(Header):
    """A scheme: header, figures, procedures, and the text it was read from."""

    figures: tuple[Figure, ...]
    procedures: tuple[Procedure, ...]
    text: str = Field(repr=False)
    file: str

    def out_of_force(self, on: date) -> bool:
        """Say whether it is known to be out of force on a day; a missing date is unknown."""
        early = self.effective is not None and on < self.effective
        return early or (self.expires is not None and on >= self.expires)


def shipped_schemes() -> list[str]:
    """Return the ids of the schemes that come with the library, sorted."""
    return sorted(_shelf())


def load_scheme(id_or_path: str | Path) -> Scheme:
    """Load a shipped scheme by its id, or a scheme file by its path.

    Raises
    ------
    PolicyError
        An unknown id (the nearest is named), or a file that is no scheme.
    MissingFileError
        No file at the path.

    Examples
    --------
    >>> load_scheme("cn-henan-firm-classes-2018-zhengzhou").procedures[0].cut[0].share
    Fraction(3, 20)
    """
    name = str(id_or_path)
    if isinstance(id_or_path, Path) or name.endswith(".toml") or "/" in name or "\\" in name:
        return _file(Path(id_or_path))
    if name not in _shelf():
        raise PolicyError(
            f"there is no shipped scheme {name!r}; the nearest is {nearest(name, shipped_schemes())!r}",
            key="scheme",
            remedy=f"one of {', '.join(shipped_schemes())}, or the path of a .toml file",
        )
    return scheme_of(_shelf()[name], file=f"{name}.toml")


def _file(path: Path) -> Scheme:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise MissingFileError(
            "the scheme file is not there", file=str(path), remedy="correct the path"
        ) from None
    except UnicodeDecodeError:
        raise PolicyError("the scheme is not UTF-8", file=str(path), remedy="save it as UTF-8") from None
    return scheme_of(text, file=str(path))


def scheme_of(text: str, *, file: str) -> Scheme:
    """Read a scheme from its text.

    Raises
    ------
    PolicyError
        With file and key, for anything that is not known.
    """
    try:
        content = _SchemeFile.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"this is not TOML: {error}", file=file, remedy="correct the line") from None
    except ValidationError as error:
        faults = error.errors(include_url=False)
        unknown = [f for f in faults if f["type"] == "extra_forbidden"]
        raise _fault((unknown or faults)[0], file) from None
    header: dict[str, Any] = {name: getattr(content.scheme, name) for name in Header.model_fields}
    return Scheme(
        **header,
        figures=content.figure,
        procedures=content.procedure,
        text=text,
        file=file,
    )


def _fault(fault: Any, file: str) -> PolicyError:
    place = [str(p) for p in fault["loc"]]
    key = ".".join(place) or "scheme"
    if fault["type"] == "extra_forbidden":
        holders: dict[str, type[BaseModel]] = {
            "scheme": Header,
            "figure": Figure,
            "procedure": Procedure,
            "cut": Cut,
        }
        holder = next((holders[p] for p in reversed(place[:-1]) if p in holders), _SchemeFile)
        known = list(holder.model_fields)
        return PolicyError(
            f"the key {place[-1]!r} is not known",
            file=file,
            key=key,
            remedy=f"the nearest is {nearest(place[-1], known)}",
        )
    said = str(fault["msg"]).removeprefix("Value error, ")
    return PolicyError(
        f"{key}: {said}", file=file, key=key, remedy="see docs/scoring.md for what a scheme holds"
    )


@cache
def _shelf() -> dict[str, str]:
    folder = files("landuse.policy") / "data" / "cn" / "schemes"
    return {
        page.name.removesuffix(".toml"): page.read_text(encoding="utf-8")
        for page in folder.iterdir()
        if page.name.endswith(".toml")
    }
