"""Currencies by the words and signs that name them."""

from __future__ import annotations

import re

__all__ = ["ANY", "CURRENCY"]

_CURRENCIES = {
    "CNY": "人民币|RMB|CNY|¥",
    "USD": r"美元|美金|USD|US\$|(?<![A-Za-z])\$",
    "EUR": "欧元|EUR|€",
    "HKD": r"港元|港币|港幣|HKD|HK\$",
    "JPY": "日元|日圆|JPY",
    "GBP": "英镑|GBP|£",
    "KRW": "韩元|韩圆|KRW|₩",
    "TWD": r"新台币|台币|TWD|NT\$",
    "SGD": r"新加坡元|新币|SGD|(?<![A-Za-z])S\$",
    "AUD": r"澳元|澳大利亚元|AUD|(?<![A-Za-z])AU?\$",
    "CAD": r"加元|加拿大元|CAD|(?<![A-Za-z])CA?\$",
    "CHF": "瑞士法郎|瑞郎|CHF",
}
ANY = "|".join(_CURRENCIES.values())
"""Pattern of any currency."""
CURRENCY = re.compile("|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items()), re.IGNORECASE)
"""The same; the group that matched is the currency's code."""
