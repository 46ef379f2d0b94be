"""Things by name: what a person types, turned into the IRI it means, and found where only a part of it is known.

A thing is whatever the graph gives a name: entities, documents, codes of a code list, classes and properties. Names
are compared without regard to case, accents and white space, in every language; where none fits so, neither hyphens
nor the plural count, and at last the beginning of a name will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import expand, short
from euaikg.errors import UnknownThingError, cut, quote
from euaikg.questions.words import fold, stem, words
from euaikg.rdf.terms import is_iri
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine

NAMES = """
SELECT ?thing ?name ?rank WHERE {
  VALUES (?property ?rank) {
    (skos:prefLabel 0) (rdfs:label 0) (euai:shortName 1) (dct:identifier 1) (skos:notation 1) (skos:altLabel 2)
  }
  ?thing ?property ?name .
}
"""

BARE = """
SELECT DISTINCT ?name WHERE {
  VALUES ?property { skos:prefLabel rdfs:label euai:shortName dct:identifier skos:altLabel }
  ?thing ?property ?name .
}
"""

CODES = """
SELECT ?thing WHERE { { ?thing skos:inScheme ?list } UNION { ?thing rdfs:isDefinedBy ?list } }
"""

CITED = """
SELECT ?passage ?name WHERE { ?passage dct:bibliographicCitation ?name } ORDER BY ?passage
"""

CITED_OTHERWISE = """
SELECT ?passage ?name WHERE {
  ?passage dct:bibliographicCitation ?cited ; euai:inExpression ?version ; euai:section ?section .
  ?part a euai:Section ; dct:isPartOf ?version ; euai:section ?section ; dct:title ?heading , ?other .
  FILTER(LANG(?heading) = LANG(?cited) && LANG(?other) != LANG(?cited))
  BIND(IF(LANG(?cited) = "nl", ", punt ", ", section ") AS ?word)
  BIND(CONCAT(?word, STR(?heading)) AS ?there)
  FILTER(CONTAINS(STR(?cited), ?there))
  BIND(CONCAT(STRBEFORE(STR(?cited), ?there), ?word, STR(?other), STRAFTER(STR(?cited), ?there)) AS ?name)
}
ORDER BY ?passage
"""
"""Finds passages with the heading of their section in another language than that of the citation, as it was once."""

THERE = "ASK {{ {{ {0} ?p ?o }} UNION {{ ?s ?p {0} }} UNION {{ ?s {0} ?o }} }}"
"""Asks whether anything is said of a thing or with it."""


PATTERN = "?thing ?property ?name ."

SHORTEST, CHOICES = 3, 6
"""How many letters the beginning of a name has at least, and of how many things that it may mean one is told."""

CLOSE = 0.8
"""How like a word another one must be to be taken for it: 1 is the same."""

LIKE = 0.7
"""How like a whole name another one must be to be offered in its place."""

LANGUAGES = ("", "@en", "@nl")
"""The languages of names that are looked up; a name in another one is found too, but not as quickly."""


@dataclass(frozen=True)
class Name:
    """One name of a thing; ``rank`` 0 is its preferred name, 1 a short name or number, 2 an alias.

    ``code`` says that the thing is a code of a list or a term of the ontology.
    """

    iri: str
    text: str
    language: str
    rank: int
    code: bool = False


def names(engine: Engine) -> list[Name]:
    """Return all names in the graph, preferred ones first."""
    return _names(engine, NAMES)


def _names(engine: Engine, query: str) -> list[Name]:
    """Return the names that ``query``, :data:`NAMES` or a narrower one, finds."""
    rows = engine.select(query).rows
    codes = {thing for (thing,) in engine.select(CODES).rows} if rows else set()
    found = [
        Name(thing.value, name.value, name.language or "", int(rank.value), thing in codes)
        for thing, name, rank in rows
        if isinstance(thing, NamedNode) and isinstance(name, Literal) and isinstance(rank, Literal)
    ]
    return sorted(found, key=lambda name: (name.rank, name.iri, name.text, name.language))


def _candidates(engine: Engine, text: str) -> Iterator[list[Name]]:
    """Yield the names that are ``text`` to the letter, those that are but for case, and all.

    The engine finds the first without looking at any other name, and the second in a fraction of the time that all
    names take to read; that matters where there are hundreds of thousands.
    """
    typed = scanner.write(Literal(text))
    equal = [f"{{ ?thing ?property {typed}{tag} BIND({typed}{tag} AS ?name) }}" for tag in LANGUAGES]
    yield _names(engine, NAMES.replace(PATTERN, " UNION ".join(equal)))
    lower = scanner.write(Literal(text.lower()))
    yield _names(engine, NAMES.replace(PATTERN, f"{PATTERN} FILTER(LCASE(STR(?name)) = {lower})"))
    yield names(engine)


def resolve(engine: Engine, text: str, scope: str | None = None) -> NamedNode:
    """Return the thing that ``text`` names: an IRI, a short form such as ``body:ai-office``, or a name.

    Things come before codes and terms of the ontology, a preferred name before a short name, and that before an
    alias. A name that is typed to the letter comes before those that differ in case or accents.
    With ``scope`` only IRIs that begin with it count, as for the codes of one list, and the last part of such an IRI
    counts as a name too. Where no name fits, hyphens and the plural do not count, and then the beginning of a name will
    do, if it leaves no choice. Raises :class:`UnknownThingError` with the nearest names where nothing fits, with the
    choices where several things fit equally well, and :class:`QueryError` for text that is no Unicode.
    """
    scanner.refuse_half_characters(text)
    iri = _iri(text)
    if iri is not None:
        return iri
    wanted = fold(text)
    if scope is not None:
        code = NamedNode(scope + text) if is_iri(scope + text) else None  # which a label of several words is not
        if code is not None and engine.run(f"ASK {{ {code} ?property ?value }}"):
            return code
    for known in _candidates(engine, text):
        fits = [name for name in known if fold(name.text) == wanted and name.iri.startswith(scope or "")]
        if fits:
            break
        if iri := _known(engine, text):
            return iri
    closest = min((_standing(fit) for fit in fits), default=None)
    best = sorted({name.iri for name in fits if _standing(name) == closest})
    if len(best) == 1:
        return NamedNode(best[0])
    if best:
        choices = ", ".join(map(short, best))
        raise UnknownThingError(f"{quote(text)} names several things; say which one you mean: {choices}.")
    inside = [name for name in known if name.iri.startswith(scope or "")]
    close = {name.iri: name for name in reversed(loosely(text, inside))}
    if len(close) == 1:
        return NamedNode(next(iter(close)))
    if close:
        listed = sorted((cut(name.text), short(name.iri)) for name in close.values())[:CHOICES]
        choices = "; ".join(f"{name} ({iri})" for name, iri in listed)
        more = f"; and {len(close) - CHOICES} more" if len(close) > CHOICES else ""
        raise UnknownThingError(f"{quote(text)} may mean several things; say which one: {choices}{more}.")
    if begun := _begun(text, inside):
        some = "; ".join(map(cut, begun[:CHOICES]))
        raise UnknownThingError(f"{len(begun)} names begin with {quote(text)}, such as {some}; say which one you mean.")
    near = nearest(text, inside)
    hint = f" Nearest: {', '.join(near)}." if near else "" if scope else " “euaikg search” looks for single words."
    raise UnknownThingError(f"Nothing in the graph is called {quote(text)}.{hint}")


def _begun(text: str, known: Iterable[Name]) -> list[str]:
    """Return the names that begin with the words ``text``, too short to stand for one; one a thing, short first."""
    typed = words(text)
    if len("".join(typed)) >= SHORTEST or not typed:
        return []
    fits = [name for name in known if not name.code and words(name.text)[: len(typed)] == typed]
    found = {name.iri: name.text for name in sorted(fits, key=lambda name: (name.language == "en", -name.rank))}
    return sorted(set(found.values()), key=lambda name: (len(name), name))


def loosely(text: str, known: Iterable[Name]) -> list[Name]:
    """Return the names among ``known`` that ``text`` is but for hyphens and the plural, or else the beginning of.

    Of those that it begins, names that lack only the rest of the last word come before longer ones, and things before
    codes and terms of the ontology.
    """
    typed = words(text)
    wanted, begun = "".join(map(stem, typed)), "".join(typed)
    parted = [(name, words(name.text)) for name in known] if wanted else []
    found = [name for name, parts in parted if "".join(map(stem, parts)) == wanted]
    if not found and len(begun) >= SHORTEST:
        begins = [(name, len(parts)) for name, parts in parted if "".join(parts).startswith(begun)]
        found = [name for name, count in begins if count == len(typed)] or [name for name, _ in begins]
    return [name for name in found if not name.code] or found


def passages(engine: Engine, text: str) -> list[NamedNode]:
    """Return the passages that ``text`` names: the one of an IRI, or all that are cited so, in any language.

    Commas do not matter, and neither do case and accents; a section may be called as it is in either language.
    Raises :class:`UnknownThingError` with the nearest where
    there is none.
    """
    iri = _iri(text)
    if iri is not None:
        return [iri]
    wanted = fold(text.replace(",", " "))
    for query in (CITED, CITED_OTHERWISE):
        cited = [(place, name) for place, name in engine.select(query).rows if isinstance(name, Literal)]
        found = {place: None for place, name in cited if fold(name.value.replace(",", " ")) == wanted}
        if found:
            return [place for place in found if isinstance(place, NamedNode)]
    if iri := _known(engine, text):
        return [iri]
    known = [Name(name.value, name.value, "", 0) for _, name in engine.select(CITED).rows if isinstance(name, Literal)]
    near = nearest(text, known, count=2)
    hint = f" Nearest: {'; '.join(near)}." if near else ""
    raise UnknownThingError(f"No passage is cited as {quote(text)}.{hint}")


def _standing(name: Name) -> tuple[bool, int]:
    return name.code, name.rank


def _iri(text: str) -> NamedNode | None:
    """Return the IRI that ``text`` is meant for, by angle brackets, ``://`` or a prefix of the project, or None."""
    text = text.strip()
    bare = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    full = expand(bare)
    if full is None and bare == text and "://" not in text:
        return None
    try:
        return NamedNode(full or bare)
    except ValueError as error:
        if full is None:
            raise UnknownThingError(f"{quote(bare)} is not a valid IRI ({error}).") from None
        return None


