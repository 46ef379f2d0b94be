"""What statements say, in the words of a card: stages, targets, numbers, money and relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from euaikg.core import amounts
from euaikg.core.vocab import EUAI, RDF, short
from euaikg.questions.facts import Facts, value, words
from euaikg.rdf.terms import Term, native, text

PERIODS = ("effectiveIn", "targetPeriod", "coversPeriod", "asOf")

IN_TEXT = {
    "status": ("status", "effectiveIn", "effectiveFrom", "actor"),
    "target": ("targetMode", "targetPeriod", "dueBy"),
    "quantity": (
        *("measures", "numericValue", "valueMin", "valueMax", "lowBound", "highBound", "qualifier", "unit"),
        *("population", "coversPeriod", "asOf", "isEstimate"),
    ),
    "funding": (
        *("amount", "amountMin", "amountMax", "lowBound", "highBound", "qualifier", "currency", "fundingMode"),
        *("coversPeriod", "isEstimate"),
    ),
    "relation": (),
}
"""What the text of a statement has, and what stands among the values of its line, by the kind of statement."""

_TOLD = {
    *(EUAI + name for name in ("aboutResource", "aboutEnvelope", "statedIn", "statedAt", "statedOn", "modality")),
    *(EUAI + name for name in ("dateInferred", "role")),
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
        """Return since when a stage that is reached holds: the period stated, or the day of the document."""
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
        """Return what a statement says, without what it is about."""
        made: str = getattr(self, f"_{self.facts.statement(one)}")(one)
        return made

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
            return f"{self.periods(periods)}: {stage}"
        return (stage + (self.since(one) if self.is_asserted(one) else "")).replace(") (", "; ")

    def _target(self, one: Term) -> str:
        when = " ".join(
            filter(None, (self.names(one, "targetMode"), self.periods(self.facts.terms(one, "targetPeriod"))))
        )
        return f"{when}: {self.words['target']}"

    def _relation(self, one: Term) -> str:
        details = self.facts.details(one)
        ends = [
            ", ".join(map(self.facts.label, details.get(RDF + part, []))) for part in ("subject", "predicate", "object")
        ]
        role = self.names(one, "role")
        return f"{ends[0]}: {ends[1]} {ends[2]}" + (f" ({role})" if role else "")

    def _funding(self, one: Term) -> str:
        facts = self.facts
        figures = {name: self._number(one, name) for name in ("amount", "lowBound", "highBound")}
        whole = {name: None if figure is None else int(figure) for name, figure in figures.items()}
        money = amounts.short(
            *whole.values(),
            qualifier=self.qualified(one),
            hedge=self.names(one, "qualifier"),
            currency=" ".join(facts.code(term) for term in facts.terms(one, "currency")),
            lang=facts.lang,
        )
        return self._estimated(one, f"{money} {self.names(one, 'fundingMode')}".strip())

    def _quantity(self, one: Term) -> str:
        facts = self.facts
        hedged = self.qualified(one)
        figures = facts.terms(one, "numericValue") if hedged != "order-of-magnitude" else []
        bounds = [term for name in ("valueMin", "valueMax") for term in facts.terms(one, name)]
        bounds = bounds or [term for name in ("lowBound", "highBound") for term in facts.terms(one, name)]
        hedge = "" if hedged in ("exact", "range") else self.names(one, "qualifier")
        number = "–".join(map(self._figure, figures or bounds))
        units = [self.words["units"].get(short(value(u)), facts.label(u)) for u in facts.terms(one, "unit")]
        said = " ".join(filter(None, (hedge, number, *units)))
        population = self.names(one, "population")
        return self._estimated(
            one, f"{self.names(one, 'measures')}: {said}" + (f" ({population})" if population else "")
        )

    def _estimated(self, one: Term, said: str) -> str:
        periods = [*self.facts.terms(one, "coversPeriod"), *self.facts.terms(one, "asOf")]
        said += f", {self.periods(periods)}" if periods else ""
        return f"{said}, {self.words['estimate']}" if self.facts.terms(one, "isEstimate") else said

    def _figure(self, term: Term) -> str:
        return text(term).replace(".", ",") if self.facts.lang == "nl" else text(term)

    def _number(self, one: Term, name: str) -> Decimal | None:
        return next(
            (Decimal(n) for n in map(native, self.facts.terms(one, name)) if isinstance(n, int | Decimal)), None
        )

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
