"""A SPARQL server elsewhere, asked as the embedded engine is.

The query travels by SPARQLWrapper's request, which is repaired where it falls short (an address that already has a
``?``, the form of a query guessed from its comments) and sent by :mod:`euaikg.sparql.http`. Nothing is taken for an
answer that is not one: status, media type, completeness and shape are checked. What comes back are the terms that the
embedded engine gives; of numbers the value is the same, the digits may differ.

The questions need a default graph that holds each triple once. Many servers show the union of all graphs there
instead; on such a server ``euaikg publish`` puts the default graph into the named graph :data:`DEFAULT`, which is
then asked as the default graph by the ``default-graph-uri`` of the SPARQL protocol.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from euaikg.core.vocab import DCT, GRAPH, XSD
from euaikg.errors import EndpointError, QueryError, cut, quote
from euaikg.rdf.terms import Term, refuse_nesting
from euaikg.sparql import portable, scanner
from euaikg.sparql.answers import Answer, Row, Table, Triples
from euaikg.sparql.credentials import discreet, without_secrets
from euaikg.sparql.embedded import Embedded, Engine
from euaikg.sparql.http import AGENT, Reply, Web, address, extended, place, shorten

DEFAULT = GRAPH + "default"
"""The named graph in which a server that shows the union of all graphs keeps the default graph."""

BEGUN = GRAPH + "publication/begun"
"""The graph that says which graphs a publication, which may have broken off, began to change."""

LOADING = NamedNode(DCT + "description")
"""Says in :data:`BEGUN` of the default graph, by the name that it has there, that it is being loaded."""

LONGEST_GET = 2000
"""The longest address that is sent; a longer query goes by POST, since servers and proxies cut addresses off."""

_FIRST_LOOK = f"""SELECT ?there ?loading {{
  {{ SELECT (1 AS ?there) {{ GRAPH <{DEFAULT}> {{ ?s ?p ?o }} }} LIMIT 1 }}
  UNION {{ GRAPH <{BEGUN}> {{ <{DEFAULT}> {LOADING} ?loading }} }}
}}"""
"""Has one row where :data:`DEFAULT` is there, and one where the default graph, there or elsewhere, is being loaded."""

_LOOKS_OUT = "ASK { VALUES ?a { 1 2 } OPTIONAL { VALUES ?b { 3 } FILTER(?a = 1) } FILTER(BOUND(?b)) }"
"""True by the standard, whatever the data: the filter of an OPTIONAL sees the group around it."""

_MANY = "SELECT (1 AS ?row) { ?a ?b ?c . ?d ?e ?f }"
"""Has more rows than triples can be had: Virtuoso says its limit in a header, but only where it cuts rows off."""

_AS_WRITTEN = 'DEFINE sql:select-option "order"\n'
"""Has Virtuoso look for the patterns of a query in the order of its text, and not in the order that it estimates."""

_JSON = ("application/sparql-results+json", "application/json", "text/javascript", "application/javascript")
_RDF = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_ACCEPT_RDF = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8"


class _Request(SPARQLWrapper):
    """SPARQLWrapper's request for one query, with its faults mended."""

    def __init__(self, endpoint: str, query: str, form: str, parameters: Mapping[str, list[str]]) -> None:
        self._form = form
        super().__init__(endpoint, returnFormat=JSON if form in ("SELECT", "ASK") else TURTLE, agent=AGENT)
        self.setOnlyConneg(True)
        self.setQuery(query)
        self.parameters = dict(parameters)
        if form not in ("SELECT", "ASK"):
            self.addCustomHttpHeader("Accept", _ACCEPT_RDF)

    def _parseQueryType(self, query: str) -> str:  # noqa: ARG002, N802  # its guess takes “adds” in a comment for ADD
        return self._form

    def request(self) -> urllib.request.Request:
        """Return the request, by GET unless the address would be too long."""
        url = extended(self.endpoint, self._getRequestEncodedParameters(("query", self.queryString)))
        if len(url) > LONGEST_GET:
            self.setMethod(POST)
        made = self._createRequest()
        if self.method != POST:
            made.full_url = url  # SPARQLWrapper puts a second “?” into an address that has one
        return made


def graph_name(text: str) -> str:
    """Return the IRI ``text`` of a named graph; raise :class:`QueryError` where it is none."""
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise QueryError(f"{quote(text)} cannot name a graph, since it is not a valid IRI ({error}).") from None


