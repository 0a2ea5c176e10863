"""A policy with every form of the language, and what is refused when a piece of it is put wrong."""

from __future__ import annotations

WIDE = '''
[policy]
id = "wide"
title = "宽"
source = "自拟"
effective = 2020-01-01
supersedes = ["older"]
otherwise = { parcel = "in_use", zone = "met" }

[[fact]]
name = "power"
subject = "parcel"
type = "number"
columns = ["用电量"]
label = "用电量"
unit = "吨"
per = "mu"

[[fact]]
name = "grade_of_firm"
subject = "parcel"
type = "text"
columns = ["企业等级"]
label = "企业等级"
values = ["A", "B"]

[[table]]
id = "limits"
file = "limits.csv"
by = ["industry_code", "zone_class"]
unit = "万元/亩"
std = 2017

[csv]
"limits.csv" = """
indicator,industry_code,zone_class,value
intensity,36,urban,250
intensity,36,,200
intensity,C37,county,150
"""

[conditions.built]
fact = "finished"
op = "=="
limit = true

[conditions.late]
all = [ { use = "built" }, { fact = "start_due", op = "<", limit = 2012-07-01 } ]

[[clause]]
id = "a"
subject = "parcel"
cite = "一"
text = "……"
verdict = "underused"
outcome = "D类"
scope = { use = "late" }
when = { any = [
    { fact = "power", op = ">", unit = "吨/亩", limit = 5, round = { digits = 1, mode = "half_up" } },
    { fact = "grade_of_firm", op = "in", limit = ["A"] },
    { fact = "fixed_wan_per_mu", op = "<", limit = { table = "limits", indicator = "intensity" } },
    { fact = "far", op = "<", limit = { fact = "far_min", times = "1/2" } },
    { fact = "started_on", op = ">", limit = { fact = "start_due" } },
    { fact = "industry_code", op = "under", std = 2017, limit = ["36", "37"] },
    { fact = "tax_wan_per_mu", op = "<", unit = "万元/亩", limit = { by = "industry_code", std = 2017, C36 = 3, other = 1 } },
    { fact = "holder", op = "is_unknown" },
] }
consequence = { action = "约谈" }

[[clause]]
id = "z"
subject = "zone"
cite = "二"
text = "……"
verdict = "not_met"
when = { fact = "built_out_share", op = "<", limit = 0.5 }
consequence = { quota_factor = "9/10" }

[[deadline]]
id = "d"
cite = "三"
text = "……"
after = ["underused"]
days = 30
'''

