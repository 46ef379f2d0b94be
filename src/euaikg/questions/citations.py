"""Citations to paste for the places that an answer names.

An answer names places in columns called ``source``, ``sources`` or ``passage``, or with names that end so; ``sources``
holds several, joined by ``"; "``. How each is cited is the answer to the stored question ``citations``; here that is
only put beside the rows, as numbers with a list below or spelt out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from euaikg.core.groups import by_key
from euaikg.errors import QueryError
from euaikg.questions import stored
from euaikg.questions.parameters import LANGUAGES
from euaikg.rdf.terms import Term
from euaikg.sparql import scanner
from euaikg.sparql.answers import Answer, Row, Table
from euaikg.sparql.embedded import Engine

COLUMN = "citation"
"""The column that the citations of a row go into."""

_PLACES = re.compile(r"source|sources|passage|.*(?:Source|Sources|Passage)")


class _Cited(NamedTuple):
    """One row of the question ``citations``: a passage, and how it is cited in one language."""

    words: str
    passage: str
    silent: bool


def cite(engine: Engine, answers: Sequence[Answer], way: str, lang: str = "en") -> tuple[list[Table], tuple[str, ...]]:
    """Return ``answers`` with a last column that cites what each row names, and the list of what is cited.

    By the ``way`` numbered the column holds numbers of the list, such as ``[1] [2]``; by the way spelt it holds the
    citations themselves, joined by ``"; "``, and the list is empty. ``lang`` is their language; a place named in
    another one is cited in that. Raises :class:`QueryError` where an answer has no rows, or none of them a column that
    names places.
    """
    tables = [_table(answer) for answer in answers]
    cited = _cited(engine, tables, lang)
    if way == "spelt":
        return [*map(_extended, tables, [["; ".join(row) for row in rows] for rows in cited])], ()
    entries: dict[str, int] = {}
    for row in (row for rows in cited for row in rows):
        for entry in row:
            entries.setdefault(entry, len(entries) + 1)
    marks = [[" ".join(f"[{entries[entry]}]" for entry in row) for row in rows] for rows in cited]
    return [*map(_extended, tables, marks)], tuple(f"[{number}] {entry}" for entry, number in entries.items())


def passages(engine: Engine, answers: Sequence[Answer], lang: str = "en") -> list[str]:
    """Return the IRIs of the passages that ``answers`` name, each once, in order; refuse as :func:`cite` does."""
    named = (
        cited for rows in _named(engine, [_table(answer) for answer in answers], lang) for row in rows for cited in row
    )
    return list(dict.fromkeys(cited.passage for cited in named))


def by_row(engine: Engine, table: Table, lang: str = "en") -> list[list[str]]:
    """Return the IRIs of the passages that each row of ``table`` names; none where no column names places."""
    if not any(_PLACES.fullmatch(name) for name in table.variables):
        return [[] for _ in table.rows]
    return [list(dict.fromkeys(one.passage for one in row)) for row in _named(engine, [table], lang)[0]]


def is_place(name: str) -> bool:
    """Say whether a column of this ``name`` holds places."""
    return bool(_PLACES.fullmatch(name))


def addresses(engine: Engine, table: Table) -> dict[str, str]:
    """Return the IRI of a passage for each text that names one in a column of ``table`` for places."""
    places = [at for at, name in enumerate(table.variables) if _PLACES.fullmatch(name)]
    terms = {term: None for row in table.rows for at in places if isinstance(term := row[at], Literal)}
    texts = {text: None for term in terms for text in (term.value, *_parts(term))}
    return _by_text(_ask(engine, "place", [*map(Literal, texts)], LANGUAGES))


def places(engine: Engine) -> dict[str, str]:
    """Return the IRI of a passage for each text that names one, in any language."""
    return _by_text(_ask(engine, "place", None, LANGUAGES))


def _by_text(cited: Iterable[tuple[str, _Cited]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, one in sorted(cited):
        if not one.silent or text not in found:
            found[text] = one.passage
    return found


def _table(answer: Answer) -> Table:
    if not isinstance(answer, Table):
        raise QueryError("Only an answer in rows can be cited, since its columns name the places.")
    return answer


def _extended(table: Table, texts: Iterable[str]) -> Table:
    kept = [at for at, name in enumerate(table.variables) if name != COLUMN]
    rows: list[Row] = [
        (*(row[at] for at in kept), Literal(text) if text else None)
        for row, text in zip(table.rows, texts, strict=True)
    ]
    return replace(table, variables=(*(table.variables[at] for at in kept), COLUMN), rows=rows)


def _cited(engine: Engine, tables: list[Table], lang: str) -> list[list[list[str]]]:
    """Return the citations of each row of each table."""
    named = _named(engine, tables, lang)
    return [[_entries(row) for row in rows] for rows in named]


def _named(engine: Engine, tables: list[Table], lang: str) -> list[list[list[_Cited]]]:
    """Return the passages that each row of each table names."""
    places = [[at for at, name in enumerate(table.variables) if _PLACES.fullmatch(name)] for table in tables]
    if not any(places):
        raise QueryError("There is nothing to cite: no column of the answer names places (source, sources, passage).")
    named = [[[row[at] for at in seen] for row in table.rows] for table, seen in zip(tables, places, strict=True)]
    terms = {term: None for rows in named for row in rows for term in row}
    texts = {text: None for term in terms if isinstance(term, Literal) for text in (term.value, *_parts(term))}
    languages = {lang: None, **{term.language: None for term in terms if isinstance(term, Literal) and term.language}}
    by_text = by_key(_ask(engine, "place", [Literal(text) for text in texts], languages))
    passages = [term for term in terms if isinstance(term, NamedNode)]
    by_passage = {cited.passage: cited for _, cited in _ask(engine, "passage", passages, [lang])}
    return [[_meant(row, by_text, by_passage) for row in rows] for rows in named]


def _parts(term: Literal) -> list[str]:
    return term.value.split("; ")


def _ask(
    engine: Engine, parameter: str, values: Sequence[Literal | NamedNode] | None, languages: Iterable[str]
) -> list[tuple[str, _Cited]]:
    """Return the text that names the place, and how it is cited, for each place among ``values``; None for all."""
    if values is not None and not values:
        return []
    found = []
    for language in languages:  # one at a time, since not every server can take several (see Remote)
        text = scanner.fill(stored.get("citations").text, {parameter: values or [], "lang": [Literal(language)]})
        for row in engine.select(text).to_dicts():
            words = " ".join(part for part in (f"{row['citation']}.", row["address"]) if isinstance(part, str))
            found.append((str(row["source"]), _Cited(words, str(row["passage"]), bool(row["withoutFact"]))))
    return found


def _entries(cited: Iterable[_Cited]) -> list[str]:
    together = by_key((one.words, one.passage) for one in cited)
    return [f"{words} {' '.join(passages)}" for words, passages in together.items()]


def _meant(row: list[Term | None], by_text: dict[str, list[_Cited]], by_passage: dict[str, _Cited]) -> list[_Cited]:
    """Return the passages that ``row`` names.

    A place may be read as several passages: where the row says which, it is that; else those that state something.
    """
    exact = [term.value for term in row if isinstance(term, NamedNode) and term.value in by_passage]
    meant = {passage: by_passage[passage] for passage in exact}
    for term in row:
        if isinstance(term, Literal):
            for text in [term.value] if term.value in by_text else _parts(term):
                there = by_text.get(text, [])
                if not any(cited.passage in exact for cited in there):
                    speaking = [cited for cited in there if not cited.silent]
                    meant |= {cited.passage: cited for cited in speaking or there}
    return list(meant.values())
