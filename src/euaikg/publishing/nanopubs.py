"""Nanopublications: what each passage says, with its source and who read it, under a name that is its checksum.

The form is that of https://nanopub.net/guidelines: four graphs, of which the head names the assertion, its provenance
and the publication. The name is a trusty URI (module RA): whoever has it can tell that nothing was changed. It is the
same in each release, as long as the passage says the same; so is the day on which it was first published. What a
passage denies or says has ended is no assertion, and has none. Readers take what stands in an assertion for so: of what
a passage plans, asks for or thinks possible it holds no plain triples but records of them, each with its modality.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from euaikg.core.vocab import BASE, DCT, EUAI, RDF, SOURCE, TYPE, XSD
from euaikg.exports import stated
from euaikg.rdf import turtle
from euaikg.rdf.ntriples import of_triples, ordered
from euaikg.rdf.terms import Term
from euaikg.sparql.embedded import Embedded

NAMES = BASE + "np/"
GRAPHS = ("Head", "assertion", "provenance", "pubinfo")
CREATED = NamedNode(DCT + "created")

_NP = "http://www.nanopub.org/nschema#"
_PROV = "http://www.w3.org/ns/prov#"
_LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_AUTHORS = NamedNode(BASE + "id/agent/euaikg")


@dataclass(frozen=True)
class Nanopub:
    """A nanopublication: its name, its passage, the time of its first publication, and its graphs by name."""

    name: NamedNode
    passage: NamedNode
    created: Literal
    graphs: Mapping[str, tuple[Triple, ...]]


def made(store: Store, date: str, known: Mapping[str, str] | None = None) -> list[Nanopub]:
    """Return a nanopublication for each passage with facts in ``store``, by passage.

    ``date`` is the day of this release. What was published before keeps its day: ``known`` are the names of earlier
    nanopublications with their times.
    """
    known = known or {}
    not_so = {*stated.codes(Embedded(store), stated.NOT_SO)}
    so = {*stated.codes(Embedded(store), ["asserted"])}
    times = [*sorted(set(known.values())), f"{date}T00:00:00Z"]
    found = []
    for graph in sorted(store.named_graphs(), key=str):
        if not isinstance(graph, NamedNode) or not graph.value.startswith(SOURCE):
            continue
        facts = tuple(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
        about = {
            property_: _values(store, graph, EUAI + property_)
            for property_ in ("modality", "statedAt", "statedOn", "inExpression")
        }
        if not facts or not about["statedAt"] or not_so.intersection(about["modality"]):
            continue
        if not so.issuperset(about["modality"]):
            facts = tuple(_recorded(store, graph, facts, about["modality"]))
        for time in times:
            nanopub = _nanopub(graph, facts, about, time)
            if time == times[-1] or known.get(nanopub.name.value) == time:
                found.append(nanopub)
                break
    return found


def _values(store: Store, thing: NamedNode, property_: str) -> list[Term]:
    quads = store.quads_for_pattern(thing, NamedNode(property_), None, DefaultGraph())
    return sorted((quad.object for quad in quads), key=str)


def _recorded(store: Store, passage: NamedNode, facts: Iterable[Triple], modality: Iterable[Term]) -> Iterator[Triple]:
    """Yield the ``facts`` of ``passage`` as statements with its modality: its own, and a record of each other triple.

    The names of records are those of the stored question relation-records.
    """
    facts = tuple(facts)
    stated_in = NamedNode(EUAI + "statedIn")
    there = [fact for fact in facts if any(store.quads_for_pattern(fact.subject, stated_in, passage, DefaultGraph()))]
    parts = (NamedNode(RDF + "subject"), NamedNode(RDF + "predicate"), NamedNode(RDF + "object"))
    own: dict[NamedNode | BlankNode | Triple, dict[NamedNode, Term]] = {}
    for fact in there:
        own.setdefault(fact.subject, {})[fact.predicate] = fact.object
    told = [tuple(said.get(part) for part in parts) for said in own.values()]
    yield from there
    for fact in facts:
        if fact.subject in own or tuple(fact) in told:
            continue
        language = fact.object.language or "" if isinstance(fact.object, Literal) else ""
        text = " ".join(term.value for term in fact if isinstance(term, NamedNode | Literal)) + f" {language}"
        record = NamedNode(f"{passage.value}.relation-{hashlib.sha256(text.encode()).hexdigest()[:16]}")
        own[record] = {}
        yield Triple(record, TYPE, NamedNode(RDF + "Statement"))
        for part, term in zip(parts, fact, strict=True):
            yield Triple(record, part, term)
    for statement in own:
        for code in modality:
            yield Triple(statement, NamedNode(EUAI + "modality"), code)


def _nanopub(passage: NamedNode, facts: tuple[Triple, ...], about: Mapping[str, list[Term]], time: str) -> Nanopub:
    created = Literal(time, datatype=NamedNode(XSD + "dateTime"))

    def graphs(name: str) -> dict[str, tuple[Triple, ...]]:
        this = NamedNode(name)
        head, assertion, provenance, publication = (NamedNode(f"{name}#{part}") for part in GRAPHS)
        said: list[tuple[NamedNode, str, Term]] = [(assertion, _PROV + "wasDerivedFrom", passage)]
        said += [(assertion, _PROV + "hadPrimarySource", document) for document in about["statedAt"]]
        said += [(passage, EUAI + name, value) for name, values in about.items() for value in values]
        published: list[tuple[NamedNode, str, Term]] = [
            (this, DCT + "created", created),
            (this, DCT + "creator", _AUTHORS),
            (this, DCT + "license", _LICENCE),
            (this, DCT + "isVersionOf", passage),
        ]
        named: list[tuple[NamedNode, str, Term]] = [
            (this, RDF + "type", NamedNode(_NP + "Nanopublication")),
            (this, _NP + "hasAssertion", assertion),
            (this, _NP + "hasProvenance", provenance),
            (this, _NP + "hasPublicationInfo", publication),
        ]

        def triples(told: Iterable[tuple[NamedNode, str, Term]]) -> tuple[Triple, ...]:
            return tuple(Triple(subject, NamedNode(predicate), value) for subject, predicate, value in told)

        return {
            head.value: triples(named),
            assertion.value: facts,
            provenance.value: triples(said),
            publication.value: triples(published),
        }

    name = NAMES + artifact(graphs(NAMES + _PLACE))
    return Nanopub(NamedNode(name), passage, created, graphs(name))


_PLACE = "RA-"
"""Stands for the checksum in names while it is computed."""


def artifact(graphs: Mapping[str, Iterable[Triple]]) -> str:
    """Return the code of the trusty URI, module RA, for ``graphs`` in whose names :data:`_PLACE` stands for it."""

    def text(iri: str) -> str:
        return f"{NAMES} {iri[len(NAMES) + len(_PLACE) :]}" if iri.startswith(NAMES + _PLACE) else iri

    def key(value: Term) -> tuple[bool, bytes, bool, str, str]:
        if not isinstance(value, Literal):
            return False, text(value.value).encode(), False, "", ""  # type: ignore[union-attr]
        return True, value.value.encode(), not value.language, value.datatype.value, value.language or ""

    def line(value: Term) -> str:
        if not isinstance(value, Literal):
            return text(value.value)  # type: ignore[union-attr]
        kind = f"@{value.language.lower()}" if value.language else f"^{value.datatype.value}"
        return f"{kind} " + value.value.replace("\\", "\\\\").replace("\n", "\\n")

    rows = [
        (
            (text(name).encode(), text(s.value).encode(), p.value.encode(), key(o)),
            (text(name), text(s.value), p.value, line(o)),
        )
        for name, triples in graphs.items()
        for s, p, o in triples
    ]
    told = dict.fromkeys("".join(f"{part}\n" for part in row) for _, row in sorted(rows))
    digest = hashlib.sha256("".join(told).encode()).digest()
    return "RA" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def trig(nanopubs: Iterable[Nanopub]) -> bytes:
    """Return ``nanopubs`` as TriG."""

    def graphs() -> Iterator[tuple[str, Iterable[bytes]]]:
        for nanopub in nanopubs:
            for name, triples in nanopub.graphs.items():
                yield f"<{name}>", ordered(of_triples(triples)())

    return b"".join(turtle.trig(graphs()))
