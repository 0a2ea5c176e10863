"""A policy, slowly: one subject at a time, exact fractions and days, no intervals compared with intervals.

Every fact that is not known exactly is replaced in turn by every value that could matter: its ends, the points at
which a limit or a rounding turns, and one between any two of them; every class that is not known by every class
that it may be. A comparison holds where it holds for all of these, does not where it holds for none, and is
unknown otherwise. ``all``, ``any`` and ``not`` follow Kleene: where one fact stands twice in a condition this is
cautious (``x < 5 or x >= 5`` of an unknown x is unknown), as the library documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from math import floor, inf
from operator import eq, ge, gt, le, lt, ne

from landuse.policy.model import AllOf, AnyOf, ByClass, ByFact, ByTable, NotOf, leaves
from landuse.tables import FACT_TABLES
from tests.oracles.figures import FEN, days, half_up, near, points, rounded, to_fen

MU = Fraction(2000, 3)
NAMES = {
    "万元": "wan",
    "亿元": "yi",
    "元": "yuan",
    "万元/年": "wan/a",
    "亿元/年": "yi/a",
    "万元/亩": "wan/mu",
    "万元/公顷": "wan/ha",
    "元/平方米": "yuan/m2",
    "亩": "mu",
    "公顷": "ha",
    "平方米": "m2",
    "人/亩": "persons/mu",
}
SIZES = {
    "yi": Fraction(10000),
    "yuan": Fraction(1, 10000),
    "yi/a": Fraction(10000),
    "wan/ha": Fraction(1, 15),
}
SIZES |= {"yuan/m2": MU / 10000, "mu": MU, "ha": Fraction(10000)}
"""In wan, m2, wan a mu; 1 where nothing stands."""
LAND = {"parcel": "area_used_m2", "project": "land_m2", "zone": "area_m2"}
MONEY = ("wan", "wan/a")
NO_NAME = "?"
OPS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


def of_consequence(name, *with_it):
    """What a consequence says under a name, with what belongs to it; None where it says nothing."""

    def asked(clause):
        said = clause.consequence and getattr(clause.consequence, name)
        return None if not said else (said, *(getattr(clause.consequence, n) for n in with_it))

    return asked


ASKED = {
    "outcome": lambda c: c.outcome,
    "follows": of_consequence("action", "unless"),
    "factor": lambda c: c.consequence and c.consequence.quota_factor,
    "fee": of_consequence("fee_of", "rate", "unless"),
}
"""What a clause says besides its verdict; sure only where no earlier clause that is unknown says another thing."""


@dataclass(frozen=True)
class Ruling:
    """What comes out for one subject: truth and scope of every clause, the verdict, its clause, what follows.

    The fee is in fen.
    """

    truths: tuple[bool | None, ...]
    scopes: tuple[bool | None, ...]
    verdict: str
    clause: str
    fee: tuple[float, float] | None
    outcome: str | None
    follows: str | None
    factor: Fraction | None


def size_of(unit):
    return SIZES.get(NAMES.get(unit, unit), Fraction(1))


def agreed(outcomes):
    """True or False where there is but one outcome."""
    found = set(outcomes)
    return found.pop() if len(found) == 1 else None


def industry(code):
    bare = code.strip().upper()
    return bare[1:] if len(bare) > 1 and bare[0].isalpha() and bare[1:].isdigit() else bare


class Oracle:
    def __init__(self, policy, subject):
        self.policy, self.subject, self.table = policy, subject, FACT_TABLES[subject]
        self.own = {f.name: f for f in policy.facts if f.subject == subject}
        self.clauses = [c for c in policy.clauses if c.subject == subject]
        self.told = {}

    def unit(self, fact):
        """The unit of a fact: of the table, or of the policy for a fact of its own."""
        if fact in self.own:
            own = self.own[fact]
            return f"{own.unit}/亩" if own.per else NAMES.get(own.unit, own.unit)
        if fact.removesuffix("_total") in self.own:
            return NAMES.get(self.own[fact.removesuffix("_total")].unit, "")
        return self.table.unit(fact)

    def ratio(self, fact):
        """Numerator, denominator and what the latter is multiplied by."""
        if fact in self.own and self.own[fact].per:
            return f"{fact}_total", LAND[self.subject], None
        return None if fact in self.own or fact.endswith("_total") else self.table.ratio(fact)

    def may_be(self, fact, known):
        """What an unknown text or yes/no fact may turn out to be; None where anything."""
        if fact in self.own:
            own = self.own[fact]
            return ["true", "false"] if own.type == "flag" else list(own.values) or None
        column = self.table.columns[fact]
        if str(column.dtype).lower().startswith("bool"):
            return ["true", "false"]
        values = column.metadata["values"]
        doubtful = fact == "zone_class" and known.get("zone_doubtful") is True
        never = (column.metadata["absent"],) if doubtful else ("outside", column.metadata["absent"])
        return [v for v in values if v not in never] or None

    def findings(self, known, ruling):
        """The comparisons of every clause that holds, is unknown or comes close to a limit."""
        found = {}
        for clause, truth, scope in zip(self.clauses, ruling.truths, ruling.scopes, strict=True):
            parts = list(leaves(clause.when))
            close = [scope is not False and self.close(leaf, known) for leaf in parts]
            if truth is not False or any(close):
                told = zip((self.compare(leaf, known) for leaf in parts), close, strict=True)
                found |= {(clause.id, n): t for n, t in enumerate(told, start=1)}
        return found

    def judge(self, known):
        scopes = tuple(True if c.scope is None else self.truth(c.scope, known) for c in self.clauses)
        whens = [self.truth(c.when, known) for c in self.clauses]
        truths = tuple(conjunction([s, w]) for s, w in zip(scopes, whens, strict=True))
        verdict, clause = self.walk(truths, scopes)
        deciding = [c for c in self.clauses if c.id == clause and verdict != "undecided"]
        if not deciding:
            return Ruling(truths, scopes, verdict, clause, None, None, None, None)
        place = self.clauses.index(deciding[0])
        open_ = [c for c, t in zip(self.clauses[:place], truths, strict=False) if t is None]
        said = {}
        for name, asked in ASKED.items():
            words = {asked(c) for c in [deciding[0], *open_]}
            said[name] = words.pop() if len(words) == 1 else None
        waived = said["fee"] and self.waived(said["fee"][2], known)
        fee = None if waived or not said["fee"] else self.fee(*said["fee"][:2], known)
        factor = said["factor"]
        unless = deciding[0].consequence.unless if deciding[0].consequence else None
        follows = None if self.waived(unless, known) else said["follows"] and said["follows"][0]
        return Ruling(truths, scopes, verdict, clause, fee, said["outcome"], follows, factor)

    def waived(self, unless, known):
        return unless is not None and self.truth(unless, known) is True

    def walk(self, truths, scopes):
        unknown = []
        for clause, truth in zip(self.clauses, truths, strict=True):
            if truth:
                rivals = [c for c in unknown if c.verdict != clause.verdict]
                return ("undecided", rivals[0].id) if rivals else (clause.verdict, clause.id)
            if truth is None:
                unknown.append(clause)
        if unknown:
            return "undecided", unknown[0].id
        if True in scopes:
            return self.policy.otherwise[self.subject], "none_held"
        if None in scopes:
            return "undecided", self.clauses[scopes.index(None)].id
        return "out_of_scope", "none_held"

    def fee(self, fee_of, rate, known):
        if fee_of is None or known[fee_of] is None:
            return None
        ends = (end if end == inf else to_fen(end) * FEN for end in known[fee_of])
        return tuple(end if end == inf else half_up(end * rate) for end in ends)

    def truth(self, condition, known):
        match condition:
            case AllOf(all=parts):
                return conjunction([self.truth(p, known) for p in parts])
            case AnyOf(any=parts):
                return negation(conjunction([negation(self.truth(p, known)) for p in parts]))
            case NotOf(condition=part):
                return negation(self.truth(part, known))
        return self.compare(condition, known)

    def compare(self, leaf, known):
        value = known[leaf.fact]
        if leaf.op in ("is_known", "is_unknown"):
            return (value is None) == (leaf.op == "is_unknown")
        if leaf.op not in OPS or isinstance(leaf.limit, str | bool):
            return self.compare_word(leaf, known)
        if isinstance(leaf.limit, ByFact):
            return self.compare_facts(leaf, known)
        if isinstance(leaf.limit, date):
            return None if value is None else compare_day(leaf, *value)
        limits = self.limits(leaf, known)
        if value is None or None in limits:
            return None
        low = self.least(leaf, known, limits) if leaf.round is None else value[0]
        return self.compare_number(leaf, leaf.op, low, value[1], limits)

    def close(self, leaf, known):
        """Whether a limit that may count is the value, or lies between its low and high."""
        if leaf.op not in OPS or isinstance(leaf.limit, str | bool) or self.unit(leaf.fact) == "a":
            return False
        if isinstance(leaf.limit, ByFact | date):
            told = [self.compare(leaf.model_copy(update={"op": op}), known) for op in "<>"]
            known_both = known[leaf.fact] and known[getattr(leaf.limit, "fact", leaf.fact)]
            return bool(known_both) and True not in told
        value, limits = known[leaf.fact], self.limits(leaf, known)
        if value is None or None in limits:
            return False
        if self.turned(leaf, known):
            return True
        low = self.least(leaf, known, limits) if leaf.round is None else value[0]
        sides = [[self.compare_number(leaf, op, low, value[1], [n]) for op in "<>"] for n in limits]
        return any(True not in side for side in sides)

    def turned(self, leaf, known):
        """Whether a ratio over the site's land by another area basis would have another truth."""
        top, bottom, each = self.ratio(leaf.fact) or (None, None, None)
        other = known.get("intensity_alt_land_m2")
        told = self.compare(leaf, known)
        if bottom != "intensity_land_m2" or other is None or known[top] is None or told is None:
            return False
        (least, most), (small, large) = known[top], other
        if large == 0:
            return False
        low = Fraction(0) if large == inf else least / (large * each)
        span = (low, inf if most == inf or small == 0 else most / (small * each))
        return self.compare(leaf, known | {leaf.fact: span, bottom: other}) is not told

    def least(self, leaf, known, limits):
        """The low end of a ratio over land without upper bound is 0 and never reached: land is some number."""
        low, high = known[leaf.fact]
        top, bottom, _ = self.ratio(leaf.fact) or (None, None, None)
        if low == 0 and known.get(top) and known.get(bottom) and known[top][0] > 0:
            marks = [Fraction(1), high, *(abs(limit) for limit in limits if limit)]
            return min(marks) / 2 if known[bottom][1] == inf else low
        return low

    def compare_word(self, leaf, known):
        value = known[leaf.fact]
        coded = leaf.fact == "industry_code" and leaf.op in ("under", "not_under")
        if coded and not self.of_edition(leaf.std, known):
            return None
        words = [leaf.limit] if isinstance(leaf.limit, str | bool) else list(leaf.limit)

        def meets(word):
            if leaf.op in ("under", "not_under"):
                plain = [industry(w) if coded else w for w in (word, *words)]
                return any(plain[0].startswith(w) for w in plain[1:])
            return word in words

        if value is None and isinstance(leaf.limit, bool):
            return None
        may = (self.may_be(leaf.fact, known) or []) if value is None else [value]
        yes = leaf.op in ("==", "in", "under")
        return agreed(meets(word) is yes for word in may)

    def of_edition(self, std, known):
        edition = known["industry_std_year"]
        return edition is not None and edition[0] == std

    def compare_number(self, leaf, op, low, high, limits):
        key = (id(leaf), op, low, high, *limits)
        if key not in self.told:
            self.told[key] = self.compare_figures(leaf, op, low, high, limits)
        return self.told[key]

    def compare_figures(self, leaf, op, low, high, limits):
        factor = size_of(self.unit_of_limit(leaf)) / size_of(self.unit(leaf.fact))
        money = self.unit(leaf.fact) in MONEY
        outcomes = []
        for limit in limits:
            marks = [limit]
            if leaf.round is not None:
                half = Fraction(1, 2 * 10**leaf.round.digits) * factor
                nearest = floor(limit / half)
                marks += [(nearest + k) * half for k in range(-4, 6)]
            for value in points(low, high, marks):
                figure = to_fen(value) if money else value
                if leaf.round is not None:
                    figure = rounded(figure / factor, leaf.round.digits, leaf.round.mode) * factor
                outcomes.append(OPS[op](to_fen(figure) if money else figure, limit))
        return agreed(outcomes)

    def compare_facts(self, leaf, known):
        value, other = known[leaf.fact], known[leaf.limit.fact]
        if value is None or other is None:
            return None
        times = leaf.limit.times
        if isinstance(value[0], date):
            one, two = days(*value), days(*other)
            return agreed(OPS[leaf.op](a, b) for a in near(one, two) for b in near(two, one))
        times = times * size_of(self.unit(leaf.limit.fact)) / size_of(self.unit(leaf.fact))
        money = self.unit(leaf.limit.fact) in MONEY
        two = [end if end == inf else (to_fen(end) if money else end) * times for end in other]
        one = [self.least(leaf, known, [end for end in two if end != inf]), value[1]]
        if self.unit(leaf.fact) in MONEY:
            one = [to_fen(e) for e in one]
        return agreed(OPS[leaf.op](a, b) for a in points(*one, two) for b in points(*two, one))

    def unit_of_limit(self, leaf):
        if isinstance(leaf.limit, ByTable):
            wanted = (leaf.limit.table, leaf.limit.indicator)
            return next(r.unit for r in self.policy.rows if (r.table, r.indicator) == wanted)
        return leaf.unit

    def limits(self, leaf, known):
        """The limits that may count, in the unit of the fact; None among them where there may be none."""
        size = size_of(self.unit(leaf.fact))
        match leaf.limit:
            case ByClass(by=by, values=values, other=other, std=std):
                rows = [((c,), v * size_of(leaf.unit) / size) for c, v in values]
                rows += [] if other is None else [(("",), other * size_of(leaf.unit) / size)]
                return self.closest(rows, (by,), std, known)
            case ByTable(table=name, indicator=indicator):
                about = next(t for t in self.policy.tables if t.id == name)
                rows = [
                    (r.classes, r.value * size_of(r.unit) / size)
                    for r in self.policy.rows
                    if (r.table, r.indicator) == (name, indicator)
                ]
                return self.closest(rows, about.by, about.std, known)
        return [leaf.limit * size_of(leaf.unit) / size]

    def closest(self, rows, by, std, known):
        """Walk all that the classes may be; of the limits for them the one counts that names them most closely."""
        held = [self.classes(fact, {key[i] for key, _ in rows}, std, known) for i, fact in enumerate(by)]
        found = []
        for classes in product(*held):
            fitting = []
            for key, limit in rows:
                cells = [industry(c) if f == "industry_code" else c for c, f in zip(key, by, strict=True)]
                if all(map(names, cells, classes, by)):
                    fitting.append(([len(c) for c in cells], limit))
            found.append(max(fitting)[1] if fitting else None)
        return found

    def classes(self, fact, named, std, known):
        value = known[fact]
        if fact == "industry_code":
            if value is None or not self.of_edition(std, known):
                return [*(industry(n) for n in named if n), NO_NAME]
            return [industry(value)]
        if isinstance(value, bool):
            return [str(value).lower()]
        if value is not None:
            return [value]
        return self.may_be(fact, known) or [*(n for n in named if n), NO_NAME]


def names(cell, word, fact):
    return cell in ("", word) or (fact == "industry_code" and word.startswith(cell))


def conjunction(truths):
    if False in truths:
        return False
    return None if None in truths else True


def negation(truth):
    return None if truth is None else not truth


def compare_day(leaf, first, last):
    limit = leaf.limit.toordinal()
    return agreed(OPS[leaf.op](day, limit) for day in near(days(first, last), (limit, limit)))
