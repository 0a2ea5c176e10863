"""Shares are compared as they are: 33 for a third would catch every parcel there is."""

from __future__ import annotations

import pytest

from landuse.errors import PolicyError
from tests.clauses_by_hand import policy_of

WHEN = '{{ fact = "{fact}", op = "<", limit = {limit} }}'


@pytest.mark.parametrize("fact", ["developed_ratio", "invested_ratio", "building_ratio"])
@pytest.mark.parametrize("limit", ["33", "33.3", '{ by = "zone_class", urban = 0.3, county = 30 }'])
def test_a_limit_in_per_cent_is_refused_with_what_to_write(fact, limit):
    with pytest.raises(PolicyError, match="is a share") as refusal:
        policy_of("parcel", ("1", "underused", WHEN.format(fact=fact, limit=limit)))
    assert refusal.value.key == "clause[1].when.limit"
    assert "write 0.3" in str(refusal.value)


@pytest.mark.parametrize("limit", ['"1/3"', "0.25", "1", "1.2"])
def test_a_share_and_a_little_over_all_are_taken(limit):
    assert policy_of("parcel", ("1", "underused", WHEN.format(fact="invested_ratio", limit=limit)))


def test_a_floor_area_ratio_is_no_share():
    assert policy_of("parcel", ("1", "underused", WHEN.format(fact="far", limit="2.5")))
