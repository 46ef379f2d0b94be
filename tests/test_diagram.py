"""Diagrams: what the rows say is what every format shows, whatever the names, and nothing is left out in silence."""

from __future__ import annotations

import importlib
import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pygraphviz import AGraph
from pyoxigraph import Literal, NamedNode

from euaikg.core import suffixes
from euaikg.core.vocab import XSD
from euaikg.diagrams import cut, formats, rows, views
from euaikg.diagrams.filters import Wanted
from euaikg.diagrams.model import looks
from euaikg.diagrams.model.network import GROUPS, Edge, Network, Node, doubt, lines
from euaikg.diagrams.narrow import narrow
from euaikg.diagrams.rows import Rows
from euaikg.diagrams.static import dot, lanes
from euaikg.diagrams.vocabulary import Vocabulary, vocabulary
from euaikg.errors import OutputError, QueryError, UnknownThingError
from euaikg.questions import ask, stored
from euaikg.rdf.terms import Term
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run, program

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
HARD = [
    'quote " and back\\slash \\n \\N \\G',
    "<b>bold</b> & &amp; &lt;",
    "two\nlines\tand a tab",
    "end",
    "graph",
    "digraph { a -> b }",
    "שלום عربي",
    "😀 emoji é",
    "]]> <!-- -->",
    "",
    "\x00\x07",
    "x" * 300,
]


def small(labels: list[str], noted: bool = True) -> Network:
    """Return a network with a node for each label, a line from each to the next, and one of them said twice."""
    nodes = tuple(
        Node(f"https://example.org/{at}", label, "Body", GROUPS[at % len(GROUPS)], note=label * noted)
        for at, label in enumerate(labels)
    )
    edges = [
        Edge(one.iri, other.iri, "https://example.org/r", one.label, list(looks.MODALITIES)[at % 6], citation=one.label)
        for at, (one, other) in enumerate(itertools.pairwise(nodes))
    ]
    twice = [
        Edge(edge.source, edge.target, edge.relation, edge.label, "planned", date="2025-01-01") for edge in edges[:1]
    ]
    return Network(labels[0], nodes, tuple(edges + twice), documents=tuple(labels), hidden=labels[-1])


def groups(content: bytes, kind: str) -> list[ET.Element]:
    """Return the groups of an SVG picture of the class ``kind``."""
    return [g for g in ET.fromstring(content).iter(f"{SVG}g") if kind in g.get("class", "").split()]


