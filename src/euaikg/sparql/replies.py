"""What a SPARQL server's reply holds: rows, truths and triples, or what is wrong with it.

Nothing is taken for an answer that is not one: media type, completeness and shape are checked, and a fault is an
:class:`~euaikg.errors.EndpointError` in one sentence that begins with ``where``, the server. What is read are the terms
that the embedded engine gives; of numbers the value is the same, the digits may differ.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, Variable, parse

from euaikg.core.vocab import XSD
from euaikg.errors import EndpointError, cut, quote
from euaikg.rdf.terms import Term, native, refuse_nesting
from euaikg.sparql import portable
from euaikg.sparql.answers import Answer, Row, Table, Triples
from euaikg.sparql.credentials import without_secrets
from euaikg.sparql.http import Reply, said, shorten, too_large

_JSON = ("application/sparql-results+json", "application/json", "text/javascript", "application/javascript")
_RDF = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
OF_BRACKET, OF_TRIPLE = 250, 400
"""How many bytes a list or object of JSON, and a triple, takes as a Python value, about."""

ROUNDS = 3
"""How far around blank nodes is looked to tell them apart."""

ACCEPT_RDF = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8"
"""What is asked for where an answer is triples."""


def truth(reply: Reply, where: str) -> bool:
    """Return the answer to an ASK."""
    found = _results(reply, where).get("boolean")
    if not isinstance(found, bool):
        raise EndpointError(f"{where} answers a yes-or-no question with neither.")
    return found


def rows(reply: Reply, where: str, truths: set[str], wanted: list[str] | None) -> Table:
    """Return the answer to a SELECT, with the columns in the order ``wanted``; other columns are refused.

    The variables ``truths`` can only be true or false.
    """
    table = _table(_results(reply, where), where, truths, wanted)
    _check_whole(reply, len(table), where)
    return table


def triples(reply: Reply, where: str) -> Triples:
    """Return the answer to a CONSTRUCT or DESCRIBE, each triple once."""
    _refuse_no_answer(reply, where)
    rdf_format = _RDF.get(reply.kind)
    if rdf_format is None:
        raise _other(reply, where, "triples")
    if not reply.ends:  # a text of triples does not say where it ends, either
        raise EndpointError(f"{where} does not say where its answer ends, so it may be only part of it.")
    there: dict[Triple, None] = {}
    try:
        text = reply.text
        if rdf_format == RdfFormat.RDF_XML:
            from euaikg.rdf import rdfxml

            text = re.sub(r"^\s*<\?xml[^>]*>", "", rdfxml.harmless(text))  # which may name other letters
        else:
            refuse_nesting(text)
        for quad in parse(text.encode(), format=rdf_format):
            there[quad.triple] = None
            if len(there) * OF_TRIPLE > reply.memory:
                raise too_large(where, reply.memory)
        return Triples(list(there))
    except (SyntaxError, ValueError, LookupError) as error:
        reason = " ".join(str(getattr(error, "msg", None) or error).split()).rstrip(".")
        raise EndpointError(f"{where} answers with {reply.kind} that is cut off or broken ({said(reason)}).") from None


_Shape = tuple[tuple[object, ...], list[BlankNode]]


def alike(one: Answer, other: Answer) -> bool:
    """Say whether two answers of a server are surely the same, but for the order of rows, triples and joined lists.

    Numbers count by value, of doubles the first twelve digits, since sums have others in another order. Blank nodes
    count by where they stand, since their labels hold for one answer; where that leaves a doubt, the answers differ.
    The order of rows does not count: what a query sorts by leaves ties, to be broken as a server likes, and both
    answers are sorted by the same values once these are found. What sorts and is no column is not compared.
    """
    return _unordered(one) == _unordered(other)


def _unordered(answer: Answer) -> object:
    if isinstance(answer, bool):
        return answer
    rows, columns = (answer.rows, answer.variables) if isinstance(answer, Table) else (map(tuple, answer), None)
    return columns, _numbered([_shape(row) for row in rows])


def _shape(terms: Iterable[Term | None]) -> _Shape:
    """Return what two answers must have in common of ``terms``, and apart from it their blank nodes."""
    parts: list[object] = []
    nodes: list[BlankNode] = []
    for term in terms:
        if isinstance(term, BlankNode):
            nodes.append(term)
            parts.append(BlankNode)
        elif isinstance(term, Triple):
            inner, below = _shape(term)
            nodes += below
            parts.append(inner)
        elif isinstance(term, Literal):
            value: object = native(term)
            if isinstance(value, float):
                value = f"{value:.12g}"
            elif not isinstance(value, int | Decimal):
                value = term.value
                if term.datatype.value == XSD + "string":
                    value = tuple(sorted(term.value.split("; ")))
            parts.append((value, term.datatype, term.language, term.direction))
        else:
            parts.append(term)
    return tuple(parts), nodes


def _numbered(rows: list[_Shape]) -> Counter[object]:
    """Return how often there is each of ``rows``, with numbers in place of blank nodes.

    Where two answers come out the same, numbering one as the other makes them equal, so they surely are. The numbers
    are given in the order of what nodes stand in, which misses that only where many stand in the same.
    """
    marks: dict[BlankNode, int] = {node: 0 for _, nodes in rows for node in nodes}

    def mark(row: _Shape) -> int:
        return hash((row[0], *(marks[node] for node in row[1])))

    for _ in range(ROUNDS if marks else 0):
        around: dict[BlankNode, list[int]] = {node: [] for node in marks}
        for row in rows:
            for place, node in enumerate(row[1]):
                around[node].append(hash((mark(row), place)))
        marks = {node: hash(tuple(sorted(found))) for node, found in around.items()}
    numbers: dict[BlankNode, int] = {}
    for _, nodes in sorted(rows, key=mark) if marks else ():
        for node in nodes:
            numbers.setdefault(node, len(numbers))
    return Counter((shape, *(numbers[node] for node in nodes)) for shape, nodes in rows)


def limit(reply: Reply) -> int:
    """Return the most rows that a server gives, where it says so (a header of Virtuoso), and else 0."""
    most = reply.headers.get("X-SPARQL-MaxRows", "").strip()
    return int(most) if re.fullmatch("[0-9]{1,18}", most) else 0


def cut_off(where: str, most: int) -> EndpointError:
    """Return the error to raise where a server gave the ``most`` that it gives."""
    return EndpointError(
        f"{where} cut its answer off after {most} rows, the most it gives (ResultSetMaxRows in Virtuoso); "
        "ask for fewer, or have the limit raised."
    )


def _check_whole(reply: Reply, rows: int, where: str) -> None:
    """Refuse an answer that the server itself says is not whole (both headers are Virtuoso's)."""
    if 0 < limit(reply) <= rows:
        raise cut_off(where, rows)
    if "S1TAT" in (reply.headers.get("X-SQL-State") or ""):
        raise EndpointError(f"{where} ran out of its own time and gave only part of the answer.")


def shown(names: Iterable[str]) -> list[str]:
    """Return those of the variables ``names`` that the question has itself."""
    return [name for name in names if not name.startswith(portable.HIDDEN)]


def _refuse_no_answer(reply: Reply, where: str) -> None:
    """Refuse what the status calls no content, a part, or something that is still to be done."""
    if reply.status not in (200, 203):
        raise EndpointError(f"{where} answers with HTTP {reply.status}, which is no whole answer.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return ``pairs`` as a dictionary; raise :class:`ValueError` where one name has two values."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError
    return found


def _results(reply: Reply, where: str) -> dict[str, Any]:
    _refuse_no_answer(reply, where)
    if not reply.body.strip():
        raise EndpointError(f"{where} answers with nothing.")
    if reply.kind not in _JSON:
        raise _other(reply, where, "JSON results")
    if sum(map(reply.body.count, (b"{", b"["))) * OF_BRACKET > reply.memory:
        raise too_large(where, reply.memory)
    try:
        content = json.loads(reply.text, object_pairs_hook=_once)
    except (ValueError, LookupError, RecursionError):
        raise EndpointError(f"{where} answers with JSON that is cut off or broken.") from None
    if not isinstance(content, dict):
        raise EndpointError(f"{where} answers with JSON that holds no SPARQL results.")
    if "head" not in content and content.get("error"):
        raise EndpointError(f"{where} answers with an error: {shorten(reply)}")
    return content


def _other(reply: Reply, where: str, wanted: str) -> EndpointError:
    told = shorten(reply)[:120]
    return EndpointError(
        f"{where} answers with {said(reply.kind) or 'an unnamed type'} where {wanted} were asked for (“{told}”); "
        "is this the address of its query service?"
    )


def _table(content: dict[str, Any], where: str, truths: set[str], wanted: list[str] | None) -> Table:
    """Return the rows of ``content``, with the columns ``wanted`` and no others.

    But for empty ones: to Virtuoso, ``SELECT *`` selects the variables inside ``FILTER NOT EXISTS`` too.
    """
    try:
        named, bindings = content["head"]["vars"], content["results"]["bindings"]
        names = [Variable(name).value for name in named]
        if not isinstance(named, list) or not isinstance(bindings, list) or len(set(names)) < len(names):
            raise ValueError
        columns = shown(names)
        if wanted is not None:
            filled = {name for binding in bindings for name in binding}
            if not filled.intersection(columns) <= set(wanted) <= set(columns):
                raise EndpointError(
                    f"{where} answers with the columns {_list(columns)} where {_list(wanted)} were asked for."
                )
            columns = wanted
    except (KeyError, TypeError, AttributeError, ValueError):
        raise EndpointError(f"{where} answers with JSON that is not as SPARQL results are.") from None
    rows: list[Row] = []
    for number, binding in enumerate(bindings, 1):
        row = {}
        if not isinstance(binding, dict) or not binding.keys() <= set(names):
            raise EndpointError(f"{where} answers with JSON that is not as SPARQL results are (row {number}).")
        for name, given in binding.items():
            try:
                row[name] = _term(given, name in truths)
            except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
                reason = f": {said(str(error))}" if isinstance(error, ValueError) else ""
                value = quote(without_secrets(_written(given)))
                raise EndpointError(
                    f"{where} gives ?{name} in row {number} a value that is none ({value}{reason})."
                ) from None
        rows.append(tuple(map(row.get, columns)))
    return Table(tuple(columns), rows)


def _written(given: Any) -> str:
    try:
        return json.dumps(given, ensure_ascii=False)
    except RecursionError:
        return "…"


def _list(names: list[str]) -> str:
    return cut(", ".join(f"?{name}" for name in names)) or "(none)"


_DIRECTIONS = {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL}


def _term(given: Mapping[str, Any], truth: bool) -> Term:
    """Return the term that a binding gives; ``truth`` marks a variable that can only be true or false."""
    kind, value = given["type"], given["value"]
    if kind == "uri":
        return NamedNode(value)
    if kind == "bnode":
        return BlankNode(value.removeprefix("nodeID://").removeprefix("_:"))
    if kind == "triple":
        parts = (_term(value[part], False) for part in ("subject", "predicate", "object"))
        return Triple(*parts)  # type: ignore[arg-type]
    if not isinstance(value, str):
        raise TypeError
    if kind not in ("literal", "typed-literal"):
        raise ValueError(kind)
    if language := given.get("xml:lang"):
        return Literal(value, language=language, direction=_DIRECTIONS.get(given.get("its:dir", "")))
    datatype = given.get("datatype") or XSD + "string"
    if datatype == XSD + "boolean" or (truth and datatype == XSD + "integer"):  # Virtuoso says 1 for true
        return Literal({"1": "true", "0": "false"}.get(value, value), datatype=NamedNode(XSD + "boolean"))
    return Literal(value, datatype=NamedNode(datatype))
