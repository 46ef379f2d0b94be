"""How building, asking and memory grow with the graph, side by side with bare pyoxigraph and with plain rdflib.

Graphs of several sizes are made by ``generator.py``. Each engine works in a process of its own on the same data and
the same queries: euaikg as a user calls it, bare pyoxigraph in a script of five lines, rdflib as a ``Dataset``. Seconds
are those of the processor, and where two are compared their rounds take turns and the quickest counts, so that other
work on the machine matters little. What rdflib does not finish in time is said as such. The report goes to
``benchmarks/RESULTS.md``.

    python benchmarks/scale.py [--sizes 20000 200000 2000000] [--rounds N] [--folder DIR] [--rdflib-up-to N]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from euaikg.questions import stored

HERE = Path(__file__).parent
BASKET = (
    "office-holders", "identifiers", "works-with", "dialogues", "disagreements", "figures", "targets-due",
    "current-status", "status-timeline", "graph-size",
)  # fmt: skip
"""Questions of different shapes, all of which rdflib can answer on the smallest graph."""

PATIENCE = 20
"""How many seconds rdflib has for one question."""

FAILED = -1
"""Stands for the seconds of a question at which rdflib fails."""

ENOUGH = 2
"""How many seconds of rounds are enough: what is quick is asked more often, since it is the harder to measure."""

LOAD_PATIENCE = 900
"""How many seconds rdflib has to read a graph."""

SHIPPED = 140_000
"""Triples of the shipped graph; a smaller one is built without its documents and most of its things."""

VOCABULARY = 10_000
"""Triples of what such a smaller graph keeps: the ontology, the code lists, and what all documents speak of."""

GROWTH = 1.436
"""How many triples the graph gains for each that is generated, by the rules."""

SMALLER = """
from euaikg.graph import build
kept, given = {"ontology", "codelists"}, build.sources
build.sources = lambda: [
    (path, home) for path, home in given()
    if path.parent.name in kept or path.stem in ("bodies", "periods", "places")
]
"""
"""Goes before a script that is to work on such a smaller graph."""

BUILD = """
import sys
from pathlib import Path
from euaikg.graph import build
folder = Path(sys.argv[2])
folder.mkdir()
build.write(build.build([Path(sys.argv[1])]), folder)
"""

DUMP = """
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
store.dump(sys.argv[2], pyoxigraph.RdfFormat.N_QUADS)
print(len(list(store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()))), len(store))
"""

LOAD = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)
store.optimize()
"""

BARE = """
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as stream:
    query = stream.read()
sys.stdout.buffer.write(store.query(query).serialize(format=pyoxigraph.QueryResultsFormat.CSV))
"""

LIBRARY = """
import sys, time, json, pyoxigraph
from euaikg.graph import stores
from euaikg.questions import stored
from pathlib import Path
engine = stores.open_store(Path(sys.argv[1]))
best = {}
for name in sys.argv[4:]:
    text = stored.get(name).text
    times = {"bare": [], "ours": []}
    while len(times["ours"]) < int(sys.argv[2]) or sum(times["ours"]) < float(sys.argv[3]):
        for who, work in (("bare", lambda: list(engine.store.query(text))), ("ours", lambda: engine.run(text))):
            start = time.process_time()
            work()
            times[who].append(time.process_time() - start)
    best[name] = [min(times["bare"]), min(times["ours"]), len(engine.run(text))]
print(json.dumps(best))
"""

RDFLIB = """
import json, os, resource, sys, time
import rdflib
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]), resource.RLIM_INFINITY))
start = time.process_time()
dataset = rdflib.Dataset()
dataset.parse(sys.argv[1], format="nquads")
resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(json.dumps({"load": time.process_time() - start}), flush=True)
patience = float(sys.argv[2])
for path in sys.argv[4:]:
    with open(path, encoding="utf-8") as stream:
        query = stream.read()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(patience), int(patience)))
        list(dataset.query(query))
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    seconds = None if os.WIFSIGNALED(status) else used.ru_utime + used.ru_stime if status == 0 else -1
    print(json.dumps({"path": path, "seconds": seconds}), flush=True)
"""

OPEN = {
    "the interpreter alone": "pass",
    "bare pyoxigraph": "import sys, pyoxigraph; bool(pyoxigraph.Store.read_only(sys.argv[1]).query('ASK {}'))",
    "euaikg": "import sys; from euaikg import api; api.run('ASK {}', store=__import__('pathlib').Path(sys.argv[1]))",
}


def process(*command: str, allowed: Iterable[int] = (0,)) -> tuple[float, float]:
    """Run ``command``; return the seconds of the processor it takes and its peak memory in MB.

    What it starts and waits for counts too. Ends this program where its status is none of the ``allowed``.
    """
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    used = ended(child)
    if child.returncode not in allowed:
        raise SystemExit(f"failed: {' '.join(command)[:300]}")
    return used


