"""The documents that an answer rests on as entries of a bibliography: BibTeX, RIS and CSL-JSON.

Each document version that the answer names is one entry, whose note lists the places in it, each with the address of
its passage. Keys are made of the IRI, so an entry keeps its key: ``com-2024-28-en``. Institutions are authors by
their whole names; a title stands in the language that was read, with ours in brackets where that is another one; what
is undated stays so, with our inference in the note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from euaikg.core.groups import by_key
from euaikg.rdf.terms import text
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine

PLACES = """
SELECT ?passage ?version ?place WHERE {
  VALUES ?passage { UNDEF }
  VALUES ?lang { "en" }
  ?passage euai:inExpression ?version ; dct:bibliographicCitation ?place .
  FILTER(LANG(?place) = ?lang)
}
"""

FACTS = """
SELECT DISTINCT ?version ?what ?value WHERE {
  VALUES ?version { UNDEF }
  ?version euai:expressionOf ?document .
  {
    VALUES (?property ?what) {
      (dct:title "title") (dct:issued "issued") (dct:modified "corrected") (euai:notBefore "notBefore")
      (dct:language "language")
    }
    ?version ?property ?value
  } UNION {
    VALUES (?property ?what) { (skos:prefLabel "label") (euai:shortName "short") }
    ?document ?property ?value
  } UNION {
    ?document dct:creator/skos:prefLabel ?value BIND("author" AS ?what)
  } UNION {
    ?document dct:identifier ?value BIND("number" AS ?what)
    FILTER NOT EXISTS { ?document dct:identifier ?longer FILTER(?longer != ?value && STRSTARTS(?longer, ?value)) }
  } UNION {
    ?document eli:id_local ?value BIND("celex" AS ?what)
  } UNION {
    ?document euai:partOf/eli:id_local ?value BIND("celexOfWhole" AS ?what)
  } UNION {
    ?document euai:partOf ?larger .
    ?larger a ?kind ; euai:shortName ?value .
    FILTER(?kind IN (euai:Document, euai:SourceDocument))
    BIND("within" AS ?what)
  } UNION {
    ?document dct:type ?type BIND(REPLACE(STR(?type), "^.*[/#]", "") AS ?value) BIND("type" AS ?what)
  } UNION {
    ?document foaf:page ?value BIND("page" AS ?what)
  }
}
ORDER BY ?version ?what ?value
"""

_LANGUAGES = {
    "BUL": ("bg", "bulgarian"), "CES": ("cs", "czech"), "DAN": ("da", "danish"),
    "DEU": ("de", "german"), "ELL": ("el", "greek"), "ENG": ("en", "english"),
    "EST": ("et", "estonian"), "FIN": ("fi", "finnish"), "FRA": ("fr", "french"),
    "GLE": ("ga", "irish"), "HRV": ("hr", "croatian"), "HUN": ("hu", "hungarian"),
    "ITA": ("it", "italian"), "LAV": ("lv", "latvian"), "LIT": ("lt", "lithuanian"),
    "MLT": ("mt", "maltese"), "NLD": ("nl", "dutch"), "POL": ("pl", "polish"),
    "POR": ("pt", "portuguese"), "RON": ("ro", "romanian"), "SLK": ("sk", "slovak"),
    "SLV": ("sl", "slovene"), "SPA": ("es", "spanish"), "SWE": ("sv", "swedish"),
}  # fmt: skip
"""The EU's codes of its languages, with those of CSL, RIS and EUR-Lex, and of BibTeX."""

_LAW = {"REG", "REG_IMPL", "REG_DEL", "DIR", "DEC", "DEC_IMPL", "DEC_DEL"}
"""The EU's codes of types of documents that are legal acts."""

_WORDS = {
    "en": {
        "cited": "Cited", "corrected": "corrected", "within": "In", "communication": "Communication",
        "undated": "undated, in our reading not before", "press": "Press release",
    },
    "nl": {
        "cited": "Aangehaald", "corrected": "gecorrigeerd", "within": "In", "communication": "Mededeling",
        "undated": "ongedateerd, naar onze lezing niet ouder dan", "press": "Persbericht",
    },
}  # fmt: skip

_TEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """A document version in a bibliography; ``kind`` is report, legislation or webpage, ``issued`` a day or empty."""

    key: str
    kind: str
    title: str
    authors: list[str] = field(default_factory=list)
    genre: str = ""
    number: str = ""
    within: str = ""
    issued: str = ""
    language: str = ""
    url: str = ""
    celex: str = ""
    note: str = ""


def encode(engine: Engine, passages: Iterable[str], form: str, lang: str = "en") -> bytes:
    """Return the bibliography of the ``passages``, given by their IRIs, with our own words in ``lang``.

    The ``form`` is one of :data:`~euaikg.core.suffixes.BIBLIOGRAPHIES`.
    """
    found = references(engine, passages, lang)
    if form == "csl-json":
        return (json.dumps([*map(_csl, found)], ensure_ascii=False, indent=1) + "\n").encode()
    if form == "ris":
        return "".join(f"{tag}  - {value}\r\n" for one in found for tag, value in _ris(one)).encode()
    return "\n".join(_bibtex(one) for one in found).encode()


