"""What statements say, in the words of a card: stages, targets, numbers, money and relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import isfinite

from pyoxigraph import Literal, NamedNode

from euaikg.core import amounts
from euaikg.core.vocab import EUAI, RDF, short
from euaikg.questions.facts import Facts, value, words
from euaikg.rdf.terms import Term, native

PERIODS = ("effectiveIn", "targetPeriod", "coversPeriod", "asOf")

IN_TEXT = {
    "status": ("status", "effectiveIn", "effectiveFrom", "actor"),
    "target": ("targetMode", "targetPeriod", "dueBy"),
    "quantity": (
        *("measures", "numericValue", "valueMin", "valueMax", "lowBound", "highBound", "qualifier", "unit"),
        *("population", "per", "coversPeriod", "asOf", "isEstimate"),
    ),
    "funding": (
        *("amount", "amountMin", "amountMax", "lowBound", "highBound", "qualifier", "currency", "fundingMode"),
        *("per", "coversPeriod", "isEstimate"),
    ),
    "relation": (),
    "": (),
}
"""What the text of a statement has, and what stands among the values of its line, by the kind of statement."""

_TOLD = {
    *(EUAI + name for name in ("aboutResource", "aboutEnvelope", "statedIn", "statedAt", "statedOn", "modality")),
    *(EUAI + name for name in ("dateInferred", "role", "condition")),
    *(RDF + name for name in ("type", "subject", "predicate", "object")),
}
"""What of a statement is told elsewhere on a card."""


class Wording:
    """Puts what ``facts`` hold into words of their language."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.words = words()[facts.lang]

    def is_asserted(self, one: Term) -> bool:
        """Say whether the statement ``one`` is asserted, or given by a user, and not only planned or proposed."""
        return all(value(modality).endswith("/asserted") for modality in self.facts.terms(one, "modality"))

    def qualified(self, one: Term) -> str:
        """Return the code under which the figure of the statement ``one`` is hedged."""
        return next((value(term).rpartition("/")[2] for term in self.facts.terms(one, "qualifier")), "")

    def since(self, one: Term) -> str:
        """Return since when a stage that is reached holds: the period stated, or by the day of the document."""
        periods = self.facts.terms(one, "effectiveIn")
        if periods:
            return f" ({self.periods(periods)})"
        known = "not before" if self.facts.terms(one, "dateInferred") else "stated"
        stated = [value(day) for day in self.facts.terms(one, "statedOn")]
        return f" ({self.words[known].format(stated[0])})" if stated else ""

    def periods(self, periods: Iterable[Term]) -> str:
        """Return the codes of ``periods``, or the names of those whose codes are words."""
        codes = {period: self.facts.code(period) for period in periods}
        return ", ".join(c.replace("--", "–") if c[:1].isdigit() else self.facts.label(p) for p, c in codes.items())

    def text(self, term: Term) -> str:
        """Return what a statement says, and the name of all else."""
        return self.statement(term) if self.facts.statement(term) else self.facts.label(term)

    def statement(self, one: Term) -> str:
        """Return what a statement says, with what it is about."""
        about = [*self.facts.terms(one, "aboutResource"), *self.facts.terms(one, "aboutEnvelope")]
        own = self.own_text(one)
        return f"{', '.join(map(self.facts.label, about))}: {own}" if about else own

    def own_text(self, one: Term) -> str:
        """Return what a statement says, without what it is about; the name of one that says nothing."""
        kind = self.facts.statement(one)
        return (kind and getattr(self, f"_{kind}")(one)) or self.facts.label(one)

    def called(self, property_: str) -> str:
        """Return the name of a property."""
        own: str | None = self.words["labels"].get(short(property_))
        return own or self.facts.label(NamedNode(property_))

    def names(self, one: Term, name: str) -> str:
        """Return the names of what the property ``name`` of our ontology says of ``one``."""
        return ", ".join(self.facts.in_language(self.facts.terms(one, name)))

    def _status(self, one: Term) -> str:
        facts = self.facts
        periods, actors = facts.terms(one, "effectiveIn"), self.names(one, "actor")
        stage = self.names(one, "status") + (f" ({actors})" if actors else "")
        if periods:
            return _joined(": ", self.periods(periods), stage)
        return (stage + (self.since(one) if stage and self.is_asserted(one) else "")).replace(") (", "; ")

    def _target(self, one: Term) -> str:
        when = _joined(" ", self.names(one, "targetMode"), self.periods(self.facts.terms(one, "targetPeriod")))
        return _joined(": ", when, self.words["target"])

    def _relation(self, one: Term) -> str:
        details = self.facts.details(one)
        ends = [
            ", ".join(map(self.facts.label, details.get(RDF + part, []))) for part in ("subject", "predicate", "object")
        ]
        role = self.names(one, "role")
        told = _joined(" ", *ends[1:], role and f"({role})")
        return told and _joined(": ", ends[0], told)

    def _funding(self, one: Term) -> str:
        facts = self.facts
        figures = [
            [term for name in names for term in facts.terms(one, name)]
            for names in (("amount",), ("lowBound", "amountMin"), ("highBound", "amountMax"))
        ]
        money = amounts.short(
            *(next((n for n in map(_number, terms) if n is not None), None) for terms in figures),
            qualifier=self.qualified(one),
            hedge=self.names(one, "qualifier"),
            currency=" ".join(facts.code(term) for term in facts.terms(one, "currency")),
            lang=facts.lang,
        )
        unread = [facts.label(term) for terms in figures for term in terms if _number(term) is None]
        return self._estimated(one, _joined(" ", money, *unread, self._rate(one), self.names(one, "fundingMode")))

    def _quantity(self, one: Term) -> str:
        facts = self.facts
        hedged = self.qualified(one)
        figures = facts.terms(one, "numericValue") if hedged != "order-of-magnitude" else []
        bounds = [term for name in ("valueMin", "valueMax") for term in facts.terms(one, name)]
        bounds = bounds or [term for name in ("lowBound", "highBound") for term in facts.terms(one, name)]
        hedge = "" if hedged in ("exact", "range") else self.names(one, "qualifier")
        number = "–".join(map(self._figure, figures or bounds))
        units = [self.words["units"].get(short(value(u)), facts.label(u)) for u in facts.terms(one, "unit")]
        population = self.names(one, "population")
        said = _joined(" ", hedge, number, *units, self._rate(one), population and f"({population})")
        return self._estimated(one, _joined(": ", self.names(one, "measures"), said))

    def _estimated(self, one: Term, said: str) -> str:
        periods = [*self.facts.terms(one, "coversPeriod"), *self.facts.terms(one, "asOf")]
        hedge = self.words["estimate"] if self.facts.terms(one, "isEstimate") else ""
        return _joined(", ", said, self.periods(periods), hedge)

    def _rate(self, one: Term) -> str:
        rate = self.names(one, "per")
        return rate and f"per {rate}"

    def _figure(self, term: Term) -> str:
        said = self.facts.label(term)
        return said.replace(".", ",") if self.facts.lang == "nl" and isinstance(term, Literal) else said

    def conditions(self, one: Term) -> list[str]:
        """Return under what conditions a statement holds, each with that word before it."""
        said = self.facts.in_language(self.facts.details(one).get(EUAI + "condition", []))
        return [f"{self.called(EUAI + 'condition')}: {text}" for text in said]

    def notes(self, one: Term) -> Iterator[str]:
        """Yield what a statement says that its text has not."""
        told = _TOLD | {EUAI + name for name in IN_TEXT[self.facts.statement(one)]}
        for property_, terms in sorted(self.facts.details(one).items()):
            if property_ not in told:
                label = self.called(property_)
                values = [self.text(term) for term in terms if not isinstance(term, Literal)]
                values += self.facts.in_language(term for term in terms if isinstance(term, Literal))
                yield f"{label}: {'; '.join(values)}"
        if self.qualified(one) not in ("", "exact", "range", "order-of-magnitude"):
            low, high = ("".join(map(self._figure, self.facts.terms(one, name))) for name in ("lowBound", "highBound"))
            word = "range" if low and high else "at least" if low else "up to"
            yield self.words[word].format("–".join(filter(None, (low, high))))


def _joined(between: str, *parts: str) -> str:
    return between.join(filter(None, parts))


def _number(term: Term) -> int | Decimal | None:
    """Return the amount that ``term`` is: whole where it is, None where it is no number."""
    number = native(term)
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal) or not isfinite(number):
        return None
    return int(number) if number == int(number) else Decimal(str(number))
