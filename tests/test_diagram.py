"""Diagrams: what the rows say is what every format shows, whatever the names, and nothing is left out in silence."""

from __future__ import annotations

import importlib
import itertools
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pygraphviz import AGraph
from pyoxigraph import Literal, NamedNode

from euaikg.core import suffixes
from euaikg.core.vocab import BASE, XSD
from euaikg.diagrams import cut, diagram, formats, rows, views
from euaikg.diagrams.draw import graph, headline, pages, pots, scene, timeline, tree
from euaikg.diagrams.draw.words import words as words_of
from euaikg.diagrams.filters import Wanted
from euaikg.diagrams.model import looks
from euaikg.diagrams.model.labels import clean
from euaikg.diagrams.model.network import GROUPS, Edge, Network, Node, doubt, lines
from euaikg.diagrams.narrow import narrow
from euaikg.diagrams.rows import Rows
from euaikg.diagrams.vocabulary import Vocabulary, vocabulary
from euaikg.errors import OutputError, QueryError, UnknownThingError
from euaikg.questions import ask, stored
from euaikg.rdf.terms import Term
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run, program

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

SVG = "{http://www.w3.org/2000/svg}"
HREF = "href"
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


X_HEIGHT, MILLIMETRES = 0.519, 25.4 / 72
"""How high the letter x is in Arial and Liberation Sans, as a part of their size, and what a point is."""


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
def test_a_picture_has_or_tells_everything_and_says_what_it_leaves_out(name: str, engine: Embedded) -> None:
    network = views.view(engine, name)
    content = formats.encode(network, "svg")
    there = keys(content)
    told = "".join("".join(text.itertext()) for text in ET.fromstring(content).iter() if text.tag != f"{SVG}desc")
    missing = [node for node in network.nodes if node.iri not in there and (node.date or node.label not in told)]
    if name == "timeline":
        assert re.search(rf"Dates before .*, not shown: {len(missing)}\.", told)
    else:
        assert missing == []
    assert network.hidden in told
    if network.hidden and name != "timeline":
        whole = views.view(engine, name, Wanted(limit=10_000))
        fewer = len(whole.nodes) - len(network.nodes)
        less = len(lines(whole.edges)) - len(lines(network.edges))
        assert network.hidden == f"{fewer} more things and {less} relations not shown."
    legend = "".join("".join(words(g) for g in groups(content, "legend")).split())
    assert [name for name in network.documents if "".join(name.split()) not in legend] == []
    assert content == formats.encode(views.view(engine, name), "svg")


def keys(content: bytes) -> set[str]:
    """Return the keys of what an SVG picture shows, by itself or in a bundle."""
    found = set()
    for kind in ("node", "bundle"):
        for group in groups(content, kind):
            found |= {str(group.get("data-key")), *str(group.get("data-members", "")).split()}
    return found


def drawn(network: Network, page: str = "slide") -> tuple[scene.Scene, float]:
    """Return the picture of ``network``, and how large its pixels are on a page of 1920, 1240 or 1200 of them."""
    made = pages.compose(network, page)
    return made, pages.PAGES[page][0] / made.width


PAPER = ["slide", *(pytest.param(page, marks=pytest.mark.slow) for page in ("a4", "square"))]


@pytest.mark.parametrize("page", PAPER)
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", [*views.VIEWS, "AI Office"])
def test_a_page_can_be_read(name: str, lang: str, page: str, engine: Embedded) -> None:
    wanted = Wanted(lang=lang, page=page)
    network = views.view(engine, name, wanted) if name in views.VIEWS else views.focus(engine, name, 1, wanted)
    made, size = drawn(network, page)
    wide, high = pages.PAGES[page]
    shapes = (wide / high, high / wide) if page == "a4" else (wide / high,)
    assert made.width / made.height in [pytest.approx(shape, abs=0.01) for shape in shapes]
    texts = [text for _, text in made.texts() if text.text.strip()]
    for text in texts:
        if page == "slide":  # from the last row
            assert text.size * size >= {"name": 14}.get(text.role, 11), text
        else:  # on paper: letters 1.2 and 0.9 mm high, as the labels of food have them
            small = {"name": 1.2}.get(text.role, 0.9)
            assert text.size * made.points / made.width * X_HEIGHT * MILLIMETRES >= small, text
        left, top, right, bottom = text.box
        assert left >= 0 and top >= 0 and right <= made.width and bottom <= made.height, text
    boxes = [(text.box, text.text) for text in texts]
    over = [
        (a, b) for (one, a), (other, b) in itertools.combinations(boxes, 2) if scene.inside(shrunk(one), shrunk(other))
    ]
    assert over == []
    if pages.FORMS.get(network.view, "graph") in ("tree", "graph"):
        cards = [(bounds(group.parts[0]), group.key) for group in made.groups if group.kind in ("node", "bundle")]
        assert [(a, b) for (one, a), (other, b) in itertools.combinations(cards, 2) if scene.inside(one, other)] == []


