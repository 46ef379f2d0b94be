"""Checking claims: what documents say of a thing held against what somebody says of it, with the passages.

A claim is about a relation, a figure, a stage or a target of one thing. It is called *stated* only where a passage
asserts it as claimed; what a passage intends, proposes, asks for or thinks possible is *stated as a plan*. It is
*contradicted* where a passage says otherwise of the same point, or denies it; *replaced since* where the graph says
that a later one took the place of the one that says so; and else *not recorded*: a graph that says nothing does not
say no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import SOURCE, short
from euaikg.errors import ParameterError
from euaikg.questions import claims, held, parameters
from euaikg.questions.held import Found, Row
from euaikg.questions.parameters import LANGUAGES, Given, Parameter
from euaikg.rdf.terms import text
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine

STATED, PLANNED, CONTRADICTED, REPLACED, ABSENT = VERDICTS = (
    "stated", "stated as a plan", "contradicted", "replaced since", "not recorded",
)  # fmt: skip
"""What can be said of a claim."""

MOST = 8
"""How many passages a verdict names at most; it says how many there are."""

DIFFERING = f"""
SELECT DISTINCT * WHERE {{
  VALUES ?statement {{ UNDEF }}
  VALUES ?lang {{ "en" }}
  {{
    ?other euai:supersedesStatement ?statement
  }}
  UNION
  {{
    VALUES ?lang {{ "en" }}
    ?discrepancy euai:involvesStatement ?statement , ?other ; euai:discrepancyType ?type ; skos:prefLabel ?says .
    FILTER(?other != ?statement && LANG(?says) = ?lang)
    OPTIONAL {{ ?discrepancy euai:disputedFrom ?disputedOn }}
    OPTIONAL {{ ?statement euai:supersededFrom ?replacedOn }}
  }}
  ?other euai:statedIn ?passage .
  {held.TOLD}
  BIND(
    IF(!BOUND(?type) || COALESCE(?replacedOn = ?on, false), "replaces",
      IF(STRENDS(STR(?type), "/later-state") || STRENDS(STR(?type), "/correction"), "later",
        IF(BOUND(?disputedOn), "disputed", "alike")))
  AS ?how)
}}
ORDER BY ?on ?source
"""

REPLACING = "SELECT DISTINCT ?statement WHERE { ?statement euai:supersedesStatement ?earlier }"


@dataclass(frozen=True)
class Evidence:
    """A passage that bears on a claim, and its ``side``: for, against, later or earlier (than one for it), or other.

    ``citation`` is the passage, as :func:`citation` shortens its IRI; ``modality`` and ``said_by`` are names.
    """

    citation: str
    source: str
    stated_on: str
    modality: str
    said_by: str
    says: str
    side: str


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a claim: the ``verdict``, one of :data:`VERDICTS`, why, and the passages on all sides.

    ``thing`` and ``about`` say what the words of the claim were taken for; ``disputed`` that a recorded disagreement
    concerns what was found; ``passages`` how many there are, of which ``evidence`` has the first.
    """

    verdict: str
    why: str
    thing: str
    about: tuple[str, ...]
    disputed: bool
    passages: int
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain values, for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.why}"]
        return "\n".join(
            [*lines, *(f"  {one.side}: {one.says} ({one.modality}). {one.source}" for one in self.evidence)]
        )


def citation(passage: str) -> str:
    """Return the identifier by which the ``passage``, an IRI, is cited: ``com-2024-28/en#s5-p7``."""
    return passage.removeprefix(SOURCE)


def passage(cited: str) -> str:
    """Return the IRI of the passage that is cited as ``cited``: what :func:`citation` gives, an IRI, or a place."""
    return SOURCE + cited if "#" in cited and "://" not in cited and " " not in cited else cited


