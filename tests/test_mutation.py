"""Whether the tests notice what is deleted: the tool finds every condition, and the page with its result is current."""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter
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


def test_the_page_counts_what_there_is_and_nearly_all_is_noticed() -> None:
    page = tool.PAGE.read_text(encoding="utf-8")
    table = page.partition("| --- | --- | --- |\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    kinds = Counter(mutant.kind for mutant in tool.mutants(tool.all_paths()))
    assert {kind: int(number) for kind, number, _ in rows} == kinds, "mend it with: python tools/mutate.py --write"
    seen = sum(int(number) for _, _, number in rows)
    assert seen >= 0.97 * kinds.total()
    assert len(re.findall(r"(?m)^\* `", page)) == kinds.total() - seen
