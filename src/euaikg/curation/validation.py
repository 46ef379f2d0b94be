"""Validation: the rules of the data, run over the shipped graph and a user's files on top of it.

A rule is either a property shape in ``shapes/*.ttl`` (SHACL Core, run by pyshacl over an rdflib graph in memory) or a
set-based check in ``shapes/checks/*.rq`` (a SELECT of the things at fault, run by the engine, which is much faster
for whatever looks at many things at once). Both give the same :class:`Finding`, named by the rule's own name. So do
the shapes of a user, which may speak of anything, and be run over files that have nothing to do with the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import files, vocab
from euaikg.errors import InputError, QueryError
from euaikg.graph import access, build
from euaikg.rdf.terms import Term, token
from euaikg.sparql import header
from euaikg.sparql.embedded import Embedded

if TYPE_CHECKING:
    from euaikg.curation.shacl import Result, Shapes

SEVERITIES = ("Violation", "Warning", "Info")

UNTOUCHED = {vocab.XSD + "string", vocab.RDF + "langString"}
"""The kinds of values that a store keeps as they are spelt."""


@dataclass(frozen=True)
class Rule:
    """A rule: its ``name``, what it demands in one sentence, what to do when it is broken, and how grave that is.

    ``is_own`` says that it stands in a user's own shapes.
    """

    name: str
    summary: str
    message: str
    severity: str
    path: Path
    scope: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Finding:
    """One breach of a rule: the thing at fault (IRI and name), the value where there is one, and the file."""

    rule: Rule
    thing: str
    result: Result = field(repr=False)
    value: str | None = None
    label: str | None = None
    file: str | None = None
    line: int | None = None

    @property
    def path(self) -> str | None:
        """The property that a shape found wrong, or the path to the value as SPARQL writes it."""
        return self.result.way

    def __str__(self) -> str:
        place = f"{self.file or 'the graph'}{f':{self.line}' if self.line else ''}"
        name = _short(self.thing)
        label = f" “{self.label}”" if self.label else ""
        path = f" {_short(self.path)}" if self.path and self.rule.is_own else ""
        value = f" Found: {self.value}." if self.value else ""
        return (
            f"{place}: {self.rule.severity.lower()} [{self.rule.name}] {name}{label}{path}: {self.rule.message}{value}"
        )


@lru_cache(maxsize=100_000)  # a thing is written for each of its findings, and again to sort them
def _short(iri: str) -> str:
    return vocab.short(iri)


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by name: property shapes and checks."""
    found = {}
    for path in files.shipped("shapes", ".ttl"):
        found.update({rule.name: rule for rule in _shapes(path)})
    for path in files.shipped("shapes/checks", ".rq"):
        with _named(path):
            about = header.read(files.read_text(path))
            summary, message, severity, scope = (about[key] for key in ("summary", "message", "severity", "scope"))
            found[path.stem] = Rule(path.stem, summary, message, severity, path, scope)
    return dict(sorted(found.items()))


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the file of a rule, at ``path``, in an error that its words cause in the block."""
    try:
        yield
    except QueryError as error:
        raise InputError(f"{path}: {error}") from None
    except KeyError as error:
        raise InputError(f"{path}: the rule lacks {_short(error.args[0])}.") from None


def _shapes(path: Path) -> Iterator[Rule]:
    facts: dict[str, dict[str, str]] = {}
    for quad in build.read(path):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            facts.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    for iri, about in facts.items():
        if about.get(vocab.TYPE.value) == vocab.SH + "PropertyShape":
            with _named(path):
                yield Rule(
                    name=iri.removeprefix(vocab.SHAPE),
                    summary=about[vocab.SH + "description"],
                    message=about[vocab.SH + "message"],
                    severity=about[vocab.SH + "severity"].removeprefix(vocab.SH),
                    path=path,
                )


class _Read:
    """What is remembered of the files of a user while they are read: which, what they describe, and typed values."""

    def __init__(self, keeps_values: bool) -> None:
        self.keeps_values = keeps_values
        self.files: set[Path] = set()
        self.homes: dict[str, Path] = {}
        self.typed: list[Quad] = []

    def __call__(self, path: Path, quad: Quad) -> None:
        self.files.add(path)
        self.homes.setdefault(_name(quad.subject), path)
        if self.keeps_values and isinstance(quad.object, Literal) and quad.object.datatype.value not in UNTOUCHED:
            self.typed.append(quad)


def own_shapes(paths: Sequence[Path]) -> Shapes | None:
    """Return the shapes in the RDF files and folders ``paths``, None where there are none.

    Raises :class:`InputError` for a file that cannot be read, and for shapes that are not well-formed.
    """
    if not paths:
        return None
    from euaikg.curation import shacl

    shapes = shacl.load(paths)
    shacl.refuse_broken(shapes)
    return shapes


def validate(
    added: Sequence[Path] = (), own: Shapes | None = None, alone: bool = False, base: str | None = None
) -> list[Finding]:
    """Return what is wrong with the shipped graph and the files ``added`` to it; an empty list means nothing is.

    Relative IRIs of the files are resolved against ``base``, or the address of each. The shapes ``own`` are run beside
    the rules; ``alone``, they are run over the files and nothing else is looked at. Raises :class:`InputError` for a
    file that cannot be read as RDF, for one that holds no triples, for shapes that cannot be run, and where there is
    nothing to be checked alone.
    """
    if alone and not (added and own):
        raise InputError("To check files alone takes files to check and shapes to check them by.")
    added, read = build.rdf_files(added), _Read(own is not None)
    # in memory the checks, which look at everything, are three times faster
    if base is not None:
        access.refuse_base(base)
    store = _merged(added, read, base) if alone else build.build(added, watch=read, base=base)
    for path in added:
        if path not in read.files:
            raise InputError(f"{path}: the file holds no triples.")
    found: dict[object, Finding] = {}
    if not alone:
        with ThreadPoolExecutor(max_workers=1) as beside:
            checks = beside.submit(by_checks, Embedded(store))
            for finding in [*by_shapes(store), *checks.result()]:
                found.setdefault((finding.rule, finding.thing, finding.value), finding)
    return located([*found.values(), *(by_own(store, own, read.typed) if own else [])], store, read.homes, alone)


def _merged(paths: Iterable[Path], watch: build.Watch, base: str | None) -> Store:
    """Return the triples of the files ``paths`` as one graph."""
    store = Store()
    for path in paths:
        for quad in build.read(path, base or path.resolve().as_uri()):
            watch(path, quad)
            store.add(Quad(quad.subject, quad.predicate, quad.object))
    return store


def by_checks(engine: Embedded) -> list[Finding]:
    """Run the set-based checks and return their findings."""
    answers = []
    for rule in rules().values():
        if rule.path.suffix == ".rq":
            with _named(rule.path):
                rows = engine.select(files.read_text(rule.path))
                rows.column("thing")
                answers.append((rule, rows))
    from euaikg.curation.shacl import Result  # only now: the engine works while rdflib is loaded beside it

    component = NamedNode(vocab.SH + "SPARQLConstraintComponent")
    found = []
    for rule, rows in answers:
        shape, messages = NamedNode(vocab.SHAPE + rule.name), (Literal(rule.message, language="en"),)
        for row in rows:
            thing, value = row["thing"], row.get("value")
            assert thing is not None
            said = Result(thing, shape, component, rule.severity, messages, value)
            found.append(Finding(rule, _name(thing), said, _name(value) if value else None))
    return found


def _name(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else token(term)


def by_shapes(store: Store) -> list[Finding]:
    """Run the SHACL Core shapes over the default graph of ``store`` and return their findings.

    Only triples whose predicate some shape speaks of can matter to it, so only these are handed to pyshacl.
    """
    from euaikg.curation import shacl
    from euaikg.rdf import to_rdflib

    shapes = shacl.load(files.shipped("shapes", ".ttl"))
    found = shacl.results(to_rdflib.to_graph(store, shapes.spoken_of), shapes.graph)
    return [_finding(rules()[shacl.text(result.shape).removeprefix(vocab.SHAPE)], result) for result in found]


def _finding(rule: Rule, result: Result) -> Finding:
    from euaikg.curation import shacl

    return Finding(rule, _name(result.focus), result, shacl.text(result.value) if result.value else None)


def by_own(store: Store, shapes: Shapes, typed: Iterable[Quad] = ()) -> list[Finding]:
    """Run the ``shapes`` of a user over the default graph of ``store`` and return their findings.

    The store respells numbers and dates, and takes each kind of integer for xsd:integer; ``typed`` are the quads of a
    user's files that have such values, as they stand there.
    """
    from euaikg.curation import shacl
    from euaikg.rdf import to_rdflib

    data = to_rdflib.to_graph(store, shapes.spoken_of)
    beside = Store()
    beside.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in typed)
    for triple in to_rdflib.to_graph(beside):
        data.remove(triple)
    data += to_rdflib.gathered(typed)

    def rule(result: Result) -> Rule:
        name, path = shapes.name(result.shape), shapes.homes[result.shape]
        return Rule(name, result.message, result.message, result.severity, path, is_own=True)

    return [_finding(rule(result), result) for result in shacl.results(data, shapes.graph, shapes.names)]


def located(found: list[Finding], store: Store, homes: dict[str, Path], alone: bool = False) -> list[Finding]:
    """Return ``found`` sorted, with the name of each thing and the file and line that describe it.

    ``homes`` has the file for each thing in a user's files.
    """
    if not alone and any(finding.thing not in homes for finding in found):
        homes = dict(homes)
        for path, _ in build.sources():
            for quad in build.read(path):
                homes.setdefault(_name(quad.subject), path)
    labels = {finding.thing: _label(store, finding.result.focus) for finding in found}
    places = {
        path: (_shown(path), _lines(path))
        for path in {homes[finding.thing] for finding in found if finding.thing in homes}
    }
    complete = []
    for finding in found:
        file, lines = places[homes[finding.thing]] if finding.thing in homes else (None, {})
        complete.append(replace(finding, label=labels[finding.thing], file=file, line=lines.get(finding.thing)))
    return sorted(complete, key=lambda f: (gravity(f.rule.severity), f.file or "", f.line or 0, str(f)))


def gravity(severity: str) -> int:
    """Return how far behind the gravest ``severity`` stands; those of one's own stand last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _label(store: Store, thing: Term) -> str | None:
    if isinstance(thing, NamedNode):
        for quad in store.quads_for_pattern(thing, NamedNode(vocab.SKOS + "prefLabel"), None, DefaultGraph()):
            if isinstance(quad.object, Literal) and quad.object.language == "en":
                return quad.object.value
    return None


