"""The questions of a release as a benchmark: the file parses as text2sparql-client reads it, and its answers hold."""

from __future__ import annotations

import json

import pytest
import yaml

from euaikg.graph import build
from euaikg.publishing import benchmark
from euaikg.sparql import formats
from euaikg.sparql.answers import Table


@pytest.mark.slow
@pytest.mark.usefixtures("built")  # the graph is built before
def test_questions_have_both_languages_their_query_and_its_answer() -> None:
    engine = build.open_graph()
    made = yaml.safe_load(benchmark.questions(engine))
    assert made["dataset"]["id"].startswith("https://")
    entries = made["questions"]
    assert [entry["id"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) > 100
    assert sum(len(entry["question"]) == 2 for entry in entries) > 70
    for entry in entries[::15]:
        answer = engine.run(entry["query"]["sparql"])
        assert isinstance(answer, Table)
        if "answer" in entry:
            told = json.loads(entry["answer"])
            whole = json.loads(formats.to_json(answer))["results"]["bindings"]
            wanted = [{name: row[name] for name in told["head"]["vars"] if name in row} for row in whole]
            assert all(row in wanted for row in told["results"]["bindings"])
            assert len(told["results"]["bindings"]) == entry["rows"]
