"""What serving costs, side by side in one run: ``euaikg serve``, Oxigraph's server and rdflib-endpoint.

All three answer SPARQL over the shipped graph, on loopback. Each request is another text (a number in a comment), so
that nothing is answered from memory, but for the lines “asked again”. A request that takes longer than 20 seconds
ends its cell. The client runs on the same processors, so ratios count, not figures. The report goes to
``benchmarks/RESULTS.md``.

    python benchmarks/serve.py [--seconds N] [--rdflib-endpoint PROGRAM]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from scale import BASKET, HERE, machine, section

from euaikg.core import places
from euaikg.exports import export
from euaikg.graph import build
from euaikg.questions import stored

PATIENCE = 20
"""How many seconds one request may take."""

CONNECTIONS = (1, 8, 32)

AGGREGATE = "SELECT ?kind (COUNT(*) AS ?things) { ?thing a ?kind } GROUP BY ?kind ORDER BY DESC(?things)"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"
THINGS = "SELECT DISTINCT ?thing { ?thing skos:prefLabel ?name } ORDER BY ?thing LIMIT 500"


class Cell(NamedTuple):
    """What a load gave: requests a second, and the 95th percentile of their seconds; None where none was answered."""

    rate: float | None
    slow: float | None


class Server(NamedTuple):
    """A running server: its port, the path of its SPARQL, its process, and how it started."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    seconds: float
    spent: float


