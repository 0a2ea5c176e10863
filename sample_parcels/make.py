"""Write the sample: the files of a seeded synthetic city, and what must come out of them.

Run from the root of the repository: ``python sample_parcels/make.py [folder]``. Everything in it is invented.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from itertools import groupby
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import xlsxwriter

from landuse.testing.foreign import FIRST_LEDGER_ROW, LEDGER_HEADERS, LEDGER_TITLES
from landuse.testing.worlds import World, city

WRITTEN = datetime(2026, 6, 30)
NOTE = "备注：本表数据均为虚构，集聚区名称仅作示例。"
ZONE_COLUMN = 4
MONEY_COLUMNS = ("total_invest_wan", "fixed_invest_wan", "invested_wan", "planned_wan")

PLAN = """\
# 示例计划：全部数据均为虚构 / the sample plan: everything in it is invented
title = "示例市产业集聚区土地利用（虚构数据）"
as_of = 2026-06-30
policies = ["cn-luoyang-zones-2011", "cn-idle-land-2012"]

[[parcels]]
path = "parcels.gpkg"
blank_handed_over_on = "not_handed_over"    # 实际交地时间空白：未交地
blank_started_on = "not_started"            # 实际开工时间空白：未动工
blank_suspended_on = "not_suspended"        # 中止开发日期空白：未中止
blank_finished_on = "not_finished"          # 实际竣工时间空白：未竣工
blank_government_cause = "none"             # 政府原因空白：无

[[projects]]
path = "ledger.xlsx"

[[zones]]
path = "zones.gpkg"

[quota]
path = "quota.csv"

[reserve]
path = "reserve.gpkg"

[measure]
area = "stated"
approx_rel = 0.1                            # 「约」：上下各一成

[consolidate]
gap_m = 10
min_mu = 20

[allocate]
objective = { fixed_invest_wan = 1.0 }
stock_first = true

# 集聚区评分：方法、权重、理想值都是虚构的示例，不是任何文件的规定 / invented examples
[score]
method = "ideal_value"
weights = { fixed_wan_per_mu = 40, output_wan_per_mu = 20, tax_wan_per_mu = 20, idle_share = 20 }
ideals = { fixed_wan_per_mu = 300, output_wan_per_mu = 400, tax_wan_per_mu = 15 }

[output]
map = true
workbook = true
"""


def write_sample(world: World, folder: Path) -> list[Path]:
    """Write all files of the sample into a folder; return them in order."""
    folder.mkdir(parents=True, exist_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{WRITTEN:%Y-%m-%dT%H:%M:%SZ}"})
    try:
        for name in ("parcels", "zones", "reserve"):
            _write_layer(getattr(world.files, name), folder / f"{name}.gpkg")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    write_ledger(world, folder / "ledger.xlsx")
    _write_csv(world.files.quota, folder / "quota.csv")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    expected = world.expected
    _write_csv(expected.projects.reset_index(), folder / "expected_projects.csv")
    _write_csv(expected.parcels.reset_index(), folder / "expected_parcels.csv")
    _write_csv(expected.blocks, folder / "expected_blocks.csv")
    _write_csv(expected.rows, folder / "expected_rows.csv")
    (folder / "expected_totals.toml").write_text(_totals(world), encoding="utf-8")
    return sorted(folder.iterdir())


def _write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    path.unlink(missing_ok=True)
    layer.to_file(path, layer=path.stem, driver="GPKG", engine="pyogrio", SPATIAL_INDEX="NO")


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def write_ledger(world: World, path: Path) -> None:
    """Write the ledger as people keep it: titles, two header rows, merged cells, a total row, a remark."""
    ledger = world.files.ledger
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        book.set_properties({"title": LEDGER_TITLES[0], "created": WRITTEN, "comments": "虚构数据"})
        sheet = book.add_worksheet("项目台账")
        bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1})
        last = len(LEDGER_HEADERS) - 1
        sheet.merge_range(0, 0, 0, last, LEDGER_TITLES[0], bold)
        sheet.merge_range(1, 0, 1, last, LEDGER_TITLES[1], plain)
        _write_headers(sheet, bold)
        first = FIRST_LEDGER_ROW - 1
        for row, cells in enumerate(ledger.itertuples(index=False, name=None), start=first):
            for column, cell in enumerate(cells):
                if column != ZONE_COLUMN:
                    sheet.write(row, column, _cell(cell), plain)
        _write_zones(sheet, ledger, first, plain)
        end = first + len(ledger)
        sheet.merge_range(end, 0, end, 6, "合计", bold)
        for column, stem in enumerate(MONEY_COLUMNS, start=7):
            sheet.write(end, column, world.expected.money[stem]["low"]["read_fen"] / 1_000_000, plain)
        sheet.merge_range(end + 1, 0, end + 1, last, NOTE, plain)
        sheet.set_column(1, 4, 18)
        sheet.set_column(7, 14, 14)
        sheet.freeze_panes(first, 3)


def _cell(cell: object) -> object:
    return None if cell is None or pd.isna(cell) or cell == "" else cell


def _write_headers(sheet: xlsxwriter.worksheet.Worksheet, bold: xlsxwriter.format.Format) -> None:
    """Write two header rows: groups over their columns, single ones over both rows."""
    at = 0
    for upper, group in groupby(LEDGER_HEADERS, key=lambda h: h[0]):
        columns = list(group)
        if len(columns) == 1:
            sheet.merge_range(2, at, 3, at, upper, bold)
        else:
            sheet.merge_range(2, at, 2, at + len(columns) - 1, upper, bold)
            for step, (_, lower) in enumerate(columns):
                sheet.write(3, at + step, lower, bold)
        at += len(columns)


def _write_zones(
    sheet: xlsxwriter.worksheet.Worksheet, ledger: pd.DataFrame, first: int, plain: xlsxwriter.format.Format
) -> None:
    """Write the name of a zone once over the rows of its projects."""
    row = first
    for name, rows in groupby(ledger.iloc[:, ZONE_COLUMN]):
        count = len(list(rows))
        if count == 1:
            sheet.write(row, ZONE_COLUMN, name, plain)
        else:
            sheet.merge_range(row, ZONE_COLUMN, row + count - 1, ZONE_COLUMN, name, plain)
        row += count


def _totals(world: World) -> str:
    """Return the money account by recipe, in whole fen, as TOML."""
    lines = [
        "# 按编制方法逐项以分累加，不经本库计算 / summed by recipe in whole fen, never by the library",
        f"parcels_accepted = {len(world.parcels)}",
        f"projects_accepted = {len(world.projects)}",
    ]
    for stem, ends in world.expected.money.items():
        for end, account in ends.items():
            lines += ["", f"[money.{stem}.{end}]", *(f"{key} = {value}" for key, value in account.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    for written in write_sample(city(), target):
        sys.stdout.write(f"{written.stat().st_size:>9}  {written.name}\n")
