"""Our questions as a benchmark for programs that turn questions into SPARQL: ``questions.yml`` of text2sparql-client.

Each entry is a stored question with an example set: how people ask it in English and Dutch, the whole query, and the
columns that people see of its answer, as SPARQL results in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from euaikg.core.vocab import BASE, EUAI
from euaikg.questions import ask, lexicon, stored
from euaikg.questions.stored import StoredQuery
from euaikg.sparql import formats, scanner
from euaikg.sparql.answers import Answer, Table
from euaikg.sparql.embedded import Engine

MOST = 200
"""Of how many rows an answer stands in the file; of a longer one only how many rows it has."""


def questions(engine: Engine) -> bytes:
    """Return the file over the graph of ``engine``, the same bytes for the same graph."""
    return written(found for query in stored.catalogue().values() if (found := entry(engine, query)))


def written(entries: Iterable[dict[str, Any]]) -> bytes:
    """Return the file with ``entries``, in their order."""
    dataset = {"id": f"{BASE}questions/", "prefix": "euaikg", "defaultNamespace": EUAI}
    lines = ["dataset:", *(f"  {name}: {_text(value)}" for name, value in dataset.items()), "questions:"]
    for number, one in enumerate(entries, 1):
        sparql = one["query"].replace("\n", "\n        ")
        lines += [f"  - id: {number}", f"    name: {one['name']}", "    question:"]
        lines += [f"      {lang}: {_text(asked)}" for lang, asked in sorted(one["question"].items())]
        lines += ["    query:", "      sparql: |", f"        {sparql}", f"    rows: {one['rows']}"]
        lines += [f"    answer: '{quoted}'"] if (quoted := one["answer"].replace("'", "''")) else []
    return ("\n".join(line.rstrip() if not line.strip() else line for line in lines) + "\n").encode()


def _text(value: str) -> str:
    """Return ``value`` as YAML, of which JSON is a part."""
    return json.dumps(value, ensure_ascii=False)


def entry(engine: Engine, query: StoredQuery, answers: dict[str, Answer] | None = None) -> dict[str, Any] | None:
    """Return the entry of ``query``, as JSON can hold it; None where no phrase asks it with its examples, or for rows.

    What is asked twice with the same ``answers`` is looked for once.
    """
    if query.error or query.form != "SELECT":
        return None
    asked: dict[str, str] = {}
    chosen: set[str] | None = None
    for phrase, set_ in _phrases(query):
        if chosen in (None, set_):
            chosen = set_
            asked.setdefault(lexicon.language(phrase), phrase)
    if chosen is None:
        return None
    values = {one.name: one.example for one in query.parameters if one.name in chosen}
    reply = ask.question(engine, query, values, answers=answers)
    table = reply.answer
    assert isinstance(table, Table)
    at = [table.variables.index(name) for name in table.shown or table.variables]
    shown = replace(table, variables=tuple(table.variables[one] for one in at), shown=())
    rows = list(dict.fromkeys(tuple(row[one] for one in at) for row in table.rows))
    answer = formats.to_json(replace(shown, rows=rows)).decode() if len(rows) <= MOST else ""
    return {
        "name": query.name,
        "question": asked,
        "query": _bare(scanner.fill(query.text, reply.values)),
        "answer": answer.strip(),
        "rows": len(rows),
    }


def _bare(sparql: str) -> str:
    """Return ``sparql`` without its header."""
    return "\n".join(line for line in sparql.splitlines() if not line.startswith("#+")).strip()


def _phrases(query: StoredQuery) -> Iterator[tuple[str, set[str]]]:
    """Yield how ``query`` is asked, with the examples of the parameters that are named, and which these are."""
    examples = {one.name.upper(): one for one in query.parameters}
    for phrase in query.also:
        parts = re.split(r"\b([A-Z]{2,})\b", phrase)
        used = {part for part in parts if part in examples}
        yield (
            "".join(examples[part].example if part in used else part for part in parts),
            {examples[part].name for part in used},
        )
