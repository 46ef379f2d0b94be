"""Questions that are another one with values set: their whole text is what it says, and mistakes in it are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from euaikg.core import files
from euaikg.questions import presets, stored
from euaikg.sparql import scanner
from tests.conftest import Run

BASE = """#+ summary: S
#+ description: D
#+ tags: [t]
#+ shown: [subjectLabel, object]
#+ parameters:
#+   thing:

PREFIX a: <https://example.org/a#>

SELECT ?subject ?subjectLabel ?object
WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?relation { UNDEF }
  ?subject ?relation ?object .
  # own
  FILTER(?subject != a:itself)
  # end of own
  OPTIONAL { ?subject a:label ?subjectLabel }
}
ORDER BY ?subjectLabel ?object
"""

PRESET = """#+ summary: Other
#+ description: D
#+ tags: [t]
#+ asks: base
#+ as: {thing: either, subject: thing}

PREFIX b: <https://example.org/b#>
VALUES ?relation {
  b:one
  b:two
}
?thing a b:Kind .
ORDER BY ?object
"""

WHOLE = """PREFIX b: <https://example.org/b#>
PREFIX a: <https://example.org/a#>

SELECT ?thing ?thingLabel ?object
WHERE {
  VALUES ?either { UNDEF }
  VALUES ?relation {
  b:one
  b:two
}
  ?thing ?relation ?object .
  ?thing a b:Kind .
  OPTIONAL { ?thing a:label ?thingLabel }
}
ORDER BY ?object
"""


def test_the_whole_text_is_that_of_the_other_question_with_what_is_its_own() -> None:
    header, _, text = presets.expanded(PRESET, lambda _: BASE).partition("\n\n")
    said = "#+ summary: Other\n#+ description: D\n#+ tags: [t]\n"
    assert header == said + "#+ shown: [thingLabel, object]", "a whole text asks no other question"
    own = presets.expanded(PRESET.replace("#+ asks", "#+ shown: [object]\n#+ asks"), lambda _: BASE)
    assert own.partition("\n\n")[0] == said + "#+ shown: [object]"
    assert text == WHOLE
    assert presets.expanded(BASE, lambda _: "") == BASE.replace("  # own\n", "").replace("  # end of own\n", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PRESET.replace("asks: base", "asks: nobody"), "it asks nobody, which does not exist"),
        (PRESET.replace("asks: base", "asks: chain"), "it asks chain, which asks another one itself"),
        (PRESET.replace("asks: base", "asks: closed"), "closed has no place for patterns of others"),
        (PRESET.replace("as: {", "parameters: {whole: {}}\n#+ as: {"), "the parameter whole has no VALUES"),
        (PRESET.replace("as: {", "parameters: {thing: iri}\n#+ as: {"), "thing must say its fields, not “iri”"),
        (
            PRESET.replace("as: {", "parameters: {relation: {type: iri, label: 3, example: e}}\n#+ as: {"),
            "relation has no text in “label”",
        ),
        (PRESET.replace("subject: thing}", "nobody: thing}"), "“nobody: thing” renames no variable"),
        (PRESET.replace("subject: thing}", 'subject: "a b"}'), "renames no variable"),
        (PRESET.replace("?relation {", "?relaton {"), "base has no block VALUES ?relaton"),
        (PRESET.replace("  b:two\n}", "  b:two\n"), "the block ?relation is not whole"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "parameters.yaml").write_text("{thing: {type: iri, label: L, example: e}}")
    (folder / "base.rq").write_text(BASE)
    (folder / "chain.rq").write_text(PRESET)
    (folder / "closed.rq").write_text(BASE.replace("  # own\n", "").replace("  # end of own\n", ""))
    (folder / "asking.rq").write_text(text)
    monkeypatch.setattr(files, "root", lambda: tmp_path)
    stored.words.cache_clear()
    try:
        assert reason in str(stored.catalogue()["asking"].error)
    finally:
        stored.words.cache_clear()


def test_the_shipped_ones_say_only_what_is_theirs() -> None:
    """A word that the other question has no block for would be taken for a pattern of one's own, and do nothing."""
    for path in stored.paths():
        text = files.read_text(path)
        if presets.asked(text) is not None:
            whole = stored.parse(path).text
            assert scanner.form(whole) == "SELECT", path.name
            assert len(text.splitlines()) < 40 < len(whole.splitlines()), path.name
            for line in text.splitlines():
                assert line.startswith("#+") or not line.strip() or line.strip() in whole, f"{path.name}: {line}"


def test_a_whole_text_that_is_printed_can_be_asked_as_a_file(run: Run) -> None:
    (whole := run("query", "works-with", "--sparql", "-o", "whole.rq")).check_returncode()
    asked = run("query", "--file", "whole.rq", "--format", "csv", "--iris")
    assert (whole.stderr, asked.returncode) == ("", 0)
    assert asked.stdout == run("query", "works-with", "--format", "csv", "--iris").stdout
