"""What of the words of a question a stored question leaves out that fits them: things, periods, amounts and words.

An answer is sure only where nothing is left out, and each command that is offered says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from euaikg.questions import windows
from euaikg.questions.fits import Fit, Fits
from euaikg.questions.recognised import EUROPE, Item
from euaikg.questions.stored import StoredQuery
from euaikg.questions.words import stem


class LeftOut(Fits):
    """The words of a question, with the stored questions that fit them and what each of these leaves out."""

    @property
    def first(self) -> str | None:
        """The thing that is named first, if any."""
        return next((item.things[0] for item in self.items if item.things), None)

    @property
    def named(self) -> list[str]:
        """The things that are named whole, as they come; codes and classes are not what a card is about."""
        found = [item.things[0] for item in self.items if item.things and item.is_whole]
        return [thing for thing in found if not (self._is_code(thing) or self._is_class(thing))]

    @property
    def dates(self) -> set[str]:
        """The words that say a period, as typed."""
        return {self._typed(item.span) for item in self.items if item.period}

    def is_dated(self, values: Iterable[str]) -> bool:
        """Say whether any period that is typed is among the ``values`` of a question, by their names."""
        return not any(item.period for item in self.items) or not windows.DATES.isdisjoint(values)

    @cached_property
    def unknown(self) -> set[str]:
        """The words that name nothing and stand in no question or list of words."""
        return {
            self._typed(range(place, place + 1))
            for place, word in enumerate(self.words)
            if place not in self.little and place not in self._owner and not word.isdigit() and not self._is_word(word)
        }

    def _is_idle(self, place: int) -> bool:
        """Say whether the word says nothing in the language of the others: “met” does in English."""
        return self._is_little(place) and (
            place in self.little or self.words[place] in self.known.lists.stop[self.language]
        )

    def lost(self, missed: Iterable[str]) -> int:
        """Return how many of the words or phrases ``missed`` are of something recognised."""
        typed = {self._typed(item.span) for item in self.items}
        return sum(one in typed for one in missed)

    def _typed(self, span: range) -> str:
        return self.plain[self.places[span.start][0] : self.places[span.stop - 1][1]]

    def missed(self, fit: Fit) -> tuple[str, ...]:
        """Return the words that say something which ``fit`` leaves out, as typed.

        What is named must be among the values or in a name of one, or stand in the phrase that fits; that its words
        stand elsewhere in the header says nothing of it. A short word that was respelled may as well be another word,
        and what is like a thing that is named is another.
        Where the opposite is answered, the words that say so are among them.
        """
        _, question, bound, is_turned, told = fit
        turned = self.known.lists.cues.turning(self._others) if is_turned else ()
        there = self.known.said_by(question)
        values = {value for texts in bound.values() for value in texts}
        used = {place for name, _, places in self._set(question) if name in bound for place in places}
        called = [
            set(map(stem, parts))
            for name, parts in zip(self.known.names, self.known.parted, strict=True)
            if name.iri in values
        ]
        untold = {at for at in range(len(self.words)) if self._stands_for(at) not in told}
        doubtful = self.guessed | self._likening
        whole = untold & self._behind
        for item in self.items:
            if (
                values.intersection(item.things)
                or EUROPE in item.things
                or any({stem(self.words[at]) for at in item.span} <= name for name in called)
                or all(at not in untold or self._is_little(at) for at in item.span)
                if item.things
                else self._takes(question, bound, item)
            ):
                used.update(item.span)
            else:
                whole.update(item.span)
        left = [
            self.items[self._owner[place]].span if place in self._owner else range(place, place + 1)
            for place, word in enumerate(self.words)
            if place in doubtful
            or (place not in used and (place in whole or word in turned))
            or not (place in used or self._is_idle(place) or self._stands_for(place) in there)
        ]
        return tuple(dict.fromkeys(map(self._typed, left)))

    def _takes(self, question: StoredQuery, bound: Mapping[str, list[str]], item: Item) -> bool:
        """Say whether all that ``item``, a period or an amount, says is among the values ``bound``."""
        said = [*self._beside(item, question, {})]
        return bool(said) and all(value in bound.get(name, ()) for name, value, _ in said)

    @property
    def _likening(self) -> set[int]:
        """The places of words such as “like” before a thing: of what is like another no question knows."""
        lists, found = self.known.lists, set[int]()
        for item in self.items:
            before = [at for at in range(item.first) if self.words[at] not in lists.articles]
            if item.things and before and self.words[before[-1]] in lists.likening:
                found.add(before[-1])
        return found

    @property
    def _behind(self) -> set[int]:
        """The place of the last word where that is a part of a Dutch verb."""
        return {len(self.words) - 1} if self.language == "nl" and self.words[-1] in self.known.lists.behind else set()
