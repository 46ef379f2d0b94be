"""Validation: the rules of the data, run over the shipped graph and a user's files on top of it.

A rule is either a property shape in ``shapes/*.ttl`` (SHACL Core, run by pyshacl over an rdflib graph in memory) or a
set-based check in ``shapes/checks/*.rq`` (a SELECT of the things at fault, run by the engine, which is much faster
for whatever looks at many things at once). Both give the same :class:`~euaikg.curation.findings.Finding`, named by the
rule's own name. So do the shapes of a user, which may speak of anything, and be run over files that have nothing to do
with the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Store

from euaikg.core import files, suffixes, vocab
from euaikg.curation import positions, questions, suspects
from euaikg.curation.findings import SPARQL, UNKNOWN_CLASS, Finding, Read, located, name_of
from euaikg.curation.ruleset import Rule, named, rules
from euaikg.errors import InputError
from euaikg.graph import access, build
from euaikg.questions import names
from euaikg.rdf.terms import Term
from euaikg.sparql.embedded import Embedded

if TYPE_CHECKING:
    from euaikg.curation.shacl import Result, Shapes

NEAREST = {
    "dangling-reference": "what is described, such as {}",
    UNKNOWN_CLASS: "perhaps {}",
    "undeclared-property": "perhaps {}",
}
"""The rules about what is named and not known, with what they say of the nearest that is, which may be meant."""

SLIPS = 20
"""For so many different ones the nearest is looked for, which reads all names each time."""


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
    added = build.rdf_files(added)
    read = Read(dict.fromkeys(added), own is not None)
    # in memory the checks, which look at everything, are three times faster
    if base is not None:
        access.refuse_base(base)
    store = _merged(added, read, base) if alone else build.build(added, watch=read, base=base, named=False)
    for path in added:
        if path not in read.heard and not any(build.read(path, base)):
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
        with named(rule.path):
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
    return Finding(rule, name_of(thing), said, name_of(value) if value else None)


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

    return Finding(rule, name_of(result.focus), result, shacl.text(result.value) if result.value else None)


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
