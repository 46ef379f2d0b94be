"""What is recognised in the words of a question: things, codes, documents, periods and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log

from pyoxigraph import NamedNode

from euaikg.core import vocab
from euaikg.questions import names, windows
from euaikg.questions.names import Name
from euaikg.questions.parameters import MONTHS
from euaikg.questions.phrases import Known
from euaikg.questions.windows import Period
from euaikg.questions.words import fold, stem, stems, words
from euaikg.sparql import scanner

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


EUROPE = vocab.BASE + "id/place/european-union"
"""Where nearly all is, so that it is seldom what a question is about."""
DOCUMENTS = (
    "communication", "mededeling", "press", "persbericht", "annexes", "annex", "bijlagen", "bijlage", "nota", "monitor",
)  # fmt: skip
VAGUE = ("document", "note", "plan", "actieplan", "strategy", "strategie", "cover", "package", "pakket")
"""What people call documents, and what they call them and much else, so that it takes another word of the title."""

ASKING = ("which", "what", "many", "much", "all", "any", "welke", "welk", "hoeveel", "alle")
"""What stands before a word of kind."""

WHICH = (["which"], ["welke"])
"""What asks for things of a kind where it stands before their name: “which EDICs” are no instrument."""

SHORT = 6
"""How many letters a word has at most that may as well be another word as a slip: “seated” is near “stated”."""

AND = ("and", "en", "with", "met", "to", "naar")
"""What stands between two documents."""

_TWO = re.compile(
    rf"\b(?P<first>(?:(?:{windows.MONTH})\s+)?20\d\d)\s+(?P<between>and|en)\s+(?P<second>(?:(?:{windows.MONTH})\s+)?20\d\d)\s+"
    r"(?P<kind>communications?|mededelingen|documents|documenten)\b"
)
"""Two documents of a kind that is named once."""
_DATE = re.compile(rf"{windows.MONTH}|20\d\d")
"""Words of a date, which name nothing alone: the dialogue of 31 March is not meant by “1 March 2025”."""


def separated(text: str) -> str:
    """Return ``text`` folded, as its words are counted."""
    plain = fold(text).replace("'s ", "s ").replace("'", "")
    return _TWO.sub(r"\g<first> \g<kind> \g<between> \g<second> \g<kind>", plain)


@dataclass(frozen=True)
class Item:
    """Something recognised in the words ``first`` to ``last``: things, the likeliest first, a period or a number.

    What is none of them no parameter takes: an amount such as “no more than 600 million”, a count such as “more than
    20”, or a thing to compare others with.
    """

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


@dataclass
class Recognised:
    """The words of a question, and what is recognised in them."""

    known: Known
    text: str
    items: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plain = separated(self.text)
        self.places = [match.span() for match in re.finditer(r"[^\W_]+\+?", self.plain)]
        self.words = [self.plain[start:end] for start, end in self.places]
        self._respell()
        self._recognise()

    @cached_property
    def language(self) -> str:
        """The language of the words, Dutch or English, by little ones and those of names and phrases in only one."""
        own = {lang: 2 * sum(word in said for word in self.words) for lang, said in self.known.lists.stop.items()}
        for lang, there in self.known.spoken.items():
            own[lang] += sum(word in there for word in self.words)
        return "nl" if own["nl"] > own["en"] else "en"

    def _respell(self) -> None:
        """Put the nearest word that there is in the place of each that there is not, where one is near.

        A long one may be two of them, as Dutch writes words together. A short one that is near no name is a guess.
        """
        import difflib

        called = {part for parts in self.known.parted for part in parts}
        parted: dict[int, tuple[str, str]] = {}
        guessed = set[int]()
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
                if near and len(word) <= SHORT and (near[0] in self._written or near[0] not in called):
                    guessed.add(place)
        for place, both in reversed(parted.items()):
            self.words[place : place + 1] = both
            self.places[place : place + 1] = [self.places[place]] * 2
        self.guessed = {place + sum(at < place for at in parted) for place in guessed}

    @cached_property
    def _written(self) -> set[str]:
        """The words of phrases and lists."""
        lists = self.known.lists
        texts = [phrase for question in self.known.headers for phrase in question.also]
        found = {word for text in (*texts, *lists.meant, *MONTHS) for word in words(text)}
        return found.union(lists.same, lists.begins, lists.cues.words, *lists.stop.values())

    def _is_word(self, word: str) -> bool:
        return (
            self.known.lists.is_stop(word)
            or self.known.lists.is_said(word)
            or self.known.lists.of(word) in self.known.weights
        )

    # what is recognised

    def _recognise(self) -> None:
        self.taken = taken = set[int]()
        self.little = set[int]()
        for found in (self._compared, self._names, self._documents, self._numbers, self._periods, self._counts):
            for item in found():
                while item.period and item.first in taken:  # “in force” before a day is a stage, and says when too
                    item = replace(item, first=item.first + 1)
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
        for thing, kind in self.known.engine.select(asked).rows if things else ():
            self.kinds[names.text_of(thing)].add(names.text_of(kind))
        classes = {thing for thing, kinds in self.kinds.items() if vocab.OWL + "Class" in kinds}
        self.asked_which = {
            item.things[0] for item in self.items if item.things and self.words[item.first - 1 : item.first] in WHICH
        }
        self.sorts = self.asked_which.union(
            item.things[0] for item in self.items if classes.intersection(item.things[1:])
        )

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
                found = self.known.index.get("".join(parts[place:end]), [])
                if found and not (end == place + 1 and self._is_common(self.words[place], found)):
                    best = sorted(found, key=lambda name: (name.code, name.rank, len(name.text)))
                    things = tuple(dict.fromkeys(name.iri for name in best))
                    is_sum = any(word[0].isdigit() for word in self.words[end : end + 1])  # “EUR 2” is of no place
                    money = tuple(thing for thing in things if is_sum and "/currency/" in thing)
                    yield Item(place, end, money or things)
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
        return short or other or any(word in said for said in self.known.lists.stop.values())

    def _documents(self) -> Iterator[Item]:
        """Yield a document that was read and is named by its kind, and perhaps by its date or a part of its title."""
        bags = {document: self._dates(when) for document, when in self.days.items()}
        for name, parts in zip(self.known.names, self.known.parted, strict=True):
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
            if word in vague and not any(at != place and not self.words[at].isdigit() for at in hits):
                continue  # “plans of 2025” are of a year, and no document
            if hits and sum(score == best[0] for score, _, _ in scored) == 1:
                yield Item(hits[0], hits[-1] + 1, (best[1],))

    @cached_property
    def days(self) -> dict[str, set[str]]:
        """The days of the documents that were read."""
        found: dict[str, set[str]] = {}
        for read, day in self.known.engine.select(DATED).rows:
            found.setdefault(names.text_of(read), set()).add(names.text_of(day))
        return found

    def _is_little(self, place: int) -> bool:
        is_stop = self.known.lists.is_stop(self.words[place]) and not self.words[place].isdigit()
        return is_stop or place in self.little

    def _dates(self, days: Iterable[str]) -> set[str]:
        found = set()
        for day in days:
            year, month, _ = day.split("-")
            found |= {year, *map(stem, MONTHS[int(month) - 1].split())}
        return found

    def _numbers(self) -> Iterator[Item]:
        """Yield the least number that is asked for, such as “more than 100 million”, and amounts that are none."""
        for start, end, least in self.known.lists.sums.written(self.plain):
            yield Item(*self._span(start, end), number=least)

    def _counts(self) -> Iterator[Item]:
        for start, end in self.known.lists.sums.counts(self.plain):
            yield Item(*self._span(start, end))

    def _compared(self) -> Iterator[Item]:
        """Yield what others are to be more than, as “more than InvestAI” and “more than in 2025” say: none takes it.

        Whoever names a thing before it asks about both, as in “does GenAI4EU get more than InvestAI”, unless the
        question looks for others still. Dutch “dan” is “then” too, so something before it must say “more” or “less”.
        """
        lists = self.known.lists
        at = next((at for at, word in enumerate(self.words) if word in lists.comparing), 0)
        if not any(lists.more.fullmatch(word) for word in self.words[:at]):
            return
        items = [*self._names(), *self._periods()]
        others = (item.things[0] for item in items if item.things and item.last <= at)
        is_more = self.words[0] in lists.searching or all(one.startswith(vocab.EUAI) for one in others)
        for item in items if is_more else [one for one in items if one.period]:
            is_next = item.first > at and all(map(lists.is_stop, self.words[at + 1 : item.first]))
            if is_next and not any("/currency/" in thing for thing in item.things):
                yield Item(at - bool(lists.more.fullmatch(self.words[at - 1])), item.last)

    def _periods(self) -> Iterator[Item]:
        for span, period in self.known.lists.cues.periods(self.plain, self.words, self.places, self.taken):
            yield Item(span.start, span.stop, period=period)

    def _span(self, begin: int, stop: int) -> tuple[int, int]:
        inside = [at for at, (start, end) in enumerate(self.places) if start < stop and end > begin]
        return inside[0], inside[-1] + 1

    def _parts(self, taken: set[int]) -> Iterator[Item]:
        """Yield things of which only a part of a name is typed, where that is most of it or a rare word."""
        free = [at for at in range(len(self.words)) if at not in taken and not self._is_little(at)]
        rare = [at for at in free if not (self._is_word(self.words[at]) or _DATE.fullmatch(self.words[at]))]
        rare = [at for at in rare if len(self.words[at]) > 2]
        if not rare:
            return
        typed = {stem(self.words[at]): at for at in (*range(len(self.words)),) if not self._is_little(at)}
        wanted = {stem(self.words[at]) for at in rare}
        common: Counter[str] = Counter()
        there = []
        for name, plain in zip(self.known.names, self.known.parted, strict=True):
            parts = set(map(stem, plain))
            common.update(parts)
            if parts & wanted and not name.code:
                there.append((name, parts))
        scored: list[tuple[float, Name, list[int]]] = []
        for name, parts in there:
            weigh = {
                part: log(len(self.known.names) / common[part]) * (0.4 if self.known.lists.is_stop(part) else 1)
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