def words(element: ET.Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{SVG}text"))


# What the pictures show


@pytest.mark.parametrize("name", views.VIEWS)
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.slow
def test_a_view_shows_what_its_query_says(name: str, lang: str, engine: Embedded) -> None:
    network = views.view(engine, name, Wanted(lang=lang, limit=10_000))
    table = engine.select(stored.bind(stored.get(f"view-{name}"), {"lang": [lang]}, engine))
    said = list(table)
    ends = {rows.plain(row[end]) for row in said for end in ("from", "to")} - {""}
    triples = {tuple(rows.plain(row[c]) for c in ("from", "relation", "to")) for row in said if row["to"] is not None}
    assert {node.iri for node in network.nodes} == ends
    assert {(line.source, line.relation, line.target) for line in lines(network.edges)} == triples
    assert network.hidden == ""
    assert all(node.label and "://" not in node.label for node in network.nodes)
    opened = AGraph(formats.encode(network, "dot").decode())
    assert set(opened.nodes()) == ends
    assert opened.number_of_edges() == len(triples)


@pytest.mark.parametrize("name", views.VIEWS)
@pytest.mark.slow
def test_a_picture_has_exactly_the_things_and_lines_and_says_what_it_leaves_out(name: str, engine: Embedded) -> None:
    network = views.view(engine, name)
    content = formats.encode(network, "svg")
    assert len(groups(content, "node")) == len(network.nodes) <= views.VIEWS[name].limit
    assert len(groups(content, "edge")) == len(lines(network.edges))
    told = words(ET.fromstring(content))
    assert network.title in told
    assert network.hidden in told
    whole = views.view(engine, name, Wanted(limit=10_000))
    fewer = len(whole.nodes) - len(network.nodes)
    less = len(lines(whole.edges)) - len(lines(network.edges))
    assert f"{fewer} more things and {less} relations" in network.hidden
    legend = "".join("".join(words(g) for g in groups(content, "legend")).split())
    assert [name for name in network.documents if "".join(name.split()) not in legend] == []
    assert content == formats.encode(views.view(engine, name), "svg")


def test_every_line_of_a_picture_names_its_sources_and_every_thing_leads_to_its_page(engine: Embedded) -> None:
    network = views.view(engine, "law", Wanted(limit=99))
    content = formats.encode(network, "svg")
    titles = [str(g.findtext(f"{SVG}title")) for g in groups(content, "edge")]
    wanted = next(title for title in titles if "repeals" in title and "95/46" in title)
    assert wanted.splitlines() == [
        "General Data Protection Regulation – repeals – Directive 95/46/EC",
        "asserted · 2025-04-09 · COM(2025) 165, footnote 50",
    ]
    links = {a.get(HREF) for a in ET.fromstring(content).iter(f"{SVG}a")}
    assert {node.iri for node in network.nodes} <= links
    root = ET.fromstring(content)
    assert root.findtext(f"{SVG}title") == network.title
    assert "As known on" in str(root.findtext(f"{SVG}desc"))
    assert b"<!--" not in content


def test_amounts_stand_in_the_pots_and_replaced_ones_are_marked(engine: Embedded) -> None:
    now = {node.label: node for node in views.view(engine, "funding").nodes}
    pot = "GenAI4EU, Commission support until 2027"
    assert now[pot].note == "nearly EUR 700 m\nEUR 500 m (estimate) (replaced)"
    assert now[pot].amount == 700_000_000
    assert "COM(2024) 28, section 5, paragraph 4, item 2" in now[pot].sources
    then = {node.label: node for node in views.view(engine, "funding", Wanted(as_of="2024-12-31", limit=99)).nodes}
    assert then[pot].note == "EUR 500 m (estimate)"
    assert "AI innovation package, private investment that it brings about" in then
    assert (
        "Supercomputing infrastructure and AI Factories in the EU, 2021-2027" not in then
    )  # of 2025, judged to overlap
    dutch = {node.note for node in views.view(engine, "funding", Wanted(lang="nl")).nodes}
    assert "bijna 700 mln. EUR\n500 mln. EUR (raming) (vervangen)" in dutch
    assert "ongeveer 4 mld. EUR" in dutch


def test_parts_and_overlaps_look_unlike_other_lines(engine: Embedded) -> None:
    opened = AGraph(formats.encode(views.view(engine, "funding"), "dot").decode())
    looks_of: dict[str, tuple[str, str, str]] = {}
    for edge in opened.edges():
        looks_of.setdefault(
            str(edge.attr["label"]).split("\\n")[0], (edge.attr["dir"], edge.attr["arrowtail"], edge.attr["color"])
        )
    assert looks_of["has component"][:2] == ("both", "diamond")
    assert looks_of["overlaps"][0] == "none"
    assert ":" in looks_of["overlaps"][2]
    assert looks_of["finances"][0] in (None, "")


def test_what_is_not_yet_so_is_drawn_with_broken_lines(engine: Embedded) -> None:
    network = views.view(engine, "governance")
    opened = AGraph(formats.encode(network, "dot").decode())
    drawn = {(str(e[0]), str(e[1]), str(e.attr["label"]).split(" ×")[0]): e.attr["style"] for e in opened.edges()}
    for line in lines(network.edges):
        style = drawn[line.source, line.target, "\\n".join(dot.wrap(line.label, 8.5, 80)).split(" ×")[0]]
        assert (style in ("dashed", "dotted")) == (line.broad in ("planned", "proposed", "conditional", "denied"))


def test_a_line_is_as_sure_as_its_latest_passage() -> None:
    def said(modality: str, date: str) -> Edge:
        return Edge("a", "b", "r", "r", modality, date=date)

    assert lines([said("planned", "2024-01-01"), said("asserted", "2025-01-01")])[0].modality == "asserted"
    assert lines([said("asserted", "2024-01-01"), said("ended", "2025-01-01")])[0].modality == "ended"
    same_day = lines([said("conditional", "2024-01-01"), said("planned", "2024-01-01")])
    assert (len(same_day), same_day[0].modality, len(same_day[0].edges)) == (1, "planned", 2)


def test_a_narrower_modality_looks_like_the_broad_one_and_is_told_apart_in_words(engine: Embedded) -> None:
    known = vocabulary(engine)
    assert [known.broadest(code) for code in ("under-way", "required", "asserted", "", "unknown")] == [
        "planned", "conditional", "asserted", "", "unknown"
    ]  # fmt: skip
    duty = Edge("a", "b", "r", "r", "required", broad="conditional", modality_label="required")
    own = replace(duty, target="c", modality="hoped", modality_label="hoped for")  # a code of a user's own
    drawn = lines([duty, own])
    assert [looks.MODALITIES[line.broad] for line in drawn] == [looks.MODALITIES["conditional"]] * 2
    assert doubt(duty) < doubt(own) < doubt(replace(duty, modality="denied"))
    nodes = tuple(Node(iri, iri, "Body", "body") for iri in "abc")
    made = Network("t", nodes, (duty, own))
    page = formats.encode(made, "html").decode()
    assert page.count('class="edge m-conditional"') == 2
    assert "required" in page and "hoped for" in page
    assert looks.legend(made)[1] == [looks.MODALITIES["conditional"]]
    assert formats.encode(made, "dot").decode().count('arrowhead="vee"') >= 2


def test_colours_stand_apart_from_the_text_on_them() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        dark, bright = sorted((light(one), light(other)))
        return (bright + 0.05) / (dark + 0.05)

    assert set(looks.LOOKS) == set(GROUPS)
    for look in looks.LOOKS.values():
        assert contrast(looks.TEXT, look.fill) >= 4.5
        assert contrast(look.border, "#ffffff") >= 3
    assert contrast(looks.FAINT, "#ffffff") >= 4.5
    seen = [(look.shape, look.style, look.edges, look.fill) for group, look in looks.LOOKS.items()]
    assert len(set(seen)) == len(seen)


# Names that are hard to write


@given(st.lists(st.text(max_size=40), min_size=2, max_size=4))
@settings(max_examples=40)
def test_any_name_comes_through_dot(labels: list[str]) -> None:
    network = small(labels)
    opened = AGraph(formats.encode(network, "dot").decode())
    assert sorted(opened.nodes()) == sorted(node.iri for node in network.nodes)
    assert opened.number_of_edges() == len(labels) - 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.booleans())
