"""Three hundred claims with what should be said of them, made from the authored data: true ones, altered ones, absent.

They are read from the trees of the passages with another program than the one that is tested: triples of the source
files, no rules, no queries of the product. A claim that other passages make true or undecided is left out by the same
reading, so that each has one right verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Store

from euaikg.core import files
from euaikg.core.vocab import BASE, EUAI, RDF, SKOS

DCAT = "http://www.w3.org/ns/dcat#"


class Claim(NamedTuple):
    """A claim as :func:`euaikg.verify` takes it, how it was made, and the verdicts that are right."""

    how: str
    thing: str
    says: str
    value: str | None
    more: dict[str, str]
    right: tuple[str, ...]


class Data:
    """The authored files, asked triple by triple."""

    def __init__(self) -> None:
        self.store = Store()
        for folder, suffix in (("data", ".ttl"), ("data/sources", ".trig"), ("ontology", ".ttl")):
            for path in files.shipped(folder, suffix):
                form = RdfFormat.TRIG if suffix == ".trig" else RdfFormat.TURTLE
                self.store.load(path.read_bytes(), form)

    def all(self, subject: Any, name: str) -> list[Any]:
        found = [quad.object for quad in self.store.quads_for_pattern(subject, NamedNode(name), None, None)]
        return sorted(found, key=str)

    def one(self, subject: Any, name: str) -> Any:
        return next(iter(self.all(subject, name)), None)

    def modality(self, passage: Any) -> str:
        return str(self.one(passage, EUAI + "modality").value).rpartition("/")[2]

    def label(self, thing: Any, lang: str = "en") -> str:
        return next((one.value for one in self.all(thing, SKOS + "prefLabel") if one.language == lang), "")

    def of(self, kind: str) -> list[tuple[Any, Any]]:
        """Return what passages state; a judgement of ours stands in no passage."""
        found = self.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(EUAI + kind), None)
        stated = (quad for quad in found if isinstance(quad.graph_name, NamedNode))
        return sorted(((quad.subject, quad.graph_name) for quad in stated), key=str)

    def days(self, period: Any) -> tuple[str, str] | None:
        parts = [self.one(period, DCAT + name) for name in ("startDate", "endDate")]
        return (parts[0].value, parts[1].value) if all(parts) else None


def verdict(modalities: set[str]) -> str:
    """Return what is right for a claim that passages of these modalities make, none of them denying it."""
    return "stated" if "asserted" in modalities else "stated as a plan"


def spread(several: list[Any], most: int) -> list[Any]:
    """Return ``most`` of ``several``, evenly from all of it."""
    return several if len(several) <= most else [several[at * len(several) // most] for at in range(most)]


def figures(data: Data) -> Iterator[Claim]:
    """Yield claims about numbers and amounts: as stated, with another value, another unit, another period."""
    number = {"QuantityStatement": ("aboutResource", "measures", "numericValue", "unit", "asOf"),
              "FundingStatement": ("aboutEnvelope", "fundingMode", "amount", "currency", "coversPeriod")}  # fmt: skip
    points: dict[tuple[Any, Any], list[tuple[Any, Any, str, Any, Any, Any, Any, Any]]] = {}
    replaced = {
        quad.object for quad in data.store.quads_for_pattern(None, NamedNode(EUAI + "supersedesStatement"), None)
    }
    judged = {
        quad.object
        for difference, _ in data.of("Discrepancy")
        if data.one(difference, EUAI + "discrepancyType").value.endswith(("later-state", "correction"))
        for quad in data.store.quads_for_pattern(difference, NamedNode(EUAI + "involvesStatement"), None)
    }
    moved = {
        data.one(one, EUAI + name)
        for one in replaced | judged
        for name in ("aboutResource", "aboutEnvelope")
    }  # fmt: skip
    for kind, names in number.items():
        for statement, passage in data.of(kind):
            about, what, value, unit, when = (data.one(statement, EUAI + name) for name in names)
            hedge = data.one(statement, EUAI + "qualifier")
            if about is not None:
                of, rate = (data.one(statement, EUAI + name) for name in ("population", "per"))
                told = (value, unit, data.modality(passage), hedge, when, kind, of, rate)
                points.setdefault((about, what), []).append(told)
    for (about, what), said in spread([*points.items()], 60):
        name, measure = data.label(about), data.label(what)
        firm = all(value is not None and modality not in ("denied", "ended") for value, _, modality, *_ in said)
        if not name or about in moved or not firm:
            continue
        value, unit, _, hedge, when, kind, *_ = said[0]
        same = {modality for other, its, modality, *_ in said if (other, its) == (value, unit)}
        right = verdict(same)
        is_money = kind == "FundingStatement"
        code = unit.value.rpartition("/")[2] if is_money else data.label(unit)
        worded = data.label(hedge) if not hedge.value.endswith(("/exact", "/range")) else ""
        yield Claim("true figure", name, measure, f"{worded} {value.value}".strip(), {"unit": code}, (right,))
        far = str(Decimal(value.value) * 37 + 11)
        yield Claim("other value", name, measure, far, {"unit": code}, refuted(said, Decimal(far)))
        if len({its for _, its, *_ in said}) == 1:
            other = ("USD" if code != "USD" else "EUR") if is_money else ("weeks" if code != "weeks" else "days")
            yield Claim("other unit", name, measure, value.value, {"unit": other}, ("contradicted",))
        if when is not None and data.days(when) and len(said) == 1:
            yield Claim("true period", name, measure, value.value, {"when": "/".join(data.days(when) or ())}, (right,))
            apart = "contradicted" if is_money else "not recorded"  # a count of one day says nothing of another
            yield Claim("other period", name, measure, value.value, {"when": "1999"}, (apart,))
        if data.label(about, "nl") and data.label(what, "nl"):
            yield Claim("true in Dutch", data.label(about, "nl"), data.label(what, "nl"), value.value, {}, (right,))


def refuted(said: list[Any], claimed: Decimal) -> tuple[str, ...]:
    """Return what is right for a value that no passage states.

    It is contradicted unless a hedge lets it be, or what is said is so much for each, or not the same of several groups
    or years, of which none is all.
    """
    sums = [one for one in said if one[7] is None]
    said = [one for one in sums if one[6] is None] or sums
    apart = len({(when, of) for *_, when, _, of, _ in said}) > 1 and len({str(value) for value, *_ in said}) > 1
    open_above = ("/at-least", "/more-than")
    allows = [
        (hedge.value.endswith(open_above) and claimed > Decimal(value.value))
        or (hedge.value.endswith("/order-of-magnitude") and 1 <= claimed / Decimal(value.value) <= 10)
        or (hedge.value.endswith(("/up-to", "/less-than")) and claimed < Decimal(value.value))
        for value, _, _, hedge, *_ in said
    ]  # fmt: skip
    return ("not recorded",) if apart or not said or any(allows) else ("contradicted",)


def stages(data: Data) -> Iterator[Claim]:
    """Yield claims about stages and targets: as stated, on another day, and a stage that nobody speaks of."""
    points: dict[tuple[Any, Any], list[tuple[str, Any]]] = {}
    involved = {
        quad.object for quad in data.store.quads_for_pattern(None, NamedNode(EUAI + "involvesStatement"), None)
    }  # fmt: skip
    skipped: set[Any] = set()
    for statement, passage in data.of("StatusStatement"):
        about, status = data.one(statement, EUAI + "aboutResource"), data.one(statement, EUAI + "status")
        points.setdefault((about, status), []).append(
            (data.modality(passage), data.one(statement, EUAI + "effectiveIn"))
        )
        skipped |= {about} if statement in involved else set()
    every = sorted({status for _, status in points}, key=str)
    for (about, status), said in spread([*points.items()], 75):
        name, stage = data.label(about), data.label(status)
        if not name or about in skipped or {"denied", "ended"} & {modality for modality, _ in said}:
            continue
        right = verdict({modality for modality, _ in said})
        how = "plan for fact" if right != "stated" else "true stage"
        yield Claim(how, name, stage, None, {}, (right,))
        periods = {when for _, when in said}
        days = data.days(said[0][1]) if said[0][1] is not None else None
        if days and len(periods) == 1:
            yield Claim("true day", name, stage, "/".join(days), {}, (right,))
            later = date.fromisoformat(days[1]) + timedelta(days=400)
            yield Claim("other day", name, stage, later.isoformat(), {}, ("contradicted",))
        absent = next((one for one in every if (about, one) not in points), None)
        yield Claim("absent stage", name, data.label(absent), None, {}, ("not recorded",))
    targets: dict[Any, list[tuple[str, Any, bool]]] = {}
    for statement, passage in data.of("TargetStatement"):
        about = data.one(statement, EUAI + "aboutResource")
        told = (data.modality(passage), data.one(statement, EUAI + "targetPeriod"), statement in involved)
        targets.setdefault(about, []).append(told)
    for about, said_ in spread([*targets.items()], 40):
        days = data.days(said_[0][1]) if said_[0][1] is not None else None
        if not data.label(about) or not days or len({when for _, when, _ in said_}) > 1 or any(one[2] for one in said_):
            continue
        yield Claim("true target", data.label(about), "target", "/".join(days), {}, (verdict({m for m, *_ in said_}),))
        late = date.fromisoformat(days[1]) + timedelta(days=500)
        yield Claim("other target", data.label(about), "target", str(late), {}, ("contradicted",))


def relations(data: Data) -> Iterator[Claim]:
    """Yield claims about relations: as stated, with another body or thing, and turned round."""
    wanted = (
        "partOf", "responsibleBody", "supervises", "establishedBy", "hostedBy", "supports", "hasParticipant",
        "provides", "implements", "cooperatesWith", "uses", "hasTask", "establishedWithin", "succeeds",
        "finances", "hasFunder",
    )  # fmt: skip
    said: dict[tuple[Any, str, Any], set[str]] = {}
    involved = {
        quad.object for quad in data.store.quads_for_pattern(None, NamedNode(EUAI + "involvesStatement"), None)
    }  # fmt: skip
    disputed: set[Any] = set()
    for name in wanted:
        for quad in data.store.quads_for_pattern(None, NamedNode(EUAI + name), None, None):
            if str(quad.graph_name).startswith(f"<{BASE}source/"):
                said.setdefault((quad.subject, name, quad.object), set()).add(data.modality(quad.graph_name))
    for statement, passage in data.of("RelationStatement"):
        subject, predicate, object_ = (data.one(statement, RDF + part) for part in ("subject", "predicate", "object"))
        name = predicate.value.removeprefix(EUAI)
        if name in wanted:
            said.setdefault((subject, name, object_), set()).add(data.modality(passage))
        disputed |= {subject} if statement in involved else set()
    bodies = sorted({key[2] for key in said if data.label(key[2])}, key=str)
    for at, ((subject, name, object_), how) in enumerate(spread(sorted(said.items(), key=str), 75)):
        labels = data.label(subject), data.label(object_)
        if not all(labels) or subject in disputed or {"denied", "ended"} & how:
            continue
        label = next(
            one.value for one in data.all(NamedNode(EUAI + name), "http://www.w3.org/2000/01/rdf-schema#label")
            if one.language == "en"
        )  # fmt: skip
        right = verdict(how)
        made = "plan for fact" if right != "stated" else "true relation"
        yield Claim(made, labels[0], label, labels[1], {}, (right,))
        other = next(
            one for one in bodies[at * 7 % len(bodies) :] + bodies
            if (subject, name, one) not in said and (one, name, subject) not in said
        )  # fmt: skip
        yield Claim("other body", labels[0], label, data.label(other), {}, ("not recorded",))


def claims() -> list[Claim]:
    """Return the three hundred claims, true, altered, planned and absent."""
    data = Data()
    taken: dict[str, set[str]] = {}
    for thing, label in names_of(data):
        taken.setdefault(label.value.casefold(), set()).add(str(thing))
    found = [
        one
        for one in dict.fromkeys(map(_key, (*figures(data), *stages(data), *relations(data))))
        if len(taken.get(one[1].casefold(), ())) == 1
        and (one[3] is None or len(taken.get(one[3].casefold(), "1")) == 1)
    ]
    assert len(found) >= 300, len(found)
    return [Claim(one[0], one[1], one[2], one[3], dict(one[4]), one[5]) for one in spread(found, 300)]


def names_of(data: Data) -> list[tuple[Any, Any]]:
    """Return everything that has a preferred name, with it."""
    found = data.store.quads_for_pattern(None, NamedNode(SKOS + "prefLabel"), None, None)
    return sorted({(quad.subject, quad.object) for quad in found}, key=str)


def _key(claim: Claim) -> Any:
    return (*claim[:4], tuple(claim.more.items()), claim.right)
