"""Networks for the tests of pictures and formats."""

from __future__ import annotations

from euaikg.diagrams.model.network import Edge, Network, Node

BASE = "https://example.org/"
RELATION = "https://example.org/relation/"

HOSTILE = (
    "end", "graph", "subgraph", 'say "hello"', "it's", "<b>bold</b>", "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>", "</script><script>window.ran = 1</script>", "R&D &amp; &lt;", "#quot; #35;",
    "`ticks` and ```fence```", "[brackets] {braces} (round)", "a; b; c", "%% comment", "%%{init: {}}%%",
    "back\\slash\\n",
    "pipe | arrow --> here", "*stars* _and_ __lines__", "1. first", "- dash", "=SUM(A1)", "+1", "@home", "# heading",
    "emoji 🇪🇺 👩🏽‍🔬", "مكتب الذكاء الاصطناعي", "משרד (AI) ראשי", "人工智能办公室", "naïve Österreich ﬁ",
    "style: fill:#fff; classDef x:#000;", ":::class", "$$x^2$$", "~~~", "&#60;b&#62;", "]]>",
    "{{mustache}} ${dollar} $title", "click n1 href", "x" * 120, "many words " * 30,
)  # fmt: skip
"""Labels that are syntax somewhere."""

CONTROL = "bell\x07 null\x00 escape\x1b\x85 delete\x7f noncharacter\ufffe"
"""Characters that XML does not allow, among others."""


def node(name: str, label: str = "", group: str = "body", kind: str = "UnionBody", **more: object) -> Node:
    return Node(BASE + name, label or name, kind, group, **more)  # type: ignore[arg-type]


def edge(source: str, target: str, relation: str = "part of", modality: str = "asserted", **more: object) -> Edge:
    place = RELATION + relation.replace(" ", "-")
    return Edge(BASE + source, BASE + target, place, relation, modality, **more)  # type: ignore[arg-type]


def sample() -> Network:
    """A network with several kinds, parallel lines, a loop, a thing by itself, amounts, notes, dates and links."""
    nodes = (
        node("alone", "Nobody's thing", "other", "Thing"),
        node("act", "Artificial Intelligence Act", "law", "LegalAct", note="in force since 2024-08-01"),
        node("board", "AI Board", kind="AdvisoryBody", kind_label="advisory body"),
        node("commission", "European Commission", kind="CommissionService"),
        node("member-states", "Member States", kind="ActorGroup"),
        node("office", "AI Office", kind="CommissionService"),
        node("pot", "AI innovation package", "money", "FundingEnvelope", amount=2_100_000_000, note="EUR 2.1 bn",
             sources=("COM(2024) 28, section 5",)),
    )  # fmt: skip
    url = "https://eur-lex.europa.eu/eli/C/2024/1459/oj"
    edges = (
        edge("board", "commission", "advises", "planned", citation="Article 66", url=url, date="2024-07-12"),
        edge("board", "member-states", "has member", citation="Article 65", url="javascript:window.ran=1"),
        edge("commission", "commission", "oversees"),
        edge("office", "commission", "part of", citation="COM(2024) 28, section 1", url=url, date="2024-01-24"),
        edge("office", "commission", "part of", citation="COM(2025) 165, section 2", date="2025-04-09"),
        edge("commission", "office", "established", "planned", citation="Recital 148"),
        edge("office", "act", "supervises", "conditional", note="from August", citation="Article 88"),
        edge("pot", "office", "finances", "asserted", amount=2_100_000_000, note="EUR 2.1 bn", passage=BASE + "p1"),
        edge("act", "board", "establishes", "ended"),
    )
    documents = ("Regulation (EU) 2024/1689", "COM(2024) 28")
    return Network(
        "Who governs AI", nodes, edges, "en", "2025-07-02", documents, "37 more things not shown.", "network"
    )


def hostile() -> Network:
    """A ring of things with hostile labels, whose relations, notes and sources are hostile too."""
    labels = (*HOSTILE, CONTROL, "line one\nline two\r\nline three", "tab\there")
    nodes = tuple(node(f"n{at:02}", label, kind=label[:20], note=label[:40]) for at, label in enumerate(labels))
    edges = tuple(
        edge(
            f"n{at:02}", f"n{(at + 1) % len(labels):02}", label, citation=label, url=f"https://example.org/{at}?a=1&b=2"
        )
        for at, label in enumerate(labels)
    )
    return Network("".join(HOSTILE[3:8]), nodes, edges, "nl", "2025-07-02", labels, labels[3])


def timeline() -> Network:
    """A timeline of two things."""
    stages = [
        ("proposed", "2021-04-21", "asserted"),
        ("in force", "2024-08-01", "asserted"),
        ("applicable", "2027-08-02", "planned"),
    ]
    nodes = [node("act", "AI Act", "law", "LegalAct"), node("pact", "AI Pact: a pledge", "initiative", "Initiative")]
    edges = []
    for thing in ("act", "pact"):
        for at, (stage, day, modality) in enumerate(stages):
            nodes.append(node(f"{thing}-{at}", stage, "status", "StatusStatement", date=day, note=day[:7]))
            edges.append(edge(thing, f"{thing}-{at}", "status", modality, citation="Article 113"))
    return Network("Along time", tuple(nodes), tuple(edges), "en", "2025-07-02", view="timeline")