def _shown(path: Path) -> str:
    return path.relative_to(files.root()).as_posix() if path.is_relative_to(files.root()) else str(path)


def _lines(path: Path) -> dict[str, int]:
    """Return the line on which each IRI first begins a line of the file at ``path``, however it is written there."""
    text = files.read_text(path)
    declared = dict(re.findall(r"(?im)^\s*@?prefix\s+([\w.-]*:)\s*<([^>]*)>", text))
    beginning = re.compile(r"\s*(?:<([^>]*)>|([\w.-]*:)([^\s,;]*))(?=[\s,;]|$)")
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = beginning.match(line)
        if match and (match[2] is None or declared.get(match[2])):
            found.setdefault(match[1] if match[2] is None else declared[match[2]] + match[3], number)
    return found


def report(found: Iterable[Finding]) -> list[Triple]:
    """Return ``found`` as a W3C SHACL validation report, which conforms where there is no finding at all."""

    def sh(name: str) -> NamedNode:
        return NamedNode(name if ":" in name else vocab.SH + name)

    root = BlankNode("report")
    found = list(found)
    triples = [Triple(root, vocab.TYPE, sh("ValidationReport")), Triple(root, sh("conforms"), Literal(not found))]
    for number, finding in enumerate(found, 1):
        said, result = finding.result, BlankNode(f"result{number}")
        about: list[tuple[NamedNode, Term | None]] = [
            (vocab.TYPE, sh("ValidationResult")),
            (sh("resultSeverity"), sh(said.severity)),
            (sh("focusNode"), said.focus),
            (sh("resultPath"), said.path),
            (sh("value"), said.value),
            (sh("sourceShape"), said.shape),
            (sh("sourceConstraintComponent"), said.component),
            *((sh("resultMessage"), message) for message in said.messages),
        ]
        triples += [Triple(root, sh("result"), result), *said.steps]
        triples += [Triple(result, predicate, term) for predicate, term in about if term is not None]
    return list(dict.fromkeys(triples))
