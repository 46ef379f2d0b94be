"""The generator of larger graphs: what it makes keeps every rule, and is the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import euaikg
from euaikg import files
from euaikg.results import Table


def generate(output: Path, triples: int, seed: str) -> bytes:
    subprocess.run(
        [sys.executable, str(files.root() / "benchmarks" / "generator.py"), "--triples", str(triples), "-o", output],
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(files.root() / "src")},
    )
    return output.read_bytes()


@pytest.mark.parametrize("triples", [7_500, 40_000])
def test_a_generated_graph_is_valid_and_the_same_each_time(tmp_path: Path, triples: int) -> None:
    path = tmp_path / "more.nq"
    content = generate(path, triples, "1")
    assert triples * 0.9 <= content.count(b"\n") <= triples * 1.6
    assert [str(finding) for finding in euaikg.validate(path)] == []
    assert generate(tmp_path / "again.nq", triples, "2") == content


def test_it_is_shaped_like_the_shipped_graph(tmp_path: Path) -> None:
    path = tmp_path / "more.nq"
    generate(path, 60_000, "1")

    def count(pattern: str, data: list[Path]) -> int:
        answer = euaikg.run(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", data=data)
        assert isinstance(answer, Table)
        return int(str(answer.to_dicts()[0]["n"]))

    shipped, grown = count("?s ?p ?o", []), count("?s ?p ?o", [path])
    for kind in ("FundingStatement", "Passage", "Initiative", "SourceDocument", "PlannedAction"):
        pattern = f"?s a euai:{kind}"
        assert 0.7 < count(pattern, [path]) / count(pattern, []) / (grown / shipped) < 1.6, kind
    hub = "?s ?p <https://w3id.org/euaikg/id/body/european-commission>"
    assert count(hub, [path]) > 2 * count(hub, [])
    amounts = "SELECT DISTINCT ?amount { ?s euai:amount ?amount }"
    assert count(f"{{ {amounts} }}", [path]) > 2 * count(f"{{ {amounts} }}", [])
