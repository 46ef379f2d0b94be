"""How fast and in how much memory the graph is exported, beside plain rdflib.

Each measurement is a whole process: ours from the built graph in the cache to the file, rdflib's from a file of
N-Triples or N-Quads (what it reads fastest) to the file. Time is that of the processor (user and system), the best of
the rounds, ours and rdflib's in turn, so that other work on the machine weighs on both. With ``--copies N`` the graph
is copied so often, each copy under IRIs of its own, and each form is written once from a store on disk.

    python benchmarks/export.py
    python benchmarks/export.py --copies 26
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from euaikg.core import vocab
from euaikg.exports import export
from euaikg.graph import build
from euaikg.rdf import forms

RDFLIB = """
import sys
from rdflib import Dataset, Graph
source, read, target, write = sys.argv[1:]
data = Graph() if read == "nt" else Dataset()
data.parse(source, format=read)
data.serialize(target, format=write, encoding="utf-8")
"""
NAMES = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nquads": "nquads",
    "jsonld-graphs": "json-ld",
}
FROM_STORE = """
import sys
from pathlib import Path
from pyoxigraph import Store
from euaikg.core import writing
from euaikg.exports import export
writing.write_bytes(Path(sys.argv[3]), export.write(export.everything(Store.read_only(sys.argv[1])), sys.argv[2]))
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), end="")
"""


def spent(*command: str) -> tuple[float, str]:
    """Run ``command``; return the processor time in seconds and what it printed."""
    before = os.times()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    after = os.times()
    user, system = after.children_user - before.children_user, after.children_system - before.children_system
    return user + system, done.stdout


def compare(rounds: int, folder: Path) -> None:
    """Print the ratio for each form, over the shipped graph."""
    store = build.open_graph().store
    triples, quads = folder / "graph.nt", folder / "graph.nq"
    triples.write_bytes(export.whole(store, "ntriples"))
    quads.write_bytes(export.whole(store, "nquads"))
    print(f"{'form':<14} {'euaikg':>8} {'rdflib':>8} {'ratio':>6}")
    for form, name in NAMES.items():
        source, read = (quads, "nquads") if form in forms.DATASETS else (triples, "nt")
        ours, theirs = [], []
        for _ in range(rounds):
            target = str(folder / "out")
            ours.append(spent(sys.executable, "-m", "euaikg", "export", "--format", form, "-o", target)[0])
            theirs.append(spent(sys.executable, "-c", RDFLIB, str(source), read, target, name)[0])
        mine, other = min(ours), min(theirs)
        print(f"{form:<14} {mine:>6.2f} s {other:>6.2f} s {other / mine:>6.1f}", flush=True)


def copied(copies: int, folder: Path) -> Path:
    """Return a store on disk with ``copies`` of the shipped graph, each under IRIs of its own."""
    shipped = list(build.open_graph().store)
    place = folder / "store"
    store = Store(str(place))
    for number in range(copies):

        def moved(term: NamedNode, number: int = number) -> NamedNode:
            own = term.value.startswith((vocab.BASE + "id/", vocab.SOURCE))
            return NamedNode(f"{vocab.BASE}copy{number}/{term.value[len(vocab.BASE) :]}") if own and number else term

        def quads() -> list[Quad]:
            found = []
            for quad in shipped:
                parts = [moved(part) if isinstance(part, NamedNode) else part for part in (quad.subject, quad.object)]
                name = quad.graph_name if isinstance(quad.graph_name, DefaultGraph) else moved(quad.graph_name)
                found.append(Quad(parts[0], quad.predicate, parts[1], name))
            return found

        store.bulk_extend(quads())
    store.optimize()
    print(f"{len(store)} quads in the store")
    return place


def measure(copies: int, folder: Path) -> None:
    """Print time and memory of each form, over many copies of the shipped graph."""
    place = str(copied(copies, folder))
    for form in forms.SUFFIXES:
        time, memory = spent(sys.executable, "-c", FROM_STORE, place, form, str(folder / "out"))
        size = (folder / "out").stat().st_size / 1e6
        print(
            f"{form:<14} {size:>6.0f} MB in {time:>6.1f} s, at most {int(memory) / 1024:>5.0f} MB of memory", flush=True
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=0)
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not at each start
    with tempfile.TemporaryDirectory() as made:
        if given.copies:
            measure(given.copies, Path(made))
        else:
            compare(given.rounds, Path(made))
