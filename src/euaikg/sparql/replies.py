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
from typing import Any

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from euaikg.core.vocab import XSD
from euaikg.errors import EndpointError, cut, quote
from euaikg.rdf.terms import Term, refuse_nesting
from euaikg.sparql import portable
from euaikg.sparql.answers import Answer, Row, Table, Triples
from euaikg.sparql.credentials import without_secrets
from euaikg.sparql.http import Reply, shorten

_JSON = ("application/sparql-results+json", "application/json", "text/javascript", "application/javascript")
_RDF = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
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
    rdf_format = _RDF.get(reply.kind)
    if rdf_format is None:
        raise _other(reply, where, "triples")
    try:
        text = refuse_nesting(reply.text)
        if rdf_format == RdfFormat.RDF_XML:
            from euaikg.rdf import rdfxml

            text = re.sub(r"^\s*<\?xml[^>]*>", "", rdfxml.harmless(text))  # which may name other letters
        found = parse(text.encode(), format=rdf_format)
        return Triples(list(dict.fromkeys(quad.triple for quad in found)))
    except (SyntaxError, ValueError, LookupError) as error:
        reason = " ".join(str(getattr(error, "msg", None) or error).split()).rstrip(".")
        raise EndpointError(
            f"{where} answers with {reply.kind} that is cut off or broken ({without_secrets(reason)})."
        ) from None


def alike(one: Answer, other: Answer) -> bool:
    """Say whether two answers of a server are the same but for the order of rows, triples and joined lists.

    Of blank nodes it counts only that they are some, since their labels hold for one answer.
    """
    return _unordered(one) == _unordered(other)


def _unordered(answer: Answer) -> object:
    def same(term: Term | None) -> object:
        if isinstance(term, Literal):
            return tuple(sorted(term.value.split("; "))), term.datatype, term.language
        return BlankNode if isinstance(term, BlankNode) else term

    if isinstance(answer, bool):
        return answer
    found = answer.rows if isinstance(answer, Table) else [tuple(triple) for triple in answer]
    return Counter(tuple(map(same, row)) for row in found)


def limit(reply: Reply) -> int:
    """Return the most rows that a server gives, where it says so (a header of Virtuoso), and else 0."""
    most = reply.headers.get("X-SPARQL-MaxRows", "").strip()
    return int(most) if most.isdigit() else 0


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


def _results(reply: Reply, where: str) -> dict[str, Any]:
    if not reply.body.strip():
        raise EndpointError(f"{where} answers with nothing.")
    if reply.kind not in _JSON:
        raise _other(reply, where, "JSON results")
    try:
        content = json.loads(reply.text)
    except (ValueError, LookupError, RecursionError):
        raise EndpointError(f"{where} answers with JSON that is cut off or broken.") from None
    if not isinstance(content, dict):
        raise EndpointError(f"{where} answers with JSON that holds no SPARQL results.")
    if "head" not in content and content.get("error"):
        raise EndpointError(f"{where} answers with an error: {shorten(reply)}")
    return content


def _other(reply: Reply, where: str, wanted: str) -> EndpointError:
    said = shorten(reply)[:120]
    return EndpointError(
        f"{where} answers with {reply.kind} where {wanted} were asked for (“{said}”); "
        "is this the address of its query service?"
    )


def _table(content: dict[str, Any], where: str, truths: set[str], wanted: list[str] | None) -> Table:
    """Return the rows of ``content``, with the columns ``wanted`` and no others.

    But for empty ones: to Virtuoso, ``SELECT *`` selects the variables inside ``FILTER NOT EXISTS`` too.
    """
    try:
        names = [str(name) for name in content["head"]["vars"]]
        bindings = list(content["results"]["bindings"])
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
                reason = f": {error}" if isinstance(error, ValueError) else ""
                said = quote(without_secrets(json.dumps(given, ensure_ascii=False)))
                raise EndpointError(
                    f"{where} gives ?{name} in row {number} a value that is none ({said}{reason})."
                ) from None
        rows.append(tuple(map(row.get, columns)))
    return Table(tuple(columns), rows)


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
