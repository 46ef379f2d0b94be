"""Migrations: data in the terms of an earlier ontology becomes valid data of today, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from euaikg.core import files
from euaikg.curation import validation
from tests.conftest import FIXTURES

MIGRATION = files.root() / "ontology" / "migrations" / "2026-11-29.ru"


def migrated(path: Path) -> Path:
    """Run the migration over the file at ``path`` in place, as the guide says."""
    store = Store()
    store.load(path=path)
    store.update(MIGRATION.read_text(encoding="utf-8"))
    store.dump(str(path), RdfFormat.TRIG)
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A document with every kind of statement, in the terms before that day."""
    text = (FIXTURES / "valid.trig").read_text(encoding="utf-8")
    for new, earlier in {"intended": "planned", "required": "conditional", "possible": "conditional"}.items():
        text = text.replace(f"euai:modality modality:{new} ", f"euai:modality modality:{earlier} ")
    said = "event:fixture-dialogue euai:targetGroup body:fixture-body"
    text = text.replace("here:s1-p1 {\n", f"here:s1-p1 {{\n  {said} .\n", 1)
    assert said in text and "modality:planned " in text and "modality:conditional " in text
    (tmp_path / "old.trig").write_text(text, encoding="utf-8")
    return tmp_path / "old.trig"


@pytest.mark.slow
def test_old_data_is_valid_after_the_migration_and_no_modality_is_guessed(old: Path) -> None:
    store = Store()
    store.load(path=old)
    before, after = set(store), set(parse(migrated(old).read_bytes(), RdfFormat.TRIG))
    gone, come = ({str(quad.triple) for quad in quads} for quads in (before - after, after - before))
    assert {triple.replace("targetGroup", "hasParticipant") for triple in gone} == come
    assert len(come) == 1
    found = validation.validate([old])
    assert {(finding.rule.name, finding.rule.severity) for finding in found} <= {("passage-modality-fine", "Warning")}


@pytest.mark.parametrize("home", ["", "GRAPH <https://example.org/g> "])
def test_participants_move_wherever_they_stand(home: str, tmp_path: Path) -> None:
    body = (
        "m:meeting a euai:Dialogue ; euai:targetGroup m:group . e:fair euai:targetGroup m:group . "
        "m:tool euai:targetGroup m:group . "
        "m:s a euai:RelationStatement ; rdf:subject m:meeting ; rdf:predicate euai:targetGroup ; rdf:object m:group ."
    )
    (tmp_path / "x.trig").write_text(
        "@prefix e: <https://w3id.org/euaikg/id/event/> . @prefix m: <https://example.org/> . "
        "@prefix euai: <https://w3id.org/euaikg/ontology#> . "
        f"@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . {home}{{ {body} }}"
    )
    text = migrated(tmp_path / "x.trig").read_text()
    assert text.count("hasParticipant") == 3
    assert text.count("targetGroup") == 1
