"""Periods, days and denials in questions are read as people mean them."""

from __future__ import annotations

import pytest

from euaikg.questions.finding import Finder


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        # before, by and until
        ("what is due before end 2025", None, "2025"),
        ("what is due before the end of 2025", None, "2025"),
        ("wat moet er voor eind 2025 klaar zijn", None, "2025"),
        ("doelen vóór eind Q3 2025", None, "2025-Q3"),
        ("what is due before July 2026", None, "2026-06"),
        ("what is due before 1 July 2026", None, "2026-06-30"),
        ("what is due before H2 2026", None, "2026-H1"),
        ("doelen voor Q1 2026", None, "2025-Q4"),
        ("targets earlier than 2026", None, "2025"),
        ("doelen eerder dan 2026", None, "2025"),
        ("targets up to and including 2026", None, "2026"),
        ("doelen tot en met 2026", None, "2026"),
        ("doelen t/m Q2 2026", None, "2026-Q2"),
        ("doelen uiterlijk in 2026", None, "2026"),
        ("what is due by the end of 2026", None, "2026"),
        ("targets 2026 at the latest", None, "2026"),
        # after, since and from
        ("targets later than 2026", "2027", None),
        ("doelen later dan 2026", "2027", None),
        ("targets after Q3 2025", "2025-Q4", None),
        ("targets after Q4 2025", "2026-Q1", None),
        ("targets after the end of 2025", "2026", None),
        ("targets after 31 December 2025", "2026-01-01", None),
        ("doelen na 2026", "2027", None),
        ("doelen na juni 2026", "2026-07", None),
        ("targets since 2026", "2026", None),
        ("doelen vanaf 2026", "2026", None),
        ("targets 2026 or later", "2026", None),
        ("doelen in 2026 en later", "2026", None),
        ("deadlines on or before 1 July 2026", None, "2026-07-01"),
        ("deadlines op of voor 1 juli 2026", None, "2026-07-01"),
        ("deadlines op of na 1 juli 2026", "2026-07-01", None),
        ("what is due befor 2026", None, "2025"),
        # the other way round
        ("targets not before 2026", "2026", None),
        ("doelen niet voor 2026", "2026", None),
        ("targets not before Q2 2026", "2026-Q2", None),
        ("targets no earlier than 2026", "2026", None),
        ("doelen niet eerder dan Q2 2026", "2026-Q2", None),
        ("targets not until 2027", "2027", None),
        ("targets not after 2026", None, "2026"),
        ("doelen niet na 2026", None, "2026"),
        ("targets no later than Q2 2026", None, "2026-Q2"),
        ("doelen niet later dan Q2 2026", None, "2026-Q2"),
        # parts of periods
        ("what is due by mid-2026", None, "2026-H1"),
        ("what is due before mid 2025", None, "2025-H1"),
        ("wat moet er medio 2025 klaar zijn", None, "2025-H1"),
        ("targets after mid-2026", "2026-H2", None),
        ("doelen na medio 2025", "2025-H2", None),
        ("targets in early 2026", "2026-Q1", "2026-Q1"),
        ("doelen begin 2026", "2026-Q1", "2026-Q1"),
        ("targets late 2026", "2026-Q4", "2026-Q4"),
        ("doelen eind 2026", "2026-Q4", "2026-Q4"),
        ("what is due in summer 2025", "2025-Q3", "2025-Q3"),
        ("wat moet er in de zomer van 2025 klaar zijn", "2025-Q3", "2025-Q3"),
        ("what is due before the summer of 2025", None, "2025-Q2"),
        ("doelen voorjaar 2026", "2026-Q2", "2026-Q2"),
        ("doelen na de herfst van 2025", "2026-Q1", None),
        ("targets by mid-March 2026", None, "2026-03-15"),
        # from one to another
        ("targets from Q1 2025 to Q3 2026", "2025-Q1", "2026-Q3"),
        ("doelen tussen 2025 en 2026", "2025", "2026"),
        ("targets between 1 July 2025 and 31 March 2026", "2025-07-01", "2026-03-31"),
        ("targets from early 2025 to mid-2026", "2025", "2026-H1"),
        ("targets after 2025 and before 2027", "2026", "2026"),
        # a verb is no part of a year, and whoever wants to know asks no older state of knowledge
        ("which deadlines fall in 2026", "2026", "2026"),
        ("which targets start in 2026", "2026", "2026"),
        ("I want to know which targets are due in 2026", "2026", "2026"),
        ("ik wil weten welke doelen er in 2026 zijn", "2026", "2026"),
        # days
        ("due 02/08/2025", "2025-08-02", "2025-08-02"),
        ("due on 2-8-2025", "2025-08-02", "2025-08-02"),
        ("what is due on 2.8.2025", "2025-08-02", "2025-08-02"),
        ("what is due on 08/25/2025", "2025-08-25", "2025-08-25"),
        ("wat moet er op 2 augustus 2025 klaar zijn", "2025-08-02", "2025-08-02"),
        ("targets in 3/2026", "2026-03", "2026-03"),
        ("what should Member States do by 2026", None, "2026"),
        # money is for a year in Dutch, but before it in English
        ("budget voor 2027", "2027", "2027"),
        ("money before 2027", None, "2026"),
    ],
)
def test_windows_are_what_the_words_mean(finder: Finder, asked: str, begin: str | None, end: str | None) -> None:
    found = finder.find(asked).candidates
    best = next(one for one in found if not {"from", "until"}.isdisjoint(one.values))  # others may have rows then
    window = {"from": [begin] if begin else None, "until": [end] if end else None}
    assert {name: best.values.get(name) for name in window} == window, best.command
    assert "asOf" not in best.values


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("status of the AI Act as of 2024", "2024"),
        ("what was known about GenAI4EU in 2024", "2024"),
        ("wat was er in 2024 bekend over GenAI4EU", "2024"),
        ("status van de AI Act volgens de stand van 2024", "2024"),
        ("what was said about GenAI4EU before 2025", "2024"),
        ("targets as of 2 August 2025", "2025-08-02"),
        ("what did we know about GenAI4EU in 2024", "2024"),
        ("how much did private investors put into AI in 2023", None),
        ("hoeveel staken private investeerders in 2023 in AI", None),
        ("who funds GenAI4EU in 2025", None),
        ("members of ALT-EDIC in 2025", None),
        ("wie betaalt GenAI4EU in 2025", None),
    ],
)
def test_only_what_was_known_or_said_is_asked_as_of_a_day(finder: Finder, asked: str, day: str | None) -> None:
    best = finder.find(asked).candidates[0]
    assert best.values.get("asOf") == ([day] if day else None), best.command


