"""Refusals of a plan: an unknown key with the nearest known one, a missing or wrong value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from landuse.errors import PlanError, nearest
from landuse.io.plan.model import LATER, PlanKeys

__all__ = ["shown", "unknown_key", "wrong_value"]


def shown(place: tuple[str | int, ...]) -> str:
    """Return a place in the plan in words: parcels[2].path, counted from 1."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _models(model: type[BaseModel], name: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield the tables of a plan by name; the plan itself has none."""
    yield name, model
    for key, info in model.model_fields.items():
        inner = _inner(info.annotation)
        if inner is not None:
            yield from _models(inner, key)


def _inner(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) in (list, Union, UnionType):
        return next((m for a in get_args(annotation) if (m := _inner(a))), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def unknown_key(place: tuple[str | int, ...], file: str | None) -> PlanError:
    """Refuse an unknown key; name the nearest one of its table, or the table it belongs to."""
    tables = dict(_models(PlanKeys))
    key = str(place[-1])
    table = next((str(p) for p in reversed(place[:-1]) if isinstance(p, str)), "")
    known = [i.alias or n for n, i in tables[table].model_fields.items()] + (list(LATER) if not table else [])
    elsewhere = next((name for name, model in tables.items() if key in model.model_fields), None)
    if elsewhere is not None:
        where = f"in [{elsewhere}]" if elsewhere else "at the top of the plan, before the first ["
        remedy = f"{key} stands {where}"
    else:
        like = nearest(key, known)
        remedy = f"the nearest key is {like}; all of them: {', '.join(known)}"
    what = f"the key {key!r} is not known" + (f" in [{table}]" if table else "")
    return PlanError(what, file=file, key=shown(place), remedy=remedy)


def wrong_value(fault: Any, file: str | None) -> PlanError:
    """Refuse a missing or wrong value."""
    place = tuple(p for p in fault["loc"] if p not in ("date", "datetime"))
    at = shown(place)
    if fault["type"] == "missing" or (place == ("parcels",) and fault["type"] == "too_short"):
        remedy = '[[parcels]] with path = "…"' if place == ("parcels",) else f"write {place[-1]} = …"
        return PlanError(f"{at} is missing", file=file, key=at, remedy=remedy)
    value = fault["input"]
    if fault["type"] == "literal_error":
        words = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
        like = nearest(str(value), words)
        return PlanError(
            f"{at} = {value!r} is not one of {', '.join(words)}",
            file=file,
            key=at,
            remedy=f'the nearest is "{like}"; all of them: {", ".join(words)}',
        )
    said = re.sub(r"^Input should be", "it should be", str(fault["msg"]))
    remedy = "correct the value"
    if fault["type"] == "list_type" and isinstance(value, Mapping):
        remedy = f"write [[{at}]], with two brackets"
    elif fault["type"] in ("model_type", "model_attributes_type") and isinstance(value, list):
        remedy = f"write [{at}], with one pair of brackets; there is only one"
    elif place == ("as_of",):
        remedy = "write a date: as_of = 2026-06-30"
    return PlanError(f"{at} = {_brief(value)} is wrong: {said}", file=file, key=at, remedy=remedy)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
