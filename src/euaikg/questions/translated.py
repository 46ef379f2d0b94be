"""Stored questions in Dutch: summary, description and labels of parameters, from ``queries/nl.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from euaikg.core import files
from euaikg.questions.stored import StoredQuery
from euaikg.sparql import header


@cache
def words(lang: str) -> Mapping[str, Any]:
    """Return what ``queries/LANG.yaml`` says: ``words``, the labels of parameters, and ``questions`` by name."""
    return header.parsed(files.read_text(files.root() / "queries" / f"{lang}.yaml"))


def query(asked: StoredQuery, lang: str) -> StoredQuery:
    """Return ``asked`` in the words of ``lang``, ``en`` or ``nl``; what has none there stays in English."""
    if lang == "en":
        return asked
    told = words(lang)
    own = told["questions"].get(asked.name, {})
    labels = {**told["words"], **own.get("parameters", {})}
    return replace(
        asked,
        summary=own.get("summary", asked.summary),
        description=own.get("description", asked.description),
        parameters=tuple(replace(one, label=labels.get(one.name, one.label)) for one in asked.parameters),
    )