@pytest.mark.parametrize(
    "asked",
    [
        "what is not yet in force",
        "wat is nog niet in werking",
        "what has not been launched yet",
        "wat is nog niet gestart",
        "which countries are not members of ALT-EDIC",
        "welke landen zijn geen lid van ALT-EDIC",
        # phrases of a question that deny something excuse no others of it
        "what is not overdue",
        "wat is niet te laat",
        "wat is er niet te laat",
        "which deadlines were not missed",
        "which actions are not behind schedule",
        "welke termijnen zijn niet verstreken",
        "what is done on time",
        "what was done in time",
        "wat is op tijd klaar",
        "where do documents not disagree",
        "waar spreken documenten elkaar niet tegen",
        "which figures are not hedged",
        "welke cijfers zijn niet vaag",
        "which facts are not disputed",
        "largest amounts not in euro",
        "grootste bedragen niet in euro",
        "which pots do not overlap",
        # words for the opposite deny, unless it is asked whether
        "where do documents agree on AI Factories",
        "waar zijn documenten het eens over de AI-fabrieken",
        "which figures are exact",
        "welke cijfers zijn exact",
    ],
)
def test_the_opposite_of_what_is_asked_is_not_run(finder: Finder, asked: str) -> None:
    assert not finder.find(asked).sure


@pytest.mark.parametrize(
    "asked",
    [
        "what is in force",
        "which countries are members of ALT-EDIC",
        "targets not before 2026",
        "what is overdue",
        "which targets were not met",
        "what should have been done",
        "what has not been delivered on time",
        "which figures are not exact",
        "are the amounts exact",
        "zijn de bedragen exact",
        "do the sources agree on AI Factories",
        "where do documents disagree",
    ],
)
def test_what_is_not_denied_is_run(finder: Finder, asked: str) -> None:
    assert finder.find(asked).sure


