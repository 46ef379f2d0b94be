"""Finding the stored question that a person means: from words as they are typed to commands that answer them.

Things, codes, documents and periods are recognised in the words. Then each phrase of each question, as it stands under
``also`` in the headers, is held against them: how much of the words it explains, and how much of it they say. Words
that mean the same, in English and Dutch, stand in ``queries/words.yaml``; rare ones weigh more than common ones. There
is no model and nothing is learned: what is found can be traced to a phrase.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from euaikg.errors import QueryError, UnknownThingError
from euaikg.questions import ask, searching, translated
from euaikg.questions.commands import option_name, quoted
from euaikg.questions.fits import Fit
from euaikg.questions.left_out import LeftOut
from euaikg.questions.phrases import SHOW, Known
from euaikg.questions.told import told
from euaikg.questions.words import words
from euaikg.sparql import scanner
from euaikg.sparql.answers import Answer
from euaikg.sparql.embedded import Engine

if TYPE_CHECKING:
    from euaikg.questions.cards import Card

SURE, APART, LEAST = 0.62, 0.05, 0.25
"""How good the best candidate is, and how much better than others with rows, where it is surely meant; worse than the
last none is offered."""

LOST = 0.15
"""How much worse a candidate is for each thing, period or amount that it leaves out."""

LONGEST = 400
"""How many characters of a question are looked at."""
RUN = 6
"""How many candidates are run at most, to see whether they have rows; it is a few hundredths of a second each."""
BESIDE = (
    ("document",),
    ("modality",),
    ("by",),
    ("for",),
    ("from", "until"),
    ("document", "modality", "by", "for", "from", "until"),
)
"""What a command does without, in turn and at last altogether, where it has no rows with all that the words say."""
SEARCH = "Things by any of their names, or by what is said of them"


@dataclass(frozen=True)
class Candidate:
    """A command that may answer what was asked, with its ``score`` from 0 to 1.

    ``question`` is a stored question, or ``show`` or ``search``; ``values`` has the values of its parameters, and
    ``missed`` the words that say something which it leaves out.
    """

    command: str
    question: str
    values: Mapping[str, list[str]]
    score: float
    summary: str
    missed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What words were taken for: the best ``candidates``, whether the first is ``sure`` to be meant, and the language.

    It is not sure of what has no rows, nor where words say something that the first candidate leaves out; the words
    that all candidates leave out are ``missed``. The ``answer`` to the first is there where one was asked for
    and it is sure: that of a stored question, or a card.
    """

    candidates: tuple[Candidate, ...]
    sure: bool
    lang: str
    missed: tuple[str, ...] = ()
    answer: Answer | Card | None = None


def _candidate(asked: LeftOut, fit: Fit, lang: str) -> Candidate:
    """Return the command that asks what ``fit`` says, with things by a name that leads to them."""
    question = fit.question
    values = {name: [asked.called(text, lang) for text in texts] for name, texts in fit.bound.items()}
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
    score = round(min(fit.score, 1.0), 3)
    summary = told(lang, question.summary) if question is SHOW else translated.query(question, lang).summary
    return Candidate(" ".join(parts), question.name, values, score, summary, asked.missed(fit))


def _wider(fit: Fit) -> Iterator[Fit]:
    """Yield what is asked without one of the values that stand beside what the question is about."""
    for left in BESIDE:
        kept = {name: texts for name, texts in fit.bound.items() if name not in left}
        if fit.question.subject and fit.question.subject.name in kept and len(kept) < len(fit.bound):
            yield fit._replace(bound=kept)


