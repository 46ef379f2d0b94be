"""The notebook runs as a newcomer finds it, offline, and shows what it promises."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import pytest

from euaikg.core import files

nbformat: Any = importlib.import_module("nbformat")  # which has types, but few

NOTEBOOK = files.root() / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, built: object) -> Any:  # noqa: ARG001
    """The notebook, run in a folder of its own by a kernel of this Python."""
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as change:
        change.setenv("IPYTHONDIR", str(folder / "ipython"))
        change.setenv("JUPYTER_PLATFORM_DIRS", "1")
        change.setenv("MPLCONFIGDIR", str(folder / "matplotlib"))
        change.delenv("MPLBACKEND", raising=False)  # a notebook shows plots itself
        change.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, sys.path)))
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        client = NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return notebook


def shown(notebook: Any, words: str) -> dict[str, str]:
    """Return what the cell with ``words`` in its text shows, by media type."""
    (cell,) = (cell for cell in notebook.cells if cell.cell_type == "code" and words in cell.source)
    found: dict[str, str] = {}
    for output in cell.outputs:
        found |= output.get("data", {}) | ({output.name: output.text} if output.output_type == "stream" else {})
    return found


@pytest.mark.slow
def test_the_notebook_goes_from_a_question_to_a_plot(ran: Any) -> None:
    assert "Which calls, tenders and prizes there are" in shown(ran, "questions(tag=")["text/html"]
    answer = shown(ran, 'query("funding-by-period")')["text/html"]
    assert "COM(2025) 165, section 3.3, paragraph 2" in answer
    assert "10 000 000 000" in answer
    assert "e+" not in shown(ran, "fillna")["text/html"]
    plot = shown(ran, "barh")
    assert len(plot["image/png"]) > 10_000
    assert "[1] " in plot["stdout"]
    assert "COM(2024) 28, footnote 53" in plot["stdout"]
    assert shown(ran, "euaikg.diagram")["image/svg+xml"].startswith("<svg ")
    assert "European Commission" in shown(ran, "euaikg.network")["text/html"]
    assert "AI Office" in " ".join(shown(ran, "euaikg.show").values())
    assert not [cell for cell in ran.cells if "stderr" in str(cell.get("outputs"))]


def test_the_notebook_is_kept_without_what_it_shows() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    assert str(files.root()) not in NOTEBOOK.read_text(encoding="utf-8")
