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

from rdflib import RDF, SH, Graph, Literal

from euaikg.core import files, vocab
from euaikg.curation import shacl
from euaikg.curation.ruleset import gravity
from euaikg.curation.shacl import Result
from euaikg.publishing import dcat
from euaikg.sparql.answers import Table


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


def rules(profile: str, paths: Sequence[Path] = ()) -> Graph:
    """Return our own shapes for ``profile``, and those of the RDF files and folders ``paths``.

    Raises :class:`InputError` for a file that cannot be read, and where there is no shape in ``paths``.
    """
    folder = files.root() / "catalog" / "shapes"
    own = shacl.load([folder / "common.ttl", folder / f"{profile}.ttl"]).graph
    return own + shacl.load(paths).graph if paths else own


def check(description: Graph, shapes: Graph) -> list[Remark]:
    """Return what ``shapes`` say against ``description``, the gravest first; what is a known deviation says so.

    Raises :class:`InputError` for shapes that cannot be run.
    """
    known = _deviations()
    found = set()
    for result in shacl.results(description, shapes):
        path, value, thing = result.way or "", shacl.text(result.value), shacl.text(result.focus)
        found.add(
            Remark(
                severity=result.severity,
                thing=thing,
                path=path,
                value=value,
                message=_message(result, shapes),
                reason=known.get((path, value or thing), ""),
            )
        )
    return sorted(found, key=lambda remark: (gravity(remark.severity), remark))


def _message(result: Result, shapes: Graph) -> str:
    """Return what the shape says, or else which kind of constraint is broken: an engine's own words may vary."""
    if (shacl.node(result.shape), SH.message, None) in shapes:
        return result.message
    kind = shacl.text(result.component).removeprefix(vocab.SH)
    return f"breaks the {kind.removesuffix('ConstraintComponent')} constraint of the shapes."


def _deviations() -> dict[tuple[str, str], str]:
    """Return the reason for each known deviation, by path and value (the thing itself where a value is missing)."""
    listed = Graph().parse(data=files.read_text(files.root() / "catalog" / "deviations.ttl"), format="turtle")
    return {
        (str(listed.value(one, SH.resultPath)), str(listed.value(one, SH.value))): str(
            listed.value(one, SH.resultMessage)
        )
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
    return dcat.asked(judged).select(files.read_text(files.root() / "catalog" / "score.rq"))
