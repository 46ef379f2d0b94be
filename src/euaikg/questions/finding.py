"""Finding the stored question that a person means: from words as they are typed to commands that answer them.

Things, codes, documents and periods are recognised in the words. Then each phrase of each question, as it stands under
``also`` in the headers, is held against them: how much of the words it explains, and how much of it they say. Words
that mean the same, in English and Dutch, stand in ``queries/words.yaml``; rare ones weigh more than common ones. There
is no model and nothing is learned: what is found can be traced to a phrase.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from math import log
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from euaikg.core import files, vocab
from euaikg.errors import QueryError, UnknownThingError
from euaikg.questions import ask, names, parameters, stored, windows
from euaikg.questions.ask import option_name, quoted
from euaikg.questions.names import Name
from euaikg.questions.parameters import MONTHS, Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.questions.windows import Cues, Period
from euaikg.questions.words import fold, stem, stems, words
from euaikg.sparql import header, scanner
from euaikg.sparql.embedded import Engine

if TYPE_CHECKING:
    from euaikg.questions.cards import Card
    from euaikg.sparql.answers import Answer

SURE, APART, LEAST = 0.62, 0.05, 0.25
"""How good the best candidate is, and how much better than the next, where it is surely meant; worse than the last none
is offered."""

LONGEST = 400
"""How many characters of a question are looked at."""

LITTLE = 0.2
"""What a word weighs that says little, such as “what”."""

CLOSER = 12
"""How many questions are looked at more closely."""

RUN = 6
"""How many candidates are run at most, to see whether they have rows; it is a few hundredths of a second each."""

SLOT = 1.6
"""What a place in a phrase weighs in which a thing, a code or the like stands; a word weighs about 1."""

BESIDE = {
    "thing": 0.85, "document": 0.85, "sector": 0.85, "status": 0.85, "tier": 0.85, "currency": 0.85, "by": 0.7,
    "for": 0.7, "other": 0.5,
}  # fmt: skip
"""How much of something typed is explained where the question can take it, but the phrase does not say so."""

DENIED = 0.65
"""How well a question does for words such as “what is not in force” where it only answers the opposite."""

SCHEMES = {"sector", "topic", "status", "tier", "currency", "funding-mode", "funder-category", "measure"}
"""The lists whose codes are recognised; of the others people do not know the words, or use them as any words."""

FOREIGN = (vocab.DCT, vocab.SKOS, vocab.FOAF, vocab.OWL, vocab.RDFS, "http://data.europa.eu/eli/ontology#")
"""Vocabularies of others, whose terms nobody means."""

KINDS = """
SELECT ?thing ?kind WHERE {
  VALUES ?thing { UNDEF }
  { ?thing a/rdfs:subClassOf* ?kind } UNION { ?thing skos:inScheme ?kind }
}
"""

DATED = """
SELECT DISTINCT ?document ?day WHERE {
  ?document a euai:SourceDocument .
  { ?document dct:issued ?day } UNION { ?any euai:statedAt ?document ; euai:statedOn ?day }
}
"""


@dataclass(frozen=True)
class Candidate:
    """A command that may answer what was asked, with its ``score`` from 0 to 1.

    ``question`` is a stored question, or ``show`` or ``search``; ``values`` has the values of its parameters.
    """

    command: str
    question: str
    values: Mapping[str, list[str]]
    score: float
    summary: str


@dataclass(frozen=True)
class Found:
    """What words were taken for: the best ``candidates``, whether the first is ``sure`` to be meant, and the language.

    It is not sure of what has no rows, nor where words say something that the first candidate leaves out: the
    ``missed``. The ``answer`` to the first is there where one was asked for and it is sure: that of a stored question,
    or a card.
    """

    candidates: tuple[Candidate, ...]
    sure: bool
    lang: str
    missed: tuple[str, ...] = ()
    answer: Answer | Card | None = None


@dataclass(frozen=True)
class Item:
    """Something recognised in the words ``first`` to ``last``: things, the likeliest first, a period or a number."""

    first: int
    last: int
    things: tuple[str, ...] = ()
    period: Period | None = None
    number: int | None = None
    is_whole: bool = True

    @property
    def span(self) -> range:
        """The places of its words."""
        return range(self.first, self.last)


SHOW = StoredQuery(
    "show", files.root(), "", summary="Everything about one thing, with who says so",
    parameters=(Parameter("thing", "iri", "", "", ""),),
)  # fmt: skip
SEARCH = "Things by any of their names, or by what is said of them"


def _candidate(
    asked: _Asked, score: float, question: StoredQuery, bound: Mapping[str, list[str]], lang: str
) -> Candidate:
    """Return the command that asks ``question`` with the values ``bound``, things by a name that leads to them."""
    values = {name: [asked.called(text, lang) for text in texts] for name, texts in bound.items()}
    subject = question.subject.name if question.subject else None
    parts = ["euaikg", *([] if question.name == "show" else ["query"]), question.name]
    parts += [quoted(text) for text in values.get(subject or "", [])]
    for name, texts in values.items():
        if name == "other" and subject == "thing" and "thing" in values:
            parts += [quoted(text) for text in texts]
        elif name != subject:
            parts += [word for text in texts for word in (option_name(name), quoted(text))]
    takes_lang = question.name == "show" or any(parameter.name == "lang" for parameter in question.parameters)
    if lang != "en" and takes_lang:
        parts += ["--lang", lang]
        values |= {"lang": [lang]} if question.name != "show" else {}
    summary = question.summary
    return Candidate(" ".join(parts), question.name, values, round(min(score, 1.0), 3), summary)


class _Words:
    """What ``queries/words.yaml`` says, ready for use."""

    def __init__(self) -> None:
        said = header.parsed(files.read_text(files.root() / "queries" / "words.yaml"))
        self.stop = {lang: set(words(text)) for lang, text in said["stop"].items()}
        self.meant: Mapping[str, str] = said["meant"]
        for lang, text in said["when"].items():
            self.stop[lang].update(words(text))
        self.cues = Cues(said)
        self.show: list[str] = said["show"]
        self.same: dict[str, str] = {}
        self.begins: dict[str, str] = {}
        for one, text in said["same"].items():
            for word in text.split():
                if word.endswith("*"):
                    self.begins[word[:-1].replace("-", "")] = one
                else:
                    self.same[stem(word.replace("-", ""))] = one
        self.longest = max(map(len, self.begins))
        self.known: dict[str, str] = {}

    def is_said(self, word: str) -> bool:
        """Say whether ``word`` is among those that mean the same as others."""
        return stem(word) in self.same or any(word[:size] in self.begins for size in range(3, len(word) + 1))

    def of(self, word: str) -> str:
        """Return what stands for ``word`` and all that mean the same."""
        if word not in self.known:
            one = self.same.get(stem(word))
            for size in range(min(len(word), self.longest), 2, -1):
                one = one or self.begins.get(word[:size])
            self.known[word] = one or stem(word)
        return self.known[word]

    def is_stop(self, word: str) -> bool:
        """Say whether ``word`` says nothing about what is asked."""
        return any(word in said for said in self.stop.values()) and stem(word) not in self.same


@dataclass(frozen=True)
class _Phrase:
    """How a question is asked: the words that it has, and its slots in their order."""

    question: StoredQuery
    words: frozenset[str]
    slots: tuple[Parameter, ...]
    worth: float = 1.0


def language(text: str) -> str:
    """Return the language of the words ``text``, Dutch or English, by the little words in it."""
    said = {lang: sum(word in stop for word in words(text)) for lang, stop in _lists().stop.items()}
    return max(("en", "nl"), key=lambda lang: said.get(lang, 0))


@cache
def _lists() -> _Words:
    return _Words()


class Finder:
    """What does not depend on a question: the words, the phrases and the names; for many questions it is made once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.answers: dict[str, Answer] = {}
        self.lists = _Words()
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

    def find(self, text: str, lang: str | None = None, count: int = 3) -> Found:
        """Return up to ``count`` commands that may answer the question ``text``, the likeliest first.

        The language of the answers is ``lang``, or that of the words. Raises :class:`QueryError` where there are none.
        """
        scanner.refuse_half_characters(text)
        asked = _Asked(self, text[:LONGEST])
        if not asked.words:
            raise QueryError("There are no words to look for; ask something like: euaikg ask who funds GenAI4EU.")
        lang = lang or asked.language
        ranked = [one for one in sorted(asked.ranked(), key=lambda one: -one[0]) if one[0] >= LEAST]
        candidates = [_candidate(asked, *one, lang) for one in ranked[: max(RUN, count)]]
        missed = asked.missed(*ranked[0][1:]) if ranked else ()
        apart = len(candidates) < 2 or candidates[0].score - candidates[1].score >= APART
        sure = bool(candidates) and candidates[0].score >= SURE and apart and not missed
        sure = sure and asked.is_dated(candidates[0].values)
        if sure and self._has_rows(candidates[0]):
            return Found(tuple(candidates[:count]), True, lang)
        there = self._with_rows(candidates, count)
        kept = candidates[:1] if candidates and candidates[0].score >= SURE and not missed else []
        if not there and (thing := asked.first):
            there = [_candidate(asked, LEAST, SHOW, {"thing": [thing]}, lang)]
        if kept and kept[0] not in there:
            there[count - 1 :] = kept  # well understood: that there is nothing says something too
        unknown = [word for word in missed if word in asked.unknown]
        if unknown or not there or (there[0].score < SURE and not asked.items):
            typed = quoted(" ".join(unknown or words(text)))
            search = Candidate(f"euaikg search {typed}", "search", {"words": [typed]}, 0.0, SEARCH)
            if not there or names.search(self.engine, " ".join(unknown or words(text))):
                there.insert(count - 1, search)
        return Found(tuple(there[:count]), False, lang, missed)

    def _with_rows(self, candidates: Sequence[Candidate], count: int) -> list[Candidate]:
        """Return ``count`` of the ``candidates`` that have rows, as they come."""
        there: list[Candidate] = []
        for one in candidates[:RUN]:
            if len(there) < count and self._has_rows(one):
                there.append(one)
        return there

    def _has_rows(self, candidate: Candidate) -> bool:
        """Say whether the question of ``candidate`` can be asked and has an answer; a card always has one."""
        if candidate.question == "show":
            return True
        try:
            return bool(ask.question(self.engine, candidate.question, candidate.values, answers=self.answers).answer)
        except (QueryError, UnknownThingError):
            return False

    def _phrases(self) -> Iterator[_Phrase]:
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
            yield self._phrase(SHOW, phrase, {"THING": SHOW.parameters[0]}, 0.97)

    def _phrase(self, question: StoredQuery, phrase: str, slots: Mapping[str, Parameter], worth: float) -> _Phrase:
        said = phrase.split()
        own = [word for part in said if part not in slots for word in words(part)]
        meant = frozenset(self.lists.of(word) for word in own)
        return _Phrase(question, meant, tuple(slots[part] for part in said if part in slots), worth)

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
    def known(self) -> list[Name]:
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
        return [words(name.text) for name in self.known]

    @cached_property
    def index(self) -> dict[str, list[Name]]:
        """The names by their stems, written as one word."""
        found: dict[str, list[Name]] = {}
        for name, parts in zip(self.known, self.parted, strict=True):
            found.setdefault("".join(map(stem, parts)), []).append(name)
        for said, meant in self.lists.meant.items():
            found.setdefault("".join(stems(said)), []).extend(found.get("".join(stems(meant)), []))
        return found


