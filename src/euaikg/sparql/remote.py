"""A SPARQL server elsewhere, asked as the embedded engine is.

The query travels by SPARQLWrapper's request, which is repaired where it falls short (an address that already has a
``?``, the form of a query guessed from its comments) and sent by :mod:`euaikg.sparql.http`; what comes back is read by
:mod:`euaikg.sparql.replies`.

The questions need a default graph that holds each triple once. Many servers show the union of all graphs there
instead; on such a server ``euaikg publish`` puts the default graph into the named graph :data:`DEFAULT`, which is
then asked as the default graph by the ``default-graph-uri`` of the SPARQL protocol.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping

from pyoxigraph import NamedNode, QuerySolutions, Store
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from euaikg.core.vocab import DCT, GRAPH
from euaikg.errors import EndpointError, QueryError, quote
from euaikg.sparql import portable, replies, scanner
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.credentials import discreet
from euaikg.sparql.embedded import Embedded, Engine
from euaikg.sparql.http import AGENT, Web, address, extended, place

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


class _Request(SPARQLWrapper):
    """SPARQLWrapper's request for one query, with its faults mended."""

    def __init__(self, endpoint: str, query: str, form: str, parameters: Mapping[str, list[str]]) -> None:
        self._form = form
        super().__init__(endpoint, returnFormat=JSON if form in ("SELECT", "ASK") else TURTLE, agent=AGENT)
        self.setOnlyConneg(True)
        self.setQuery(query)
        self.parameters = dict(parameters)
        if form not in ("SELECT", "ASK"):
            self.addCustomHttpHeader("Accept", replies.ACCEPT_RDF)

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

    ``timeout`` is the time in seconds that one query may take, with all that is asked for its sake, and ``memory`` the
    bytes that its answer may; when an answer is larger, no more of it is read. ``default_graph`` names the graph to be
    asked as the default graph, and without it the server is asked once whether it has :data:`DEFAULT`. A graph that is
    only partly loaded is refused; an empty name has the server's own default graph asked, whatever it holds.
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
        self.is_doubtful = False

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query``.

        Refuses updates, and ``SERVICE`` unless ``federated`` is true, with :class:`QueryError`. A server that cannot
        be reached, refuses, or answers with something else is an :class:`EndpointError` in one sentence, with what
        the server said.
        """
        with discreet():
            return self._run(query, self._web.end(), federated)

    def run_surely(self, query: str) -> Answer:
        """Answer ``query`` as :meth:`run` does; where two ways of Virtuoso to look for it differ, believe neither.

        Which way it takes hangs on random samples, and some ways leave cells empty, or fill them with the value of
        another row (seen with 7.2.5). It is known by the header ``Server``; both answers have the time of one.
        """
        until = self._web.end()
        with discreet():
            answer = self._run(query, until)
            if self.is_doubtful and not replies.alike(answer, self._run(query, until, before=_AS_WRITTEN)):
                raise EndpointError(
                    f"{place(self.endpoint)} gives two answers to this question, looked for in two orders; neither is "
                    "believed. This is a fault of Virtuoso 7: ask without --endpoint, or ask another server."
                )
        return answer

    def _run(self, query: str, until: float, federated: bool = False, before: str = "") -> Answer:
        form = scanner.form(query)
        if not federated:
            scanner.refuse_service(query)
        text, parameters = portable.folded(query), {}
        if several := portable.seen_from_inside(text):
            if self._looks_out is None:
                self._looks_out = bool(self._ask(_LOOKS_OUT, "ASK", until))
            if not self._looks_out:
                raise QueryError(
                    f"{place(self.endpoint)} would answer this wrongly, since it does not see a VALUES block from "
                    f"inside OPTIONAL; give one value at a time for {', '.join(sorted(several))}."
                )
        # the graphs of the protocol's parameters would take the place of those that the query names
        if "FROM" not in (words := scanner.keywords(query)) and (graph := self._default_graph(until)):
            parameters["default-graph-uri"] = [graph]
            if "GRAPH" in words:
                if self._shows_all(graph, until):
                    text = portable.without(text, graph)
                else:
                    parameters["named-graph-uri"] = self._named
        answer = self._ask(text, form, until, parameters, portable.truths(query), before)
        if form == "CONSTRUCT" and self.is_doubtful and not before:
            assert isinstance(answer, Triples)
            self._refuse_cut_triples(len(answer), until)
        return answer

    def _default_graph(self, until: float) -> str | None:
        """Return the named graph to be asked as the default graph; look at it once, and refuse it half loaded."""
        if not self._looked:
            given = self._default
            loading = f"SELECT ?loading {{ GRAPH <{BEGUN}> {{ <{given}> {LOADING} ?loading }} }}"
            look = loading if given else _FIRST_LOOK
            table = self._ask(look, "SELECT", until)
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

    def _shows_all(self, graph: str, until: float) -> bool:
        """Say whether ``GRAPH ?any`` sees the other graphs where a default graph is named, as in Virtuoso.

        By the standard it sees none then, and each has to be named too; their names are fetched here.
        """
        if self._hidden is None:
            of_graph = {"default-graph-uri": [graph]}
            self._hidden = not self._ask("ASK { GRAPH ?g { ?s ?p ?o } }", "ASK", until, of_graph)
            if self._hidden:
                table = self._ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "SELECT", until)
                assert isinstance(table, Table)
                names = {row[0].value for row in table.rows if isinstance(row[0], NamedNode)}
                self._named = sorted(names - {graph})
        return not self._hidden

    def _ask(
        self,
        query: str,
        form: str,
        until: float,
        parameters: Mapping[str, list[str]] | None = None,
        truths: set[str] | None = None,
        before: str = "",
    ) -> Answer:
        """Answer ``query``, with ``before`` in front of it, as far as the moment ``until``."""
        request = _Request(self.endpoint, before + query, form, parameters or {}).request()
        reply = self._web.send(request, until)
        where = place(self.endpoint)
        self.is_doubtful = reply.headers.get("Server", "").startswith("Virtuoso")
        if form not in ("SELECT", "ASK"):
            return replies.triples(reply, where)
        if form == "ASK":
            return replies.truth(reply, where)
        return replies.rows(reply, where, truths or set(), _projected(query))

    def _refuse_cut_triples(self, triples: int, until: float) -> None:
        """Refuse triples that Virtuoso cut off: a CONSTRUCT ends one beyond its limit for rows, and does not say so."""
        as_many = _Request(self.endpoint, f"{_MANY} LIMIT {triples}", "SELECT", {}).request()
        if most := replies.limit(self._web.send(as_many, until)):
            raise replies.cut_off(place(self.endpoint), most)


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
    return replies.shown(variable.value for variable in found.variables)