def bounds(part: scene.Path | scene.Text) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of a shape."""
    assert isinstance(part, scene.Path)
    points = [point for _, found in scene.strokes(part.d) for point in found]
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def shrunk(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return ``box`` without the room above small letters, and half a letter at its end."""
    left, top, right, bottom = box
    return left + 1, top + 0.22 * (bottom - top), right - 3, bottom - 0.2 * (bottom - top)


@pytest.mark.parametrize("page", pages.PAGES)
@pytest.mark.slow
def test_each_page_has_its_shape(page: str, engine: Embedded) -> None:
    for name in ("funding", "timeline", "law"):
        made, _ = drawn(views.view(engine, name, Wanted(page=page)), page)
        wide, high = pages.PAGES[page]
        assert sorted((made.width / made.height, made.height / made.width)) == pytest.approx(
            sorted((wide / high, high / wide)), abs=0.01
        )
        assert not made.height > made.width or page == "a4"
    content = formats.encode(views.view(engine, "map"), "pdf", page)
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", content)
    assert box
    points = {"slide": (960, 540), "a4": (595.28, 841.89), "square": (600, 600)}[page]
    assert [float(side) for side in box.groups()] == pytest.approx(points, abs=1.5)
    assert png_size(formats.encode(views.view(engine, "map"), "png", page)) == pages.PAGES[page]
    with pytest.raises(OutputError, match="There is no page “a5”; there are slide, a4, square"):
        pages.compose(Network("t", (), ()), "a5")


def png_size(content: bytes) -> tuple[int, int]:
    """Return the width and the height that a PNG says it has."""
    assert content.startswith(b"\x89PNG")
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


@pytest.mark.slow
def test_nothing_of_the_command_line_stands_in_a_picture_and_by_is_not_until(engine: Embedded) -> None:
    for lang in ("en", "nl"):
        for name in views.VIEWS:
            made = pages.compose(views.view(engine, name, Wanted(lang=lang)))
            told = " | ".join([made.title, made.description, *(text.text for _, text in made.texts())])
            assert not re.search(r"(^| )--\w|euaikg (diagram|query)|(until|tot en met) \d{4}-", told), name
    stages = views.view(engine, "timeline", Wanted(limit=999)).nodes
    assert any("by 2026-08" in node.note for node in stages)
    acts = {edge.label for edge in views.view(engine, "law").edges if edge.target.endswith("/council-of-the-eu")}
    assert acts <= {"adopted by"}


@pytest.mark.slow
def test_titles_say_what_is_seen(engine: Embedded) -> None:
    titles = {name: pages.compose(views.view(engine, name)).title for name in views.VIEWS}
    network = views.view(engine, "funding")
    figures = [node for node in network.nodes if node.group == "money" and node.amount]
    plans = [node for node in figures if node.broad not in ("", "asserted")]
    largest = max((node for node in figures if node not in plans), key=lambda node: node.amount or 0)
    start = f"{len(plans)} of the {len(figures)} pots of money drawn are plans; the largest that is not: "
    assert titles["funding"].startswith(start) and titles["funding"].endswith(f", {largest.label}")
    sector = re.match(r"(.+): (\d+) planned actions", titles["sectors"])
    assert sector
    rows_ = views.view(engine, "sectors")
    labels = {node.iri: node.label for node in rows_.nodes}
    most = {edge.source for edge in rows_.edges if labels[edge.target] == sector[1].lower()}
    assert len(most) == int(sector[2])
    assert pages.compose(Network("Only this", (), ())).title == "Only this"


