"""A policy of a place over land that lies elsewhere."""

from __future__ import annotations

from landuse.policy import load_policy
from landuse.screening import screen
from tests.clauses_by_hand import facts_of


def test_land_outside_the_region_of_a_policy_is_said():
    facts = facts_of(
        parcel={
            "A": {"county_code": "410305"},
            "B": {"county_code": "410102"},
            "C": {"county_code": "410103"},
            "D": {},
        },
        project={"P": {"zone_class": "urban", "total_invest_wan": 4000}},
    )
    said = screen(facts, [load_policy("cn-luoyang-zones-2011"), load_policy("cn-idle-land-2012")]).issues
    said = said[said["kind"] == "policy_elsewhere"]
    assert said["message"].tolist() == [
        "规则 cn-luoyang-zones-2011 的适用地区是 410300，而 2 宗地在该地区之外（410102、410103）；结论照出，请核对是否适用"
    ]
