"""Validation: the rules of the data, run over the shipped graph and a user's files on top of it.

A rule is either a property shape in ``shapes/*.ttl`` (SHACL Core, run by pyshacl over an rdflib graph in memory) or a
set-based check in ``shapes/checks/*.rq`` (a SELECT of the things at fault, run by the engine, which is much faster
for whatever looks at many things at once). Both give the same :class:`Finding`, named by the rule's own name. So do
the shapes of a user, which may speak of anything, and be run over files that have nothing to do with the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import files, suffixes, vocab
from euaikg.curation import positions, questions, suspects
from euaikg.errors import InputError, QueryError, counted
from euaikg.graph import access, build
from euaikg.questions import names
from euaikg.rdf.terms import Term, token
from euaikg.sparql import header
from euaikg.sparql.embedded import Embedded

if TYPE_CHECKING:
    from euaikg.curation.shacl import Result, Shapes

SEVERITIES = ("Violation", "Warning", "Info")

SPARQL = NamedNode(vocab.SH + "SPARQLConstraintComponent")
"""The kind of constraint that the checks are: without a property, the thing is its own value."""

UNKNOWN_CLASS = "undeclared-class"
OF_CLASSES = {"domain", "range", "class-fits-iri", "undeclared-subject", "orphan"}
"""The rule that finds an unknown class, and those that a thing of such a class breaks besides."""

NEAREST = {
    "dangling-reference": "what is described, such as {}",
    UNKNOWN_CLASS: "perhaps {}",
    "undeclared-property": "perhaps {}",
}
"""The rules about what is named and not known, with what they say of the nearest that is, which may be meant."""

SLIPS = 20
"""For so many different ones the nearest is looked for, which reads all names each time."""

UNTOUCHED = {vocab.XSD + "string", vocab.RDF + "langString"}
"""The kinds of values that a store keeps as they are spelt."""


@dataclass(frozen=True)
class Rule:
    """A rule: its ``name``, what it demands in one sentence, what to do when it is broken, and how grave that is.

    ``has_one_cause`` says that all its findings of one value in a file come from one mistake, ``is_own`` that it stands
    in a user's own shapes.
    """

    name: str
    summary: str
    message: str
    severity: str
    path: Path
    scope: str = ""
    has_one_cause: bool = False
    is_own: bool = False


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
            cause = about.get("cause") == "value"
            found[path.stem] = Rule(path.stem, summary, message, severity, path, scope, has_one_cause=cause)
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
        self.files: dict[Path, None] = {}
        self.homes: dict[str, Path] = {}
        self.typed: list[Quad] = []

    def __call__(self, path: Path, quad: Quad) -> None:
        self.files[path] = None
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

    Relative IRIs of the files are resolved against ``base``, or the address of each. Files among them that end in
    ``.rq`` are stored queries, and looked at as such, those below a folder too. The shapes ``own`` are run beside the
    rules; ``alone``, they are run over the files and nothing else is looked at. Raises :class:`InputError` for a file
    that cannot be read as RDF, for one that holds no triples, for shapes that cannot be run, and where there is nothing
    to be checked alone.
    """
    if alone and not (added and own):
        raise InputError("To check files alone takes files to check and shapes to check them by.")
    queries = questions.among(added)
    added = [path for path in added if path.suffix != ".rq" and not (queries and path.is_dir() and not _has_rdf(path))]
    added, read = build.rdf_files(added), _Read(own is not None)
    # in memory the checks, which look at everything, are three times faster
    if base is not None:
        access.refuse_base(base)
    store = _merged(added, read, base) if alone else build.build(added, watch=read, base=base, named=False)
    for path in added:
        if path not in read.files:
            raise InputError(f"{path}: the file holds no triples.")
    found: dict[object, Finding] = {}
    if not alone:
        with ThreadPoolExecutor(max_workers=1) as beside:
            shapes = beside.submit(by_shapes, store)
            for finding in [*by_checks(Embedded(store)), *shapes.result()]:
                found.setdefault((finding.rule, finding.thing, finding.path, finding.value), finding)
    whole = [*found.values(), *(by_own(store, own, read.typed) if own else [])]
    return [*(located(whole, store, read, alone) if whole else []), *by_queries(queries, store)]