@pytest.mark.parametrize("name", ["governance", "infrastructure"])
def test_a_title_counts_the_boxes_that_are_seen(name: str, engine: Embedded) -> None:
    made = pages.compose(views.view(engine, name))
    found = re.fullmatch(r"(\d+) of the (\d+) boxes drawn stand under “(.+)”", made.title)
    assert found
    assert int(found[2]) == sum(group.kind == "node" for group in made.groups)
    top = next(root for root in tree.forest(views.view(engine, name), words_of("en")) if root.node.label == found[3])
    assert int(found[1]) == top.size - 1


def test_a_map_counts_countries_alone_and_says_who_takes_part_in_what(engine: Embedded) -> None:
    network = views.view(engine, "map")
    made = pages.compose(network)
    drawn_ = {group.key for group in made.groups if group.kind == "node" and "/place/" in group.key}
    assert made.title.startswith(f"{len(drawn_)} countries: ")
    told = " ".join(text.text for _, text in made.texts())
    assert "and 1 more: " not in told


@pytest.mark.parametrize(
    ("lang", "observer", "applied", "soon", "may"),
    [
        ("en", "Slovenia (observer, intended)", "Commons, applied for by: France, Germany, Italy, Netherlands",
         "Switzerland (country outside the EU, intended)", "only asked, intends to or may take part"),
        ("nl", "Slovenië (waarnemer, voorgenomen)", "aangevraagd door: Duitsland, Frankrijk, Italië, Nederland",
         "Zwitserland (niet-EU-land, voorgenomen)", "vroeg alleen, is dat van plan of mag meedoen"),
    ],
)  # fmt: skip
def test_a_map_tells_intentions_from_facts_and_names_who_applied(
    lang: str, observer: str, applied: str, soon: str, may: str, engine: Embedded
) -> None:
    network = views.view(engine, "map", Wanted(lang=lang))
    made = pages.compose(network)
    told = " ".join(text.text for _, text in made.texts())
    assert observer in told and applied in told and soon in told and may in told
    consortia = {edge.source for edge in network.edges if edge.relation.endswith("#hasApplicant")}
    assert len(consortia) == 5
    (switzerland,) = (group for group in made.groups if group.key.endswith("/place/switzerland"))
    (austria,) = (group for group in made.groups if group.key.endswith("/place/austria"))
    outlines = [next(part for part in one.parts if isinstance(part, scene.Path)) for one in (switzerland, austria)]
    assert outlines[0].dash and not outlines[1].dash, "broken lines, as plans have elsewhere"
    assert made.title == headline.title(network)
    assert re.findall(r"\d+", made.title)[2] == "25", "Switzerland takes part in nothing yet"


@pytest.mark.slow
def test_pictures_of_one_graph_are_known_up_to_one_day_and_say_which_days_are_not_known(engine: Embedded) -> None:
    days = {name: views.view(engine, name).as_of for name in ("map", "sectors", "timeline", "documents", "funding")}
    assert set(days.values()) == {str(ask.newest_day(engine))}
    assert views.view(engine, "map", Wanted(as_of="2025-01-01")).as_of == "2025-01-01"
    assert views.view(engine, "map", Wanted(documents=["com-2024-28"])).as_of == "2024-01-24"
    for lang, said in (("en", "not before"), ("nl", "niet eerder dan")):
        network = views.view(engine, "documents", Wanted(lang=lang))
        assert any(name.endswith(f"({said} 2025-07-02)") for name in network.documents)
        assert {node.since for node in network.nodes} >= {f"{said} 2025-07-02", f"{said} 2024-01-24", ""}
        assert any(f"· {said} 2025-07-02 ·" in group.title for group in pages.compose(network).groups)


def test_a_smaller_pot_does_not_stand_where_a_larger_one_is_left_out(engine: Embedded) -> None:
    whole = views.view(engine, "funding", Wanted(limit=999))
    for limit in (9, 16, 20):
        network = views.view(engine, "funding", Wanted(limit=limit))
        shown = {pot.node.iri for root in pots.pots(network) for pot in pots.everything(root)}
        least = min(root.amount for root in pots.pots(network) if root.amount)
        assert all(root.amount <= least or root.node.iri in shown for root in pots.pots(whole))


