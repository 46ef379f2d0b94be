"""What the commands take as the graph grows: seconds of the processor and peak memory of each, as a whole process.

The graphs are those of ``scale.py``. Everything is asked of a store on disk, ``publish`` fills an empty server of
Oxigraph (PyPI ``oxigraph``), and the twenty questions in SQL are asked by DuckDB of the data set that was exported.
What a folder holds already (``--folder``) is not made or measured again, so that a long run can be broken off; the
commands named (``--only``) are, and no others. The report goes to ``benchmarks/RESULTS.md``.

    python benchmarks/commands.py [--sizes 20000 200000 2000000] [--folder DIR] [--only show "export trig"]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scale import HERE, SHIPPED, SMALLER, building, ended, exponent, generate, machine, process, row, script, section

COMMANDS = {
    "build": (),
    "validate": ("validate", "QUADS"),
    "publish": ("publish", "--endpoint", "URL/query", "--graph-store", "URL/store"),
    "publish by updates": ("publish", "--endpoint", "URL/query"),
    "show": ("show", "AI Office"),
    "network": ("network",),
    "network --parts": ("network", "--parts"),
    "diagram governance": ("diagram", "governance", "-o", "OUT.svg"),
    "diagram --focus": ("diagram", "--focus", "European Commission", "-o", "OUT.svg"),
    "export trig": ("export", "-o", "OUT.trig"),
    "export turtle with provenance": ("export", "--provenance", "statements", "-o", "OUT.ttl"),
    "export csv with provenance": ("export", "--format", "csv", "--provenance", "statements", "-o", "OUT"),
    "export parquet with provenance": ("export", "--format", "parquet", "--provenance", "statements", "-o", "OUT"),
    "export bulk": ("export", "--format", "bulk", "-o", "OUT"),
    "export dataset": ("export", "--format", "dataset", "-o", "FACTS"),
    "twenty questions in SQL": (),
}
"""The commands; words in capitals stand for the graph as N-Quads, the server, a file or folder, and the data set."""

SERVER = "(the server)"
"""Behind the name of a command that publishes: what the server takes meanwhile."""

COUNT = """
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
print(sum(1 for _ in store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())))
"""

EUAIKG = """
import sys
from euaikg.cli import main
main()
"""

SQL = """
import sys, duckdb
from pathlib import Path
folder = Path(sys.argv[1])
for table in ("edges", "money", "statements", "passages", "documents", "things", "classes"):
    duckdb.sql(f"CREATE VIEW {table} AS FROM read_parquet('{folder}/{table}/**/*.parquet', hive_partitioning = true)")
for query in sorted(folder.glob("queries/*.sql")):
    duckdb.sql(query.read_text()).fetchall()
"""

Figures = dict[str, Any]
"""The triples of a graph, and by the name of a command its seconds and MB."""


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, dict[str, tuple[float, float]]]]:
    """Run an empty server in ``folder``; give its address, and afterwards what it took."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"127.0.0.1:{bound.getsockname()[1]}"
    program = str(Path(sys.executable).with_name("oxigraph"))
    child = subprocess.Popen([program, "serve", "--location", str(folder), "--bind", url], stderr=subprocess.DEVNULL)
    taken: dict[str, tuple[float, float]] = {}
    try:
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"http://{url}", timeout=10):
                break
            time.sleep(0.2)
        yield f"http://{url}", taken
    finally:
        child.terminate()
        taken[SERVER] = ended(child)
        shutil.rmtree(folder)


