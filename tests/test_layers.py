"""Each module imports only from lower layers, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import euaikg

LAYERS = [
    {"errors", "quick"},
    {"files", "numbers"},
    {"vocab"},
    {"results", "sparql", "network", "labels"},
    {"engine", "serialize", "tables", "layout"},
    {"things", "graph", "export", "bridge", "interchange", "timelayout"},
    {"fmt", "mermaid", "drawing", "queries", "sources", "validation", "access"},
    {"cards", "page"},
    {"api"},
    {"cli"},
]


def test_modules_import_only_from_lower_layers() -> None:
    package = Path(euaikg.__file__).parent
    level = {name: number for number, names in enumerate(LAYERS) for name in names}
    for path in package.glob("*.py"):
        if path.stem.startswith("__"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "euaikg":
                parts = node.module.split(".")
                imported = [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
                for name in set(imported) - {"__version__"}:
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
