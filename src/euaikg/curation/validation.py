"""Validation: the rules of the data, run over the shipped graph and a user's files on top of it.

A rule is either a property shape in ``shapes/*.ttl`` (SHACL Core, run by pyshacl over an rdflib graph in memory) or a
set-based check in ``shapes/checks/*.rq`` (a SELECT of the things at fault, run by the engine, which is much faster
for whatever looks at many things at once). Both give the same :class:`Finding`, named by the rule's own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from euaikg.core import files, vocab
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.rdf.terms import Term
from euaikg.sparql.embedded import Embedded

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Rule:
    """A rule: its ``name``, what it demands in one sentence, what to do when it is broken, and how grave that is."""

    name: str
    summary: str
    message: str
    severity: str
    path: Path
    scope: str = ""


@dataclass(frozen=True)
class Finding:
    """One breach of a rule: the thing at fault (IRI and name), the value where there is one, and the file."""

    rule: Rule
    thing: str
    value: str | None = None
    label: str | None = None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file or 'the graph'}{f':{self.line}' if self.line else ''}"
        name = vocab.compact(self.thing) or self.thing
        label = f" “{self.label}”" if self.label else ""
        value = f" Found: {self.value}." if self.value else ""
        return f"{place}: {self.rule.severity.lower()} [{self.rule.name}] {name}{label}: {self.rule.message}{value}"


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by name: property shapes and checks."""
    found = {}
    for path in files.shipped("shapes", ".ttl"):
        found.update({rule.name: rule for rule in _shapes(path)})
    for path in files.shipped("shapes/checks", ".rq"):
        found[path.stem] = _check(path)
    return dict(sorted(found.items()))


def _shapes(path: Path) -> Iterator[Rule]:
    facts: dict[str, dict[str, str]] = {}
    for quad in build.read(path):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            facts.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    for iri, about in facts.items():
        if about.get(vocab.TYPE.value) == vocab.SH + "PropertyShape":
            yield Rule(
                name=iri.removeprefix(vocab.SHAPE),
                summary=about[vocab.SH + "description"],
                message=about[vocab.SH + "message"],
                severity=about[vocab.SH + "severity"].removeprefix(vocab.SH),
                path=path,
            )


def _check(path: Path) -> Rule:
    import yaml

    lines = [line[2:] for line in files.read_text(path).splitlines() if line.startswith("#+")]
    header = yaml.load("\n".join(lines), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return Rule(path.stem, header["summary"], header["message"], header["severity"], path, header["scope"])


def validate(added: Sequence[Path] = ()) -> list[Finding]:
    """Return what is wrong with the shipped graph and the files ``added`` to it; an empty list means nothing is.

    Raises :class:`InputError` for a file that cannot be read as RDF, and for one that holds no triples.
    """
    added = build.rdf_files(added)
    for path in added:
        if next(build.read(path), None) is None:
            raise InputError(f"{path}: the file holds no triples.")
    engine = Embedded(build.build(added))  # in memory the checks, which look at everything, are three times faster
    with ThreadPoolExecutor(max_workers=1) as beside:
        checks = beside.submit(by_checks, engine)
        found = by_shapes(engine.store)
        return located([*found, *checks.result()], engine, added)


def by_checks(engine: Embedded, only: Iterable[str] | None = None) -> list[Finding]:
    """Run the set-based checks (those named by ``only``, or all) and return their findings."""
    wanted = set(rules() if only is None else only)
    found = []
    for path in files.shipped("shapes/checks", ".rq"):
        if path.stem in wanted:
            for row in engine.select(files.read_text(path)):
                value = row.get("value")
                found.append(Finding(rules()[path.stem], _name(row["thing"]), _name(value) if value else None))
    return found


def _name(term: Term | None) -> str:
    if isinstance(term, NamedNode):
        return term.value
    return str(term)


def by_shapes(store: Store) -> list[Finding]:
    """Run the SHACL Core shapes over the default graph of ``store`` and return their findings.

    Only triples whose predicate some shape speaks of can matter to it, so only these are handed to pyshacl.
    """
    import logging

    import pyshacl
    from rdflib import Graph, URIRef
    from rdflib.namespace import RDF, RDFS, SH

    from euaikg.rdf import to_rdflib

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it would print what a rule says anyway
    shapes = Graph()
    for path in files.shipped("shapes", ".ttl"):
        shapes.parse(path, format="turtle")
    spoken_of = {str(term) for term in (*shapes.objects(), *shapes.predicates()) if isinstance(term, URIRef)}
    data = to_rdflib.to_graph(store, spoken_of | {str(RDF.type), str(RDFS.subClassOf)})
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", meta_shacl=False)
    if conforms:
        return []
    assert isinstance(report, Graph)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceShape)
        assert isinstance(shape, URIRef), f"a shape without a name reported: {shape}"
        value = report.value(result, SH.value)
        focus = report.value(result, SH.focusNode)
        name = str(shape).removeprefix(vocab.SHAPE)
        found.append(Finding(rules()[name], str(focus), None if value is None else str(value)))
    return found


