"""Names of companies and other holders of land, taken apart: place, brand, trade, form, branch, others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from landuse.parsing.company_words import BRANCH, FORM_ENDS, GROUP, TRADES, form_of
from landuse.parsing.places import COUNTRY, cut_places, is_place, province_of
from landuse.parsing.simplified import simplified
from landuse.parsing.text import plain

__all__ = ["CompanyName", "parse_company", "split_holders"]

_OTHER_BRACKETS = str.maketrans("[]{}【】〔〕〖〗", "()()()()()")
_NOISE = re.compile("[\\s\"'“”‘’「」『』《》<>·•・‧.,:;!?*#_/\\\\\\-—–－~|]+")
_RENAMED = (
    "原名称为?|原名为?|曾用名称?为?|曾用名|前身为?|旧称|更名前为?|(?:现|后)?更名为|现名称?为?|变更为|"
    "原(?![料子创材油则件生野煤酒告装])"
)
_SHORT = "(?:以下)?简称|又名|又称|俗称|下称"
_OTHER_NAME = re.compile(
    f"\\((?P<kind>{_RENAMED}|{_SHORT})[:为是\\s]*(?P<names>[^()]*(?:\\([^()]*\\)[^()]*)*)\\)"
)
_AFTER = re.compile(f"[,;、\\s]*(?P<kind>原名称?|曾用名称?|{_SHORT})[:为是\\s]+(?P<names>.+)$")
_LIST_SIGNS = ",;、/"
_LIST = re.compile("[,;、/]")
_FILLER = "的的"
_BRACKETS = re.compile("\\(([^()]*)\\)")
_LOOSE = re.compile("[()]")
_ENDS = ("公司", "集团", "厂", "合作社", "委员会", "委会")
_LEAST = 2
"""The least that a core or brand has [characters]: a brand has two or more by the rules of registration."""


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name taken apart.

    Attributes
    ----------
    full : str
        The whole name in one spelling: half-width, simplified, without punctuation other than brackets and
        without other names.
    core : str
        Brand and trade: what is left without places, form and branch.
    brand : str
        The head of the core up to the first word of trade; empty where the core begins with one.
    places : tuple of str
        Places named, without rank (洛阳市 is 洛阳), in the order of the name.
    form : str
        ``company``, ``partnership``, ``sole``, ``household``, ``factory``, ``cooperative``, ``village``,
        ``office``; empty where the name says none.
    group : bool
        Whether it calls itself a group.
    branch : str or None
        The branch's own name (may be empty), None where the name is no branch.
    former : tuple of str
        Earlier or later names given with it, as ``full``.
    short : tuple of str
        Short names given with it, as ``full``.
    """

    full: str
    core: str
    brand: str
    places: tuple[str, ...]
    form: str
    group: bool
    branch: str | None
    former: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name without its brackets: names of equal key are the same text."""
        return _LOOSE.sub("", self.full)


def parse_company(text: object) -> CompanyName:
    """Take the name of a company, or another holder of land, apart.

    Parameters
    ----------
    text : object
        The cell. A name without any part that is known is all core.

    Returns
    -------
    CompanyName
        The parts; ``parse_company(name.full)`` gives the same parts but the other names.

    Examples
    --------
    >>> name = parse_company("洛陽市恒泰機械（集團）有限責任公司（原洛阳市恒泰机械厂）")
    >>> name.core, name.brand, name.places, name.form, name.group, name.former
    ('恒泰机械', '恒泰', ('洛阳',), 'company', True, ('洛阳市恒泰机械厂',))
    >>> parse_company("恒泰机械有限公司洛阳分公司").branch, parse_company("恒泰机械").branch
    ('洛阳', None)
    >>> parse_company("").core
    ''
    """
    said, former, short = _other_names(simplified(plain(text)).translate(_OTHER_BRACKETS))
    full = _NOISE.sub("", _balanced(said)).upper()
    places, opened = _open_brackets(full)
    branch, opened = _cut_branch(opened)
    form, group, stem = _cut_forms(opened)
    leading, rest = _cut_all_places(stem)
    brand = _brand(rest)
    core = rest if brand else "".join(leading) + rest
    return CompanyName(
        full, core, brand, tuple(dict.fromkeys((*leading, *places))), form, group, branch, former, short
    )


def split_holders(text: object) -> list[str]:
    """Split a cell that names several holders, each up to its legal form; brackets are left whole.

    Examples
    --------
    >>> split_holders("恒泰机械有限公司、洛阳轴承厂（原甲厂、乙厂）")
    ['恒泰机械有限公司', '洛阳轴承厂(原甲厂、乙厂)']
    >>> split_holders("张三、李四")
    ['张三、李四']
    """
    whole = plain(str(text).replace("\n", ";")).translate(_OTHER_BRACKETS)
    if not any(sign in whole for sign in _LIST_SIGNS):
        return [whole] if whole else []
    parts, depth = [""], 0
    for sign in whole:
        depth += (sign == "(") - (sign == ")")
        ended = parts[-1].endswith(_ENDS) or (parts[-1].endswith(")") and "公司" in parts[-1])
        if depth <= 0 and sign in _LIST_SIGNS and (ended or sign == ";"):
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _other_names(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Take former and short names out of a text."""
    former: list[str] = []
    short: list[str] = []
    if "原" not in text and "名" not in text and "称" not in text and "前身" not in text:
        return text, (), ()
    for pattern in (_OTHER_NAME, _AFTER):
        for found in pattern.finditer(text):
            names = [_NOISE.sub("", _balanced(name)).upper() for name in _LIST.split(found["names"])]
            target = short if re.fullmatch(_SHORT, found["kind"]) else former
            target += [name for name in names if len(_LOOSE.sub("", name)) >= _LEAST]
        text = pattern.sub("", text)
    return text, tuple(dict.fromkeys(former)), tuple(dict.fromkeys(short))