def verify(
    engine: Engine,
    thing: str,
    says: str,
    value: Given | None = None,
    *,
    unit: str | None = None,
    when: Given | None = None,
    as_of: Given | None = None,
    lang: str = "en",
) -> Verdict:
    """Return what documents say to a claim, of which all that is passed is text or a value as Python has it.

    :func:`euaikg.verify` says what each means. Raises :class:`QueryError` and :class:`UnknownThingError` with the
    nearest for what is not known or no value.
    """
    given = {name: None if one is None else parameters.written(one) for name, one in (("value", value), ("when", when))}
    claims.refuse_empty(thing=thing, says=says, unit=unit, **given)
    if lang not in LANGUAGES:
        raise ParameterError("lang", f"answers are in {' and '.join(LANGUAGES)}, not in {lang}.")
    day = None if as_of is None else last_day(engine, as_of)
    subject = claims.same_thing(engine, thing)
    about = claims.about(engine, says)
    kinds = {claims.measured(one) for one in about}
    found: list[Found] = []
    for kind in sorted(kinds):
        own = [one for one in about if claims.measured(one) == kind]
        found += held.held(engine, kind, subject, own, (given["value"], unit, given["when"]), lang, day)
    return _judged(engine, subject, about, found, lang, day)


def last_day(engine: Engine, typed: Given) -> date:
    """Return the day that ``typed`` is, or the last of the period; refuse what is neither, with the nearest."""
    wanted = Parameter("asOf", "end", "", "", "UNDEF")
    (term,) = parameters.terms(wanted, parameters.written(typed), engine)
    return date.fromisoformat(text(term))


def said_since(engine: Engine, thing: str, since: date, lang: str = "en") -> tuple[str, list[Evidence]]:
    """Return the short IRI of ``thing``, and what passages of after the day ``since`` say of it, in their order.

    The ``side`` of each says whether it is new, or takes the place of what an earlier passage said.
    """
    subject = claims.same_thing(engine, thing)
    language = [Literal(lang)]
    stated = held.statements(engine, subject, language, None)
    query = held.RELATIONS.replace(
        "?property rdfs:subPropertyOf* ?about .", "FILTER(STRSTARTS(STR(?property), STR(euai:)))"
    )
    related = [row for row in held.asked(engine, query, None, thing=[subject], lang=language) if row["aboutName"]]
    said = [(row, held.says(row, lang)) for row in stated] + [(row, held.related(row)) for row in related]
    newer = [(row, says) for row, says in said if row["on"] > since]
    replacing = {text(term) for (term,) in engine.select(scanner.with_prefixes(REPLACING)).rows}
    made = [_evidence(row, says, "replaces" if row.get("statement") in replacing else "new") for row, says in newer]
    return short(subject.value), sorted(dict.fromkeys(made), key=lambda one: (one.stated_on, one.source, one.says))


