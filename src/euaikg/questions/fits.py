"""How well stored questions fit the words of a question, and the values that they take from them.

Each phrase of each question is held against the words: how much of them it explains, and how much of it they say. Rare
words weigh more than common ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from euaikg.core import vocab
from euaikg.questions import parameters, windows
from euaikg.questions.parameters import Parameter
from euaikg.questions.phrases import SHOW, Phrase
from euaikg.questions.recognised import EUROPE, Item, Recognised
from euaikg.questions.stored import StoredQuery
from euaikg.questions.words import fold, stem, stems

CLOSER = 12
"""How many questions are looked at more closely."""

SLOT = 1.6
"""What a place in a phrase weighs in which a thing, a code or the like stands; a word weighs about 1."""

BESIDE = {
    "thing": 0.85, "document": 0.85, "sector": 0.85, "status": 0.85, "tier": 0.85, "currency": 0.85, "by": 0.7,
    "for": 0.7, "other": 0.5, "strategy": 0.85,
}  # fmt: skip
"""How much of something typed is explained where the question can take it, but the phrase does not say so."""

SETS = 0.06
"""How much better a question does that takes words such as “must” for the value of a parameter."""

DENIED = 0.6
"""How well a phrase does for words such as “what is not in force” where it says the opposite, or they do."""

LISTED = 0.5
"""How much is explained of a thing that stands in a list behind another, which the question can take as well."""

PAIRED = ("other", "later")
"""The parameters that take the second of two things that a question is about."""

GROUP = vocab.EUAI + "ActorGroup"
ACTORS = {vocab.EUAI + name for name in ("Body", "Person", "FundingProgramme")}
PLACES = {vocab.EUAI + "Place"}
FOUNDERS = ACTORS | {vocab.EUAI + name for name in ("LegalAct", "Initiative", "Infrastructure", "Document", "Place")}
"""What acts or is served wherever it is named, and what may be where a phrase says so."""
COMMON = {GROUP, vocab.EUAI + "SourceDocument"}
"""What is called by common words: “startups”, “the communication”."""


class Fit(NamedTuple):
    """How well a question does for the words, and the values it takes; where it is ``turned`` it asks the opposite.

    ``told`` are the words of the phrase that fits.
    """

    score: float
    question: StoredQuery
    bound: dict[str, list[str]]
    turned: bool = False
    told: frozenset[str] = frozenset()


class Fits(Recognised):
    """The words of a question with what is recognised in them, held against the stored questions."""

    @cached_property
    def _sets(self) -> dict[str, list[tuple[str, tuple[str, ...], set[int]]]]:
        return {}

    @cached_property
    def _taken(self) -> dict[tuple[object, ...], list[tuple[str, str, float]]]:
        """What :meth:`_beside` found, which is the same for most phrases of a question."""
        return {}

    def ranked(self) -> list[Fit]:
        """Return each question with its score and the values that it takes from the words, by its best phrase."""
        units = self._units()
        best: dict[str, Fit] = {}
        for phrase in self.known.phrases:
            score, bound = self._fit(phrase, units)
            turned = phrase.is_denied != self._is_denied
            one = Fit(score * (DENIED if turned else 1.0), phrase.question, bound, turned, phrase.words)
            if phrase.question.name == "show" and "thing" not in bound:
                continue
            if phrase.question.name not in best or one.score > best[phrase.question.name].score:
                best[phrase.question.name] = one
        said = [(word, weight) for word, weight, _ in units if word]
        whole = sum(weight for _, weight in said) or 1.0
        likely = sorted(best.values(), key=lambda one: -one.score)[:CLOSER]
        return [one._replace(score=0.93 * one.score + 0.07 * self._share(said, one.question) / whole) for one in likely]

    @cached_property
    def _is_denied(self) -> bool:
        """Whether the words beside what is recognised deny something."""
        return self.known.lists.cues.is_denied(self._others)

    @property
    def _others(self) -> list[str]:
        return [word for place, word in enumerate(self.words) if place not in self._owner]

    @cached_property
    def _owner(self) -> dict[int, int]:
        """The number of the item that each of its words belongs to, by their places."""
        return {place: number for number, item in enumerate(self.items) for place in item.span}

    def _stands_for(self, place: int) -> str:
        """Return what stands for the word there and all that mean the same; in a name, as InvestAI, that is itself."""
        owner = self._owner.get(place)
        things = self.items[owner].things if owner is not None else ()
        kinds = self.kinds[things[0]] if things else set()
        is_name = vocab.EUAI + "Entity" in kinds and kinds.isdisjoint(COMMON)
        return stem(self.words[place]) if is_name else self.known.lists.of(self.words[place])

    def _share(self, said: Iterable[tuple[str, float]], question: StoredQuery) -> float:
        """Return the weight of those of the words ``said`` that stand anywhere in the header of ``question``."""
        there = self.known.said_by(question)
        return sum(weight for word, weight in said if word in there)

    def _is_code(self, thing: str) -> bool:
        return any(kind.startswith(vocab.BASE + "id/") for kind in self.kinds.get(thing, ()))

    def _is_class(self, thing: str) -> bool:
        return vocab.OWL + "Class" in self.kinds.get(thing, ())

    def _units(self) -> list[tuple[str, float, int]]:
        """Return the words that say something, each with its weight and the number of the item it belongs to, or -1."""
        found = []
        for place, word in enumerate(self.words):
            one, owner = self._stands_for(place), self._owner.get(place, -1)
            if place not in self.little and (not word.isdigit() or owner < 0):
                found.append((one, self.known.weights.get(one, 0.7), owner))
        return found

    def _fit(self, phrase: Phrase, units: Sequence[tuple[str, float, int]]) -> tuple[float, dict[str, list[str]]]:
        bound: dict[str, list[str]] = {}
        used: dict[int, float] = {}
        filled = 0.0
        free = list(range(len(self.items)))
        places: dict[int, Parameter] = {}
        there = {parameter.name: parameter for parameter in phrase.question.parameters}
        for slot, number, value in self._filled(phrase.slots):
            bound.setdefault(slot.name, []).append(value)
            used[number] = self._worth(value, slot)
            free.remove(number)
            filled += used[number]
            places[number] = slot
        for number in list(free):
            if (listed := self._listed(number, places, phrase.question)) is not None:
                other = self._value(self.items[number], listed, False)
                if other and phrase.question is not SHOW:
                    bound[listed.name].append(other)
                    used[number] = LISTED * self._worth(other, listed)
                    places[number] = listed
                continue
            inside = [one for one, _, owner in units if owner == number]
            is_said = self.items[number].period is None and bool(inside) and all(one in phrase.words for one in inside)
            key = number, phrase.question.name, *bound
            if key not in self._taken:
                self._taken[key] = [*self._beside(self.items[number], phrase.question, bound)]
            for name, value, worth in self._taken[key]:
                if not is_said or name not in ("thing", "other"):
                    bound.setdefault(name, []).append(value)
                    used[number] = worth
                    if name in there:
                        places[number] = there[name]
            if is_said:
                used[number] = -1.0
        self._settle(phrase.question, bound)
        for name, values, _ in self._set(phrase.question):
            bound.setdefault(name, [*values])
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
        own = sum(self.known.weights.get(word, 0.7) for word in phrase.words)
        met = sum(self.known.weights.get(word, 0.7) for word in phrase.words if word in said)
        whole = typed + own + SLOT * len(phrase.slots)
        score = phrase.worth * (explained + met + SLOT * filled) / whole if whole else 0.0
        if phrase.slots and not filled:
            score *= 0.8  # what it asks about is not there
        if self._set(phrase.question):
            score += SETS
        return score, bound

    def _filled(self, slots: Sequence[Parameter]) -> list[tuple[Parameter, int, str]]:
        """Return the slots of a phrase that items fill, each with the number of the item and its value.

        Two are turned where the one for who acts then has who does: a body, a person or a programme.
        """
        free = list(range(len(self.items)))
        found: list[tuple[Parameter, int, str]] = []
        for slot in slots:
            apart = [
                number
                for number in free
                if slot.name in PAIRED or not any(self._are_listed(number, at) for one, at, _ in found if one != slot)
            ]
            is_said = slots.count(slot) == 1  # of two only what surely acts
            fits = [(number, value) for number in apart if (value := self._value(self.items[number], slot, is_said))]
            if fits:
                number, value = max(fits, key=lambda pair: self._worth(pair[1], slot))  # the first that is no group
                found.append((slot, number, value))
                free.remove(number)
        if len(found) == 2:
            pairs = ((found[0][0], found[1][1]), (found[1][0], found[0][1]))
            turned = [
                (slot, number, value)
                for slot, number in pairs
                if (value := self._value(self.items[number], slot, True))
            ]
            if len(turned) == 2 and self._likely(turned) > self._likely(found):
                return turned
        return found

    def _listed(self, number: int, places: Mapping[int, Parameter], question: StoredQuery) -> Parameter | None:
        """Return the parameter that took something with which the item of that number is listed, if any."""
        if any(parameter.name in PAIRED for parameter in question.parameters):
            return None
        return next((taken for other, taken in places.items() if self._are_listed(number, other)), None)

    def _are_listed(self, number: int, other: int) -> bool:
        """Say whether these two things are listed, such as “A and B”, or compared, such as “A more than B”."""
        first, last = sorted((number, other))
        if not all(item.things for item in self.items[first : last + 1]):
            return False
        if last - first > 1:
            return all(self._are_listed(one, one + 1) for one in range(first, last))
        lists = self.known.lists
        between = self.words[self.items[first].last : self.items[last].first]
        between = [word for word in between if word not in lists.articles]
        return bool(between) and (between[-1] in lists.comparing or lists.joining[self.language].issuperset(between))

    def _likely(self, filled: Iterable[tuple[Parameter, int, str]]) -> float:
        """Return how well slots are filled; what cannot act seldom stands where the question asks for who does."""
        acts = sum(slot.name == "by" and not self.kinds[value] & (ACTORS | PLACES) for slot, _, value in filled)
        return sum(self._worth(value, slot) for slot, _, value in filled) - 0.4 * acts

    def _set(self, question: StoredQuery) -> list[tuple[str, tuple[str, ...], set[int]]]:
        """Return the parameters of ``question`` that words such as “must” set, the values, and the places of the words.

        Of several words for one parameter the longest count, as “zou moeten”.
        """
        if question.name not in self._sets:
            there = {parameter.name for parameter in question.parameters}
            used = set(self.taken)
            best: dict[str, tuple[str, tuple[str, ...], set[int]]] = {}
            for one in self.known.lists.setting:
                if one.scope not in (question.name, *question.tags) or one.parameter not in there:
                    continue
                if one.parameter not in best:  # the words of those before are theirs
                    used |= {place for _, _, places in best.values() for place in places}
                for match in one.pattern.finditer(self.plain):
                    places = set(range(*self._span(*match.span())))
                    if used.isdisjoint(places) and len(places) > len(best.get(one.parameter, ("", (), set()))[2]):
                        best[one.parameter] = (one.parameter, one.values, places)
            self._sets[question.name] = list(best.values())
        return self._sets[question.name]

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
            is_alone = sum(one.period is not None for one in self.items) == 1
            said = [*windows.dated(there, item.period, "money" in question.tags, is_alone)]
            yield from () if any(name in bound for name, _, _ in said) else said
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
        if item.things and "/currency/" in item.things[0] and parameter.type != "notation":
            return None
        for thing in item.things:
            kinds = self.kinds[thing]
            is_document = vocab.EUAI + "SourceDocument" in kinds
            is_act = vocab.EUAI + "LegalAct" in kinds
            is_code, is_class = self._is_code(thing), self._is_class(thing)
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
                fits = is_act or not is_document
                fits = fits and bool(kinds.intersection(FOUNDERS if is_said and parameter.name == "by" else ACTORS))
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
            and parameter is not SHOW.parameters[0]
        )
        return 0.6 if thing == EUROPE and parameter.name in ("thing", "other") else 0.7 if is_group else 1.0

    def called(self, text: str, lang: str) -> str:
        """Return for an IRI the shortest name that leads to it and to nothing else, and other text as it is."""
        if "://" not in text:
            return text
        mine = [name for name in self.known.names if name.iri == text]
        if self._is_class(text) or not mine:
            return vocab.short(text)
        if self._is_code(text):
            return text.rsplit("/", 1)[-1]
        if "/currency/" in text:
            return next(name.text for name in mine if name.rank == 1)
        for name in sorted(
            mine, key=lambda name: (name.language != lang, bool(name.language), name.rank == 2, len(name.text))
        ):
            alike = self.known.index["".join(stems(name.text))]
            there = [other for other in alike if fold(other.text) == fold(name.text)]
            first = min((other.code, other.rank) for other in there)
            if {other.iri for other in there if (other.code, other.rank) == first} == {text}:
                return name.text
        return vocab.short(text)


def _order(text: str) -> tuple[date, float]:
    """Return what periods and numbers are ordered by."""
    days = parameters.period(text)
    return (days[1], 0.0) if days else (date.min, float(text))
