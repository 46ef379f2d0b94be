"""Citations held against the documents: whether they stand where the data says, and what is passed over.

A document is a text file as it was received; positions count its code points. :func:`check` looks at every span,
:func:`coverage` at every line, and :func:`passage` describes a stretch of text so that no curator counts characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from euaikg.core import files, vocab
from euaikg.core.groups import by_key
from euaikg.curation import numbers
from euaikg.errors import InputError, cut
from euaikg.questions import names
from euaikg.rdf.terms import Native
from euaikg.sparql.embedded import Engine

_TEXTS = """
SELECT DISTINCT ?file ?sha256 WHERE {
  ?text euai:fileName ?file ; spdx:checksum/spdx:checksumValue ?sha256 .
}
ORDER BY ?file
"""

_SPANS = """
SELECT ?file ?passage ?start ?end ?digest ?reason WHERE {
  ?passage euai:span ?span ;
    euai:inExpression/euai:rendition/euai:fileName ?file .
  ?span euai:start ?start ; euai:end ?end ; euai:digest ?digest .
  OPTIONAL { ?passage euai:withoutFact ?reason }
}
ORDER BY ?file ?start ?end ?passage
"""

_FIGURES = """
SELECT ?passage ?statement ?figure WHERE {
  GRAPH ?passage {
    ?statement euai:amount|euai:amountMin|euai:amountMax|euai:numericValue|euai:valueMin|euai:valueMax ?figure .
  }
}
ORDER BY ?passage ?statement
"""

_SPEAKS_OF = """
SELECT DISTINCT ?passage ?term WHERE {
  { GRAPH ?passage { ?term ?property ?value } } UNION { GRAPH ?passage { ?subject ?property ?term } }
  ?passage a euai:Passage .
}
"""

_ALSO = """
SELECT ?passage ?other WHERE { ?passage euai:alsoReads ?other }
"""


@dataclass
class DocumentReport:
    """What a check found in one document; ``problems`` are sentences, ``file`` the name of the text file."""

    file: str
    found: bool = True
    checked: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cited:
    """One span of a passage."""

    passage: str
    start: int
    end: int
    digest: str
    without_fact: bool


def _texts(engine: Engine, documents: Path) -> Iterable[tuple[DocumentReport, str, list[Cited]]]:
    """Yield a report, the text and the spans of each document the graph cites; no text where the file is not there."""
    if not documents.is_dir():
        raise InputError(f"{documents}: there is no such folder.")
    spans: dict[str, list[Cited]] = {}
    for row in engine.select(_SPANS).to_dicts():
        cited = Cited(
            str(row["passage"]), _int(row["start"]), _int(row["end"]), str(row["digest"]), row["reason"] is not None
        )
        spans.setdefault(str(row["file"]), []).append(cited)
    any_found = False
    for row in engine.select(_TEXTS).to_dicts():
        report = DocumentReport(str(row["file"]))
        path = documents / report.file
        text = ""
        if path.is_file():
            any_found = True
            content = files.read_bytes(path)
            if hashlib.sha256(content).hexdigest() != str(row["sha256"]).lower():
                report.problems.append("the file is not the one that was read: its SHA-256 differs.")
            text = files.read_text(path, whole=True)
        else:
            report.found = False
        yield report, text, spans.get(report.file, [])
    if not any_found:
        raise InputError(f"{documents}: none of the documents that the graph cites is there.")


def _int(value: Native) -> int:
    """Return the position ``value``, or one that is outside of any text where it is no whole number."""
    return value if isinstance(value, int) else -1


def check(engine: Engine, documents: Path) -> list[DocumentReport]:
    """Hold every citation against the text files in ``documents``.

    Looks at the digest of each file, and at range and digest of each span; at whether each figure can be read in
    the spans of its passage; and at whether some name or value of what the passage speaks of stands there. A
    passage that names others by ``alsoReads`` is read together with them. Raises :class:`InputError` where the
    folder, or every document, is missing.
    """
    figures = by_key(
        (str(row["passage"]), (str(row["statement"]), row["figure"])) for row in engine.select(_FIGURES).to_dicts()
    )
    known = by_key((name.iri, name.text) for name in names.names(engine))
    words: dict[str, set[str]] = {}
    for place, term in engine.select(_SPEAKS_OF).rows:
        if isinstance(place, NamedNode) and isinstance(term, NamedNode | Literal):
            called = known.get(term.value, []) if isinstance(term, NamedNode) else [term.value]
            words.setdefault(place.value, set()).update(called)
    also = by_key((str(row["passage"]), str(row["other"])) for row in engine.select(_ALSO).to_dicts())
    reports = []
    for report, text, spans in _texts(engine, documents):
        read: dict[str, str] = {}
        for cited in spans if report.found else []:
            report.checked += 1
            stretch = text[cited.start : cited.end]
            if not 0 <= cited.start < cited.end <= len(text):
                report.problems.append(f"{_short(cited.passage)}: the span is not inside the text.")
            elif hashlib.sha256(stretch.encode()).hexdigest() != cited.digest.lower():
                report.problems.append(f"{_short(cited.passage)}: the text at the span is another one.")
            read[cited.passage] = f"{read.get(cited.passage, '')}\n{stretch}"
        for passage in read:
            whole = "\n".join([read[passage], *(read.get(other, "") for other in also.get(passage, []))])
            stated = numbers.numbers(whole)
            for statement, figure in figures.get(passage, []):
                if not isinstance(figure, int | float | Decimal):
                    report.problems.append(f"{_short(statement)}: {cut(str(figure))} is no number.")
                elif Decimal(str(figure)) not in stated:
                    report.problems.append(f"{_short(statement)}: {figure} cannot be read in the passage.")
            if passage in words and not _mentions(whole, words[passage]):
                report.problems.append(f"{_short(passage)}: nothing it speaks of is named in the passage.")
        reports.append(report)
    return reports


def _mentions(text: str, called: Iterable[str]) -> bool:
    plain = _plain(text)
    return any(
        _plain(name) in plain or any(word in plain for word in _plain(name).split() if len(word) > 5) for name in called
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", names.fold(text)).split())


def _short(iri: str) -> str:
    return iri.removeprefix(vocab.SOURCE)


@dataclass
class Coverage:
    """How far one document is cited: its non-empty ``lines``, those ``cited`` for facts, and what is left open."""

    file: str
    found: bool
    lines: int = 0
    cited: int = 0
    without_fact: int = 0
    uncovered: list[str] = field(default_factory=list)
    look_again: list[str] = field(default_factory=list)


_TELLING = re.compile(r"\d|€|\bEUR\b|million|billion|miljoen|miljard|percent|procent")
_NUMBERING = re.compile(r"^\s*[0-9]+([.][0-9]+)*[.]?\s*")


def coverage(engine: Engine, documents: Path, checklist: Iterable[str] = ()) -> list[Coverage]:
    """Say of each document in ``documents`` which lines no passage covers.

    A line that holds text counts as covered where some span lies on it, be it of a passage with facts or of one
    listed as stating none. An uncovered line is listed with what tells that it matters: a figure, or a name of the
    ``checklist``. Lines that only passages without facts cover are listed in ``look_again`` where they hold a
    figure. Raises :class:`InputError` as :func:`check` does.
    """
    wanted = sorted({_plain(name): name for name in checklist if len(name) > 3}.items())
    result = []
    for report, text, spans in _texts(engine, documents):
        covered = Coverage(report.file, report.found)
        offset = 0
        for number, line in enumerate(text.split("\n"), 1):
            start, end = offset, offset + len(line)
            offset = end + 1
            if not line.strip():
                continue
            covered.lines += 1
            on_line = [cited for cited in spans if cited.start < end and cited.end > start]
            has_figure = bool(_TELLING.search(_NUMBERING.sub("", line)))
            if not on_line:
                plain = f" {_plain(line)} "
                named = [name for folded, name in wanted if f" {folded} " in plain]
                telling = [*(["a figure"] if has_figure else []), *named]
                covered.uncovered.append(f"line {number}" + (f": {', '.join(telling)}" if telling else ""))
            elif all(cited.without_fact for cited in on_line):
                covered.without_fact += 1
                if has_figure:
                    covered.look_again.append(f"line {number}")
            else:
                covered.cited += 1
        result.append(covered)
    return result


def passage(document: Path, place: str, expression: str, lines: str | None, find: str | None) -> str:
    """Return the description of a passage, as Turtle to paste into a source file.

    ``place`` is the part after ``#``, ``expression`` the IRI of the language version. The stretch of text is that of
    ``lines`` (``12`` or ``12-14``), or the one place where ``find`` stands. Raises :class:`InputError` where the
    lines are not in the document, or ``find`` stands nowhere or in several places.
    """
    text = files.read_text(document, whole=True)
    if lines is not None:
        first, _, last = lines.partition("-")
        rows = text.split("\n")
        if (
            not first.isdigit()
            or not (last or first).isdigit()
            or not 1 <= int(first) <= int(last or first) <= len(rows)
        ):
            raise InputError(f"{document}: has no lines {lines}; it has {len(rows)}.")
        start = sum(len(row) + 1 for row in rows[: int(first) - 1])
        end = start + len("\n".join(rows[int(first) - 1 : int(last or first)]))
    else:
        wanted = str(find)
        if text.count(wanted) != 1:
            times = text.count(wanted)
            raise InputError(f"{document}: “{wanted}” stands in it {times} times; give more of the text, or --lines.")
        start = text.index(wanted)
        end = start + len(wanted)
    stretch = text[start:end].strip()
    if not stretch:
        raise InputError(f"{document}: there is no text on lines {lines}.")
    start = text.index(stretch, start)
    end = start + len(stretch)
    digest = hashlib.sha256(stretch.encode()).hexdigest()
    return (
        f"@prefix euai: <{vocab.EUAI}> .\n@prefix here: <{expression}#> .\n"
        f"@prefix modality: <{vocab.BASE}id/modality/> .\n@prefix xsd: <{vocab.XSD}> .\n\n"
        f"here:{place} a euai:Passage ;\n  euai:inExpression <{expression}> ;\n  euai:modality modality:asserted ;\n"
        f"  euai:span here:{place}-span1 .\n"
        f'here:{place}-span1 a euai:Span ;\n  euai:digest "{digest}"^^xsd:hexBinary ;\n'
        f"  euai:end {end} ;\n  euai:start {start} .\n\nhere:{place} {{\n}}\n"
    )