def _has_rdf(folder: Path) -> bool:
    return any(files.below(folder, *build.RDF_FORMATS, *(f"{suffix}{suffixes.PACKED}" for suffix in build.RDF_FORMATS)))


def by_queries(paths: Iterable[Path], store: Store) -> list[Finding]:
    """Return what is wrong with the stored queries in ``paths``, to be asked of ``store``."""
    found = []
    for path in paths:
        rule = Rule("stored-query", "A query can be asked.", "Correct its header or text.", "Violation", path)
        for words, line in questions.mistakes(path, store):
            finding = _checked(rule, NamedNode(files.address(path)), None, Literal(words))
            found.append(replace(finding, value=words.rstrip("."), file=positions.shown(path), line=line))
    return found


def _merged(paths: Iterable[Path], watch: build.Watch, base: str | None) -> Store:
    """Return the triples of the files ``paths`` as one graph."""
    store = Store()
    for path in paths:
        for quad in build.read(path, base or files.address(path)):
            watch(path, quad)
            store.add(Quad(quad.subject, quad.predicate, quad.object))
    return store


def by_checks(engine: Embedded) -> list[Finding]:
    """Run the set-based checks and return their findings."""
    checks = [rule for rule in rules().values() if rule.path.suffix == ".rq"]
    found = []
    for rule in checks:
        with _named(rule.path):
            rows = engine.select(files.read_text(rule.path))
            rows.column("thing")
        values = dict.fromkeys(row.get("value") for row in rows) if rule.name in NEAREST else {}
        near = {value: _near(engine, rule.name, value) for value in [*values][:SLIPS]}
        for row in rows:
            finding = _checked(rule, row["thing"], row.get("path"), row.get("value"))
            expected = _text(row.get("expected")) or near.get(row.get("value"))
            found.append(replace(finding, graph=_text(row.get("graph")), expected=expected))
    return found


def _near(engine: Embedded, rule: str, term: Term | None) -> str | None:
    """Return what the ``rule`` says of the thing or term whose IRI looks most like ``term``, where one is close."""
    near = names.nearest_iri(engine, term.value) if isinstance(term, NamedNode) else None
    return NEAREST[rule].format(near) if near else None


def _text(term: Term | None) -> str | None:
    return term.value if isinstance(term, NamedNode | Literal) else None


def _checked(rule: Rule, thing: Term | None, path: Term | None, value: Term | None) -> Finding:
    from euaikg.curation.shacl import Result  # with all of rdflib, which only findings need

    assert thing is not None
    way = path.value if isinstance(path, NamedNode) else None
    said = Result(
        *(thing, NamedNode(vocab.SHAPE + rule.name), SPARQL),
        *(rule.severity, (Literal(rule.message, language="en"),), value),
        *((path, way) if way else (None, None)),
    )
    return Finding(rule, _name(thing), said, _name(value) if value else None)


def _name(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else token(term)


def by_shapes(store: Store) -> list[Finding]:
    """Run the SHACL Core shapes over the default graph of ``store`` and return their findings.

    Only what is said of things that they may have something against is handed to pyshacl.
    """
    paths = files.shipped("shapes", ".ttl")
    things = suspects.find(Embedded(store), paths)
    if things is not None and not things:
        return []
    from euaikg.curation import shacl
    from euaikg.rdf import to_rdflib

    shapes = shacl.load(paths)
    if things is None:
        data = to_rdflib.to_graph(store, shapes.spoken_of)
    else:
        data = to_rdflib.gathered(suspects.described(store, things))
    found = shacl.results(data, shapes.graph)
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


def located(found: list[Finding], store: Store, read: _Read, alone: bool = False) -> list[Finding]:
    """Return ``found`` sorted, each with the name of its thing and the place of its triple, and one mistake told once.

    A triple in the files of a user, which were ``read``, goes before one in the shipped files.
    """
    wanted = {term for finding in found for term in (finding.thing, finding.value) if term}
    there = [positions.read(path) for path in read.files]
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


def gravity(severity: str) -> int:
    """Return how far behind the gravest ``severity`` stands; those of one's own stand last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


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
