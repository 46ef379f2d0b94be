"""What FOOPS!, OOPS!, LOV and DBpedia Archivo look at in an ontology, as far as it can be seen offline.

* FOOPS!: https://w3id.org/foops/ (tests OM1 to OM5.2, FIND1, PURL1, HTTP1, URI2, VER1, VOC1 to VOC4, RDF1). What it
  asks of the web (CN1, DOC1, URI1, VER2, OM4.2), of registries (FIND2, FIND3) and a DOI, logo and source (OM3) are
  left out.
* OOPS!: the pitfall catalogue at https://oops.linkeddata.es/catalogue.jsp (P..). P13 (an inverse for each property) is
  left out on purpose: each relation is stated in one direction, and SPARQL asks it in both.
* LOV: Vandenbussche and Vatant, "Metadata recommendations for linked open data vocabularies".
* Archivo: https://archivo.dbpedia.org/rating (parsing, licence, consistency). Its LODE shapes want rdfs:comment, for
  which the terms have skos:definition.

Each check is a function that lists what is wrong with an ontology; each is shown to find the fault it is for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib import namespace as namespaces
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

import euaikg
from euaikg.core import files, vocab
from euaikg.rdf import turtle
from euaikg.sparql.embedded import Embedded

EUAI = Namespace(vocab.EUAI)
ONTOLOGY = URIRef(vocab.BASE + "ontology")
DCT = Namespace("http://purl.org/dc/terms/")
VANN = Namespace("http://purl.org/vocab/vann/")
BIBO = Namespace("http://purl.org/ontology/bibo/")
FORMAL = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith}
KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
BUILT_IN = (str(namespaces.XSD), str(RDF), str(RDFS), str(OWL))


def load() -> Graph:
    """The ontology as it is published: our terms, and the declarations of those it reuses."""
    graph = Graph()
    for name in ("euai.ttl", "external.ttl"):
        graph.parse(files.root() / "ontology" / name)
    return graph


ONTOLOGY_GRAPH = load()


def terms(graph: Graph) -> list[URIRef]:
    return sorted({s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(str(EUAI))})


def properties(graph: Graph) -> list[URIRef]:
    return [term for term in terms(graph) if KINDS & set(graph.objects(term, RDF.type))]


def text(graph: Graph, term: Node, about: URIRef, language: str) -> list[str]:
    return [str(v) for v in graph.objects(term, about) if isinstance(v, Literal) and v.language == language]


# The checks.


def header(graph: Graph) -> Iterator[str]:
    """OM1, OM2, OM5.1, OM5.2, OM3 in part, OM4.1, FIND1; P38, P41; LOV; Archivo's licence stars."""
    if (ONTOLOGY, RDF.type, OWL.Ontology) not in graph:
        yield "no owl:Ontology"
    wanted = [OWL.versionIRI, OWL.versionInfo, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri, BIBO.status]
    wanted += [DCT[name] for name in ("license", "creator", "publisher", "created", "issued", "modified")]
    for one in wanted:
        if len(list(graph.objects(ONTOLOGY, one))) != 1:
            yield f"not one {one}"
    for one in (DCT.title, DCT.description):
        for language in ("en", "nl"):
            if len(text(graph, ONTOLOGY, one, language)) != 1:
                yield f"not one {one} in {language}"
    if not isinstance(graph.value(ONTOLOGY, DCT.license), URIRef):
        yield "the licence is no IRI"
    if not list(graph.objects(ONTOLOGY, DCT.bibliographicCitation)):
        yield "no citation"


def version(graph: Graph) -> Iterator[str]:
    """VER1: the version has an IRI of its own; number, IRI, citation and dates agree."""
    number = str(graph.value(ONTOLOGY, OWL.versionInfo))
    if str(graph.value(ONTOLOGY, OWL.versionIRI)) != f"{ONTOLOGY}/{number}":
        yield "version IRI"
    if f"version {number}, {ONTOLOGY}/{number}" not in str(graph.value(ONTOLOGY, DCT.bibliographicCitation)):
        yield "citation"
    days = [str(graph.value(ONTOLOGY, DCT[name])) for name in ("created", "issued", "modified")]
    if days != sorted(days):
        yield "dates out of order"


def names(graph: Graph) -> Iterator[str]:
    """PURL1, HTTP1, P36, P39: a permanent address without a file suffix, and the namespace of the terms below it."""
    if not re.fullmatch(r"https://w3id\.org/[a-z/]+", str(ONTOLOGY)):
        yield "address"
    if str(graph.value(ONTOLOGY, VANN.preferredNamespaceUri)) != str(EUAI):
        yield "namespace"
    prefix = str(graph.value(ONTOLOGY, VANN.preferredNamespacePrefix))
    if vocab.prefixes().get(prefix) != str(EUAI) or len(prefix) > 16:
        yield "prefix"


