"""What stands on a card: where a thing stands, when, how much, what is disputed, and how it is related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from euaikg.core.groups import by_key
from euaikg.core.vocab import DCT, EUAI, RDF, SKOS, short
from euaikg.questions.drafts import Draft, Drafts, Place
from euaikg.questions.facts import CODE, NAMES, SHORT, STATING, Fact, Facts, value, words
from euaikg.rdf.terms import Term, native, text

FEW = 3
"""How many of the bodies and things that have a part in a pot of money are named in its line; its notes have all."""

HEAD = {
    "name": NAMES,
    "alias": (SHORT, SKOS + "altLabel"),
    "definition": (SKOS + "definition",),
    "note": (SKOS + "editorialNote", SKOS + "scopeNote"),
}
"""The properties of a thing that stand above its groups."""

_POT = {EUAI + name for name in ("finances", "hasFunder", "channelledBy")}
_ABOVE = {property_ for properties in HEAD.values() for property_ in properties}

_INVOLVING = {
    *(EUAI + name for name in ("coordinates", "establishedBy", "hasTask", "implements", "involves", "legalBasis")),
    *(EUAI + name for name in ("monitors", "partOf", "provides", "responsibleBody", "setOutIn", "succeeds", "uses")),
    *(EUAI + name for name in ("supervises", "supports", "targetGroup", "usesDataFrom")),
}
"""The relations by which an action involves a thing, so that the dates of the one are dates of the other."""


class Contents(Drafts):
    """Makes the groups of a card of ``facts``; with a day ``valid_on`` only with the stages that surely hold then."""

    def __init__(self, facts: Facts, valid_on: str | None = None) -> None:
        super().__init__(facts)
        self.valid_on = valid_on
        self.thing = facts.thing
        linked = [fact for fact in facts.facts if fact.way == "to"]
        pots = [fact for fact in linked if fact.property in _POT]
        own = [fact.other for fact in linked if fact.property in STATING and facts.statement(fact.other)]
        of_pots = facts.statements(fact.other for fact in pots)
        differences, reconcilable = facts.disputes([*own, *of_pots])
        disputes = {one: statements for one, statements in differences.items() if one not in reconcilable}
        self.disputed = {statement for statements in disputes.values() for statement in statements}
        self.past = {one for one in own if self._is_past(one)}
        self._stages([one for one in own if facts.statement(one) == "status" and self._holds(one)])
        self._dates(own, {fact.other for fact in linked if fact.property in _INVOLVING})
        self._money(pots, [*own, *of_pots])
        for one in own:
            if facts.statement(one) == "quantity":
                self._state("figures", one)
        self._differences("disputes", disputes)
        self._differences("reconcilable", {one: differences[one] for one in differences if one in reconcilable})
        self._relations([one for one in own if facts.statement(one) == "relation"])
        self._around()

    # What stands first

    def _stages(self, statements: list[Term]) -> None:
        """Make the line that says where the thing stands: the furthest stage that is asserted, or else aimed at."""
        facts = self.facts
        statements = [one for one in statements if facts.terms(one, "status")]
        facts.read(status for one in statements for status in facts.terms(one, "status"))

        def height(one: Term) -> tuple[Any, ...]:
            orders = [native(o) for status in facts.terms(one, "status") for o in facts.terms(status, "order")]
            since, stated = (next(map(value, facts.terms(one, name)), "") for name in ("effectiveFrom", "statedOn"))
            return max((order for order in orders if isinstance(order, int)), default=-1), since, stated

        reached = [one for one in statements if self.is_asserted(one) or self._has_come(one)]
        among = reached or statements
        if not among:
            return
        highest = facts.terms(max(among, key=height), "status")
        same = sorted((one for one in among if facts.terms(one, "status") == highest), key=height)
        dated = [one for one in same if facts.terms(one, "effectiveIn")]
        stage = " / ".join(map(facts.label, highest))
        said = stage + self.since((dated or same)[0]) if reached else self.words["none"].format(stage)
        for one in same:
            self._say("stage", said, one, next(map(_iri, highest)))

    def _is_past(self, one: Term) -> bool:
        """Say whether a later statement had taken the place of ``one`` on the day of knowledge."""
        days = map(value, self.facts.terms(one, "supersededFrom"))
        return any(self.facts.as_of is None or day <= self.facts.as_of for day in days)

    def _binds(self, one: Term) -> bool:
        """Say whether a law in force or adopted lays ``one`` down."""
        codes = {value(term).rpartition("/")[2] for term in self.facts.terms(one, "modality")}
        return bool(codes & {"required", "laid-down"})

    def _has_come(self, one: Term) -> bool:
        """Say whether the day has come from which an adopted law lays the stage down."""
        facts = self.facts
        if not any(value(term).endswith("/laid-down") for term in facts.terms(one, "modality")):
            return False
        day = self.valid_on or facts.as_of or facts.newest
        return any(value(start) <= day for start in facts.terms(one, "effectiveFrom"))

    def _holds(self, one: Term) -> bool:
        """Say whether the stage surely holds on the day that is asked about, if one is."""
        days = self.facts.terms(one, "effectiveFrom")
        return self.valid_on is None or any(value(day) <= self.valid_on for day in days)

    def _dates(self, own: list[Term], others: set[Term]) -> None:
        """Make the lines of the thing's ``own`` stages and targets, and of what is planned of ``others``."""
        facts = self.facts
        for one in own:
            if facts.statement(one) == "target" or (facts.statement(one) == "status" and self._holds(one)):
                self._state("dates", one)
        for one in facts.statements(others) if others else ():
            period = {"target": "targetPeriod", "status": "effectiveIn"}.get(facts.statement(one), "")
            if facts.terms(one, period) and (period == "targetPeriod" or not self.is_asserted(one)):
                self._state("dates", one, about=True)

    def _money(self, pots: list[Fact], statements: list[Term]) -> None:
        facts = self.facts
        figures = by_key((pot, one) for one in statements for pot in facts.terms(one, "aboutEnvelope"))
        for pot in dict.fromkeys([*(fact.other for fact in pots), *figures]):
            line = self.draft("money", value(pot))
            played: dict[str, dict[str, None]] = {}
            for fact in pots:
                if fact.other == pot:
                    roles = played.setdefault(self.words["parts"][short(fact.property)], {})
                    told = self._tell(line, [one for one in statements if self._is_of(one, fact)], roles)
                    self.support(line, fact.graphs, told)
            named = ", ".join(f"{part}: {'; '.join(roles)}" if roles else part for part, roles in played.items())
            parts = [facts.label(pot) + (f" ({named})" if named else "")]
            for name, word in (("hasFunder", "from"), ("channelledBy", "through"), ("finances", "for")):
                terms = facts.details(pot).get(EUAI + name, [])
                found = [facts.label(term) for term in terms if term != self.thing]
                shown = [] if name == "finances" and self.thing in terms else found[:FEW]
                if shown:
                    more = f" +{len(found) - len(shown)}" if len(found) > len(shown) else ""
                    parts.append(self.words[word].format(", ".join(shown)) + more)
                if len(found) > len(shown):
                    line.notes[self.words[word].format(", ".join(found))] = None
            line.text, line.thing, line.unfolded = "; ".join(parts), _iri(pot), True
            for one in dict.fromkeys(figures.get(pot, [])):
                self.detail(line, self.own_text(one), one)

    def _is_of(self, one: Term, fact: Fact) -> bool:
        """Say whether the statement ``one`` says more of the triple ``fact``, which leads to the thing."""
        ends = {"subject": fact.other, "predicate": NamedNode(fact.property), "object": self.thing}
        return all(term in self.facts.details(one).get(RDF + end, []) for end, term in ends.items())

    def _differences(self, group: str, differences: Mapping[Term, list[Term]]) -> None:
        for discrepancy, statements in differences.items():
            details = self.facts.details(discrepancy)
            kinds = [self.facts.label(kind) for kind in details.get(EUAI + "discrepancyType", [])]
            line = self.draft(Place("disputes", group, self.words["groups"][group]), value(discrepancy))
            line.text = self.facts.label(discrepancy) + (f" ({', '.join(kinds)})" if kinds else "")
            line.thing = _iri(discrepancy)
            line.notes |= dict.fromkeys(self.facts.in_language(details.get(EUAI + "reason", [])))
            for one in statements:
                self.detail(line, self.statement(one), one).disputed = False

    def _state(self, section: str, one: Term, about: bool = False) -> None:
        """Make the line of a statement; it names what the statement is ``about`` where that is another thing."""
        said, thing = self.own_text(one), None
        if about:
            things = self.facts.terms(one, "aboutResource")
            when, _, what = said.partition(": ")
            named = ", ".join(map(self.facts.label, things))
            said = f"{when}: {named}" + (f", {what}" if what and self.facts.statement(one) == "status" else "")
            thing = next(map(_iri, things), None)
        line = self._say(section, said, one, thing)
        days = [value(day) for name in ("effectiveFrom", "dueBy") for day in self.facts.terms(one, name)]
        ahead = not about and max(days, default="") > (self.valid_on or self.facts.as_of or self.facts.newest)
        is_first = ahead and self._binds(one) and one not in self.past  # what is to be done by law
        rank = (not is_first, min(days, default="9"), about)
        line.rank = min(line.rank or rank, rank)

    def _say(self, section: str, said: str, statement: Term, thing: str | None) -> Draft:
        line = self.draft(section, said)
        line.thing = thing
        return self.fill(line, statement)

    # Relations

    def _relations(self, related: list[Term]) -> None:
        """Make a line of each triple that has none yet; ``related`` are the statements that say more of some."""
        facts = self.facts
        found = {fact[:3]: fact for fact in facts.facts}
        told: dict[tuple[str, str, Term], list[Term]] = {}
        for one in dict.fromkeys(related):
            subjects, objects = (facts.details(one).get(RDF + part, []) for part in ("subject", "object"))
            ends = [("from", other) for other in objects if self.thing in subjects]
            ends += [("to", other) for other in subjects if self.thing in objects]
            for predicate in facts.details(one).get(RDF + "predicate", []):
                for way, other in ends:
                    key = (way, value(predicate), other)
                    told.setdefault(key, []).append(one)
                    found.setdefault(key, Fact(*key, frozenset(facts.terms(one, "statedIn"))))
        worded = by_key((f.property, f.other) for f in facts.facts if isinstance(f.other, Literal) and f.other.language)
        chosen = {property_: {*facts.in_language(terms)} for property_, terms in worded.items()}
        placed = {one for ones in told.values() for one in ones}
        for key, fact in found.items():
            way, property_, other = key
            if way == "from" and property_ in _ABOVE - {CODE} and not self._is_titled(fact):
                continue
            if way == "to" and (property_ in _POT or (property_ in STATING and self._has_place(other, placed))):
                continue
            if not (isinstance(other, Literal) and other.language) or facts.label(other) in chosen[property_]:
                self._relate(fact, told.get(key, []))

    def _is_titled(self, fact: Fact) -> bool:
        """Say whether a document gives the title, which is then a fact beside a name."""
        return fact.property == DCT + "title" and any(map(self.facts.is_passage, fact.graphs))

    def _has_place(self, one: Term, placed: set[Term]) -> bool:
        """Say whether the statement ``one`` is in a group of its kind, as those of relations that are ``placed``."""
        kind = self.facts.statement(one)
        lacking = {"relation": one not in placed, "funding": not self.facts.terms(one, "aboutEnvelope")}
        return bool(kind) and not lacking.get(kind, False)

    def _relate(self, fact: Fact, statements: list[Term]) -> None:
        facts, other, property_ = self.facts, fact.other, fact.property
        if property_ == EUAI + "statedAt" and facts.statement(other):
            property_ = EUAI + "statedIn"
        place = self.place(fact.way, property_, isinstance(other, Literal))
        said = self.text(other)
        if short(property_) in words()["dated"] and fact.way == "from":
            said = f"{self.called(property_)}: {said}"
        stated = facts.statement(other) or facts.is_passage(other)
        line = self.draft(place, said if stated or isinstance(other, Literal) else value(other))
        line.text, line.thing, line.rank = said, _iri(other), (True, text(other), False)
        if isinstance(other, Literal):
            line.values["value"] = native(other)
        elif facts.statement(other):
            self.fill(line, other)
        self.support(line, fact.graphs, self._tell(line, statements, line.roles))

    def _tell(self, line: Draft, statements: list[Term], roles: dict[str, None]) -> dict[Term, list[str]]:
        """Put into ``line`` and ``roles`` what ``statements`` say more of a triple; return the roles by passage."""
        found: dict[Term, list[str]] = {}
        for one in statements:
            named = self.facts.in_language(self.facts.details(one).get(EUAI + "role", []))
            roles |= dict.fromkeys([*named, *self.conditions(one)])
            line.notes |= dict.fromkeys(self.notes(one))
            line.disputed |= one in self.disputed
            for passage in self.facts.terms(one, "statedIn"):
                found.setdefault(passage, []).extend(named)
        return found

    def _around(self) -> None:
        """Make the lines of what a passage says, where a property is used, what is of a class, how a text is read."""
        facts = self.facts
        texts = [row for row in facts.around if isinstance(row[3], Literal) and row[3].language]
        worded = by_key(((subject, property_), said) for _, subject, property_, said, _ in texts if said is not None)
        chosen = {key: {*facts.in_language(terms)} for key, terms in worded.items()}
        for way, subject, property_, object_, graph in facts.around:
            if subject is None or property_ is None or object_ is None or facts.statement(subject):
                continue
            kind = value(way)
            if kind == "read":
                said = facts.label(object_)
                if object_ != self.thing and said in chosen.get((subject, property_), {said}):
                    self._relate(Fact("from", value(property_), object_, frozenset([graph])), [])
                continue
            between = {"said": f": {self.called(value(property_))} ", "use": ": ", "below": " – "}[kind]
            said = f"{self.text(subject)}{between}{self.text(object_)}"
            line = self.draft(Place("relations", kind, self.words["groups"][kind]), said)
            line.thing = _iri(subject)
            self.support(line, [graph])


def _iri(term: Term) -> str | None:
    return term.value if isinstance(term, NamedNode) else None
