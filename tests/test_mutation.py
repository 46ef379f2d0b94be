"""Whether the tests notice what is deleted: the tool finds every condition there is."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from euaikg.core import files

sys.path.insert(0, str(files.root() / "tools"))
tool: Any = importlib.import_module("mutate")

TEXT = """
SELECT ?a WHERE {
  VALUES ?set { UNDEF }
  VALUES ?mode { "FILTER(" <http://a/FILTER> } # FILTER(?none)
  VALUES (?x ?y) { (1 2) }
  ?a ?b ?c FILTER(LANG(?c) = "}" && (?d IN (1, 2)))
  FILTER NOT EXISTS { ?a ?p ?q FILTER(?q != ?c) }
  filter regex(?c, "x")
  MINUS { ?a ?set ?mode }
}
HAVING(COUNT(?a) > 1)
"""


def test_each_condition_is_found_wherever_it_stands() -> None:
    assert [TEXT[start:end] for _, start, end in tool.conditions(TEXT, {"set"})] == [
        'VALUES ?mode { "FILTER(" <http://a/FILTER> }',
        "VALUES (?x ?y) { (1 2) }",
        'FILTER(LANG(?c) = "}" && (?d IN (1, 2)))',
        "FILTER NOT EXISTS { ?a ?p ?q FILTER(?q != ?c) }",
        "FILTER(?q != ?c)",
        'filter regex(?c, "x")',
        "MINUS { ?a ?set ?mode }",
        "HAVING(COUNT(?a) > 1)",
    ]
