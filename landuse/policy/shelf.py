"""The shelf of shipped policies: which there are, and which are in force when and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from landuse.errors import PolicyError, nearest
from landuse.policy.load import load_file, load_text
from landuse.policy.model import Policy

__all__ = ["check_in_force", "load_policy", "policies_in_force", "shipped"]


def shipped() -> list[str]:
    """Return the ids of the policies that come with the library, sorted."""
    return sorted(_shelf())


def load_policy(id_or_path: str | Path) -> Policy:
    """Load a shipped policy by its id, or a policy file by its path.

    Parameters
    ----------
    id_or_path : str or Path
        An id as ``shipped`` lists it, or the path of a TOML file.

    Returns
    -------
    Policy

    Raises
    ------
    PolicyError
        An unknown id (the nearest is named), or a file that breaks the policy language.
    MissingFileError
        No file at the path.

    Examples
    --------
    >>> load_policy("cn-idle-land-2012").effective
    datetime.date(2012, 7, 1)
    """
    name = str(id_or_path)
    if isinstance(id_or_path, Path) or name.endswith(".toml") or "/" in name or "\\" in name:
        return load_file(id_or_path)
    if name not in _shelf():
        raise PolicyError(
            f"there is no shipped policy {name!r}; the nearest is {nearest(name, shipped())!r}",
            key="policies",
            remedy=f"one of {', '.join(shipped())}, or the path of a .toml file",
        )
    return _read(name)


def policies_in_force(on: date, *, region: str | None = None) -> list[Policy]:
    """Return the shipped policies not known to be out of force on a day.

    Parameters
    ----------
    on : date
        The day.
    region : str, optional
        Administrative code, six digits (GB/T 2260): policies of that place and of those it belongs to.
        Without it policies of every place.

    Examples
    --------
    >>> [p.id for p in policies_in_force(date(2011, 6, 30), region="410323")]
    ['cn-luoyang-zones-2011']
    """
    day = _day(on)
    every = [_read(name) for name in shipped()]
    return [p for p in every if not p.out_of_force(day) and _covers(p.region, region)]


def check_in_force(policies: Sequence[Policy], as_of: date, forced: Iterable[str] = ()) -> None:
    """Refuse a policy that is known to be out of force on the as-of date.

    Parameters
    ----------
    policies : sequence of Policy
        The policies of the plan.
    as_of : date
        The start of this day counts.
    forced : iterable of str
        Ids of policies that are to be applied all the same.

    Raises
    ------
    PolicyError
        Where the day lies before ``effective``, or on or after ``expires``, or a policy is forced that is not
        applied. A missing expiry is unknown and refuses nothing.
    """
    day, let = _day(as_of), set(forced)
    for name in sorted(let - {p.id for p in policies}):
        raise PolicyError(
            f"{name!r} is to be forced, and the plan applies no such policy",
            key="force_policies",
            remedy=f"one of {', '.join(p.id for p in policies) or 'none: policies is empty'}",
        )
    for policy in policies:
        if policy.id in let or not policy.out_of_force(day):
            continue
        span = (
            f"it took effect on {policy.effective}"
            if day < policy.effective
            else f"it expired on {policy.expires}"
        )
        raise PolicyError(
            f"the policy {policy.id} is not in force on {day}: {span}",
            file=policy.file,
            key="policies",
            remedy="take the policy of that time, another as_of, or force it",
        )


@cache
def _shelf() -> dict[str, str]:
    folder = files("landuse.policy") / "data" / "cn"
    return {
        page.name.removesuffix(".toml"): page.read_text(encoding="utf-8")
        for page in folder.iterdir()
        if page.name.endswith(".toml")
    }


@cache
def _read(name: str) -> Policy:
    return load_text(_shelf()[name], file=f"{name}.toml")


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def _covers(place: str | None, region: str | None) -> bool:
    """Say whether a policy of a place holds in a region: 410300 covers 410323, none covers all."""
    if place is None or region is None:
        return True
    stem = place[:-2] if place.endswith("00") else place
    stem = stem[:-2] if stem.endswith("00") else stem
    return region.startswith(stem)