@example("back\\slash \\N \\G \\", True)
@example("back\\slash \\N \\G \\", False)
@example('<b>bold</b> & &amp; "quoted"', False)
@settings(max_examples=25)
def test_any_name_comes_through_svg(label: str, noted: bool) -> None:
    content = formats.encode(small([label, "other"], noted), "svg")
    links = {str(a.get(HREF)): g for g in groups(content, "node") for a in g.iter(f"{SVG}a")}
    shown = [text.text or "" for text in links["https://example.org/0"].iter(f"{SVG}text")]
    name = dot.clean(label)
    wanted = (
        name * (1 + noted) if name else "https://example.org/0"
    )  # name and note, or the address of a nameless thing
    assert "".join("".join(shown).split()) == "".join(wanted.split())


def test_hard_names_come_through_graphviz_itself(tmp_path: Path) -> None:
    network = small(HARD)
    (tmp_path / "hard.gv").write_bytes(formats.encode(network, "dot"))
    done = subprocess.run(
        [program("dot", "graphviz"), "-Tsvg", str(tmp_path / "hard.gv")], capture_output=True, check=True
    )
    root = ET.fromstring(done.stdout)
    assert len([g for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("node")]) == len(HARD)
    assert len([g for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("edge")]) == len(HARD) - 1
    told = words(root)
    for label in ("<b>bold</b> & &amp; &lt;", 'quote " and back\\slash', "שלום عربي", "😀 emoji é", "]]> <!-- -->"):
        assert "".join(label.split()) in "".join(told.split())