def _known(engine: Engine, text: str) -> NamedNode | None:
    """Return ``text``, such as ``urn:isbn:1``, as an IRI where the graph knows it; else it is a name with a colon."""
    text = text.strip()
    return NamedNode(text) if is_iri(text) and engine.run(THERE.format(NamedNode(text))) else None


def nearest(text: str, known: Iterable[Name], count: int = 5) -> list[str]:
    """Return up to ``count`` names that look like ``text``, the likeliest first, one for each thing, none twice.

    They are in the language of the likeliest. A name looks like it that is nearly the same, has it in it, or has all
    its words but for slips.
    """
    import difflib

    known = list(known)
    typed = words(text)
    meant = {stem(word) for word in respelt(typed, known) or typed}

    wanted = fold(text)[:100]
    matcher = difflib.SequenceMatcher(None, "", wanted, autojunk=False)
    scored: list[tuple[float, Name]] = []
    for name in known:
        folded = fold(name.text)
        matcher.set_seq1(folded)
        close = matcher.real_quick_ratio() > LIKE and matcher.quick_ratio() > LIKE
        score = 0.9 if wanted and wanted in folded else matcher.ratio() if close else 0.0
        if score < LIKE and meant and meant <= set(map(stem, words(name.text))):
            score = LIKE + 0.1 * len(meant) / len(words(name.text))
        if score > LIKE:
            scored.append((score, name))
    scored.sort(key=lambda pair: (-pair[0], pair[1].text))
    spoken = {"", scored[0][1].language or "en"} if scored else set()
    found: dict[str, str] = {}
    for _, name in scored:
        if name.language in spoken and name.text not in found.values():
            found.setdefault(name.iri, name.text)
    return list(found.values())[:count]


