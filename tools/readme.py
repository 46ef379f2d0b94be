"""Put the real output under each ``$ euaikg ...`` line of the README.

Run ``python tools/readme.py`` after a change to the data; a test tells when that was forgotten. Long answers are cut
after some lines, and the cut is shown.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
LINES = 24
BLOCK = re.compile(r"```console\n\$ euaikg (?P<words>[^\n]*)\n.*?```", re.DOTALL)


def output(words: str) -> str:
    """Return what the command prints on standard output, cut after :data:`LINES` lines."""
    command = [sys.executable, "-m", "euaikg", *shlex.split(words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "100"})
    lines = done.stdout.rstrip("\n").split("\n")
    if len(lines) > LINES:
        lines = [*lines[:LINES], f"... ({len(lines) - LINES} more lines)"]
    return "\n".join(lines)


def filled(text: str) -> str:
    """Return ``text`` with the output of each command below its line."""
    return BLOCK.sub(lambda match: f"```console\n$ euaikg {match['words']}\n{output(match['words'])}\n```", text)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