def measure(size: int, folder: Path, only: Container[str] = ()) -> Iterator[Figures]:
    """Measure the commands on a graph of about ``size`` triples; yield all figures known so far after each.

    Those are left out that are known, or where some are named, that are not among ``only``.
    """
    kept, quads, store = folder / f"{size}.json", folder / f"{size}.nq", folder / f"{size}.store"
    figures: Figures = json.loads(kept.read_text()) if kept.exists() else {}
    meant = {"QUADS": str(quads), "OUT": str(folder / "out"), "FACTS": str(folder / f"{size}.facts"), "URL": ""}
    if not quads.exists():
        generate(size, quads)
    for name, words in COMMANDS.items():
        if name not in only if only else name in figures:
            continue
        if name == "build":
            shutil.rmtree(store, ignore_errors=True)
            figures[name] = process(*building(size, quads, store))
        elif name == "twenty questions in SQL":
            figures[name] = process(*script(SQL, meant["FACTS"]))
        elif name.startswith("publish"):
            with server(folder / "server") as (meant["URL"], taken):
                figures[name] = run(words, meant, store)
            figures[f"{name} {SERVER}"] = taken[SERVER]
        elif name == "validate":
            code = (SMALLER if size < SHIPPED else "") + EUAIKG
            figures[name] = process(*script(code, "validate", quads), allowed=(0, 1))
        else:
            figures[name] = run(words, meant, store)
        if "triples" not in figures:
            counted = subprocess.run(script(COUNT, store), check=True, capture_output=True, text=True)
            figures["triples"] = int(counted.stdout)
        print(f"{size} {name}: {figures[name][0]:.1f} s, {figures[name][1]:.0f} MB", file=sys.stderr, flush=True)
        kept.write_text(json.dumps(figures))
        yield figures
    yield figures


def run(words: tuple[str, ...], meant: dict[str, str], store: Path) -> tuple[float, float]:
    """Run a command of euaikg on the ``store``."""

    def told(word: str) -> str:
        for name, place in meant.items():
            word = word.replace(name, place)
        return word

    for place in (Path(meant["OUT"]), *([Path(meant["FACTS"])] if "FACTS" in words else [])):
        shutil.rmtree(place, ignore_errors=True)
    euaikg = str(Path(sys.executable).with_name("euaikg"))
    return process(euaikg, *map(told, words), "--store", str(store))


def report(found: dict[int, Figures]) -> Iterator[str]:
    """Yield the lines of the report."""
    every = [figures for figures in found.values() if "triples" in figures]
    yield "# What the commands take\n"
    yield (
        f"{machine()}. Seconds of the processor and peak memory of whole processes, once each, on a store on disk;\n"
        "some rows are of later runs (`--only`), on a machine with more or less to do.\n"
        "The power is that with which the seconds grow from the last graph but one to the last: 1 is in proportion. "
        "What was not measured is left empty. What is run: `benchmarks/commands.py`.\n"
    )
    sizes = [f"{figures['triples']:,}" for figures in every]
    yield row("triples", *(f"{size} s" for size in sizes), "power", *(f"{size} MB" for size in sizes))
    yield row("---", *["---:"] * (2 * len(sizes) + 1))
    names = (one for name in COMMANDS for one in (name, f"{name} {SERVER}"))
    for name in names:
        known = [figures.get(name) for figures in every]
        if not any(known):
            continue
        power = ""
        if len(known) > 1 and known[-1] and known[-2]:
            ends = [figures["triples"] for figures in every[-2:]]
            power = f"{exponent(ends, [known[-2][0], known[-1][0]]):.2f}"
        spent = (f"{one[0]:.2f}" if one and one[0] < 10 else f"{one[0]:.0f}" if one else "" for one in known)
        yield row(name, *spent, power, *(f"{one[1]:.0f}" if one else "" for one in known))


def main() -> None:
    """Measure, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 200_000, 2_000_000])
    parser.add_argument("--folder", type=Path, help="where graphs and figures stay (default: a temporary folder)")
    parser.add_argument("--only", choices=COMMANDS, nargs="+", default=(), help="measure these, again where known")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "RESULTS.md")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not at each start
    folder = given.folder or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    found: dict[int, Figures] = {}
    try:
        for size in given.sizes:
            for figures in measure(size, folder, given.only):
                found[size] = figures
                section(given.output, "commands", report(found))
    finally:
        if not given.folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
