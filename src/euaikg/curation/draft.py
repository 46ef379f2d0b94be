"""A draft of the file of a new document, so that its curator reads and decides, and counts and copies nothing.

The draft has the document with its language version, its sections, and each part of its text as a passage with span
and digest. The things that a passage names are mentioned in its graph; what else it may say stands in its note. All of
it is a proposal: whoever has read a passage writes what it says, and removes the note, for which the rule
``draft-note`` asks until then.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from euaikg.core import files, vocab
from euaikg.curation import canonical, layout
from euaikg.curation.hints import NUMBER, Hints, Reader, periods
from euaikg.curation.layout import Part, slug
from euaikg.errors import InputError, quote
from euaikg.questions import lexicon
from euaikg.questions.names import text_of
from euaikg.sparql.embedded import Engine

LANGUAGES = {"en": "ENG", "nl": "NLD"}
"""The languages in which documents are read, by the codes of the EU table."""

SECTIONS = {"head": {"en": "head", "nl": "kop"}, "recitals": {"en": "recitals", "nl": "overwegingen"}}
"""Sections that have no heading in the text, and what they are called."""

CLOSED = {"heading": "heading", "furniture": "page-furniture"}
"""The kinds of parts that state nothing, with the reason."""

LONGEST = 140
"""A title of more characters is too long for a name."""

WORDY = 60
"""So many words are a paragraph, and no title."""

LEAST = 0.2
"""The share of little words in a text by which its language is known."""

_READ = "SELECT DISTINCT ?version WHERE { ?passage euai:inExpression ?version }"
_CALLED = "SELECT DISTINCT ?thing ?kind WHERE { ?thing a ?kind . ?kind rdfs:subClassOf* euai:Document }"

_KIND = re.compile(
    r"\W*(?:(?:commission|council|joint|implementing|delegated|gedelegeerd\w*|uitvoerings)\s?)*"
    r"(?:communication|decision|regulation|directive|recommendation"
    r"|mededeling|besluit|verordening|richtlijn|aanbeveling)",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"(?:brussels?|luxemb(?:o)?urg|strasbourg|straatsburg)\b.*\d|\d[\d./ -]*", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A draft: its parts with what each may say, what was found of the document, and the text of the file in TriG."""

    name: str
    title: str
    language: str
    day: str | None
    passages: list[tuple[Part, Hints]]
    content: bytes

    def __str__(self) -> str:
        closed = sum(part.kind in CLOSED for part, _ in self.passages)
        day = self.day or "no date found (give it with --date)"
        return (
            f"doc:{self.name}/{self.language}, {quote(self.title)}, {day}: {len(self.passages) - closed} passages to "
            f"be read, {closed} headings and page furniture."
        )


def new(
    document: Path,
    engine: Engine,
    name: str | None = None,
    title: str | None = None,
    day: str | None = None,
    language: str | None = None,
) -> Draft:
    """Return a draft of the file of the text ``document``, with the names that the graph of ``engine`` knows.

    ``name`` is the last part of the document’s IRI, by default made of its number or of the name of the file; title,
    date and language are found in the text where they are not given. Raises :class:`InputError` where the text cannot
    be read or has no words, its language does not show, the name is none, or this version is read already.
    """
    text = files.read_text(document, whole=True)
    if not re.search(r"[^\W\d_]", text):
        raise InputError(f"{document}: there are no words in it.")
    parts = layout.parts(text)
    language = language or _language(document, text)
    head = [text[slice(*part.spans[0])] for part in parts[:40] if part.kind == "paragraph" and part.section == "head"]
    title = title or _title(head) or next((part.opens for part in parts if part.opens), None) or document.stem
    number = next((match[0] for said in (title, *head) if (match := NUMBER.search(said))), None)
    done = [said for part in parts[-8:] if re.match("Done at|Gedaan te", said := _said(text, part))]
    day = day or next((one for said in (title, *head, *done) for one in periods(said) if len(one) == 10), None)
    name = name or slug(number or document.stem)
    if name != slug(name):
        raise InputError(f"{quote(name)} is no name for a document; write it in small letters, digits and hyphens.")
    version = f"{vocab.SOURCE}{name}/{language}"
    if (NamedNode(version),) in engine.select(_READ).rows:
        raise InputError(f"{document}: the passages of doc:{name}/{language} are there already; give another --name.")
    reader = Reader(engine)
    passages = [(part, reader.hints(_said(text, part))) for part in parts]
    known = {**vocab.prefixes(), "here": f"{version}#"}
    turtle = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in known.items()]
    turtle += _described(document, engine, name, title, number, day, language)
    turtle += _sections(parts, version, language)
    turtle += (line for part, hints in passages for line in _passage(part, hints, text, name, version))
    quads = list(parse("\n".join(turtle).encode(), format=RdfFormat.TRIG))
    head_line = f"# What {title} says, passage by passage: a draft, to be read.\n"
    return Draft(name, title, language, day, passages, canonical.written(quads, head_line, known))


def _said(text: str, part: Part) -> str:
    return " ".join(" ".join(text[start:end] for start, end in part.spans).split())