def ended(child: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for ``child``; return what it took, as :func:`process` does."""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def script(code: str, *arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *map(str, arguments))


def answer(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def generate(size: int, place: Path) -> None:
    """Write to ``place`` what makes the shipped graph, or a smaller one, one of about ``size`` triples."""
    added = max(3000, int((size - (VOCABULARY if size < SHIPPED else SHIPPED)) / GROWTH))
    process(sys.executable, str(HERE / "generator.py"), "--triples", str(added), "-o", str(place))


def building(size: int, quads: Path, store: Path) -> tuple[str, ...]:
    """Return the command that builds the graph of that ``size``."""
    return script((SMALLER if size < SHIPPED else "") + BUILD, quads, store)


class Graph:
    """A graph of one size, with all that is measured of it."""

    def __init__(self, size: int, folder: Path) -> None:
        self.quads, self.store = folder / f"{size}.nq", folder / f"{size}.store"
        self.built = folder / f"{size}-built.nq"
        generate(size, self.quads)
        self.build = process(*building(size, self.quads, self.store))
        self.triples, self.total = map(int, answer(*script(DUMP, self.store, self.built)).split())
        with tempfile.TemporaryDirectory(dir=folder) as place:
            self.load = process(*script(LOAD, self.built, Path(place, "store")))
        self.disk = sum(path.stat().st_size for path in self.store.iterdir()) / 1e6
        self.asked: dict[str, tuple[float, float]] = {}
        self.library: dict[str, tuple[float, float, int]] = {}
        self.peaks = [0.0, 0.0]
        self.opened: dict[str, float] = {}
        self.rdflib: dict[str, float | None] = {}
        self.rdflib_load: float | None = None
        self.rdflib_peak = 0.0

    def text(self, name: str) -> Path:
        """Return a file with the whole text of the question ``name``."""
        place = self.store.with_name(f"{name}.rq")
        place.write_text(stored.get(name).text, encoding="utf-8")
        return place

    def ask(self, rounds: int) -> None:
        euaikg = str(Path(sys.executable).with_name("euaikg"))
        for name in BASKET:
            best = [math.inf, math.inf]
            spent, asked = 0.0, 0
            while asked < rounds or spent < ENOUGH:
                bare = process(*script(BARE, self.store, self.text(name)))
                ours = process(euaikg, "query", name, "--format", "csv", "--store", str(self.store))
                spent, asked = spent + ours[0], asked + 1
                best = [min(best[0], bare[0]), min(best[1], ours[0])]
                self.peaks = [max(self.peaks[0], bare[1]), max(self.peaks[1], ours[1])]
            self.asked[name] = (best[0], best[1])
        self.library = json.loads(answer(*script(LIBRARY, self.store, rounds, ENOUGH / 4, *BASKET)))
        for _ in range(rounds * 3):
            for who, code in OPEN.items():
                self.opened[who] = min(self.opened.get(who, math.inf), process(*script(code, self.store))[0])

    def ask_rdflib(self, names: Iterable[str]) -> None:
        """Ask rdflib the questions ``names``; those it does not answer in time are None."""
        paths = [str(self.text(name)) for name in names]
        command = script(RDFLIB, self.built, PATIENCE, LOAD_PATIENCE, *paths)
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for line in child.stdout:
            said = json.loads(line)
            if "load" in said:
                self.rdflib_load = said["load"]
            else:
                self.rdflib[Path(said["path"]).stem] = said["seconds"]
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.rdflib_peak = used.ru_maxrss / 1024

    def told_by_rdflib(self, name: str, ours: float, before: float = 0) -> tuple[str, str]:
        """Return what rdflib takes for a question, with what it took ``before`` that, and how often ours fits in."""
        if name not in self.rdflib:
            return "", ""
        theirs = self.rdflib[name]
        if theirs == FAILED:
            return "fails", ""
        more = "> " if theirs is None else ""
        spent = before + (PATIENCE if theirs is None else theirs)
        return more + seconds(spent), f"{more}{spent / ours:.{0 if spent > 10 * ours else 1}f}"


def exponent(sizes: list[int], values: list[float]) -> float:
    """Return the slope of the line through the points on paper with logarithmic scales: 1 is linear growth."""
    x, y = [math.log(size) for size in sizes], [math.log(value) for value in values]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    over = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return over / sum((a - mean_x) ** 2 for a in x)


def seconds(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.0f}"


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def machine() -> str:
    """Say on what is measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib"))
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {packages}"


def section(place: Path, program: str, lines: Iterable[str]) -> None:
    """Write ``lines`` into the report at ``place`` as the section of ``program``, and leave those of others."""
    begins = "<!-- Written by benchmarks/"
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    others = [part for part in text.split(begins)[1:] if not part.startswith(f"{program}.py")]
    parts = sorted([*others, "\n".join([f"{program}.py; do not edit. -->", "", *lines, ""])])
    place.write_text("\n".join(begins + part.rstrip() + "\n" for part in parts), encoding="utf-8")


def report(graphs: list[Graph], rounds: int) -> Iterator[str]:
    """Yield the lines of the report."""
    sizes = [graph.triples for graph in graphs]
    yield "# How it grows\n"
    yield (
        f"{machine()}. Seconds of the processor, the "
        f"quickest of at least {rounds} rounds in turn; rdflib once, with {PATIENCE} s for a question.\n"
        "Seconds depend on the machine, ratios hardly. What is compared, and how: `benchmarks/scale.py`.\n"
    )
    yield "## Build\n"
    yield (
        "euaikg reads the files, runs the rules and writes the store; bare pyoxigraph (`bulk_load`) and rdflib (in "
        "memory) only\nread the graph that is ready.\n"
    )
    yield row(
        "triples", "quads", "euaikg s", "MB", "on disk MB", "bare s", "MB", "rdflib s", "MB", "rdflib MB / euaikg MB"
    )
    yield row(*["---:"] * 10)
    for graph in graphs:
        known = bool(graph.rdflib_peak)
        read = f"> {LOAD_PATIENCE}" if graph.rdflib_load is None else seconds(graph.rdflib_load)
        yield row(
            f"{graph.triples:,}", f"{graph.total:,}", seconds(graph.build[0]), f"{graph.build[1]:.0f}",
            f"{graph.disk:.0f}", seconds(graph.load[0]), f"{graph.load[1]:.0f}",
            read if known else "", f"{graph.rdflib_peak:.0f}" if known else "",
            f"{graph.rdflib_peak / graph.build[1]:.1f}" if known else "",
        )  # fmt: skip
    if len(graphs) > 1:
        spent = exponent(sizes, [graph.build[0] for graph in graphs])
        taken = exponent(sizes, [graph.build[1] for graph in graphs])
        yield f"\nBuilding grows with size to the power of {spent:.2f}, its memory {taken:.2f}."
    yield "\n## Questions as whole processes\n"
    yield "`euaikg query NAME --format csv --store DIR`, a bare script on it, and rdflib reading the graph first.\n"
    yield row("question", "triples", "bare s", "euaikg s", "euaikg / bare", "rdflib s", "rdflib / euaikg")
    yield row("---", *["---:"] * 6)
    for name in BASKET:
        for graph in graphs:
            bare, ours = graph.asked[name]
            told = graph.told_by_rdflib(name, ours, graph.rdflib_load or 0)
            yield row(name, f"{graph.triples:,}", seconds(bare), seconds(ours), f"{ours / bare:.2f}", *told)
    yield "\n## Questions in the library\n"
    yield "`list(store.query(text))`, `engine.run(text)`, `list(dataset.query(text))` once the graph is open or read.\n"
    yield row("question", "triples", "bare s", "euaikg s", "euaikg / bare", "rdflib s", "rdflib / euaikg")
    yield row("---", *["---:"] * 6)
    for name in BASKET:
        for graph in graphs:
            bare, ours, _ = graph.library[name]
            told = graph.told_by_rdflib(name, ours)
            yield row(name, f"{graph.triples:,}", seconds(bare), seconds(ours), f"{ours / bare:.2f}", *told)
    if len(graphs) > 1:
        yield "\nThe time of a question in the library grows with size to the power of:\n"
        yield row("question", "bare", "euaikg", "rows")
        yield row("---", "---:", "---:", "---:")
        for name in BASKET:
            bare, ours = (exponent(sizes, [graph.library[name][who] for graph in graphs]) for who in (0, 1))
            answers = exponent(sizes, [max(1, graph.library[name][2]) for graph in graphs])
            yield row(name, f"{bare:.2f}", f"{ours:.2f}", f"{answers:.2f}")
    yield "\n## Start and memory\n"
    yield "Opening the store and one trivial question, as a process; the peak memory of all questions above.\n"
    yield row("triples", *(f"{who} s" for who in OPEN), "bare MB", "euaikg MB", "rdflib MB", "rdflib MB / euaikg MB")
    yield row(*["---:"] * (len(OPEN) + 5))
    for graph in graphs:
        peak = graph.rdflib_peak
        yield row(
            f"{graph.triples:,}", *(f"{graph.opened[who]:.3f}" for who in OPEN), f"{graph.peaks[0]:.0f}",
            f"{graph.peaks[1]:.0f}", *((f"{peak:.0f}", f"{peak / graph.peaks[1]:.1f}") if peak else ("", "")),
        )  # fmt: skip


def main() -> None:
    """Measure, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 200_000, 2_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the graphs stand meanwhile (default: a temporary folder)")
    parser.add_argument("--rdflib-up-to", type=int, default=10**9, help="ask rdflib only on graphs up to this size")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "RESULTS.md")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not at each start
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        graphs: list[Graph] = []
        answered: Iterable[str] = BASKET
        for size in given.sizes:
            graph = Graph(size, folder)
            print(f"{graph.triples} triples built in {graph.build[0]:.1f} s", file=sys.stderr, flush=True)
            graph.ask(given.rounds)
            print("asked", file=sys.stderr, flush=True)
            if size <= given.rdflib_up_to:
                graph.ask_rdflib(answered)
                graph.rdflib |= {name: None for name in BASKET if name not in graph.rdflib}
                answered = [name for name, spent in graph.rdflib.items() if spent is not None]
                print("rdflib asked", file=sys.stderr, flush=True)
            graphs.append(graph)
            section(given.output, "scale", report(graphs, given.rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
