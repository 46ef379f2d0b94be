"""What a stretch of text may say: the things and topics that it names, figures, days and periods, words of a modality.

This is for whoever reads the text, to be decided by them; it is found by the names and the code lists of the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal

from euaikg.core import vocab
from euaikg.core.groups import by_key
from euaikg.curation import numbers, sources
from euaikg.questions import windows
from euaikg.questions.names import text_of
from euaikg.questions.phrases import Known
from euaikg.questions.words import fold, stem, stems
from euaikg.sparql.embedded import Engine

ENTITIES = "SELECT DISTINCT ?thing WHERE { ?thing a/rdfs:subClassOf* euai:Entity }"
_CUES = """
SELECT ?code ?words WHERE {
  ?code skos:inScheme <https://w3id.org/euaikg/id/modality> ; skos:definition ?words FILTER(LANG(?words) = "en")
}
ORDER BY ?code
"""

NUMBER = re.compile(r"\b(?:COM|JOIN|SWD|SEC|C)\s?\(\d{4}\)\s?\d+|\bC/\d{4}/\d+|\(E[UC]\)\s(?:No\s)?\d+/\d+")
_REFERENCE = re.compile(rf"{NUMBER.pattern}|\b\d{{4}}/\d{{3,}}")
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
_NO_FIGURE = re.compile(
    rf"\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|\b\d{{1,2}}\s+(?:{windows.MONTH})\b(?:\s+\d{{4}})?|\(\d{{1,3}}\)"
    r"|\b(?:articles?|artikel(?:en)?|section|afdeling|annex|bijlage|chapter|hoofdstuk|paragraph|lid|point|punt|pillar|unit"
    r"|page|p\.|blz\.|no|nr\.?|OJ [CL]|PB [CL])\s+[\dA-Z]+(?:\(\d+\))*|\b(?:19|20)\d\d\b|\bQ[1-4]\b"
    r"|(?<=\s)\d{1,2}(?=\s[.,;)])|(?<=[a-z])[.,]?\d{1,2}\b|^\W*\d+[.)](?:\d+\.?)*",
    re.IGNORECASE,
)  # fmt: skip
_BOTH = re.compile(
    r"\b(\w+)((?: (?:and|or|to|en|of|tot) |-)\w+) (quarters?|kwartaal|kwartalen)((?: of| van)? 20\d\d)\b"
)
"""Two quarters of a year that is named once."""

_LITTLE = {
    *(
        "a",
        "first",
        "second",
        "third",
        "one",
        "twin",
        "both",
        "largest",
        "leader",
        "daily",
        "weekly",
        "monthly",
        "annual",
    ),
    *(
        "eerste",
        "tweede",
        "derde",
        "een",
        "één",
        "beide",
        "grootste",
        "dagelijks",
        "wekelijks",
        "maandelijks",
        "jaarlijks",
    ),
}
"""Words that seldom state a number."""


@dataclass
class Hints:
    """What may be said in a passage.

    Things named in it (IRIs), names that several things have, topics and sectors, figures each with all its readings
    and its unit, days and periods in their notation, and modalities with the words that speak for them.
    """

    things: list[str] = field(default_factory=list)
    unclear: list[list[str]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    figures: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    modalities: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        figures = [f"{unit} {' or '.join(of)}" for of, unit in self.figures]
        words = [f"{word} ({modality})" for modality, word in self.modalities.items()]
        unclear = [" or ".join(map(vocab.short, several)) for several in self.unclear]
        told = {
            "words": words, "figures": figures, "days and periods": self.periods,
            "topics": list(map(vocab.short, self.topics)), "one of": unclear,
        }  # fmt: skip
        return "; ".join(f"{name}: {', '.join(said)}" for name, said in told.items() if said) or "to be read"


class Reader:
    """Finds in any number of passages what may be said there, by the names and codes of the graph of ``engine``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.known = Known(engine)
        self.called = by_key((name.iri, name.text) for name in self.known.every)
        self.entities = {text_of(thing) for (thing,) in engine.select(ENTITIES).rows}

    @cached_property
    def cues(self) -> list[tuple[str, str, str]]:
        """The words that the list of modalities has for each: modality, word, and its stems."""
        return [
            (text_of(code).rpartition("/")[2], word.strip(), f" {' '.join(stems(word))} ")
            for code, definition in self.engine.select(_CUES).rows
            if isinstance(definition, Literal)
            for word in re.split("[,;]", re.sub(r"\(.*?\)|\.$", "", definition.value.partition("Words:")[2]))
            if word.strip()
        ]

    def hints(self, text: str) -> Hints:
        """Return what may be said in ``text``."""
        found, plain = Hints(), _blank(_LINK, text)
        self._name(plain, found)
        folded = sources.bare(plain)
        found.things = [thing for thing in found.things if sources.is_named(folded, self.called[thing])]
        spoken = f" {' '.join(stems(plain))} "
        for modality, word, stemmed in self.cues:
            if stemmed in spoken:
                found.modalities.setdefault(modality, word)
        plain = _blank(_REFERENCE, plain)
        found.figures = list(dict.fromkeys(_figures(plain)))
        found.periods = periods(plain)
        return found

    def _name(self, text: str, found: Hints) -> None:
        said = [match[0] for match in re.finditer(r"[^\W_]+\+?", text.replace("’", "").replace("'", ""))]
        parts = [stem(fold(word)) for word in said]
        place = 0
        while place < len(parts):
            for end in range(min(len(parts), place + 14), place, -1):
                written = "".join(parts[place:end])
                named = [name for name in self.known.index.get(written, []) if written in "".join(stems(name.text))]
                named = [name for name in named if end > place + 1 or _is_called(said[place], name.text)]
                things = [name for name in named if name.iri in self.entities and not name.code]
                topics = [name.iri for name in named if re.search("/id/(?:topic|sector)/", name.iri)]
                best = min((name.rank for name in things), default=0)
                iris = sorted({name.iri for name in things if name.rank == best})
                if len(iris) == 1 and iris[0] not in found.things:
                    found.things += iris
                elif len(iris) > 1 and iris not in found.unclear:
                    found.unclear.append(iris)
                found.topics += [iri for iri in dict.fromkeys(topics) if iri not in found.topics]
                if things or topics:
                    place = end - 1
                    break
            place += 1


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _is_called(word: str, name: str) -> bool:
    """Say whether the one ``word`` is the ``name``, and no other word of its stem, or one that it has in capitals."""
    capitals = sum(map(str.isupper, name))
    if capitals > 1:
        return len(word) > 1 and capitals <= sum(map(str.isupper, word))
    return len(word) > 3 and fold(word)[:4] == fold(name)[:4]


