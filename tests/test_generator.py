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


@pytest.mark.parametrize("triples", [3_000, 40_000])
def test_a_generated_graph_is_valid_and_the_same_each_time(tmp_path: Path, triples: int) -> None:
    path = tmp_path / "more.nq"
    content = generate(path, triples, "1")
    assert triples * 0.9 <= content.count(b"\n") <= triples * 1.6
    assert [str(finding) for finding in euaikg.validate(path)] == []
    assert generate(tmp_path / "again.nq", triples, "2") == content


def test_it_is_shaped_like_the_shipped_graph(tmp_path: Path) -> None:
    path = tmp_path / "more.nq"
    generate(path, 27_000, "1")  # one copy

    def count(pattern: str, data: list[Path]) -> dict[str, int]:
        answer = euaikg.run(f"SELECT ?k (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?k", data=data)
        assert isinstance(answer, Table)
        return {str(row["k"]): int(str(row["n"])) for row in answer.to_dicts()}

    for kind in ("FundingStatement", "Passage", "Initiative", "SourceDocument", "Discrepancy"):
        pattern = f"?s a euai:{kind} BIND('n' AS ?k)"
        assert count(pattern, [path])["n"] == 2 * count(pattern, [])["n"]
    amounts = "?s euai:amount ?a BIND('n' AS ?k) FILTER(?a = 4000000000)"
    assert count(amounts, [path]) == count(amounts, [])
