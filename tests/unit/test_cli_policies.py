"""``landuse policies``: the list, one policy in full, a copy to fill in, the schema for editors."""

from __future__ import annotations

import json

import pytest

from landuse.cli.main import main
from landuse.policy import load_policy, shipped
from landuse.policy.schema import policy_schema


def said(capsys, *words):
    assert main(["policies", *words]) == 0
    return capsys.readouterr().out


def refused(capsys, *words):
    assert main(["policies", *words]) == 2
    return capsys.readouterr().err


def test_the_list_marks_templates(capsys):
    lines = said(capsys).splitlines()[1:]
    assert [line.split("　")[0].strip() for line in lines] == shipped()
    marked = [name for name, line in zip(shipped(), lines, strict=True) if "模板" in line]
    assert marked == [name for name in shipped() if load_policy(name).template]


def test_a_policy_in_full(capsys):
    text = said(capsys, "cn-idle-land-2012")
    for words in (
        "来源：",
        "说明：",
        "取代：cn-idle-land-1999",
        "后果：按土地价款的 0.2 计费",
        "免除：主张的政府原因 ≠ 无",
    ):
        assert words in text
    assert "后 30 天内" in text
    assert "没有条款成立时：宗地 在用" in text
    for clause in load_policy("cn-idle-land-2012").clauses:
        assert f"[{clause.id}]" in text


FULL = """
[policy]
id = "full"
title = "全"
source = "自拟"
effective = 2020-01-01
expires = 2030-01-01
region = "410300"
otherwise = { zone = "met" }
[[fact]]
name = "power"
subject = "zone"
type = "number"
columns = ["用电量", "年用电量"]
label = "年用电量"
unit = "吨"
per = "mu"
[[table]]
id = "limits"
file = "limits.csv"
by = ["zone_class", "name"]
unit = "吨/亩"
[csv]
"limits.csv" = "indicator,zone_class,name,value\\npower,urban,,5\\npower,,,3\\n"
[[clause]]
id = "1"
subject = "zone"
cite = "一"
text = "耗电"
verdict = "not_met"
outcome = "黄牌"
when = { fact = "power", op = ">", limit = { table = "limits", indicator = "power" } }
consequence = { action = "约谈", quota_factor = "9/10" }
"""


def test_own_facts_tables_factors_and_terms_are_shown(capsys, tmp_path):
    path = tmp_path / "full.toml"
    path.write_text(FULL, encoding="utf-8")
    text = said(capsys, str(path))
    for words in (
        "至 2030-01-01",
        "适用地：410300",
        "power　年用电量（集聚区，数，吨，按亩折算）　取自表头：用电量、年用电量",
        "limits　limits.csv　按 集聚区类别、",
        "2 行有限值，吨/亩",
        "（黄牌）",
        "后果：约谈",
        "后果：下年计划指标乘以 0.9",
        "没有条款成立时：集聚区 ",
    ):
        assert words in text


def test_a_copy_can_be_filled_in_and_is_not_written_over(capsys, tmp_path):
    name = "cn-control-indicators-2008"
    out = said(capsys, name, "--copy", str(tmp_path / "mine"))
    written = sorted(p.name for p in (tmp_path / "mine").iterdir())
    assert written == [f"{name}.csv", f"{name}.toml"]
    assert all(w in out for w in written)
    assert load_policy(tmp_path / "mine" / f"{name}.toml").clauses == load_policy(name).clauses
    assert "there already" in refused(capsys, name, "--copy", str(tmp_path / "mine"))


def test_what_cannot_be_copied(capsys, tmp_path):
    assert shipped()[0] in refused(capsys, "--copy", str(tmp_path))
    assert "'cn-idle-land-2012'" in refused(capsys, "cn-idle-land-201", "--copy", str(tmp_path))
    assert "mine.toml" in refused(capsys, "mine.toml", "--copy", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_schema(capsys, tmp_path):
    assert json.loads(said(capsys, "--schema")) == policy_schema()
    assert "--schema" in refused(capsys, "--schema", "cn-idle-land-2012")


@pytest.mark.parametrize("name", shipped())
def test_every_policy_is_shown(capsys, name):
    assert load_policy(name).title in said(capsys, name)
