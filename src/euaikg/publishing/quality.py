"""Is the catalogue well made? Our own rules, anybody's SHACL shapes, and the quality score of data.europa.eu.

The rules stand in ``catalog/shapes``, those of all versions of DCAT-AP and those of each.
Against the official shapes the catalogue gives a few results that are no faults; ``catalog/deviations.ttl`` lists them
with the reason.

The score is that of the Metadata Quality Assessment of data.europa.eu, 405 points (methodology: "Metadata quality
dashboard", data provider manual, https://dataeuropa.gitlab.io/data-provider-manual/metadata-quality-dashboard/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store
from rdflib import RDF, SH, Graph, Literal
from rdflib.term import Node

from euaikg.core import files, vocab
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.publishing import dcat
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, order=True)
class Remark:
    """One result of a check: how grave, about what, on which property, with which value, and what is wrong.

    ``reason`` says why it is no fault, where that is known.
    """

    severity: str
    thing: str
    path: str
    value: str
    message: str
    reason: str = ""

    def __str__(self) -> str:
        known = f" Known: {self.reason}" if self.reason else ""
        value = f" Found: {self.value}." if self.value else ""
        return f"{self.severity.lower()}: {self.thing} {self.path}: {self.message}{value}{known}"


def rules(profile: str) -> Graph:
    """Return our own shapes for ``profile``."""
    folder = files.root() / "catalog" / "shapes"
    return load([folder / "common.ttl", folder / f"{profile}.ttl"])


def load(paths: Sequence[Path]) -> Graph:
    """Return the shapes of the Turtle files ``paths``, or of those in the folders among them.

    Raises :class:`InputError` for a file that cannot be read or holds no shape.
    """
    found = Graph()
    for path in paths:
        for file in sorted(path.glob("*.ttl")) if path.is_dir() else [path]:
            list(build.read(file))  # says where a file is not valid
            found.parse(data=files.read_text(file), format="turtle")
    if not any(found.subjects(SH.targetClass)):
        raise InputError(f"{', '.join(map(str, paths))}: there is no SHACL shape with a target class in there.")
    return found


def check(description: Graph, shapes: Graph) -> list[Remark]:
    """Return what ``shapes`` say against ``description``, the gravest first; what is a known deviation says so."""
    import pyshacl

    _, report, _ = pyshacl.validate(description, shacl_graph=shapes, inference="none", meta_shacl=False)
    assert isinstance(report, Graph)
    known = _deviations()
    found = set()
    for result in report.objects(None, SH.result):
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        focus = report.value(result, SH.focusNode)
        found.add(
            Remark(
                severity=str(report.value(result, SH.resultSeverity)).removeprefix(vocab.SH),
                thing=str(focus),
                path=str(path or ""),
                value=str(value or ""),
                message=_message(report, result, shapes),
                reason=known.get((path, value or focus), ""),
            )
        )
    return sorted(found, key=lambda remark: (SEVERITIES.index(remark.severity), remark))


def _message(report: Graph, result: Node, shapes: Graph) -> str:
    """Return what the shape says, or else which kind of constraint is broken: an engine's own words may vary."""
    said = shapes.value(report.value(result, SH.sourceShape), SH.message)
    kind = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(vocab.SH)
    return str(said) if said else f"breaks the {kind.removesuffix('ConstraintComponent')} constraint of the shapes."


def _deviations() -> dict[tuple[Node | None, Node | None], str]:
    """Return the reason for each known deviation, by path and value (the thing itself where a value is missing)."""
    listed = Graph().parse(data=files.read_text(files.root() / "catalog" / "deviations.ttl"), format="turtle")
    return {
        (listed.value(one, SH.resultPath), listed.value(one, SH.value)): str(listed.value(one, SH.resultMessage))
        for one in listed.subjects(RDF.type, SH.ValidationResult)
    }


def score(description: Graph, profile: str) -> Table:
    """Return the score: ``dimension``, ``indicator``, ``property``, ``points`` and ``result``, a row an indicator.

    The result is "reached", "missing", or "needs the files online" for what only a live address can show. Whether the
    description conforms to DCAT-AP is judged by our own rules.
    """
    conforms = not any(remark.severity == "Violation" for remark in check(description, rules(profile)))
    judged = description + Graph()
    judged.add((dcat.CATALOG, SH.conforms, Literal(conforms)))
    store = Store()
    store.load(judged.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    return Embedded(store).select(files.read_text(files.root() / "catalog" / "score.rq"))