@pytest.mark.parametrize("page", pages.PAGES)
@pytest.mark.slow
def test_a_title_is_not_cut_off_and_a_slide_has_every_document(page: str, engine: Embedded) -> None:
    for lang in ("en", "nl"):
        for name in ("funding", "documents"):
            made = pages.compose(views.view(engine, name, Wanted(lang=lang, page=page)), page)
            bold = [text.text for group, text in made.texts() if group is made.groups[0] and text.bold]
            assert " ".join(bold) == made.title
            if (name, page) != ("documents", "square"):
                assert not any("for want of room" in text.text for _, text in made.texts())


def test_words_break_after_their_own_hyphen_or_where_a_syllable_begins() -> None:
    assert scene.wrap("AI-innovatiepakket", 16, 130) == ["AI-", "innovatiepakket"]
    for word in ("gemeenschappe-lijke", "taaltechno-logie", "organisa-tie", "gegevensbescher-ming"):
        whole, room = word.replace("-", ""), scene.measure(word.partition("-")[0] + "-", 16)
        assert scene.wrap(whole, 16, room + 9) == word.replace("-", "- ").split(), word


def test_little_stands_in_the_middle_of_its_page(engine: Embedded) -> None:
    made = pages.compose(views.focus(engine, "Leonardo"))
    ring = next(group for group in made.groups if group.kind == "node" and group.key.endswith("leonardo"))
    down = [part.y for part in ring.parts if isinstance(part, scene.Text)]
    assert abs(sum(down) / len(down) - made.height / 2) < 60
    bare = pages.compose(views.focus(engine, "Leonardo"), bare=True)
    assert bare.height < made.height / 2


@pytest.mark.slow
def test_every_line_of_a_picture_names_its_sources_and_every_thing_leads_to_its_page(engine: Embedded) -> None:
    network = views.view(engine, "law", Wanted(limit=999))
    content = formats.encode(network, "svg")
    titles = [str(g.findtext(f"{SVG}title")) for g in groups(content, "edge")]
    wanted = next(title for title in titles if "repeals" in title and "95/46" in title)
    assert wanted.splitlines() == [
        "General Data Protection Regulation – repeals – Directive 95/46/EC",
        "asserted · 2025-04-09 · COM(2025) 165, footnote 50",
    ]
    shown = {str(g.get("data-key")) for g in groups(content, "node")}
    assert {a.get(HREF) for a in ET.fromstring(content).iter(f"{SVG}a")} == shown
    root = ET.fromstring(content)
    assert root.findtext(f"{SVG}title") == pages.compose(network).title
    assert network.title in str(root.findtext(f"{SVG}desc"))
    assert b"<!--" not in content and b"<style" not in content and b" style=" not in content
    own = diagram.inline(network, lambda iri: f"../id/{iri.rpartition('/')[2]}.html", "law")
    assert 'id="law-title"' in own and 'href="../id/' in own and "<?xml" not in own
    assert diagram.svg(engine, "law").startswith("<svg ")
    assert ".f-ink{fill:light-dark(" in diagram.colours()


# Money


def test_a_pot_is_as_wide_as_its_figure_and_a_part_lies_in_its_whole(engine: Embedded) -> None:
    network = views.view(engine, "funding")
    made = pages.compose(network)
    roots = pots.pots(network)
    common, large = pots.panels(roots)
    heights = {group.key: tall(group.parts[0]) for group in made.groups if group.kind == "node"}
    for panel in (common, large):
        per = {heights[pot.node.iri] / pot.amount for root in panel for pot in pots.everything(root)}
        assert max(per) == pytest.approx(min(per), rel=0.06, abs=0.1 / 1e8), "all on one scale"
    asked = ask.question(engine, "who-funds-what", {}).answer
    assert isinstance(asked, Table)
    said: dict[str, set[int]] = {}
    for row in asked.to_dicts():
        said.setdefault(str(row["envelope"]), set()).add(int(float(str(row["amount"] or 0))))
    for root in roots:
        for pot in pots.everything(root):
            assert pot.node.amount is None or pot.node.amount in said[pot.node.iri], "as who-funds-what has it"
    total = next(pot for root in roots for pot in pots.everything(root) if "total" in pot.node.iri)
    answer = ask.question(engine, "funding-total", {"thing": [total.node.iri]}).answer
    assert isinstance(answer, Table)
    (row,) = answer.to_dicts()
    assert float(str(row["low"])) <= sum(leaf.amount for leaf in total.leaves()) <= float(str(row["high"]))
    assert total.amount not in [pot.amount for pot in total.parts]


