"""The shelf of shipped policies: which there are, and which are in force when and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from landuse.errors import OutputError, PolicyError, nearest
from landuse.policy.load import load_file, load_text, with_tables
from landuse.policy.model import Policy
from landuse.tables import Result

__all__ = [
    "check_filled",
    "check_in_force",
    "covers",
    "load_policy",
    "policies_in_force",
    "policies_of",
    "shipped",
    "write_copy",
]


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
        raise _no_such(name)
    return _read(name)


def _no_such(name: str) -> PolicyError:
    return PolicyError(
        f"there is no shipped policy {name!r}; the nearest is {nearest(name, shipped())!r}",
        key="policies",
        remedy=f"one of {', '.join(shipped())}, or the path of a .toml file",
    )


def policies_of(result: Result) -> list[Policy]:
    """Return the policies that a finished run applied, in the order of its plan.

    Raises
    ------
    PolicyError
        Where the text of one cannot be read.
    """
    order = result.ledger.get("policies", {})
    return [load_text(result.policies[name], file=f"{name}.toml") for name in order]


def policies_in_force(on: date, *, region: str | None = None) -> list[Policy]:
    """Return the shipped policies not known to be out of force on a day, those with empty limits left out.

    Parameters
    ----------
    on : date
        The day.
    region : str, optional
        Administrative code, six digits (GB/T 2260): policies of that place and of those it belongs to.
        Without it policies of every place.

    Notes
    -----
    A policy gives way to one that supersedes it from the first day of that one on. A template says nothing
    before it is filled in; ``shipped`` lists it.

    Examples
    --------
    >>> [p.id for p in policies_in_force(date(2011, 6, 30), region="410323")]
    ['cn-idle-land-1999', 'cn-luoyang-zones-2011']
    """
    day = _day(on)
    every = [p for p in map(_read, shipped()) if not p.gaps()]
    here = [p for p in every if not p.out_of_force(day) and covers(p.region, region)]
    gone = {name for p in here for name in p.supersedes}
    return [p for p in here if p.id not in gone]


def check_in_force(policies: Sequence[Policy], as_of: date, forced: Iterable[str] = ()) -> None:
    """Refuse a policy that is known to be out of force on the as-of date, or cannot be evaluated.

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
        Where the day lies before ``effective``, or on or after ``expires``, or another policy of the plan
        supersedes it; where limits of a template are still empty; where a policy is forced that is not
        applied. A missing expiry is unknown and refuses nothing; a template cannot be forced.
    """
    day, let = _day(as_of), set(forced)
    for name in sorted(let - {p.id for p in policies}):
        raise PolicyError(
            f"{name!r} is to be forced, and the plan applies no such policy",
            key="force_policies",
            remedy=f"one of {', '.join(p.id for p in policies) or 'none: policies is empty'}",
        )
    check_filled(policies)
    _check_superseded(policies, day, let)
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


def check_filled(policies: Sequence[Policy]) -> None:
    """Refuse a policy with limits that are still empty.

    Raises
    ------
    PolicyError
        Naming the limits that are to be filled in.
    """
    for policy in policies:
        gaps = policy.gaps()
        if gaps:
            raise PolicyError(
                f"the policy {policy.id} cannot be evaluated: {len(gaps)} of its limits are empty: "
                + "; ".join(gaps[:5])
                + ("; …" if len(gaps) > 5 else ""),
                file=policy.file,
                key="policies",
                remedy=f"landuse policies {policy.id} --copy FOLDER, fill them in, name that file",
            )


def _check_superseded(policies: Sequence[Policy], day: date, let: set[str]) -> None:
    for newer in policies:
        for older in policies:
            if older.id not in newer.supersedes or older.id in let or newer.out_of_force(day):
                continue
            raise PolicyError(
                f"the policy {older.id} gave way to {newer.id} on {newer.effective}",
                file=older.file,
                key="policies",
                remedy="take it out of the plan, or force it",
            )


def write_copy(name: str, folder: str | Path) -> list[Path]:
    """Write a shipped policy, and the tables beside it, into a folder, to be filled in or changed.

    Returns
    -------
    list of Path
        The files; the policy first.

    Raises
    ------
    PolicyError
        For an unknown id.
    OutputError
        Where a file is there already, or cannot be written.
    """
    if name not in _shelf():
        raise _no_such(name)
    source = _folder()
    names = dict.fromkeys([f"{name}.toml", *(t.file for t in _read(name).tables)])
    target = Path(folder)
    for file in names:
        if (target / file).exists():
            raise OutputError(
                "the file is there already", file=str(target / file), remedy="name another folder"
            )
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file in names:
            (target / file).write_bytes((source / file).read_bytes())
    except OSError as error:
        raise OutputError(
            f"cannot write: {error}", file=str(target), remedy="check the folder and the free space"
        ) from error
    return [target / file for file in names]


def _folder() -> Traversable:
    return files("landuse.policy") / "data" / "cn"


@cache
def _shelf() -> dict[str, str]:
    folder = _folder()
    return {
        page.name.removesuffix(".toml"): with_tables(page.read_text(encoding="utf-8"), folder, file=page.name)
        for page in folder.iterdir()
        if page.name.endswith(".toml")
    }


@cache
def _read(name: str) -> Policy:
    return load_text(_shelf()[name], file=f"{name}.toml")


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def covers(place: str | None, region: str | None) -> bool:
    """Say whether a policy of a place holds in a region: 410300 covers 410323, none covers all.

    Examples
    --------
    >>> covers("410300", "410323"), covers("410000", "410323"), covers("410100", "410323")
    (True, True, False)
    """
    if place is None or region is None:
        return True
    stem = place[:-2] if place.endswith("00") else place
    stem = stem[:-2] if stem.endswith("00") else stem
    return region.startswith(stem)
