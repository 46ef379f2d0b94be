"""Views: networks made from stored queries, cut down to what a picture has room for.

A view is a stored query ``view-NAME`` with the columns that :mod:`~euaikg.diagrams.rows` describes; any other stored
query with such columns, or a CONSTRUCT, can be drawn as well, and so can the surroundings of one thing. What does not
fit is counted and said in :attr:`~euaikg.diagrams.model.network.Network.hidden`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from euaikg.core.vocab import EUAI, short
from euaikg.diagrams import cut, rows, vocabulary
from euaikg.diagrams.draw import pages
from euaikg.diagrams.filters import Wanted, conditions
from euaikg.diagrams.model.network import Edge, Network, Node
from euaikg.diagrams.narrow import narrow
from euaikg.diagrams.rows import Rows
from euaikg.diagrams.vocabulary import Vocabulary
from euaikg.errors import QueryError
from euaikg.questions import ask, names, stored
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import is_iri
from euaikg.sparql import amounts, scanner
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import write

EVERYTHING = 10_000
"""How many things a picture has that would be wrong without some of them; its form counts what it has no room for."""


@dataclass(frozen=True)
class View:
    """A view: its title and what it shows, in English and Dutch, and how many things its picture has at most."""

    en: str
    nl: str
    limit: int


VIEWS = {
    "governance": View("Who governs AI in the EU", "Wie bestuurt AI in de EU", 80),
    "funding": View("Who pays for what", "Wie betaalt wat", 24),
    "network": View("Who works with whom", "Wie werkt met wie", 24),
    "law": View("Legal acts and what rests on them", "Rechtshandelingen en wat erop rust", 130),
    "documents": View(
        "What documents announce, repeat and replace", "Wat documenten aankondigen, herhalen en vervangen", EVERYTHING
    ),
    "timeline": View("Stages and targets along time", "Fasen en streefdata in de tijd", 30),
    "sectors": View("Planned actions by sector and quarter", "Geplande acties per sector en kwartaal", EVERYTHING),
    "map": View("Where it is and who takes part", "Waar het is en wie meedoet", EVERYTHING),
    "infrastructure": View("Computing and other infrastructure", "Reken- en andere infrastructuur", 90),
    "ontology": View("The schema of the graph", "Het schema van de graaf", 70),
}  # fmt: skip
"""The views by name; each is drawn from the stored query ``view-NAME``."""

FOCUS_LIMIT = 250
FAR_LIMIT = 60
"""How many things a picture around one has at most, and one that shows what is beyond these too."""

QUERY_LIMIT = 60
FOCUS = {"en": "{} and what stands around it", "nl": "{} en wat eromheen staat"}

ADOPTED = {"en": "adopted by", "nl": "vastgesteld door"}
"""What bodies do with acts: they set up other things, but adopt these."""

FEWER, FEWEST = 0.87, 8
"""By how much fewer things are tried where a picture cannot be read, down to how many."""

HUBS = 3
"""Around how many things for each property a graph too large to look at whole is looked at."""


def view(engine: Engine, name: str, wanted: Wanted | None = None) -> Network:
    """Return the view ``name``; raise :class:`QueryError` where there is none of that name."""
    wanted = wanted or Wanted()
    if name not in VIEWS:
        import difflib

        near = difflib.get_close_matches(name, VIEWS, n=1, cutoff=0.4)
        hint = f" Nearest: {near[0]}." if near else ""
        raise QueryError(f"There is no view “{name[:80]}”.{hint} The views are {', '.join(VIEWS)}.")
    title = VIEWS[name].nl if wanted.lang == "nl" else VIEWS[name].en
    return replace(query(engine, f"view-{name}", {}, wanted), title=title)


def query(
    engine: Engine, name: str, values: Mapping[str, Iterable[str]] | None = None, wanted: Wanted | None = None
) -> Network:
    """Return the answer to the stored query ``name``, asked with ``values`` for its parameters, as a network.

    Raises :class:`QueryError` where the answer has no two columns for the ends of an edge.
    """
    wanted = wanted or Wanted()
    asked = stored.get(name)
    known = vocabulary.vocabulary(engine)
    gathered = Rows()
    partial = _ask(engine, asked, values or {}, wanted, known, gathered)
    layout = name.removeprefix("view-") if name.removeprefix("view-") in VIEWS else ""
    limit = VIEWS[layout].limit if layout else QUERY_LIMIT
    return _network(engine, gathered, known, wanted, asked.summary, limit, layout, partial)


def focus(engine: Engine, thing: str, depth: int = 1, wanted: Wanted | None = None) -> Network:
    """Return ``thing`` (a name or an IRI) and what stands at most ``depth`` relations away from it.

    Raises :class:`UnknownThingError` for a name that nothing has, and :class:`QueryError` for a thing that no passage
    relates to another.
    """
    wanted = wanted or Wanted()
    middle = names.resolve(engine, thing).value
    known = vocabulary.vocabulary(engine)
    asked = stored.get("view-focus")
    gathered = Rows()
    partial, reached, frontier = False, {middle}, [middle]
    room = FOCUS_LIMIT if depth == 1 else FAR_LIMIT
    limit = wanted.limit or room
    for _ in range(depth):
        partial |= _ask(engine, asked, {"thing": frontier}, wanted, known, gathered)
        near = cut.keep(gathered, limit, first=[middle])
        frontier = sorted(iri for iri in near - reached if is_iri(iri))
        reached |= near
        if not frontier:
            break
    if middle not in gathered.things:
        raise QueryError(
            f"No passage says how {short(middle)} stands to anything else"
            + (" that fits." if wanted.filters() else ".")
        )
    title = FOCUS[wanted.lang].format(gathered.things[middle].label)
    return _network(engine, gathered, known, wanted, title, room, "focus", partial, middle)


def _ask(
    engine: Engine,
    asked: StoredQuery,
    values: Mapping[str, Iterable[str]],
    wanted: Wanted,
    known: Vocabulary,
    gathered: Rows,
) -> bool:
    """Add the answer to ``asked`` to ``gathered``; say whether only a part of it was looked at."""
    given = {name: list(texts) for name, texts in values.items()}
    if any(parameter.name == "lang" for parameter in asked.parameters):
        given.setdefault("lang", [wanted.lang])
    if wanted.as_of is not None:
        given["asOf"] = [wanted.as_of]
    text = stored.bind(asked, given, engine)
    if asked.form == "CONSTRUCT":
        if wanted.filters():
            raise QueryError(f"The query {asked.name} answers with triples; filters are for views and SELECT queries.")
        answer = engine.run_surely(narrow(text, (), wanted.rows + 1))
        assert isinstance(answer, Triples)
        names = {iri: known.name(iri, wanted.lang) for iri, what in known.of.items() if what == "property"}
        rows.add_triples(gathered, answer.triples[: wanted.rows], names)
        return len(answer) > wanted.rows
    if asked.form != "SELECT":
        raise QueryError(f"The query {asked.name} is an {asked.form}; a SELECT or a CONSTRUCT can be drawn.")
    chosen = conditions(engine, text, wanted, known) if wanted.filters() else []
    hubs = cut.hubs(engine, text, HUBS, wanted.rows)
    if hubs and "from" in scanner.blocks(text):
        table = engine.select(narrow(scanner.fill(text, {"from": hubs}), chosen, wanted.rows))
    elif hubs:
        among = " || ".join(f"?{end} IN ({', '.join(map(write, hubs))})" for end in ("from", "to"))
        table = engine.select(narrow(text, [*chosen, f"FILTER({among})"], wanted.rows))
    if not hubs or not len(table):
        table = engine.select(narrow(text, chosen, wanted.rows + 1))
    rows.ends(table.variables, asked.name)
    partial = bool(hubs) or len(table) > wanted.rows
    table = Table(table.variables, table.rows[: wanted.rows])
    rows.add(gathered, table, asked.name, wanted.lang, known)
    return partial


def _network(
    engine: Engine,
    gathered: Rows,
    known: Vocabulary,
    wanted: Wanted,
    title: str,
    limit: int,
    view: str,
    partial: bool,
    middle: str = "",
) -> Network:
    """Return what is ``gathered``, with as many things as ``wanted``, else as many as can be read, up to ``limit``."""
    if wanted.as_of:
        gathered.forget_undated()
    room = wanted.limit or limit
    while True:
        kept = _kept(gathered, room, view, wanted, middle)
        network = _made(engine, gathered, kept, known, wanted, title, view, partial, middle)
        if wanted.limit or limit == EVERYTHING or room <= FEWEST or pages.legible(network, wanted.page):
            return network
        room = room - 2 if view == "funding" else int(min(room, len(kept)) * FEWER)  # pots go with all their parts


def _kept(gathered: Rows, room: int, view: str, wanted: Wanted, middle: str) -> set[str]:
    """Return the IRIs of the things for which there is ``room``."""
    if view == "timeline":
        return cut.timely(gathered, room)
    if view == "funding" and not wanted.filters():
        return cut.richest(gathered, room)
    first = cut.linked(gathered, EUAI + "LegalAct") if view == "law" else [middle]
    return cut.keep(gathered, room, first=[iri for iri in first if iri])


def _made(
    engine: Engine,
    gathered: Rows,
    kept: set[str],
    known: Vocabulary,
    wanted: Wanted,
    title: str,
    view: str,
    partial: bool,
    middle: str,
) -> Network:
    hidden = cut.hidden(gathered, kept, partial, wanted.lang, view == "timeline")
    _complete(engine, gathered, kept, wanted, known)
    nodes = []
    for iri in kept:
        thing = gathered.things[iri]
        kind = vocabulary.narrowest(thing.kinds, known)
        notes, sources = thing.lines(wanted.lang)
        nodes.append(
            Node(
                iri=iri,
                label=thing.label or short(iri),
                kind=rows.local(kind),
                group=known.group(kind) if kind else "other",
                note="\n".join(notes),
                amount=thing.amount(),
                broad=thing.standing()[1],
                date=thing.day,
                kind_label=known.name(kind, wanted.lang) or rows.local(kind),
                sources=tuple(sources),
            )
        )
    edges = _with_addresses(
        engine, [edge for edge in gathered.edges if edge.source in kept and edge.target in kept], wanted.lang
    )
    groups = {node.iri: node.group for node in nodes}
    edges = [
        replace(edge, label=ADOPTED[wanted.lang])
        if edge.relation == EUAI + "establishedBy" and (groups[edge.source], groups[edge.target]) == ("law", "body")
        else edge
        for edge in edges
    ]
    cited = {edge.citation for edge in edges} | {citation for node in nodes for citation in node.sources}
    documents = sorted({gathered.documents[citation] for citation in cited if citation in gathered.documents})
    newest = max((date for date, _ in documents), default="")
    known_on = wanted.as_of or (newest and not wanted.documents and str(ask.newest_day(engine) or "")) or newest
    undated = ask.undated(engine)
    edges = [
        replace(edge, since=_since(edge.date, gathered.documents.get(edge.citation, ("", ""))[1], undated, wanted.lang))
        for edge in edges
    ]
    nodes = [replace(node, since=_since(node.date, node.iri, undated, wanted.lang)) for node in nodes]
    return Network(
        title=title,
        nodes=tuple(sorted(nodes, key=lambda node: (node.label, node.iri))),
        edges=tuple(
            sorted(
                edges,
                key=lambda edge: (
                    edge.source,
                    edge.relation,
                    edge.target,
                    edge.date,
                    edge.passage,
                    edge.citation,
                    edge,
                ),
            )
        ),
        lang=wanted.lang,
        as_of=known_on,
        documents=tuple(f"{name} ({_since(date, name, undated, wanted.lang) or date})" for date, name in documents),
        hidden=hidden,
        view=view,
        middle=middle,
    )


def _since(day: str, document: str, undated: Mapping[str, Sequence[str]], lang: str) -> str:
    """Return in words that the ``day`` of a ``document`` is only the first it may be; empty for one with a date."""
    return f"{amounts.word('not before', lang)} {day}" if document in undated.get(day, ()) else ""


def _with_addresses(engine: Engine, edges: list[Edge], lang: str) -> list[Edge]:
    """Return ``edges`` with the addresses of the documents that say them, where these have one."""
    passages = sorted({edge.passage for edge in edges if edge.passage and not edge.url})
    if not passages:
        return edges
    told = ask.question(engine, "citations", {"passage": passages, "lang": lang}).answer
    assert isinstance(told, Table)
    found = {str(row["passage"]): str(row["address"] or "") for row in told.to_dicts()}
    return [replace(edge, url=edge.url or found.get(edge.passage, "")) for edge in edges]


DESCRIBE = """
SELECT ?thing ?label ?kind WHERE {{
  VALUES ?thing {{ {} }}
  OPTIONAL {{ ?thing skos:prefLabel|rdfs:label ?label }}
  OPTIONAL {{ ?thing a ?kind }}
}}
"""


def _complete(engine: Engine, gathered: Rows, kept: set[str], wanted: Wanted, known: Vocabulary) -> None:
    """Look up what the rows did not say of the things kept: names, classes, and the figures of pots of money."""
    bare = []
    for iri in sorted(kept):
        if is_iri(iri) and not (gathered.things[iri].label and gathered.things[iri].kinds):
            bare.append(NamedNode(iri))
    labels: dict[str, dict[str, str]] = {}
    if bare:
        for row in engine.select(DESCRIBE.format(" ".join(map(write, bare)))):
            iri, label, kind = rows.plain(row["thing"]), row["label"], row["kind"]
            if kind is not None:
                gathered.things[iri].kinds.add(rows.plain(kind))
            if label is not None:
                labels.setdefault(iri, {}).setdefault(getattr(label, "language", None) or "", rows.plain(label))
    for iri, texts in labels.items():
        best = texts.get(wanted.lang) or texts.get("en") or texts[min(texts)]
        gathered.things[iri].label = gathered.things[iri].label or best
    pot = EUAI + "FundingEnvelope"
    pots = [iri for iri in sorted(kept) if iri != pot and pot in gathered.things[iri].kinds]
    if pots and not any(gathered.things[iri].figures for iri in pots):
        figures = Rows({iri: gathered.things[iri] for iri in pots})
        values = {"thing": pots, "lang": [wanted.lang], **({"asOf": [wanted.as_of]} if wanted.as_of else {})}
        asked = stored.get("view-funding")
        condition = f"FILTER(?relation = <{EUAI}amount>)"
        table = engine.select(narrow(stored.bind(asked, values, engine), [condition], wanted.rows))
        rows.add(figures, table, asked.name, wanted.lang, known)
        gathered.documents |= figures.documents