def tall(part: scene.Path | scene.Text) -> float:
    """Return how high a shape is."""
    _, top, _, bottom = bounds(part)
    return bottom - top


def test_money_is_not_drawn_so_that_a_reader_adds_what_must_not_be_added(engine: Embedded) -> None:
    network = views.view(engine, "funding")
    market = ask.question(engine, "market-figures", {}).answer
    assert isinstance(market, Table)
    assert {str(row["envelope"]) for row in market.to_dicts()} & {node.iri for node in network.nodes} == set()
    roots = pots.pots(network)
    everything = [pot for root in roots for pot in pots.everything(root)]
    inside = {line.target for line in lines(network.edges) if line.relation.endswith("#hasComponent")}
    assert not inside & {pot.node.iri for pot in roots}, "no part stands beside its whole"
    assert len({pot.node.iri for pot in everything}) == len(everything), "each pot is drawn once"
    overlapping = {
        end
        for line in lines(network.edges)
        if line.relation.endswith("#overlapsEnvelope")
        for end in (line.source, line.target)
    }
    assert {pot.node.iri for pot in everything if pot.shared} == overlapping & {pot.node.iri for pot in everything}
    made = pages.compose(network)
    hatched = {group.key for group in made.groups if group.kind == "node" and white_strokes(group)}
    assert hatched == {pot.node.iri for pot in everything if pot.shared and pot.amount}
    told = " ".join(text.text for _, text in made.texts()).replace("\u00a0", " ")
    for pot in everything:
        if pot.node.amount and not pot.parts:
            assert pot.figure.replace("\u00a0", " ") in told, "the figure with its hedge"
    assert "shares money with another pot (do not add)" in told
    assert any(pot.planned for pot in everything) and ", planned" in told


@pytest.mark.parametrize("as_of", ["2024-01-24", "2024-12-31", "2025-04-09"])
def test_the_money_of_an_earlier_day_fits_a_slide_too(as_of: str, engine: Embedded) -> None:
    network = views.view(engine, "funding", Wanted(as_of=as_of))
    made, size = drawn(network)
    assert all(text.size * size >= 11 for _, text in made.texts())
    common, large = pots.panels(pots.pots(network))
    for pot in large:
        assert pot.amount > pots.DWARFS * sum(other.amount for other in common)


def white_strokes(group: scene.Group) -> bool:
    return any(isinstance(part, scene.Path) and part.stroke == "paper" for part in group.parts)


@pytest.mark.slow
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
    assert looks_of["overlaps envelope"][0] == "none"
    assert ":" in looks_of["overlaps envelope"][2]
    assert looks_of["finances"][0] in (None, "")


