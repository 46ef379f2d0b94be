"""What a stored question costs, side by side in one run.

As a whole process: ``euaikg query NAME --format csv``, a bare script that opens the same prebuilt graph with
pyoxigraph, and the same with plain rdflib. In the library: the engine against rdflib on the same data in memory.
Figures are medians; what counts are the ratios, since they hardly depend on the machine.

    python benchmarks/start.py [--rounds N] [--questions NAME ...]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import RdfFormat
from scale import BARE

from euaikg.core import places
from euaikg.graph import build
from euaikg.questions import stored
from euaikg.rdf import to_rdflib

RDFLIB = """
import sys, rdflib
dataset = rdflib.Dataset()
dataset.parse(sys.argv[1], format="nquads")
with open(sys.argv[2], encoding="utf-8") as stream:
    query = stream.read()
sys.stdout.buffer.write(dataset.query(query).serialize(format="csv"))
"""

PATIENCE = 60
"""How many seconds a question may take."""

BASKET = ("office-holders", "replaced-figures", "funding-parts", "works-with", "status-timeline")


def median(rounds: int, work: Callable[[], object]) -> float:
    """Return the median of the seconds that ``work`` takes."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def process(*command: str) -> Callable[[], object]:
    """Return a function that runs ``command`` to its end."""
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)


def main(names: Iterable[str], rounds: int) -> None:
    """Measure and print."""
    engine = build.open_graph()
    store = Path(places.cache_folder(), places.stamp())
    dataset = to_rdflib.to_dataset(engine.store)
    euaikg = str(Path(sys.executable).with_name("euaikg"))
    catalogue = stored.catalogue()
    print(
        f"{len(engine.store)} quads; median of {rounds} rounds; milliseconds, and how often bare pyoxigraph fits in\n"
    )
    head = f"{'question':<18}{'bare':>8}{'euaikg':>9}{'ratio':>7}{'rdflib':>9}{'x':>6}"
    print(f"{head}   {'library':>8}{'rdflib':>9}{'x':>6}")
    with tempfile.TemporaryDirectory() as folder:
        quads = Path(folder, "graph.nq")
        engine.store.dump(str(quads), RdfFormat.N_QUADS)
        for name in names:
            query = catalogue[name]
            path = str(Path(folder, f"{name}.rq"))
            Path(path).write_text(query.text, encoding="utf-8")
            bare = median(rounds, process(sys.executable, "-c", BARE, str(store), path))
            ours = median(rounds, process(euaikg, "query", name, "--format", "csv"))
            inside = median(rounds, lambda query=query: engine.run(query.text))  # type: ignore[misc]
            print(f"{name:<18}{bare * 1000:>8.0f}{ours * 1000:>9.0f}{ours / bare:>7.2f}", end="", flush=True)
            try:
                plain = median(1, process(sys.executable, "-c", RDFLIB, str(quads), path))
            except subprocess.TimeoutExpired:
                print(f"  rdflib does not answer within {PATIENCE} s; in the library {inside * 1000:.1f} ms")
                continue
            theirs = median(1, lambda query=query: list(dataset.query(query.text)))  # type: ignore[misc]
            print(f"{plain * 1000:>9.0f}{plain / ours:>6.0f}", end="")
            print(f"   {inside * 1000:>8.1f}{theirs * 1000:>9.0f}{theirs / inside:>6.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--questions", nargs="*", default=BASKET)
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not at each start
    main(given.questions, given.rounds)