class Finder:
    """What does not depend on a question: the words, the phrases and the names; for many questions it is made once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.known = Known(engine)
        self._seen: dict[str, Answer] = {}

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers so far, where they can be believed; whether there are rows is seen by others too."""
        return {} if self.engine.is_doubtful else self._seen

    def find(self, text: str, lang: str | None = None, count: int = 3) -> Found:
        """Return up to ``count`` commands that may answer the question ``text``, the likeliest first.

        The language of the answers is ``lang``, or that of the words. Raises :class:`QueryError` where there are none.
        """
        scanner.refuse_half_characters(text)
        asked = LeftOut(self.known, text[:LONGEST])
        if not asked.words:
            raise QueryError("There are no words to look for; ask something like: euaikg ask who funds GenAI4EU.")
        lang = lang or asked.language
        ranked = [one for one in sorted(asked.ranked(), key=lambda one: -one.score) if one.score >= LEAST]
        candidates = [_candidate(asked, one, lang) for one in ranked[: max(RUN, count)]]
        missed = candidates[0].missed if candidates else ()
        sure = bool(candidates) and candidates[0].score >= SURE and not missed and not ranked[0].turned
        sure = sure and asked.is_dated(candidates[0].values)
        sure = sure and not any(
            asked.asked_which.intersection(ranked[0].bound.get(name, ())) for name in ("thing", "other")
        )
        sure = sure and not any(
            self._says_else(one, candidates[0])
            for one in candidates[1:]
            if candidates[0].score - one.score + LOST * asked.lost(one.missed) < APART
        )
        if sure and self._has_rows(candidates[0]):
            return Found(tuple(candidates[:count]), True, lang)
        wider = {
            one.command: [_candidate(asked, other, lang) for other in _wider(fit) if asked.is_dated(other.bound)]
            for one, fit in zip(candidates, ranked, strict=False)
            if one.score >= SURE
        }
        having = self._with_rows(candidates, wider, count)
        is_clear = bool(candidates) and candidates[0].score >= SURE and asked.dates.issuperset(missed)
        kept = candidates[:1] if is_clear else []
        missed = having[0][0].missed if having and not kept else missed  # of what is offered, not of what is not
        there = [offered for _, offered in having]
        there.sort(key=lambda one: LOST * asked.lost(one.missed) - one.score)
        if not there and (thing := asked.first):
            shown = _candidate(asked, Fit(LEAST, SHOW, {"thing": [thing]}), lang)
            there = [*kept, shown] if any(not item.things for item in asked.items) else [shown]
        for card in (_candidate(asked, Fit(LEAST, SHOW, {"thing": [thing]}), lang) for thing in asked.named):
            taken = {text for one in there for texts in one.values.values() for text in texts}
            if len(there) < count and taken.isdisjoint(card.values["thing"]):
                there.append(card)  # each thing that is named is in something
        if kept and kept[0] not in there:
            there[count - 1 :] = kept  # well understood: that there is nothing says something too
        unknown = [word for word in missed if word in asked.unknown]
        if unknown or not there or (there[0].score < SURE and not asked.items):
            typed = quoted(" ".join(unknown or words(text)))
            search = Candidate(f"euaikg search {typed}", "search", {"words": [typed]}, 0.0, told(lang, SEARCH))
            if not there or searching.search(self.engine, " ".join(unknown or words(text))):
                there.insert(count - 1, search)
        offered = tuple(there[:count])
        missed = tuple(
            word for word in missed if all(word in one.missed or one.question == "search" for one in offered)
        )
        return Found(offered, False, lang, missed)

    def _with_rows(
        self, candidates: Sequence[Candidate], wider: Mapping[str, Sequence[Candidate]], count: int
    ) -> list[tuple[Candidate, Candidate]]:
        """Return ``count`` of the ``candidates``, each with itself or the first that is wider, whichever has rows."""
        there: list[tuple[Candidate, Candidate]] = []
        for one in candidates[:RUN]:
            tried = (one, *wider.get(one.command, ())) if len(there) < count else ()
            new = (other for other in tried if other not in (offered for _, offered in there) and self._has_rows(other))
            there += [(one, offered) for offered in islice(new, 1)]
        return there

    def _has_rows(self, candidate: Candidate) -> bool:
        """Say whether the question of ``candidate`` can be asked and has an answer; a card always has one."""
        return candidate.question == "show" or bool(self._answer(candidate))

    def _says_else(self, candidate: Candidate, first: Candidate) -> bool:
        """Say whether ``candidate`` has an answer that is not the rows of ``first`` under another name."""
        if candidate.question == "show" or first.question == "show":
            return self._has_rows(candidate)
        there = self._answer(candidate)
        return bool(there) and there != self._answer(first)

    def _answer(self, candidate: Candidate) -> Answer | None:
        """Return the answer to ``candidate``, if any: one that may be doubtful, since only its rows are looked at."""
        asked = candidate.question, candidate.values
        try:
            return ask.question(self.engine, *asked, answers=self._seen, surely=False).answer
        except (QueryError, UnknownThingError):
            return None