def located(found: list[Finding], engine: Embedded, added: Sequence[Path]) -> list[Finding]:
    """Return ``found`` sorted, each once, with the name of the thing and the file and line that describe it."""
    if not found:
        return []
    homes: dict[str, Path] = {}
    for path in [*added, *(path for path, _ in build.sources())]:
        for quad in build.read(path):
            homes.setdefault(_name(quad.subject), path)
    known: dict[str, str | None] = {}
    complete = set()
    for finding in found:
        if finding.thing not in known:
            known[finding.thing] = _label(engine, finding.thing)
        home = homes.get(finding.thing)
        complete.add(
            replace(
                finding,
                label=known[finding.thing],
                file=_shown(home) if home else None,
                line=_line(home, finding.thing) if home else None,
            )
        )
    return sorted(complete, key=lambda f: (SEVERITIES.index(f.rule.severity), f.file or "", f.line or 0, str(f)))


def _label(engine: Embedded, iri: str) -> str | None:
    if "://" not in iri:
        return None
    rows = engine.select(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f'SELECT ?name {{ <{iri}> skos:prefLabel ?name FILTER(LANG(?name) = "en") }}'
    ).to_dicts()
    return str(rows[0]["name"]) if rows else None


def _shown(path: Path) -> str:
    return path.relative_to(files.root()).as_posix() if path.is_relative_to(files.root()) else str(path)


def _line(path: Path, iri: str) -> int | None:
    """Return the line on which ``iri`` first begins a line of the file at ``path``, however it is written there."""
    text = files.read_text(path)
    declared = dict(re.findall(r"(?im)^\s*@?prefix\s+([\w.-]*:)\s*<([^>]*)>", text))
    written = [f"<{iri}>", *(p + iri[len(ns) :] for p, ns in declared.items() if ns and iri.startswith(ns))]
    spots = [re.search(rf"(?m)^\s*{re.escape(name)}(?=[\s,;]|$)", text) for name in written]
    starts = [spot.end() for spot in spots if spot]
    return text.count("\n", 0, min(starts)) + 1 if starts else None


def report(found: Iterable[Finding]) -> list[Triple]:
    """Return ``found`` as a W3C SHACL validation report."""

    def sh(name: str) -> NamedNode:
        return NamedNode(vocab.SH + name)

    root = BlankNode("report")
    found = list(found)
    conforms = not any(finding.rule.severity == "Violation" for finding in found)
    triples = [
        Triple(root, vocab.TYPE, sh("ValidationReport")),
        Triple(root, sh("conforms"), Literal(conforms)),
    ]
    for number, finding in enumerate(found, 1):
        result = BlankNode(f"result{number}")
        thing = NamedNode(finding.thing) if "://" in finding.thing else Literal(finding.thing)
        kind = "SPARQLConstraintComponent" if finding.rule.path.suffix == ".rq" else "PropertyConstraintComponent"
        triples += [
            Triple(root, sh("result"), result),
            Triple(result, vocab.TYPE, sh("ValidationResult")),
            Triple(result, sh("resultSeverity"), sh(finding.rule.severity)),
            Triple(result, sh("focusNode"), thing),
            Triple(result, sh("sourceShape"), NamedNode(vocab.SHAPE + finding.rule.name)),
            Triple(result, sh("sourceConstraintComponent"), sh(kind)),
            Triple(result, sh("resultMessage"), Literal(finding.rule.message, language="en")),
        ]
        if finding.value is not None:
            value = NamedNode(finding.value) if "://" in finding.value and " " not in finding.value else None
            triples.append(Triple(result, sh("value"), value or Literal(finding.value)))
    return triples
