"""Stored queries of one's own, checked before they are asked: the header, the syntax, and the terms that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Store

from euaikg.core import files, vocab
from euaikg.errors import QueryError
from euaikg.questions import stored
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Embedded

Mistake = tuple[str, int]
"""What is wrong, in one sentence, and on which line."""


def among(paths: Iterable[Path]) -> list[Path]:
    """Return the files with queries among ``paths`` and below the folders among them, sorted in each."""
    return [
        query
        for path in paths
        for query in (sorted(files.below(path, ".rq")) if path.is_dir() else [path])
        if query.suffix == ".rq"
    ]


def mistakes(path: Path, store: Store) -> Iterator[Mistake]:
    """Yield what is wrong with the query in ``path``: its header where it has one, its text, terms of ours unknown.

    A term is known that stands anywhere in ``store``. Raises :class:`~euaikg.errors.InputError` for a file that cannot
    be read.
    """
    text = whole = files.read_text(path)
    if any(line.startswith("#+") for line in text.splitlines()):
        query = stored.parse(path)
        if query.error:
            yield f"It cannot be asked: {query.error}", 1
            return
        whole = query.text
    try:
        Embedded(Store()).run(scanner.with_prefixes(whole))
    except QueryError as error:
        yield str(error), 1
        return
    prefixes = vocab.prefixes()
    words = scanner.meaningful(text)
    for before, token in zip([None, *words], words, strict=False):
        line = text.count("\n", 0, token.start) + 1
        if token.kind == "iri" and before is not None and before.kind == "name" and before.text.endswith(":"):
            prefixes = {**prefixes, before.text[:-1]: token.text[1:-1]}
            continue
        if token.kind == "iri":
            iri = token.text[1:-1]
        elif token.kind == "name" and not token.text.endswith(":"):
            prefix, _, local = token.text.partition(":")
            iri = prefixes.get(prefix, "") + local
        else:
            continue
        if iri.startswith(vocab.BASE) and not _is_known(NamedNode(iri), store):
            yield f"Nothing in the graph is called {vocab.short(iri)}.", line


def _is_known(term: NamedNode, store: Store) -> bool:
    said = (
        store.quads_for_pattern(term, None, None),
        store.quads_for_pattern(None, None, term),
        store.quads_for_pattern(None, term, None),
        store.quads_for_pattern(None, None, None, term),
    )
    return str(term) in _HOMES or any(next(quads, None) is not None for quads in said)


_HOMES = {str(NamedNode(vocab.GRAPH + name)) for name in ("added", "curation", "derived", "entities", "passages")} | {
    str(NamedNode(vocab.EUAI[:-1]))
}
"""Graphs that may be empty, and the ontology."""