def conventions(graph: Graph) -> Iterator[str]:
    """P22, P07, P21: classes in CamelCase, properties in camelCase, none named after two things or the rest."""
    for term in terms(graph):
        name = term.removeprefix(str(EUAI))
        is_class = (term, RDF.type, OWL.Class) in graph
        if not re.fullmatch(r"[A-Z][A-Za-z]*" if is_class else r"[a-z][A-Za-z]*", name):
            yield f"{name}: case"
        if is_class and re.search(r"(And|Or)[A-Z]|^(Other|Misc)", name):
            yield f"{name}: several things in one"


def documentation(graph: Graph) -> Iterator[str]:
    """VOC3, VOC4, P08, P20, P32: one label and one definition in each language, the label short and nobody else's."""
    labels: Counter[tuple[str, str]] = Counter()
    for term in terms(graph):
        for language in ("en", "nl"):
            label, definition = (text(graph, term, about, language) for about in (RDFS.label, SKOS.definition))
            if len(label) != 1 or len(definition) != 1:
                yield f"{term}: not one label and one definition in {language}"
                continue
            if len(label[0]) > 60 or len(definition[0]) <= len(label[0]) or not re.search(r"[.)]$", definition[0]):
                yield f"{term}: label and definition in {language} are not of that kind"
            if (term, RDF.type, OWL.Class) in graph:
                labels[language, label[0].lower()] += 1
        if (term, RDFS.isDefinedBy, ONTOLOGY) not in graph:
            yield f"{term}: not said to be defined by the ontology"
    yield from (f"two classes are called {label} in {language}" for (language, label), n in labels.items() if n > 1)


def ends(graph: Graph) -> Iterator[str]:
    """P11, P19: each property has one domain and one range, of the right kind."""
    for term in properties(graph):
        if len(list(graph.objects(term, RDFS.domain))) != 1 or len(list(graph.objects(term, RDFS.range))) != 1:
            yield f"{term}: not one domain and one range"
            continue
        is_data = str(graph.value(term, RDFS.range)).startswith((str(namespaces.XSD), str(RDF.langString)))
        if is_data != ((term, RDF.type, OWL.ObjectProperty) not in graph):
            yield f"{term}: the range does not fit the kind of property"


def connected(graph: Graph) -> Iterator[str]:
    """P04: each class takes part in an axiom with another term."""
    for term in terms(graph):
        if (term, RDF.type, OWL.Class) in graph and not any(
            (term, axiom, None) in graph or (None, axiom, term) in graph for axiom in FORMAL
        ):
            yield str(term)


def typed(graph: Graph) -> Iterator[str]:
    """P34, P35: each term that an axiom uses is declared, and as one kind of thing."""
    for subject, axiom, value in graph:
        if axiom in FORMAL:
            for term in (subject, value):
                kinds = set(graph.objects(term, RDF.type)) & (KINDS | {OWL.Class})
                is_datatype = str(term).startswith(str(namespaces.XSD)) or term == RDF.langString
                if not is_datatype and len(kinds) != 1:
                    yield f"{term}: {len(kinds)} kinds"
    for subject, value in graph.subject_objects(RDFS.subPropertyOf):
        if KINDS & set(graph.objects(subject, RDF.type)) != KINDS & set(graph.objects(value, RDF.type)):
            yield f"{subject} is of another kind than {value}"


def cycles(graph: Graph) -> Iterator[str]:
    """P06, P02, P24: no hierarchy bites its tail, and nothing is declared equivalent."""
    for term in terms(graph):
        for axiom in (RDFS.subClassOf, RDFS.subPropertyOf):
            above = {wider for one in graph.objects(term, axiom) for wider in graph.transitive_objects(one, axiom)}
            if term in above:
                yield str(term)
    for axiom in (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs):
        yield from map(str, graph.subjects(axiom))


def characteristics(graph: Graph) -> Iterator[str]:
    """P05, P25, P26, P28, P29: inverses swap their ends; symmetric and transitive properties have the same ones."""
    for term, other in graph.subject_objects(OWL.inverseOf):
        if term == other or (term, RDF.type, OWL.SymmetricProperty) in graph:
            yield f"{term}: its own inverse"
        elif graph.value(term, RDFS.domain) != graph.value(other, RDFS.range):
            yield f"{term}: no inverse of {other}"
    for kind in (OWL.SymmetricProperty, OWL.TransitiveProperty):
        for term in graph.subjects(RDF.type, kind):
            if graph.value(term, RDFS.domain) != graph.value(term, RDFS.range):
                yield f"{term}: different ends"


