"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from datetime import date

__all__ = ["day"]


def day(text: str) -> date:
    """Read a date given as an argument (YYYY-MM-DD)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-06-30") from None
