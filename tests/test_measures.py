"""Who is central, what connects two things, which parts hang apart."""

from __future__ import annotations

import json

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import euaikg
from euaikg.diagrams import formats, measures
from euaikg.diagrams.model.network import Edge, Network, Node
from euaikg.errors import QueryError
from euaikg.questions import ask
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

BODY = "https://w3id.org/euaikg/id/body/"
RELATION = "https://w3id.org/euaikg/ontology#cooperatesWith"


def edge(one: str, other: str, date: str = "") -> Edge:
    return Edge(BODY + one, BODY + other, RELATION, "", date=date)


STAR = [edge("ai-office", "x"), edge("y", "ai-office"), edge("z", "ai-office"), edge("z", "ai-office"), edge("p", "q")]


def test_neighbours_count_once_in_any_direction(engine: Embedded) -> None:
    rows = measures.central(engine, STAR).to_dicts()
    assert [(str(row["thing"]).removeprefix(BODY), row["neighbours"]) for row in rows[:2]] == [
        ("ai-office", 3),
        ("p", 1),
    ]
    assert rows[0]["thingLabel"] == "European AI Office"
    assert float(str(rows[0]["between"])) == pytest.approx(3 / 10)  # 3 of the 10 pairs of the other five
    assert {float(str(row["between"])) for row in rows[1:]} == {0}
    assert measures.central(engine, STAR, lang="nl", limit=1).to_dicts()[0]["thingLabel"] == "Europees AI-bureau"


def test_parts_hang_apart(engine: Embedded) -> None:
    rows = measures.parts(engine, STAR).to_dicts()
    assert [(row["part"], row["things"]) for row in rows] == [(1, 4), (2, 2)]
    assert str(rows[0]["members"]).startswith("European AI Office; ")
    many = [edge("ai-office", f"n{number}") for number in range(20)]
    assert str(measures.parts(engine, many).to_dicts()[0]["members"]).endswith("; … 9 more")


def test_what_is_central_is_drawn_larger() -> None:
    nodes = tuple(Node(BODY + name, name, "Body", "body") for name in ("ai-office", "p", "q", "x", "y", "z"))
    network = Network("Star", nodes, tuple(STAR))
    assert [node.size for node in measures.sized(network, "neighbours").nodes] == [1, 0.333, 0.333, 0.333, 0.333, 0.333]
    assert [node.size for node in measures.sized(network, "between").nodes] == [1, 0, 0, 0, 0, 0]
    assert "fontsize=22.0" in formats.encode(measures.sized(network, "between"), "dot").decode()
    assert "fontsize=22.0" not in formats.encode(network, "dot").decode()
    assert measures.sized(Network("", (), ()), "between").nodes == ()


def test_chains_are_the_shortest_and_name_the_latest_source(engine: Embedded) -> None:
    both = [edge("a", "b", "2025-01-01"), edge("b", "a", "2024-01-01"), edge("c", "b"), edge("a", "d"), edge("d", "e")]
    rows = measures.chains(engine, [*both, edge("e", "c")], BODY + "a", BODY + "c").to_dicts()
    assert [(row["chain"], row["step"], row["from"], row["to"]) for row in rows] == [
        (1, 1, BODY + "a", BODY + "b"),
        (1, 2, BODY + "c", BODY + "b"),
    ]
    with pytest.raises(QueryError, match="No chain of relations connects"):
        measures.chains(engine, [*both, edge("x", "y")], BODY + "a", BODY + "x")


LETTERS = st.sampled_from("abcdefg")


@given(pairs=st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=12), ends=st.tuples(LETTERS, LETTERS))
@pytest.mark.slow
def test_every_chain_connects_its_ends_by_stated_relations(
    engine: Embedded, pairs: list[tuple[str, str]], ends: tuple[str, str]
) -> None:
    found = [edge(*pair) for pair in pairs]
    graph = networkx.Graph(pair for pair in pairs if pair[0] != pair[1])
    if not all(end in graph for end in ends) or not networkx.has_path(graph, *ends):
        with pytest.raises(QueryError):
            measures.chains(engine, found, BODY + ends[0], BODY + ends[1])
        return
    rows = measures.chains(engine, found, BODY + ends[0], BODY + ends[1], limit=100).to_dicts()
    expected = list(networkx.all_shortest_paths(graph, *ends))
    assert len({row["chain"] for row in rows}) == (len(expected) if len(expected[0]) > 1 else 0)
    for number in {row["chain"] for row in rows}:
        at = BODY + ends[0]
        for row in (row for row in rows if row["chain"] == number):
            assert at in (row["from"], row["to"])
            at = str(row["to"] if row["from"] == at else row["from"])
        assert at == BODY + ends[1]