def references(engine: Engine, places: Iterable[str], lang: str = "en") -> list[Reference]:
    """Return the document versions in which the passages ``places`` stand, in this order."""
    passages = [*map(NamedNode, places)]
    if not passages:
        return []
    language = [Literal(lang)]
    rows = engine.select(scanner.fill(PLACES, {"passage": passages, "lang": language})).rows
    where = {passage: (version, text(place)) for passage, version, place in rows}
    cited: dict[NamedNode, list[tuple[str, str]]] = {}
    for passage in passages:
        version, place = where.get(passage, (None, ""))
        if isinstance(version, NamedNode):
            cited.setdefault(version, []).append((place, passage.value))
    facts: dict[NamedNode, dict[str, list[str]]] = {version: {} for version in cited}
    for version, what, value in engine.select(scanner.fill(FACTS, {"version": [*cited]})).rows:
        spoken = value.language if isinstance(value, Literal) and text(what) != "title" else None
        if isinstance(version, NamedNode) and isinstance(value, NamedNode | Literal) and spoken in (None, lang):
            facts[version].setdefault(text(what), []).append(value.value)
    return [_reference(version, facts[version], cited[version], lang) for version in cited]


def _reference(
    version: NamedNode, facts: dict[str, list[str]], places: Iterable[tuple[str, str]], lang: str
) -> Reference:
    words = _WORDS.get(lang, _WORDS["en"])
    first = {what: values[0] for what, values in facts.items()}
    code = first.get("language", "").rpartition("/")[2]
    language = _LANGUAGES.get(code, (code.lower(), ""))[0]
    label, read = first.get("label", version.value), first.get("title", "")
    title = label if language == lang or not read else f"{read} [{label}]"
    number = first.get("number", "")
    celex = first.get("celex") or first.get("celexOfWhole", "")
    address = f"https://eur-lex.europa.eu/legal-content/{language.upper()}/TXT/?uri=CELEX:{celex}"
    is_press = bool(re.match("(IP|MEMO|SPEECH|STATEMENT)/", number))
    genre = words["press"] if is_press else words["communication"] if first.get("type") == "COMMUNIC" else ""
    head = first.get("short", label)
    cited = [
        f"{place.removeprefix(head).lstrip(', ') or place} ({' '.join(passages)})"
        for place, passages in by_key(places).items()
    ]
    remarks = [
        f"{words['corrected']} {first['corrected']}" if "corrected" in first else "",
        f"{words['undated']} {first['notBefore']}" if "notBefore" in first and "issued" not in first else "",
        f"{words['cited']}: {'; '.join(cited)}",
    ]
    return Reference(
        key="-".join(re.findall(r"[A-Za-z0-9]+", version.value.partition("/source/")[2] or version.value)),
        kind="legislation" if first.get("type") in _LAW else "report" if number or celex else "webpage",
        title=title,
        authors=facts.get("author", []),
        genre=genre,
        number=number,
        within=first.get("within", ""),
        issued=first.get("issued", ""),
        language=language,
        url=address if celex else first.get("page", ""),
        celex=celex,
        note=". ".join(remark[0].upper() + remark[1:] for remark in remarks if remark),
    )


def _csl(one: Reference) -> dict[str, object]:
    """Return ``one`` as an item of CSL-JSON (schema 1.0.2)."""
    item: dict[str, object] = {
        "id": one.key,
        "type": one.kind,
        "title": one.title,
        "author": [{"literal": name} for name in one.authors],
        "publisher": "; ".join(one.authors) if one.kind == "report" else "",
        "genre": one.genre,
        "number": one.number,
        "container-title": one.within,
        "issued": {"date-parts": [[int(part) for part in one.issued.split("-")]]} if one.issued else "",
        "language": one.language,
        "URL": one.url,
        "archive": "EUR-Lex" if one.celex else "",
        "archive_location": one.celex,
        "note": one.note,
    }
    return {name: value for name, value in item.items() if value}


def _ris(one: Reference) -> Iterable[tuple[str, str]]:
    """Yield the tags and values of ``one`` in RIS, whose lines end as on Windows."""
    yield "TY", {"report": "RPRT", "legislation": "STAT"}.get(one.kind, "ELEC")
    yield "ID", one.key
    for name in one.authors:
        yield "AU", name
    values = [
        ("TI", one.title), ("T2", one.within), ("M3", one.genre), ("SN", one.number),
        ("PY", one.issued[:4]), ("DA", one.issued.replace("-", "/")), ("LA", one.language), ("UR", one.url),
        ("AN", one.celex), ("N1", one.note),
    ]  # fmt: skip
    yield from ((tag, " ".join(value.split())) for tag, value in values if value)
    yield "ER", ""


def _bibtex(one: Reference) -> str:
    """Return ``one`` as an entry of BibTeX, which biblatex reads too."""
    months = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    spoken = dict(_LANGUAGES.values())
    values = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in one.authors),
        "title": f"{{{_tex(one.title)}}}",
        "institution": f"{{{_tex('; '.join(one.authors))}}}" if one.kind == "report" and one.authors else "",
        "type": _tex(one.genre),
        "number": _tex(one.number),
        "series": _tex(one.within),
        "year": one.issued[:4],
        "date": one.issued,
        "language": spoken.get(one.language, ""),
        "url": one.url,
        "eprint": one.celex,
        "eprinttype": "celex" if one.celex else "",
        "note": _tex(one.note),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in values.items() if value]
    if one.issued:
        lines.append(f"  month = {months[int(one.issued[5:7]) - 1]},\n")
    kind = "techreport" if one.kind == "report" and one.authors else "misc"
    return f"@{kind}{{{one.key},\n{''.join(lines)}}}\n"


def _tex(words: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in words)