def _language(document: Path, text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    language = lexicon.language(text)
    if sum(word in lexicon.lexicon().stop[language] for word in words) < LEAST * len(words):
        raise InputError(f"{document}: it does not show whether it is in English or Dutch; say so with --lang.")
    return language


def _title(head: list[str]) -> str | None:
    """Return the title of a document that begins with ``head``: what is called an act, or else the first words."""
    kinds = [at for at, said in enumerate(head) if _KIND.match(said)]
    for at in [*(range(kinds[0], len(head)) if kinds else ()), *range(len(head))]:
        lines = [line.strip("*# \t\r") for line in head[at].split("\n")]
        while len(lines) > 1 and re.match("COMMUNICATION|MEDEDELING", head[at].strip("*")) and lines[0].isupper():
            del lines[0]  # for whom it is
        said = " ".join(" ".join(lines).split())
        is_title = 2 < len(said.split()) < WORDY and not _DATELINE.fullmatch(said)
        if is_title and not (said.isupper() and at + 1 < len(head)):
            return said
    return None


def _text(said: str | None, language: str | None = None) -> str:
    return str(Literal(said or "", language=language))


def _ours(*languages: str) -> str:
    """Say in which ``languages`` a name is our own."""
    return "euai:renderedName " + ", ".join(f'"{language}"^^xsd:language' for language in languages)


def _other(language: str) -> str:
    return "nl" if language == "en" else "en"


def _described(
    document: Path, engine: Engine, name: str, title: str, number: str | None, day: str | None, language: str
) -> Iterator[str]:
    kinds = [text_of(kind) for thing, kind in engine.select(_CALLED).rows if text_of(thing) == vocab.SOURCE + name]
    if vocab.EUAI + "SourceDocument" not in kinds:
        yield f"doc:{name} a euai:SourceDocument ."
    if not kinds:
        is_long = len(title) > LONGEST
        yield f"doc:{name} skos:prefLabel {_text((number or name) if is_long else title, language)} ."
        yield f"doc:{name} {_ours(_other(language))} ."
        if is_long:
            yield f"doc:{name} skos:altLabel {_text(title, language)} ."
        elif number:
            yield f"doc:{name} euai:shortName {_text(number, language)} ."
    version, text = f"<{vocab.SOURCE}{name}/{language}>", f"text:{name}-{language}"
    issued = f'; dct:issued "{day}"^^xsd:date' if day else ""
    yield f"""
{version} a euai:SourceExpression ; euai:expressionOf doc:{name} ; dct:language lang:{LANGUAGES[language]} ;
  dct:title {_text(title, language)} ; euai:rendition {text} {issued} .
{text} a euai:SourceText ; euai:fileName {_text(document.name)} ; spdx:checksum {text}-sha256 .
{text}-sha256 a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
  spdx:checksumValue "{hashlib.sha256(files.read_bytes(document)).hexdigest()}"^^xsd:hexBinary ."""


def _sections(parts: Iterable[Part], version: str, language: str) -> Iterator[str]:
    titles: dict[tuple[str, str | None], str | None] = {}
    for part in parts:
        if part.section:
            titles[part.section, part.annex] = titles.get((part.section, part.annex)) or part.opens
    for (section, annex), title in titles.items():
        place = "here:section-" + f"annex-{slug(annex or '')}-" * bool(annex) + slug(section)
        called = SECTIONS.get(section, {language: title or section})
        named = ", ".join(_text(said, own) for own, said in called.items())
        yield f"{place} a euai:Section ; dct:isPartOf <{version}> ; euai:section {_text(section)} ; dct:title {named} ."
        yield f"{place} {_ours(*(called if len(called) > 1 else [_other(language)]))} ."
        if annex:
            yield f"{place} euai:annex {_text(annex)} ."


def _passage(part: Part, hints: Hints, text: str, name: str, version: str) -> Iterator[str]:
    place = f"here:{part.slug}"
    yield f"{place} a euai:Passage ; euai:inExpression <{version}> ."
    for key, said in {"section": part.section, "annex": part.annex, "item": part.item}.items():
        if said:
            yield f"{place} euai:{key} {_text(said)} ."
    for key, number in {"paragraph": part.paragraph, "tableRow": part.row, "footnote": part.footnote}.items():
        if number:
            yield f"{place} euai:{key} {number} ."
    for count, (start, end) in enumerate(part.spans, 1):
        digest = hashlib.sha256(text[start:end].encode()).hexdigest()
        yield f"{place} euai:span {place}-span{count} . {place}-span{count} a euai:Span ;"
        yield f'  euai:start {start} ; euai:end {end} ; euai:digest "{digest}"^^xsd:hexBinary .'
    if part.kind in CLOSED:
        yield f"{place} euai:withoutFact nofact:{CLOSED[part.kind]} ."
        return
    yield f"{place} euai:modality modality:asserted ; skos:editorialNote {_text(f'Draft: {hints}.', 'en')} ."
    things = [f"<{thing}>" for thing in hints.things if thing != vocab.SOURCE + name]
    if things:
        yield f"{place} {{ doc:{name} euai:mentions {', '.join(things)} . }}"
