"""What an explanation holds, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from landuse.labels import label, say
from landuse.screening.figures import span_texts
from landuse.tables import NO_CAUSE

__all__ = ["ClauseView", "Explanation", "FactView", "FlipView", "PartView", "Ruling"]


@dataclass(frozen=True)
class FactView:
    """A fact of the subject: its name, what people call it, and its value in words ('' where unknown)."""

    fact: str
    label: str
    value: str


@dataclass(frozen=True)
class PartView:
    """A comparison: of the clause's scope or of its condition, with value, limit and outcome.

    ``holds`` is None where it is unknown; ``missing`` then names the facts that would have to be known.
    """

    of: str
    fact: str
    kind: str
    value: str
    op: str
    limit: str
    holds: bool | None
    borderline: bool
    missing: tuple[str, ...]
    phrase: str


@dataclass(frozen=True)
class ClauseView:
    """A clause: whether it applies and holds (None: unknown), whether it decides, and its comparisons."""

    policy: str
    clause: str
    cite: str
    text: str
    verdict: str
    in_scope: bool | None
    holds: bool | None
    decides: bool
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class FlipView:
    """What one fact alone would have to be for another verdict.

    ``parts`` says what that means for the two figures that a ratio is made of, each with the other as it is.
    """

    fact: str
    label: str
    value: str
    verdict: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ruling:
    """The verdict under one policy as the status table has it, the missing facts by name, its clauses."""

    policy: str
    title: str
    status: Mapping[str, Any]
    missing: tuple[str, ...]
    clauses: tuple[ClauseView, ...]
    flips: tuple[FlipView, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why a subject has its verdicts; ``lines`` and ``str`` say it in Chinese."""

    subject: str
    subject_id: str
    as_of: date
    source_file: str | None
    source_row: int | None
    facts: tuple[FactView, ...]
    rulings: tuple[Ruling, ...]

    def lines(self) -> list[str]:
        """Return the explanation as lines of Chinese text."""
        name = label("subjects", self.subject)
        lines = [say("explanation", "head", subject=name, id=self.subject_id, as_of=self.as_of.isoformat())]
        if self.source_file is not None:
            kind = "origin_file" if self.source_row is None else "origin"
            lines.append(say("explanation", kind, file=self.source_file, row=self.source_row))
        lines.append(label("explanation", "facts"))
        for fact in self.facts:
            value = fact.value or label("explanation", "unknown")
            lines.append(say("explanation", "fact", label=fact.label, value=value))
        for ruling in self.rulings:
            lines += _ruling_lines(ruling, self.subject)
        return lines if self.rulings else [*lines, label("explanation", "no_ruling")]

    def __str__(self) -> str:
        return "\n".join(self.lines())


def _ruling_lines(ruling: Ruling, subject: str) -> list[str]:
    row = ruling.status
    lines = [
        say(
            "explanation",
            "ruling",
            mark=label("explanation", "headline") if row["headline"] else "",
            title=ruling.title,
            policy=ruling.policy,
            verdict=label(f"{subject}_verdicts", row["verdict"]),
        ),
        say("explanation", "reason", reason=row["reason"]),
    ]
    if ruling.missing:
        lines.append(say("explanation", "missing", facts=label("reasons", "and").join(ruling.missing)))
    if isinstance(row["outcome"], str):
        lines.append(say("explanation", "outcome", outcome=row["outcome"]))
    if isinstance(row["follows"], str):
        lines.append(say("explanation", "follows", follows=row["follows"]))
    if subject == "project":
        way = label("routes", row["route"])
        lines.append(say("explanation", "route", route=way, source=row["route_source"]))
    if subject == "parcel":
        fee = span_texts(np.array([row["fee_wan_low"]]), np.array([row["fee_wan_high"]]), "wan")[0]
        cause = row["government_cause"]
        lines += [say("explanation", "fee", value=fee)] if fee else []
        lines += [say("explanation", "cause", value=cause)] if _claimed(cause) else []
    for clause in ruling.clauses:
        lines += _clause_lines(clause)
    return lines + _flip_lines(ruling.flips, subject)


def _flip_lines(flips: tuple[FlipView, ...], subject: str) -> list[str]:
    """Say what would change the verdict."""
    if not flips:
        return [label("explanation", "no_flip")]
    lines = [label("explanation", "flips")]
    for flip in flips:
        parts = label("reasons", "next").join(flip.parts)
        lines.append(
            say(
                "explanation",
                "flip_day" if flip.fact == "as_of" else "flip",
                fact=flip.label,
                value=flip.value,
                verdict=label(f"{subject}_verdicts", flip.verdict),
                parts=say("explanation", "flip_parts", parts=parts) if parts else "",
            )
        )
    return lines


def _claimed(cause: object) -> bool:
    return isinstance(cause, str) and cause != NO_CAUSE


def _form(part: PartView) -> str:
    """Return how a comparison is laid out; the phrase of a figure says what is asked for, too."""
    if part.op in ("is_known", "is_unknown"):
        return "state"
    return "word" if part.kind in ("text", "flag") else "figure"


def _clause_lines(clause: ClauseView) -> list[str]:
    mark = label("explanation", "decides" if clause.decides else "other")
    state = {True: "held", False: "not_held", None: "open"}[clause.holds]
    if clause.in_scope is False:
        state = "outside"
    lines = [
        say("explanation", "clause", mark=mark, cite=clause.cite, clause=clause.clause, text=clause.text),
        label("explanation", state),
    ]
    for part in clause.parts:
        truth = {True: "true", False: "false", None: "unknown"}[part.holds]
        lines.append(
            say(
                "explanation",
                _form(part),
                kind=label("explanation", part.of),
                phrase=part.phrase,
                op=label("ops", part.op),
                limit=part.limit,
                truth=label("explanation", truth),
            )
        )
    return lines