@pytest.mark.parametrize(
    ("asked", "missed"),
    [
        ("which deadlines were not missed", ("not",)),
        ("welke cijfers zijn niet vaag", ("niet",)),
        ("which figures are exact", ("exact",)),
        ("which programmes met the AI Office", ("met",)),
    ],
)
def test_words_that_turn_a_question_round_are_told(finder: Finder, asked: str, missed: tuple[str, ...]) -> None:
    assert set(missed) <= set(finder.find(asked).candidates[0].missed)


@pytest.mark.parametrize("asked", ["what has been done", "which targets were met", "welke doelen zijn gehaald"])
def test_what_was_done_is_not_what_was_not(finder: Finder, asked: str) -> None:
    assert finder.find(asked).candidates[0].question == "plans-and-outcomes"


@pytest.mark.parametrize(
    "asked", ["what pots overlap in 2025", "welke geldpotten overlappen in 2023", "market figures 2023"]
)
def test_a_period_is_not_left_out_in_silence(finder: Finder, asked: str) -> None:
    assert not finder.find(asked).sure


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ("what is due in 2026 as known in 2024", {"from": ["2026"], "until": ["2026"], "asOf": ["2024"]}),
        ("what is due in 2027 as said in 2024", {"from": ["2027"], "until": ["2027"], "asOf": ["2024"]}),
        ("as known on 2025-01-01 what is due in 2026", {"from": ["2026"], "until": ["2026"], "asOf": ["2025-01-01"]}),
        ("what is due by the end of 2026 as known on 2025-01-01", {"until": ["2026"], "asOf": ["2025-01-01"]}),
        (
            "wat moet er in 2026 klaar zijn zoals bekend in april 2025",
            {"from": ["2026"], "until": ["2026"], "asOf": ["2025-04"]},
        ),
        ("overdue on 2025-06-01 as known on 2026-01-01", {"validOn": ["2025-06-01"], "asOf": ["2026-01-01"]}),
        # who looks back from one day knows what is known by then
        ("what is overdue as of 2025-06-01", {"validOn": ["2025-06-01"]}),
        ("wat is te laat volgens de stand van 2025-06-01", {"validOn": ["2025-06-01"]}),
    ],
)
def test_when_it_holds_and_when_it_was_known_are_two_things(
    finder: Finder, asked: str, values: dict[str, list[str]]
) -> None:
    found = finder.find(asked).candidates
    assert values in [{name: one.values[name] for name in one.values if name != "lang"} for one in found]
    assert not any({"from", "until", "validOn"} & one.values.keys() and "asOf" not in one.values for one in found) or (
        "asOf" not in values
    )


@pytest.mark.parametrize(
    ("asked", "missed"),
    [
        ("who funds GenAI4EU on 2024-06-01 and on 2025-06-01", ("2025-06-01",)),
        ("who funds GenAI4EU as of 2024-06-01 and 2025-06-01", ("2025-06-01",)),
        ("largest amounts as of 2024-06-01 and as of 2025-06-01", ("as of 2025-06-01",)),
        ("what is due in 2026 and in 2028", ("2028",)),
        ("what is due in 2026 or 2028", ("2028",)),
        ("wat moet er in 2026 of 2028 klaar zijn", ("2028",)),
        ("what is due in 2026 or 2027", ()),
        ("what is due in the first or second half of 2026", ("first",)),
        ("what is due between 2026 and 2028", ()),
        ("what is due from 2026 to 2028", ()),
    ],
)
def test_of_two_periods_none_is_left_out_in_silence(finder: Finder, asked: str, missed: tuple[str, ...]) -> None:
    found = finder.find(asked)
    assert (found.missed, found.sure) == (missed, not missed)


@pytest.mark.parametrize("word", ["medio", "mid", "begin", "eind", "zomer", "summer", "halverwege", "early"])
def test_words_about_time_are_no_things(finder: Finder, word: str) -> None:
    assert all("thing" not in one.values for one in finder.find(f"what is due {word} 2025").candidates[:1])
    assert finder.find(word).candidates[0].question == "search"