def _figures(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the numbers in ``text``, each as all that it may mean, with the unit or currency beside it or “count”."""
    text = _blank(_NO_FIGURE, text)
    readings: dict[tuple[int, int], list[str]] = {}
    for value, start, end in numbers.stated(text):
        if text[start:end].casefold() not in _LITTLE:
            readings.setdefault((start, end), []).append(f"{value.normalize():f}")
    used: set[int] = set()
    kept: dict[tuple[int, int], set[str]] = {}
    ends: set[int] = set()
    for (start, end), values in sorted(readings.items(), key=lambda item: item[0][0] - item[0][1]):
        if not used.intersection(range(start, end)) or end in ends:  # 2.4-4.0 trillion
            ends.add(end)
            used.update(range(start, end))
            spaced = re.search(r"\d\s\d", text[start:end])
            kept[start, end] = {max(values, key=float)} if spaced else {*values}
    for (start, end), several in sorted(kept.items()):
        around = text[max(0, start - 5) : start], text[end : end + 14]
        units = [
            unit
            for unit, sign in numbers.SIGNS.items()
            if re.match(rf"[\s-]*(?:{sign})", around[1], re.IGNORECASE)
            or (unit.isupper() and re.search(rf"(?:{sign})\s*$", around[0], re.IGNORECASE))
        ]
        yield tuple(sorted(several, key=float)), units[0] if units else "count"


def _each(match: re.Match[str]) -> str:
    quarter = "kwartaal" if match[3][0] == "k" else "quarter"
    return f"{match[1]} {quarter}{match[4]}{match[2]} {quarter}{match[4]}"


def periods(text: str) -> list[str]:
    """Return the days and periods in ``text``, as they are written in the data: 2024-01-24, 2025-Q4, 2021--2027."""
    found = []
    for plain in re.findall(r"\S.{0,1000}(?!\S)", fold(text)):  # in pieces, since each period is held against all words
        plain = _BOTH.sub(_each, plain)
        places = [match.span() for match in re.finditer(r"[^\W_]+\+?", plain)]
        found += [re.sub(r"^(\d{4})-(\d{4})$", r"\1--\2", said) for _, said in windows.written(plain, places, ())]
    return list(dict.fromkeys(found))