@dataclass
class _Asked:
    """The words of a question, and what is recognised in them."""

    finder: Finder
    text: str
    items: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plain = _separated(self.text)
        self.places = [match.span() for match in re.finditer(r"[^\W_]+\+?", self.plain)]
        self.words = [self.plain[start:end] for start, end in self.places]
        self._respell()
        self._recognise()

    @cached_property
    def language(self) -> str:
        """The language of the words, Dutch or English."""
        stop = {lang: sum(word in said for word in self.words) for lang, said in self.finder.lists.stop.items()}
        there: dict[str, set[str]] = {"en": set(), "nl": set()}
        for name, parts in zip(self.finder.known, self.finder.parted, strict=True):
            if name.language in there:
                there[name.language].update(parts)
        only = {lang: there[lang] - there["nl" if lang == "en" else "en"] for lang in there}
        score = {lang: 2 * stop[lang] + sum(word in only[lang] for word in self.words) for lang in there}
        return "nl" if score["nl"] > score["en"] else "en"

    def _respell(self) -> None:
        """Put the nearest word that there is in the place of each that there is not, where one is near.

        A long one may be two of them, as Dutch writes words together.
        """
        import difflib

        called = {part for parts in self.finder.parted for part in parts}
        parted: dict[int, tuple[str, str]] = {}
        for place, word in enumerate(self.words):
            if len(word) < 4 or word.isdigit() or word in called or word in self._written:
                continue
            halves = [(word[:at], word[at:]) for at in range(4, len(word) - 3)]
            if two := next((pair for pair in halves if called.issuperset(pair)), None):
                parted[place] = two
            elif not self._is_word(word):
                there = [one for one in called | self._written if one[:1] == word[0] or len(one) > len(word)]
                near = difflib.get_close_matches(word[:60], there, 1, names.CLOSE)
                self.words[place] = near[0] if near else word
        for place, both in reversed(parted.items()):
            self.words[place : place + 1] = both
            self.places[place : place + 1] = [self.places[place]] * 2

    @cached_property
    def _written(self) -> set[str]:
        """The words of phrases and lists."""
        lists = self.finder.lists
        texts = [phrase for question in self.finder.headers for phrase in question.also]
        found = {word for text in (*texts, *lists.meant, *MONTHS) for word in words(text)}
        return found.union(lists.same, lists.begins, lists.cues.words, *lists.stop.values())

    def _is_word(self, word: str) -> bool:
        return (
            self.finder.lists.is_stop(word)
            or self.finder.lists.is_said(word)
            or self.finder.lists.of(word) in self.finder.weights
        )

    # what is recognised

    def _recognise(self) -> None:
        self.taken = taken = set[int]()
        self.little = set[int]()
        for found in (self._names, self._documents, self._numbers, self._periods):
            for item in found():
                if not taken.intersection(item.span):
                    self.items.append(item)
                    taken.update(item.span)
        self.items += self._parts(taken)
        beside = [item for item in self.items if EUROPE in item.things and self._is_beside(item)]
        self.little = {place for item in beside for place in item.span}
        self.items = sorted((item for item in self.items if item not in beside), key=lambda item: item.first)
        things = {thing for item in self.items for thing in item.things}
        self.kinds: dict[str, set[str]] = {thing: set() for thing in things}
        asked = scanner.fill(KINDS, {"thing": [NamedNode(thing) for thing in things]})
        for thing, kind in self.finder.engine.select(asked).rows if things else ():
            self.kinds[names.text_of(thing)].add(names.text_of(kind))
        classes = {thing for thing, kinds in self.kinds.items() if vocab.OWL + "Class" in kinds}
        self.sorts = {item.things[0] for item in self.items if classes.intersection(item.things[1:])}

    def _is_beside(self, item: Item) -> bool:
        """Say whether ``item`` only says of what it is, as “EU” does in “which EU programmes”."""
        return item.last < len(self.words) and self.words[item.first - 1 : item.first] in ([word] for word in ASKING)

    def _names(self) -> Iterator[Item]:
        """Yield what is named whole, the longest names first wherever two would share a word."""
        parts = [stem(word) for word in self.words]
        longest = 14
        place = 0
        while place < len(parts):
            for end in range(min(len(parts), place + longest), place, -1):
                found = self.finder.index.get("".join(parts[place:end]), [])
                if found and not (end == place + 1 and self._is_common(self.words[place], found)):
                    best = sorted(found, key=lambda name: (name.code, name.rank, len(name.text)))
                    yield Item(place, end, tuple(dict.fromkeys(name.iri for name in best)))
                    place = end - 1
                    break
            place += 1

    def _is_common(self, word: str, found: Iterable[Name]) -> bool:
        """Say whether the one word is no name here: a stop word, or two letters that are no capitals."""
        short = len(word) < 3 and not re.search(rf"\b{re.escape(word.upper())}\b", self.text)
        other = all(
            name.text.isupper()
            and stems(name.text) == [stem(word)]
            and fold(name.text) not in (word, word.removesuffix("s"))
            for name in found
        )
        return short or other or any(word in said for said in self.finder.lists.stop.values())

    def _documents(self) -> Iterator[Item]:
        """Yield a document that was read and is named by its kind, and perhaps by its date or a part of its title."""
        bags = {document: self._dates(when) for document, when in self.days.items()}
        for name, parts in zip(self.finder.known, self.finder.parted, strict=True):
            if name.iri in bags:
                bags[name.iri].update(map(stem, parts))
        for number, item in enumerate(self.items):  # a strategy may mean the document that sets it out
            own = {stem(self.words[at]) for at in item.span}
            holding = [
                document
                for document, bag in bags.items()
                if len(own) > 2 and own <= bag and document not in item.things
            ]
            self.items[number] = replace(item, things=(*item.things, *holding))
        common = Counter(word for bag in bags.values() for word in bag)
        nouns, vague = set(map(stem, (*DOCUMENTS, *VAGUE))), set(map(stem, VAGUE))
        for place, word in enumerate(map(stem, self.words)):
            if word not in nouns or not common[word] or place in self.taken:
                continue
            same = [at for at, other in enumerate(self.words) if stem(other) == word and at not in self.taken]
            between = [at for at, other in enumerate(self.words) if other in AND and len(same) > 1]
            start = max((at for at in between if at < place and at > same[0]), default=max(0, place - 5))
            end = min((at for at in between if place < at < same[-1]), default=len(self.words))
            near = range(max(start, place - 5), min(end, place + 6))
            near_ = [at for at in near if not self._is_little(at) and at not in self.taken]
            scored = []
            for document, bag in bags.items():
                if word in bag:
                    hits = [at for at in near_ if stem(self.words[at]) in bag]
                    scored.append((sum(1 / common[stem(self.words[at])] for at in hits), document, hits))
            best = max(scored, default=(0.0, "", []))
            hits = _run(best[2], place) if scored else []
            if len(hits) > (word in vague) and sum(score == best[0] for score, _, _ in scored) == 1:
                yield Item(hits[0], hits[-1] + 1, (best[1],))

    @cached_property
    def days(self) -> dict[str, set[str]]:
        """The days of the documents that were read."""
        found: dict[str, set[str]] = {}
        for read, day in self.finder.engine.select(DATED).rows:
            found.setdefault(names.text_of(read), set()).add(names.text_of(day))
        return found

    def _is_little(self, place: int) -> bool:
        is_stop = self.finder.lists.is_stop(self.words[place]) and not self.words[place].isdigit()
        return is_stop or place in self.little

    def _dates(self, days: Iterable[str]) -> set[str]:
        found = set()
        for day in days:
            year, month, _ = day.split("-")
            found |= {year, *map(stem, MONTHS[int(month) - 1].split())}
        return found

    def _numbers(self) -> Iterator[Item]:
        """Yield the least number that is asked for, such as “more than 100 million”."""
        for match in _LEAST.finditer(self.plain):
            number = float(match["number"].replace(",", ".")) * _POWERS.get(match["power"] or "", 1)
            yield Item(*self._span(match), number=int(number))

    def _periods(self) -> Iterator[Item]:
        for span, period in self.finder.lists.cues.periods(self.plain, self.words, self.places, self.taken):
            yield Item(span.start, span.stop, period=period)

    def _span(self, match: re.Match[str]) -> tuple[int, int]:
        inside = [at for at, (start, end) in enumerate(self.places) if start < match.end() and end > match.start()]
        return inside[0], inside[-1] + 1

    def _parts(self, taken: set[int]) -> Iterator[Item]:
        """Yield things of which only a part of a name is typed, where that is most of it or a rare word."""
        free = [at for at in range(len(self.words)) if at not in taken and not self._is_little(at)]
        rare = [at for at in free if not self._is_word(self.words[at]) and len(self.words[at]) > 2]
        if not rare:
            return
        typed = {stem(self.words[at]): at for at in (*range(len(self.words)),) if not self._is_little(at)}
        wanted = {stem(self.words[at]) for at in rare}
        common: Counter[str] = Counter()
        there = []
        for name, plain in zip(self.finder.known, self.finder.parted, strict=True):
            parts = set(map(stem, plain))
            common.update(parts)
            if parts & wanted and not name.code:
                there.append((name, parts))
        scored: list[tuple[float, Name, list[int]]] = []
        for name, parts in there:
            weigh = {
                part: log(len(self.finder.known) / common[part]) * (0.4 if self.finder.lists.is_stop(part) else 1)
                for part in parts
            }
            hits = [part for part in parts if part in typed and typed[part] not in taken]
            score = sum(weigh[part] for part in hits) / sum(weigh.values())
            places = sorted(typed[part] for part in hits)
            scored.append((score + 0.01 * len(hits), name, places))
        done: set[int] = set()
        for at in rare:
            if at in done:
                continue
            mine = sorted(
                (one for one in scored if at in one[2] and one[0] >= (0.34 if self._is_proper(at) else 0.6)),
                key=lambda one: (-round(one[0], 2), one[1].rank, len(one[1].text), one[1].iri),
            )
            if mine:
                places = _run(mine[0][2], at)
                done.update(places)
                things = tuple(dict.fromkeys(name.iri for _, name, _ in mine[:6]))
                yield Item(places[0], places[-1] + 1, things, is_whole=False)

    def _is_proper(self, place: int) -> bool:
        """Say whether the word is typed as a proper name is: with a capital or digit, and not as the first word."""
        typed = re.search(rf"\b{re.escape(self.words[place])}", self.text, re.IGNORECASE)
        return bool(typed and re.search("[A-Z0-9]", typed[0]) and (place or len(self.words) == 1))

    # how questions fit

    def ranked(self) -> list[tuple[float, StoredQuery, dict[str, list[str]]]]:
        """Return each question with its score and the values that it takes from the words, by its best phrase."""
        units = self._units()
        best: dict[str, tuple[float, StoredQuery, dict[str, list[str]]]] = {}
        for phrase in self.finder.phrases:
            score, bound = self._fit(phrase, units)
            if phrase.question.name == "show" and "thing" not in bound:
                continue
            if phrase.question.name not in best or score > best[phrase.question.name][0]:
                best[phrase.question.name] = (score, phrase.question, bound)
        said = [(word, weight) for word, weight, _ in units if word]
        whole = sum(weight for _, weight in said) or 1.0
        likely = sorted(best.items(), key=lambda pair: -pair[1][0])[:CLOSER]
        return [
            (self._agreed(question) * (0.93 * score + 0.07 * self._share(said, question) / whole), question, bound)
            for _, (score, question, bound) in likely
        ]

    def is_dated(self, values: Iterable[str]) -> bool:
        """Say whether any period that is typed is among the ``values`` of a question, by their names."""
        return not any(item.period for item in self.items) or not windows.DATES.isdisjoint(values)

    def _agreed(self, question: StoredQuery) -> float:
        """Return what a question is worth for words that deny something: little, if no phrase of it does."""
        cues = self.finder.lists.cues
        owned = {place for item in self.items for place in item.span}
        is_denied = cues.is_denied(word for place, word in enumerate(self.words) if place not in owned)
        return DENIED if is_denied and not cues.is_denied(words(" ".join(question.also))) else 1.0

    def _share(self, said: Iterable[tuple[str, float]], question: StoredQuery) -> float:
        """Return the weight of those of the words ``said`` that stand anywhere in the header of ``question``."""
        there = self.finder.said_by(question)
        return sum(weight for word, weight in said if word in there)

    @property
    def first(self) -> str | None:
        """The thing that is named first, if any."""
        return next((item.things[0] for item in self.items if item.things), None)

    @cached_property
    def unknown(self) -> set[str]:
        """The words that name nothing and stand in no question or list of words."""
        owned = {place for item in self.items for place in item.span}
        return {
            self.plain[slice(*self.places[place])]
            for place, word in enumerate(self.words)
            if place not in owned | self.little and not word.isdigit() and not self._is_word(word)
        }

    def missed(self, question: StoredQuery, bound: Mapping[str, list[str]]) -> tuple[str, ...]:
        """Return the words that say something which ``question`` with the values ``bound`` leaves out, as typed."""
        there = self.finder.said_by(question)
        values = {value for texts in bound.values() for value in texts}
        used = set[int]()
        for item in self.items:
            if (
                values.intersection(item.things)
                or (item.period and bound.keys() & {"from", "until", "validOn", "asOf", "earlier"})
                or (item.number is not None and "atLeast" in bound)
                or EUROPE in item.things
            ):
                used.update(item.span)
        left = [
            place
            for place, word in enumerate(self.words)
            if place not in used and not self._is_little(place) and self.finder.lists.of(word) not in there
        ]
        return tuple(dict.fromkeys(self.plain[slice(*self.places[place])] for place in left))

    def _units(self) -> list[tuple[str, float, int]]:
        """Return the words that say something, each with its weight and the number of the item it belongs to, or -1."""
        owner = {place: number for number, item in enumerate(self.items) for place in item.span}
        found = []
        for place, word in enumerate(self.words):
            one = self.finder.lists.of(word)
            if place not in self.little and (not word.isdigit() or owner.get(place, -1) < 0):
                found.append((one, self.finder.weights.get(one, 0.7), owner.get(place, -1)))
        return found

    def _fit(self, phrase: _Phrase, units: Sequence[tuple[str, float, int]]) -> tuple[float, dict[str, list[str]]]:
        bound: dict[str, list[str]] = {}
        used: dict[int, float] = {}
        filled = 0.0
        free = list(range(len(self.items)))
        for slot in phrase.slots:
            fits = [(number, value) for number in free if (value := self._value(self.items[number], slot, True))]
            if fits:
                number, value = max(fits, key=lambda pair: self._worth(pair[1], slot))  # the first that is no group
                bound[slot.name] = [value]
                used[number] = self._worth(value, slot)
                free.remove(number)
                filled += used[number]
        for number in list(free):
            item = self.items[number]
            inside = [one for one, _, owner in units if owner == number]
            is_said = item.period is None and bool(inside) and all(one in phrase.words for one in inside)
            for name, value, worth in self._beside(item, phrase.question, bound):
                if not is_said or name not in ("thing", "other"):
                    bound.setdefault(name, []).append(value)
                    used[number] = worth
            if is_said:
                used[number] = -1.0
        self._settle(phrase.question, bound)
        typed = explained = 0.0
        for number, item in enumerate(self.items):
            worth = used.get(number, 0.0)
            inside_weight = sum(weight for _, weight, owner in units if owner == number)
            weight = SLOT if item.is_whole and worth >= 0 else max(inside_weight, 0.7)
            typed += weight
            explained += weight * abs(worth)
        for one, weight, owner in units:
            if owner < 0:
                typed += weight
                explained += weight * (one in phrase.words)
        said = {one for one, _, number in units if used.get(number, 0.0) <= 0}
        own = sum(self.finder.weights.get(word, 0.7) for word in phrase.words)
        met = sum(self.finder.weights.get(word, 0.7) for word in phrase.words if word in said)
        whole = typed + own + SLOT * len(phrase.slots)
        score = phrase.worth * (explained + met + SLOT * filled) / whole if whole else 0.0
        if phrase.slots and not filled:
            score *= 0.8  # what it asks about is not there
        return score, bound

    def _settle(self, question: StoredQuery, bound: dict[str, list[str]]) -> None:
        """Leave one value to each parameter that takes one, and put two documents in the order of their dates."""
        for parameter in question.parameters:
            texts = bound.get(parameter.name, [])
            if len(texts) > 1 and not parameter.is_repeatable:
                least = parameter.name in ("from", "atLeast")
                bound[parameter.name] = [min(texts, key=_order) if least else max(texts, key=_order)]
        if "earlier" in bound and "later" in bound:
            both = sorted((bound["earlier"][0], bound["later"][0]), key=lambda one: min(self.days.get(one, {""})))
            bound["earlier"], bound["later"] = both[:1], both[1:]

    def _beside(
        self, item: Item, question: StoredQuery, bound: Mapping[str, list[str]]
    ) -> Iterator[tuple[str, str, float]]:
        """Yield the parameters of ``question`` that take ``item`` though the phrase does not name them."""
        there = {parameter.name: parameter for parameter in question.parameters}
        if item.period:
            said = windows.dated(there, item.period, "money" in question.tags)
            yield from (one for one in said if one[0] not in bound)
            return
        if item.number is not None:
            if "atLeast" in there:
                yield "atLeast", str(item.number), 0.9
            return
        is_served = any(GROUP in self.kinds[thing] for thing in item.things[:1])
        for parameter in sorted(
            question.parameters, key=lambda one: (is_served and one.name == "by", -BESIDE.get(one.name, 0.6))
        ):
            if parameter.name in bound or parameter.name in ("earlier", "later"):
                continue
            value = self._value(item, parameter, False)
            if value is not None:
                yield parameter.name, value, BESIDE.get(parameter.name, 0.6) * self._worth(value, parameter)
                return

    def _value(self, item: Item, parameter: Parameter, is_said: bool) -> str | None:
        """Return the first thing of ``item`` that ``parameter`` takes, if any; a phrase may say that it does."""
        for thing in item.things:
            kinds = self.kinds[thing]
            is_document = vocab.EUAI + "SourceDocument" in kinds
            is_code = any(kind.startswith(vocab.BASE + "id/") for kind in kinds)
            is_class = vocab.OWL + "Class" in kinds
            if parameter.type == "code":
                fits = f"{vocab.BASE}id/{parameter.scheme}" in kinds
            elif parameter.type == "notation":
                fits = "/currency/" in thing
            elif parameter.type != "iri" or parameter.name == "relation":
                fits = False
            elif parameter.kinds:
                fits = bool(kinds.intersection(parameter.kinds))
            elif parameter.name == "kind":
                fits = is_class
            elif parameter.name == "sector":
                fits = is_code
            elif parameter.name in ("by", "for"):
                fits = bool(kinds.intersection(FOUNDERS if is_said and parameter.name == "by" else ACTORS))
            else:
                fits = not is_code and not is_class and "/currency/" not in thing and not is_document
            if fits and (is_said or not is_document or thing == item.things[0]):
                return thing
        return None

    def _worth(self, thing: str, parameter: Parameter) -> float:
        """Return how well ``thing`` does for ``parameter``: groups and sorts are seldom what a question is about."""
        is_group = (
            (GROUP in self.kinds[thing] or thing in self.sorts)
            and parameter.name in ("thing", "other")
            and not parameter.kinds
        )
        return 0.6 if thing == EUROPE and parameter.name in ("thing", "other") else 0.7 if is_group else 1.0

    def called(self, text: str, lang: str) -> str:
        """Return for an IRI the shortest name that leads to it and to nothing else, and other text as it is."""
        if "://" not in text:
            return text
        mine = [name for name in self.finder.known if name.iri == text]
        if vocab.OWL + "Class" in self.kinds.get(text, ()) or not mine:
            return vocab.short(text)
        is_code = any(kind.startswith(vocab.BASE + "id/") for kind in self.kinds.get(text, ()))
        if is_code:
            return text.rsplit("/", 1)[-1]
        if "/currency/" in text:
            return next(name.text for name in mine if name.rank == 1)
        for name in sorted(
            mine, key=lambda name: (name.language != lang, bool(name.language), name.rank == 2, len(name.text))
        ):
            alike = self.finder.index["".join(stems(name.text))]
            there = [other for other in alike if fold(other.text) == fold(name.text)]
            first = min((other.code, other.rank) for other in there)
            if {other.iri for other in there if (other.code, other.rank) == first} == {text}:
                return name.text
        return vocab.short(text)


