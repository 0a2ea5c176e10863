"""A policy by hand, and what is refused when a piece of it is put wrong."""

from __future__ import annotations

GOOD = """
[policy]
id = "mine"
title = "我的标准"
source = "内部"
effective = 2020-01-01
otherwise = { project = "separate_land", parcel = "in_use" }

[policy.routes]
separate_land = { route = "separate_land", source = "一" }
no_separate_land = { route = "standard_factory", source = "二" }
undecided = { route = "review", source = "三" }
out_of_scope = { route = "review", source = "四" }

[[clause]]
id = "a"
subject = "project"
cite = "第一条"
text = "总投资不足"
verdict = "no_separate_land"
scope = { fact = "zone_class", op = "in", limit = ["urban", "county"] }
when = { fact = "total_invest_wan", op = "<=", unit = "万元", limit = { by = "zone_class", urban = 5000, county = 3000 } }

[[clause]]
id = "b"
subject = "parcel"
cite = "第二条"
text = "低效"
verdict = "underused"
when = { all = [ { fact = "fixed_wan_per_mu", op = "<", unit = "万元/亩", limit = 100.5 }, { not = { fact = "developed_ratio", op = ">=", limit = "1/3" } } ] }
consequence = { fee_of = "price_wan", rate = "1/5", unless = { fact = "government_cause", op = "!=", limit = "none" } }
"""

