"""The files as a bureau would hold them: foreign headers, mixed units and dates, rows that are no records."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landuse.testing.cells import write_date
from landuse.testing.cityplan import CRS, Plan
from landuse.testing.lots import Lot
from landuse.testing.truth import NAME_OF
from landuse.testing.ventures import Venture
from landuse.units import M2_PER_MU

__all__ = [
    "FIRST_LEDGER_ROW",
    "LEDGER_HEADERS",
    "LEDGER_TITLES",
    "ledger_file",
    "parcel_file",
    "quota_file",
    "reserve_file",
    "zone_file",
]

LEDGER_TITLES = ("产业集聚区项目投资台账（示例，数据均为虚构）", "填报单位：示例单位　　截至2026年6月")
MONEY_GROUP, LAND_GROUP = "投资额（万元）", "申请用地（亩）"
LEDGER_HEADERS: tuple[tuple[str, str], ...] = (
    ("序号", ""),
    ("项目编号", ""),
    ("项目名称", ""),
    ("建设单位", ""),
    ("所属集聚区", ""),
    ("建设性质", ""),
    ("行业代码", ""),
    (MONEY_GROUP, "总投资"),
    (MONEY_GROUP, "固定资产投资"),
    (MONEY_GROUP, "已投资额（不含地价）"),
    (MONEY_GROUP, "应投资额"),
    ("宗地代码", ""),
    (LAND_GROUP, "申请用地面积"),
    (LAND_GROUP, "其中：农用地"),
    (LAND_GROUP, "其中：耕地"),
    ("年产值（万元）", ""),
    ("年税收（万元）", ""),
    ("从业人数", ""),
    ("项目阶段", ""),
    ("备注", ""),
)
"""Upper and lower header of each column; an empty lower one is merged with the upper."""
FIRST_LEDGER_ROW = 5
NATURE = {True: ("新建",), False: ("改扩建", "技改", "扩建"), None: ("", "—", "续建")}
RESOURCES = {
    "new_construction": "新增建设用地",
    "hook_turnover": "增减挂钩周转指标",
    "farmland": "其中：农用地",
    "cultivated": "其中：耕地",
}
WITHIN = {"new_construction": "新增建设用地", "farmland": "农用地"}
CLASSES = {"urban": "市区", "county": "县域"}


def parcel_file(lots: Sequence[Lot], plan: Plan, rng: Random) -> gpd.GeoDataFrame:
    """Return the parcel file: a row a parcel, then a repeated row and one with a negative area."""
    rows = [_parcel_row(lot, rng) for lot in lots]
    shapes = [lot.piece.shape for lot in lots]
    again = next(i for i, lot in enumerate(lots) if lot.written_id and not lot.projects)
    rows.append(dict(rows[again]))
    shapes.append(shapes[again])
    green = plan.of("green")[0]
    code = f"{green.county_code}{int(green.zone_id[1:]):03d}{green.block:03d}GB00099"
    rows.append(dict.fromkeys(rows[0]) | {"宗地代码": code, "权属性质": "国有", "面积（亩）": "-12.5000"})
    shapes.append(green.shape)
    frame = pd.DataFrame(rows)
    for name in frame.columns.drop("成交价格（万元）"):
        frame[name] = frame[name].astype("str")
    frame["成交价格（万元）"] = frame["成交价格（万元）"].astype("float64")
    return gpd.GeoDataFrame(frame, geometry=np.array(shapes, dtype=object), crs=CRS)


def _parcel_row(lot: Lot, rng: Random) -> dict[str, Any]:
    story = lot.story
    stated = lot.stated.shown
    started = write_date(story.started, rng) or story.words
    start_due = "1900-01-01" if story.placeholder else write_date(story.start_due, rng)
    return {
        "宗地代码": lot.written_id,
        "权利人": lot.holder,
        "土地用途": lot.use,
        "供地方式": lot.mode,
        "权属性质": lot.owner,
        "所在集聚区": NAME_OF.get(lot.named_zone or ""),
        "面积（亩）": f"{stated:.4f}" if isinstance(stated, (int, float)) else stated,
        "成交价格（万元）": lot.price.shown,
        "合同编号": lot.contract,
        "合同签订日期": lot.signed.isoformat() if lot.signed else None,
        "约定交地时间": write_date(lot.handover, rng),
        "实际交地时间": lot.handed.isoformat() if lot.handed else None,
        "约定开工时间": start_due,
        "延期动工日期": write_date(story.extended, rng),
        "约定竣工时间": write_date(lot.finish, rng),
        "实际开工时间": started,
        "实际竣工时间": write_date(story.finished, rng),
        "中止开发日期": write_date(story.suspended, rng),
        "复工日期": write_date(story.resumed, rng),
        "已开发面积（亩）": _text(lot.developed.shown),
        "应动工面积（亩）": _text(lot.due.shown),
        "政府原因": story.cause or rng.choice((None, None, "无")),
    }


def _text(shown: object) -> str | None:
    return None if shown is None else str(shown)


def ledger_file(ventures: Sequence[Venture], ids: Sequence[str | None], rng: Random) -> pd.DataFrame:
    """Return the ledger's cells: a row a project, the last one repeated; titles and totals come after."""
    rows = [_ledger_row(n, v, i, rng) for n, (v, i) in enumerate(zip(ventures, ids, strict=True), start=1)]
    rows.append([len(rows) + 1, *rows[-1][1:]])
    return pd.DataFrame(rows, columns=pd.MultiIndex.from_tuples(LEDGER_HEADERS), dtype=object)


