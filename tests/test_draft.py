"""Drafts of new documents: what they find in texts of many kinds, and in two that were read before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from euaikg.core import files
from euaikg.core.vocab import EUAI, SOURCE
from euaikg.curation import canonical, coverage, draft, hints, layout, sources, validation
from euaikg.curation.layout import Part
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.questions.names import text_of
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

SPEECH = """Speech on the AI Office

Brussels, 6 May 2024

The AI Office will be part of the European Commission. It has around 100 staff, and the budget is EUR 2.5 billion.

1. What comes next

Member States must name their authorities by the second quarter of 2025. They may ask for help if:
- they are small;
- they have no authority yet.

(1) COM(2021) 205 final.
"""

TOESPRAAK = """Toespraak over het AI-bureau
Brussel, 6 mei 2024
1.Wat er komt
Het AI-bureau zal deel uitmaken van de Europese Commissie en krijgt ongeveer 100 personeelsleden en 2,5 miljard EUR. \
Wij weten dat dit voor de meeste van ons een hele stap is, en dat het ook van de anderen in het vak veel vraagt.
De lidstaten moeten hun autoriteiten in het derde en vierde kwartaal van 2025 aanwijzen.
Dit was het.
"""


ACT = """Whereas:

(1)

The first of the reasons is this one, which is long enough to go on to the very end of the
line and beyond it.

(2) The second (1) reason

(1) OJ L 1.

1/2

<page>goes on here.

HAS DECIDED AS FOLLOWS:

Article 1
Subject
1.
The Office, which has the staff that it needs for all of the many tasks that it has under
Article 2
of the act, is set up.
It has tasks:
(a) one;
(h) eight;
(i) nine.
2. It is small.

ANNEX I