@pytest.mark.slow
def test_everything_or_one_view_with_sources(engine: Embedded) -> None:
    every = measures.edges(engine)
    rows = measures.chains(engine, every, "AI Office", "Horizon Europe").to_dicts()
    assert all(row["relationLabel"] and row["source"] and row["modality"] for row in rows)
    asserted = measures.edges(engine, modalities=["asserted"])
    assert {one.modality for one in asserted} == {"asserted"}
    assert set(asserted) < set(every)
    early = measures.edges(engine, as_of="2024-01-24")
    assert early and max(one.date for one in early) <= "2024-01-24"
    assert 0 < len(measures.edges(engine, "governance")) < len(every)


@pytest.mark.slow
def test_networkx_gets_an_edge_for_each_row(engine: Embedded) -> None:
    graph = euaikg.to_networkx(everything=True)
    answer = ask.question(engine, "relations").answer
    assert isinstance(answer, Table)
    told = {(row["subject"], row["relation"], row["object"], row["source"]) for row in answer.to_dicts()}
    assert {(s, e["relation"], o, e["citation"]) for s, o, e in graph.edges(data=True)} == told
    office, act = BODY + "ai-office", "https://w3id.org/euaikg/id/legal-act/ai-act"
    assert graph.nodes[office]["label"] == "European AI Office"
    assert graph.nodes[office]["kind"] == "CommissionService"
    said = {edge["passage"]: edge["modality"] for edge in graph[office][act].values() if edge["label"] == "supervises"}
    assert said["https://w3id.org/euaikg/source/ip-24-383/en#lead-p3-i2-planned"] == "intended"
    assert said["https://w3id.org/euaikg/source/com-2025-723/en#s4-p5"] == "asserted"
    assert len(euaikg.to_networkx(focus="GenAI4EU")) < len(euaikg.to_networkx("governance", lang="nl")) + 100 < 1000
    with pytest.raises(QueryError, match="There is no stored query"):
        euaikg.to_networkx("nonsense")


@pytest.mark.slow
def test_the_network_is_one_and_the_same_in_every_way_to_it(engine: Embedded) -> None:
    measured = measures.edges(engine)
    graph = euaikg.to_networkx()
    assert {(s, e["relation"], o, e["passage"]) for s, o, e in graph.edges(data=True)} == {
        (one.source, one.relation, one.target, one.passage) for one in measured
    }
    assert len(graph) == len({end for one in measured for end in (one.source, one.target)})
    denied = measures.edges(engine, modalities=["denied"])
    assert denied and not {*denied} & {*measured}


@given(pairs=st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=12))
def test_betweenness_is_that_of_networkx(pairs: list[tuple[str, str]]) -> None:
    graph = networkx.Graph(pair for pair in pairs if pair[0] != pair[1])
    found, is_exact = measures._between(graph)
    assert is_exact
    assert found == pytest.approx(networkx.betweenness_centrality(graph))


def test_what_is_only_estimated_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = networkx.gnm_random_graph(80, 200, seed=1)
    exact, _ = measures._between(graph)
    monkeypatch.setattr(measures, "STEPS", 8000)
    found, is_exact = measures._between(graph)
    assert not is_exact
    assert sum(found.values()) == pytest.approx(sum(exact.values()), rel=0.3)


@pytest.mark.slow
def test_on_the_command_line(run: Run) -> None:
    central = json.loads(run("network", "--limit", "3", "--format", "json").stdout)["results"]["bindings"]
    assert central[0]["thingLabel"]["value"] == "European Commission"
    assert "supports" in run("network", "--between", "AI Office", "Horizon Europe").stdout
    assert run("network", "--parts", "--modality", "asserted").stdout.startswith("part  things  members")
    for arguments, sentence in (
        (("nonsense",), "There is no view “nonsense”"),
        (("--between", "AI Office", "Nobody knows"), "Nothing in the graph is called “Nobody knows”."),
        (("--parts", "--between", "AI Office", "GPAI"), "Give --between or --parts, not both."),
        (("--modality", "sure"), "modality: “sure” is not one of"),
    ):
        done = run("network", *arguments)
        assert done.returncode == 2
        assert sentence in done.stderr