def test_hard_addresses_come_through() -> None:
    addresses = [
        'https://e.org/"q"',
        "https://e.org/a\\b",
        "_:blank",
        "urn:x:<b>",
        "javascript:alert(1)",
        "end",
        "a:b:c",
    ]
    nodes = tuple(Node(iri, iri, "", "other") for iri in addresses)
    edges = tuple(Edge(one, other, "r", "r") for one, other in itertools.pairwise(addresses))
    network = Network("t", nodes, edges)
    opened = AGraph(formats.encode(network, "dot").decode())
    assert opened.number_of_nodes() == len(addresses)
    assert opened.number_of_edges() == len(edges)
    content = formats.encode(network, "svg")
    assert len(groups(content, "node")) == len(addresses)
    assert b'href="javascript' not in content


def test_an_empty_network_is_a_picture_too() -> None:
    for form in formats.WRITERS:
        for view in ("", "timeline"):
            assert formats.encode(Network("nothing", (), (), view=view), form)


# From rows to networks


def table(variables: str, *lines_: tuple[Term | None, ...]) -> Table:
    return Table(tuple(variables.split()), list(lines_))


def read(answer: Table) -> Rows:
    gathered = Rows()
    rows.add(gathered, answer, "q", "en", Vocabulary())
    return gathered


A, B, R = NamedNode("https://e.org/a"), NamedNode("https://e.org/b"), NamedNode("https://e.org/r")


@pytest.mark.parametrize("ends", ["from to", "subject object", "one other", "source target"])
def test_ends_may_be_called_in_four_ways(ends: str) -> None:
    gathered = read(table(f"{ends} relation", (A, B, R)))
    assert [(edge.source, edge.target, edge.relation) for edge in gathered.edges] == [(A.value, B.value, R.value)]


def test_literals_become_notes_and_citations_stay() -> None:
    gathered = read(
        table(
            "from relationLabel to source", (A, Literal("staff"), Literal(100), Literal("doc, 1")), (A, None, B, None)
        )
    )
    assert gathered.things[A.value].lines("en") == (["staff: 100"], ["doc, 1"])
    assert set(gathered.things) == {A.value, B.value}
    with pytest.raises(QueryError, match="no two columns for the ends"):
        read(table("x y", (A, B)))


def test_a_replaced_figure_is_not_the_amount_of_a_pot() -> None:
    whole, day = NamedNode(XSD + "integer"), NamedNode(XSD + "date")
    said = [("2024-01-01", "5000000", "false"), ("2025-01-01", "9000000", "true")]
    gathered = read(
        table(
            "from to amount statedOn superseded",
            *[
                (A, None, Literal(amount, datatype=whole), Literal(date, datatype=day), Literal(replaced == "true"))
                for date, amount, replaced in said
            ],
        )
    )
    assert gathered.things[A.value].amount() == 5_000_000
    assert gathered.things[A.value].lines("en")[0] == ["EUR 9 m (replaced)", "EUR 5 m"]


def test_the_most_connected_things_are_kept_and_the_rest_is_counted() -> None:
    pairs = [("hub", f"leaf{at}") for at in range(6)] + [("far1", "far2")]
    gathered = read(
        table("from to", *[(NamedNode(f"https://e.org/{a}"), NamedNode(f"https://e.org/{b}")) for a, b in pairs])
    )
    kept = {iri.rpartition("/")[2] for iri in cut.keep(gathered, 4)}
    assert kept == {"hub", "leaf0", "leaf1", "leaf2"}
    said = cut.hidden(gathered, {f"https://e.org/{name}" for name in kept}, 4, partial=False, lang="en")
    assert said == "Not shown: 5 more things and 4 relations; --limit 9 shows more."
    dutch = cut.hidden(gathered, {f"https://e.org/{name}" for name in kept}, 4, partial=False, lang="nl")
    assert dutch == "Niet getoond: nog 5 zaken en 4 relaties; met --limit 9 verschijnt meer."
    assert cut.hidden(gathered, set(gathered.things), 9, partial=False, lang="en") == ""