def _balanced(text: str) -> str:
    """Drop brackets that nothing opens or closes."""
    if "(" not in text and ")" not in text:
        return text
    opened: list[int] = []
    lost = set()
    for at, sign in enumerate(text):
        if sign == "(":
            opened.append(at)
        elif sign == ")":
            if opened:
                opened.pop()
            else:
                lost.add(at)
    lost.update(opened)
    return "".join(sign for at, sign in enumerate(text) if at not in lost)


def _open_brackets(full: str) -> tuple[list[str], str]:
    """Return the places that stand in brackets, and the name with all other brackets opened."""
    places: list[str] = []
    while "(" in full and (found := _BRACKETS.search(full)):
        inside = found[1]
        if inside and is_place(inside):
            places += cut_places(inside + _FILLER)[0]
            inside = ""
        full = full[: found.start()] + inside + full[found.end() :]
    return places, full


def _cut_branch(text: str) -> tuple[str | None, str]:
    found = BRANCH.match(text)
    if found is None:
        return None, text
    if found["head"] is not None:
        places, rest = cut_places(found["name"] + _FILLER)
        return "".join(places) + rest.removesuffix(_FILLER), found["head"]
    rest, place = _cut_last_place(found["bare"])
    return place, rest


def _cut_forms(text: str) -> tuple[str, bool, str]:
    form, group = "", False
    while found := FORM_ENDS.search(text):
        if found.start() < _LEAST:
            break
        form = form or form_of(found[1])
        group = group or GROUP in found[1]
        text = text[: found.start()]
    return form, group or GROUP in text, text


def _cut_all_places(stem: str) -> tuple[tuple[str, ...], str]:
    places, rest = cut_places(stem)
    if places:
        return places, rest
    rest, place = _cut_last_place(stem)
    return ((place,), rest) if place and _brand(rest) else ((), stem)


def _cut_last_place(text: str) -> tuple[str, str]:
    """Cut a place off the end of a name: 长城计算机深圳 is 长城计算机 of 深圳."""
    for length in (3, 2):
        place = text[-length:]
        if len(text) >= length + _LEAST and (place == COUNTRY or province_of(place)) and is_place(place):
            return text[:-length], place
    return text, ""


def _brand(core: str) -> str:
    if len(core) < _LEAST or TRADES.match(core):
        return ""
    found = TRADES.search(core, _LEAST)
    return core[: found.start()] if found else core
