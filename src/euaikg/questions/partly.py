"""What of the documents behind an answer was not read, so that nobody takes its lists and counts for complete."""

from __future__ import annotations

from collections.abc import Iterator

from euaikg.questions.citations import is_place
from euaikg.questions.told import told
from euaikg.rdf.terms import text
from euaikg.sparql.answers import Answer, Table
from euaikg.sparql.embedded import Engine

_READ_IN_PART = """
SELECT DISTINCT ?document ?name ?shown ?part WHERE {
  ?version euai:completeness ?code ; euai:expressionOf ?document .
  ?code euai:order ?order ; skos:prefLabel ?part .
  FILTER(?order > 2 && LANG(?part) = "%s")
  ?document euai:shortName|skos:prefLabel ?name ; euai:shortName ?shown .
  FILTER(LANG(?shown) = LANG(?part))
}
ORDER BY ?shown
"""


def of_table(engine: Engine, table: Table, lang: str) -> tuple[str, ...]:
    """Return a sentence that names the documents in the columns of ``table`` for places of which not all was read."""
    places = [at for at, name in enumerate(table.variables) if is_place(name)]
    return of_places(engine, (text(term) for row in table.rows for at in places if (term := row[at])), lang)


def of_places(
    engine: Engine, places: Iterator[str], lang: str, answers: dict[str, Answer] | None = None
) -> tuple[str, ...]:
    """Return a sentence that names the documents behind ``places``, citations or passages, of which not all was read.

    Nothing is asked where there are no places, and nothing is said where everything was read. What is asked twice with
    the same ``answers`` is looked for once.
    """
    heads = {head for place in places for head in _heads(place)}
    if not heads:
        return ()
    asked, known = _READ_IN_PART % lang, {} if answers is None else answers
    if asked not in known:
        known[asked] = engine.select(asked)
    table = known[asked]
    assert isinstance(table, Table)
    found = dict.fromkeys(
        f"{text(shown)} ({text(part)})"
        for document, name, shown, part in table.rows
        if not heads.isdisjoint((document.value, name.value))  # type: ignore[union-attr]
    )
    return (told(lang, PARTLY, ", ".join(found)),) if found else ()


PARTLY = "Not all was read of {}: lists and counts may lack what stands in the rest."


def _heads(place: str) -> Iterator[str]:
    """Yield the names of the documents that ``place`` begins with: a passage, a citation or several of them."""
    if "#" in place and "://" in place:
        yield place.partition("#")[0].rpartition("/")[0]
    else:
        yield from (part.partition(", ")[0] for part in place.split("; "))
