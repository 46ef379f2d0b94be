"""The generator of larger graphs: what it makes keeps every rule, and is the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import euaikg
from euaikg.core import files
from euaikg.graph import access
from euaikg.sparql import scanner


def generate(output: Path, triples: int, seed: str) -> bytes:
    subprocess.run(
        [sys.executable, str(files.root() / "benchmarks" / "generator.py"), "--triples", str(triples), "-o", output],
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(files.root() / "src")},
    )
    return output.read_bytes()


@pytest.mark.parametrize("triples", [7_500, 40_000])
@pytest.mark.slow
def test_a_generated_graph_is_valid_and_the_same_each_time(tmp_path: Path, triples: int) -> None:
    path = tmp_path / "more.nq"
    content = generate(path, triples, "1")
    assert triples * 0.9 <= content.count(b"\n") <= triples * 1.6
    found = [str(finding) for finding in euaikg.validate(path)]
    assert [one for one in found if "[act-celex]" not in one] == []  # a copy of an act has no number of its own
    assert generate(tmp_path / "again.nq", triples, "2") == content


@pytest.mark.slow
def test_it_is_shaped_like_the_shipped_graph(tmp_path: Path) -> None:
    path = tmp_path / "more.nq"
    generate(path, 60_000, "1")

    small, large = access.open_engine(), access.open_engine([path])

    def count(pattern: str) -> tuple[int, int]:
        query = scanner.with_prefixes(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
        before, after = (int(str(engine.select(query).to_dicts()[0]["n"])) for engine in (small, large))
        return before, after

    shipped, grown = count("?s ?p ?o")
    for kind in ("FundingStatement", "Passage", "Initiative", "SourceDocument", "PlannedAction"):
        before, after = count(f"?s a euai:{kind}")
        assert 0.7 < after / before / (grown / shipped) < 1.6, kind
    for pattern in (
        "?s ?p <https://w3id.org/euaikg/id/body/european-commission>",
        "{ SELECT DISTINCT ?amount { ?s euai:amount ?amount } }",
    ):
        before, after = count(pattern)
        assert 0.7 < after / before / (grown / shipped) < 1.6, pattern