def nearest_iri(engine: Engine, iri: str) -> str | None:
    """Return the IRI of a thing that looks most like ``iri``, in its short form, or None where none is close."""
    import difflib

    there = {short(name.iri) for name in names(engine)}
    return next(iter(difflib.get_close_matches(short(iri)[:100], sorted(there), n=1, cutoff=0.75)), None)


def respelt(typed: list[str], known: Iterable[Name]) -> list[str]:
    """Return the words ``typed`` with the nearest word in ``known`` names for each that no name has, if that helps."""
    import difflib

    there = {word for name in known for word in words(name.text)}
    near = [
        word if word in there else next(iter(difflib.get_close_matches(word[:100], there, 1, CLOSE)), word)
        for word in typed
    ]
    return near if near != typed else []


def text_of(term: object) -> str:
    """Return the text of ``term``, a name or an IRI, and none for what is not there."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def beginning(engine: Engine, text: str) -> list[str]:
    """Return the names, in any language, that begin with ``text``, compared as everywhere; in alphabetical order."""
    wanted = fold(text) + " " * text.endswith(" ")
    known = {name.value for (name,) in engine.select(BARE).rows if isinstance(name, Literal)}
    return sorted((name for name in known if fold(name).startswith(wanted)), key=lambda name: (fold(name), name))
