"""SHACL: shapes read from files, run over a graph by pyshacl, and what it reports as plain results.

SHACL Core and SPARQL constraints are run. Nothing is ever fetched.
"""

from __future__ import annotations

import difflib
import logging
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from euaikg.core import files, vocab
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.rdf import to_rdflib
from euaikg.rdf.terms import Term, token
from euaikg.sparql import scanner

for _name in ("rdflib.term", "pyshacl-validate"):  # they would print what a finding or an error says anyway
    logging.getLogger(_name).disabled = True

SHSH = Namespace("http://www.w3.org/ns/shacl-shacl#")

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)

WHOLE = (SH.closed, SH.select, SH.ask)
"""What may look at any triple, whether the shape names its property or not."""

NOT_RUN = {
    vocab.OWL + "imports": "owl:imports",
    **{
        vocab.SH + name: f"sh:{name}"
        for name in ("rule", "js", "target", "expression", "JSFunction", "SPARQLFunction", "SPARQLTargetType")
    },
}
"""What shapes may hold that is not followed, as people write it."""


@dataclass(frozen=True)
class Result:
    """One result of a validation report, in the words of SHACL.

    ``way`` is the ``path`` as SPARQL writes it, the bare IRI where it is one property; ``steps`` describe a longer one.
    """

    focus: Term
    shape: Term
    component: Term
    severity: str
    messages: tuple[Literal, ...]
    value: Term | None = None
    path: Term | None = None
    way: str | None = None
    steps: tuple[Triple, ...] = ()

    @property
    def message(self) -> str:
        """The messages in English or in no language, or else all of them, as one text; never empty."""
        ours = [message for message in self.messages if message.language in (None, "en")] or self.messages
        kind = text(self.component).removeprefix(vocab.SH).removesuffix("ConstraintComponent")
        said = " ".join(" ".join(message.value.split()) for message in ours) or f"It breaks the {kind} constraint"
        return said if said[-1] in ".!?…" else f"{said}."


@dataclass(frozen=True)
class Shapes:
    """The shapes of some files: all their triples, and the file that describes each thing in them."""

    graph: Graph
    homes: dict[Term, Path]

    @cached_property
    def targeting(self) -> set[Node]:
        """The shapes that say what they look at."""
        classes = {kind for meta in (RDFS.Class, OWL.Class) for kind in self.graph.subjects(RDF.type, meta)}
        shapes = {shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in self.graph.subjects(RDF.type, kind)}
        return classes & shapes | {shape for target in TARGETS for shape in self.graph.subjects(target)}

    @property
    def spoken_of(self) -> set[str] | None:
        """The properties that the shapes can look at; None where it can be any."""
        if any((None, term, None) in self.graph for term in WHOLE):
            return None
        terms = {str(term) for term in (*self.graph.objects(), *self.graph.predicates()) if isinstance(term, URIRef)}
        return terms | {str(RDF.type), str(RDFS.subClassOf)}

    @property
    def not_run(self) -> list[str]:
        """A sentence for each file with something that is not followed."""
        found: dict[Path, set[str]] = {}
        for subject, predicate, value in self.graph:
            for term in (predicate, value) if predicate == RDF.type else (predicate,):
                if str(term) in NOT_RUN:
                    found.setdefault(self.home(subject), set()).add(NOT_RUN[str(term)])
        return [
            f"{path}: not followed: {', '.join(sorted(names))}; SHACL Core and SPARQL constraints are run, and nothing "
            "is fetched."
            for path, names in sorted(found.items())
        ]

    @property
    def names(self) -> str:
        """The files, for a sentence."""
        return ", ".join(map(str, sorted(set(self.homes.values()))))

    def home(self, node: Node) -> Path:
        """Return the file that describes ``node``, or else speaks of it."""
        home = self.homes.get(to_rdflib.from_node(node))
        beside = (self.home(other) for other in self.graph.subjects(None, node))
        return home or next(beside, None) or min(self.homes.values())

    def name(self, shape: Term) -> str:
        """Return the IRI of ``shape`` as people read it, or where it has none, that of the shape it stands in."""
        here, seen = node(shape), set()
        while isinstance(here, BNode) and here not in seen:
            seen.add(here)
            here = next(self.graph.subjects(None, here), here)
        if isinstance(here, URIRef):
            return vocab.short(str(here))
        return f"a shape without a name in {self.homes[shape].name}"