def test_classes_fall_into_groups_by_what_they_are_below(engine: Embedded) -> None:
    known = vocabulary(engine)
    groups_of = {
        "JointUndertaking": "body", "Person": "person", "Place": "country", "Supercomputer": "infrastructure",
        "LegalAct": "law", "SourceDocument": "document", "Dialogue": "event", "FundingEnvelope": "money",
        "Strategy": "initiative", "PlannedAction": "action", "Nothing": "other",
    }  # fmt: skip
    for name, group in groups_of.items():
        assert known.group(f"https://w3id.org/euaikg/ontology#{name}") == group


# Filters, focus and other queries


def test_filters_keep_what_they_name_in_any_language(engine: Embedded) -> None:
    amends = views.view(engine, "law", Wanted(relations=["wijzigt", "euai:repeals"], limit=99))
    assert {edge.label for edge in amends.edges} == {"amends", "repeals"}
    planned = views.view(engine, "governance", Wanted(modalities=["een plan"], limit=99))
    assert {edge.broad for edge in planned.edges} == {"planned"}
    release = views.view(engine, "law", Wanted(documents=["COM(2024) 28 final"], limit=99))
    assert [name.rpartition(" (")[2] for name in release.documents] == ["2024-01-24)"]
    events = views.view(engine, "network", Wanted(kinds=["supercomputer"], limit=99))
    kinds = {node.iri: node.kind for node in events.nodes}
    assert all("Supercomputer" in (kinds[edge.source], kinds[edge.target]) for edge in events.edges)
    assert events.edges
    sector = views.view(engine, "network", Wanted(sectors=["robotics"], limit=99))
    assert 0 < len(sector.edges) < 100
    early = views.view(engine, "law", Wanted(as_of="2024-12-31", limit=99))
    assert max(edge.date for edge in early.edges) <= "2024-12-31"
    assert early.as_of == "2024-12-31"


def test_focus_shows_the_neighbourhood_as_the_question_relations_has_it(engine: Embedded) -> None:
    near = views.focus(engine, "CitiVERSE EDIC", 1, Wanted(limit=999))
    answer = ask.question(engine, "relations", {"thing": ["CitiVERSE EDIC"]}).answer
    assert isinstance(answer, Table)
    told = {tuple(rows.plain(row[c]) for c in ("subject", "relation", "object")) for row in answer}
    assert {(line.source, line.relation, line.target) for line in lines(near.edges)} == told
    far = views.focus(engine, "CitiVERSE EDIC", 2, Wanted(limit=60))
    assert {node.iri for node in near.nodes} & {node.iri for node in far.nodes}
    assert len(far.nodes) > len(near.nodes)
    pot = next(node for node in near.nodes if node.kind == "FundingEnvelope")
    assert pot.note == "about EUR 100 m"
    assert pot.sources
    with pytest.raises(UnknownThingError, match="Nothing in the graph is called"):
        views.focus(engine, "CitiVERSA")
    with pytest.raises(QueryError, match="No passage says how"):
        views.focus(engine, "https://example.org/unknown")