GROUP = vocab.EUAI + "ActorGroup"
EUROPE = vocab.BASE + "id/place/european-union"
"""Where nearly all is, so that it is seldom what a question is about."""

ACTORS = {vocab.EUAI + name for name in ("Body", "Person", "FundingProgramme")}
FOUNDERS = ACTORS | {vocab.EUAI + name for name in ("LegalAct", "Initiative", "Infrastructure", "Document", "Place")}
"""What acts or is served wherever it is named, and what may be where a phrase says so."""

DOCUMENTS = (
    "communication", "mededeling", "press", "persbericht", "annexes", "annex", "bijlagen", "bijlage", "nota", "monitor",
)  # fmt: skip
VAGUE = ("document", "note", "plan", "actieplan", "strategy", "strategie", "cover", "package", "pakket")
"""What people call documents, and what they call them and much else, so that it takes another word of the title."""

ASKING = ("which", "what", "many", "much", "all", "any", "welke", "welk", "hoeveel", "alle")
"""What stands before a word of kind."""

AND = ("and", "en", "with", "met", "to", "naar")
"""What stands between two documents."""

_POWERS = {
    "k": 10**3, "thousand": 10**3, "duizend": 10**3, "m": 10**6, "mln": 10**6, "million": 10**6, "miljoen": 10**6,
    "bn": 10**9, "mrd": 10**9, "billion": 10**9, "miljard": 10**9,
}  # fmt: skip
_LEAST = re.compile(
    r"(?:more than|at least|over|above|minimum|meer dan|minstens|ten minste|boven|vanaf)\s+(?:eur\s+|€\s*)?"
    rf"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<power>{'|'.join(sorted(_POWERS, key=len, reverse=True))})\b"
)


_TWO = re.compile(
    rf"\b(?P<first>(?:(?:{windows.MONTH})\s+)?20\d\d)\s+(?P<between>and|en)\s+(?P<second>(?:(?:{windows.MONTH})\s+)?20\d\d)\s+"
    r"(?P<kind>communications?|mededelingen|documents|documenten)\b"
)
"""Two documents of a kind that is named once."""


def _separated(text: str) -> str:
    """Return ``text`` folded, as its words are counted."""
    plain = fold(text).replace("'s ", "s ").replace("'", "")
    return _TWO.sub(r"\g<first> \g<kind> \g<between> \g<second> \g<kind>", plain)


def _order(text: str) -> tuple[date, float]:
    """Return what periods and numbers are ordered by."""
    days = parameters.period(text)
    return (days[1], 0.0) if days else (date.min, float(text))


def _run(places: Sequence[int], middle: int) -> list[int]:
    """Return of the sorted ``places`` those around ``middle`` between which at most two words lie."""
    kept = [middle]
    for place in sorted(one for one in places if one > middle):
        if place - kept[-1] <= 3:
            kept.append(place)
    for place in sorted((one for one in places if one < middle), reverse=True):
        if kept[0] - place <= 3:
            kept.insert(0, place)
    return kept
