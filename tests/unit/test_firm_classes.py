"""Classes of firms: the shape of the published figures, what is refused, what stays undecided."""

from __future__ import annotations

import math
import random
import tomllib
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from landuse.errors import PolicyError, ScoreError
from landuse.policy.schemes import load_scheme, scheme_of, shipped_schemes
from landuse.scoring import ClassRules, class_firms
from landuse.scoring.classes import classify
from landuse.scoring.cuts import places_rounded
from landuse.scoring.firms import firms_of
from landuse.tables import FIRMS
from tests.oracles import scores as oracle
from tests.rows_by_hand import measured, parcels_of, projects_of, zones_of

ANYANG = "cn-henan-firm-classes-2018-anyang"
ZHENGZHOU = "cn-henan-firm-classes-2018-zhengzhou"
WEIGHTS = {"tax_wan_per_mu": 40.0, "rd_share": 20.0, "output_wan_per_tce": 25.0, "tax_per_emission": 15.0}
"""Invented: the weights of the source are not known."""
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "scores" / "anyang.toml"
SHAPES = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))


def firms(rows):
    frame = pd.DataFrame(rows).assign(projects=1)
    for name in [c for c in frame if c in {*WEIGHTS, "tax_wan"}]:
        frame[f"{name}_low"] = frame[f"{name}_high"] = frame.pop(name)
    frame.index = pd.Index([f"F{n}" for n in range(len(frame))], dtype="str", name="firm_id")
    return FIRMS.conform(frame)


def anyang(size, **figures):
    chance = random.Random(11)
    return firms(
        [
            {"zone_id": f"Z{z}", "firm_size": size}
            | {
                name: float(v)
                for name, v in zip(figures, (chance.randrange(10**9) for _ in figures), strict=True)
            }
            for z, count in enumerate(SHAPES[size]["sizes"])
            for _ in range(count)
        ]
    )


def rules(scheme, **more):
    ready = {"method": "mean_normalised", "weights": WEIGHTS, "rounding": "half_up"} | more
    return ClassRules(load_scheme(scheme), **ready)


@pytest.mark.parametrize("size", ["big", "small"])
def test_rounding_zone_by_zone_can_explain_the_figures_of_anyang(size):
    shape = SHAPES[size]
    sizes, mode = shape["sizes"], shape["rounding"]
    assert (len(sizes), sum(sizes)) == (7, sum(shape["classes"].values()))
    table = anyang(size, **({"tax_wan": 0} if size == "small" else dict.fromkeys(WEIGHTS)))
    status, counts, _ = classify(table, rules(ANYANG, rounding=mode))
    assert status["firm_class"].value_counts().to_dict() == shape["classes"]
    assert counts.groupby("firm_class")["places"].sum().to_dict() == shape["classes"]
    whole = {
        v: oracle.rounded(share * sum(sizes), mode)
        for v, share in (("A", Fraction(15, 100)), ("C", Fraction(1, 10)))
    }
    assert whole == shape["whole"]


def test_anyang_takes_a_and_c_by_the_points_of_two_figures_each():
    rows = [{"zone_id": "Z", "firm_size": "big"} | dict.fromkeys(WEIGHTS, 50.0 + n) for n in range(10)]
    rows[9]["rd_share"], rows[8]["rd_share"] = 1.0, 400.0
    rows[0]["tax_per_emission"], rows[1]["tax_per_emission"] = 400.0, 1.0
    status, _, _ = classify(firms(rows), rules(ANYANG))
    assert status.index[status["firm_class"] == "A"].tolist() == ["F7", "F8"]
    assert status.index[status["firm_class"] == "C"].tolist() == ["F1"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"weights": {}}, "weights"),
        ({"method": None}, "method"),
        ({"rounding": None}, "rounding"),
        ({"weights": WEIGHTS | {"tax_wan_per_mu": -1.0}}, "weights"),
        ({"weights": dict.fromkeys(WEIGHTS, 0.0)}, "weights"),
        ({"weights": {"tax_wan_per_mu": 1.0}}, "weights"),
        ({"weights": WEIGHTS | {"tax_wan_per_muu": 1.0}}, "weights"),
        ({"method": "ideal_value"}, "ideals"),
        ({"method": "mean"}, "method"),
        ({"method": "min_max", "cap": 2.0}, "cap"),
    ],
)
def test_what_is_not_known_is_refused_and_not_guessed(change, key):
    with pytest.raises(ScoreError) as refused:
        rules(ANYANG, **change).check()
    assert refused.value.key == key
    assert refused.value.remedy


def test_nothing_shipped_gives_weights_or_a_rounding():
    for name in shipped_schemes():
        scheme = load_scheme(name)
        assert scheme.source
        assert all(p.rounding is None for p in scheme.procedures)
        assert "weight" not in scheme.text


