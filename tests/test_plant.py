"""The tool that plants faults: each of them can be planted, and what notices it is told with its place."""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

import pytest

from euaikg.core import files

sys.path.insert(0, str(files.root() / "tools"))
plant: Any = importlib.import_module("plant")


def test_there_are_a_hundred_faults_and_each_is_one() -> None:
    assert len({fault.words for fault in plant.FAULTS}) == 100
    for fault in plant.FAULTS:
        text = (files.root() / fault.file).read_text()
        changed, lines, in_passage = fault.planted(text)
        assert changed != text, fault.words
        assert len(lines) < 40, fault.words
        assert in_passage <= fault.file.endswith(".trig"), fault.words


@pytest.mark.slow
def test_a_fault_is_noticed_where_it_stands() -> None:
    ((fault, said, in_place),) = plant.outcomes(None, "a pot in itself")
    assert in_place
    found = re.match(rf"{fault.file}:(\d+): violation \[relation-object\] .*: Give the one object", said[0][1])
    assert found and int(found[1]) in fault.planted((files.root() / fault.file).read_text())[1]
