"""The JSON-LD context is that of the ontology and the data, and the views show what they promise."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from euaikg.core import files, vocab
from euaikg.exports import export, frames
from euaikg.rdf import forms, jsonld, ntriples
from euaikg.sparql.embedded import Embedded
from tests.conftest import node_modules, program
from tests.readers import by_oxigraph

EUAI = vocab.EUAI
INTEGER = NamedNode(vocab.XSD + "integer")

# The context against the ontology and the data.


def test_the_context_is_that_of_the_ontology(engine: Embedded) -> None:
    own = engine.select(
        f"SELECT ?term {{ ?term <{vocab.RDFS}isDefinedBy> <https://w3id.org/euaikg/ontology> ; a ?kind }}"
    )
    declared = {str(row["term"]) for row in own.to_dicts()}
    used = {str(row["p"]) for row in engine.select("SELECT DISTINCT ?p { ?s ?p ?o }").to_dicts()}
    used |= {str(row["c"]) for row in engine.select("SELECT DISTINCT ?c { ?s a ?c }").to_dicts()}
    used |= {vocab.RDF + "Statement"}  # of --provenance statements
    terms = {**{iri: term.name for iri, term in jsonld.properties().items()}, **jsonld.classes()}
    known = {**terms, vocab.RDF + "type": "type"}
    declared_properties = {iri for iri in declared if iri.removeprefix(EUAI)[0].islower()}
    assert (declared_properties | used) - known.keys() == set(), "add these terms to ontology/context.jsonld"
    assert terms.keys() - (declared | used) == set(), "take these terms out of ontology/context.jsonld"
    other = {iri: name for iri, name in terms.items() if re.split("[#/]", iri)[-1] != name}
    assert other == {
        vocab.DCT + "type": "resourceType",
        vocab.RDF + "Statement": "RdfStatement",
        "http://purl.org/ontology/bibo/status": "publicationStatus",
    }
    assert len(set(terms.values())) == len(terms)


@pytest.mark.slow
def test_every_value_fits_its_term(exports: dict[str, bytes]) -> None:
    document = json.loads(exports["jsonld"])
    context = jsonld.context()
    assert context["@version"] == 1.1
    assert context["@protected"] is True
    several = set()
    for thing in document["@graph"]:
        for key, value in thing.items():
            assert key in context, f"{thing['id']} has a value that does not fit the term for {key}"
            if isinstance(value, list) and key != "type" and "@set" not in context[key].get("@container", ""):
                several.add(key)
            if isinstance(value, dict) and context[key]["@container"] == "@language":
                several |= {key for texts in value.values() if isinstance(texts, list)}
    assert several == set(), "these terms need @set in ontology/context.jsonld"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (2**53 - 1, 2**53 - 1),
        (2**53, "9007199254740992"),
        (-(2**53), "-9007199254740992"),
        (0, 0),
        (10**40, "1" + "0" * 40),
    ],
)
def test_only_whole_numbers_that_every_reader_keeps_are_numbers(amount: int, written: int | str) -> None:
    triple = Triple(NamedNode("http://a"), NamedNode(EUAI + "amount"), Literal(str(amount), datatype=INTEGER))
    (thing,) = json.loads(forms.encode([triple], "jsonld"))["@graph"]
    assert thing["amount"] == written
    assert type(thing["amount"]) is type(written)


def test_the_context_knows_the_types_of_the_ontology(engine: Embedded) -> None:
    rows = engine.select(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        f"SELECT ?p ?kind ?range {{ ?p a ?kind ; <{vocab.RDFS}range> ?range "
        f"FILTER(STRSTARTS(STR(?p), '{EUAI}') && ?kind IN (owl:ObjectProperty, owl:DatatypeProperty)) }}"
    ).to_dicts()
    assert len(rows) > 100
    text = {vocab.XSD + "string": "", vocab.RDF + "langString": "@language"}
    whole = {vocab.XSD + name: vocab.XSD + "integer" for name in ("positiveInteger", "nonNegativeInteger")}
    for row in rows:
        ends = {**text, **whole}.get(str(row["range"]), str(row["range"]))
        wanted = "@id" if str(row["kind"]).endswith("ObjectProperty") else ends
        assert jsonld.properties()[str(row["p"])].kind == wanted, row["p"]


# Views.


@pytest.fixture(scope="session")
def flat(engine: Embedded) -> list[bytes]:
    return list(ntriples.ordered(export.everything(engine).flat()))


@pytest.mark.parametrize("name", frames.views())
@pytest.mark.slow
def test_a_view_shows_all_things_of_its_classes_and_nothing_new(name: str, engine: Embedded, flat: list[bytes]) -> None:
    seen: list[str] = []
    view = frames.view(flat, name, progress=seen.append)
    document = json.loads(view)
    frame = json.loads((files.root() / "ontology" / "frames" / f"{name}.jsonld").read_text())
    kinds = {jsonld.context()[kind] for kind in frame["type"]}
    rows = engine.select("SELECT ?thing ?kind { ?thing a ?kind }").to_dicts()
    wanted = {row["thing"] for row in rows if row["kind"] in kinds}
    assert Counter(thing["id"] for thing in document["@graph"]) == dict.fromkeys(wanted, 1)
    assert seen[-1] == f"{name}: {len(wanted)} of {len(wanted)}"
    default = {quad.triple for quad in engine.store.quads_for_pattern(None, None, None, DefaultGraph())}
    said = {quad.triple for quad in by_oxigraph(view, "jsonld")}
    assert said < default
    reversed_terms = {term: definition["@reverse"] for term, definition in frame["@context"][1].items()}
    for term, iri in reversed_terms.items():
        assert f'"{term}"' in view.decode(), f"{iri} leads nowhere"


@pytest.mark.parametrize("name", frames.views())
def test_a_frame_has_no_key_without_a_term(name: str) -> None:
    frame = json.loads((files.root() / "ontology" / "frames" / f"{name}.jsonld").read_text())
    address, own = frame.pop("@context")
    assert address == jsonld.CONTEXT_IRI
    assert set(_keys(frame)) <= jsonld.context().keys() | own.keys()
    assert not own.keys() & jsonld.context().keys()


def _keys(frame: dict[str, object]) -> Iterable[str]:
    for key, inner in frame.items():
        yield key
        if isinstance(inner, dict):
            yield from _keys(inner)


def test_classes_of_the_views_are_whole(engine: Embedded) -> None:
    below = engine.select(f"SELECT ?a ?b {{ ?a <{vocab.RDFS}subClassOf>* ?b }}").to_dicts()
    top = {"initiative": "Initiative", "body": "Body", "funding": "FundingEnvelope", "action": "PlannedAction"}
    for name, kind in {**top, "document": "Document"}.items():
        frame = json.loads((files.root() / "ontology" / "frames" / f"{name}.jsonld").read_text())
        wanted = {str(row["a"]).removeprefix(EUAI) for row in below if row["b"] == EUAI + kind}
        assert set(frame["type"]) == wanted


@pytest.mark.slow
def test_a_view_of_one_thing(engine: Embedded) -> None:
    content = export.everything(engine)
    view = json.loads(export.view(content, engine, "initiative", "GenAI4EU"))
    (thing,) = view["@graph"]
    assert next(iter(thing)) == "id"
    figures = [figure for pot in thing["pots"] for figure in pot["figures"]]
    assert {figure["amount"] for figure in figures} >= {500_000_000, 700_000_000}
    assert figures[0]["currency"]["notation"] == "EUR"
    assert figures[0]["statedIn"]["bibliographicCitation"]["en"].startswith("COM(20")
    whole = json.loads(export.view(content, engine, "initiative"))
    assert thing in whole["@graph"]


@pytest.mark.slow
def test_jsonld_js_makes_the_same_view(engine: Embedded, exports: dict[str, bytes]) -> None:
    frame = json.loads((files.root() / "ontology" / "frames" / "funding.jsonld").read_text())
    context = [jsonld.context(), frame["@context"][1]]
    given = {"data": json.loads(exports["jsonld"]), "frame": {**frame, "@context": context}, "options": frames.OPTIONS}
    code = (
        f"const jsonld = require({json.dumps(str(node_modules() / 'jsonld'))});\n"
        "const {data, frame, options} = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n"
        "jsonld.frame(data, frame, options).then(view => process.stdout.write(JSON.stringify(view['@graph'])));"
    )
    command = [program("node", "nodejs"), "-e", code]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, check=True, text=True)
    ours = json.loads(export.view(export.everything(engine), engine, "funding"))["@graph"]
    assert _unordered(json.loads(done.stdout)) == _unordered(ours)


def _unordered(content: object) -> object:
    if isinstance(content, dict):
        return {key: _unordered(value) for key, value in content.items()}
    if isinstance(content, list):
        return sorted((_unordered(item) for item in content), key=lambda item: json.dumps(item, sort_keys=True))
    return content