def zone_of(count, **changes):
    rows = [
        {"zone_id": "Z", "firm_size": "big", "tax_wan_per_mu": 100.0 - n, "output_wan_per_tce": 100.0 - n}
        for n in range(count)
    ]
    for at, cells in changes.items():
        rows[int(at[1:])] |= cells
    weights = {"tax_wan_per_mu": 60.0, "output_wan_per_tce": 40.0}
    ideals = dict.fromkeys(weights, 100.0)
    return classify(firms(rows), rules(ZHENGZHOU, method="ideal_value", weights=weights, ideals=ideals))


def test_a_missing_figure_leaves_undecided_only_where_it_matters():
    known, _, _ = zone_of(20)
    assert known["firm_class"].tolist() == ["A"] * 3 + ["B"] * 15 + ["C"] * 2
    status, _, issues = zone_of(20, F1={"tax_wan_per_mu": math.nan})
    assert status.loc["F1", "firm_class"] == "undecided"
    assert list(status.loc["F1", "possible"]) == [
        "A",
        "B",
    ]  # its output alone keeps it out of the last places
    assert list(status.loc["F1", "missing_facts"]) == ["tax_wan_per_mu"]
    assert status.loc[["F0", "F2", "F3"], "firm_class"].tolist() == ["A", "A", "undecided"]
    assert (status.loc[["F4", "F5", "F6"], "firm_class"] == "B").all()
    assert (status.loc[["F18", "F19"], "firm_class"] == "C").all()
    assert "class_figure_partly" in [row["kind"] for row in issues]


def test_a_figure_of_which_a_term_is_missing_is_named_as_missing_too():
    table = firms([
        {"zone_id": "Z", "firm_size": "big", "tax_wan_per_mu": 100.0 - n, "output_wan_per_tce": 100.0 - n}
        for n in range(20)
    ])  # fmt: skip
    table.loc["F10", "tax_wan_per_mu_high"] = math.inf  # a sum with an unknown term: at least so much
    weights = {"tax_wan_per_mu": 60.0, "output_wan_per_tce": 40.0}
    ideals = dict.fromkeys(weights, 100.0)
    ready = rules(ZHENGZHOU, method="ideal_value", weights=weights, ideals=ideals)
    status, _, issues = classify(table, ready)
    assert status.loc["F10", "firm_class"] == "undecided"
    assert list(status.loc["F10", "missing_facts"]) == ["tax_wan_per_mu"]
    (said,) = [row for row in issues if row["kind"] == "class_figure_partly"]
    assert "19" in said["message"]


def test_a_missing_figure_that_no_class_of_the_firm_rests_on_decides_nothing():
    rest = {f"F{n}": {"tax_wan_per_mu": 50.0 - n, "output_wan_per_tce": 20.0} for n in (1, 2, 3)}
    status, _, _ = zone_of(4, F0={"output_wan_per_tce": math.nan}, **rest)
    assert status["firm_class"].tolist() == ["A", "B", "B", "B"]  # 15 % of 4 is one, 10 % none


def test_a_tie_across_the_last_place_is_undecided_and_one_within_is_not():
    across, _, _ = zone_of(10, F2={"tax_wan_per_mu": 99.0, "output_wan_per_tce": 99.0})
    assert across["firm_class"].tolist()[:3] == ["A", "undecided", "undecided"]
    within, _, _ = zone_of(10, F1={"tax_wan_per_mu": 100.0, "output_wan_per_tce": 100.0})
    assert within["firm_class"].tolist()[:3] == ["A", "A", "B"]


def test_a_firm_of_no_known_zone_may_belong_to_any_and_leaves_open_what_hangs_on_it():
    status, counts, _ = zone_of(10, F9={"zone_id": None})
    assert status.loc["F9", "firm_class"] == "undecided"
    assert pd.isna(status.loc["F9", "firms"])
    assert set(counts["unplaced"]) == {1}
    # 15 % of 9 is one firm, of 10 two; the tenth may be better or worse than all
    assert status.loc["F0", "possible"] == ["A", "B"] or status.loc["F0", "firm_class"] == "A"
    assert status.loc["F4", "firm_class"] == "B"
    assert "A" not in status.loc["F5", "possible"]


def test_rounding_modes():
    assert [places_rounded(Fraction(1, 10), 25, m) for m in ("half_up", "half_even", "up", "down")] == [
        3,
        2,
        3,
        2,
    ]


ZONES = zones_of([{"id": "Z1", "name": "甲区", "class": "urban", "slots": [0, 4]}])
PARCELS = parcels_of([{"id": f"A{n}", "mu": 10, "slot": n} for n in range(5)])


def firm_table(projects):
    facts = measured(PARCELS, projects, zones=ZONES)
    return firms_of(facts, projects, load_scheme(ZHENGZHOU).figures)