def disjointness(graph: Graph) -> Iterator[str]:
    """P10: the classes at the top that are no kinds of a thing described are disjoint from each other."""
    tops = [
        term
        for term in terms(graph)
        if (term, RDF.type, OWL.Class) in graph
        and not any(str(wider).startswith(str(EUAI)) for wider in graph.objects(term, RDFS.subClassOf))
    ]
    for one in tops:
        for other in tops:
            if one < other and not {(one, OWL.disjointWith, other), (other, OWL.disjointWith, one)} & set(graph):
                yield f"{one} and {other}"


def reuse(graph: Graph) -> Iterator[str]:
    """VOC1, VOC2, P40: terms of known vocabularies are used, and those named exist there (as rdflib knows them)."""
    known = {str(one): one for one in vars(namespaces).values() if isinstance(one, type(DefinedNamespace))}
    reused = {str(s) for s in graph.subjects(RDF.type) if not str(s).startswith(vocab.BASE)}
    checked = 0
    for term in sorted(reused):
        space, local = re.fullmatch(r"(.*[#/])(.*)", term).groups()  # type: ignore[union-attr]
        if space in known:
            checked += 1
            if local not in known[space]:
                yield term
    if checked < 20:
        yield "hardly any term of another vocabulary is used"


CHECKS: dict[str, Callable[[Graph], Iterator[str]]] = {
    check.__name__: check
    for check in (
        header, version, names, conventions, documentation, ends, connected, typed, cycles, characteristics,
        disjointness, reuse,
    )
}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
def test_the_ontology_passes(check: str) -> None:
    assert list(CHECKS[check](ONTOLOGY_GRAPH)) == []


FAULTS = [
    ("header", "euai:x a owl:Class .", [(ONTOLOGY, DCT.license, None)]),
    ("header", "<https://w3id.org/euaikg/ontology> dct:title 'Another'@en .", []),
    ("version", "", [(ONTOLOGY, OWL.versionIRI, None)]),
    ("names", "", [(ONTOLOGY, VANN.preferredNamespaceUri, None)]),
    ("conventions", "euai:lower_case a owl:Class .", []),
    ("conventions", "euai:BodyAndPlace a owl:Class .", []),
    ("documentation", "euai:Body rdfs:label 'second label'@en .", []),
    ("documentation", "", [(EUAI.Body, SKOS.definition, None)]),
    ("documentation", "", [(EUAI.Body, RDFS.isDefinedBy, None)]),
    ("ends", "euai:amends rdfs:range euai:Body .", []),
    ("ends", "", [(EUAI.amends, RDFS.domain, None)]),
    ("connected", "euai:Alone a owl:Class .", []),
    ("typed", "euai:Body rdfs:subClassOf euai:Bdy .", []),
    ("typed", "euai:amends rdfs:subPropertyOf dct:issued .", []),
    ("cycles", "euai:Entity rdfs:subClassOf euai:Body .", []),
    ("cycles", "euai:Body owl:equivalentClass euai:Place .", []),
    ("characteristics", "euai:amends owl:inverseOf euai:hasFunder .", []),
    ("characteristics", "euai:hasFunder a owl:SymmetricProperty .", []),
    ("disjointness", "", [(EUAI.Passage, OWL.disjointWith, EUAI.Statement)]),
    ("reuse", "dct:tittle a owl:AnnotationProperty .", []),
]


@pytest.mark.slow
@pytest.mark.parametrize(("check", "added", "removed"), FAULTS)
def test_each_check_finds_its_fault(
    check: str, added: str, removed: list[tuple[URIRef, URIRef, URIRef | None]]
) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in vocab.prefixes().items())
    bad = ONTOLOGY_GRAPH + Graph()
    for triple in removed:
        assert triple in bad
        bad.remove(triple)
    bad.parse(data=prefixes + added, format="turtle")
    assert list(CHECKS[check](bad))


def test_the_ontology_has_the_version_of_the_package() -> None:
    assert str(ONTOLOGY_GRAPH.value(ONTOLOGY, OWL.versionInfo)) == euaikg.__version__


def test_every_syntax_holds_the_ontology() -> None:
    """RDF1: Turtle, RDF/XML, JSON-LD and N-Triples are read back as the same triples."""
    content = ONTOLOGY_GRAPH.serialize(format="nt").encode()
    store = Store()
    store.load(content, format=RdfFormat.N_TRIPLES)
    for form in (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES):
        again = Store()
        again.load(store.dump(format=form, from_graph=DefaultGraph()), format=form)
        assert set(again) == set(store)
    assert turtle.turtle(quad.triple for quad in store)


# It contradicts neither itself nor the vocabularies it builds on, nor does the data.

