"""What the documentation shows is what happens."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import click
import pytest

import euaikg
from euaikg.cli import COMMANDS, main, query
from euaikg.core import files
from euaikg.errors import QueryError
from euaikg.questions import stored
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, Run

ROOT = files.root()
README = (ROOT / "README.md").read_text(encoding="utf-8")

sys.path.insert(0, str(ROOT / "tools"))
docs_tool: Any = importlib.import_module("docs")
readme_tool: Any = importlib.import_module("readme")


def test_the_quick_start_is_two_lines() -> None:
    block = README.split("## Quick start")[1].split("```")[1].strip().splitlines()
    assert len(block) == 2
    assert "pip install" in block[0]
    assert "euaikg query" in block[0]
    assert "pytest" in block[1]


@pytest.mark.slow
def test_the_readme_shows_real_output() -> None:
    assert readme_tool.filled(README) == README, "mend it with: python tools/readme.py"
    assert len(readme_tool.BLOCK.findall(README)) == README.count("```console\n") > 0


@pytest.mark.slow
def test_the_readme_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    space: dict[str, Any] = {}
    exec(code, space)
    assert "European AI Office - EU Member States (intended; " in capsys.readouterr().out
    assert len(space["table"]) >= 2
    assert len(space["dataset"]) > 0


@pytest.mark.parametrize("name", docs_tool.PAGES)
@pytest.mark.slow
def test_generated_pages_are_current(name: str, engine: Embedded) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert docs_tool.page(name, engine) == text, "mend it with: python tools/docs.py"


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))], ids=str
)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), f"{path.name} links to {target}"


def commands(group: click.Group, prefix: str = "") -> list[str]:
    """Return the full names of all commands below ``group``; the stored questions are tested elsewhere."""
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        full = f"{prefix}{name}"
        found.append(full)
        if isinstance(command, click.Group) and full != "query":
            found += commands(command, f"{full} ")
    return found


@pytest.mark.parametrize("name", commands(main))
def test_each_command_has_help_with_an_example_that_parses(name: str, run: Run) -> None:
    done = run(*name.split(), "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout
    examples = [line.strip() for line in done.stdout.splitlines() if line.strip().startswith("euaikg ")]
    assert examples
    for example in examples:
        parse(example)


def parse(example: str) -> None:
    """Read ``example`` as the command line does, options and all, but run nothing; raise what it would complain of."""
    words = shlex.split(re.split(r"\s{2,}", example)[0])
    words = words[1 : words.index("|")] if "|" in words else words[1:]
    with mock.patch.object(click.Command, "invoke"):  # groups go on to their commands, which are then not run
        main.main(words, "euaikg", standalone_mode=False)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_example_of_each_question_parses(name: str) -> None:
    example = str(query.command(stored.get(name)).epilog).partition("Example: ")[2]
    assert example.startswith(f"euaikg query {name}")
    parse(example)


@pytest.mark.parametrize(
    "example",
    [
        "euaikg show --nonsense",
        "euaikg nonsense",
        "euaikg sources check --nonsense x",
        "euaikg query figures --nonsense x | head",
        "euaikg query nonsense",
        "euaikg diagram law --lang xx",
    ],
)
def test_an_example_that_does_not_parse_is_noticed(example: str) -> None:
    with pytest.raises((click.ClickException, QueryError)):
        parse(example)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_readme(name: str) -> None:
    assert f"euaikg {name}" in README or name in ("fmt",)


@pytest.mark.slow
def test_the_package_docstring_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "doctest", str(Path(euaikg.__file__))], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("block", ["GRAPH graph:entities", "GRAPH <https://example.org/mine>", ""])
def test_the_guide_for_curators_works_to_the_letter(block: str, tmp_path: Path, run: Run) -> None:
    """Follow docs/curating.md: its blocks, put together as it says, in each form, pass every check."""
    whole = (ROOT / "docs" / "curating.md").read_text(encoding="utf-8")
    guide = whole.partition("\n## Add a fact from a new document\n")[2]
    entity, source, fact = re.findall(r"```(?:turtle|trig)\n(.*?)```", guide, re.DOTALL)
    text = "A speech.\n" * 11 + "The Commission will set aside about EUR 50 million for AI regulatory sandboxes.\n"
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "speech.txt").write_text(text)
    import hashlib

    source = source.replace("... what sha256sum texts/speech.txt prints ...", hashlib.sha256(text.encode()).hexdigest())
    made = run(
        "sources", "passage", "texts/speech.txt", "--lines", "12", "--place", "s1-p3",
        "--expression", "https://w3id.org/euaikg/source/speech-2024-05-06/en",
    ).stdout  # fmt: skip
    made = made.replace(
        "euai:modality modality:asserted", 'euai:section "1" ; euai:paragraph 3 ; euai:modality modality:intended'
    )
    prefixes = (ROOT / "ontology" / "prefixes.ttl").read_text()
    envelope = 'env:sandbox-fund a euai:FundingEnvelope ; skos:prefLabel "Sandbox Fund"@en , "Zandbakfonds"@nl .'
    whole = f"{prefixes}\n{source}\n{made}\n{fact}\n{block} {{\n{entity}\n{envelope}\n}}\n"
    (tmp_path / "speech.trig").write_text(re.sub(r"(?m)^#.*\n", "", whole))
    checked = run("validate", "speech.trig")
    assert "0 violations, 0 warnings" in checked.stdout, checked.stdout + checked.stderr
    cited = run("sources", "check", "--documents", "texts", "--data", "speech.trig")
    assert "speech.txt: 1 spans, all is as cited." in cited.stdout
    shown = run("query", "document-in-order", "--document", "Speech on AI of 6 May 2024", "--data", "speech.trig")
    assert "50000000" in shown.stdout
    for day, is_known in [("2024-05-05", False), ("2024-12-31", True)]:
        figures = run("query", "figures", "Sandbox Fund", "--as-of", day, "--cite", "--data", "speech.trig").stdout
        assert ("[1] Speech on AI of 6 May 2024, 2024-05-06, section 1, paragraph 3" in figures) is is_known


def test_every_stored_question_has_somebody_who_asks_it() -> None:
    page = (ROOT / "docs" / "who-asks-what.md").read_text(encoding="utf-8")
    linked = re.findall(r"\[([\w-]+)\]\(questions\.md#([\w-]+)\)", page)
    assert all(name == anchor for name, anchor in linked)
    told = {name for name, _ in linked}
    asked = {name for name in CATALOGUE if not name.startswith("view-")}  # views serve the diagrams
    assert told - {*CATALOGUE} == set(), "these questions do not exist"
    assert asked - told == set(), "say in docs/who-asks-what.md who asks these"