def test_a_firm_is_all_projects_of_one_holder_in_one_zone_and_its_figures_are_ratios_of_sums():
    table = firm_table(
        projects_of(
            [
                {
                    "id": "P1",
                    "refs": ["A0"],
                    "holder": "甲厂",
                    "tax": 100,
                    "output": 400,
                    "energy_tce": 50.0,
                    "firm_size": "big",
                },
                {
                    "id": "P2",
                    "refs": ["A1", "A2"],
                    "holder": "甲厂",
                    "tax": 20,
                    "output": 200,
                    "energy_tce": 100.0,
                },
                {"id": "P3", "refs": ["A3"], "tax": 30},
                {"id": "P4", "requested": 5_000, "zone": "Z1", "holder": "乙厂", "tax": 30},
            ]
        )
    )
    assert table["holder"].tolist() == ["甲厂", None] or table["holder"].isna().tolist() == [False, True]
    one = table[table["holder"] == "甲厂"].iloc[0]
    assert (one["projects"], one["firm_size"], one["zone_id"]) == (2, "big", "Z1")
    assert one["tax_wan_per_mu_low"] == one["tax_wan_per_mu_high"] == pytest.approx(4.0)
    assert one["output_wan_per_tce_low"] == pytest.approx(4.0)
    assert len(table) == 2  # land that is only asked for makes no firm of the zone


def test_land_shared_with_another_firm_is_not_known_and_its_own_joint_site_is():
    shared = firm_table(
        projects_of([
            {"id": "P1", "refs": ["A0"], "holder": "甲厂", "tax": 10},
            {"id": "P2", "refs": ["A0"], "holder": "乙厂", "tax": 10},
            {"id": "P3", "refs": ["A1"], "holder": "丙厂", "tax": 10},
            {"id": "P4", "refs": ["A1"], "holder": "丙厂", "tax": 20},
        ])
    ).set_index("holder")  # fmt: skip
    assert shared["tax_wan_per_mu_low"].isna().to_dict() == {"甲厂": True, "乙厂": True, "丙厂": False}
    assert shared.loc["丙厂", "tax_wan_per_mu_high"] == pytest.approx(3.0)


def test_a_sum_with_an_unknown_term_has_no_upper_end():
    table = firm_table(
        projects_of([
            {"id": "P1", "refs": ["A0"], "holder": "甲厂", "tax": 10},
            {"id": "P2", "refs": ["A1"], "holder": "甲厂"},
        ])
    )  # fmt: skip
    row = table.iloc[0]
    assert (row["tax_wan_per_mu_low"], row["tax_wan_per_mu_high"]) == (0.5, math.inf)


def test_the_verb_classes_what_it_is_given():
    projects = projects_of(
        [
            {"id": f"P{n}", "refs": [f"A{n}"], "holder": f"{n}厂", "tax": n, "firm_size": "small"}
            for n in range(5)
        ]
    )
    found = class_firms(measured(PARCELS, projects, zones=ZONES), projects, rules=rules(ANYANG))
    assert found.firm_status["firm_class"].value_counts().to_dict() == {"B": 3, "A": 1, "C": 1}
    assert found.class_counts["places"].tolist() == [1, 3, 1]
    assert "score_method" in set(found.issues["kind"])


SCHEME = load_scheme(ANYANG).text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('half = "top"', 'half = "bottom"', "top half"),
        ('share = "3/20"', 'share = "0"', "above 0"),
        ('share = "3/20"', 'shares = "3/20"', "not known"),
        ('by = ["tax_wan"]', 'by = ["tax_wann"]', "'tax_wan'"),
        ("points = true", "points = false", "added up"),
        ('size = "small"', 'size = "all"', "one procedure a size"),
        ("[scheme]", "[scheme", "TOML"),
    ],
)
def test_a_scheme_that_cannot_be_followed_is_refused_with_file_and_key(old, new, said):
    with pytest.raises(PolicyError, match=said) as refused:
        scheme_of(SCHEME.replace(old, new), file="mine.toml")
    assert refused.value.file == "mine.toml"


def test_an_unknown_scheme_names_the_nearest():
    with pytest.raises(PolicyError, match=ANYANG):
        load_scheme("cn-henan-firm-classes-anyang")


def test_spellings_of_one_name_are_one_holder():
    table = firm_table(
        projects_of([
            {"id": "P1", "refs": ["A0"], "holder": "洛阳甲（集团）有限公司", "tax": 10},
            {"id": "P2", "refs": ["A1"], "holder": "洛阳甲(集团)有限公司 ", "tax": 30},
        ])
    )  # fmt: skip
    assert len(table) == 1
    assert table["tax_wan_per_mu_low"].tolist() == [2.0]


def test_many_firms_of_no_known_zone_stay_undecided():
    rows = [
        {"zone_id": "Z" if n % 2 else None, "firm_size": "big"} | dict.fromkeys(WEIGHTS, float(n))
        for n in range(4000)
    ]
    status, _, _ = classify(firms(rows), rules(ANYANG))
    assert (status["firm_class"] == "undecided").sum() >= 2000
