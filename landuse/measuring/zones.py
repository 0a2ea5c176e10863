"""Which zone: settled between what the file says and where the land lies; differences are said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import CrsError
from landuse.labels import label, say
from landuse.measuring.in_zone import inside_of, names_one
from landuse.measuring.joins import Joins
from landuse.measuring.overlaps import Overlaps, overlaps
from landuse.measuring.pairs import Flags, Floats, Ints
from landuse.parsing.text import plain
from landuse.tables import OUTSIDE, ZONE_CLASSES, issues_at

NOWHERE, OUT, STRADDLED, STRANGE = -1, -2, -3, -4
"""Places that are no zone: unknown, outside every zone, over a boundary, named but not in the table."""
CLASSES = (*ZONE_CLASSES, OUTSIDE)
NO_CLASS = -1

__all__ = [
    "Places",
    "ZoneBook",
    "places_of_parcels",
    "places_of_projects",
    "settle_means",
    "settle_zones",
    "zone_by_shape",
]


@dataclass(frozen=True)
class Places:
    """The zone of each row, settled.

    ``at`` is the position of the zone, or NOWHERE, OUT, STRADDLED; ``disputed`` says that file and geometry
    name zones of different class. ``inside`` says whether it lies in any zone at all, None where that is not
    known.
    """

    zone_id: npt.NDArray[np.object_]
    zone_class: npt.NDArray[np.object_]
    inside: npt.NDArray[np.object_]
    at: Ints
    disputed: Flags
    issues: list[dict[str, Any]]


class ZoneBook:
    """The zones by id and by name. Without a zones table, whatever a file names is taken as an id."""

    def __init__(self, zones: gpd.GeoDataFrame | None) -> None:
        self.zones = zones if zones is not None and len(zones) else None
        self.ids = np.asarray([] if self.zones is None else self.zones.index, dtype=object)
        self._by_text: dict[str, int] = {}
        classes = pd.Index([], dtype="str")
        if self.zones is not None:
            names = [None if pd.isna(name) else _key(name) for name in self.zones["name"]]
            for at, name in enumerate(names):
                if name and names.count(name) == 1:
                    self._by_text[name] = at
            self._by_text |= {_key(zone_id): at for at, zone_id in enumerate(self.ids)}
            classes = pd.Index(self.zones["zone_class"], dtype="str")
        self.classes: Ints = np.asarray(pd.Index(CLASSES, dtype="str").get_indexer(classes), dtype=np.int64)

    def find(self, texts: pd.Series) -> Ints:
        """Return the positions of the zones that texts name, NOWHERE for none, STRANGE for one not known."""
        codes, values = pd.factorize(texts)
        if self.zones is None:
            return np.full(len(texts), NOWHERE, dtype=np.int64)
        where = np.array([self._by_text.get(_key(v), STRANGE) for v in values] + [NOWHERE], dtype=np.int64)
        return np.asarray(where[codes], dtype=np.int64)

    def class_at(self, at: Ints) -> Ints:
        """Return the class at places, as a position in CLASSES."""
        spread = np.r_[self.classes, NO_CLASS]
        inside = np.where(at >= 0, at, len(self.classes))
        return np.where(at == OUT, CLASSES.index(OUTSIDE), spread[inside])

    def say(self, at: Any) -> str:
        """Return a place in words."""
        if at == OUT:
            return label("zone_classes", OUTSIDE)
        return str(self.ids[at])


def _key(text: object) -> str:
    return plain(text).replace(" ", "").casefold()


def id_texts(book: ZoneBook, at: Ints, texts: pd.Series) -> npt.NDArray[np.object_]:
    """Return zone ids: of the table, or the file's own word where the table does not know it."""
    codes, values = pd.factorize(texts)
    words = np.array([plain(v) for v in values] + [None], dtype=object)[codes]
    known = np.r_[book.ids, [None]][np.where(at >= 0, at, len(book.ids))]
    return np.asarray(np.where(at >= 0, known, words), dtype=object)


def _class_texts(classes: Ints) -> npt.NDArray[np.object_]:
    return np.array([*CLASSES, None], dtype=object)[classes]


