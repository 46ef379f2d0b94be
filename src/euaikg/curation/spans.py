"""The documents that the graph cites, as text files, and the stretches of them that its passages are.

A document is a text file as it was received; positions count its code points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from euaikg.core import files, folders, vocab
from euaikg.errors import InputError, OutputError
from euaikg.rdf.terms import Native, Term
from euaikg.sparql.embedded import Engine

_TEXTS = """
SELECT DISTINCT ?file ?sum ?sha256 WHERE {
  ?text euai:fileName ?file ; spdx:checksum ?sum . ?sum spdx:checksumValue ?sha256 .
}
ORDER BY ?file
"""

_SPANS = """
SELECT ?file ?passage ?span ?start ?end ?digest ?reason WHERE {
  ?passage euai:span ?span ;
    euai:inExpression/euai:rendition/euai:fileName ?file .
  ?span euai:start ?start ; euai:end ?end ; euai:digest ?digest .
  OPTIONAL { ?passage euai:withoutFact ?reason }
}
ORDER BY ?file ?start ?end ?passage
"""

_CHECKSUM = "http://spdx.org/rdf/terms#checksumValue"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a citation: of what ``thing`` with what ``path`` and value, and what is to be done.

    ``file`` and ``line`` say where the triple stands, and ``passage`` of which passage it is.
    """

    thing: str
    words: str
    remedy: str
    path: str | None = None
    value: Term | None = None
    file: str | None = None
    line: int | None = None
    passage: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        path = f" {vocab.short(self.path)}" if self.path else ""
        inside = (
            f", in passage {_short(self.passage)}" if self.passage and not self.thing.startswith(self.passage) else ""
        )
        return f"{place}{_short(vocab.short(self.thing))}{path}{inside}: {self.words} {self.remedy}"


@dataclass
class DocumentReport:
    """What a check found in one document; ``file`` is the name of the text file."""

    file: str
    found: bool = True
    checked: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Cited:
    """One span of a passage."""

    passage: str
    span: str
    start: int
    end: int
    digest: str
    without_fact: bool


def texts(engine: Engine, documents: Path) -> Iterable[tuple[DocumentReport, str, list[Cited]]]:
    """Yield a report, the text and the spans of each document the graph cites; no text where the file is not there."""
    if not documents.is_dir():
        raise InputError(f"{documents}: there is no such folder.")
    spans: dict[str, list[Cited]] = {}
    for row in engine.select(_SPANS).to_dicts():
        cited = Cited(
            *(str(row["passage"]), str(row["span"])),
            _int(row["start"]),
            _int(row["end"]),
            str(row["digest"]),
            row["reason"] is not None,
        )
        spans.setdefault(str(row["file"]), []).append(cited)
    any_found = False
    for row in engine.select(_TEXTS).to_dicts():
        report = DocumentReport(str(row["file"]))
        text = ""
        try:
            path = _place(documents, report.file)
        except OutputError as error:
            report.found = False
            words = (str(row["sum"]), str(error), "Name a file of the folder.", vocab.EUAI + "fileName")
            report.problems.append(Problem(*words))
            yield report, text, []
            continue
        if path.is_file():
            any_found = True
            content = files.read_bytes(path)
            if hashlib.sha256(content).hexdigest() != str(row["sha256"]).lower():
                report.problems.append(
                    Problem(
                        *(str(row["sum"]), "the file is not the one that was read: its SHA-256 differs."),
                        *("Take the file with that checksum, or read the new one and correct it.", _CHECKSUM),
                    )
                )
            text = files.read_text(path, whole=True)
        else:
            report.found = False
        yield report, text, spans.get(report.file, [])
    if not any_found:
        raise InputError(f"{documents}: none of the documents that the graph cites is there.")


def _place(documents: Path, file: str) -> Path:
    """Return where the text ``file`` is in the folder ``documents``, or in one of those in it."""
    path = folders.inside(documents, file)
    below = sorted(folder / file for folder in documents.iterdir() if (folder / file).is_file())
    return path if path.is_file() or not below else folders.inside(documents, str(below[0].relative_to(documents)))


def _int(value: Native) -> int:
    """Return the position ``value``, or one that is outside of any text where it is no whole number."""
    return value if isinstance(value, int) else -1


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


def _short(iri: str) -> str:
    return iri.removeprefix(vocab.SOURCE)
