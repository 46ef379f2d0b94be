"""Citations held against the documents: whether each stands where the data says, and says what the data has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from euaikg.core import vocab
from euaikg.core.groups import by_key
from euaikg.curation import numbers, positions
from euaikg.curation.spans import Cited, DocumentReport, Problem, texts
from euaikg.errors import cut
from euaikg.graph import build
from euaikg.questions import names
from euaikg.questions.words import fold
from euaikg.rdf.terms import Term, native
from euaikg.sparql.embedded import Engine

_FIGURES = """
SELECT ?passage ?thing ?path ?value ?unit ?notation WHERE {
  VALUES ?path { euai:amount euai:amountMin euai:amountMax euai:numericValue euai:valueMin euai:valueMax }
  GRAPH ?passage { ?thing ?path ?value }
  OPTIONAL { GRAPH ?passage { ?thing euai:currency|euai:unit ?unit } }
  OPTIONAL { GRAPH ?passage { ?thing euai:coversPeriod ?period } ?period skos:notation ?notation }
}
ORDER BY ?passage ?thing ?path ?value
"""

_PERIODS = """
SELECT ?passage ?thing ?path ?value ?notation ?day WHERE {
  GRAPH ?passage { ?thing ?path ?value }
  ?value a euai:StatedPeriod ; skos:notation ?notation .
  OPTIONAL { ?passage euai:inExpression/(dct:issued|dct:modified) ?day }
}
ORDER BY ?passage ?thing ?path ?value
"""

_FACTS = """
SELECT DISTINCT ?passage ?thing ?path ?value WHERE {
  ?passage a euai:Passage .
  GRAPH ?passage { ?thing ?path ?value }
}
ORDER BY ?passage ?thing ?path ?value
"""

_ALSO = """
SELECT ?passage ?other WHERE { ?passage euai:alsoReads ?other }
"""

_PROSE = """
SELECT DISTINCT ?thing ?path ?value WHERE {
  VALUES ?path { skos:editorialNote skos:definition euai:reason euai:population euai:role dct:description }
  ?thing ?path ?value .
}
ORDER BY ?thing ?path ?value
"""

_NAMES = """
SELECT DISTINCT ?thing ?path ?value WHERE {
  VALUES ?path { skos:prefLabel skos:altLabel euai:shortName }
  ?thing ?path ?value .
  FILTER NOT EXISTS { ?thing a/rdfs:subClassOf* euai:Document }
}
ORDER BY ?thing ?path ?value
"""

Rows = list[tuple[Term | None, ...]]

_SENTENCES = {vocab.SKOS + "editorialNote", vocab.EUAI + "reason", vocab.DCT + "description"}
_THINGS = vocab.BASE + "id/"

COPIED = 12
"""So many words in a row are copied, wherever they stand in a text of ours."""

WHOLE = 6
"""A note, reason or description of so many words is copied where a document has all of it."""

NAMED = 5
"""Words that begin with so many letters alike are taken for forms of one word."""


def check(engine: Engine, documents: Path, data: Iterable[Path] = ()) -> list[DocumentReport]:
    """Hold every citation against the text files in ``documents``.

    Looks at the digest of each file, and at range and digest of each span; at whether each figure can be read in the
    spans of its passage, in its unit or currency; at whether the years of each period stand there, or it holds the day
    of the document; at whether each thing that the passage speaks of, or what it says of it, is named there; and at
    whether a text of ours is copied from there. A passage that names others by ``alsoReads``, in any document, is read
    with them.
    What is wrong is located in the files ``data`` that were added, and in the shipped ones. Raises :class:`InputError`
    where the folder, or every document, is missing.
    """
    found = [*texts(engine, documents)]
    known = by_key((name.iri, name.text) for name in names.names(engine))
    also = by_key((str(row["passage"]), str(row["other"])) for row in engine.select(_ALSO).to_dicts())
    figures, periods, facts = (
        by_key((_text(row[0]), row) for row in engine.select(query).rows) for query in (_FIGURES, _PERIODS, _FACTS)
    )
    ours = [*engine.select(_PROSE).rows, *engine.select(_NAMES).rows]
    reports = []
    read: dict[str, str] = {}
    for report, text, spans in found:
        for cited in spans if report.found else []:
            report.checked += 1
            report.problems += _of_span(cited, text)
            read[cited.passage] = f"{read.get(cited.passage, '')}\n{text[cited.start : cited.end]}"
    for report, text, spans in found:
        for passage in dict.fromkeys(cited.passage for cited in spans if report.found):
            whole = "\n".join([read[passage], *(read.get(other, "") for other in also.get(passage, []))])
            report.problems += _of_figures(whole, figures.get(passage, []))
            report.problems += _of_periods(whole, periods.get(passage, []))
            report.problems += _of_facts(passage, whole, facts.get(passage, []), known)
        if report.found:
            report.problems += _copied(text, ours)
        reports.append(report)
    if any(report.problems for report in reports):
        _locate(reports, data)
    return reports


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term or "")


def _locate(reports: Iterable[DocumentReport], data: Iterable[Path]) -> None:
    there = [positions.read(path) for path in [*build.rdf_files(data), *(path for path, _ in build.sources())]]
    things = {problem.thing for report in reports for problem in report.problems}
    places = positions.Places(there, things)
    for report in reports:
        for number, problem in enumerate(report.problems):
            graph = NamedNode(problem.passage) if problem.passage else None
            spot = places.find(problem.thing, problem.path, problem.value or graph)
            report.problems[number] = replace(
                problem,
                file=positions.shown(spot.path) if spot else None,
                line=spot.line if spot else None,
                passage=problem.passage or positions.passage(problem.thing, spot),
            )


def _of_span(cited: Cited, text: str) -> Iterator[Problem]:
    stretch = text[cited.start : cited.end]
    remedy = "Let “euaikg sources passage” describe it anew."
    if not 0 <= cited.start < cited.end <= len(text):
        end = vocab.EUAI + ("end" if cited.start < len(text) else "start")
        yield Problem(cited.span, "the span is not inside the text.", remedy, end, None, passage=cited.passage)
    elif hashlib.sha256(stretch.encode()).hexdigest() != cited.digest.lower():
        path = vocab.EUAI + "digest"
        yield Problem(cited.span, "the text at the span is another one.", remedy, path, None, passage=cited.passage)


def _of_figures(text: str, rows: Rows) -> Iterator[Problem]:
    stated = numbers.numbers(text) if rows else set()
    figures = {Decimal(_text(row[3])) for row in rows if isinstance(native(row[3]), int | float | Decimal)}
    for _, thing, path, value, unit, notation in rows:
        if not isinstance(native(value), int | float | Decimal):
            words = f"{cut(_text(value))} is no number."
            yield Problem(_text(thing), words, "Write the number that the passage states.", _text(path), value)
            continue
        figure, name = Decimal(_text(value)), _text(unit).rpartition("/")[2]
        if figure not in stated:
            words, remedy = (
                f"{figure} cannot be read in the passage.",
                "Correct the number, or add what it is read from.",
            )
        elif unit is not None and not numbers.states(text, figure, name):
            words = f"{figure} is not in {name} in the passage."
            remedy = "Correct the unit or currency, or add what it is read from (euai:alsoReads)."
        elif notation is not None and not numbers.in_years(text, figure, _years(notation), figures):
            words = f"{figure} is not of {_text(notation)} in the passage, where another year stands nearest to it."
            remedy = "Correct the number or the period (euai:coversPeriod)."
        else:
            continue
        yield Problem(_text(thing), words, remedy, _text(path), value)


def _years(notation: Term | None) -> list[str]:
    """Return the years in the ``notation`` of a period, such as 2025-Q4--2026-01-31."""
    return [part[:4] for part in re.sub(r"^[a-z]+-", "", _text(notation)).split("--")]


def _of_periods(text: str, rows: Rows) -> Iterator[Problem]:
    days = by_key((row[1:4], _text(row[5])) for row in rows)
    for thing, path, value, notation in dict.fromkeys(row[1:5] for row in rows):
        missing = [year for year in _years(notation) if year not in text]
        if missing and not any(day.startswith(_text(notation)) for day in days[thing, path, value]):
            remedy = "Correct the period, or add the passage that it is read from (euai:alsoReads)."
            yield Problem(_text(thing), f"{missing[0]} cannot be read in the passage.", remedy, _text(path), value)


def _of_facts(passage: str, text: str, rows: Rows, known: dict[str, list[str]]) -> Iterator[Problem]:
    """Yield each thing of which ``text`` neither names the thing nor anything that is said of it."""
    plain = bare(text)

    def named(terms: Iterable[Term | None]) -> bool:
        return is_named(
            plain,
            (
                name
                for term in terms
                for name in ([term.value] if isinstance(term, Literal) else known.get(_text(term), []))
            ),
        )

    if rows and not named(term for row in rows for term in (row[1], row[3])):
        remedy = "Cite the sentence that speaks of it."
        yield Problem(passage, "nothing it speaks of is named in the passage.", remedy)
        return
    for thing, about in by_key((row[1], row) for row in rows).items():
        values = [row[3] for row in about]
        of_things = _text(thing).startswith(_THINGS) and any(_text(value).startswith(_THINGS) for value in values)
        if of_things and not named([thing, *values]):
            words = "the passage names neither it nor what is said of it."
            remedy = "Write it into the passage that says so, or add what is read with it (euai:alsoReads)."
            yield Problem(_text(thing), words, remedy, _text(about[0][2]), values[0], passage=passage)


def is_named(plain: str, names: Iterable[str]) -> bool:
    """Say whether one of ``names``, or a long word of one, stands in the :func:`bare` text ``plain``."""
    return any(bare(name) in plain or any(_stem(word) in plain for word in bare(name).split()) for name in names)


def _stem(word: str) -> str:
    """Return what forms of the long ``word`` have in common; of a short one nothing that a text could hold."""
    return word[:NAMED] if len(word) > NAMED else "\0"


def _copied(text: str, ours: Iterable[tuple[Term | None, ...]]) -> Iterator[Problem]:
    """Yield each text of ours that has :data:`COPIED` words in a row of ``text``, and each sentence that is in it."""
    there = _words(text)
    runs = {tuple(there[start : start + COPIED]) for start in range(len(there) - COPIED + 1)}
    joined = f" {' '.join(there)} "
    for thing, path, value in ours:
        words = _words(_text(value))
        if any(tuple(words[start : start + COPIED]) in runs for start in range(len(words) - COPIED + 1)) or (
            _text(path) in _SENTENCES and WHOLE <= len(words) < COPIED and f" {' '.join(words)} " in joined
        ):
            remedy = "Say it in words of our own."
            yield Problem(_text(thing), "this is copied from the document.", remedy, _text(path), value)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def bare(text: str) -> str:
    """Return the words of ``text`` without case, accents and signs."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())