def load(paths: Iterable[Path]) -> Shapes:
    """Return the shapes of the RDF files ``paths``, and of those below the folders among them.

    A relative IRI is resolved against its file. Raises :class:`InputError` for a file that cannot be read, and where
    there is no shape that says what it looks at.
    """
    from pyshacl.monkey import rdflib_bool_patch, rdflib_bool_unpatch

    homes: dict[Term, Path] = {}
    quads: list[Quad] = []
    for path in build.rdf_files(paths):
        for quad in build.read(path, files.address(path)):
            homes.setdefault(quad.subject, path)
            quads.append(quad)
    rdflib_bool_patch()  # type: ignore[no-untyped-call]  # to SHACL only true is true, and 1 is not
    try:
        found = Shapes(to_rdflib.gathered(quads), homes)
    finally:
        rdflib_bool_unpatch()  # type: ignore[no-untyped-call]
    if not found.targeting:
        names = ", ".join(map(str, paths))
        raise InputError(f"{names}: there is no SHACL shape with a target class, node or property in there.")
    return found


@cache
def declared() -> dict[str, None]:
    """Return the terms of SHACL and of the project's ontology."""
    import pyshacl

    assets = Path(pyshacl.__file__).parent / "assets" / "shacl.ttl"
    terms = [assets, files.root() / "ontology" / "euai.ttl"]
    return {
        quad.subject.value: None for path in terms for quad in build.read(path) if isinstance(quad.subject, NamedNode)
    }


def _is_mistyped(term: Node) -> bool:
    return isinstance(term, URIRef) and str(term).startswith((vocab.SH, vocab.EUAI)) and str(term) not in declared()


def refuse_broken(shapes: Shapes) -> None:
    """Raise :class:`InputError` for shapes that are not well-formed, whether the data has anything for them or not.

    What is well-formed is said by the shapes for shapes of the recommendation; patterns, queries and paths are read.
    """
    import pyshacl

    # data in the same files may use terms as it likes
    said = {s for s, predicate, value in shapes.graph if str(predicate) in declared() or str(value) in declared()}
    for subject, predicate, value in sorted(triple for triple in shapes.graph if triple[0] in said):
        for term in filter(_is_mistyped, (predicate, value)):
            near = difflib.get_close_matches(str(term), declared(), n=1)
            hint = f"; {vocab.short(near[0])} is" if near else ""
            kind = "SHACL" if str(term).startswith(vocab.SH) else "the ontology"
            raise InputError(
                f"{shapes.home(subject)}: {shapes.name(to_rdflib.from_node(subject))}: {vocab.short(str(term))} is no "
                f"term of {kind}{hint}."
            )
    for term, reading in READINGS.items():
        for subject, value in shapes.graph.subject_objects(term):
            try:
                reading(value, shapes.graph)
            except Exception as error:  # whatever the readers raise, it is about this value
                raise InputError(
                    f"{shapes.home(subject)}: {shapes.name(to_rdflib.from_node(subject))}: the value of "
                    f"sh:{str(term).removeprefix(vocab.SH)} cannot be read ({_reason(error)})."
                ) from None
    meta = load([Path(pyshacl.__file__).parent / "assets" / "shacl-shacl.ttl"]).graph
    for path_shape in list(meta.objects(SHSH.PropertyShapeShape, SH.property)):
        meta.remove((path_shape, SH["or"], None))  # its notion of a path is narrower than that of the test suite
    results(Graph(), shapes.graph, shapes.names)
    found = results(shapes.graph, meta, shapes.names)
    for result in sorted(
        found, key=lambda result: (result.way is None, result.message)
    ):  # what names a property is told
        about = f"{vocab.short(result.way)}: " if result.way else ""
        raise InputError(
            f"{shapes.home(node(result.focus))}: {shapes.name(result.focus)} is no well-formed SHACL shape "
            f"({about}{result.message.rstrip('.')})."
        )


def read_query(text: str, form: str) -> None:
    """Read the query ``text`` of a constraint as the engine that runs it does.

    Raises :class:`InputError` where it is of another form or would fetch something, and what the reader raises.
    """
    from rdflib.plugins.sparql.parser import parseQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    waiting: list[object] = [parseQuery(text.replace("$PATH", "<urn:x>"))]
    if scanner.form(text) != form:
        raise InputError(f"it must be a {form} query")
    while waiting:
        part = waiting.pop()
        name = getattr(part, "name", "")
        if name in FETCHING:
            raise InputError(f"it says {FETCHING[name]}, and nothing is fetched")
        if isinstance(part, CompValue):
            waiting.extend(part.values())
        elif isinstance(part, Iterable) and not isinstance(part, str):
            waiting.extend(part)


