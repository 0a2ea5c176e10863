"""Dates as people write them."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from landuse.errors import AmbiguousError, CellError, NoSuchDayError
from landuse.parsing.dates import is_placeholder_date, parse_date


@pytest.mark.parametrize(
    "cell",
    [
        "2019-04-19",
        "2019-4-19",
        "2019/4/19",
        "2019.4.19",
        "20190419",
        "2019年4月19日",
        "2019年04月19号",
        "２０１９年４月１９日",
        "2019 年 4 月 19 日",
        "二〇一九年四月十九日",
        "二零一九年四月十九日",
        "2019-04-19 00:00:00",
        "2019/4/19 8:30",
        "2019-04-18T16:00:00Z",
        "2019-04-19T08:00:00+08:00",
        "2019-04-19 10:00:00.123",
        date(2019, 4, 19),
        datetime(2019, 4, 19, 23, 59),
        pd.Timestamp("2019-04-19 12:00"),
        np.datetime64("2019-04-19"),
        np.datetime64("2019-04-19T10:00:00.000000000"),
        43574,
        43574.75,
        "43574",
        20190419,
        20190419.0,
        1555603200000,
        "1555603200000",
    ],
)
def test_one_day(cell):
    found = parse_date(cell)
    assert (found.first, found.last) == (date(2019, 4, 19), date(2019, 4, 19))
    assert found.raw == str(cell)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2019年3月", date(2019, 3, 1), date(2019, 3, 31)),
        ("2019.3", date(2019, 3, 1), date(2019, 3, 31)),
        ("2019-03", date(2019, 3, 1), date(2019, 3, 31)),
        ("201902", date(2019, 2, 1), date(2019, 2, 28)),
        (201902, date(2019, 2, 1), date(2019, 2, 28)),
        (2019.3, date(2019, 3, 1), date(2019, 3, 31)),
        (2019.11, date(2019, 11, 1), date(2019, 11, 30)),
        ("2020年2月", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019年2月下旬", date(2019, 2, 21), date(2019, 2, 28)),
        ("2019年第三季度", date(2019, 7, 1), date(2019, 9, 30)),
        ("2019年下半年", date(2019, 7, 1), date(2019, 12, 31)),
        ("2019年", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019年底", date(2019, 1, 1), date(2019, 12, 31)),
        (2019, date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_spans(cell, first, last):
    found = parse_date(cell)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "cell",
    [
        "1900-01-01",
        "1900/1/1",
        "1900年1月1日",
        "9999-12-31",
        "99991231",
        1,
        0,
        datetime(1900, 1, 1),
        date(9999, 12, 31),
    ],
)
def test_placeholders_are_missing(cell):
    assert is_placeholder_date(cell)
    assert parse_date(cell) is None


@pytest.mark.parametrize("cell", [None, "", "--", "待定", pd.NaT, float("nan"), np.datetime64("NaT")])
def test_blank_is_none(cell):
    assert not is_placeholder_date(cell)
    assert parse_date(cell) is None


@pytest.mark.parametrize(
    "cell", ["19.3.5", "5/3/2019", "2019.3-2020.5", "2019年3月至2020年5月", 2019.1, "2019.1"]
)
def test_two_readings_are_ambiguous(cell):
    with pytest.raises(AmbiguousError):
        parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2019年3月", "2019-03"),
        ("二〇一九年三月", "2019-03"),
        ("2019.03", "2019-03"),
        ("2019年2月底", "2019-02"),
        ("2020年2月", "2020-02"),
        ("2019年12月", "2019-12"),
        ("2019年", "2019"),
        ("二〇一九年", "2019"),
        ("2019-03-05", None),
        ("2019年上半年", None),
        ("2019年一季度", None),
        ("2019年3月上旬", None),
    ],
)
def test_periods_that_iso_8601_can_write(cell, period):
    assert parse_date(cell).period == period


@pytest.mark.parametrize(
    "cell", ["2019-02-29", "2019年2月30日", "20190230", "2019/13/1", "2019年13月", "2019-04-31", "201913"]
)
def test_a_day_that_no_calendar_has_is_told_apart(cell):
    with pytest.raises(NoSuchDayError):
        parse_date(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2019-02-29",
        "2019-13-01",
        "2019年2月30日",
        "0000-00-00",
        "未开工",
        "3019-01-01",
        "2019年3月前",
        5,
        1e300,
        True,
        INF := float("inf"),
    ],
)
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(CellError):
        parse_date(cell)