def places_of_parcels(
    parcels: gpd.GeoDataFrame, book: ZoneBook, area_m2: Floats, *, subject: str = "parcel"
) -> Places:
    """Settle the zone of each parcel between the file and the geometry.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``.
    book : ZoneBook
        The zones, in the coordinate system of the parcels.
    area_m2 : ndarray of float64
        Ellipsoid area of each parcel [m2].
    subject : {"parcel", "block"}
        What messages call the rows; blocks of the reserve are settled alike.

    Returns
    -------
    Places
        The file's zone where it names one, else the one that holds half of the parcel or more. Where they
        differ the class stays only if both have it.

    Raises
    ------
    CrsError
        Where parcels and zones have different coordinate systems.
    """
    named = book.find(parcels["zone_id"])
    if book.zones is None:
        ids = id_texts(book, named, parcels["zone_id"])
        none = np.full(len(parcels), None, dtype=object)
        inside = inside_of(none, names_one(ids))
        return Places(ids, none, inside, named, np.zeros(len(parcels), dtype=bool), [])
    if book.zones.crs != parcels.crs:
        raise CrsError(
            f"the zones are in {book.zones.crs}, the parcels in {parcels.crs}",
            remedy="bring them to one coordinate system first (to_crs)",
        )
    lap = overlaps(parcels.geometry.to_numpy(), book.zones.geometry.to_numpy(), area_m2)
    shape = zone_by_shape(lap)
    touched = np.isin(np.arange(len(parcels)) * len(book.ids) + named, lap.parcel * len(book.ids) + lap.zone)
    elsewhere = (shape >= 0) & (shape != named) | (shape == OUT) | (shape == STRADDLED) & ~touched
    differs = (named >= 0) & elsewhere
    of_named, of_shape = book.class_at(named), book.class_at(shape)
    disputed = differs & ((of_named != of_shape) | (of_named == NO_CLASS))
    classes = np.where(named >= 0, of_named, np.where(named == NOWHERE, of_shape, NO_CLASS))
    settled = np.where(named >= 0, named, shape)
    issues = _strange(parcels, named, subject)
    issues += _differences(parcels, differs, subject, book, named, lambda at: _found(book, lap, shape, at))
    issues += issues_at(
        "zone_straddled",
        "kept",
        parcels,
        shape == STRADDLED,
        field="geometry",
        words=lambda at: {"id": parcels.index[at], "found": _shares(book, lap, at)},
    )
    of_class = _class_texts(np.where(disputed, NO_CLASS, classes))
    spoken = (named >= 0) | (named == STRANGE) & names_one(parcels["zone_id"].to_numpy(dtype=object))
    astray = (shape == OUT) | (shape == STRADDLED) & (differs | (named == STRANGE))
    return Places(
        zone_id=id_texts(book, np.where(named == STRANGE, STRANGE, settled), parcels["zone_id"]),
        zone_class=of_class,
        inside=inside_of(of_class, (spoken | (shape >= 0)) & ~astray),
        at=settled,
        disputed=disputed,
        issues=issues,
    )


def zone_by_shape(lap: Overlaps) -> Ints:
    """Return the zone that holds half of each parcel or more, and more of it than any other."""
    holds = (lap.best_share >= 0.5) & (lap.best_share > lap.second_share)
    return np.select(
        [~lap.has_shape, lap.best < 0, holds], [NOWHERE, OUT, lap.best], default=STRADDLED
    ).astype(np.int64)


