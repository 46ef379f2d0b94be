"""Networks as other tools get them, opened by these tools."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from euaikg.diagrams import views
from euaikg.diagrams.filters import ALL, Wanted
from euaikg.diagrams.model.labels import clean, spelled, web, wrap
from euaikg.diagrams.model.network import Edge, Network, Node, lines
from euaikg.diagrams.text import interchange, mermaid
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run, node_modules, program
from tests.networks import BASE, CONTROL, HOSTILE, edge, hostile, node, sample, timeline

NETWORKS = [sample(), hostile(), timeline(), Network("Nothing", (), ())]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def graphml(network: Network) -> networkx.MultiDiGraph:
    content = interchange.graphml(network)
    return networkx.read_graphml(io.BytesIO(content), force_multigraph=True)


def gexf(network: Network) -> networkx.MultiDiGraph:
    found = networkx.read_gexf(io.BytesIO(interchange.gexf(network)))
    return found if found.is_multigraph() else networkx.MultiDiGraph(found)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.title[:10])
def test_every_format_has_every_node_and_edge(network: Network) -> None:
    counts = (len(network.nodes), len(network.edges))
    for read in (interchange.to_networkx, graphml, gexf):
        found = read(network)
        assert (found.number_of_nodes(), found.number_of_edges()) == counts, read.__name__
        assert found.is_directed()
        ends = Counter((edge.source, edge.target) for edge in network.edges)
        assert Counter(found.edges()) == ends
    elements = json.loads(interchange.cytoscape(network))["elements"]
    assert (len(elements["nodes"]), len(elements["edges"])) == counts
    assert len({one["data"]["id"] for kind in elements.values() for one in kind}) == sum(counts)
    rows = read_csv(interchange.edge_list(network))
    assert {row[end] for row in rows for end in ("source", "target")} - {""} == {node.iri for node in network.nodes}
    assert sum(bool(row["target"]) for row in rows) == counts[1]


def test_attributes_come_through_with_their_types() -> None:
    network = sample()
    about = {"label": "AI innovation package", "kind": "FundingEnvelope", "kind_label": "funding envelope"}
    about |= {"group": "money", "note": "EUR 2.1 bn", "date": "", "sources": "COM(2024) 28, section 5"}
    for read in (interchange.to_networkx, graphml, gexf):
        found = read(network)
        assert found.nodes[BASE + "pot"] == {**about, "amount": 2_100_000_000}
        assert type(found.nodes[BASE + "pot"]["amount"]) is int
        assert "amount" not in found.nodes[BASE + "act"]
        (money,) = found.get_edge_data(BASE + "pot", BASE + "office").values()
        assert money["amount"] == 2_100_000_000
        assert money["passage"] == BASE + "p1"
        said = found.get_edge_data(BASE + "office", BASE + "commission").values()
        assert [one["citation"] for one in said] == ["COM(2024) 28, section 1", "COM(2025) 165, section 2"]
        assert {(one["label"], one["modality"]) for one in said} == {("part of", "asserted")}
        assert {one["relation"] for one in said} == {"https://example.org/relation/part-of"}
    assert b'attr.name="amount" attr.type="long"' in interchange.graphml(network)
    assert b'title="amount" type="long"' in interchange.gexf(network)
    (pot,) = [
        one["data"]
        for one in json.loads(interchange.cytoscape(network))["elements"]["nodes"]
        if one["data"]["kind"] == "FundingEnvelope"
    ]
    assert pot == {"id": BASE + "pot", "name": "AI innovation package", **about, "amount": 2_100_000_000}
    (row,) = [row for row in read_csv(interchange.edge_list(network)) if row["label"] == "finances"]
    assert row["amount"] == "2100000000"
    assert (row["source_label"], row["target_kind"]) == ("AI innovation package", "commission service")


def test_what_the_network_is_about_comes_through() -> None:
    network = sample()
    wanted = {"title": "Who governs AI", "lang": "en", "as_of": "2025-07-02", "view": "network"}
    wanted |= {"documents": "Regulation (EU) 2024/1689; COM(2024) 28", "hidden": "37 more things not shown."}
    assert interchange.to_networkx(network).graph == wanted
    assert wanted.items() <= graphml(network).graph.items()
    assert wanted.items() <= json.loads(interchange.cytoscape(network))["data"].items()
    for words in ("Who governs AI", "2025-07-02", "37 more things not shown.", "COM(2024) 28"):
        assert words in interchange.gexf(network).decode().split("</meta>")[0]
        assert words in mermaid.encode(network).decode().split("    n0")[0]


@given(TEXT, TEXT)
@example(CONTROL, "\r\n\t\u2028\u0085 x ")
def test_labels_come_through_as_they_are(label: str, note: str) -> None:
    nodes = (Node(BASE + "a", label, "Body", "body", note), node("b"))
    network = Network(label, nodes, (Edge(BASE + "a", BASE + "b", BASE + "r", label, note=note, citation=label),))
    for read in (graphml, gexf):
        found = read(network)
        assert found.nodes[BASE + "a"]["label"] == clean(label)
        assert found.nodes[BASE + "a"]["note"] == clean(note)
        ((*_, said),) = found.edges(data=True)
        assert (said["label"], said["note"], said["citation"]) == (clean(label), clean(note), clean(label))
    first = json.loads(interchange.cytoscape(network))["elements"]["nodes"][0]["data"]
    assert (first["label"], first["note"]) == (label, note)
    (row,) = read_csv(interchange.edge_list(network))
    formula = label[:1] in ("=", "+", "-", "@", "\t", "\r")
    assert row["source_label"] == ("'" * formula) + clean(label)


@given(TEXT)
@example("".join(HOSTILE))
def test_mermaid_text_is_one_line_without_syntax_and_reads_back(label: str) -> None:
    coded = mermaid.text(label)
    assert not set(coded) & set('"<>&%`*_~[]{}|\\;:$^=!\n') - {";"}
    assert re.fullmatch(r"(?:[^#;]|#\d+;)*", coded)
    assert re.sub(r"#(\d+);", lambda code: chr(int(code[1])), coded) == " ".join(clean(label).split())


@pytest.mark.parametrize(
    ("label", "coded"), [("1. a", "1#46; a"), ("2) b", "2#41; b"), ("- c", "#45; c"), ("1.5", "1#46;5")]
)
def test_mermaid_takes_no_label_for_a_list(label: str, coded: str) -> None:
    """Some versions draw "Unsupported markdown: list" instead (mermaid-js/mermaid#6111)."""
    assert mermaid.text(label) == coded


def test_formulas_in_the_edge_list_are_harmless() -> None:
    rows = read_csv(interchange.edge_list(hostile()))
    cells = [cell for row in rows for cell in row.values()]
    assert "'=SUM(A1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_thing_by_itself_has_a_row() -> None:
    (row,) = [row for row in read_csv(interchange.edge_list(sample())) if not row["target"]]
    assert row["source_label"] == "Nobody's thing"


@pytest.mark.parametrize("encode", [interchange.graphml, interchange.gexf], ids=["graphml", "gexf"])
def test_the_xml_is_well_formed_and_in_its_namespace(encode: Callable[[Network], bytes]) -> None:
    for network in NETWORKS:
        root = ET.fromstring(encode(network))
        assert root.tag in (f"{{{interchange.GRAPHML}}}graphml", f"{{{interchange.GEXF}}}gexf")


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib\nfrom euaikg.diagrams.text import interchange, mermaid\nfrom tests.networks import *\n"
        "forms = interchange.graphml, interchange.gexf, interchange.cytoscape, interchange.edge_list, mermaid.encode\n"
        "print([hashlib.sha256(form(n)).hexdigest() for form in forms for n in (sample(), hostile(), timeline())])"
    )
    root = Path(__file__).parent.parent
    seen = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": f"UTC+{seed}"}
        command = [sys.executable, "-c", code]
        seen.add(subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(seen) == 1


def test_a_flowchart_has_a_node_for_each_thing_and_an_arrow_for_each_line() -> None:
    for network in (sample(), hostile()):
        text = mermaid.encode(network).decode()
        assert len(re.findall(r'^    n\d+[\[({>]+[/\\]?"', text, re.MULTILINE)) == len(network.nodes)
        arrows = re.findall(r"^    n\d+ (\S+)\|", text, re.MULTILINE)
        assert len(arrows) == len(lines(network.edges))
    text = mermaid.encode(sample()).decode()
    assert 'n5 -->|"part of ×2"| n3' in text
    assert 'n2 -.->|"advises<br>(planned)"| n3' in text
    assert 'n1 --o|"establishes<br>(ended)"| n2' in text
    assert 'n6[("AI innovation package<br>EUR 2.1 bn")]' in text


def test_a_timeline_becomes_a_gantt_chart_with_a_milestone_for_each_line() -> None:
    text = mermaid.encode(timeline()).decode()
    assert text.count(":milestone") == len(timeline().edges)
    assert "    section AI Pact#58; a pledge\n" in text
    assert "    in force 2024-08 :milestone, done, 2024-08-01, 0d\n" in text
    assert "    applicable 2027-08 (planned) :milestone, 2027-08-02, 0d\n" in text


def draw(network: Network, folder: Path) -> str:
    """Return the SVG that Mermaid's own command makes of ``network``."""
    command = node_modules() / ".bin" / "mmdc"
    settings = {"executablePath": program("chromium", "chromium"), "args": ["--no-sandbox", "--disable-gpu"]}
    (folder / "puppeteer.json").write_text(json.dumps(settings))
    (folder / "in.mmd").write_bytes(mermaid.encode(network))
    names = {"puppeteerConfigFile": "puppeteer.json", "input": "in.mmd", "output": "out.svg"}
    files = [f"--{name}={folder / path}" for name, path in names.items()]
    done = subprocess.run([str(command), *files], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "out.svg").read_text(encoding="utf-8")


def squeezed(text: str) -> str:
    """Return ``text`` without white space: where Mermaid breaks lines is its own affair."""
    return "".join(text.split())


@pytest.mark.slow
@pytest.mark.servers
def test_mermaid_shows_hostile_labels_as_they_are(tmp_path: Path) -> None:
    whole = hostile()
    nodes = tuple(Node(one.iri, one.label, one.kind, one.group) for one in whole.nodes)
    network = Network(whole.title, nodes, whole.edges, "nl", whole.as_of, whole.documents, whole.hidden)
    root = ET.fromstring(draw(network, tmp_path))
    shown = {}
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        found = re.search(r"flowchart-n(\d+)-", group.get("id", ""))
        if found and "node" in group.get("class", "").split():
            shown[int(found[1])] = squeezed("".join(group.itertext()))
    assert shown == {at: squeezed(clean(one.label)) for at, one in enumerate(nodes)}
    said = [
        squeezed("".join(group.itertext()))
        for group in root.iter("{http://www.w3.org/2000/svg}g")
        if "edgeLabel" in group.get("class", "").split()
    ]
    assert sorted(filter(None, said)) == sorted(squeezed(clean(one.label)) for one in network.edges)
    title = " · ".join((whole.title, whole.as_of, whole.hidden)).replace("<", "‹").replace(">", "›")
    assert title in {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}


@pytest.mark.slow
@pytest.mark.servers
def test_mermaid_draws_a_timeline(tmp_path: Path) -> None:
    root = ET.fromstring(draw(timeline(), tmp_path))
    texts = ["".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("in force 2024-08") == 2
    assert texts.count("applicable 2027-08 (planned)") == 2
    assert {"AI Act", "AI Pact: a pledge", "Along time · 2025-07-02"} <= set(texts)


def test_mermaid_has_a_year_before_its_months() -> None:
    stages = [("2023", "2023-12-31"), ("2023-11", "2023-11-30"), ("2023-Q4", "2023-12-31"), ("2022", "2022-12-31")]
    nodes = [node("act", "AI Act", "law", "LegalAct")]
    nodes += [node(said, "launched", "status", "StatusStatement", date=day, note=said) for said, day in stages]
    edges = tuple(edge("act", said, "status") for said, _ in stages)
    drawn = mermaid.encode(Network("Along time", tuple(nodes), edges, "en", view="timeline")).decode()
    assert re.findall(r"launched (\S+) :", drawn) == ["2022", "2023", "2023-Q4", "2023-11"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=1&c=(2)", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        (" https://example.org", False),
        ("https://example.org/\nx", False),
        ("//example.org", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_only_addresses_on_the_web_become_links(url: str, kept: bool) -> None:
    assert web(url) == (url if kept else "")


def test_names_of_classes_are_spelled_and_long_labels_cut() -> None:
    assert spelled("JointUndertaking") == "joint undertaking"
    assert spelled("AIFactoryAntenna") == "AI factory antenna"
    assert wrap("a joint undertaking of the Union", 14, 2) == ("a joint", "undertaking …")
    assert wrap("Supercomputerinfrastructuur", 20, 3) == ("Supercomputerinfrastructuur",)
    assert wrap("", 20, 3) == ()


@pytest.mark.slow
def test_programs_get_all_and_pictures_what_fits(run: Run, engine: Embedded) -> None:
    every = views.view(engine, "network", Wanted(limit=ALL, rows=ALL))
    done = run("diagram", "network", "--format", "csv")
    assert len(done.stdout.splitlines()) == len(every.edges) + 1
    assert done.stderr == ""
    assert len(run("diagram", "network", "--format", "csv", "--limit", "9").stdout.splitlines()) < len(every.edges) / 2
    assert "not shown" in run("diagram", "network", "--format", "dot").stderr