# what stands in GOOD, what is put in its place, the key path of the refusal, words of the message
FAULTS = {
    "unknown fact": ('"total_invest_wan"', '"total_investment"', "clause[a].when.fact", "total_invest_wan"),
    "an end of a pair": ('"total_invest_wan"', '"total_invest_wan_low"', "clause[a].when.fact", "nearest"),
    "fact of another subject": (
        'fact = "developed_ratio"',
        'fact = "requested_m2"',
        "clause[b].when.all[1].not.fact",
        "fact of a parcel",
    ),
    "a date": ('fact = "developed_ratio"', 'fact = "start_due"', "clause[b].when.all[1].not.limit", "date"),
    "a month": (
        'fact = "developed_ratio"',
        'fact = "start_due_period"',
        "clause[b].when.all[1].not.fact",
        "part of a date",
    ),
    "verdict of another subject": ('"underused"', '"no_separate_land"', "clause[b].verdict", "in_use"),
    "verdict nobody gives": ('"underused"', '"undecided"', "clause[b].verdict", "underused"),
    "otherwise lacks a subject": (', parcel = "in_use"', "", "policy.otherwise", "parcel"),
    "otherwise names too much": (
        'parcel = "in_use"',
        'parcel = "in_use", zone = "met"',
        "policy.otherwise.zone",
        "zone",
    ),
    "otherwise unknown": ('parcel = "in_use"', 'parcel = "in_usee"', "policy.otherwise.parcel", "'in_use'"),
    "otherwise undecided": ('parcel = "in_use"', 'parcel = "undecided"', "policy.otherwise.parcel", "in_use"),
    "otherwise of nobody": ('parcel = "in_use"', 'parcels = "in_use"', "policy.otherwise.parcels", "parcel"),
    "route lacking": ('undecided = { route = "review", source = "三" }', "", "policy.routes", "undecided"),
    "route unknown": ('"standard_factory"', '"factory"', "policy.routes.no_separate_land.route", "factory"),
    "route of no verdict": ("separate_land = {", "seperate = {", "policy.routes.seperate", "separate_land"),
    "unknown op": ('op = "<="', 'op = "=<"', "clause[a].when.op", "nearest"),
    "op against a number": ('op = "<="', 'op = "in"', "clause[a].when.op", "number"),
    "op against a text": ('op = "in"', 'op = "<"', "clause[a].scope.op", "text"),
    "unknown key in a clause": ('cite = "第一条"', 'cites = "第一条"', "clause[a].cites", "'cite'"),
    "one key too many": ('cite = "第一条"', 'cite = "第一条"\nnotes = "x"', "clause[a].notes", "cite"),
    "unknown key in a condition": (
        'fact = "developed_ratio"',
        'fact = "developed_ratio", limits = 1',
        "clause[b].when.all[1].not.limits",
        "'limit'",
    ),
    "unknown key in the header": (
        'source = "内部"',
        'source = "内部"\nexpire = 2030-01-01',
        "policy.expire",
        "expires",
    ),
    "unknown table": ("[policy.routes]", "[polici]\n[policy.routes]", "polici", "'policy'"),
    "unknown key in a consequence": (
        'rate = "1/5"',
        'rate = "1/5", fee = 1',
        "clause[b].consequence.fee",
        "fee_of",
    ),
    "no id": ('id = "b"', "", "clause[#2].id", "missing"),
    "empty cite": ('cite = "第一条"', 'cite = ""', "clause[a].cite", "empty"),
    "unknown subject": ('subject = "parcel"', 'subject = "parcell"', "clause[b].subject", "'parcel'"),
    "two clauses of one id": ('id = "b"', 'id = "a"', "clause[a].id", "2 times"),
    "date in quotes": ("2020-01-01", '"2020-01-01"', "policy.effective", "without quotes"),
    "date with a time": ("2020-01-01", "2020-01-01T08:00:00", "policy.effective", "not a date"),
    "no such date": ("2020-01-01", "2020-02-30", None, "TOML"),
    "expires first": ("2020-01-01", "2020-01-01\nexpires = 2019-01-01", "policy.expires", "not after"),
    "bad region": ("2020-01-01", '2020-01-01\nregion = "洛阳"', "policy.region", "pattern"),
    "limit empty": ("limit = 100.5", 'limit = ""', "clause[b].when.all[0].limit", "limit is empty, refused"),
    "limit missing": (", limit = 100.5", "", "clause[b].when.all[0].limit", "limit is empty, refused"),
    "limit empty list": ('["urban", "county"]', "[]", "clause[a].scope.limit", "limit is empty, refused"),
    "limit empty for a class": (
        "county = 3000",
        'county = ""',
        "clause[a].when.limit.county",
        "limit is empty, refused",
    ),
    "limit lacks a class": (", county = 3000", "", "clause[a].when.limit.county", "limit is empty, refused"),
    "limit without classes": (
        ", urban = 5000, county = 3000",
        "",
        "clause[a].when.limit",
        "limit is empty, refused",
    ),
    "limit without class fact": ('by = "zone_class", ', "", "clause[a].when.limit", "by"),
    "limit by no class": (
        'by = "zone_class"',
        'by = "total_invest_wan"',
        "clause[a].when.limit.by",
        "zone_class",
    ),
    "limit of unknown class": ("county = 3000", "country = 3000", "clause[a].when.limit.country", "'county'"),
    "limit nan": ("limit = 100.5", "limit = nan", "clause[b].when.all[0].limit", "not a number"),
    "limit divides by zero": ('limit = "1/3"', 'limit = "1/0"', "clause[b].when.all[1].not.limit", "zero"),
    "limit a text": ("limit = 100.5", 'limit = "百"', "clause[b].when.all[0].limit", "number"),
    "limit yes or no": ("limit = 100.5", "limit = true", "clause[b].when.all[0].limit", "number"),
    "limit of text in numbers": ('["urban", "county"]', "[1, 2]", "clause[a].scope.limit", "texts"),
    "limit no value of the fact": (
        '["urban", "county"]',
        '["urban", "town"]',
        "clause[a].scope.limit",
        "'county'",
    ),
    "limit one text where a list": ('["urban", "county"]', '"urban"', "clause[a].scope.limit", "list"),
    "unit missing": (', unit = "万元/亩"', "", "clause[b].when.all[0].unit", "no unit"),
    "unit unknown": ('unit = "万元/亩"', 'unit = "万/亩"', "clause[b].when.all[0].unit", "'万元/亩'"),
    "unit of another dimension": (
        'unit = "万元/亩"',
        'unit = "万元"',
        "clause[b].when.all[0].unit",
        "万元/公顷",
    ),
    "unit where there is none": (
        'fact = "developed_ratio"',
        'fact = "developed_ratio", unit = "亩"',
        "clause[b].when.all[1].not.unit",
        "leave the unit out",
    ),
    "unit of a text": ('op = "in"', 'op = "in", unit = "亩"', "clause[a].scope.unit", "no unit"),
    "inclusive against the op": (
        'op = "<="',
        'op = "<=", inclusive = false',
        "clause[a].when.inclusive",
        "contradicts",
    ),
    "inclusive of a list": (
        'op = "in"',
        'op = "in", inclusive = true',
        "clause[a].scope.inclusive",
        "contradicts",
    ),
    "empty all": (
        "limit = 100.5 }, {",
        "limit = 100.5 }, { all = [] }, {",
        "clause[b].when.all[1].all",
        "empty",
    ),
    "all and any at once": (
        "{ not = {",
        "{ any = [], not = {",
        "clause[b].when.all[1].not",
        "beside",
    ),
    "fee of no money": ('"price_wan"', '"area_mu"', "clause[b].consequence.fee_of", "price_wan"),
    "rate above one": ('"1/5"', '"6/5"', "clause[b].consequence.rate", "rate"),
    "rate of zero": ('"1/5"', "0", "clause[b].consequence.rate", "rate"),
    "not TOML": ("[policy.routes]", "[policy.routes", None, "TOML"),
    "a file without policy": ("[policy]\n", "[polices]\n", "polices", "'policy'"),
}
