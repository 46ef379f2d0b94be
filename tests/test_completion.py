"""What the tab key offers, through the protocol that the scripts of the shells speak."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("built")  # the graph is built before

START = [sys.executable, "-m", "euaikg"]


Offered = Callable[..., list[str]]


@pytest.fixture
def offered(run: Run) -> Offered:
    """Return what is offered for the last of some words, as the shell's script gets it."""

    def offer(*words: str, shell: str = "bash", **settings: str) -> list[str]:
        joined = "\n".join(["euaikg", *words]) if shell == "bash" else " ".join(["euaikg", *words])
        settings = {
            "_EUAIKG_COMPLETE": f"{shell}_complete", "COMP_WORDS": joined, "COMP_CWORD": str(len(words)), **settings
        }  # fmt: skip
        with pytest.MonkeyPatch.context() as environment:
            for name, value in settings.items():
                environment.setenv(name, value)
            done = run()
        assert done.stderr == ""
        return [line for line in done.stdout.splitlines() if line]

    return offer


def test_questions_options_and_formats(offered: Offered) -> None:
    assert offered("query", "funding-t") == ["plain,funding-total"]
    options = offered("query", "figures", "--")
    assert {"plain,--thing", "plain,--as-of", "plain,--lang", "plain,--format", "plain,--cite"} <= set(options)
    assert offered("query", "figures", "--format", "j") == ["plain,json", "plain,jsonld"]
    assert offered("query", "--tag", "mon") == ["plain,money"]
    assert offered("query", "figures", "--data", "") == ["file,"]
    assert offered("diagram", "gov") == offered("network", "gov") == ["plain,governance"]
    assert offered("export", "--query", "relation-r") == ["plain,relation-records"]


def test_values_of_parameters(offered: Offered) -> None:
    assert offered("query", "figures", "--lang", "") == ["plain,en", "plain,nl"]
    assert offered("query", "things-in-sector", "--sector", "Rob") == ["plain,robotics"]
    assert offered("query", "actions-of-strategy", "--tier", "") == ["plain,flagship", "plain,other"]
    assert "plain,2025-Q4--2026-Q1" in offered("query", "actions-of-strategy", "--from", "2025-Q4")


def test_things_by_name_in_any_language_and_case(offered: Offered) -> None:
    for words in (("diagram", "--focus"), ("network", "--between"), ("export", "--about")):
        assert "plain,Large\\ AI\\ Grand\\ Challenge" in offered(*words, "Large")
    for before in (["show"], ["query", "figures"], ["query", "figures", "GenAI4EU"]):
        assert offered(*before, "europees\\ block") == ["plain,Europees\\ blockchainpartnerschap"]
    several = offered("query", "figures", "--thing", "genai4")
    assert len(several) > 1
    assert all(line.startswith("plain,genai4") for line in several)  # no letter that was typed is taken away


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("AI\\ Office\\'s\\ w", "AI\\ Office\\'s\\ work\\ with\\ Member\\ States:\\ certain\\ or\\ desired"),
        ("\"AI Office's w", "AI Office's work with Member States: certain or desired"),
        ("'Europees block", "Europees blockchainpartnerschap"),
    ],
)
def test_bash_gets_names_as_they_have_to_stand_there(offered: Offered, typed: str, given: str) -> None:
    assert offered("show", typed) == [f"plain,{given}"]


def test_the_script_for_bash_hands_the_words_over_whole(tmp_path: Path) -> None:
    wrapper = tmp_path / "euaikg"
    wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from euaikg.__main__ import main; main()" "$@"\n')
    wrapper.chmod(0o755)
    made = subprocess.run(
        START, env={**os.environ, "_EUAIKG_COMPLETE": "bash_source"}, capture_output=True, text=True, check=True
    ).stdout
    typed = 'COMP_WORDS=(euaikg show "Europees\\\\ block"); COMP_CWORD=2'
    ask = f'{typed}; _euaikg_completion euaikg; printf "%s|" "${{COMPREPLY[@]}}"'
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", made + "\n" + ask], capture_output=True, text=True, env=env, check=False)
    assert done.stdout == "Europees\\ blockchainpartnerschap|", done.stderr


def test_zsh_and_fish(offered: Offered) -> None:
    assert offered("query", "funding-t", shell="zsh")[:2] == ["plain", "funding-total"]
    (line,) = offered("query", "funding-t", shell="fish", COMP_CWORD="funding-t")
    assert line.startswith("plain,funding-total\tWhat a pot of money adds up to")
    script = subprocess.run(
        START, env={**os.environ, "_EUAIKG_COMPLETE": "fish_source"}, capture_output=True, text=True, check=True
    ).stdout
    assert 'string split --max 1 ","' in script  # names have commas


@pytest.mark.parametrize(
    "words",
    [
        ("query", "nonsense", "--"),
        ("nonsense", "x"),
        ("query", "figures", "--nonsense", "x"),
        ("show", '"\udcff'),
        ("",),
    ],
)
def test_odd_words_are_no_error(offered: Offered, words: tuple[str, ...]) -> None:
    offered(*words)


def test_nothing_goes_wrong_aloud(offered: Offered, tmp_path: Path) -> None:
    assert offered("show", "AI Off", EUAIKG_CACHE_DIR=str(tmp_path)) == []  # and nothing is built
    assert list(tmp_path.iterdir()) == []
    assert offered("show", "AI Off", COMP_CWORD="many") == []


def test_a_key_waits_for_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['euaikg']\n"
        "from euaikg.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'rdflib', 'pyshacl', 'rich', 'networkx', 'SPARQLWrapper'} & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "_EUAIKG_COMPLETE": "bash_complete", "COMP_WORDS": "euaikg\nshow\nAI", "COMP_CWORD": "2"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stderr == "[]\n"
    assert done.stdout
