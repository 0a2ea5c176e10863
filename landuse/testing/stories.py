"""Parcels by recipe: first what is to be said of a parcel, then a history of dates that leads there.

The rules are those of 国土资源部令第53号, written down here on their own: unstarted for one and for two full
years (14), suspended for a full year with less than a third of the land or less than a quarter of the money
(2(2)). A full year from a day is over once the as-of date is later than the same day of the next year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

__all__ = ["AS_OF", "KINDS", "Kind", "Story", "kind"]

AS_OF = date(2026, 6, 30)
IN_USE, OPEN, OUT = "in_use", "undecided", "out_of_scope"


@dataclass(frozen=True)
class Story:
    """What happened on a parcel; None where the file leaves the cell empty.

    ``developed`` and ``due`` are shares of its land, ``invested`` the share of the planned money spent by its
    project; ``words`` stands in the cell of the start where no date does; ``placeholder`` puts 1900-01-01
    where the due start is missing.
    """

    start_due: date | None
    extended: date | None = None
    started: date | None = None
    finished: date | None = None
    suspended: date | None = None
    resumed: date | None = None
    developed: Fraction | None = None
    due: Fraction | None = None
    invested: Fraction | None = None
    words: str | None = None
    cause: str | None = None
    placeholder: bool = False


Tell = Callable[[Random], Story]


@dataclass(frozen=True)
class Kind:
    """A kind of parcel: what is to come out, and how its history is told.

    ``land`` is "state", "collective", "farmland" or "unsaid" (nothing says who owns it). ``project`` says
    that a project with the story's ``invested`` must stand on it.
    """

    key: str
    words: str
    verdict: str
    clause: str
    tell: Tell
    count: int = 0
    land: str = "state"
    project: bool = False
    idle: bool = False


def _day(first: str, last: str, rng: Random) -> date:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return start + timedelta(days=rng.randrange((end - start).days + 1))


def _unstarted(first: str, last: str | None = None, **more: str) -> Tell:
    """Tell of a start due between two days, and not made."""

    def tell(rng: Random) -> Story:
        due = _day(first, last or first, rng)
        words = rng.choice((None, None, None, "未开工", "尚未动工"))
        return replace(Story(due, words=words), **more)  # type: ignore[arg-type]

    return tell


def _undated(*, placeholder: bool) -> Tell:
    """Tell of no start and no date to start by."""

    def tell(rng: Random) -> Story:
        return Story(None, words=rng.choice((None, "未开工")), placeholder=placeholder)

    return tell


def _started(rng: Random) -> Story:
    due = _day("2016-03-01", "2025-12-31", rng)
    begun = min(due + timedelta(days=rng.randrange(-90, 150)), date(2026, 5, 31))
    return Story(due, started=begun)


def _finished(rng: Random) -> Story:
    due = _day("2012-03-01", "2022-12-31", rng)
    begun = due + timedelta(days=rng.randrange(-60, 120))
    return Story(due, started=begun, finished=begun + timedelta(days=rng.randrange(400, 1100)))


def _no_due(rng: Random) -> Story:
    return replace(_started(rng), start_due=None)


def _suspended(
    since: tuple[str, str],
    *,
    developed: str,
    due: str | None = "1",
    invested: str | None = None,
    resumed: tuple[str, str] | None = None,
) -> Tell:
    """Tell of a start, then of suspension, with shares of land and money as given."""

    def tell(rng: Random) -> Story:
        stopped = _day(*since, rng)
        start_due = stopped - timedelta(days=rng.randrange(300, 700))
        return Story(
            start_due,
            started=start_due + timedelta(days=rng.randrange(0, 120)),
            suspended=stopped,
            resumed=_day(*resumed, rng) if resumed else None,
            developed=Fraction(developed),
            due=Fraction(due) if due else None,
            invested=Fraction(invested) if invested else None,
        )

    return tell


def _extended(rng: Random) -> Story:
    return Story(_day("2023-03-01", "2024-06-01", rng), extended=_day("2026-09-01", "2027-03-01", rng))


def _later(rng: Random) -> Story:
    """Tell of a start that lies after the as-of date: it has not happened."""
    return Story(_day("2023-01-10", "2023-12-20", rng), started=date(2026, 8, 1))


CAUSE = "政府未按约定期限交付土地"
LONG_AGO, JUST_NOW = ("2023-08-01", "2025-03-31"), ("2025-10-01", "2026-04-30")
SUSPENDED, N1, N2 = "2(2)", "14(1)", "14(2)"

KINDS = (
    Kind("started", "已动工，在建", IN_USE, "none_held", _started),
    Kind("finished", "已竣工", IN_USE, "none_held", _finished, 70),
    Kind("started_no_due", "已动工，约定动工日期缺", IN_USE, "none_held", _no_due, 4),
    Kind("susp_short", "中止开发不满一年", IN_USE, "none_held", _suspended(JUST_NOW, developed="0.2"), 3),
    Kind(
        "susp_short_edge",
        "中止开发到基准日恰为一年，尚未届满",
        IN_USE,
        "none_held",
        _suspended(("2025-06-30", "2025-06-30"), developed="0.2"),
        1,
    ),
    Kind(
        "susp_enough",
        "中止开发满一年，面积、投资均达到比例",
        IN_USE,
        "none_held",
        _suspended(LONG_AGO, developed="0.5", invested="0.4"),
        3,
        project=True,
    ),
    Kind(
        "susp_at",
        "中止开发满一年，面积恰为三分之一，投资恰为百分之二十五",
        IN_USE,
        "none_held",
        _suspended(LONG_AGO, developed="1/3", invested="1/4"),
        1,
        project=True,
    ),
    Kind(
        "resumed",
        "中止后已复工",
        IN_USE,
        "none_held",
        _suspended(LONG_AGO, developed="0.2", resumed=("2025-06-01", "2026-05-31")),
        3,
    ),
    Kind(
        "not_due", "未到约定动工日期", "not_due", "2(1).not_due", _unstarted("2026-07-15", "2027-06-30"), 10
    ),
    Kind("not_due_edge", "约定动工日期恰为基准日", "not_due", "2(1).not_due", _unstarted("2026-06-30"), 1),
    Kind("extended", "批准延期后未到动工日期", "not_due", "2(1).not_due", _extended, 2),
    Kind(
        "overdue", "逾期未动工不满一年", "overdue", "2(1).overdue", _unstarted("2025-08-01", "2026-06-15"), 9
    ),
    Kind(
        "overdue_edge", "到基准日恰为一年，尚未届满", "overdue", "2(1).overdue", _unstarted("2025-06-30"), 1
    ),
    Kind("idle_1y", "满一年未动工", "idle_1y", N1, _unstarted("2024-08-01", "2025-06-10"), 9, idle=True),
    Kind("idle_1y_edge", "满一年的次日", "idle_1y", N1, _unstarted("2025-06-29"), 1, idle=True),
    Kind("idle_2y_eve", "到基准日恰为两年，尚未届满", "idle_1y", N1, _unstarted("2024-06-30"), 1, idle=True),
    Kind(
        "idle_cause",
        "满一年未动工，主张政府原因",
        "idle_1y",
        N1,
        _unstarted("2024-08-01", "2025-06-10", cause=CAUSE),
        2,
        idle=True,
    ),
    Kind("idle_2y", "满两年未动工", "idle_2y", N2, _unstarted("2019-03-01", "2024-06-10"), 9, idle=True),
    Kind("idle_2y_edge", "满两年的次日", "idle_2y", N2, _unstarted("2024-06-29"), 1, idle=True),
    Kind("idle_2y_leap", "约定2月29日动工，满两年", "idle_2y", N2, _unstarted("2024-02-29"), 1, idle=True),
    Kind("idle_2y_later", "所填动工日期晚于基准日，视为未动工", "idle_2y", N2, _later, 1, idle=True),
    Kind(
        "susp_area",
        "中止满一年，面积不足三分之一",
        "idle_suspended",
        SUSPENDED,
        _suspended(LONG_AGO, developed="0.2"),
        3,
        idle=True,
    ),
    Kind(
        "susp_area_edge",
        "中止满一年的次日，面积不足三分之一",
        "idle_suspended",
        SUSPENDED,
        _suspended(("2025-06-29", "2025-06-29"), developed="0.25"),
        1,
        idle=True,
    ),
    Kind(
        "susp_money",
        "中止满一年，投资不足百分之二十五",
        "idle_suspended",
        SUSPENDED,
        _suspended(LONG_AGO, developed="0.5", invested="0.15"),
        3,
        project=True,
        idle=True,
    ),
    Kind("no_due", "未动工，约定动工日期缺", OPEN, N2, _undated(placeholder=False), 3),
    Kind("no_due_1900", "未动工，约定动工日期填1900-01-01", OPEN, N2, _undated(placeholder=True), 2),
    Kind(
        "susp_unknown",
        "中止满一年，面积达到比例，投资不详",
        OPEN,
        SUSPENDED,
        _suspended(LONG_AGO, developed="0.5"),
        2,
    ),
    Kind("start_unsaid", "逾期两年，是否动工不详", OPEN, N2, _unstarted("2023-05-10", words="不详"), 1),
    Kind("owner_unsaid", "权属性质、约定动工日期均不详", OPEN, N2, _undated(placeholder=False), 1, "unsaid"),
    Kind("collective", "集体土地，不适用", OUT, "none_held", _started, 7, "collective"),
    Kind("farmland", "农用地，不适用", OUT, "none_held", _started, 3, "farmland"),
)
"""All kinds; ``started`` fills up to the number of parcels wanted."""


def kind(key: str) -> Kind:
    """Return the kind of a name."""
    return next(k for k in KINDS if k.key == key)
