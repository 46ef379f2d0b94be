"""Which things may break the project's own shapes, found by the engine, so that pyshacl looks at no others.

Each shape becomes a query for the targets that it may have something against: at least those that it has, since what
cannot be told here is taken to be wrong. Where nothing is suspected, neither rdflib nor pyshacl is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import vocab
from euaikg.core.groups import by_key
from euaikg.graph import build
from euaikg.rdf.terms import Term
from euaikg.sparql.embedded import Embedded

BESIDE = {vocab.TYPE.value, *(vocab.SH + name for name in ("name", "description", "message", "severity"))}
"""What a shape says that is neither target, nor path, nor constraint."""

TARGETS = {
    "targetClass": "?thing a/rdfs:subClassOf* {} .",
    "targetSubjectsOf": "?thing {} ?any .",
}

CONDITIONS = {
    "nodeKind": "ISIRI(?value) && {} = sh:IRI",
    "pattern": "REGEX(STR(?value), {})",
    "minInclusive": "?value >= {}",
    "datatype": "DATATYPE(?value) = {0} && IF({0} = xsd:date, YEAR(?value) > 0, {0} = xsd:string)",
}
"""What is right of a value by each constraint; a mistake in it is as good as false."""

OTHERS = {"lessThan": "<", "lessThanOrEquals": "<="}
COUNTS = {"minCount": "COUNT(DISTINCT ?value) < {}", "maxCount": "COUNT(DISTINCT ?value) > {}"}


def find(engine: Embedded, paths: Iterable[Path]) -> set[NamedNode | BlankNode] | None:
    """Return the things in the default graph that the shapes in ``paths`` may have something against.

    None stands for everything: some shape says what cannot be told here.
    """
    quads = [quad for path in paths for quad in build.read(path)]
    about = by_key((quad.subject, quad) for quad in quads)
    found: set[NamedNode | BlankNode] = set()
    for said in about.values():
        if not any(quad.predicate.value in {vocab.SH + name for name in TARGETS} for quad in said):
            continue
        query = _query(said, about)
        if query is None:
            return None
        found.update(row["thing"] for row in engine.select(query))  # type: ignore[misc]
    return found


def _query(said: list[Quad], about: Mapping[NamedNode | BlankNode | Triple, list[Quad]]) -> str | None:
    path = ""
    targets: list[str] = []
    others: list[str] = []
    right: list[str] = []
    wrong: list[str] = []
    is_needed = False  # unless it is, nothing can be wrong where there is no value
    for quad in said:
        name, value = quad.predicate.value.removeprefix(vocab.SH), quad.object
        if quad.predicate.value in BESIDE:
            continue
        if name == "path":
            path = _path(value, about)
        elif name in TARGETS:
            targets.append(f"{{ {TARGETS[name].format(value)} }}")
        elif name in CONDITIONS:
            right.append(CONDITIONS[name].format(value))
        elif name in COUNTS:
            wrong.append(COUNTS[name].format(value))
            is_needed |= name == "minCount"
        elif name in OTHERS:
            others.append(f"OPTIONAL {{ ?thing {value} ?other{len(others)} }}")
            other = f"?other{len(others) - 1}"
            right.append(f"IF(BOUND({other}), ?value {OTHERS[name]} {other}, true)")
        elif name == "uniqueLang":
            wrong.append("COUNT(DISTINCT ?value) > COUNT(DISTINCT LANG(?value))")
        else:
            return None
    if not path:
        return None
    if right:
        wrong.append(
            f"MAX(IF(BOUND(?value) && !COALESCE({' && '.join(f'({one})' for one in right)}, false), 1, 0)) > 0"
        )
    values = f"?thing {path} ?value ."
    if is_needed:
        values = f"OPTIONAL {{ {values} }}"
    return (
        f"SELECT ?thing {{ {{ SELECT DISTINCT ?thing {{ {' UNION '.join(targets)} }} }} "
        f"{values} {' '.join(others)} }} GROUP BY ?thing HAVING ({' || '.join(wrong)})"
    )


def _path(path: Term, about: Mapping[NamedNode | BlankNode | Triple, list[Quad]]) -> str:
    """Return a property or a choice of them as SPARQL writes it; nothing for any other path."""
    if isinstance(path, NamedNode | Literal):
        return str(path)
    (only,) = about[path] if len(about[path]) == 1 else [None]
    if only is None or only.predicate.value != vocab.SH + "alternativePath":
        return ""
    chosen, rest = [], only.object
    while not isinstance(rest, NamedNode | Literal):
        here = {quad.predicate.value: quad.object for quad in about[rest]}
        chosen.append(_path(here[vocab.RDF + "first"], about))
        rest = here[vocab.RDF + "rest"]
    return "|".join(chosen) if all(chosen) else ""


def described(store: Store, things: Iterable[NamedNode | BlankNode]) -> Iterable[Quad]:
    """Yield what the default graph of ``store`` says of ``things``, and which classes are narrower than others."""
    yield from store.quads_for_pattern(None, NamedNode(vocab.RDFS + "subClassOf"), None, DefaultGraph())
    for thing in things:
        yield from store.quads_for_pattern(thing, None, None, DefaultGraph())
