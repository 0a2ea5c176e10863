"""Holders found by name: ours beside a loop of ``rapidfuzz.process.extractOne``, in one process run.

    python benchmarks/names.py 20000 50000

Names are made: place, a brand of two to four characters, trade, legal form; no two of one place share
brand and trade, as the rules of registration have it. A sixth of the projects name the holder of a
parcel as it is written, two thirds name one otherwise (place left out or in brackets, another legal
form, blanks), the rest name nobody. The loop compares every name with every other, so its time is taken
on a sample of projects and scaled. What is found is counted for both: the parcel of the right holder,
among the pairs that ours links or reviews, or as the loop's best.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from landuse.linking.by_name import LINKED, match_names

SAMPLE = 200
PLACES = ["洛阳", "河南", "洛阳市偃师区", "新安县", "郑州市", ""]
TRADES = [
    "机械",
    "轴承",
    "建材",
    "新材料科技",
    "耐火材料",
    "食品",
    "置业",
    "物流",
    "商贸",
    "实业",
    "装备制造",
    "环保工程",
]
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]
SIGNS = np.array(
    list(
        "恒泰鑫源宏达盛隆瑞祥华中天东新金大国海江兴丰顺安康利德美嘉豪诚信义博远凯捷创联星宇龙腾飞翔伟业佳永昌元亨万复"
        "和茂同乾谦吉公仁协鼎光聚通全久庆春正合生成广润发洪厚福长晟铭睿哲轩锦弘毅朗泽沃域尚品优卓越颐乐雅韵翰墨森林"
        "川峰岳麓岭松柏竹梅兰桂荷菊云霞虹月晨曦晓阳辉煌耀炜烁焱灿铂钰铠锐锋钧铎琪琳瑜璟珑珂玮琦"
    )
)


def holders(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return different holders, by their parts."""
    made = pd.DataFrame(columns=["place", "brand", "trade", "form"])
    while len(made) < count:
        more = count
        lengths = rng.choice([2, 3, 4], more, p=[0.5, 0.35, 0.15])
        signs = SIGNS[rng.integers(0, len(SIGNS), (more, 4))]
        made = pd.concat(
            [
                made,
                pd.DataFrame(
                    {
                        "place": rng.choice(PLACES, more),
                        "brand": ["".join(row[:n]) for row, n in zip(signs, lengths, strict=True)],
                        "trade": rng.choice(TRADES, more),
                        "form": rng.choice(FORMS, more),
                    }
                ),
            ]
        ).drop_duplicates(["place", "brand", "trade"])
    return made.iloc[:count].reset_index(drop=True)


def otherwise(row: pd.Series, way: int) -> str:
    """Return a holder's name as somebody else writes it."""
    core = row["brand"] + row["trade"]
    if way == 0:
        return core + row["form"]
    if way == 1:
        return f"{core}（{row['place']}）{row['form']}" if row["place"] else core + row["form"]
    if way == 2:
        return row["place"] + core + ("有限公司" if row["form"] != "有限公司" else "股份有限公司")
    return " ".join((row["place"] + core + row["form"]).replace("有限", "　有限"))


def tables(count: int) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Return projects, parcels and, by project, the position of its parcel (-1: none)."""
    rng = np.random.default_rng(11)
    made = holders(2 * count, rng)
    whole = made.agg("".join, axis=1).to_numpy(dtype=object)
    truth = np.where(rng.random(count) < 5 / 6, rng.permutation(count), -1)
    way = rng.integers(0, 5, count)
    names = [
        whole[count + k] if at < 0 else whole[at] if way[k] == 4 else otherwise(made.iloc[at], int(way[k]))
        for k, at in enumerate(truth)
    ]
    return pd.DataFrame({"holder": names}), pd.DataFrame({"holder": whole[:count]}), truth


def main(counts: list[int]) -> None:
    """Print one line a size."""
    for count in counts:
        projects, parcels, truth = tables(count)
        start = time.perf_counter()
        found = match_names(projects, parcels)
        ours = time.perf_counter() - start
        right = found.parcel == truth[found.project]
        linked = found.band == LINKED
        choices = parcels["holder"].tolist()
        sample = np.random.default_rng(3).choice(count, SAMPLE, replace=False)
        start = time.perf_counter()
        best = [process.extractOne(projects["holder"][k], choices, scorer=fuzz.ratio)[2] for k in sample]
        loop = (time.perf_counter() - start) * count / SAMPLE
        known = truth[sample] >= 0
        print(
            f"{count:>7,} × {count:<7,}  ours {ours:6.2f} s  loop {loop:7.1f} s (scaled from {SAMPLE})  "
            f"ratio {loop / ours:5.1f}  {count / ours:,.0f} names/s"
        )
        print(
            f"    linked {linked.sum():,}, of them right {right[linked].mean():.4f}; right holder linked "
            f"{(right & linked).sum() / (truth >= 0).sum():.3f}, linked or in review "
            f"{right.sum() / (truth >= 0).sum():.3f} ({len(right) / count:.1f} pairs a project); "
            f"the loop's best is right {(np.array(best)[known] == truth[sample][known]).mean():.3f}"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [20_000, 50_000])