FETCHING = {"ServiceGraphPattern": "SERVICE", "DatasetClause": "FROM"}
"""The parts of a query that fetch, by their names in the engine, as SPARQL writes them."""


def way(path: Node, graph: Graph) -> str:
    """Return the ``path`` in ``graph`` as SPARQL writes it, and the bare IRI where it is one property."""
    import pyshacl
    from pyshacl.helper.path_helper import shacl_path_to_sparql_path

    return str(path) if isinstance(path, URIRef) else str(shacl_path_to_sparql_path(pyshacl.ShapesGraph(graph), path))


READINGS: dict[URIRef, Callable[[Node, Graph], object]] = {
    SH.pattern: lambda pattern, _: re.compile(str(pattern)),
    SH.select: lambda query, _: read_query(str(query), "SELECT"),
    SH.ask: lambda query, _: read_query(str(query), "ASK"),
    SH.path: way,
}
"""How the values of some properties are read, by themselves, to see if they are broken."""


def results(data: Graph, shapes: Graph, names: str = "SHACL") -> list[Result]:
    """Return what ``shapes`` have against ``data``.

    Raises :class:`InputError` with the engine's reason where they cannot be run, and the ``names`` of their files.
    """
    import pyshacl
    from pyshacl.errors import ShapeRecursionWarning

    report: object
    with warnings.catch_warnings():
        warnings.simplefilter("error", ShapeRecursionWarning)
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
        except ShapeRecursionWarning:
            sentence = "the shapes refer to each other in a circle that the data follows, which SHACL leaves undefined."
            raise InputError(f"{names}: {sentence}") from None
        except Exception as error:  # the engine raises all kinds of errors for shapes that it cannot take
            raise InputError(f"{names}: the shapes cannot be run ({_reason(error)}).") from None
    if not isinstance(report, Graph):
        raise InputError(f"{names}: the shapes cannot be run ({_reason(report)}).")
    about: dict[Node, dict[Node, list[Node]]] = {}
    for subject, predicate, value in report:
        about.setdefault(subject, {}).setdefault(predicate, []).append(value)
    ways: dict[Node, str] = {}
    found = []
    for result in report.objects(None, SH.result):
        facts = about[result]
        term = {key: to_rdflib.from_node(values[0]) for key, values in facts.items()}
        (path,) = facts.get(SH.resultPath, [None])
        if path is not None and path not in ways:
            ways[path] = way(path, report)
        found.append(
            Result(
                focus=term[SH.focusNode],
                shape=term[SH.sourceShape],
                component=term[SH.sourceConstraintComponent],
                severity=str(facts[SH.resultSeverity][0]).removeprefix(vocab.SH),
                messages=tuple(sorted(map(_literal, facts.get(SH.resultMessage, [])), key=str)),
                value=term.get(SH.value),
                path=term.get(SH.resultPath),
                way=None if path is None else ways[path],
                steps=tuple(_steps(path, about)) if isinstance(path, BNode) else (),
            )
        )
    return found


def _steps(node: Node, about: dict[Node, dict[Node, list[Node]]]) -> Iterator[Triple]:
    """Yield the triples of the path ``node``, as ``about`` holds them."""
    for predicate, values in about.get(node, {}).items() if isinstance(node, BNode) else ():
        for value in values:
            subject, property_, term = map(to_rdflib.from_node, (node, predicate, value))
            assert isinstance(subject, BlankNode)
            assert isinstance(property_, NamedNode)
            yield Triple(subject, property_, term)
            yield from _steps(value, about)


def _literal(node: Node) -> Literal:
    term = to_rdflib.from_node(node)
    return term if isinstance(term, Literal) else Literal(text(term))


def _reason(error: object) -> str:
    return " ".join(str(error).partition("\nFor reference")[0].split()).rstrip(".") or type(error).__name__


def text(term: Term | None) -> str:
    """Return the bare text of ``term``: an IRI, the words of a literal, or a blank node with ``_:`` in front."""
    return term.value if isinstance(term, NamedNode | Literal) else token(term) if term else ""


def node(term: Term) -> Node:
    """Return the IRI or blank node ``term`` as rdflib has it."""
    return BNode(term.value) if isinstance(term, BlankNode) else URIRef(text(term))
