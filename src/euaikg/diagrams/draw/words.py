"""The words of pictures in both languages, and days as people write them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from euaikg.diagrams.model.network import Network


@cache
def words(lang: str) -> dict[str, Any]:
    """Return the words of pictures in ``lang``, or in English."""
    known: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return known.get(lang, known["en"])


def counts(network: Network) -> list[str]:
    """Return how many things and relations ``network`` has, in words."""
    said = words(network.lang)
    numbers = (len(network.nodes), said["thing"]), (len(network.lines), said["relation"])
    return [f"{number} {noun[number != 1]}" for number, noun in numbers]


def day(date: str, lang: str) -> str:
    """Return an ISO ``date`` as people write it, such as ``9 Apr 2025``; what is none, as it is."""
    parts = date.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    return f"{int(parts[2])} {words(lang)['months'].split()[int(parts[1]) - 1]} {parts[0]}"
