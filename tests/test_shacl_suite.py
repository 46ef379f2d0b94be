"""The W3C's test suite for SHACL Core, run through the command.

``EUAIKG_SHACL_SUITE`` names the folder of the suite, which holds ``core/manifest.ttl``; pyshacl's source package on
PyPI has it in ``test/resources/sht_tests``. The files use IRIs relative to themselves, so they are read where they are.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from rdflib import RDF, SH, BNode, Graph, Namespace
from rdflib.term import Node

from euaikg.cli import main
from tests.conftest import missing

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

FAILING: dict[str, str] = {}
"""The tests that do not pass, with the reason."""

SUITE = Path(os.environ.get("EUAIKG_SHACL_SUITE", "/nowhere"))

FACTS = (SH.focusNode, SH.value, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)


@cache
def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=path.as_uri())


def manifests(path: Path) -> Iterator[Path]:
    """The manifests that ``path`` includes, and itself."""
    yield path
    for one in parsed(path).objects(None, MF.include):
        yield from manifests(local(one))


def local(iri: Node | None) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def entries() -> list[tuple[Path, Node]]:
    top = SUITE.resolve() / "core" / "manifest.ttl"
    if not top.is_file():
        return []
    return [
        (path, test)
        for path in manifests(top)
        for test in sorted(parsed(path).subjects(RDF.type, SHT.Validate), key=str)
    ]


def written(graph: Graph, node: Node | None) -> str:
    """``node`` with the names of blank nodes left out, and what they hold instead: a path may be one."""
    if not isinstance(node, BNode):
        return "" if node is None else node.n3()
    held = [(p, o) for p, o in graph.predicate_objects(node) if str(p).endswith("Path") or p in (RDF.first, RDF.rest)]
    return "[" + ", ".join(sorted(f"{p.n3()} {written(graph, o)}" for p, o in held)) + "]"


def results(graph: Graph, report: Node | None) -> Counter[tuple[str, ...]]:
    """The results of the ``report`` in ``graph``, and how often each is in there."""
    found: Counter[tuple[str, ...]] = Counter()
    for result in graph.objects(report, SH.result):
        facts = [
            "_:" if isinstance(graph.value(result, p), BNode) else written(graph, graph.value(result, p)) for p in FACTS
        ]
        found[*facts, written(graph, graph.value(result, SH.resultPath))] += 1
    return found


CASES = entries()


def test_the_suite_is_there_and_whole() -> None:
    if not CASES:
        missing("EUAIKG_SHACL_SUITE names no folder with core/manifest.ttl of the W3C's test suite for SHACL")
    assert len(CASES) == 98
    assert len(FAILING) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("manifest", "test"), CASES, ids=[f"{path.parent.name}/{local(test).name}" for path, test in CASES]
)
def test_the_command_reports_what_the_suite_expects(manifest: Path, test: Node) -> None:
    graph = parsed(manifest)
    action, expected = graph.value(test, MF.action), graph.value(test, MF.result)
    data, shapes = (str(local(graph.value(action, term))) for term in (SHT.dataGraph, SHT.shapesGraph))
    done = CliRunner().invoke(main, ["validate", data, "--shapes", shapes, "--alone", "--format", "turtle"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1), done.output
    report = Graph().parse(data=done.stdout, format="turtle")
    root = next(report.subjects(RDF.type, SH.ValidationReport))
    assert bool(graph.value(expected, SH.conforms)) == bool(report.value(root, SH.conforms))
    assert results(report, root) == results(graph, expected)
    messages = {
        text for result in graph.objects(expected, SH.result) for text in graph.objects(result, SH.resultMessage)
    }
    assert messages <= set(report.objects(None, SH.resultMessage))
