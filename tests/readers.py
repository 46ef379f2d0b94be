"""The readers of RDF that exports are checked with: each gives the quads of a text in one of our forms."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable

import rdflib
from pyld import jsonld as pyld  # type: ignore[import-untyped]
from pyoxigraph import Quad, RdfFormat, parse

from euaikg.rdf import forms
from tests.conftest import node_modules, program

FORMS = list(forms.SUFFIXES)
OXIGRAPH = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "jsonld-graphs": RdfFormat.JSON_LD,
}
RDFLIB = {**dict.fromkeys(FORMS, "json-ld"), "turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "trig": "trig"}
RDFLIB["nquads"] = "nquads"


def by_oxigraph(content: bytes, form: str) -> Iterable[Quad]:
    return parse(content, format=OXIGRAPH[form])


def by_rdflib(content: bytes, form: str) -> Iterable[Quad]:
    dataset = rdflib.Dataset()
    dataset.parse(data=content, format=RDFLIB[form])
    return parse(dataset.serialize(format="nquads").lstrip(), format=RdfFormat.N_QUADS)


def by_pyld(content: bytes, form: str) -> Iterable[Quad]:  # noqa: ARG001
    quads = pyld.to_rdf(json.loads(content), {"format": "application/n-quads", "documentLoader": None})
    return parse(quads, format=RdfFormat.N_QUADS)


def by_jsonld_js(content: bytes, form: str) -> Iterable[Quad]:  # noqa: ARG001
    code = (
        f"const jsonld = require({json.dumps(str(node_modules() / 'jsonld'))});\n"
        "const content = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n"
        "jsonld.toRDF(content, {format: 'application/n-quads'}).then(quads => process.stdout.write(quads));"
    )
    done = subprocess.run([program("node", "nodejs"), "-e", code], input=content, capture_output=True, check=True)
    return parse(done.stdout, format=RdfFormat.N_QUADS)


def words_of(content: object) -> Iterable[str]:
    """Yield the keys and the texts in JSON."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from (key, *words_of(value))
    elif isinstance(content, list):
        for item in content:
            yield from words_of(item)
    elif isinstance(content, str):
        yield content