def test_what_is_not_yet_so_is_drawn_with_broken_lines(engine: Embedded) -> None:
    network = views.view(engine, "law")
    of = {f"{line.source} {line.relation} {line.target}": line for line in lines(network.edges)}
    checked = 0
    for group in pages.compose(network).groups:
        if group.kind == "edge" and group.key in of:
            line, path = of[group.key], group.parts[0]
            assert isinstance(path, scene.Path)
            assert bool(path.dash) == (line.broad in ("planned", "proposed", "conditional", "denied"))
            checked += 1
    assert checked > 10
    opened = AGraph(formats.encode(network, "dot").decode())
    drawn = {(str(e[0]), str(e[1]), str(e.attr["label"]).split("\\n")[0]): e.attr["style"] for e in opened.edges()}
    for line in of.values():
        first = scene.wrap(line.label + (f" ×{len(line.edges)}" if len(line.edges) > 1 else ""), 8.5, 80)[0]
        style = drawn[line.source, line.target, first]
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
    assert page.count('stroke-dasharray="2 3.5"') == 3  # two lines, and one in the legend
    assert "required" in page and "hoped for" in page
    assert looks.legend(made)[1] == [looks.MODALITIES["conditional"]]
    assert formats.encode(made, "dot").decode().count('arrowhead="vee"') >= 2


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.1)."""
    dark, bright = sorted(
        sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_colours_stand_out_from_what_they_lie_on(mode: int) -> None:
    colour = {name: both[mode] for name, both in looks.PALETTE.items()}
    assert set(looks.LOOKS) == set(GROUPS)
    for look in looks.LOOKS.values():
        for text in ("ink", "faint"):
            assert contrast(colour[text], colour[f"{look.colour}-fill"]) >= 4.5, look
        assert contrast(colour[look.colour], colour["paper"]) >= 3
    for text in ("ink", "faint", "warn"):
        assert min(contrast(colour[text], colour[under]) for under in ("paper", "band")) >= 4.5
    for shade in (1, 2, 3):
        assert contrast(colour["ink"], colour[f"heat-{shade}"]) >= 4.5
    for shade in (4, 5):
        assert contrast(colour["on-dark"], colour[f"heat-{shade}"]) >= 4.5
    symbols = [look.symbol for look in looks.LOOKS.values()]
    assert len(set(symbols)) == len(symbols), "each group has a symbol of its own"


# How the three kinds of colour blindness see linear RGB: Machado, Oliveira and Fernandes 2009, severity 1
BLIND = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@pytest.mark.parametrize("kind", BLIND)
def test_the_colours_of_groups_are_told_apart_by_colour_blind_readers(kind: str) -> None:
    def seen(colour: str) -> tuple[float, ...]:
        """Return the colour in Oklab, times 100: a difference of 2 can just be seen."""
        r, g, b = (
            min(1.0, max(0.0, sum(a * c for a, c in zip(row, linear(colour), strict=True)))) for row in BLIND[kind]
        )
        l_, m, s = (
            (a * r + b_ * g + c * b) ** (1 / 3)
            for a, b_, c in (
                (0.4122214708, 0.5363325363, 0.0514459929),
                (0.2119034982, 0.6806995451, 0.1073969566),
                (0.0883024619, 0.2817188376, 0.6299787005),
            )
        )
        return (
            100 * (0.2104542553 * l_ + 0.7936177850 * m - 0.0040720468 * s),
            100 * (1.9779984951 * l_ - 2.4285922050 * m + 0.4505937099 * s),
            100 * (0.0259040371 * l_ + 0.7827717662 * m - 0.8086757660 * s),
        )

    colours = sorted({look.border for look in looks.LOOKS.values()})
    for one, other in itertools.combinations(colours, 2):
        assert math.dist(seen(one), seen(other)) > 8, (one, other)


# Names that are hard to write


@given(st.lists(st.text(max_size=40), min_size=2, max_size=4))
@settings(max_examples=40)
def test_any_name_comes_through_dot(labels: list[str]) -> None:
    network = small(labels)
    opened = AGraph(formats.encode(network, "dot").decode())
    assert sorted(opened.nodes()) == sorted(node.iri for node in network.nodes)
    assert opened.number_of_edges() == len(labels) - 1


@pytest.mark.slow
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))  # what fits a card is not cut
@example("back\\slash \\N \\G \\")
@example('<b>bold</b> & &amp; "quoted"')
@example("\n\nafter empty lines")
@example("\x1f")
@example("one\ntwo\rthree")
@settings(max_examples=25)
def test_any_name_comes_through_svg_png_and_pdf(label: str) -> None:
    network = small([label, "other"])
    content = formats.encode(network, "svg")
    links = {str(a.get(HREF)): g for g in groups(content, "node") for a in g.iter(f"{SVG}a")}
    shown = [text.text or "" for text in links["https://example.org/0"].iter(f"{SVG}text")]
    noted = [line for line in clean(label).split("\n") if line.strip()][:2]
    wanted = clean(label) + "".join(noted) if noted else "https://example.org/0"  # name and note, or the address
    assert "".join("".join(shown).split()).replace("-", "") == "".join(wanted.split()).replace("-", "")
    assert formats.encode(network, "png").startswith(b"\x89PNG")
    assert formats.encode(network, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize("view", ["", *views.VIEWS, "focus"])
def test_hard_names_come_through_every_form(view: str) -> None:
    network = replace(small(HARD), view=view)
    assert formats.encode(network, "svg").startswith(b"<?xml")
    assert formats.encode(network, "png").startswith(b"\x89PNG")


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
    said = cut.hidden(gathered, {f"https://e.org/{name}" for name in kept}, partial=False, lang="en")
    assert said == "5 more things and 4 relations not shown."
    dutch = cut.hidden(gathered, {f"https://e.org/{name}" for name in kept}, partial=False, lang="nl")
    assert dutch == "Nog 5 zaken en 4 relaties niet getoond."
    assert cut.hidden(gathered, set(gathered.things), partial=False, lang="en") == ""


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
    events = views.view(engine, "infrastructure", Wanted(kinds=["supercomputer"], limit=99))
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
    assert any(node.label == "European Commission" for node in busiest.nodes)
    assert views.view(engine, "timeline", Wanted(rows=20)).hidden == cut.PARTIAL["en"]


def test_a_timeline_is_on_a_true_scale_with_a_line_for_the_day_known(engine: Embedded) -> None:
    network = views.view(engine, "timeline")
    made = pages.compose(network)
    days = {node.iri: date.fromisoformat(node.date) for node in network.nodes if node.date}
    at = {g.key: mark(g) for g in made.groups if g.kind == "node" and g.key in days}
    first, last = min(at, key=lambda iri: days[iri]), max(at, key=lambda iri: days[iri])
    per = (at[last] - at[first]) / (days[last] - days[first]).days
    for iri, x in at.items():
        assert x == pytest.approx(at[first] + per * (days[iri] - days[first]).days, abs=1.5)
    known = [text for _, text in made.texts() if text.text == "As known on 31 Jul 2026"]
    assert len(known) == 1
    x = at[first] + per * (date.fromisoformat(network.as_of) - days[first]).days
    assert abs(known[0].x - x) < 8
    assert [text.text for _, text in made.texts() if re.fullmatch(r"20\d\d", text.text)] == [
        str(year) for year in range(days[first].year, days[last].year + 1)
    ]


@pytest.mark.parametrize(("lang", "gone", "differs"), [("en", "replaced", "disputed"), ("nl", "vervangen", "betwist")])
def test_a_timeline_tells_a_date_that_a_later_act_moved_and_one_that_is_disputed(
    lang: str, gone: str, differs: str, engine: Embedded
) -> None:
    network = views.view(engine, "timeline", Wanted(lang=lang))
    said = {
        group.key: " ".join(part.text for part in group.parts if isinstance(part, scene.Text))
        for group in pages.compose(network).groups
        if group.kind == "node"
    }
    sandboxes = f"{BASE}id/infrastructure/ai-regulatory-sandboxes#"
    assert [said[f"{sandboxes}{event}"].endswith(f"({gone})") for event in (
        "by-2026-08", "operational-until-2026-08", "by-2027-08-02"
    )] == [True, True, False]  # fmt: skip
    general = f"{BASE}id/legal-act/ai-act-general-provisions#applicable-"
    assert all(said[f"{general}{day}"].endswith(f"({differs})") for day in ("2025-02-02", "2026-02-02"))
    before = views.view(engine, "timeline", Wanted(as_of="2026-01-01", limit=999))
    assert not any(iri.startswith(sandboxes) for iri in before.replaced), "nobody knew yet"


@pytest.mark.slow
def test_a_timeline_tells_what_the_law_replaced_and_what_it_made_true(engine: Embedded) -> None:
    network = views.view(engine, "timeline", Wanted(limit=999))
    asked = ask.question(engine, "law-timetable", {}).answer
    assert isinstance(asked, Table)
    rows_ = asked.to_dicts()
    again = {(str(row["part"]), str(row["holdsFrom"])) for row in rows_ if row["supersededOn"]}
    assert {(line.source, network.named[line.target].date) for line in network.lines} >= again
    sandboxes = f"{BASE}id/infrastructure/ai-regulatory-sandboxes"  # a plan, and no stage of the law
    moved = {(sandboxes, "2026-08-31")}
    assert {(iri.partition("#")[0], network.named[iri].date) for iri in network.replaced} == again | moved
    for as_of in ("2024-07-08", "2024-07-09"):  # an act says from when it is in force: on that day it is
        made = pages.compose(views.view(engine, "timeline", Wanted(as_of=as_of)))
        stage = next(group for group in made.groups if re.search("amendment-2024#in-force-2024-07-09", group.key))
        assert isinstance(stage.parts[-2], scene.Path)
        assert (stage.parts[-2].fill == "event") == (as_of == "2024-07-09")
    slide = pages.compose(views.view(engine, "timeline"))
    written = [text.text for _, text in slide.texts()]
    title = re.fullmatch(r"After 31 Jul 2026: (\d+) of the dates drawn, (\d+) of them in Q(\d) (\d{4})", slide.title)
    assert title
    network = views.view(engine, "timeline")
    ahead = [node.date for node in network.nodes if node.date > "2026-07-31" and node.iri not in network.replaced]
    first, last = f"{title[4]}-{int(title[3]) * 3 - 2:02}-01", f"{title[4]}-{int(title[3]) * 3:02}-31"
    assert (len(ahead), sum(first <= day <= last for day in ahead)) == (int(title[1]), int(title[2]))
    assert "applicable, 2 Aug 2026 (replaced)" in written


def mark(group: scene.Group) -> float:
    """Return the middle of the last shape of ``group``."""
    shape = [part for part in group.parts if isinstance(part, scene.Path)][-1]
    across = [x for _, points in scene.strokes(shape.d) for x, _ in points]
    return (min(across) + max(across)) / 2


@pytest.mark.parametrize(
    ("note", "said", "begins"),
    [
        ("in 2026-Q4", "in Q4 2026", "2026-10-01"),
        ("by 2026-08", "by Aug 2026", "2026-12-31"),
        ("in 2025-Q2 – 2025-Q3", "in Q2 2025 – Q3 2025", "2025-04-01"),
        ("2027-08-02", "2 Aug 2027", "2027-08-02"),
        ("2026", "2026", "2026-01-01"),
        ("from 2026-Q1", "from Q1 2026", "2026-12-31"),
    ],
)
def test_periods_are_said_as_people_say_them(note: str, said: str, begins: str) -> None:
    stage = Node("s", "target", "TargetStatement", "status", note=note)
    assert timeline._words(stage, words_of("en")) == said
    assert timeline._begun(note, date(2026, 12, 31)) == date.fromisoformat(begins)


def test_many_alike_become_a_bundle() -> None:
    hub, leaves = (
        Node("hub", "hub", "Body", "body"),
        [Node(f"l{at}", f"leaf {at}", "Place", "country") for at in range(6)],
    )
    edges = [Edge("hub", leaf.iri, "r", "r", broad="asserted") for leaf in leaves] + [Edge("hub", "x", "r", "r")]
    network = Network("t", (hub, *leaves, Node("x", "x", "Body", "body")), tuple(edges))
    nodes, kept, members = graph.bundled(network)
    assert [node.label for node in nodes] == ["hub", "x", "6: leaf 0, leaf 1, leaf 2 and 3 more"]
    assert [[node.iri for node in inside] for inside in members.values()] == [[leaf.iri for leaf in leaves]]
    assert len(kept) == 2
    assert keys(formats.encode(network, "svg")) >= {node.iri for node in network.nodes}


@pytest.mark.slow
def test_the_gallery_is_up_to_date(engine: Embedded) -> None:
    gallery = importlib.import_module("gallery")  # a tool, outside the package
    shown = list(gallery.pictures(engine))
    assert (gallery.DOCS / "gallery.md").read_text(encoding="utf-8") == gallery.page(shown), "run tools/gallery.py"
    assert {path.stem for path in (gallery.DOCS / "gallery").iterdir()} == {name for name, _, _ in shown}
    for name, _, network in shown:
        content = (gallery.DOCS / "gallery" / f"{name}.svg").read_bytes()
        assert content == formats.encode(network, "svg"), "run tools/gallery.py"
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
            modalities=(), as_of=None, limit=None, size=None, page="slide", form="png", lang="en", output=None, data=(),
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


def test_what_was_left_out_is_told_in_the_language_of_the_picture(run: Run, tmp_path: Path) -> None:
    for lang, said in (("en", "not shown. Show more with --limit"), ("nl", "niet getoond. Toon meer met --limit")):
        done = run("diagram", "governance", "--lang", lang, "-o", str(tmp_path / "governance.dot"))
        assert said in done.stderr, done.stderr