def places_of_projects(projects: pd.DataFrame, book: ZoneBook, joins: Joins, parcels: Places) -> Places:
    """Settle the zone of each project between the ledger and the parcels it stands on.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    book : ZoneBook
        The zones.
    joins : Joins
        The links.
    parcels : Places
        Settled zones of the parcels.

    Returns
    -------
    Places
        The ledger's zone where it names one, else the one zone of all its parcels. The class is unknown
        where ledger, files and geometry name zones of different class.
    """
    n = len(projects)
    named = book.find(projects["zone_id"])
    if book.zones is None:
        return _without_table(projects, book, joins, parcels)
    strange = (parcels.at == OUT) & pd.isna(parcels.inside)
    place = np.where((parcels.at >= OUT) & ~strange, parcels.at, NOWHERE)[joins.parcel]
    low, high = _ends(joins.project, place, n, skip=NOWHERE)
    linked = np.bincount(joins.project, minlength=n) > 0
    vague = np.bincount(joins.project[place == NOWHERE], minlength=n) > 0
    disputed = np.bincount(joins.project[parcels.disputed[joins.parcel]], minlength=n) > 0
    class_low, class_high = _ends(joins.project, book.class_at(place), n, skip=NO_CLASS)
    unsure = np.bincount(joins.project[book.class_at(place) == NO_CLASS], minlength=n) > 0
    one_class = np.where((class_low == class_high) & ~unsure & linked, class_low, NO_CLASS)

    somewhere = low != NOWHERE
    against = (named >= 0) & somewhere & ((low != named) | (high != named))
    several = (named == NOWHERE) & somewhere & (low != high)
    of_ledger = book.class_at(named)
    clash = against & ((one_class != of_ledger) | (of_ledger == NO_CLASS))
    settled = np.where(named >= 0, named, np.where(several | vague, NOWHERE, low))
    classes = np.where(
        named >= 0, np.where(clash, NO_CLASS, of_ledger), np.where(named == NOWHERE, one_class, NO_CLASS)
    )
    issues = _strange(projects, named, "project")
    order = np.argsort(joins.project, kind="stable")

    def found(at: Any) -> str:
        mine = order[slice(*np.searchsorted(joins.project[order], [at, at + 1]))]
        zones = np.unique(place[mine][place[mine] != NOWHERE])
        return say("zone_evidence", "parcels", zones=_list(book, zones))

    issues += _differences(projects, against | several, "project", book, named, found)
    spoken = (named >= 0) | (named == STRANGE) & names_one(projects["zone_id"].to_numpy(dtype=object))
    sure = np.equal(parcels.inside, True).astype(bool)
    astray = np.bincount(joins.project[~sure[joins.parcel]], minlength=n) > 0
    of_class = _class_texts(np.where(disputed, NO_CLASS, classes))
    return Places(
        zone_id=id_texts(book, np.where(named == STRANGE, STRANGE, settled), projects["zone_id"]),
        zone_class=of_class,
        inside=inside_of(of_class, (spoken | (named == NOWHERE) & linked) & ~astray),
        at=np.where(named == STRANGE, NOWHERE, settled),
        disputed=disputed | clash,
        issues=issues,
    )


def _ends(groups: Ints, values: Ints, count: int, *, skip: int) -> tuple[Ints, Ints]:
    """Return the least and greatest value of each group, leaving out ``skip``, which also stands for none."""
    keep = values != skip
    low = np.full(count, np.iinfo(np.int64).max)
    high = np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(low, groups[keep], values[keep])
    np.maximum.at(high, groups[keep], values[keep])
    empty = np.bincount(groups[keep], minlength=count) == 0
    return np.where(empty, skip, low), np.where(empty, skip, high)


def _without_table(projects: pd.DataFrame, book: ZoneBook, joins: Joins, parcels: Places) -> Places:
    """Take the ledger's word, else the one word of all the parcels."""
    codes, words = pd.factorize(parcels.zone_id)
    low, high = _ends(joins.project, codes[joins.parcel], len(projects), skip=-2)
    theirs = np.r_[words, [None]][np.where((low == high) & (low >= 0), low, len(words))]
    none = np.full(len(projects), NOWHERE, dtype=np.int64)
    own = id_texts(book, none, projects["zone_id"])
    unknown = np.full(len(projects), None, dtype=object)
    ids = np.where(pd.isna(own), theirs, own)
    inside = inside_of(unknown, names_one(ids))
    return Places(ids, unknown, inside, none, np.zeros(len(projects), dtype=bool), [])


def _strange(table: pd.DataFrame, named: Ints, subject: str) -> list[dict[str, Any]]:
    def words(at: Any) -> dict[str, Any]:
        raw = table["zone_id"].iloc[at]
        return {"raw": raw, "subject": label("subjects", subject), "id": table.index[at]}

    return issues_at("zone_not_known", "kept", table, named == STRANGE, field="zone_id", words=words)