def family(number: int) -> list[int]:
    """Return the process ``number`` and all below it."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(number)], capture_output=True, text=True, check=False)
    return [number, *(one for child in found.stdout.split() for one in family(int(child)))]


def memory(server: Server) -> float:
    """Return the megabytes that the server holds with its processes, what they share counted once."""
    total = 0
    for number in family(server.process.pid):
        with suppress(OSError):
            text = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
            total += int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0])
    return total / 1024


def spent(number: int) -> float:
    """Return the seconds of the processor that the process ``number`` and those below it took."""
    ticks = 0
    for one in family(number):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(name: str, path: str, command: Callable[[int], list[str]]) -> Iterator[Server]:
    """Run a server for the time of the block, from its first answer on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = time.perf_counter()
    process = subprocess.Popen(
        command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while asyncio.run(load(port, itertools.repeat(path + quote("ASK {}")), 1, 0)).rate is None:
            if time.perf_counter() - start > 60 or process.poll() is not None:
                raise SystemExit(f"{name} does not start")
        yield Server(name, port, path, process, time.perf_counter() - start, spent(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def load(port: int, paths: Iterator[str], connections: int, seconds: float) -> Cell:
    """Ask for ``paths`` over as many ``connections`` for some ``seconds``, at least once."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        head = b"HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/sparql-results+json\r\n\r\n"
        try:
            while not taken or time.perf_counter() < until:
                start = time.perf_counter()
                writer.write(b"GET " + next(paths).encode() + b" " + head)
                answer = (await reader.readuntil(b"\r\n\r\n")).lower()
                if size := re.search(rb"content-length: (\d+)", answer):
                    await reader.readexactly(int(size[1]))
                else:
                    while piece := int((await reader.readuntil(b"\r\n")).strip(), 16):
                        await reader.readexactly(piece + 2)
                    await reader.readuntil(b"\r\n")
                if b" 200 " in answer.partition(b"\r\n")[0]:
                    taken.append(time.perf_counter() - start)
                elif time.perf_counter() > until:
                    return
        finally:
            writer.close()

    start = time.perf_counter()
    with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(seconds + PATIENCE):
            await asyncio.gather(*(client() for _ in range(connections)))
    if not taken:
        return Cell(None, None)
    return Cell(len(taken) / (time.perf_counter() - start), sorted(taken)[len(taken) * 95 // 100])


def others(server: Server, queries: list[str], again: bool = False) -> Iterator[str]:
    """Yield the paths that ask ``queries`` in turn, each time with another text, or the same ones ``again``."""
    for number, query in enumerate(itertools.cycle(queries)):
        yield server.path + quote(query if again else f"{query}\n# {number}")


def thrown_in(server: Server, lookups: list[str]) -> tuple[Cell, str]:
    """Throw a cross join in: return how lookups fare meanwhile, and what became of it."""

    async def work() -> tuple[Cell, str]:
        start = time.perf_counter()
        cross = asyncio.create_task(load(server.port, itertools.repeat(server.path + quote(CROSS)), 1, 0))
        await asyncio.sleep(0.5)
        cell = await load(server.port, others(server, lookups), 1, 4)
        while not cross.done() and time.perf_counter() - start < PATIENCE - 2:
            await asyncio.sleep(0.1)
        seconds = time.perf_counter() - start
        is_stopped = cross.done() and seconds < PATIENCE  # else it was left here
        return cell, f"stopped after {seconds:.1f} s" if is_stopped else f"runs on after {seconds:.0f} s"

    return asyncio.run(work())


def measured(server: Server, kinds: dict[str, list[str]], seconds: float) -> dict[str, list[Cell]]:
    """Return what each kind of queries gives at each number of connections."""
    print(server.name, file=sys.stderr, flush=True)
    found = {
        kind: [asyncio.run(load(server.port, others(server, queries), number, seconds)) for number in CONNECTIONS]
        for kind, queries in kinds.items()
    }
    if server.name == "euaikg serve":
        found |= {
            f"{kind}, asked again": [
                asyncio.run(load(server.port, others(server, queries, True), number, seconds)) for number in CONNECTIONS
            ]
            for kind, queries in kinds.items()
        }
    return found


def main(seconds: float, rdflib_endpoint: str | None, output: Path) -> None:
    """Measure, and write the report."""
    engine = build.open_graph()
    things = [str(row[0]) for row in engine.select(THINGS).rows]
    lookups = [f"SELECT ?property ?value {{ {thing} ?property ?value }}" for thing in things]
    kinds = {
        "a lookup": lookups,
        "an aggregate": [AGGREGATE],
        "ten questions": [stored.get(name).text.split("\n\n", 1)[1] for name in BASKET],
    }
    rows, starts, ends, before = [], [], [], os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        copy, triples = Path(folder, "store"), Path(folder, "graph.nt")
        shutil.copytree(places.graph_folder(), copy)
        triples.write_bytes(export.whole(engine, "ntriples"))
        beside = Path(sys.executable)
        commands: dict[str, tuple[str, Callable[[int], list[str]]]] = {
            "euaikg serve": ("/sparql?query=", lambda port: [
                str(beside.with_name("euaikg")), "serve", "--port", str(port), "--timeout", "5"]),
            "oxigraph serve-read-only": ("/query?query=", lambda port: [
                str(beside.with_name("oxigraph")), "serve-read-only", "--location", str(copy),
                "--bind", f"127.0.0.1:{port}"]),
        }  # fmt: skip
        if rdflib_endpoint:
            commands["rdflib-endpoint"] = ("/?query=", lambda port: [
                str(rdflib_endpoint), "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)])  # fmt: skip
        for name, (path, command) in commands.items():
            with running(name, path, command) as server:
                time.sleep(3)
                rest = memory(server)
                found = measured(server, kinds, seconds)
                starts.append((name, server.seconds, server.spent, rest, memory(server)))
                rows += [(kind, name, cells) for kind, cells in found.items()]
                ends.append((name, *thrown_in(server, lookups)))
    lines = ["# Serving", "", f"{machine()}. The machine's load before was {before:.1f}.", "What is compared, and how: "
             "`benchmarks/serve.py`.", "", "Requests a second, and in brackets the 95th percentile in milliseconds, at "
             f"{', '.join(map(str, CONNECTIONS))} connections.", "", "| asked | server | 1 | 8 | 32 |",
             "| --- | --- | ---: | ---: | ---: |"]  # fmt: skip
    lines += [f"| {kind} | {name} | {' | '.join(map(shown, cells))} |" for kind, name, cells in
              sorted(rows, key=lambda row: [*kinds].index(row[0].partition(",")[0]))]  # fmt: skip
    lines += ["", "| server | first answer after s | of the processor s | at rest MB | after the load MB |",
              "| --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    lines += [
        f"| {name} | {wall:.2f} | {used:.2f} | {rest:.0f} | {then:.0f} |" for name, wall, used, rest, then in starts
    ]
    lines += ["", "A cross join thrown in, which would run for days:", "",
              "| server | lookups meanwhile | the cross join |", "| --- | ---: | --- |"]  # fmt: skip
    lines += [f"| {name} | {shown(cell)} | {end} |" for name, cell, end in ends]
    print("\n".join(lines))
    section(output, "serve", lines)


def shown(cell: Cell) -> str:
    """Return a cell for people."""
    return "none" if cell.rate is None or cell.slow is None else f"{cell.rate:.3g} ({cell.slow * 1000:.3g})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rdflib-endpoint", help="the program of that name, from an environment of its own")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "RESULTS.md")
    given = parser.parse_args()
    main(given.seconds, given.rdflib_endpoint, given.output)
