"""Conditions: comparisons of one fact with a limit, and ``all``, ``any``, ``not`` of conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)

from landuse.policy.limits import Limit, read_limit

__all__ = [
    "AllOf",
    "AnyOf",
    "Condition",
    "Leaf",
    "Model",
    "NotOf",
    "Op",
    "Rounding",
    "Text",
    "leaves",
    "many",
]

Op: TypeAlias = Literal[
    "<", "<=", ">", ">=", "==", "!=", "in", "not_in", "under", "not_under", "is_known", "is_unknown"
]


def filled(value: object) -> object:
    """Refuse an empty text."""
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty")
    return value


def many(value: object) -> object:
    """Take a list of TOML for a tuple."""
    return tuple(value) if isinstance(value, list) else value


Text: TypeAlias = Annotated[str, BeforeValidator(filled)]

_NUMBER: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^(-?\d+/\d+)?$"}]}
_OBJECTS: list[dict[str, Any]] = [
    {
        "type": "object",
        "properties": {"by": {"type": "string"}, "std": {"type": "integer"}},
        "required": ["by"],
        "additionalProperties": _NUMBER,
    },
    {
        "type": "object",
        "properties": {"fact": {"type": "string"}, "times": _NUMBER},
        "required": ["fact"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {"table": {"type": "string"}, "indicator": {"type": "string"}},
        "required": ["table", "indicator"],
        "additionalProperties": False,
    },
]
LIMIT_SCHEMA: dict[str, Any] = {
    "description": "a number, a text, true/false, a day, a list of texts, or a limit by class, fact or table",
    "anyOf": [
        {"type": ["number", "string", "boolean"]},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        *_OBJECTS,
    ],
}


class Model(BaseModel):
    """A part of the language: frozen, strict, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Rounding(Model):
    """How a clause rounds a figure before it is compared: to ``digits`` decimals."""

    digits: int = Field(ge=0, le=6)
    mode: Literal["half_up", "down", "up"]


class Leaf(Model):
    """A comparison: ``fact op limit``, the limit in ``unit``.

    ``std`` is the edition of GB/T 4754 that the industry codes of the limit are of.
    """

    fact: Text
    op: Op
    limit: Annotated[Limit, PlainValidator(read_limit), WithJsonSchema(LIMIT_SCHEMA)] = None
    unit: str = ""
    inclusive: bool | None = None
    round: Rounding | None = None
    std: int | None = None


class AllOf(Model):
    """Holds where every one of its conditions holds."""

    all: Conditions


class AnyOf(Model):
    """Holds where at least one of its conditions holds."""

    any: Conditions


class NotOf(Model):
    """Holds where its condition does not."""

    condition: Condition = Field(alias="not")


def _kind(value: object) -> str:
    if isinstance(value, BaseModel):
        kinds = {AllOf: "<all>", AnyOf: "<any>", NotOf: "<not>"}
        return kinds.get(type(value), "<leaf>")
    for key in ("all", "any", "not"):
        if isinstance(value, dict) and key in value:
            return f"<{key}>"
    return "<leaf>"


Condition: TypeAlias = Annotated[
    Annotated[Leaf, Tag("<leaf>")]
    | Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")],
    Discriminator(_kind),
]
Conditions: TypeAlias = Annotated[tuple[Condition, ...], BeforeValidator(many), Field(min_length=1)]


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Yield the comparisons of a condition, in order."""
    match condition:
        case Leaf():
            yield condition
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from leaves(part)
        case NotOf(condition=part):
            yield from leaves(part)
