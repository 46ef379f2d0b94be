"""What of a view is wanted: filters by name or code, as conditions on the columns of a stored query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from euaikg.core.vocab import EUAI
from euaikg.diagrams import rows
from euaikg.diagrams.narrow import narrow
from euaikg.diagrams.vocabulary import Vocabulary
from euaikg.errors import QueryError
from euaikg.questions import names, parameters
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import Value, write

ALL = 10**9
"""More things and rows than there are."""


@dataclass(frozen=True)
class Wanted:
    """What of a view is wanted: filters (names or codes; several of one kind mean any of them), date, size, language.

    ``relations`` are properties and ``modalities`` codes that edges have; ``kinds`` classes and ``sectors`` codes of
    which one end of an edge is; ``documents`` those that say it. ``rows`` is how many rows of
    an answer are looked at one by one; of a larger one, those between its most connected things. ``page`` is what a
    picture is to stand on, which says how many things there is room for where there is no ``limit``.
    """

    relations: Sequence[str] = ()
    kinds: Sequence[str] = ()
    sectors: Sequence[str] = ()
    documents: Sequence[str] = ()
    modalities: Sequence[str] = ()
    as_of: str | None = None
    limit: int | None = None
    lang: str = "en"
    rows: int = 2000
    page: str = "slide"

    def filters(self) -> bool:
        """Say whether any filter is set."""
        return any((self.relations, self.kinds, self.sectors, self.documents, self.modalities))


def conditions(engine: Engine, text: str, wanted: Wanted, known: Vocabulary) -> list[str]:
    """Return the filters of ``wanted`` as SPARQL conditions on the columns of the query ``text``."""
    columns = engine.select(narrow(text, (), 0)).variables
    first, second = rows.ends(columns, "this query")
    made = []

    def among(column: str, found: Iterable[Value], option: str) -> None:
        if column not in columns:
            raise QueryError(f"--{option} does not fit here: this query has no column ?{column}.")
        made.append(f"FILTER(?{column} IN ({', '.join(map(write, found))}))")

    if wanted.relations:
        among("relation", [NamedNode(known.find(text, "property")) for text in wanted.relations], "relation")
    if wanted.modalities:
        stated = [NamedNode(known.find(text, "modality")) for text in wanted.modalities]
        among("modality", parameters.with_narrower(engine, stated), "modality")
    if wanted.documents:
        among("document", [names.resolve(engine, text) for text in wanted.documents], "document")
    if wanted.kinds:
        classes = {NamedNode(below) for text in wanted.kinds for below in known.below(known.find(text, "class"))}
        listed = ", ".join(sorted(map(write, classes)))
        either = [
            f"?{end}Kind IN ({listed})"
            if f"{end}Kind" in columns
            else f"EXISTS {{ ?{end} a ?kind_ FILTER(?kind_ IN ({listed})) }}"
            for end in (first, second)
        ]
        made.append(f"FILTER({' || '.join(either)})")
    if wanted.sectors:
        scheme = parameters.Parameter("sector", "code", "", "", "", scheme="sector")
        codes = [code for text in wanted.sectors for code in parameters.terms(scheme, text, engine)]
        either = [f"EXISTS {{ ?{end} <{EUAI}inSector> {write(code)} }}" for end in (first, second) for code in codes]
        made.append(f"FILTER({' || '.join(either)})")
    return made
