"""A page open in a browser without a network, and what it asked for and complained of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

__all__ = ["Visit"]


class Visit:
    """An open page with what it asked for and complained of."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.requests, self.complaints = page, [], []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("console", lambda m: self.complaints.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.goto(address)
        page.evaluate("landuseMap.painted()")

    def click_on(self, layer: str, name: str) -> dict[str, Any]:
        """Click on a shape's own pixel and return the fields of the card that opens."""
        self.page.keyboard.press("Escape")
        spot = self.page.evaluate("([layer, id]) => landuseMap.pixel(layer, id)", [layer, name])
        self.page.mouse.click(spot["x"], spot["y"])
        self.page.wait_for_selector(f".lu-card caption:has-text('{name}')")
        cells = "rows => rows.map(c => [c.closest('table').dataset.card, c.dataset.field, c.textContent])"
        return {"cells": self.page.eval_on_selector_all(".lu-card td", cells), "spot": spot}

    def colour_at(self, spot: dict[str, float], folder: Path) -> tuple[int, ...]:
        """Return the middle colour of the seven pixels round a spot."""
        self.page.evaluate("landuseMap.painted()")
        file = folder / "spot.png"
        self.page.screenshot(path=file)
        x, y = round(spot["x"]), round(spot["y"])
        square = np.asarray(Image.open(file).convert("RGB"))[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3)
        return tuple(int(v) for v in np.median(square, axis=0))
