"""What every stored question takes on the shipped graph: seconds of the processor, in this process, store open.

Each is asked as it stands, and with the example of each of its parameters, alone and with a day; the quicker of two
rounds counts. The slowest go to ``benchmarks/RESULTS.md``.

    python benchmarks/questions.py
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from statistics import median

from scale import HERE, machine, row, section

from euaikg.graph import access
from euaikg.questions import ask, stored

DAY, ROUNDS, SHOWN = "2025-06-30", 2, 15


def asked() -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Yield each question with the values that it is asked with."""
    for name, query in sorted(stored.catalogue().items()):
        dated = any(parameter.name == "asOf" for parameter in query.parameters)
        yield name, {}
        for parameter in query.parameters:
            own = {parameter.name: [parameter.example]}
            yield name, own
            if dated and parameter.name != "asOf":
                yield name, {**own, "asOf": [DAY]}


def main() -> None:
    """Measure, and write the report."""
    engine = access.open_embedded()
    taken = {}
    for name, values in asked():
        times = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            rows = len(ask.question(engine, name, values).answer)  # type: ignore[arg-type]
            times.append(time.process_time() - begun)
        said = ", ".join(f"{parameter}: {value}" for parameter, (value,) in values.items())
        taken[name, said] = min(times), rows
    slowest = sorted(taken.items(), key=lambda item: item[1], reverse=True)
    seconds = [one for one, _ in taken.values()]
    ends = [sum(one > most for one in seconds) for most in (0.05, 0.2, 0.5)]
    lines = [
        "# Questions on the shipped graph\n",
        f"{machine()}. Seconds of the processor, the quicker of {ROUNDS} rounds, {len(engine.store)} quads on disk.\n"
        f"Of {len(taken)} askings of {len(stored.catalogue())} questions half take less than "
        f"{median(seconds) * 1000:.0f} ms; {ends[0]} take more than 50 ms, {ends[1]} more than 200, {ends[2]} more "
        "than 500.\n",
        "| question | asked with | rows | ms |\n| --- | --- | ---: | ---: |",
        *(row(name, said, rows, f"{one * 1000:.0f}") for (name, said), (one, rows) in slowest[:SHOWN]),
    ]
    section(HERE / "RESULTS.md", "questions", lines)


if __name__ == "__main__":
    main()