def test_other_questions_can_be_drawn(engine: Embedded) -> None:
    relations = views.query(engine, "relations", {"thing": ["AI Act"]}, Wanted(limit=999))
    answer = ask.question(engine, "relations", {"thing": ["AI Act"]}).answer
    assert isinstance(answer, Table)
    assert len(lines(relations.edges)) == len({(row["subject"], row["relation"], row["object"]) for row in answer})
    assert {edge.broad for edge in relations.edges} >= {"planned", "asserted"}  # by the name of the code alone
    assert {node.kind for node in relations.nodes} >= {"LegalAct", "CommissionService"}  # looked up
    triples = views.query(engine, "describe-thing", {"thing": ["AI Office"]}, Wanted(limit=999))
    assert "European AI Office" in {node.label for node in triples.nodes}
    members = views.query(engine, "members", {"thing": ["ALT-EDIC"]}, Wanted(limit=999))
    assert {edge.source for edge in members.edges} == {"https://w3id.org/euaikg/id/body/alt-edic"}
    with pytest.raises(QueryError, match="cannot be drawn"):
        views.query(engine, "graph-size")
    with pytest.raises(QueryError, match="answers with triples; filters"):
        views.query(engine, "describe-thing", {}, Wanted(kinds=["body"]))
    with pytest.raises(QueryError, match="--document does not fit here"):
        views.query(engine, "relations", {}, Wanted(documents=["COM(2024) 28 final"]))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Wanted(relations=["amend"]), "There is no relation “amend” in the graph. Nearest: amends"),
        (Wanted(kinds=["supercomputr"]), "There is no kind “supercomputr” in the graph. Nearest: supercomputer"),
        (Wanted(modalities=["maybe"]), "There is no modality “maybe” in the graph. There are: asserted, conditional"),
        (Wanted(sectors=["robots"]), "sector: “robots” is not one of"),
        (Wanted(documents=["COM(1999) 1"]), "Nothing in the graph is called “COM(1999) 1”"),
        (Wanted(as_of="yesterday"), "“yesterday” is not a day"),
    ],
)
def test_an_unknown_filter_is_one_sentence_with_the_nearest(wanted: Wanted, sentence: str, engine: Embedded) -> None:
    with pytest.raises((QueryError, UnknownThingError), match=re.escape(sentence)):
        views.view(engine, "law", wanted)


def test_conditions_go_inside_the_outermost_group() -> None:
    text = 'SELECT ?a WHERE { ?a ?b "}" . { ?a ?c ?d } } # } \nORDER BY ?a'
    assert narrow(text, ["FILTER(?a = 1)"], 5) == (
        'SELECT ?a WHERE { ?a ?b "}" . { ?a ?c ?d }\n  FILTER(?a = 1)\n} # }\nLIMIT 5\n'
    )
    assert narrow("SELECT * { ?s ?p ?o } LIMIT 3", [], 5) == "SELECT * { ?s ?p ?o } LIMIT 3"
    with pytest.raises(QueryError, match="cannot be drawn"):
        narrow("DESCRIBE <https://example.org/a>", [])


def test_a_graph_too_large_to_look_at_whole_is_said_to_be(engine: Embedded) -> None:
    busiest = views.view(engine, "network", Wanted(rows=90))
    assert busiest.hidden == cut.PARTIAL["en"]
    assert any(node.label == "EU Member States" for node in busiest.nodes)
    assert views.view(engine, "timeline", Wanted(rows=20)).hidden == cut.PARTIAL["en"]


def test_a_timeline_runs_from_left_to_right(engine: Embedded) -> None:
    network = views.view(engine, "timeline")
    plan = lanes.plan(network)
    dated = sorted((node.date, plan.places[node.iri][0]) for node in network.nodes if node.date)
    assert [x for _, x in dated] == sorted(x for _, x in dated)
    assert len(plan.headings) <= lanes.COLUMNS
    at = list(plan.places.values())
    assert len(set(at)) == len(at)


@pytest.mark.slow
def test_the_gallery_is_up_to_date(engine: Embedded) -> None:
    gallery = importlib.import_module("gallery")  # a tool, outside the package
    shown = list(gallery.pictures(engine))
    assert (gallery.DOCS / "gallery.md").read_text(encoding="utf-8") == gallery.page(shown), "run tools/gallery.py"
    assert {path.stem for path in (gallery.DOCS / "gallery").iterdir()} == {name for name, _, _ in shown}
    for name, _, network in shown:
        content = (gallery.DOCS / "gallery" / f"{name}.svg").read_bytes()
        links = {a.get(HREF) for group in groups(content, "node") for a in group.iter(f"{SVG}a")}
        assert links == {node.iri for node in network.nodes}, "run tools/gallery.py"
        assert len(groups(content, "edge")) == len(lines(network.edges)), "run tools/gallery.py"
        assert len(content) < 300_000