class Remote(Engine):
    """The SPARQL service at ``endpoint``.

    ``timeout`` is the time in seconds that one query may take, and ``memory`` the bytes that its answer may; when an
    answer is larger, no more of it is read. ``default_graph`` names the graph to be asked as the
    default graph, and without it the server is asked once whether it has :data:`DEFAULT`. A graph that is only partly
    loaded is refused; an empty name has the server's own default graph asked, whatever it holds.
    """

    def __init__(
        self,
        endpoint: str,
        timeout: float | None = None,
        default_graph: str | None = None,
        memory: int | None = None,
    ) -> None:
        self.endpoint = address(endpoint)
        self._web = Web(timeout, memory)
        self._default = graph_name(default_graph) if default_graph else default_graph
        self._looked = default_graph == ""
        self._hidden: bool | None = None
        self._named: list[str] = []
        self._looks_out: bool | None = None
        self._virtuoso = False

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query``.

        Refuses updates, and ``SERVICE`` unless ``federated`` is true, with :class:`QueryError`. A server that cannot
        be reached, refuses, or answers with something else is an :class:`EndpointError` in one sentence, with what
        the server said.
        """
        with discreet():
            return self._run(query, federated)

    def run_surely(self, query: str) -> Answer:
        """Answer ``query`` as :meth:`run` does; where two ways of Virtuoso to look for it differ, believe neither.

        Which way it takes hangs on random samples, and some ways leave cells empty, or fill them with the value of
        another row (seen with 7.2.5).
        """
        answer = self.run(query)
        if self._virtuoso:
            with discreet():
                other = self._run(query, federated=False, before=_AS_WRITTEN)
            if _content(answer) != _content(other):
                raise EndpointError(
                    f"{place(self.endpoint)} gives two answers to this question, looked for in two orders; neither is "
                    "believed. This is a fault of Virtuoso 7: ask without --endpoint, or ask another server."
                )
        return answer

    def _run(self, query: str, federated: bool, before: str = "") -> Answer:
        form = scanner.form(query)
        if not federated:
            scanner.refuse_service(query)
        text, parameters = portable.folded(query), {}
        if several := portable.seen_from_inside(text):
            if self._looks_out is None:
                self._looks_out = bool(self._ask(_LOOKS_OUT, "ASK"))
            if not self._looks_out:
                raise QueryError(
                    f"{place(self.endpoint)} would answer this wrongly, since it does not see a VALUES block from "
                    f"inside OPTIONAL; give one value at a time for {', '.join(sorted(several))}."
                )
        # the graphs of the protocol's parameters would take the place of those that the query names
        if "FROM" not in (words := scanner.keywords(query)) and (graph := self._default_graph()):
            parameters["default-graph-uri"] = [graph]
            if "GRAPH" in words:
                if self._shows_all(graph):
                    text = portable.without(text, graph)
                else:
                    parameters["named-graph-uri"] = self._named
        return self._ask(before + text, form, parameters, portable.truths(query))

    def _default_graph(self) -> str | None:
        """Return the named graph to be asked as the default graph; look at it once, and refuse it half loaded."""
        if not self._looked:
            given = self._default
            loading = f"SELECT ?loading {{ GRAPH <{BEGUN}> {{ <{given}> {LOADING} ?loading }} }}"
            look = loading if given else _FIRST_LOOK
            table = self._ask(look, "SELECT")
            assert isinstance(table, Table)
            found = {name for row in table.to_dicts() for name, value in row.items() if value is not None}
            if "loading" in found:
                raise self.lacking()
            if "there" in found:
                self._default = DEFAULT
            self._looked = True
        return self._default or None

    def lacking(self) -> EndpointError:
        """Return the error to raise where the server turns out not to hold the graph."""
        return EndpointError(
            f"{place(self.endpoint)} does not hold the graph, or only part of it; load it with “euaikg publish”."
        )

    def _shows_all(self, graph: str) -> bool:
        """Say whether ``GRAPH ?any`` sees the other graphs where a default graph is named, as in Virtuoso.

        By the standard it sees none then, and each has to be named too; their names are fetched here.
        """
        if self._hidden is None:
            self._hidden = not self._ask("ASK { GRAPH ?g { ?s ?p ?o } }", "ASK", {"default-graph-uri": [graph]})
            if self._hidden:
                table = self._ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "SELECT")
                assert isinstance(table, Table)
                names = {row[0].value for row in table.rows if isinstance(row[0], NamedNode)}
                self._named = sorted(names - {graph})
        return not self._hidden

    def _ask(
        self, query: str, form: str, parameters: Mapping[str, list[str]] | None = None, truths: set[str] | None = None
    ) -> Answer:
        reply = self._web.send(_Request(self.endpoint, query, form, parameters or {}).request())
        where = place(self.endpoint)
        self._virtuoso = reply.headers.get("Server", "").startswith("Virtuoso")
        if form not in ("SELECT", "ASK"):
            triples = _triples(reply, where)
            if form == "CONSTRUCT" and self._virtuoso:
                self._refuse_cut_triples(len(triples))
            return triples
        content = _results(reply, where)
        if form == "ASK":
            if not isinstance(content.get("boolean"), bool):
                raise EndpointError(f"{where} answers a yes-or-no question with neither.")
            return bool(content["boolean"])
        table = _table(content, where, truths or set(), _projected(query))
        _check_whole(reply, len(table), where)
        return table

    def _refuse_cut_triples(self, triples: int) -> None:
        """Refuse triples that Virtuoso cut off: a CONSTRUCT ends one beyond its limit for rows, and does not say so."""
        as_many = _Request(self.endpoint, f"{_MANY} LIMIT {triples}", "SELECT", {}).request()
        if most := _limit(self._web.send(as_many)):
            raise _cut_off(place(self.endpoint), most)


def _content(answer: Answer) -> object:
    """Return what is the same in two answers of a server, whatever the order of rows, triples and joined lists."""

    def unordered(term: Term | None) -> object:
        if not isinstance(term, Literal):
            return term
        return tuple(sorted(term.value.split("; "))), term.datatype, term.language

    if isinstance(answer, bool):
        return answer
    rows = answer.rows if isinstance(answer, Table) else [tuple(triple) for triple in answer]
    return Counter(tuple(map(unordered, row)) for row in rows)


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


def _limit(reply: Reply) -> int:
    """Return the most rows that a server gives, where it says so (a header of Virtuoso), and else 0."""
    most = reply.headers.get("X-SPARQL-MaxRows", "").strip()
    return int(most) if most.isdigit() else 0


def _cut_off(where: str, most: int) -> EndpointError:
    return EndpointError(
        f"{where} cut its answer off after {most} rows, the most it gives (ResultSetMaxRows in Virtuoso); "
        "ask for fewer, or have the limit raised."
    )


def _check_whole(reply: Reply, rows: int, where: str) -> None:
    """Refuse an answer that the server itself says is not whole (both headers are Virtuoso's)."""
    if 0 < _limit(reply) <= rows:
        raise _cut_off(where, rows)
    if "S1TAT" in (reply.headers.get("X-SQL-State") or ""):
        raise EndpointError(f"{where} ran out of its own time and gave only part of the answer.")


def _projected(query: str) -> list[str] | None:
    """Return the columns that the SELECT ``query`` asks for; None where only the server is to read it.

    That is so for its own additions to SPARQL, for ``SERVICE``, which nobody else is to be asked, and for what is long.
    """
    if scanner.is_large(query):
        return None
    try:
        found = Embedded(Store()).evaluate(query)
    except QueryError:
        return None
    assert isinstance(found, QuerySolutions)
    return _shown(variable.value for variable in found.variables)


def _shown(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith(portable.HIDDEN)]


def _table(content: dict[str, Any], where: str, truths: set[str], wanted: list[str] | None) -> Table:
    """Return the rows of ``content``, with the columns in the order ``wanted``; other columns are refused.

    But for empty ones: to Virtuoso, ``SELECT *`` selects the variables inside ``FILTER NOT EXISTS`` too.
    """
    try:
        names = [str(name) for name in content["head"]["vars"]]
        bindings = list(content["results"]["bindings"])
        shown = _shown(names)
        if wanted is not None:
            filled = {name for binding in bindings for name in binding}
            if not filled.intersection(shown) <= set(wanted) <= set(shown):
                raise EndpointError(
                    f"{where} answers with the columns {_list(shown)} where {_list(wanted)} were asked for."
                )
            shown = wanted
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
        rows.append(tuple(map(row.get, shown)))
    return Table(tuple(shown), rows)


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


def _triples(reply: Reply, where: str) -> Triples:
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
