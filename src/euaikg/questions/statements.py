"""What statements say, in the words of a card: stages, targets, numbers, money and relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import EUAI, RDF, short
from euaikg.questions.facts import Facts, value, words
from euaikg.rdf.terms import Term
from euaikg.sparql import amounts
from euaikg.sparql.amounts import Figure

FIGURES = (("amount", "numericValue"), ("lowBound", "amountMin", "valueMin"), ("highBound", "amountMax", "valueMax"))
"""The properties that hold a figure, its lower and its upper bound."""

PERIODS = ("effectiveIn", "targetPeriod", "coversPeriod", "asOf")

IN_TEXT = {
    "status": ("status", "effectiveIn", "effectiveFrom", "when", "actor"),
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
        return self._dated(one, _joined(" ", self._figure(one), self.names(one, "fundingMode")))

    def _quantity(self, one: Term) -> str:
        population = self.names(one, "population")
        said = _joined(" ", self._figure(one), population and f"({population})")
        return self._dated(one, _joined(": ", self.names(one, "measures"), said))

    def _dated(self, one: Term, said: str) -> str:
        return _joined(
            ", ", said, self.periods([*self.facts.terms(one, "coversPeriod"), *self.facts.terms(one, "asOf")])
        )

    def _figure(self, one: Term, *, only_bounds: bool = False) -> str:
        """Return the figure of a statement, its hedge, bounds and unit, and what stands there and is no number."""
        facts = self.facts
        terms = [[term for name in names for term in facts.terms(one, name)] for names in FIGURES]
        value, low, high = (next((n for n in map(amounts.number, found) if n is not None), None) for found in terms)
        unit = " ".join([*map(facts.code, facts.terms(one, "currency")), *map(facts.label, facts.terms(one, "unit"))])
        estimate = bool(facts.terms(one, "isEstimate"))
        rate = self.names(one, "per")
        figure = Figure(value, low, high, self.names(one, "qualifier"), unit, is_estimate=estimate, per=rate)
        if only_bounds:
            figure = Figure(None, low, high, unit=unit)
        unread = [facts.label(term) for found in terms for term in found if amounts.number(term) is None]
        return _joined(" ", amounts.written(figure, facts.lang), *unread).replace(amounts.JOINT, " ")

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
            bounds = self._figure(one, only_bounds=True)
            is_range = self.facts.terms(one, "lowBound") and self.facts.terms(one, "highBound")
            yield self.words["range"].format(bounds) if is_range else bounds


def _joined(between: str, *parts: str) -> str:
    return between.join(filter(None, parts))
