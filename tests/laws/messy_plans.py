"""Random plans on disk: ledgers and parcel files as messy as people keep them, and what is true of them.

What every cell is worth, which rows must be rejected and which project stands on a parcel is known before
anything is written; nothing here asks the library.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter
from hypothesis import strategies as st

from tests.laws.messy_cells import NEGATIVE, NOTHING, Amount, amounts, write

CRS = "EPSG:4525"
EAST, NORTH = 37_632_000, 3_833_000
HEADERS = {
    "total_invest_wan": ("总投资", "计划总投资", "项目总投资额"),
    "fixed_invest_wan": ("固定资产投资", "其中：固定资产投资额", "固投"),
    "invested_wan": ("已投资额（不含地价）", "实际已投资额"),
    "planned_wan": ("应投资额", "应投资总额"),
    "output_wan": ("年产值", "预计年产值"),
    "tax_wan": ("年税收", "年纳税额"),
}
LOST = ("410399901001GB00001", "410399901002GB00002")
TOTALS = ("合计", "总计", "小计", "西区小计", "合计 3个")
NOTES = ("备注：本表数据均为虚构", "填报人：甲", "说明：单位以表头为准", "一、续建项目", "(二)新建项目")
TEMPLATES = (None, "FID_3")


@dataclass(frozen=True)
class Parcel:
    """A row of a parcel file: its place, id as written, width [m], price, and why it is rejected, if it is."""

    slot: int
    id: str | None
    width: int
    price: Amount = NOTHING
    fate: str | None = None
    shown: Any = None

    @property
    def area(self) -> int:
        """Area [m2]: all are 100 m deep."""
        return self.width * 100

    @property
    def shape(self) -> shapely.Polygon | None:
        """Where it lies."""
        west = EAST + 500 * self.slot
        if self.fate == "no_geometry":
            return None
        return shapely.box(west, NORTH, west + self.width, NORTH + 100)


@dataclass(frozen=True)
class Project:
    """A row of a ledger: id and name as written, the worth of its money cells, the numbers it names."""

    id: str | None
    name: str | None
    money: dict[str, Amount]
    refs: tuple[str, ...]
    fate: str | None = None


@dataclass(frozen=True)
class Line:
    """A line of a ledger: what it is (record, total_row, note_row, blank, title_row, header) and its cells."""

    kind: str
    cells: tuple[Any, ...] = ()
    project: Project | None = None


@dataclass(frozen=True)
class Ledger:
    """A ledger: file name, lines in order, and the unit that the plan gives to bare numbers."""

    file: str
    lines: tuple[Line, ...]
    encoding: str = "utf-8-sig"
    amount_unit: str | None = None

    def records(self) -> list[tuple[int, Project]]:
        """Every record with its row, counted from 1."""
        return [(n, line.project) for n, line in enumerate(self.lines, start=1) if line.project]


@dataclass(frozen=True)
class World:
    """Everything a plan names."""

    ledgers: tuple[Ledger, ...]
    parcels: tuple[tuple[str, tuple[Parcel, ...]], ...]
    prices_in: str = "万元"

    def held(self) -> set[str]:
        """The numbers under which a project can find a parcel."""
        return {p.id for _, rows in self.parcels for p in rows if p.fate is None and p.id not in TEMPLATES}


# --- parcels


def parcel_id(number: int) -> str:
    """A well-formed number of a parcel."""
    return f"410305001{number // 10 + 1:03d}GB{number:05d}"


@st.composite
def parcel_files(draw, unit: str):
    """One or two files; a second one may repeat parcels of the first."""
    rows = []
    for slot in range(draw(st.integers(1, 6))):
        fate = draw(st.sampled_from((None,) * 6 + ("negative", "no_geometry")))
        name = draw(st.sampled_from((parcel_id(slot),) * 6 + ((None, "FID_3") if fate is None else ())))
        rows.append(_parcel(draw, slot, name, fate, unit))
    sound = [p for p in rows if p.fate is None and p.id not in TEMPLATES]
    again = draw(st.lists(st.sampled_from(sound), max_size=2)) if sound else []
    files = [("parcels.gpkg", (*rows, *(replace(p, fate="duplicate_row") for p in again)))]
    if draw(st.booleans()):
        more = [_parcel(draw, slot, parcel_id(slot), None, unit) for slot in (50, 51)]
        twice = draw(st.lists(st.sampled_from(sound), max_size=1)) if sound else []
        files.append(("more.gpkg", (*more, *(replace(p, fate="duplicate_parcel") for p in twice))))
    return tuple(files)


def _parcel(draw, slot: int, name: str | None, fate: str | None, unit: str) -> Parcel:
    price = draw(amounts())
    return Parcel(slot, name, draw(st.integers(30, 400)), price, fate, write(draw, price, unit))


# --- ledgers


def _refs(draw, numbers: tuple[str, ...]) -> str | None:
    """Write parcel numbers as people do."""
    shown = []
    for code in numbers:
        spaced = f"{code[:12]} {code[12:14]} {code[14:]}"
        shown.append(draw(st.sampled_from((code, code, code.lower(), spaced))))
    return draw(st.sampled_from(("、", "；", "，"))).join(shown) or draw(st.sampled_from((None, "—", "")))


@st.composite
def projects_of(draw, prefix: str, ids: list[str], stems: tuple[str, ...]):
    """Projects with their money; now and then a row without id, a negative figure, a nameless row."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(("sound",) * 8 + ("no_number", "negative", "no_id")))
        money = {stem: draw(amounts()) for stem in stems}
        if kind == "negative":
            money[draw(st.sampled_from(stems))] = Amount("negative")
        made.append(
            Project(
                None if kind in ("no_number", "no_id") else f"{prefix}-{number:03d}",
                None if kind == "no_id" else f"示例{prefix}第{number}厂",
                money,
                tuple(draw(st.lists(st.sampled_from([*ids, *LOST]), max_size=3, unique=True))),
                kind if kind in ("negative", "no_id") else None,
            )
        )
    return made


