"""The vocabulary that a picture needs: classes with their names and groups, names of properties and modalities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import BASE, EUAI, RDFS, SKOS
from euaikg.errors import QueryError
from euaikg.questions.names import Name, nearest
from euaikg.questions.words import fold
from euaikg.sparql.embedded import Engine

VOCABULARY = """
SELECT ?what ?term ?name ?super WHERE {
  { ?term a owl:Class BIND("class" AS ?what)
    OPTIONAL { ?term rdfs:label ?name } OPTIONAL { ?term rdfs:subClassOf ?super } }
  UNION
  { ?term a ?property ; rdfs:label ?name BIND("property" AS ?what)
    FILTER(?property IN (owl:ObjectProperty, owl:DatatypeProperty)) }
  UNION
  { ?term skos:inScheme <https://w3id.org/euaikg/id/modality> ; skos:prefLabel ?name BIND("modality" AS ?what)
    OPTIONAL { ?term skos:broader ?super } }
}
"""

MODALITY = f"{BASE}id/modality/"

TOPS = {
    EUAI + "Body": "body",
    EUAI + "Person": "person",
    EUAI + "Place": "country",
    EUAI + "FundingProgramme": "programme",
    EUAI + "FinancialInstrument": "programme",
    EUAI + "Call": "programme",
    EUAI + "PlannedAction": "action",
    EUAI + "Task": "action",
    EUAI + "Infrastructure": "infrastructure",
    EUAI + "DataSpace": "infrastructure",
    EUAI + "Law": "law",
    EUAI + "PolicyObject": "initiative",
    EUAI + "FundingEnvelope": "money",
    EUAI + "FundingStatement": "money",
    EUAI + "Document": "document",
    EUAI + "Event": "event",
    EUAI + "StatusStatement": "status",
    EUAI + "TargetStatement": "status",
    EUAI + "StatedPeriod": "status",
    SKOS + "Concept": "topic",
    "http://www.w3.org/2002/07/owl#Class": "term",
    "http://www.w3.org/2002/07/owl#ObjectProperty": "term",
    RDFS + "Class": "term",
}
"""The classes that stand for a group; a class below one of them is of its group."""


@dataclass
class Vocabulary:
    """Names by IRI and language, the classes above each class, and modalities with the broader ones above them."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    above: dict[str, set[str]] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)

    def name(self, iri: str, lang: str) -> str:
        """Return the name of a term in ``lang``, or in English, or the empty text."""
        there = self.names.get(iri, {})
        return there.get(lang) or there.get("en") or next(iter(there.values()), "")

    def group(self, kind: str) -> str:
        """Return the group of the class ``kind``: that of the nearest class above it which has one."""
        level = [kind]
        for _ in range(len(self.above) + 1):
            found = [TOPS[iri] for iri in level if iri in TOPS]
            if found:
                return found[0]
            level = sorted({above for iri in level for above in self.above.get(iri, ())})
        return "other"

    def below(self, kind: str) -> list[str]:
        """Return the class ``kind`` and all classes below it."""
        found = {kind}
        while more := {iri for iri, above in self.above.items() if above & found} - found:
            found |= more
        return sorted(found)

    def code(self, label: str) -> str:
        """Return the code of the modality that is called ``label`` in any language, or the empty text."""
        wanted = fold(label)
        for iri, kind in self.of.items():
            if kind == "modality" and wanted in map(fold, self.names[iri].values()):
                return iri.rpartition("/")[2]
        return ""

    def broadest(self, code: str) -> str:
        """Return the code of the broadest modality above the one with ``code``, or that itself."""
        iri, below = MODALITY + code, set[str]()
        while iri not in below and iri in self.above:
            below.add(iri)
            iri = min(self.above[iri])
        return iri.removeprefix(MODALITY)

    def find(self, text: str, what: str) -> str:
        """Return the IRI of the ``what`` (class, property or modality) that ``text`` names, or that ends like it.

        Raises :class:`QueryError` with the nearest names where there is none.
        """
        wanted = fold(text.partition(":")[2] or text)
        known = [iri for iri, kind in self.of.items() if kind == what]
        for iri in known:
            if text == iri or wanted in map(
                fold, (iri.rpartition("#")[2].rpartition("/")[2], *self.names[iri].values())
            ):
                return iri
        words = [Name(iri, name, lang, 0) for iri in known for lang, name in self.names[iri].items()]
        near = nearest(text, words) if what != "modality" else sorted(iri.rpartition("/")[2] for iri in known)
        hint = f" {'Nearest' if what != 'modality' else 'There are'}: {', '.join(near)}." if near else ""
        raise QueryError(f"There is no {WORDS[what]} “{text[:80]}” in the graph.{hint}")


WORDS = {"class": "kind", "property": "relation", "modality": "modality"}


def vocabulary(engine: Engine) -> Vocabulary:
    """Return the vocabulary of the graph that ``engine`` asks."""
    found = Vocabulary()
    for what, term, name, above in engine.select(VOCABULARY).rows:
        if not isinstance(term, NamedNode) or not isinstance(what, Literal):
            continue
        found.of[term.value] = what.value
        names = found.names.setdefault(term.value, {})
        if isinstance(name, Literal):
            names.setdefault(name.language or "", name.value)
        if isinstance(above, NamedNode):
            found.above.setdefault(term.value, set()).add(above.value)
    return found


def narrowest(kinds: Iterable[str], known: Vocabulary) -> str:
    """Return the one of ``kinds`` that says most: a class of the graph's own ontology before any other."""
    return min(kinds, key=lambda kind: (kind not in known.of, not kind.startswith(EUAI), kind), default="")
