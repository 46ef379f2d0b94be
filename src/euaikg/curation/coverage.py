"""How far the documents are cited: every line of text that no passage covers, or only ones without facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from euaikg.curation.sources import bare
from euaikg.curation.spans import texts
from euaikg.sparql.embedded import Engine


@dataclass
class Coverage:
    """How far one document is cited: its non-empty ``lines``, those ``cited`` for facts, and what is left open."""

    file: str
    found: bool
    lines: int = 0
    cited: int = 0
    without_fact: int = 0
    uncovered: list[str] = field(default_factory=list)
    look_again: list[str] = field(default_factory=list)


_TELLING = re.compile(r"\d|€|\bEUR\b|million|billion|miljoen|miljard|percent|procent")
_NUMBERING = re.compile(r"^\s*[0-9]+([.][0-9]+)*[.]?\s*")


def coverage(engine: Engine, documents: Path, checklist: Iterable[str] = ()) -> list[Coverage]:
    """Say of each document in ``documents`` which lines no passage covers.

    A line that holds text counts as covered where some span lies on it, be it of a passage with facts or of one
    listed as stating none. An uncovered line is listed with what tells that it matters: a figure, or a name of the
    ``checklist``. Lines that only passages without facts cover are listed in ``look_again`` where they hold a
    figure. Raises :class:`InputError` as :func:`~euaikg.curation.sources.check` does.
    """
    wanted = sorted({bare(name): name for name in checklist if len(name) > 3}.items())
    result = []
    for report, text, spans in texts(engine, documents):
        covered = Coverage(report.file, report.found)
        offset = 0
        for number, line in enumerate(text.split("\n"), 1):
            start, end = offset, offset + len(line)
            offset = end + 1
            if not line.strip():
                continue
            covered.lines += 1
            on_line = [cited for cited in spans if cited.start < end and cited.end > start]
            has_figure = bool(_TELLING.search(_NUMBERING.sub("", line)))
            if not on_line:
                plain = f" {bare(line)} "
                named = [name for folded, name in wanted if f" {folded} " in plain]
                telling = [*(["a figure"] if has_figure else []), *named]
                covered.uncovered.append(f"line {number}" + (f": {', '.join(telling)}" if telling else ""))
            elif all(cited.without_fact for cited in on_line):
                covered.without_fact += 1
                if has_figure:
                    covered.look_again.append(f"line {number}")
            else:
                covered.cited += 1
        result.append(covered)
    return result
