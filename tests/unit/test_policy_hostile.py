"""Policy files that nobody wrote in good faith, or that a slip made strange: each read or refused, and soon."""

from __future__ import annotations

import time

import pytest

from landuse.errors import PolicyError
from landuse.policy import load_policy, load_text, policy_toml
from landuse.screening import judge, screen
from tests.clauses_by_hand import facts_of
from tests.unit.policy_faults import GOOD

LEAF = '{ fact = "is_new", op = "==", limit = true }'
WHEN = 'when = { fact = "total_invest_wan", op = "<=", unit = "万元", limit = { by = "zone_class", urban = 5000, county = 3000 } }'


def loaded(condition, more=""):
    return load_text(GOOD.replace(WHEN, f"when = {condition}", 1) + more, file="odd.toml")


def nested(depth, join="not"):
    if join == "not":
        return "{ not = " * depth + LEAF + " }" * depth
    return f"{{ {join} = [ " * depth + LEAF + " ] }" * depth


@pytest.mark.parametrize("join", ["not", "all", "any"])
def test_deep_is_read_and_deeper_refused(join):
    policy = loaded(nested(50, join))
    assert load_text(policy_toml(policy), file="again.toml").clauses == policy.clauses
    facts = facts_of(project={"A": {"is_new": True, "zone_class": "urban"}})
    assert judge(screen(facts, [policy]), [policy]).projects["verdict"].tolist() == ["no_separate_land"]
    for depth in (70, 300, 5000, 100_000):
        with pytest.raises(PolicyError, match="deep") as refusal:
            loaded(nested(depth, join))
        assert refusal.value.remedy


def test_names_that_multiply_are_refused_at_once():
    names = "".join(
        f'[conditions.n{n}]\nall = [ {{ use = "n{n + 1}" }}, {{ use = "n{n + 1}" }} ]\n' for n in range(40)
    )
    last = '[conditions.n40]\nfact = "is_new"\nop = "=="\nlimit = true\n'
    start = time.perf_counter()
    with pytest.raises(PolicyError, match="parts") as refusal:
        loaded('{ use = "n0" }', names + last)
    assert time.perf_counter() - start < 2
    assert refusal.value.key.startswith("conditions.n")


def test_names_in_a_circle_are_refused():
    names = "".join(f'[conditions.n{n}]\nnot = {{ use = "n{(n + 1) % 3}" }}\n' for n in range(3))
    with pytest.raises(PolicyError, match="uses itself") as refusal:
        loaded('{ use = "n1" }', names)
    assert refusal.value.key == "conditions.n0"


def test_a_chain_of_names_is_read():
    names = "".join(f'[conditions.n{n}]\nany = [ {{ use = "n{n + 1}" }} ]\n' for n in range(30))
    policy = loaded('{ use = "n0" }', names + '[conditions.n30]\nfact = "is_new"\nop = "=="\nlimit = true\n')
    assert policy.clauses[0].when.any[0].any


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00\x00",
        b"\x00\x01\x02",
        "规则".encode("gbk"),
        GOOD.encode("utf-16"),
        b"[policy]\nid = 'a'\n\x00",
        b"a = " + b"[" * 100_000,
        b"a" * 1_000_000,
        b"a.b.c.d = 1\na.b = 2",
        b"policy = [[[[]]]]\nclause = {}\n",
        b"clause = [[{}]]\n[policy]\nid = {}\n",
        b"conditions = 3\nclause = 3\n[policy]\n",
        b"csv = 3\ntable = [3]\nclause = [{}]\n[policy]\n",
        b"table = [{ file = 3 }]\n[policy]\n",
        b"conditions = { a = [1] }\nclause = [{ when = { use = 'a' } }]\n[policy]\n",
    ],
)
def test_what_is_no_policy_is_refused_with_its_file(tmp_path, content):
    path = tmp_path / "odd.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as refusal:
        load_policy(path)
    assert refusal.value.file == str(path)
    assert refusal.value.remedy
    assert len(str(refusal.value)) < 2000


def test_line_ends_and_marks_at_the_start_do_not_matter(tmp_path):
    path = tmp_path / "odd.toml"
    for newline in ("\n", "\r\n"):
        for mark in ("", "\ufeff"):
            path.write_bytes((mark + GOOD.replace("\n", newline)).encode())
            policy = load_policy(path)
            assert policy.clauses == load_text(GOOD, file="odd.toml").clauses


@pytest.mark.parametrize(
    "word", ["\u202e\u200b", "\u0000", "é", "e\u0301", "𠀀", '"', "\\", "\n", "\t", "'''", '"""', "#"]
)
def test_every_character_survives_or_is_refused(word):
    quoted = word.encode("unicode_escape").decode().replace("\\x", "\\u00").replace('"', '\\"')
    if word == "\\":
        quoted = "\\\\"
    text = GOOD.replace('text = "低效"', f'text = "低{quoted}效"')
    policy = load_text(text, file="odd.toml")
    assert policy.clauses[1].text == f"低{word}效"
    assert load_text(policy_toml(policy), file="again.toml").clauses == policy.clauses


def test_look_alikes_of_names_are_not_the_names():
    with pytest.raises(PolicyError, match="total_invest_wan"):
        load_text(GOOD.replace('"total_invest_wan"', '"tоtal_invest_wan"'), file="odd.toml")
    with pytest.raises(PolicyError, match="'万元'"):
        load_text(GOOD.replace('unit = "万元"', 'unit = "万元 "'), file="odd.toml")
    with pytest.raises(PolicyError, match="not a number"):
        load_text(GOOD.replace('limit = "1/3"', 'limit = "１/３"'), file="odd.toml")


@pytest.mark.parametrize("limit", ["1_000", "0x10", "+5", "-0.0", "1e3", "1E-2", "999999999999999"])
def test_every_number_of_toml_is_a_limit(limit):
    policy = loaded(f'{{ fact = "jobs", op = "<", unit = "人", limit = {limit} }}')
    assert load_text(policy_toml(policy), file="again.toml").clauses == policy.clauses
    facts = facts_of(project={"A": {"jobs": 1.0, "zone_class": "urban"}})
    assert len(judge(screen(facts, [policy]), [policy]).projects) == 1


def test_a_thousand_clauses_are_read():
    clause = (
        '[[clause]]\nid = "{}"\nsubject = "zone"\ncite = "一"\ntext = "…"\nverdict = "not_met"\nwhen = {}\n'
    )
    leaf = '{ fact = "far", op = "<", limit = 1 }'
    head = '[policy]\nid = "many"\ntitle = "多"\nsource = "自拟"\neffective = 2020-01-01\notherwise = { zone = "met" }\n'
    start = time.perf_counter()
    policy = load_text(head + "".join(clause.format(n, leaf) for n in range(1000)), file="many.toml")
    assert len(policy.clauses) == 1000
    assert time.perf_counter() - start < 10
