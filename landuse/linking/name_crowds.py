"""Names too many to be compared or put up one by one: what is kept, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.linking.name_candidates import CANDIDATES_MOST
from landuse.linking.name_pairs import NamePairs
from landuse.linking.name_scores import Flags, Ints, NameBook
from landuse.tables import issue

PARCELS_MOST = 200
"""Parcels that doubtful names may put up for one project name; the name that crosses it is the last."""

__all__ = ["PARCELS_MOST", "put_up", "said_of_crowds"]


def put_up(pairs: NamePairs, parcels: Ints, crowded: Flags) -> Flags:
    """Say which pairs of names are spread over their rows.

    Parameters
    ----------
    pairs : NamePairs
        The pairs.
    parcels : ndarray of int64
        Rows of parcels of each name of the book.
    crowded : ndarray of bool, one a pair
        Pairs that stand for too many rows, and are said elsewhere.

    Returns
    -------
    ndarray of bool
        All pairs that are good for a link, or of which the names or the book of renames say that they are
        one; of the others of a name, best first, those before which there are fewer than ``PARCELS_MOST``
        parcels. What is kept of a name does not depend on what is left out.
    """
    weak = np.flatnonzero(~(pairs.sound | pairs.given | crowded))
    order = weak[np.lexsort((pairs.right[weak], -pairs.score[weak], pairs.left[weak]))]
    frame = pd.DataFrame({"left": pairs.left[order], "rows": parcels[pairs.right[order]]})
    before = (frame.groupby("left")["rows"].cumsum() - frame["rows"]).to_numpy()
    kept = ~crowded
    kept[order[before >= PARCELS_MOST]] = False
    return np.asarray(kept, dtype=bool)


def said_of_crowds(
    pairs: NamePairs, kept: Flags, crowded: pd.DataFrame, book: NameBook
) -> list[dict[str, Any]]:
    """Say which names stand for too many pairs to be compared, or put up for review.

    Parameters
    ----------
    pairs : NamePairs
        The pairs of names.
    kept : ndarray of bool, one a pair
        Those put up, or said in ``crowded``.
    crowded : DataFrame
        ``crowded`` of ``NameMatches``.
    book : NameBook
        The names.

    Returns
    -------
    list of dict
        One issue a crowded pair and a crowded core; one for all names with too many near names, and one for
        all with too many parcels of such names, each with its count and an example.
    """
    said = [
        issue("names_crowded", "kept", field="holder", raw=row["project_name"], **row)
        for row in crowded.to_dict("records")
    ]
    said += [
        issue("names_core_crowded", "kept", field="holder", raw=row["core"], **row)
        for row in pairs.looked.crowded.to_dict("records")
    ]
    for kind, most, names in (
        ("names_too_near", CANDIDATES_MOST, pairs.looked.cut),
        ("names_too_wide", PARCELS_MOST, np.unique(pairs.left[~kept])),
    ):
        if len(names):
            example = book.names[int(names[0])].full
            words: dict[str, Any] = {
                "count": len(names),
                "most": most,
                "name": example,
                "pairs": int((~kept).sum()),
            }
            said.append(issue(kind, "kept", field="holder", raw=example, **words))
    return said
