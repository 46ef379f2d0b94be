"""Each module imports only what stands below it, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import euaikg

HOUSE = """
errors
core: version output processes spread places suffixes files folders writing templates progress groups addresses vocab
rdf: terms spelling ntriples turtle rdfxml jsonld forms to_rdflib
sparql: scanner header dataframes sheets amounts columns grid answers formats limited embedded credentials clock http portable replies remote
graph: build stores access
questions: words names searching parameters windows presets stored translated listing commands told nearby reasons citations partly references facts statements lines drafts contents cards claims held verify ask sums lexicon phrases recognised fits left_out finding counts as_rdf
exports: frames class_tables stated bulk cells dataset_rows dataset export
curation: numbers canonical positions spans sources coverage layout hints draft suspects questions shacl ruleset findings validation published
diagrams.model: labels network looks
diagrams.draw: scene words cards raster svg pots graph tree flow timeline heat europe strand rings headline pages
diagrams.page: html
diagrams.text: dot mermaid interchange
diagrams: vocabulary narrow rows cut filters views measures formats diagram
pages: parting reading view browser w3id pictures kinds things documents questions search start reference site
publishing: marks patches server benchmark changes dcat quality nanopubs events release load
mcp: contents tools server
serve: media description openapi api service workers tools app server
api
cli: common questions completion parameter ask build catalog diagram export fmt mcp network publish query release search serve show sources stats validate verify
quick
"""  # noqa: E501
"""The modules from the ground up; each may import those before it, of its own package and of others."""

PACKAGE = Path(euaikg.__file__).parent


def plan() -> list[str]:
    """Return the names of the modules in the order of the house."""
    found = []
    for line in HOUSE.split("\n"):
        package, _, modules = line.partition(":")
        found += [f"{package}.{module}" for module in modules.split()] or [package]
    return [name for name in found if name]


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of the package that ``path`` names in imports, lazy ones too, or loads by their names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports say where from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"^euaikg(?:\.\w+)+(?=\.?$|:\w+$)", node.value)


def test_modules_import_only_what_stands_below_them() -> None:
    house = plan()
    there = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    assert {name for name in there if "__" not in name} == set(house), "the plan and the folders differ"
    for name, path in there.items():
        above = {*house[house.index(name) + 1 :], "__init__"} if name in house else set()
        if name.endswith("__init__"):  # a package's own words: cli alone holds code
            above = {"api"} if name.startswith("cli.") else set(house) if "." in name else set()
        for target in imported(path):
            module = target.removeprefix("euaikg.") if target != "euaikg" else "api"
            module = "api" if module in euaikg.__all__ else module
            hits = {one for one in above if one in (module, module.rpartition(".")[0]) or one.startswith(f"{module}.")}
            assert not hits or target == f"euaikg.{name}", f"{path} imports {target}, which is not below it"


def test_only_the_server_knows_its_libraries() -> None:
    for path in PACKAGE.rglob("*.py"):
        named = set(
            re.findall(r"^\s*(?:from|import) (starlette|uvicorn|h11)\b", path.read_text(encoding="utf-8"), re.M)
        )
        assert not named or path.parent.name == "serve", f"{path} imports {named}"


@pytest.mark.usefixtures("built")  # the graph is built before
def test_asking_a_question_imports_nothing_it_does_not_need() -> None:
    code = (
        "import sys; sys.argv = ['euaikg', 'query', 'office-holders', '--format', 'csv']\n"
        "from euaikg.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'rdflib', 'pyshacl', 'rich', 'click', 'yaml', 'difflib', 'dataclasses'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "Vestager" in done.stdout
