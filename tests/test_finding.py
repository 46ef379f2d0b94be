"""Questions in plain words lead to the stored question that answers them, and words to the things that are meant."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
import yaml

import euaikg
from euaikg.core.vocab import short
from euaikg.errors import EndpointError, EuaikgError, QueryError, UnknownThingError
from euaikg.questions import ask, names, phrases, stored
from euaikg.questions.finding import Finder
from euaikg.questions.words import stems, words
from euaikg.sparql.answers import Answer, Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

QUESTIONS: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8")
)

COSTS = "--topic cost-of-computing --topic compliance-costs --topic cost-reduction"

Meant = tuple[str, dict[str, list[str]]]
"""A question and the terms that its values stand for."""


def meant(engine: Embedded, name: str, values: Mapping[str, Iterable[str]]) -> Meant | None:
    """Return what the question ``name`` asks with ``values``, or None where either is not there."""
    try:
        query = phrases.SHOW if name == "show" else stored.get(name)
        terms = stored.resolved(query, {key: texts for key, texts in values.items() if key != "lang"}, engine)
    except EuaikgError:
        return None
    return name, {key: [str(term) for term in terms[key]] for key in sorted(terms)}


def right(engine: Embedded, command: str) -> Meant | None:
    """Return what a command of the file means; a question that is not there yet means nothing."""
    name, *rest = shlex.split(command)
    if name != "show" and name not in {path.stem for path in stored.paths()}:
        return None
    query = phrases.SHOW if name == "show" else stored.get(name)
    values: dict[str, list[str]] = {}
    things = []
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            values.setdefault(query.called(word[2:])[0].name, []).append(rest.pop(0))
        else:
            things.append(word)
    if len(things) == 2 and any(parameter.name == "other" for parameter in query.parameters):
        values |= {"thing": things[:1], "other": things[1:]}
    elif things:
        assert query.subject is not None
        values[query.subject.name] = things
    found = meant(engine, name, values)
    assert found is not None, f"{command} means nothing"
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("part", "least"), [("tuned", 0.9), ("held out", 0.85)])
def test_the_right_question_is_among_the_first_three(engine: Embedded, finder: Finder, part: str, least: float) -> None:
    missed, wrong = [], []
    for asked, commands in QUESTIONS[part].items():
        found = finder.find(str(asked))
        wanted = [right(engine, command) for command in commands]
        got = [meant(engine, one.question, one.values) for one in found.candidates]
        if not any(one is not None and one in wanted for one in got):
            missed.append(f"{asked}: {[one.command for one in found.candidates]}")
        if found.sure and got[0] not in wanted:
            wrong.append(f"{asked}: {found.candidates[0].command}")
    assert len(missed) <= (1 - least) * len(QUESTIONS[part]), "\n".join(missed)
    assert len(wrong) <= 0.1 * len(QUESTIONS[part]), "\n".join(wrong)


def test_there_are_enough_questions() -> None:
    assert sum(map(len, QUESTIONS.values())) >= 150
    assert not QUESTIONS["tuned"].keys() & QUESTIONS["held out"].keys()


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ("who funds GenAI4EU", "euaikg query who-funds-what GenAI4EU"),
        ("Who funds “GenAI4EU”?!", "euaikg query who-funds-what GenAI4EU"),
        ("wie is lid van ALT‑EDIC", "euaikg query members ALT-EDIC --lang nl"),
        ("memebers of alt edic", "euaikg query members ALT-EDIC"),
        ("what is due by the end of 2026", "euaikg query targets-due --until 2026"),
        ("what is due before July 2026", "euaikg query targets-due --until 2026-06"),
        ("what is due in the second quarter of 2026", "euaikg query targets-due --from 2026-Q2 --until 2026-Q2"),
        ("wat moet er af zijn voor 2027", "euaikg query targets-due --until 2026 --lang nl"),
        ("money in 2026", "euaikg query funding-by-period --from 2026 --until 2026"),
        ("What is the EuroHPC budget in 2026?", 'euaikg query money-of "EuroHPC JU" --from 2026 --until 2026'),
        (
            "hoeveel geeft Horizon Europa aan EuroHPC in 2021-2027",
            'euaikg query who-funds-what EuroHPC --by "Horizon Europa" --from 2021 --until 2027 --lang nl',
        ),
        ("budget van EuroHPC per programma", "euaikg query who-funds-what EuroHPC --lang nl"),
        ("what was overdue on 1 January 2026", "euaikg query overdue --valid-on 2026-01-01"),
        ("Which EDICs were there on 1 January 2025?", "euaikg query edics --as-of 2025-01-01"),
        ("largest amounts over 2 billion", "euaikg query largest-amounts --at-least 2000000000"),
        ("what does the January 2024 communication say", 'euaikg query document-in-order "COM(2024) 28"'),
        ("what is in com(2024) 28", 'euaikg query document-in-order "COM(2024) 28"'),
        ("what does the press release announce", 'euaikg query announced-in "Press release of 24 January 2024"'),
        ("funding for healthcare", "euaikg query funding-by-sector health"),
        ("what is GenAI4EU", "euaikg show GenAI4EU"),
        ("which supercomputers does EuroHPC have", "euaikg query supercomputers"),
        ("which EU programmes fund AI research", "euaikg query funding-by-programme"),
        ("what EU money goes to GenAI4EU", "euaikg query funding-by-initiative GenAI4EU"),
        ("what must the Commission do", "euaikg query asked-of-body EC --modality required"),
        ("wat moet de Commissie doen", "euaikg query asked-of-body EC --modality required --lang nl"),
        ("what should Member States do", 'euaikg query asked-of-body "Member States" --modality recommended'),
        ("wat zouden lidstaten moeten doen", "euaikg query asked-of-body lidstaten --modality recommended --lang nl"),
        ("what does the Commission plan to do", "euaikg query planned-actions --by EC --modality planned"),
        ("can you tell me what the AI Office does", 'euaikg query tasks-of-body "AI Office"'),
        ("what makes AI cheaper", f"euaikg query effects {COSTS}"),
        ("wat maakt AI goedkoper", f"euaikg query effects {COSTS} --lang nl"),
        ("what improves competitiveness", "euaikg query effects --topic competitiveness --relation euai:increases"),
        ("what is the Data Union Strategy", 'euaikg show "Data Union Strategy"'),
        ("regulatory sandboxes", 'euaikg show "AI regulatory sandboxes"'),
        ("which prohibitions apply", 'euaikg query law-timetable "AI Act rules on prohibited AI practices"'),
        ("leden ALT-EDIC", "euaikg query members ALT-EDIC --lang nl"),
        ("members ALT-EDIC", "euaikg query members ALT-EDIC"),
        ("which units does the AI Office have", 'euaikg query established-by "AI Office"'),
        ("what is an AI factory", 'euaikg show "AI Factories"'),
        ("how much from Horizon Europe for EuroHPC", 'euaikg query who-funds-what "EuroHPC JU" --by "Horizon Europe"'),
        (
            "what share of the capital cost of an AI gigafactory does the Union pay",
            'euaikg query shares "AI Gigafactories" --by EU',
        ),
        ("what did Regulation 2024/1732 change", 'euaikg query amendments "Regulation (EU) 2024/1732"'),
        ("which articles of 2021/1173 were amended", 'euaikg query amendments "EuroHPC Regulation"'),
        ("InvestAI", "euaikg show InvestAI"),  # a name that begins as a word for money does
        ("geld in 2025", "euaikg query funding-by-period --from 2025 --until 2025 --lang nl"),
        ("wie financiert ALT-EDIC", "euaikg query who-funds-what ALT-EDIC --lang nl"),
        ("plans of 2025", "euaikg query targets-due --from 2025 --until 2025"),  # the year is no document
        ("what was in force on 1 March 2025", "euaikg query at-stage --status in-force --until 2025-03-01"),
        (
            "which rules of the AI Act applied on 1 September 2025",
            'euaikg query law-timetable "AI Act" --until 2025-09-01',
        ),
    ],
)
def test_things_periods_documents_and_codes_are_recognised(finder: Finder, asked: str, command: str) -> None:
    found = finder.find(asked)
    assert found.candidates[0].command == command


@pytest.mark.parametrize(
    ("asked", "name", "values"),
    [
        ("who funds GenAI4EU and AI Factories", "who-funds-what", {"thing": ["GenAI4EU", "AI Factories"]}),
        (
            "hoeveel geld krijgen GenAI4EU en de AI-fabrieken",
            "money-of",
            {"thing": ["GenAI4EU", "AI-fabrieken"], "lang": ["nl"]},
        ),
        ("does GenAI4EU get more money than AI Factories", "money-of", {"thing": ["GenAI4EU", "AI Factories"]}),
        ("who pays more, the Commission or the Member States", "who-funds-what", {"by": ["EC", "Member States"]}),
        ("members of ALT-EDIC and CitiVERSE EDIC", "members", {"thing": ["ALT-EDIC", "CitiVERSE EDIC"]}),
        ("what links Horizon Europe and GenAI4EU", "what-links", {"thing": ["Horizon Europe"], "other": ["GenAI4EU"]}),
    ],
)
def test_things_that_are_listed_take_one_place(
    finder: Finder, asked: str, name: str, values: dict[str, list[str]]
) -> None:
    found = finder.find(asked)
    assert (name, values) in [(one.question, one.values) for one in found.candidates]
    assert not any("by" in one.values and not found.candidates[0].values.get("by") for one in found.candidates), (
        "none of them is taken for who pays"
    )


def test_of_things_that_are_listed_none_is_left_out_in_silence(finder: Finder) -> None:
    found = finder.find("who are members of ALT-EDIC and money")
    assert not found.sure
    shown = finder.find("spain and supercomputers").candidates
    assert all(one.missed == ("supercomputers",) for one in shown if one.question == "country-profile")


@pytest.mark.parametrize(
    ("asked", "lost"),
    [
        ("money of more than 1 billion for GenAI4EU", "more than 1 billion"),
        ("parts of Apply AI Strategy as of 2025-01-01", "as of 2025-01-01"),
        ("what does COM(2024) 28 say on GenAI4EU", "genai4eu"),
    ],
)
def test_what_a_candidate_leaves_out_is_said_with_it(finder: Finder, asked: str, lost: str) -> None:
    found = finder.find(asked)
    without = [lost in one.missed for one in found.candidates]
    assert any(without) and not all(without)


@pytest.mark.parametrize(
    ("asked", "lost"),
    [
        ("who gets more than InvestAI", "more than investai"),
        ("wie krijgt meer geld dan GenAI4EU", "dan genai4eu"),
        ("hoeveel initiatieven krijgen meer dan InvestAI", "meer dan investai"),
        ("for which initiatives is more money than for InvestAI", "than for investai"),
        ("which supercomputers are faster than the JUPITER", "faster than the jupiter"),
        ("more money in GenAI4EU than in 2025", "than in 2025"),
        ("meer geld voor GenAI4EU dan in 2025", "dan in 2025"),
        ("which programmes are like InvestAI", "like"),
        ("welke programma's zijn zoals InvestAI", "zoals"),
        ("which EDICs have more than 20 members", "more than 20"),
        ("welke EDIC's hebben ten minste tien leden", "ten minste tien"),
    ],
)
def test_what_is_compared_or_counted_is_told_by_each_candidate(finder: Finder, asked: str, lost: str) -> None:
    found = finder.find(asked)
    assert not found.sure
    assert all(lost in one.missed for one in found.candidates)


def test_dutch_then_compares_nothing(finder: Finder) -> None:
    assert finder.find("wat is dan de AI-verordening").missed == ()


def test_a_bound_of_money_is_neither_a_comparison_nor_a_count(finder: Finder) -> None:
    found = finder.find("which initiatives get more than EUR 1 billion")
    assert (found.sure, found.missed) == (True, ())
    until = finder.find("what is due up to 2027").candidates[0]
    assert until.values["until"] == ["2027"]


@pytest.mark.slow
def test_ask_says_what_a_candidate_leaves_out(run: Run) -> None:
    listed = run("ask", "money of more than 1 billion for GenAI4EU").stdout.splitlines()
    assert "    Leaves out: more than 1 billion." in listed
    assert "    Laat weg: meer dan 1 miljard." in run("ask", "geld voor GenAI4EU van meer dan 1 miljard").stdout


@pytest.mark.parametrize(
    "asked",
    [
        "which pots of more than 1 billion euro are there?",
        "which programme pays for AI Factories more than EUR 1 billion",
        "what does COM(2024) 28 say on GenAI4EU",
    ],
)
def test_no_place_is_made_of_a_currency_and_no_funder_of_a_document(finder: Finder, asked: str) -> None:
    for one in finder.find(asked).candidates:
        assert "country:EUR" not in one.command and "by" not in one.values


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("what was known of GenAI4EU before 2025", "timeline"),
        ("wat was er voor 2025 bekend van GenAI4EU", "timeline"),
        ("did the budget of GenAI4EU increase", "replaced-figures"),
        ("is het budget van GenAI4EU gestegen", "replaced-figures"),
    ],
)
def test_what_is_asked_is_not_what_shares_a_word(finder: Finder, asked: str, name: str) -> None:
    assert finder.find(asked).candidates[0].question == name


@pytest.mark.parametrize(
    "asked", ["who is responsible for the AI Office", "wie is verantwoordelijk voor het AI-bureau"]
)
def test_who_is_responsible_for_a_body_may_mean_who_governs_it(finder: Finder, asked: str) -> None:
    found = finder.find(asked)
    assert not found.sure
    assert "governance" in [one.question for one in found.candidates]


class Doubtful(Embedded):
    """An engine that gives two answers to each question, as Virtuoso does to some."""

    is_doubtful = True

    def run_surely(self, query: str) -> Answer:
        raise EndpointError(f"two answers to {query}")


def test_to_see_whether_there_are_rows_no_answer_need_be_believed(engine: Embedded) -> None:
    finder = Finder(Doubtful(engine.store))
    assert finder.find("who funds GenAI4EU").sure
    assert not finder.answers, "whoever asks for the answer itself gets one that can be believed, or none"


def test_a_command_without_rows_gives_way_to_a_wider_one_that_has_some(finder: Finder) -> None:
    found = finder.find("by when must RRF funds be transferred to EuroHPC")
    first, *_, last = found.candidates
    assert (first.question, set(first.values), found.sure) == ("due", {"thing"}, False)
    assert set(last.values) == {"thing", "by", "modality"}, "that there is nothing says something too"


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("what must SMEs do under the AI Act", "ai act"),  # named, though the header has its words
        ("wat moeten kmo's doen volgens de AI-verordening", "ai-verordening"),
        ("where is ALT-EDIC saeted", "saeted"),  # a short word that was respelled
        ("what does OpenAI get from the EU", "openai"),  # though “open” is a stage
        ("Wie zit de AI-raad voor?", "voor"),  # a part of the verb
        ("wat moet België doen voor AI", "belgie"),  # of the question that is offered, not of one that is not
        ("what must Belgium do for AI", "must"),
    ],
)
def test_what_is_left_out_is_named_and_nothing_is_run(finder: Finder, asked: str, word: str) -> None:
    found = finder.find(asked)
    assert not found.sure
    assert word in found.candidates[0].missed


def test_what_has_no_rows_is_left_out_and_named(finder: Finder) -> None:
    found = finder.find("how many votes does France have in the EuroHPC governing board")
    assert (found.sure, found.missed, found.candidates[0].missed) == (False, (), ("france",))
    assert [set(one.values) for one in found.candidates if one.question == "shares"] == [{"thing"}, {"thing", "by"}]


def test_each_thing_that_is_named_is_in_something(finder: Finder) -> None:
    found = finder.find("is the Netherlands a member of EUROPEUM-EDIC")
    assert "euaikg show EUROPEUM-EDIC" in [one.command for one in found.candidates]


def test_choices_are_described_in_the_language_of_the_words(finder: Finder) -> None:
    dutch = finder.find("wat moet België doen voor AI")
    assert [one.summary for one in dutch.candidates] == [
        "Wat een orgaan of groep zal doen, of waaraan het zal deelnemen, en wanneer",
        "Alles over één ding, met wie het zegt",
    ]
    assert finder.find("flurb", "nl").candidates[0].summary.startswith("Dingen bij een van hun namen")
    assert finder.find("flurb").candidates[0].summary.startswith("Things by any of their names")


def test_one_answer_under_two_names_leaves_no_choice(finder: Finder) -> None:
    found = finder.find("when was the AI Office established")
    assert found.sure
    assert [one.question for one in found.candidates[:2]] == ["status-timeline", "at-stage"]


@pytest.mark.slow
def test_every_command_that_is_offered_can_be_pasted(run: Run) -> None:
    found = euaikg.ask("kosten van de AI‑fabrieken")
    assert found.lang == "nl"
    for candidate in found.candidates:
        program, *rest = shlex.split(candidate.command)
        assert program == "euaikg"
        assert run(*rest).returncode == 0, candidate.command


@pytest.mark.slow
def test_ask_answers_and_says_what_it_ran(run: Run) -> None:
    done = run("ask", "members", "of", "ALT-EDIC", "--format", "csv")
    assert done.returncode == 0
    assert done.stdout == run("query", "members", "ALT-EDIC", "--format", "csv").stdout
    assert done.stderr.startswith("euaikg query members ALT-EDIC --format csv\n")
    dutch = run("ask", "wie is lid van ALT-EDIC", "--format", "csv")
    assert dutch.stdout == run("query", "members", "ALT-EDIC", "--lang", "nl", "--format", "csv").stdout


@pytest.mark.slow
def test_ask_takes_the_options_of_what_it_runs(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "members.csv"
    assert run("ask", "members of ALT-EDIC", "--cite", "-o", str(target)).returncode == 0
    assert "citation" in target.read_text(encoding="utf-8").splitlines()[0]
    shown = run("ask", "what is GenAI4EU", "--lang", "nl", "--format", "json")
    assert json.loads(shown.stdout)["name"] == "GenAI4EU"


def test_ask_lists_what_may_be_meant_where_it_is_not_sure(run: Run) -> None:
    done = run("ask", "flurb")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "euaikg search flurb")
    machine = run("ask", "flurb", "--format", "json")
    assert (machine.returncode, machine.stdout) == (0, "")
    assert "euaikg search flurb" in machine.stderr


@pytest.mark.slow
def test_ask_in_python_has_the_answer_and_the_candidates() -> None:
    found = euaikg.ask("who funds GenAI4EU")
    best = found.candidates[0]
    assert (best.question, dict(best.values), found.sure) == ("who-funds-what", {"thing": ["GenAI4EU"]}, True)
    assert isinstance(found.answer, Table)
    assert found.answer == euaikg.query("who-funds-what", thing="GenAI4EU")
    assert 1 >= best.score > found.candidates[1].score > 0
    unsure = euaikg.ask("AI")
    assert not unsure.sure
    assert unsure.answer is None
    with pytest.raises(QueryError, match="no words"):
        euaikg.ask(" ?! ")


@pytest.mark.parametrize("asked", ["which EDICs were set up before 2025", "which EDICs are in Belgium"])
def test_what_asks_which_of_a_kind_is_not_surely_about_one_thing_of_that_name(finder: Finder, asked: str) -> None:
    found = finder.find(asked)
    assert not found.sure
    assert "edics" in [one.question for one in found.candidates]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "command", "missed"),
    [
        (
            "which sectors does the Apply AI Strategy cover",
            'euaikg query actions-in-document --document "Annexes to COM(2025) 723"',  # whose sections are the sectors
            (),
        ),
        ("what is planned for 2027", "euaikg query targets-due --from 2027 --until 2027", ()),
        ("what is in force in 2027", "euaikg query current-status --valid-on 2027-12-31", ()),
        ("which EU programmes fund AI research", "euaikg search research", ("research",)),
        (
            "is 500 or 700 million for GenAI4EU right?",
            'euaikg show "GenAI4EU: EUR 500 or almost 700 million"',
            (),
        ),
        ("welke acties zijn er voor kmos?", 'euaikg query support-for "kmo\'s" --lang nl', ()),
        ("what is the weather in Brussels", "euaikg show Brussels", ("weather",)),
        (
            "what does the Commission do against disinformation",
            "euaikg search disinformation",
            ("disinformation",),
        ),
        (
            "compare the 2024 and 2025 communications",  # of 2025 there are two
            "euaikg query compare-documents",
            ("2025",),
        ),
        (
            "compare the April 2025 communication with the January 2024 communication",
            'euaikg query compare-documents --earlier "COM(2024) 28" --later "COM(2025) 165"',
            (),
        ),
        (
            "what changed between January 2024 and April 2025",
            "euaikg query what-changed",
            (),
        ),
        ("hoeveel geld gaat er naar start-ups", 'euaikg query startups "Europese start-ups" --lang nl', ()),
        ("how many AI startups are there in Europe", 'euaikg query figures "European AI startups"', ()),
        ("what is the AI Office", 'euaikg show "AI Office"', ()),
    ],
)
def test_what_is_offered_has_an_answer_and_what_is_left_out_is_told(
    engine: Embedded, finder: Finder, asked: str, command: str, missed: tuple[str, ...]
) -> None:
    found = finder.find(asked)
    assert command in [one.command for one in found.candidates]
    assert found.missed == missed
    others = [one for one in found.candidates if one.question != "search"]
    assert all(word in one.missed for word in missed for one in others)
    for one in found.candidates[: max(1, len(found.candidates) - 1)]:  # the last may say that there is nothing
        if one.question not in ("show", "search"):
            assert ask.question(engine, one.question, one.values).answer, one.command
    assert not (found.sure and missed)


@pytest.mark.slow
def test_the_command_that_ask_prints_gives_the_same_answer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my data.ttl").write_text(
        "@prefix euai: <https://w3id.org/euaikg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<https://e.org/p> a euai:Body ; skos:prefLabel 'Own body'@en . <https://w3id.org/euaikg/id/body/alt-edic>\n"
        "euai:hasMember <https://e.org/p> ."
    )
    answered = list[str]()
    answer = Embedded.run

    def counted(self: Embedded, query: str, *, federated: bool = False) -> Answer:
        answered.append(query)
        return answer(self, query, federated=federated)

    monkeypatch.setattr(Embedded, "run", counted)
    done = run("ask", "who are the members of ALT-EDIC", "--data", "my data.ttl", "--lang", "nl", "--format", "csv")
    command = done.stderr.splitlines()[0]
    assert command == 'euaikg query members ALT-EDIC --lang nl --format csv --data "my data.ttl"'
    assert len(answered) == len(set(answered)), "what is asked to see whether there are rows is not asked again"
    assert run(*shlex.split(command)[1:]).stdout == done.stdout != ""
    listed = run("ask", "ALT-EDIC 2024", "--data", "my data.ttl").stdout
    assert all(line.endswith('--data "my data.ttl"') for line in listed.splitlines() if line.startswith("euaikg "))


@pytest.mark.slow
def test_ask_speaks_the_language_of_the_words(run: Run) -> None:
    told = run("ask", "wat is het weer in Brussel?")
    assert told.stderr.splitlines() == ["Niet begrepen: weer.", "Welke van deze bedoelt u?"]
    assert "Not understood: weather." in run("ask", "what is the weather in Brussels").stderr
    assert "\nOf bedoelde u:\n" in run("ask", "wie is lid van ALT-EDIC").stderr


def test_ask_without_words_gives_an_example(run: Run) -> None:
    told = run("ask")
    assert (told.returncode, "euaikg ask who funds GenAI4EU" in told.stderr) == (2, True)


@pytest.mark.parametrize(
    "text",
    ["", "?", "2026", "\x00", "the", "é", "COM(2024) 28", "a " * 2000, "2024-2025-2026", "31 February 2024", "--help"],
)
def test_any_words_are_answered_or_refused(finder: Finder, text: str) -> None:
    try:
        found = finder.find(text)
    except QueryError:
        assert not words(text)
    else:
        assert found.candidates
        assert all(len(one.command) < 1000 for one in found.candidates)


# what headers say


def test_every_question_says_how_people_ask_it() -> None:
    dutch = {"wie", "wat", "welke", "hoeveel", "wanneer", "waar", "hoe", "van", "voor", "de", "het"}
    for question in stored.headers():
        assert len(question.also) >= 3, question.name
        if not question.name.startswith("view-") and question.name not in RDF_ONLY:
            assert any(dutch & set(words(phrase)) or "en" in phrase for phrase in question.also), question.name


RDF_ONLY = {"describe-document", "describe-thing", "relation-records", "edge-list"}
"""Questions for programs, asked in English."""


def test_headers_are_those_of_the_whole_questions() -> None:
    for header in stored.headers():
        whole = stored.get(header.name)
        assert (header.summary, header.tags, header.also) == (whole.summary, whole.tags, whole.also)
        assert [(one.name, one.kinds) for one in header.parameters] == [
            (one.name, one.kinds) for one in whole.parameters
        ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("also: who pays", "“also” in the header must be a list of phrases"),
        ("also: [1]", "“also” in the header must be a list of phrases"),
        ("also: [what does THING do]", "the phrase “what does THING do” has THING, which is no parameter"),
    ],
)
def test_phrases_that_say_nothing_are_refused(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "own.rq"
    path.write_text(f"#+ summary: S\n#+ description: D\n#+ {line}\n\nSELECT * {{ ?s ?p ?o }}\n", encoding="utf-8")
    assert reason in (stored.parse(path).error or "")


# names, and what is said of things


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("AI Factories", "AI‑factory"),
        ("kmo’s", "KMO"),
        ("strategieën", "strategie"),
        ("lidstaten", "lidstaat"),
        ("acties", "Actie"),
        ("companies", "company"),
    ],
)
def test_spelling_and_plural_do_not_count(text: str, same: str) -> None:
    assert stems(text) == stems(same)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("AI Fact", "init:ai-factories"),
        ("AI-factories", "init:ai-factories"),
        ("ai‑act", "act:ai-act"),
        ("AIAct", "act:ai-act"),
        ("alt edic", "body:alt-edic"),
        ("lidstaat", "body:eu-member-states"),
        ("KMO’s", "body:smes"),
        ("genai", "init:genai4eu"),
    ],
)
def test_variants_and_beginnings_lead_to_things(engine: Embedded, text: str, iri: str) -> None:
    assert short(names.resolve(engine, text).value) == iri


def test_a_beginning_of_many_names_lists_them(engine: Embedded) -> None:
    with pytest.raises(UnknownThingError) as error:
        names.resolve(engine, "AI Act rules on")
    assert "“AI Act rules on” may mean several things; say which one: " in str(error.value)
    assert "AI Act rules on governance (act:ai-act-governance-rules)" in str(error.value)
    with pytest.raises(UnknownThingError, match="Nearest"):
        names.resolve(engine, "GenAI4UE")
    with pytest.raises(UnknownThingError, match="Nothing in the graph"):
        names.resolve(engine, "lu")  # too short for the beginning of LUMI


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("nonsense", []),
        ("Elon Musk", []),
        ("bitcoin", []),
        (
            "blockchain",
            ["European Blockchain Partnership", "European Blockchain Service Infrastructure", "blockchain"],
        ),
        ("AI Factores", ["AI Factories", "AI factory", "AI Gigafactories"]),
        ("GenAI4UE", ["GenAI4EU", "Calls under GenAI4EU", "Projects under GenAI4EU"]),
        ("AI-fabriekn", ["AI-fabrieken", "AI-fabriek", "AI-gigafabrieken"]),
    ],
)
def test_near_names_are_near_in_one_language_and_told_once(engine: Embedded, text: str, near: list[str]) -> None:
    found = names.nearest(text, names.names(engine))
    assert found[:3] == near[:3] if near else not found, found
    assert len(found) == len(set(found))


def test_the_first_word_of_many_names_lists_some(engine: Embedded) -> None:
    with pytest.raises(UnknownThingError, match=r"\d+ names begin with “AI”, such as .*AI Act; .*; say which one"):
        names.resolve(engine, "AI")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("EDIC", "init:european-digital-infrastructure-consortia"),
        ("AI-act", "act:ai-act"),
        ("start-ups", "body:european-startups"),
        ("kmo’s", "body:smes"),
        ("ahead capacity", "infra:eu-data-centres"),
    ],
)
def test_search_ranks_whole_words_and_short_names_first(text: str, first: str) -> None:
    assert short(euaikg.search(text)[0].iri) == first


@pytest.mark.slow
def test_search_puts_parts_of_words_and_texts_last() -> None:
    found = euaikg.search("EDIC")
    whole = ["edic" in stems(name.text) for name in found if name.where == "name"]
    assert whole == sorted(whole, reverse=True)
    assert not whole[-1]
    assert {name.where for name in euaikg.search("available capacity")} == {"role"}
    assert any(name.where == "definition" for name in euaikg.search("public-private research"))


@pytest.mark.slow
def test_search_says_what_it_found() -> None:
    (name,) = euaikg.search("AI-bureau", limit=1)
    assert (name.text, name.language, name.name, name.kind_label) == (
        "AI-bureau",
        "nl",
        "European AI Office",
        "Commission service",
    )
    (dutch,) = euaikg.search("AI-bureau", limit=1, lang="nl")
    assert (dutch.name, dutch.kind_label) == ("Europees AI-bureau", "dienst van de Commissie")
    assert {name.kind_label for name in euaikg.search("health", kind="initiative")} >= {"network"}
    assert euaikg.search("superconputers")[0].guess == "supercomputers"
    assert euaikg.search("health", kind="sectors")[0].name == "health"
    with pytest.raises(UnknownThingError):
        euaikg.search("health", kind="no such kind")


@pytest.mark.slow
def test_search_on_the_command_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    done = run("search", "supercomputer", "--limit", "5")
    assert len(re.findall(r"\w+:[\w-]+$", done.stdout, re.MULTILINE)) == 5
    assert re.search(r"^\d+ more; --limit 0 shows all.$", done.stderr, re.MULTILINE)
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    found = json.loads(run("search", "available", "capacity", "--format", "json").stdout)
    assert {"iri", "name", "kind", "kindLabel", "where", "text", "language"} == found[0].keys()
    slip = run("search", "superconputers", "--limit", "1")
    assert "this is what has “supercomputers”" in slip.stderr
    assert run("search", "flurb").returncode == 2
