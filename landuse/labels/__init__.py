"""What people read, in Chinese: labels of columns and values, and the sentences of issues and reasons.

Every TOML file under ``zh`` holds sections (``[columns]``, ``[verdicts]``, ``[issues]`` …); a section may be
spread over several files, a key may stand only once.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["has", "label", "say", "section"]


@cache
def _book() -> dict[str, dict[str, str]]:
    book: dict[str, dict[str, str]] = {}
    folder = files(__package__) / "zh"
    for page in sorted(folder.iterdir(), key=lambda p: p.name):
        if not page.name.endswith(".toml"):
            continue
        for name, entries in tomllib.loads(page.read_text(encoding="utf-8")).items():
            shelf = book.setdefault(name, {})
            twice = shelf.keys() & entries.keys()
            if twice:
                raise ValueError(f"labels {page.name}: [{name}] {sorted(twice)} stand twice")
            shelf.update(entries)
    return book


def section(name: str) -> dict[str, str]:
    """Return a whole section, key to text."""
    return dict(_book()[name])


def has(name: str, key: str) -> bool:
    """Say whether a section has a key."""
    return key in _book().get(name, {})


def label(name: str, key: str) -> str:
    """Return the text under a key of a section.

    Raises
    ------
    KeyError
        Where there is none: every label that is used must be written.
    """
    try:
        return _book()[name][key]
    except KeyError:
        raise KeyError(f"no label [{name}] {key}") from None


def say(name: str, key: str, /, **fields: Any) -> str:
    """Return the sentence under a key with its fields filled in (``str.format``)."""
    return label(name, key).format(**fields)