A = "clause[a].when.any"
# what stands in WIDE, what is put in its place, the key path of the refusal, words of the message
FAULTS = {
    "own fact twice": ('name = "grade_of_firm"', 'name = "power"', "fact[power]", "2 times"),
    "own fact of the house": ('name = "grade_of_firm"', 'name = "holder"', "fact[holder].name", "already"),
    "own fact named like an end": ('"grade_of_firm"\ns', '"power_low"\ns', "fact[power_low].name", "_low"),
    "own fact in capitals": ('name = "grade_of_firm"', 'name = "Grade"', "fact[Grade].name", "pattern"),
    "own fact of an unknown type": (
        'type = "text"',
        'type = "words"',
        "fact[grade_of_firm].type",
        "one of number, text, flag, date",
    ),
    "own fact without columns": ('["企业等级"]', "[]", "fact[grade_of_firm].columns", "empty"),
    "own fact with an unknown key": (
        'label = "企业等级"',
        'lable = "企"',
        "fact[grade_of_firm].lable",
        "'label'",
    ),
    "own text with a unit": ('values = ["A", "B"]', 'unit = "吨"', "fact[grade_of_firm].unit", "no unit"),
    "own number with values": ('per = "mu"', 'values = ["1"]', "fact[power].values", "no list of values"),
    "own number per land without unit": ('unit = "吨"\n', "", "fact[power].unit", "per needs a unit"),
    "own fact per hectare": ('per = "mu"', 'per = "ha"', "fact[power].per", "'mu'"),
    "unit of an own fact": ('unit = "吨/亩"', 'unit = "吨"', f"{A}[0].unit", "吨/亩"),
    "value of an own text": ('limit = ["A"]', 'limit = ["C"]', f"{A}[1].limit", "one of A, B"),
    "table twice": (
        "[csv]",
        '[[table]]\nid = "limits"\nfile = "limits.csv"\nby = ["industry_code", "zone_class"]\n[csv]',
        "table[limits]",
        "2 times",
    ),
    "table not there": ('file = "limits.csv"', 'file = "limit.csv"', "table[limits].file", "limit.csv"),
    "page of no table": (
        '"limits.csv" = """',
        '"extra.csv" = "x"\n"limits.csv" = """',
        "csv.extra.csv",
        "'limits.csv'",
    ),
    "table with an unknown key": ("std = 2017\n\n", "stb = 2017\n\n", "table[limits].stb", "'std'"),
    "table of industries without edition": ("std = 2017\n\n", "\n", "table[limits].std", "2017"),
    "table with an unknown edition": ("std = 2017\n\n", "std = 2018\n\n", "table[limits].std", "2017"),
    "table by no fact": (
        'by = ["industry_code", "zone_class"]',
        'by = ["industry_code", "zone_clas"]',
        "table[limits]",
        "zone_clas",
    ),
    "column of the table unknown": (
        "code,zone_class,value\n",
        "code,zone_klass,value\n",
        "table[limits]",
        "'zone_class'",
    ),
    "column of the table twice": (
        "code,zone_class,value\n",
        "code,zone_class,value,value\n",
        "table[limits]",
        "twice",
    ),
    "column of the table lacking": (
        "indicator,industry_code",
        "industry_code,note",
        "table[limits]",
        "indicator",
    ),
    "cell lacking": ("intensity,36,urban,250", "intensity,36,250", "table[limits]", "line 2"),
    "value no number": ("urban,250", "urban,25o", "table[limits]", "'25o' is not a number"),
    "value not a number": ("urban,250", "urban,nan", "table[limits]", "line 2"),
    "value without end": ("urban,250", "urban,inf", "table[limits]", "line 2"),
    "value beyond all": ("urban,250", "urban,1e400", "table[limits]", "line 2"),
    "class of the table unknown": (
        "36,urban,250",
        "36,urbann,250",
        "table[limits]",
        "line 2: unknown value of zone_class: 'urbann'; the nearest known one is 'urban'",
    ),
    "section for an industry": ("36,urban,250", "C,urban,250", "table[limits]", "line 2"),
    "two rows for the same classes": (
        "intensity,36,,200",
        "intensity,C36,urban,200",
        "table[limits]",
        "line 2",
    ),
    "row without indicator": ("intensity,36,,200", ",36,,200", "table[limits]", "line 3: no indicator"),
    "open quote in the table": ("intensity,36,,200", 'intensity,"36,,200', "table[limits]", "not CSV"),
    "open quote in the first line": (
        "indicator,industry_code",
        'indicator,\\"industry_code',
        "table[limits]",
        "not CSV",
    ),
    "indicator unknown": (
        'indicator = "intensity"',
        'indicator = "intensty"',
        f"{A}[2].limit.indicator",
        "'intensity'",
    ),
    "table unknown": ('{ table = "limits"', '{ table = "limit"', f"{A}[2].limit.table", "'limits'"),
    "table and a unit": (
        '"fixed_wan_per_mu", op = "<"',
        '"fixed_wan_per_mu", op = "<", unit = "万元/亩"',
        f"{A}[2].unit",
        "leave the unit out",
    ),
    "unit of the table": (
        'unit = "万元/亩"\nstd',
        'unit = "万元"\nstd',
        "table[limits]",
        "does not measure fixed_wan_per_mu",
    ),
    "name unknown": ('scope = { use = "late" }', 'scope = { use = "lat" }', "clause[a].scope.use", "'late'"),
    "name of no text": ('scope = { use = "late" }', "scope = { use = 3 }", "clause[a].scope.use", "3"),
    "name beside a fact": (
        'scope = { use = "late" }',
        'scope = { use = "late", fact = "far" }',
        "clause[a].scope.use",
        "beside",
    ),
    "a name that uses itself": (
        '[ { use = "built" }',
        '[ { use = "late" }',
        "conditions.late",
        "uses itself",
    ),
    "fault in a named condition": (
        'fact = "start_due", op = "<"',
        'fact = "start_du", op = "<"',
        "clause[a].scope.all[1].fact",
        "'start_due'",
    ),
    "key in a named condition": (
        'op = "=="\nlimit = true',
        'opp = "=="\nlimit = true',
        "conditions.built.opp",
        "'op'",
    ),
    "day in quotes": (
        "limit = 2012-07-01",
        'limit = "2012-07-01"',
        "clause[a].scope.all[1].limit",
        "without quotes",
    ),
    "day with a time": (
        "limit = 2012-07-01",
        "limit = 2012-07-01T00:00:00",
        "conditions.late.all[1].limit",
        "time of day",
    ),
    "a time alone": (
        "limit = 2012-07-01",
        "limit = 07:30:00",
        "conditions.late.all[1].limit",
        "cannot be a limit",
    ),
    "day for a number": ("limit = 5,", "limit = 2012-07-01,", f"{A}[0].limit", "not a number"),
    "fact as limit unknown": ('fact = "far_min"', 'fact = "far_mim"', f"{A}[3].limit.fact", "'far_min'"),
    "fact as limit of another kind": (
        'fact = "far_min"',
        'fact = "holder"',
        f"{A}[3].limit.fact",
        "held against",
    ),
    "fact as limit of another unit": (
        'fact = "far_min", times = "1/2"',
        'fact = "area_mu"',
        f"{A}[3].limit.fact",
        "another unit",
    ),
    "fact as its own limit": (
        'fact = "far_min", times = "1/2"',
        'fact = "far"',
        f"{A}[3].limit.fact",
        "itself",
    ),
    "fact as limit with another key": ('times = "1/2"', 'time = "1/2"', f"{A}[3].limit", "times"),
    "fact as limit times nothing": ('times = "1/2"', "times = 0", f"{A}[3].limit", "above 0"),
    "fact as limit and a unit": (
        '"far", op = "<"',
        '"far", op = "<", unit = "亩"',
        f"{A}[3].unit",
        "no unit",
    ),
    "a day has no multiple": (
        'fact = "start_due" }',
        'fact = "start_due", times = 2 }',
        f"{A}[4].limit.times",
        "multiple",
    ),
    "rounding of a text": (
        'op = "in", limit = ["A"]',
        'op = "in", limit = ["A"], round = { digits = 0, mode = "up" }',
        f"{A}[1].round",
        "only a number",
    ),
    "rounding to too many digits": ("digits = 1", "digits = 9", f"{A}[0].round.digits", "6"),
    "rounding in an unknown way": ('mode = "half_up"', 'mode = "half"', f"{A}[0].round.mode", "'half_up'"),
    "rounding with an unknown key": ("digits = 1", "digit = 1", f"{A}[0].round.digit", "'digits'"),
    "rounded figure that cannot be": (
        'op = ">", unit = "吨/亩", limit = 5',
        'op = "==", unit = "吨/亩", limit = 5.25',
        f"{A}[0].limit",
        "never",
    ),
    "codes without edition": ('op = "under", std = 2017', 'op = "under"', f"{A}[5].std", "2017"),
    "codes of no edition": ('op = "under", std = 2017', 'op = "under", std = 2016', f"{A}[5].std", "2016"),
    "edition of a text": (
        '"grade_of_firm", op = "in"',
        '"grade_of_firm", op = "in", std = 2017',
        f"{A}[1].std",
        "industry_code",
    ),
    "section for codes": ('["36", "37"]', '["36", "C"]', f"{A}[5].limit", "'C'"),
    "limit by industry without edition": ("std = 2017, C36", "C36", f"{A}[6].limit.std", "2017"),
    "edition of a limit by class": (
        '{ by = "industry_code", std',
        '{ by = "holder", std',
        f"{A}[6].limit.std",
        "leave std out",
    ),
    "one industry twice": ("C36 = 3", "C36 = 3, 36 = 2", f"{A}[6].limit.36", "twice"),
    "section for a limit by industry": ("C36 = 3", "C = 3", f"{A}[6].limit.C", "section"),
    "class without a name": ("C36 = 3", '"" = 3', f"{A}[6].limit", "name"),
    "whether known, with a limit": (
        'op = "is_unknown"',
        'op = "is_unknown", limit = "x"',
        f"{A}[7].limit",
        "takes no limit",
    ),
    "empty limit outside a template": (
        "limit = 0.5",
        'limit = ""',
        "clause[z].when.limit",
        "limit is empty, refused",
    ),
    "number beyond all": ("limit = 0.5", "limit = 1e400", "clause[z].when.limit", "too large"),
    "number of a million digits": ("limit = 0.5", "limit = 1e999999", "clause[z].when.limit", "too large"),
    "number too fine": ("limit = 0.5", "limit = 1e-999999", "clause[z].when.limit", "too fine"),
    "fraction beyond all": ("limit = 0.5", f'limit = "1/{"9" * 5000}"', "clause[z].when.limit", "too"),
    "whole number of too many digits": ("limit = 0.5", f"limit = {'9' * 5000}", None, "TOML"),
    "no end": ("limit = 0.5", "limit = inf", "clause[z].when.limit", "not a number"),
    "below no end": ("limit = 0.5", "limit = -inf", "clause[z].when.limit", "not a number"),
    "factor of nothing": ('"9/10"', '"0/10"', "clause[z].consequence.quota_factor", "above 0"),
    "factor of a parcel": ('action = "约谈"', "quota_factor = 2", "clause[a].consequence", "no quota"),
    "fee of a zone": (
        'quota_factor = "9/10"',
        'fee_of = "output_wan", rate = 1',
        "clause[z].consequence",
        "no fee",
    ),
    "fee without rate": ('action = "约谈"', 'fee_of = "price_wan"', "clause[a].consequence.rate", "together"),
    "consequence of nothing": ('{ action = "约谈" }', "{ }", "clause[a].consequence", "empty"),
    "term after no verdict of the policy": (
        'after = ["underused"]',
        'after = ["idle_1y"]',
        "deadline[d].after",
        "underused",
    ),
    "term of no days": ("days = 30", "days = 0", "deadline[d].days", "0"),
    "term with an unknown key": ("days = 30", "day = 30", "deadline[d].day", "'days'"),
    "term about a zone": ('id = "d"', 'id = "d"\nsubject = "zone"', "deadline[d].subject", "parcel"),
    "supersedes itself": ('["older"]', '["wide"]', "policy.supersedes", "itself"),
    "supersedes nothing": ('["older"]', '[""]', "policy.supersedes[0]", "empty"),
    "template that is not yes or no": (
        'supersedes = ["older"]',
        'template = "yes"',
        "policy.template",
        "bool",
    ),
}