BUILT_ON = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
prov:Activity owl:disjointWith prov:Entity .
prov:Plan rdfs:subClassOf prov:Entity .
prov:wasAttributedTo rdfs:domain prov:Entity ; rdfs:range prov:Agent .
prov:wasDerivedFrom rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:wasRevisionOf rdfs:subPropertyOf prov:wasDerivedFrom .
prov:wasQuotedFrom rdfs:subPropertyOf prov:wasDerivedFrom .
foaf:Person rdfs:subClassOf foaf:Agent ; owl:disjointWith foaf:Organization .
foaf:Organization rdfs:subClassOf foaf:Agent .
foaf:Document owl:disjointWith foaf:Organization .
foaf:homepage rdfs:range foaf:Document .
org:Organization rdfs:subClassOf foaf:Organization .
org:OrganizationalUnit rdfs:subClassOf org:Organization .
org:hasMember rdfs:domain org:Organization ; rdfs:range foaf:Agent .
org:purpose rdfs:domain org:Organization .
skos:Concept owl:disjointWith skos:ConceptScheme .
skos:inScheme rdfs:range skos:ConceptScheme .
"""
"""What PROV-O, FOAF, ORG and SKOS say of the terms used that could clash with our own axioms."""

ENTAILED = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { ?s ?wider ?o } WHERE { ?p rdfs:subPropertyOf+ ?wider . ?s ?p ?o } ;
INSERT { ?o ?p ?s } WHERE { ?p a owl:SymmetricProperty . ?s ?p ?o } ;
INSERT { ?s a ?class } WHERE { ?p rdfs:domain ?class . ?s ?p ?o } ;
INSERT { ?o a ?class } WHERE { ?p rdfs:range ?class . ?s ?p ?o FILTER(isIRI(?o)) } ;
INSERT { ?s a ?wider } WHERE { ?class rdfs:subClassOf+ ?wider . ?s a ?class }
"""
"""The rules of OWL 2 RL for the axioms used: prp-spo1, prp-symp, prp-dom, prp-rng, cax-sco."""

CLASHES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?one ?other ?thing { ?one owl:disjointWith ?other . ?thing a ?one , ?other } ORDER BY ?one ?other ?thing
"""
"""The rule cax-dw: a thing in two disjoint classes is a contradiction."""

WITNESSES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?thing a ?class } WHERE { ?class a owl:Class BIND(IRI(CONCAT("urn:a:", STR(?class))) AS ?thing) } ;
INSERT { ?from ?p ?to } WHERE {
  ?p a owl:ObjectProperty
  FILTER(STRSTARTS(STR(?p), "https://w3id.org/euaikg/"))
  BIND(IRI(CONCAT("urn:from:", STR(?p))) AS ?from) BIND(IRI(CONCAT("urn:to:", STR(?p))) AS ?to)
}
"""
"""A thing of each class and a pair for each property: a class or property that nothing can have shows as a clash."""


def clashes(store: Store) -> list[str]:
    store.load(BUILT_ON.encode(), format=RdfFormat.TURTLE)
    store.update(ENTAILED)
    return [f"{row['thing']}: {row['one']} and {row['other']}" for row in Embedded(store).select(CLASHES)]


def ontology_store(added: str = "") -> Store:
    store = Store()
    store.load(ONTOLOGY_GRAPH.serialize(format="nt").encode(), format=RdfFormat.N_TRIPLES)
    store.load(added.encode(), format=RdfFormat.TURTLE)
    store.update(WITNESSES)
    return store


def test_every_class_and_property_can_have_members() -> None:
    """Archivo's fourth star: the ontology is consistent, also with the vocabularies it builds on."""
    assert clashes(ontology_store()) == []


@pytest.mark.parametrize(
    "added",
    [
        "<{euai}Event> <{rdfs}subClassOf> <http://www.w3.org/ns/prov#Entity> .",
        "<{euai}Dialogue> <{rdfs}subClassOf> <{euai}Place> .",
        "<{euai}hasFunder> <{rdfs}range> <{euai}Place> .",
    ],
)
def test_a_contradiction_is_seen(added: str) -> None:
    assert clashes(ontology_store(added.format(euai=vocab.EUAI, rdfs=vocab.RDFS)))


@pytest.mark.slow
def test_the_data_contradicts_nothing(engine: Embedded) -> None:
    store = Store()
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object)
        for quad in engine.store.quads_for_pattern(None, None, None, DefaultGraph())
    )
    assert clashes(store) == []


def test_no_two_things_share_a_home_page(engine: Embedded) -> None:
    """foaf:homepage is inverse functional: what has the same home page is the same thing."""
    shared = engine.select(
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
        "SELECT ?page { ?thing foaf:homepage ?page } GROUP BY ?page HAVING(COUNT(DISTINCT ?thing) > 1)"
    )
    assert shared.rows == []