def _judged(
    engine: Engine, subject: NamedNode, about: list[str], found: list[Found], lang: str, day: date | None
) -> Verdict:
    """Return the verdict on a claim from what was ``found``."""
    said = {str(one.row["statement"]): one for one in found if one.row.get("statement")}
    known = [NamedNode(statement) for statement in said]
    differing = held.asked(engine, DIFFERING, day, statement=known, lang=[Literal(lang)]) if known else []
    replacing = [row for row in differing if row["how"] == "replaces"]
    found = held.settled(found, {str(row["statement"]) for row in replacing})
    denied = [one for one in found if one.way == "for" and one.modality in ("denied", "ended")]
    fits = [one for one in found if one.way == "for" and one not in denied]
    against = [*denied, *(one for one in found if one.way == "against" and one.modality not in ("denied", "ended"))]
    asserted = [one for one in fits if one.modality == "asserted"]
    statements = {str(one.row["statement"]) for one in fits if one.row.get("statement")}
    differing = [row for row in differing if str(row["statement"]) in statements]
    outside = [row for row in differing if str(row["other"]) not in statements]
    last = [row for row in outside if row["how"] in ("replaces", "later") and _is_later(row, fits)]
    replaced = bool(fits) and {str(row["statement"]) for row in last if row in replacing} >= statements and all(
        one.row.get("statement") for one in fits
    )  # fmt: skip
    disputed = any(row["how"] == "disputed" for row in differing)
    since = {row["other"] for row in last}
    newer = any(
        one.modality == "asserted" and one.row.get("statement") in since and not one.row.get("unit") for one in against
    )  # fmt: skip
    if denied and (not asserted or max(one.row["on"] for one in denied) >= max(one.row["on"] for one in asserted)):
        is_ended = asserted and any(one.modality == "ended" for one in denied)
        verdict, why = (REPLACED, "a later passage says that it has ended") if is_ended else (
            CONTRADICTED, "a passage says that it is not so, or no longer",
        )  # fmt: skip
    elif replaced or (newer and not asserted):
        verdict, why = REPLACED, "a passage says so, and a later one took its place"
    elif asserted:
        verdict, why = STATED, "a passage says so"
    elif fits:
        verdict, why = PLANNED, f"no passage says that it is so; it is said as: {_how(fits)}"
    elif any(one.modality == "asserted" for one in against):
        verdict, why = CONTRADICTED, "what passages say on this point differs"
    elif against:
        verdict, why = CONTRADICTED, f"what passages say on this point differs; it is said as: {_how(against)}"
    elif found:
        verdict, why = ABSENT, "passages speak of this, but neither say so nor exclude it"
    else:
        verdict, why = ABSENT, "no passage in the graph says anything on this point; that does not make it false"
    if verdict in (STATED, PLANNED):
        why += "; sources disagree about it" if disputed else ""
        why += "; a later passage tells how it stands since" if last else ""
    sides = [
        *(_evidence(one.row, one.says, "for") for one in fits),
        *(_evidence(row, _says(row, said), "later") for row in last),
        *(_evidence(row, str(row["says"]), "against") for row in outside if row["how"] == "disputed"),
        *(_evidence(one.row, one.says, "against") for one in against),
        *(_evidence(one.row, one.says, "earlier") for one in found if one.way == "earlier"),
        *(_evidence(one.row, one.says, "other") for one in found if one.way in ("allows", "open") and not fits),
    ]
    first: dict[tuple[str, str], Evidence] = {}
    for one in sides:
        first.setdefault((one.citation, one.says), one)
    whole = [*first.values()]
    names = tuple(short(one) for one in about)
    return Verdict(verdict, f"{why}.", short(subject.value), names, disputed, len(whole), _balanced(whole))


def _says(row: Row, said: Mapping[str, Found]) -> str:
    """Return what the other side of ``row`` says, or what it is about where the claim does not ask for that."""
    other = said.get(str(row["other"]))
    return other.says if other else str(row.get("says") or "takes the place of it")


def _how(found: Iterable[Found]) -> str:
    return ", ".join(dict.fromkeys(str(one.row["modalityName"]) for one in found))


def _is_later(row: Row, fits: Iterable[Found]) -> bool:
    """Say whether the other side of ``row`` was said after all passages that the claim fits."""
    return bool(row["on"] and all(row["on"] > one.row["on"] for one in fits))


def _balanced(whole: list[Evidence]) -> tuple[Evidence, ...]:
    """Return the first of each side, as many of each as there is room for, in their order."""
    by_side: dict[str, list[Evidence]] = {}
    for one in whole:
        by_side.setdefault(one.side, []).append(one)
    share = max(1, MOST // max(1, len(by_side)))
    kept = [one for several in by_side.values() for one in several[:share]]
    rest = [one for one in whole if one not in kept][: MOST - len(kept)]
    return tuple(one for one in whole if one in kept or one in rest)


def _evidence(row: Row, says: str, side: str) -> Evidence:
    told = (str(row["source"]), str(row["on"]), str(row["modalityName"]), str(row["saidBy"] or ""))
    return Evidence(citation(str(row["passage"])), *told, says, side)