@st.composite
def ledgers(draw, number: int, ids: list[str]):
    """A ledger: titles, header, records between totals, notes and blank lines, some of them twice."""
    chosen = st.lists(st.sampled_from(list(HEADERS)[1:]), unique=True)
    stems = ("total_invest_wan", *draw(chosen))
    rows = draw(projects_of("甲乙"[number], ids, stems))
    sound = [p for p in rows if p.fate is None and p.id]
    for twin in draw(st.lists(st.sampled_from(sound), max_size=2)) if sound else ():
        after = rows.index(twin) + 1
        rows.insert(draw(st.integers(after, len(rows))), replace(twin, fate="duplicate_row"))
    named = draw(st.sampled_from(("header", "title", "plan")))
    one = draw(st.sampled_from(("万元", "亿元", "元")))
    units = {s: draw(st.sampled_from(("万元", "亿元", "元"))) if named == "header" else one for s in stems}
    names = [
        draw(st.sampled_from(HEADERS[s])) + (f"（{units[s]}）" if named == "header" else "") for s in stems
    ]
    lines = [Line("title_row", ("虚构项目台账",)) for _ in range(draw(st.integers(0, 1)))]
    if named == "title":
        lines.append(Line("title_row", (f"单位：{one}",)))
    lines.append(Line("header", ("序号", "项目编号", "项目名称", *names, "宗地编号", "备注")))
    for place, project in enumerate(rows, start=1):
        lines += _between(draw, stems)
        lines.append(_record(draw, place, project, units))
    lines += _between(draw, stems)
    ending, encoding = draw(
        st.sampled_from((("xlsx", "utf-8-sig"), ("csv", "utf-8-sig"), ("csv", "utf-8"), ("csv", "gb18030")))
    )
    return Ledger(f"台账{number}.{ending}", tuple(lines), encoding, one if named == "plan" else None)


