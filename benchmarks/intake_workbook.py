"""Reading a workbook: ours beside python-calamine alone, over the same file, in one process run.

    python benchmarks/intake_workbook.py 50000

Plain is python-calamine alone: the values of the sheet as Python lists. Ours is shown in two steps:
``read_rows`` (the zip within limits, values, merged ranges, what is hidden, formulas without a result,
errors, long codes) and ``read_projects`` (the finished table: header, totals, units, intervals, codes,
every row accounted for). The rounds take turns; the quickest of each counts, in seconds of CPU.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import python_calamine
import xlsxwriter

from landuse.io.readers import read_projects
from landuse.io.sheet.sheet_files import read_rows

ROUNDS = 5
HEADERS = (
    "序号", "项目编号", "项目名称", "建设单位", "所在园区", "宗地号", "总投资（万元）",
    "固定资产投资（万元）", "用地面积（亩）", "建设性质", "行业代码", "年产值（万元）",
    "年税收（万元）", "就业人数", "项目阶段", "约定开工时间",
)  # fmt: skip


def write(path: Path, count: int) -> None:
    """Write a ledger of ``count`` projects: texts that differ, mixed units, days, numbers."""
    rng = np.random.default_rng(7)
    figures = rng.uniform(1.0, 9000.0, (count, 5)).round(4)
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, HEADERS)
        for i, (total, fixed, mu, output, tax) in enumerate(figures.tolist()):
            money = f"{total / 1e4:.4f}亿元" if i % 10 == 0 else total + fixed
            names = (
                f"某智能装备制造项目{i}",
                f"洛阳某科技有限公司{i}",
                f"集聚区{i % 40}",
                f"410302{i:06d}GB00001",
            )
            page.write_row(
                i + 1, 0, (i + 1, f"P{i:06d}", *names, money, fixed, mu, "新建" if i % 3 else "扩建", "C36")
            )
            page.write_row(i + 1, 11, (output, tax, i % 900, "在建"))
            page.write_number(i + 1, 15, 43_000 + i % 2000, day)


def plain(path: Path) -> int:
    """Read the values alone."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    return len(book.get_sheet_by_index(0).to_python()) - 1


def quickest(works: dict[str, Callable[[], int]], rows: int) -> dict[str, float]:
    """Return the CPU seconds of the quickest round of each."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            found = work()
            best[name] = min(best[name], time.process_time() - start)
            if found != rows:
                raise SystemExit(f"{name}: {found} rows read, {rows} written")
    return best


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "台账.xlsx"
        write(path, count)
        print(f"{count:,} rows of {len(HEADERS)} columns, {path.stat().st_size / 1e6:.1f} MB")
        works = {
            "python-calamine": lambda: plain(path),
            "read_rows": lambda: len(read_rows(path, file=str(path)).rows) - 1,
            "read_projects": lambda: len(read_projects(path).table),
        }
        best = quickest(works, count)
    alone = best["python-calamine"]
    for name, seconds in best.items():
        print(
            f"{name:16} {seconds:6.2f} s  {count / seconds:9,.0f} rows/s  {alone / seconds:5.0%} of its speed"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
