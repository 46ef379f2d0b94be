"""What is known before a question is asked: the phrases of the stored questions, and the names of things.

Each phrase stands under ``also`` in a header, with its parameters in capitals where a value stands; the name and the
summary of a question are phrases too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log

from euaikg.core import files, vocab
from euaikg.questions import lexicon, names, stored
from euaikg.questions.names import Name
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.questions.words import stem, stems, words
from euaikg.sparql.embedded import Engine

LITTLE = 0.2
"""What a word weighs that says little, such as “what”."""

SCHEMES = {"sector", "topic", "status", "tier", "currency", "funding-mode", "funder-category", "measure"}
"""The lists whose codes are recognised; of the others people do not know the words, or use them as any words."""

FOREIGN = (vocab.DCT, vocab.SKOS, vocab.FOAF, vocab.OWL, vocab.RDFS, "http://data.europa.eu/eli/ontology#")
"""Vocabularies of others, whose terms nobody means."""

SHOW = StoredQuery(
    "show", files.root(), "", summary="Everything about one thing, with who says so",
    parameters=(Parameter("thing", "iri", "", "", ""),),
)  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """How a question is asked: the words that it has, its slots in their order, and whether it denies something."""

    question: StoredQuery
    words: frozenset[str]
    slots: tuple[Parameter, ...]
    worth: float = 1.0
    is_denied: bool = False


class Known:
    """The words, the phrases with their weights, and the names, for any number of questions put to one graph."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.lists = lexicon.lexicon()
        self.headers = stored.headers()
        self.phrases = list(self._phrases())
        in_phrases = Counter(word for phrase in self._by_question() for word in phrase)
        self.weights = {word: min(2.5, log(1 + len(self.headers) / count)) / 2 for word, count in in_phrases.items()}
        self.weights |= {
            self.lists.of(word): LITTLE
            for said in self.lists.stop.values()
            for word in said
            if self.lists.is_stop(word)
        }

    def _phrases(self) -> Iterator[Phrase]:
        for question in self.headers:
            usual = 0.85 if question.name.startswith("view-") else 1.0  # they are drawn rather than read
            slots = {parameter.name.upper(): parameter for parameter in question.parameters}
            for phrase, worth in [
                *((phrase, usual) for phrase in question.also),
                (question.name.replace("-", " "), 0.9),
                (question.summary, 0.8),
            ]:
                yield self._phrase(question, phrase, slots, worth)
        for phrase in self.lists.show:
            yield self._phrase(SHOW, phrase, {"THING": SHOW.parameters[0]}, 0.97 if phrase == "THING" else 1.0)

    def _phrase(self, question: StoredQuery, phrase: str, slots: Mapping[str, Parameter], worth: float) -> Phrase:
        said = phrase.split()
        own = [word for part in said if part not in slots for word in words(part)]
        meant = frozenset(self.lists.of(word) for word in own)
        filled = tuple(slots[part] for part in said if part in slots)
        return Phrase(question, meant, filled, worth, self.lists.cues.is_denied(own))

    def said_by(self, question: StoredQuery) -> set[str]:
        """Return what stands for the words anywhere in the header of ``question``."""
        texts = [question.summary, question.description, *question.tags, *(one.label for one in question.parameters)]
        also = self.lists.show if question.name == "show" else question.also
        return {self.lists.of(word) for text in (*texts, *also) for word in words(text)}

    def _by_question(self) -> Iterable[set[str]]:
        found: dict[str, set[str]] = {}
        for phrase in self.phrases:
            found.setdefault(phrase.question.name, set()).update(phrase.words)
        return found.values()

    @cached_property
    def every(self) -> list[Name]:
        """All names in the graph."""
        return names.names(self.engine)

    @cached_property
    def names(self) -> list[Name]:
        """The names by which things may be meant in a question."""
        wanted = []
        for name in self.every:
            space, _, local = name.iri.removeprefix(vocab.BASE + "id/").partition("/")
            if not local or name.iri.startswith(FOREIGN):
                continue
            is_class = name.iri.startswith(vocab.EUAI) and name.iri[len(vocab.EUAI)].isupper()
            is_place = "/authority/country/" in name.iri
            if (
                (space in SCHEMES or is_class or is_place or "/currency/" in name.iri)
                if name.code
                else space != "period"
            ):
                wanted.append(name)
        return wanted

    @cached_property
    def parted(self) -> list[list[str]]:
        """The words of each of the names that are known."""
        return [words(name.text) for name in self.names]

    @cached_property
    def spoken(self) -> dict[str, set[str]]:
        """The words of names and phrases in English, and in Dutch, that are in no others."""
        there: dict[str, set[str]] = {"en": set(), "nl": set()}
        for name, parts in zip(self.names, self.parted, strict=True):
            if name.language in there:
                there[name.language].update(parts)
        unsure: list[list[str]] = []
        asked = (phrase.split() for question in self.headers for phrase in question.also)
        for phrase in ([word for part in parts if not part.isupper() for word in words(part)] for parts in asked):
            said = {lang: sum(word in stop for word in phrase) for lang, stop in self.lists.stop.items()}
            if said["en"] == said["nl"]:
                unsure.append(phrase)
            else:
                there[max(said, key=lambda lang: said[lang])].update(phrase)
        for phrase in unsure:  # of no or of equally many little words: as the others that have its words
            said = {lang: sum(word in there[lang] for word in phrase) for lang in there}
            there["nl" if said["nl"] > said["en"] else "en"].update(phrase)
        return {"en": there["en"] - there["nl"], "nl": there["nl"] - there["en"]}

    @cached_property
    def index(self) -> dict[str, list[Name]]:
        """The names by their stems, written as one word."""
        found: dict[str, list[Name]] = {}
        for name, parts in zip(self.names, self.parted, strict=True):
            found.setdefault("".join(map(stem, parts)), []).append(name)
        whole = {parts for parts, several in found.items() if not all(name.code for name in several)}
        for name, parts in zip(self.names, self.parted, strict=True):
            start = next((at for at, part in enumerate(parts) if part not in self.lists.beside), len(parts))
            rest = "".join(map(stem, parts[start:]))
            if 0 < start < len(parts) - 1 and not name.code and rest not in whole:
                found.setdefault(rest, []).append(name)
        for name in self.names:
            if (number := re.fullmatch(r"(\w+ )?\(\w+\) (\d+/\d+)", name.text)) and not name.code:
                for short in dict.fromkeys((f"{number[1] or ''}{number[2]}", number[2])):
                    found.setdefault("".join(stems(short)), []).append(name)
        for said, meant in self.lists.meant.items():
            found.setdefault("".join(stems(said)), []).extend(found.get("".join(stems(meant)), []))
        return found
