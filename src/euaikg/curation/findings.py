"""What breaks a rule: where it stands, told once for each mistake, and as a SHACL report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import vocab
from euaikg.curation import positions
from euaikg.curation.ruleset import Rule, gravity
from euaikg.errors import counted
from euaikg.graph import build
from euaikg.rdf.terms import Term, token

if TYPE_CHECKING:
    from euaikg.curation.shacl import Result

SPARQL = NamedNode(vocab.SH + "SPARQLConstraintComponent")
"""The kind of constraint that the checks are: without a property, the thing is its own value."""

UNKNOWN_CLASS = "undeclared-class"
OF_CLASSES = {"domain", "range", "class-fits-iri", "undeclared-subject", "orphan"}
"""The rule that finds an unknown class, and those that a thing of such a class breaks besides."""

UNTOUCHED = {vocab.XSD + "string", vocab.RDF + "langString"}
"""The kinds of values that a store keeps as they are spelt."""


@dataclass(frozen=True)
class Finding:
    """One breach of a rule: the thing at fault (IRI and name), the value where there is one, and where that stands.

    ``line`` is that of the faulty triple in the ``file``, ``passage`` the IRI of the passage that it is of, ``graph``
    that of the graph at fault where it may stand in several. ``expected`` says what would be right. ``because`` says in
    a sentence from what mistake it comes where that shows elsewhere too, in the findings ``also``.
    """

    rule: Rule
    thing: str
    result: Result = field(repr=False)
    value: str | None = None
    label: str | None = None
    file: str | None = None
    line: int | None = None
    passage: str | None = None
    graph: str | None = None
    expected: str | None = None
    because: str | None = None
    also: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def path(self) -> str | None:
        """The property that was found wrong, or the path to the value as SPARQL writes it."""
        return self.result.way

    def __str__(self) -> str:
        place = f"{self.file or 'the graph'}{f':{self.line}' if self.line else ''}"
        name = _short(self.thing)
        label = f" “{self.label}”" if self.label else ""
        path = f" {_short(self.path)}" if self.path else ""
        passage = f", in passage {self.passage.removeprefix(vocab.SOURCE)}" if self.passage else ""
        value = f" Found: {self.value}." if self.value else ""
        value += f" Expected: {self.expected}." if self.expected else ""
        places = counted(len(self.also), "more place")
        more = f" The same mistake shows in {places}." if self.also and not self.because else ""
        because = f" {self.because}" if self.because else ""
        return (
            f"{place}: {self.rule.severity.lower()} [{self.rule.name}] {name}{label}{path}{passage}: "
            f"{self.rule.message}{value}{because}{more}"
        )


@lru_cache(maxsize=100_000)  # a thing is written for each of its findings, and again to sort them
def _short(iri: str) -> str:
    return vocab.short(iri)


def name_of(term: Term) -> str:
    """Return the IRI of ``term``, or how SPARQL writes it."""
    return term.value if isinstance(term, NamedNode) else token(term)


class Read:
    """What is remembered of the ``files`` of a user while they are read: which hold something, and of what.

    Of typed values the quads are kept if it ``keeps_values``.
    """

    def __init__(self, files: Collection[Path], keeps_values: bool) -> None:
        self.files = files
        self.keeps_values = keeps_values
        self.heard: set[Path] = set()
        self.homes: dict[str, Path] = {}
        self.typed: list[Quad] = []

    def __call__(self, path: Path, quad: Quad) -> None:
        self.heard.add(path)
        self.homes.setdefault(name_of(quad.subject), path)
        if self.keeps_values and isinstance(quad.object, Literal) and quad.object.datatype.value not in UNTOUCHED:
            self.typed.append(quad)


def located(found: list[Finding], store: Store, read: Read, alone: bool = False) -> list[Finding]:
    """Return ``found`` sorted, each with the name of its thing and the place of its triple, and one mistake told once.

    A triple in the files of a user, which were ``read``, goes before one in the shipped files.
    """
    wanted = {term for finding in found for term in (finding.thing, finding.value) if term}
    there = [positions.read(path, wanted) for path in read.files]
    for file in there:
        for subject in {spot.subject for spot in file.spots}:
            read.homes.setdefault(subject, file.path)
    places = positions.Places(there, wanted)
    if not alone and not all(places.has(finding.thing, finding.path) for finding in found):
        there += [positions.read(path) for path, _ in build.sources()]
        places = positions.Places(there, wanted)
    labels = {finding.thing: _label(store, finding.result.focus) for finding in found}
    complete = []
    for finding in found:
        spot = places.find(finding.thing, finding.path, finding.result.value, finding.graph)
        shipped = spot is not None and spot.path not in read.files
        if shipped and finding.value in read.homes and places.has(finding.value, finding.path):
            spot = places.find(finding.value, finding.path)  # of two things at fault the user can mend his own
        home = spot.path if spot else read.homes.get(finding.thing)
        complete.append(
            replace(
                finding,
                label=labels[finding.thing],
                file=positions.shown(home) if home else None,
                line=spot.line if spot else None,
                passage=positions.passage(finding.thing, spot),
            )
        )
    complete.sort(key=lambda f: (gravity(f.rule.severity), f.file or "", f.line or 0, str(f)))
    return _told_once(complete, there)


def _told_once(found: list[Finding], there: list[positions.File]) -> list[Finding]:
    """Return ``found`` with what comes from one mistake put together under the first finding that shows it."""
    causes: dict[object, list[Finding]] = {}
    reasons: dict[object, tuple[str, str, int]] = {}
    mistakes = list(_wrong_prefixes(found, there))
    unknown = {f.thing: (f.rule, f.file, f.value) for f in found if f.rule.name == UNKNOWN_CLASS}
    for finding in found:
        key: object = finding
        if finding.rule.has_one_cause:
            key = (finding.rule, finding.file, finding.value)
        elif finding.rule.name in OF_CLASSES:
            key = unknown.get(finding.thing) or unknown.get(finding.value or "") or key
        for file, terms, sentence, line in mistakes:
            if finding.file == file or finding.thing in terms or finding.value in terms:
                key = sentence
                reasons[key] = (sentence, file, line)
                break
        causes.setdefault(key, []).append(finding)
    told = []
    for key, (first, *rest) in causes.items():
        if key in reasons:
            sentence, file, line = reasons[key]
            shows = next(f for f in (first, *rest) if f.file == file)
            rest = [f for f in (first, *rest) if f is not shows]
            verb = "comes" if len(rest) == 1 else "come"
            count = f", and {counted(len(rest), 'more finding')} {verb} from it" if rest else ""
            first = replace(shows, file=file, line=line, passage=None, because=f"{sentence}{count}.")
        elif first.rule.name in OF_CLASSES:
            shows = next((f for f in rest if f.rule.name == UNKNOWN_CLASS), first)
            first, rest = shows, [f for f in (first, *rest) if f is not shows]
        told.append(replace(first, also=tuple(rest)))
    return told


def _wrong_prefixes(found: list[Finding], there: list[positions.File]) -> Iterator[tuple[str, set[str], str, int]]:
    """Yield each file with a prefix for a namespace that nobody knows, with its terms, a sentence, and the line.

    Nobody knows a namespace that a finding speaks of and that is another one than the project's prefix has, or would be
    in the project's and is not.
    """
    known = {iri: prefix for prefix, iri in vocab.prefixes().items()}
    terms = {term for finding in found for term in (finding.thing, finding.path, finding.value) if term}
    for file in there:
        for prefix, (iri, line) in file.declared.items():
            ours = vocab.prefixes().get(prefix)
            is_ours = iri.startswith(vocab.BASE) and not iri.startswith((vocab.SOURCE, vocab.GRAPH))
            if iri in known or not (ours or is_ours) or not any(term.startswith(iri) for term in terms):
                continue
            sentence = f"The prefix {prefix} stands for {iri} here" + (f", in the project for {ours}" if ours else "")
            yield (
                positions.shown(file.path),
                {term for spot in file.spots for term in (spot.subject, spot.value)},
                sentence,
                line,
            )


def _label(store: Store, thing: Term) -> str | None:
    if isinstance(thing, NamedNode):
        for quad in store.quads_for_pattern(thing, NamedNode(vocab.SKOS + "prefLabel"), None, DefaultGraph()):
            if isinstance(quad.object, Literal) and quad.object.language == "en":
                return quad.object.value
    return None


def report(found: Iterable[Finding]) -> list[Triple]:
    """Return ``found`` as a W3C SHACL validation report, which conforms where there is no finding at all."""

    def sh(name: str) -> NamedNode:
        return NamedNode(name if ":" in name else vocab.SH + name)

    root = BlankNode("report")
    found = [one for finding in found for one in (finding, *finding.also)]
    triples = [Triple(root, vocab.TYPE, sh("ValidationReport")), Triple(root, sh("conforms"), Literal(not found))]
    for number, finding in enumerate(found, 1):
        said, result = finding.result, BlankNode(f"result{number}")
        about: list[tuple[NamedNode, Term | None]] = [
            (vocab.TYPE, sh("ValidationResult")),
            (sh("resultSeverity"), sh(said.severity)),
            (sh("focusNode"), said.focus),
            (sh("resultPath"), said.path),
            (sh("value"), said.value or (said.focus if said.component == SPARQL and not said.path else None)),
            (sh("sourceShape"), said.shape),
            (sh("sourceConstraintComponent"), said.component),
            *((sh("resultMessage"), message) for message in said.messages),
        ]
        triples += [Triple(root, sh("result"), result), *said.steps]
        triples += [Triple(result, predicate, term) for predicate, term in about if term is not None]
    return list(dict.fromkeys(triples))