def _record(draw, place: int, project: Project, units: dict[str, str]) -> Line:
    cells = [
        draw(st.sampled_from(NEGATIVE)) if a.kind == "negative" else write(draw, a, units[s])
        for s, a in project.money.items()
    ]
    return Line("record", (place, project.id, project.name, *cells, _refs(draw, project.refs), None), project)


def _between(draw, stems: tuple[str, ...]) -> list[Line]:
    """Lines that are no records, as they stand between and below them."""
    kind = draw(st.sampled_from((None,) * 8 + ("total_row", "note_row", "blank")))
    if kind == "total_row":
        figures = [draw(st.integers(0, 10**6)) for _ in stems]
        where = draw(st.booleans())
        word = draw(st.sampled_from(TOTALS))
        return [Line(kind, (word if where else None, None, None if where else word, *figures, None, None))]
    if kind == "note_row":
        return [Line(kind, (draw(st.sampled_from(NOTES)),))]
    return [Line("blank")] if kind else []


@st.composite
def worlds(draw):
    """Parcel files and one or two ledgers that name their parcels, those rejected and some that are not there."""
    unit = draw(st.sampled_from(("万元", "亿元", "元")))
    files = draw(parcel_files(unit))
    ids = [p.id for _, rows in files for p in rows if p.id not in TEMPLATES]
    count = draw(st.integers(1, 2))
    return World(tuple(draw(ledgers(n, ids)) for n in range(count)), files, unit)


def shuffled(world: World, chance: Random) -> World:
    """The same world with its parcels, and the lines below the headers of its ledgers, in another order."""
    parcels = tuple((file, tuple(chance.sample(rows, len(rows)))) for file, rows in world.parcels)
    ledgers = []
    for ledger in world.ledgers:
        top = next(n for n, line in enumerate(ledger.lines, start=1) if line.kind == "header")
        below = ledger.lines[top:]
        lines = ledger.lines[:top] + tuple(chance.sample(below, len(below)))
        ledgers.append(replace(ledger, lines=lines))
    return replace(world, ledgers=tuple(ledgers), parcels=parcels)


# --- files


def write_plan(world: World, folder: Path) -> dict[str, Any]:
    """Write the files of a world and return its plan."""
    for file, rows in world.parcels:
        frame = gpd.GeoDataFrame(
            {
                "宗地代码": pd.array([p.id for p in rows], dtype="str"),
                "面积（平方米）": ["-3" if p.fate == "negative" else str(p.area) for p in rows],
                f"成交价格（{world.prices_in}）": pd.array(
                    [None if p.shown is None else str(p.shown) for p in rows], dtype="str"
                ),
            },
            geometry=[p.shape for p in rows],
            crs=CRS,
        )
        frame.to_file(folder / file, layer="parcels", driver="GPKG", engine="pyogrio", SPATIAL_INDEX="NO")
    for ledger in world.ledgers:
        write_ledger(ledger, folder / ledger.file)
    return {
        "title": "虚构",
        "as_of": "2026-06-30",
        "policies": ["cn-luoyang-zones-2011", "cn-idle-land-2012"],
        "parcels": [{"path": str(folder / file)} for file, _ in world.parcels],
        "projects": [
            {"path": str(folder / x.file)} | ({"amount_unit": x.amount_unit} if x.amount_unit else {})
            for x in world.ledgers
        ],
        "measure": {"area": "planar", "approx_rel": 0.1},
        "output": {"map": False, "workbook": False},
    }


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write a ledger as a workbook or as text."""
    if path.suffix == ".csv":
        width = max(len(line.cells) for line in ledger.lines)
        with path.open("w", encoding=ledger.encoding, newline="") as file:
            out = csv.writer(file)
            for line in ledger.lines:
                cells = ["" if c is None else c for c in line.cells]
                out.writerow(cells + [""] * (width - len(cells)))
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for row, line in enumerate(ledger.lines):
            for column, cell in enumerate(line.cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write_number(row, column, cell)