The tasks are listed here.
"""


def drafted(text: str | bytes, folder: Path, engine: Embedded, name: str = "speech") -> draft.Draft:
    """The draft of ``text``, after the checks that every draft has to pass."""
    return all_drafted({name: text}, folder, engine)[name]


def all_drafted(texts: Mapping[str, str | bytes], folder: Path, engine: Embedded) -> dict[str, draft.Draft]:
    """The drafts of ``texts`` by name, after the checks that every draft has to pass."""
    (folder / "texts").mkdir(exist_ok=True)
    made = {}
    for name, text in texts.items():
        document = folder / "texts" / f"{name}.txt"
        document.write_bytes(text if isinstance(text, bytes) else text.encode())
        made[name] = draft.new(document, engine, name=name)
        (folder / f"{name}.trig").write_bytes(made[name].content)
        assert canonical.canonical(folder / f"{name}.trig") == made[name].content
    own = [folder / f"{name}.trig" for name in texts]
    whole = build.open_graph(own)
    reports = {report.file: report for report in sources.check(whole, folder / "texts", own)}
    found = {covered.file: covered for covered in coverage.coverage(whole, folder / "texts")}
    for name in texts:
        assert reports[f"{name}.txt"].checked
        assert reports[f"{name}.txt"].problems == []
        assert found[f"{name}.txt"].uncovered == []
    return made


def by_place(made: draft.Draft) -> dict[str, hints.Hints]:
    return {part.slug: said for part, said in made.passages}


@pytest.mark.slow
def test_a_speech_is_drafted(engine: Embedded, tmp_path: Path) -> None:
    made = drafted(SPEECH, tmp_path, engine)
    assert (made.title, made.language, made.day) == ("Speech on the AI Office", "en", "2024-05-06")
    said = by_place(made)
    assert list(said) == ["head-p1", "head-p2", "head-p3", "s1-h1", "s1-p1", "s1-p1-i1", "s1-p1-i2", "fn1"]
    lead, body = said["head-p3"], said["s1-p1"]
    assert {thing.rpartition("/")[2] for thing in lead.things} >= {"ai-office", "european-commission"}
    assert lead.figures == [(("100",), "count"), (("2500000000",), "EUR")]
    assert lead.modalities["intended"] == "will"
    assert body.periods == ["2025-Q2"]
    assert body.modalities == {"required": "must", "possible": "may", "contingent": "if"}
    assert said["fn1"].things == [f"{SOURCE}com-2021-205"]
    assert said["fn1"].periods == []


@pytest.mark.slow
def test_a_dutch_text_in_which_each_line_is_a_paragraph_is_drafted(engine: Embedded, tmp_path: Path) -> None:
    made = drafted(TOESPRAAK, tmp_path, engine)
    assert (made.title, made.language, made.day) == ("Toespraak over het AI-bureau", "nl", "2024-05-06")
    said = by_place(made)
    assert said["s1-p1"].figures == [(("100",), "count"), (("2500000000",), "EUR")]
    assert said["s1-p2"].periods == ["2025-Q3", "2025-Q4"]
    assert list(said["s1-p1"].modalities) == ["intended"]
    assert list(said["s1-p2"].modalities) == ["required"]


@pytest.mark.slow
def test_odd_texts_are_drafted_whole(engine: Embedded, tmp_path: Path) -> None:
    texts = [
        SPEECH.replace("\n", "\r\n"),
        "\ufeff" + SPEECH,
        SPEECH.replace("- they", "\t-\tthey"),
        SPEECH.replace("\n", "\f\n"),
        SPEECH.replace("\n\n", "\n"),
        "the staff of the office is in Brussels and it works for the states of the Union " * 200,
        "It is the office that is meant by the states of this union.",
        'The "quoted" \\ back\\slash of the @en is in the <https://example.org/> and the {braces} of the day.',
        "- the one of the states\n  - (a) that is in the union\n    - (i) as it was\n- and the other of the two",
        "\n\n \n1.\n2.\n3.\nThe end of the list is in the office.",
        "| the | of |\n|---|---|\n| a state | is in the Union |",
    ]
    made = all_drafted({f"odd-{number}": text for number, text in enumerate(texts)}, tmp_path, engine)
    for text, one in zip(texts, made.values(), strict=True):
        assert len(one.title) < 500
        shown = {at for part, _ in one.passages for start, end in part.spans for at in range(start, end)}
        assert {at for at, character in enumerate(text) if not character.isspace() and character != "\ufeff"} <= shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\r\n \t\n", "the file is empty"),
        (b"12 / 13\n", "there are no words in it"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("Décision d’exécution de la Commission du premier février".encode(), "say so with --lang"),
    ],
)
def test_what_cannot_be_drafted_is_refused_in_a_sentence(
    content: bytes, words: str, engine: Embedded, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_bytes(content)
    with pytest.raises(InputError, match=re.escape(words)):
        draft.new(tmp_path / "text.txt", engine)


@pytest.mark.slow
def test_no_other_document_is_overwritten(engine: Embedded, tmp_path: Path, run: Run) -> None:
    text, output = tmp_path / "speech.txt", tmp_path / "speech.trig"
    text.write_text(SPEECH)
    with pytest.raises(InputError, match="doc:ip-24-383/en are there already"):
        draft.new(text, engine, name="ip-24-383")
    with pytest.raises(InputError, match="is no name for a document"):
        draft.new(text, engine, name="My speech")
    output.write_text("mine")
    arguments = ("sources", "new", str(text), "--date", "2024-05-07", "-o", str(output))
    refused = run(*arguments)
    assert (refused.returncode, output.read_text()) == (2, "mine")
    assert "it is there already" in refused.stderr
    made = run(*arguments, "--replace")
    assert made.returncode == 0
    assert "doc:speech/en, “Speech on the AI Office”, 2024-05-07: 7 passages to be read, 1 heading" in made.stderr
    assert output.read_text().startswith("# What Speech on the AI Office says")


@pytest.mark.slow
def test_each_passage_is_to_be_read_and_a_name_near_to_a_wrong_one_is_offered(engine: Embedded, tmp_path: Path) -> None:
    own = tmp_path / "speech.trig"
    drafted(SPEECH, tmp_path, engine)
    own.write_text(own.read_text().replace("body:ai-office", "body:ai-ofice"))
    found = validation.validate([own])
    waits = {
        finding.thing.rpartition("#")[2] for finding in found if finding.rule.name in ("draft-note", "passage-content")
    }
    assert waits == {"head-p1", "head-p2", "head-p3", "s1-p1", "s1-p1-i1", "s1-p1-i2", "fn1"}
    (dangling,) = [str(finding) for finding in found if finding.rule.name == "dangling-reference"]
    assert "Expected: what is described, such as body:ai-office." in dangling
    rest = {finding.rule.name for finding in found} - {"draft-note", "passage-content", "dangling-reference"}
    assert rest <= {"name-dutch", "section-title"}


def test_an_act_is_parted_as_lawyers_cite_it() -> None:
    text = ACT.replace("<page>", "\f")
    slugs = [part.slug for part in layout.parts(text)]
    assert slugs == [
        *("recital-h1", "recital-p1", "recital-p2", "fn1", "page-1", "recital-h2", "art1-h1", "art1-h2", "art1-p1"),
        *("art1-p1-2", "art1-p1-ia", "art1-p1-ih", "art1-p1-ii", "art1-p2", "aI-h1", "aI-p1"),
    ]
    (second,) = [part for part in layout.parts(text) if part.slug == "recital-p2"]
    assert [text[start:end] for start, end in second.spans] == ["(2) The second (1) reason", "goes on here."]


FIGURES = {EUAI + name for name in ("amount", "amountMin", "amountMax", "numericValue", "valueMin", "valueMax")}


@dataclass
class Read:
    """A passage as a curator has left it: its place, its spans, and what it speaks of."""

    place: tuple[str | None, ...]
    spans: list[tuple[int, int]]
    is_heading: bool
    things: set[str]
    figures: set[Fraction]
    periods: set[str]


SET_OUT = EUAI + "setOutIn"
PERIODS = "SELECT ?thing ?notation { ?thing a euai:StatedPeriod ; skos:notation ?notation }"
KINDS = ("passages", "places", "spans", "headings", "names", "figures", "dates")
PLACE = ("section", "annex", "paragraph", "item", "footnote")


def finished(name: str, engine: Embedded) -> list[Read]:
    """The passages of the shipped file ``name``; of the things, those that other documents speak of too.

    The same document in another language, whose file has a name that goes on, is no other one; and the document, and
    what it sets out, it does not name but calls this communication, or this plan.
    """
    facts: dict[str, dict[str, list[str]]] = {}
    said: dict[str, list[tuple[str, str, str]]] = {}
    others: set[str] = set()
    for path in files.shipped("data/sources", ".trig"):
        for quad in build.read(path):
            subject, way, value = text_of(quad.subject), quad.predicate.value, text_of(quad.object)
            if not path.stem.startswith(name):
                others |= {subject, value} if isinstance(quad.graph_name, NamedNode) else set()
            elif path.stem != name:
                continue
            elif isinstance(quad.graph_name, NamedNode):
                said.setdefault(quad.graph_name.value, []).append((subject, way, value))
            else:
                facts.setdefault(subject, {}).setdefault(way, []).append(value)
    itself = {SOURCE + name, *(a for of in said.values() for a, way, b in of if (way, b) == (SET_OUT, SOURCE + name))}
    known = others & {text_of(thing) for (thing,) in engine.select(hints.ENTITIES).rows} - itself
    notations = {text_of(thing): re.sub("^[a-z]+-", "", text_of(said)) for thing, said in engine.select(PERIODS).rows}
    found = []
    for passage, about in facts.items():
        if EUAI + "span" in about:
            spans = [
                tuple(int(facts[span][EUAI + end][0]) for end in ("start", "end")) for span in about[EUAI + "span"]
            ]
            triples = said.get(passage, [])
            terms = {term for triple in triples for term in triple}
            found.append(
                Read(
                    tuple(about.get(EUAI + key, [None])[0] for key in PLACE),
                    [(start, end) for start, end in spans],
                    about.get(EUAI + "withoutFact", [""])[0].endswith("/heading"),
                    terms & known,
                    {Fraction(value) for _, way, value in triples if way in FIGURES},
                    {notations[term] for term in terms if term in notations},
                )
            )
    return found


def place(part: Part) -> tuple[str | None, ...]:
    section = None if part.kind == "footnote" else part.section
    return section, part.annex, *(str(one) if one else None for one in (part.paragraph, part.item, part.footnote))


def measured(name: str, file: str, engine: Embedded, documents: Path) -> dict[str, float]:
    """The shares of what is in the finished file ``name`` that the draft from the text ``file`` has, by kind."""
    made = draft.new(documents / file, engine, name="measured")
    counts: dict[str, list[bool]] = {}

    def count(kind: str, is_there: bool) -> None:
        counts.setdefault(kind, []).append(is_there)

    drafted = {span for part, _ in made.passages for span in part.spans}
    for read in finished(name, engine):
        inside = [
            part
            for part, _ in made.passages
            if all(any(start <= first and last <= end for start, end in part.spans) for first, last in read.spans)
        ]
        over = [
            found
            for part, found in made.passages
            if any(start < last and end > first for start, end in part.spans for first, last in read.spans)
        ]
        things = {thing for found in over for several in ([*found.things], *found.unclear) for thing in several}
        figures = {Fraction(one) for found in over for readings, _ in found.figures for one in readings}
        periods = {part for found in over for one in found.periods for part in one.split("--")}
        count("passages", bool(inside))
        count("places", any(place(part) == read.place for part in inside))
        for span in read.spans:
            count("spans", span in drafted)
        if read.is_heading:
            count("headings", any(part.kind == "heading" for part in inside))
        for thing in read.things:
            count("names", thing in things)
        for figure in read.figures:
            count("figures", figure in figures)
        for period in read.periods - {made.day}:  # the text does not repeat its own day
            count("dates", {*period.split("--")} <= periods)
    return {kind: round(sum(hits) / len(hits), 3) for kind, hits in counts.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file", "least"),
    [
        (
            *("com-2024-28", "001_4e073025f42d988b.txt"),
            (0.98, 0.65, 0.44, 0.85, 0.68, 0.70, 0.78),
        ),
        (
            *("com-2025-165", "003_471bfaf0cab94fba.txt"),
            (0.96, 0.72, 0.33, 0.95, 0.72, 0.82, 0.90),
        ),
    ],
)
def test_a_draft_has_most_of_what_a_finished_file_has(
    name: str, file: str, least: tuple[float, ...], engine: Embedded, documents: Path
) -> None:
    found = measured(name, file, engine, documents)
    assert [kind for kind, share in zip(KINDS, least, strict=True) if found[kind] < share] == [], found
