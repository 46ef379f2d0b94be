"""Each module imports only from lower layers, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import euaikg

LAYERS = [
    {"amounts", "errors", "labels", "network", "ntriples", "numbers", "quick"},
    {"apart", "dataframes", "diagram", "files", "layout", "web"},
    {"timelayout", "vocab"},
    {"drawing", "looks", "mermaid", "results", "sparql"},
    {"bridge", "dot", "engine", "narrow", "page", "portable", "rows", "serialize", "tables"},
    {"changes", "cut", "graph", "interchange", "jsonld", "limits", "rdfxml", "remote", "svg", "things", "timeline"},
    {"fmt", "frames", "kinds", "parameters", "picture", "sheets", "sources", "stores", "validation"},
    {"access", "filters", "queries"},
    {"cards", "catalogue", "citations", "export", "pages", "publish", "views"},
    {"api", "catalog", "measures"},
    {"quality", "release"},
    {"cli"},
]


def test_modules_import_only_from_lower_layers() -> None:
    package = Path(euaikg.__file__).parent
    level = {name: number for number, names in enumerate(LAYERS) for name in names}
    for path in package.rglob("*.py"):
        if path.stem.startswith("__") or path.parent.name == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "euaikg":
                *folders, last = node.module.split(".")
                is_folder = (package.parent.joinpath(*folders, last)).is_dir()
                imported = {alias.name for alias in node.names} if is_folder else {last}
                for name in imported - {"__version__"}:
                    assert level[name] < level[path.stem], f"{path.name} imports {name}, which is not below it"


@pytest.mark.usefixtures("engine")  # the graph is built before
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
