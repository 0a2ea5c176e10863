"""The house keeps its own rules: sizes, languages, labels, documented tables."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from landuse import labels
from landuse.tables import CANDIDATES, COMPARISON_TABLES, CORRECTIONS, RUN_TABLES
from landuse.tables.docs import page

REPO = Path(__file__).resolve().parents[2]
MODULES = sorted((REPO / "landuse").rglob("*.py"))
SCRIPTS = sorted(p for room in ("benchmarks", "sample_parcels", "tests") for p in (REPO / room).rglob("*.py"))
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda p: str(p.relative_to(REPO)))
def test_no_room_over_400_lines_and_no_function_over_60(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(
                getattr(first, "value", None), ast.Constant
            )
            start = node.body[1].lineno if documented and len(node.body) > 1 else first.lineno
            assert node.end_lineno - start < 60, f"{path.name}:{node.name} is too long"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(REPO)))
def test_chinese_lives_in_toml(path):
    if "parsing" in path.parts or "testing" in path.parts:
        return
    assert not HAN.search(path.read_text(encoding="utf-8")), "move the text into a label file"


def test_every_column_has_a_chinese_label():
    for table in (*RUN_TABLES.values(), CORRECTIONS, CANDIDATES, *COMPARISON_TABLES.values()):
        for stem in table.stems():
            assert labels.has("columns", stem), f"{table.name}.{stem}"


def test_docs_tables_is_what_the_schemas_say(repo):
    assert (repo / "docs" / "tables.md").read_text(encoding="utf-8") == page(), "make docs"


def test_import_landuse_is_light():
    code = "import sys, landuse; print([m for m in ('folium', 'matplotlib', 'rasterio', 'dask', 'pandera', 'psycopg') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_error_survives_pickling():
    import pickle

    from landuse import errors

    for name in errors.__all__:
        kind = getattr(errors, name)
        if not isinstance(kind, type):
            continue
        error = kind("what", file="f.shp", row=3, key="k", remedy="do")
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind
        assert str(again) == str(error)
        assert (again.file, again.row, again.key, again.remedy) == ("f.shp", 3, "k", "do")
    table = errors.TableError("bad", failures=[{"column": "a", "check": "c", "row": 1, "value": 2}])
    assert pickle.loads(pickle.dumps(table)).failures == table.failures
