"""The page on the model begins with a picture that is true and an example that can be copied."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Dataset, RdfFormat, parse
from rdflib import RDFS, Graph, URIRef

from euaikg.core import files, vocab
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run
from tests.test_rules import findings, small_graph

sys.path.insert(0, str(files.root() / "tools"))
docs: Any = importlib.import_module("docs")
FORMS = {"turtle": ("example.trig", RdfFormat.TRIG), "json": ("example.jsonld", RdfFormat.JSON_LD)}


@pytest.fixture(scope="module")
def page(engine: Embedded) -> str:
    text: str = docs.page("model.md", engine)
    return text


@pytest.fixture(scope="module")
def copies(page: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The blocks of the example, copied into files."""
    folder = tmp_path_factory.mktemp("copied")
    made = {}
    for language, (name, _) in FORMS.items():
        (text,) = re.findall(rf"```{language}\n(.*?)\n```\n", page, re.DOTALL)
        made[language] = folder / name
        made[language].write_text(text, encoding="utf-8")
    return made


@pytest.mark.slow
def test_the_example_is_the_same_in_both_syntaxes(copies: dict[str, Path]) -> None:
    one, other = (
        Dataset(quad for quad in parse(path=copies[language], format=form)) for language, (_, form) in FORMS.items()
    )
    assert len(one) > 50
    assert one == other


@pytest.mark.parametrize("language", FORMS)
@pytest.mark.slow
def test_the_example_is_accepted(copies: dict[str, Path], language: str, run: Run) -> None:
    answer = run("validate", str(copies[language]))
    assert answer.returncode == 0, answer.stdout
    assert "0 violations, 0 warnings" in answer.stdout


def test_the_example_needs_nothing_beside_the_vocabulary(copies: dict[str, Path], tmp_path: Path) -> None:
    assert findings(small_graph(copies["turtle"])) == []
    text = copies["turtle"].read_text(encoding="utf-8")
    broken = tmp_path / "broken.trig"
    broken.write_text(text.replace("    euai:modality modality:intended ;\n", ""), encoding="utf-8")
    assert broken.read_text(encoding="utf-8") != text
    assert findings(small_graph(broken)) != []


def test_the_picture_shows_twelve_classes_as_the_ontology_has_them(page: str) -> None:
    ontology = Graph().parse(files.root() / "ontology" / "euai.ttl")

    def above(name: str) -> set[object]:
        return {*ontology.transitive_objects(URIRef(vocab.EUAI + name), RDFS.subClassOf)}

    (drawn,) = re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL)
    assert len(set(re.findall(r"class (\w+)\[", drawn))) == 12
    for upper, lower in re.findall(r"(\w+) <\|-- (\w+)", drawn):
        assert URIRef(vocab.EUAI + upper) in above(lower)
    for line in docs.PICTURE:
        start, relation, end = line.split()
        term = URIRef(vocab.EUAI + relation)
        assert {*ontology.objects(term, RDFS.domain)} <= {*above(start), RDFS.Resource}
        (leads_to,) = ontology.objects(term, RDFS.range)
        assert leads_to in above(end) or URIRef(vocab.EUAI + end) in above(str(leads_to).removeprefix(vocab.EUAI))