# The command


def test_the_command_draws_to_a_file_by_its_name(run: Run, tmp_path: Path) -> None:
    done = run("diagram", "law", "-o", "law.svg", "--limit", "9")
    assert (done.returncode, done.stdout) == (0, "")
    assert "more things and" in done.stderr
    assert (tmp_path / "law.svg").read_bytes().startswith(b"<?xml")
    assert run("diagram", "law", "-o", "law.png").returncode == 0
    assert (tmp_path / "law.png").read_bytes().startswith(b"\x89PNG")
    assert run("diagram", "--focus", "AI Pact", "-o", "pact.pdf", "--lang", "nl").returncode == 0
    assert (tmp_path / "pact.pdf").read_bytes().startswith(b"%PDF")
    piped = run("diagram", "--query", "relations", "--set", "thing=AI Pact", "--format", "dot")
    assert piped.stdout.startswith("digraph euaikg {")


def test_without_arguments_the_views_are_listed(run: Run) -> None:
    listed = run("diagram")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(views.VIEWS)
    assert "Wie betaalt wat" in run("diagram", "--lang", "nl").stdout


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed(run: Run) -> None:
    import os
    import time

    for form in ("svg", "pdf"):
        drawn = []
        for seed in ("1", "2"):
            started = time.time()
            environment = {**os.environ, "PYTHONHASHSEED": seed}
            drawn.append(run("diagram", "funding", "--format", form, env=environment, text=False).stdout)
            time.sleep(max(0.0, started + 1.1 - time.time()))  # a second later
        assert drawn[0] == drawn[1], form
        assert len(drawn[0]) > 1000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["lawn"], "There is no view “lawn”. Nearest: law. The views are governance"),
        (["law", "--focus", "AI Act"], "Give a view, --focus or --query, but only one of them."),
        (["law", "--set", "a=b"], "--set goes with --query."),
        (["--query", "relations", "--set", "thing"], "--set thing: write it as NAME=VALUE"),
        (["law", "-o", "law.xyz"], "nothing here is written as “.xyz”, only as .svg, .png"),
        (["ontology", "--as-of", "2024-01-01"], "has no parameter “asOf”"),
    ],
)
def test_a_slip_is_one_sentence(arguments: list[str], sentence: str, run: Run) -> None:
    done = run("diagram", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_picture_of_bytes_is_not_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from euaikg.cli.diagram import diagram as command

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(OutputError, match="PNG is nothing for a terminal; write it to a file with -o FILE"):
        command.callback(  # type: ignore[misc]
            view="law", focus=None, depth=1, stored=None, values=(), relations=(), kinds=(), sectors=(), documents=(),
            modalities=(), as_of=None, limit=None, size=None, form="png", lang="en", output=None, data=(),
            only=(), base=None, store=None, endpoint=None, default_graph=None, timeout=None, memory=None,
        )  # fmt: skip


def test_a_question_without_chosen_relations_can_be_drawn(engine: Embedded) -> None:
    network = views.query(engine, "relations", {"thing": ["AI Act"]}, Wanted(limit=9))
    assert network.nodes and network.edges


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(OutputError, match="There is no format “gif” for diagrams; there are svg, png, pdf, html, dot"):
        formats.encode(Network("t", (), ()), "gif")
    names = {"a.GV": "dot", "a": None, "a.json": "cytoscape", "a.svg.gz": "svg", "a.htm": "html"}
    assert {name: suffixes.form_of(Path(name), formats.WRITERS) for name in names} == names
    with pytest.raises(OutputError, match=r"a\.txt: nothing here is written as “\.txt”"):
        suffixes.form_of(Path("a.txt"), formats.WRITERS)