def _differences(
    table: pd.DataFrame,
    differs: Flags,
    subject: str,
    book: ZoneBook,
    named: Ints,
    found: Callable[[Any], str],
) -> list[dict[str, Any]]:
    def words(at: Any) -> dict[str, Any]:
        raw = table["zone_id"].iloc[at]
        return {
            "raw": None if pd.isna(raw) else raw,
            "subject": label("subjects", subject),
            "id": table.index[at],
            "named": _say_file(book, named[at]),
            "found": found(at),
        }

    return issues_at("zone_differs", "kept", table, differs, field="zone_id", words=words)


def _say_file(book: ZoneBook, at: Any) -> str:
    if at < 0:
        return label("zone_evidence", "silent")
    return say("zone_evidence", "file", zones=book.say(at))


def _list(book: ZoneBook, places: Ints) -> str:
    return label("zone_evidence", "comma").join(book.say(at) for at in places)


def _found(book: ZoneBook, lap: Overlaps, shape: Ints, at: Any) -> str:
    if shape[at] == STRADDLED:
        return _shares(book, lap, at)
    return say("zone_evidence", "shape", zones=book.say(shape[at]))


def _shares(book: ZoneBook, lap: Overlaps, at: Any) -> str:
    mine = range(*np.searchsorted(lap.parcel, [at, at + 1]))
    parts = [
        say("zone_evidence", "overlap", zone=book.say(lap.zone[i]), share=f"{lap.share[i]:.1%}") for i in mine
    ]
    return label("zone_evidence", "comma").join(parts)


def settle_zones(
    parcels: gpd.GeoDataFrame, projects: pd.DataFrame, zones: gpd.GeoDataFrame | None, area_m2: Floats
) -> tuple[Places, tuple[pd.Series, pd.Series]]:
    """Settle the zones before anything is linked, so that both tables name them alike.

    Parameters
    ----------
    parcels, projects, zones : GeoDataFrame, DataFrame, GeoDataFrame or None
        The tables.
    area_m2 : ndarray of float64
        Ellipsoid area of each parcel [m2].

    Returns
    -------
    places : Places
        Of the parcels, for ``measure``.
    zones : pair of Series
        The zone of each parcel, and the zone that the ledger names for each project; missing where none is
        known, or the parcel lies outside or over a boundary.
    """
    book = ZoneBook(zones)
    places = places_of_parcels(parcels, book, area_m2)
    ids = places.zone_id.copy()
    ids[(places.at == OUT) | (places.at == STRADDLED)] = None
    named = id_texts(book, book.find(projects["zone_id"]), projects["zone_id"])
    texts = (pd.Series(pd.array(np.asarray(v, dtype=object), dtype="str")) for v in (ids, named))
    return places, (next(texts), next(texts))


def settle_means(
    quota: pd.DataFrame, reserve: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Settle which zones the quota and the reserve speak of: by id, by name, the reserve by geometry too.

    Parameters
    ----------
    quota, reserve : DataFrame, GeoDataFrame
        Tables ``quota`` and ``reserve``; a missing zone of the quota means the whole city.
    zones : GeoDataFrame or None
        Table ``zones``; without it whatever the files name is taken as an id.

    Returns
    -------
    quota, reserve : DataFrame, GeoDataFrame
        With ``zone_id`` as in ``zones``; a name that is not known there is kept, and said.
    issues : list of dict
        Rows for the table ``issues``.
    """
    book = ZoneBook(zones)
    named = book.find(quota["zone_id"])
    issues = issues_at(
        "quota_zone_not_known",
        "kept",
        quota,
        named == STRANGE,
        field="zone_id",
        words=lambda at: {"raw": quota["zone_id"].iloc[at]},
    )
    places = places_of_parcels(reserve, book, reserve["area_m2"].to_numpy(dtype=float), subject="block")
    ids = pd.array(id_texts(book, named, quota["zone_id"]), dtype="str")
    settled = places.zone_id.copy()
    settled[places.at == OUT] = None
    blocks = pd.array(settled, dtype="str")
    return quota.assign(zone_id=ids), reserve.assign(zone_id=blocks), issues + places.issues
