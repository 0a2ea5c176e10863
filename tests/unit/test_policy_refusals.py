"""What the wider language refuses: own facts, tables, names, dates, facts as limits, roundings, templates, terms."""

from __future__ import annotations

import pytest

from landuse.errors import PolicyError
from landuse.policy import load_policy, load_text
from tests.unit.policy_wide import FAULTS, WIDE


def test_the_wide_policy_is_good():
    policy = load_text(WIDE, file="wide.toml")
    assert [f.name for f in policy.facts] == ["power", "grade_of_firm"]
    assert [r.classes for r in policy.rows] == [("36", "urban"), ("36", ""), ("37", "county")]


@pytest.mark.parametrize("name", list(FAULTS))
def test_refused(name):
    good, bad, key, words = FAULTS[name]
    assert good in WIDE
    with pytest.raises(PolicyError) as refusal:
        load_text(WIDE.replace(good, bad, 1), file="wide.toml")
    error = refusal.value
    assert (error.file, error.key) == ("wide.toml", key), str(error)
    assert words in f"{error.what} {error.remedy}"
    assert error.remedy


def test_a_table_goes_by_classes_only():
    text = WIDE.replace('"zone_class"]', '"far_min"]').replace("code,zone_class,value", "code,far_min,value")
    with pytest.raises(PolicyError, match="unknown class: 'far_min'") as refusal:
        load_text(text, file="wide.toml")
    assert refusal.value.key == "table[limits].by"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_table_as_excel_saves_it(tmp_path, encoding, newline):
    before, _, rest = WIDE.partition("[csv]")
    page, after = rest.split('"""')[1], rest.split('"""')[2]
    page = (
        page.strip()
        .replace("value\n", "value,source\n")
        .replace("250", "250,附件一")
        .replace("200", "200,")
        .replace("150", "150,")
    )
    (tmp_path / "limits.csv").write_bytes((newline.join(page.split("\n")) + newline).encode(encoding))
    (tmp_path / "wide.toml").write_bytes((before + after).replace("\n", newline).encode("utf-8-sig"))
    rows = load_policy(tmp_path / "wide.toml").rows
    assert [(r.classes, int(r.value), r.line) for r in rows] == [
        (("36", "urban"), 250, 2),
        (("36", ""), 200, 3),
        (("37", "county"), 150, 4),
    ]
    assert rows[0].source == "附件一"


def test_a_table_elsewhere_or_unreadable_is_refused(tmp_path):
    before, _, rest = WIDE.partition("[csv]")
    plain = before + rest.split('"""')[2]
    path = tmp_path / "wide.toml"
    path.write_text(plain.replace("limits.csv", "../limits.csv"), encoding="utf-8")
    with pytest.raises(PolicyError, match="beside the policy"):
        load_policy(path)
    path.write_text(plain, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"limits\.csv is not there"):
        load_policy(path)
    (tmp_path / "limits.csv").write_bytes("indicator,值".encode("utf-16"))
    with pytest.raises(PolicyError, match=r"limits\.csv"):
        load_policy(path)
    (tmp_path / "limits.csv").write_bytes(b"")
    with pytest.raises(PolicyError, match="no column"):
        load_policy(path)