def _ledger_row(number: int, venture: Venture, written_id: str | None, rng: Random) -> list[Any]:
    return [
        number,
        written_id,
        venture.name,
        venture.holder,
        NAME_OF.get(venture.zone_id, "—"),
        rng.choice(NATURE[venture.recipe.is_new]),
        venture.industry,
        venture.total.shown,
        venture.fixed.shown,
        venture.invested.shown,
        venture.planned.shown,
        _refs(venture.refs, rng),
        venture.requested.shown,
        venture.farmland.shown,
        venture.cultivated.shown,
        venture.output.shown,
        venture.tax.shown,
        venture.jobs,
        venture.stage,
        None,
    ]


def _refs(refs: Sequence[str], rng: Random) -> str | None:
    """Write parcel numbers as people do: in small letters, with spaces, several in a cell."""
    shown = []
    for code in refs:
        style = rng.randrange(5)
        spaced = f"{code[:12]} {code[12:14]} {code[14:]}"
        shown.append(spaced if style == 0 else code.lower() if style == 1 else code)
    return rng.choice(("、", "；", "\n", "，")).join(shown) or rng.choice((None, "—"))


def zone_file(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the zone file."""
    return gpd.GeoDataFrame(
        {
            "集聚区编号": zones.index.astype("str"),
            "集聚区名称": zones["name"].array,
            "集聚区类别": [CLASSES[c] for c in zones["zone_class"]],
            "行政区代码": zones["county_code"].array,
            "主管部门": zones["department"].array,
            "备注": "示例：边界、类别、代码、部门均为虚构",
        },
        geometry=zones.geometry.array,
        crs=CRS,
    )


def reserve_file(reserve: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the file of the land reserve."""
    return gpd.GeoDataFrame(
        {
            "储备地块编号": reserve.index.astype("str"),
            "所在集聚区": reserve["zone_id"].array,
            "面积（亩）": [round(a / float(M2_PER_MU), 4) for a in reserve["area_m2"]],
            "可供应时间": [None if pd.isna(d) else d.date().isoformat() for d in reserve["available_on"]],
        },
        geometry=reserve.geometry.array,
        crs=CRS,
    )


def quota_file(quota: pd.DataFrame) -> pd.DataFrame:
    """Return the file of the annual land plan."""
    return pd.DataFrame(
        {
            "年度": quota["year"].astype("int64"),
            "集聚区编号": quota["zone_id"],
            "指标类型": quota["resource"].map(RESOURCES),
            "指标面积（亩）": (quota["quota_m2"] / float(M2_PER_MU)).round(4),
            "所属指标": quota["within"].map(WITHIN),
        }
    )
