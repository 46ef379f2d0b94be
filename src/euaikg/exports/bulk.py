"""Files for the bulk loader of a server: sorted N-Triples and N-Quads in packed parts, and the rules as updates.

The default graph has parts of its own, as plain triples, since loaders differ in where they put them; what the rules
derive has its own too, so that it can be left out and derived on the server by the updates in ``rules/``. Those with
:data:`ONE` in them are run once for each document, so that no update grows with the graph.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count, islice
from typing import Any

from pyoxigraph import NamedNode

from euaikg.core import files, writing
from euaikg.core.version import __version__
from euaikg.core.vocab import EUAI, GRAPH
from euaikg.errors import OutputError
from euaikg.rdf.ntriples import Graphs, Lines, Token, blocks, named, ordered
from euaikg.sparql.embedded import Engine

PART = 1_000_000
"""How many triples a part holds at most, unless said: some 12 MB packed."""

MANIFEST = "manifest.json"
DOCUMENTS = "documents.txt"
"""The file that lists the documents, one IRI a line, for the rules that run once for each."""

ONE = "<DOCUMENT>"
"""Stands in a rule for one document, or for several; as it is it is no IRI, so that no server runs it by mistake."""

DERIVED: Token = f"<{GRAPH}derived>"

_OURS = f"SELECT ?graph {{ GRAPH {DERIVED} {{ ?graph a sd:NamedGraph }} }} ORDER BY ?graph"
_READ = f"SELECT DISTINCT ?document {{ GRAPH ?any {{ ?version <{EUAI}expressionOf> ?document }} }} ORDER BY ?document"

_VERSION = "GRAPH ?held_ { @ euai:inExpression ?version_ } GRAPH ?versions_ { ?version_ euai:expressionOf ?document_ }"
_OF_DOCUMENT = f"{{ SELECT DISTINCT @ WHERE {{ VALUES ?document_ {{ {ONE} }} {_VERSION} }} }}"
_OF_NONE = f"FILTER NOT EXISTS {{ {_VERSION} }}"
_NO_PASSAGE = f"GRAPH {DERIVED} {{ @ a <http://www.w3.org/ns/sparql-service-description#NamedGraph> }}"

LIMITS = {
    "10-relations": ("?passage", [_OF_DOCUMENT, _OF_NONE]),
    "20-passages": ("?passage", [_OF_DOCUMENT]),
    "30-statements": ("?passage", [_OF_DOCUMENT]),
    "40-bounds": ("?passage", [_OF_DOCUMENT, _OF_NONE]),
    "50-targets": ("?passage", [_OF_DOCUMENT, _OF_NONE]),
    "60-statuses": ("?passage", [_OF_DOCUMENT, _OF_NONE]),
    "80-graphs": ("?graph", ["VALUES @ { @@ }"]),
    "90-default-graph": (
        "?graph",
        [
            _OF_DOCUMENT,
            f"{{ {_NO_PASSAGE} }} UNION {{ GRAPH ?typed_ {{ @ a euai:Passage }} {_OF_NONE} }}",
        ],
    ),
    "91-derived": (
        "?subject",
        [
            f"VALUES ?document_ {{ {ONE} }} GRAPH {DERIVED} {{ @ euai:statedAt ?document_ }}",
            f"FILTER NOT EXISTS {{ GRAPH {DERIVED} {{ @ euai:statedAt ?document_ }} }}",
        ],
    ),
}
"""The variable of each rule for a graph, or for a thing (``@``), and the patterns that cut the rule into updates.

The updates together do what the rule does; ``@@`` are the graphs that are no passages.
"""


@dataclass
class Made:
    """What is written so far: each file with what the manifest says of it."""

    size: int
    files: list[dict[str, Any]] = field(default_factory=list)

    def parts(self, name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield the sorted ``lines`` in packed files, named ``name`` and a number; read each to its end."""
        remaining = iter(lines)
        suffix = "nt" if name == "default" else "nq"
        for number in count(1):
            first = next(remaining, None)
            if first is None:
                return
            file = f"{name}-{number:05}.{suffix}.gz"
            entry: dict[str, Any] = {"file": file, "graphs": name, "triples": 0, "bytes": 0, "sha256": ""}
            self.files.append(entry)
            yield file, self._measured(entry, chain([first], islice(remaining, self.size - 1)))

    def _measured(self, entry: dict[str, Any], lines: Iterable[bytes]) -> Iterator[bytes]:
        def counted() -> Iterator[bytes]:
            for line in lines:
                if b"_:" in line:
                    _refuse_blank(line)
                entry["triples"] += 1
                yield line

        digest = hashlib.sha256()
        for block in writing.packed(blocks(counted())):
            digest.update(block)
            entry["bytes"] += len(block)
            yield block
        entry["sha256"] = digest.hexdigest()


def _refuse_blank(line: bytes) -> None:
    subject, _, rest = line.split(b" ", 2)
    place = rest.removesuffix(b" .\n").rpartition(b" ")[2]
    if b"_:" in subject or rest.startswith((b"_:", b"<<")) or place.startswith(b"_:"):
        raise OutputError(
            "A blank node has no name that holds from one file to the next, and the graph has some; give them IRIs, "
            "or write --format nquads."
        )


def contents(
    engine: Engine, flat: Lines, graphs: Graphs, size: int | None = None
) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """Yield the name and the content of each file, with parts of ``size`` triples: first the parts, then the manifest.

    Each is to be read to its end before the next. Raises :class:`OutputError` for blank nodes.
    """
    made = Made(size or PART)
    yield from made.parts("default", ordered(flat()))
    asserted = (line for name, lines in graphs.items() if name != DERIVED for line in named(lines(), name))
    yield from made.parts("asserted", ordered(asserted))
    yield from made.parts("derived", named(ordered(graphs.get(DERIVED, lambda: iter(()))()), DERIVED))
    updates = dict(rules(str(row["graph"]) for row in engine.select(_OURS).to_dicts()))
    yield from ((f"rules/{name}", text.encode()) for name, text in updates.items())
    documents = [str(row["document"]) for row in engine.select(_READ).to_dicts()]
    yield DOCUMENTS, "".join(f"{iri}\n" for iri in documents).encode()
    manifest = {
        "made_with": f"euaikg {__version__}",
        "triples": {
            name: sum(entry["triples"] for entry in made.files if entry["graphs"] == name)
            for name in ("default", "asserted", "derived")
        },
        "documents": len(documents),
        "files": made.files,
        "rules": [
            {"file": f"rules/{name}", "run": "for each document" if ONE in text else "once"}
            for name, text in updates.items()
        ],
    }
    yield MANIFEST, json.dumps(manifest, indent=1).encode() + b"\n"


def rules(graphs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each update, in the order in which they are to run.

    ``graphs`` are the project's, beside those of passages: other people's on the same server are not taken for ours.
    """
    ours = " ".join(str(NamedNode(iri)) for iri in graphs)
    for path in files.shipped("ontology/rules", ".ru"):
        text = files.read_text(path)
        graph, limits = LIMITS.get(path.stem, ("", []))
        for number, limit in enumerate(limits, 1):
            name = f"{path.stem}-{number}.ru" if len(limits) > 1 else path.name
            pattern = limit.replace("@@", ours).replace("@", graph)
            yield name, text.replace("WHERE {\n", f"WHERE {{\n  {pattern}\n", 1)
        if not limits:
            yield path.name, text
