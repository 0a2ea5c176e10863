"""Headless Chromium with all hosts unreachable; without it the tests are skipped, unless it is required."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The browser; LANDUSE_REQUIRE_BROWSER makes its absence a failure."""
    program = shutil.which("chromium")
    missing = None if program else "no chromium on this machine (Debian: apt install chromium)"
    if importlib.util.find_spec("playwright") is None:
        missing = "the Python package playwright is not installed"
    if missing is not None:
        if os.environ.get("LANDUSE_REQUIRE_BROWSER"):
            pytest.fail(f"LANDUSE_REQUIRE_BROWSER is set, but {missing}")
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=list(OPTIONS))
        yield opened
        opened.close()
