"""Sentences beside answers, in the language of the answer; the Dutch ones stand in ``queries/notes.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from euaikg.core import files
from euaikg.sparql import header


@cache
def dutch() -> Mapping[str, str]:
    """Return the sentences in Dutch by the English ones, with {} for what differs."""
    said: Mapping[str, str] = header.parsed(files.read_text(files.root() / "queries" / "notes.yaml"))
    return said


def told(lang: str, sentence: str, *parts: object) -> str:
    """Return the English ``sentence``, one of those in the list, in the language ``lang`` with ``parts`` in it."""
    return (dutch()[sentence] if lang == "nl" else sentence).format(*parts)
