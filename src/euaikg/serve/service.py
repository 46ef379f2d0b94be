"""What is answered: a function of a request, run in a worker, that asks as the command line does.

``/sparql`` is the SPARQL 1.1 Protocol, ``/api/`` the stored questions and what else the commands know as plain values,
``/id/``, ``/source/`` and ``/ontology`` the things themselves as RDF. All else is a page.
"""

from __future__ import annotations

import gc
import mimetypes
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote as escaped

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from euaikg.core import files, processes, suffixes, vocab, writing
from euaikg.curation import published
from euaikg.errors import EuaikgError, MissingLibraryError, OutputError, quote
from euaikg.exports import export
from euaikg.mcp.tools import Desk
from euaikg.pages import search, site, view
from euaikg.pages.view import Site
from euaikg.questions import as_rdf, ask
from euaikg.rdf import forms
from euaikg.rdf.terms import is_iri
from euaikg.serve import description, media
from euaikg.serve.api import Api
from euaikg.serve.media import Asked, Made, RefusedError
from euaikg.sparql import formats, scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded

VOLATILE = {"RAND", "NOW", "UUID", "STRUUID", "BNODE"}
"""The functions whose value is another one each time."""

IS_THERE = "ASK {{ {0} ?p ?o }}"

DOCUMENT = re.compile("source/[^/]+")

SUFFIXES = [end[1:] for form in (*media.GRAPHS, "html") for end in suffixes.SUFFIXES[form][:1]]
"""The suffixes under which a thing is told of."""


WARM = (("index.html",), ("api/ask", ("text", "who funds GenAI4EU")), ("id/body/ai-office.html",),
        ("question/figures.html",), ("search.html", ("q", "supercomputer")))  # fmt: skip
"""What is asked once, so that what it needs is there for all who ask after that."""


class Service:
    """Answers requests over the graph of ``engine``."""

    def __init__(self, engine: Embedded) -> None:
        self.engine = engine
        self.desk, self.api = Desk(engine), Api(engine)
        self.routes: list[tuple[re.Pattern[str], Callable[..., Made]]] = [
            (re.compile(pattern), make)
            for pattern, make in (
                (r"sparql", self._sparql),
                (r"api/?", self.api.start),
                (r"api/openapi\.json", self.api.described),
                (r"api/questions", self.api.listed),
                (r"api/questions/([^/]*)", self.api.question),
                (r"api/things/(.+)", self.api.thing),
                (r"api/search", self.api.found),
                (r"api/ask", self.api.meant),
                (r"api/verify", self.api.verified),
                (r"ontology(?:\.(ttl|jsonld|nt|rdf))?", self._ontology),
                (rf"((?:id|source|query)/.+?)(?:\.({'|'.join(SUFFIXES)}))?", self._rdf),
            )
        ]

    def work(self, kind: str, *given: Any) -> Any:
        """Do a piece of work: ``answer`` a request, ``call`` a tool or read a ``resource`` for a language model."""
        doing: Mapping[str, Callable[..., Any]]
        doing = {"answer": self.answer, "call": self.desk.call, "resource": self.desk.resource}
        return doing[kind](*given)

    def answer(self, asked: Asked) -> Made:
        """Return the answer to the request ``asked``; whatever cannot be answered is a problem document."""
        try:
            for pattern, make in self.routes:
                if found := pattern.fullmatch(asked.path):
                    return make(asked, *found.groups())
            return self.page(asked)
        except RefusedError as error:
            return self._problem(asked, error.status, error)
        except (OutputError, MissingLibraryError) as error:  # another format can be had
            return self._problem(asked, 406, error)
        except EuaikgError as error:
            return self._problem(asked, 400, error)

    def _problem(self, asked: Asked, status: int, error: EuaikgError) -> Made:
        """Return what is said of an ``error``: to people on a page, to programs in a problem document."""
        made = media.problem(status, str(error))
        if (media.best(asked.accept, {"json": ("application/json",), **media.HTML}) or ("json",))[0] == "json":
            return made
        return made._replace(content=site.problem(self.site, asked.path, str(error)), media="text/html")

    def prepare(self) -> None:
        """Have at hand what takes a while to read, so that the first who ask do not wait for it."""
        for path, *values in WARM:
            self.answer(Asked(path, tuple(values)))
        gc.collect()
        processes.give_back()
        gc.freeze()  # so that copies of this process share what it has

    @cached_property
    def site(self) -> Site:
        """The pages."""
        issued = [
            quad.object.value
            for path in files.shipped("catalog", ".ttl")
            for quad in parse(files.read_bytes(path), format=RdfFormat.TURTLE)
            if quad.predicate.value == vocab.DCT + "issued" and isinstance(quad.object, Literal)
        ]
        meant = self.api.finder.find
        return Site(self.engine, self.engine.store, max(issued), asks=True, live=True, meant=meant)

    def page(self, asked: Asked) -> Made:
        """Return the page, or the file of a release, at an address that nothing else has."""
        address = f"{asked.path}index.html" if asked.path.endswith("/") or not asked.path else asked.path
        if not address.endswith(".html"):
            return self._file(asked, address)
        values: dict[str, list[str]] = {}
        for key, value in asked.values:
            if value and key != "as-of":
                values.setdefault(key, []).append(value)
        made = site.page(self.site, address, asked.one("as-of") or None, values)
        if made is None:
            raise RefusedError(404, f"There is nothing at {quote('/' + asked.path)}.")
        return Made(made, "text/html")

    def _file(self, asked: Asked, name: str) -> Made:
        """Return the file ``name`` that a release would have there."""
        kind = mimetypes.guess_type(name)[0] or "text/plain"
        if name in (path.name for path in view.STATIC.iterdir()):
            return Made(files.read_bytes(view.STATIC / name), kind)
        if (found := re.fullmatch(r"search-(\w+)\.json", name)) and found[1] in view.LANGUAGES:
            return Made(search.index(self.site, found[1]), kind)
        if found := re.fullmatch(r"answers/([^/]+)\.csv", name):
            return self.api.question(asked._replace(values=(*asked.values, ("format", "csv"))), found[1])
        if found := re.fullmatch(r"answers/([^/]+?)(\.schema)?\.json", name):
            query = self.api.stored(found[1])
            answer = ask.question(self.engine, query, self.api.values(asked)).answer
            if isinstance(answer, Table):
                described = formats.schema(answer, query.summary, query.description) if found[2] else None
                return Made(described or formats.to_rows(answer), "application/json")
        if found := re.fullmatch(r"queries/([^/]+)\.rq", name):
            return Made(as_rdf.for_grlc(self.api.stored(found[1])).encode(), "application/sparql-query")
        if name == "shapes.ttl":
            return Made(forms.encode(published.graph(), "turtle"), media.FILES["turtle"])
        for form, suffix in forms.SUFFIXES.items():
            if name == f"euaikg{suffix}":
                return Made(export.whole(self.engine, form), media.FILES[form])
            if name == f"euaikg{suffix}.gz":
                return Made(b"".join(writing.packed([export.whole(self.engine, form)])), "application/gzip")
        raise RefusedError(404, f"There is nothing at {quote('/' + asked.path)}.")

    def _sparql(self, asked: Asked) -> Made:
        if asked.query is None:
            form, kind = media.chosen(asked, {**media.GRAPHS, **media.HTML})
            if form == "html":
                return Made(b"", "text/plain", 303, {"Location": "sparql.html"})
            return Made(forms.encode(description.triples(self.engine, asked.base), form), kind)
        query = asked.query
        shape = scanner.form(query)
        known = media.GRAPHS if shape in ("CONSTRUCT", "DESCRIBE") else media.RESULTS
        if shape == "SELECT":
            known = {**known, **media.TABLES}
        named = asked.all("format")  # clients that know more than one word for it send all of them
        form, kind = media.chosen(asked, known, named[-1] if named else None)
        reply = ask.sparql(self._dataset(asked), query)
        words = {*scanner.keywords(query)}
        told = {"X-Complete": "unknown" if words & {"LIMIT", "OFFSET"} else "complete"}
        if not isinstance(reply.answer, bool):
            told["X-Total-Count"] = str(len(reply.answer))
        if words & VOLATILE:
            told["Cache-Control"] = "no-store"
        return Made(formats.encode(reply.answer, form), kind, headers=told)

    def _dataset(self, asked: Asked) -> Embedded:
        """Return an engine over the graphs that the request names, all of which are to be there."""
        default, named = (
            [self._graph(iri) for iri in asked.all(name)] for name in ("default-graph-uri", "named-graph-uri")
        )
        return self.engine.over(default, named) if default or named else self.engine

    def _graph(self, iri: str) -> NamedNode:
        try:
            graph = NamedNode(iri)
        except ValueError:
            raise RefusedError(400, f"{quote(iri)} is no IRI of a graph.") from None
        if not self.engine.store.contains_named_graph(graph):
            raise RefusedError(400, f"There is no graph {quote(iri)} here, and none is fetched.")
        return graph

    def _ontology(self, asked: Asked, suffix: str | None) -> Made:
        if suffix is None:
            return _elsewhere(asked)
        form, kind = media.chosen(asked, media.GRAPHS, suffix)
        content = files.read_bytes(files.root() / "ontology" / "euai.ttl")
        triples = (quad.triple for quad in parse(content, format=RdfFormat.TURTLE))
        return Made(content if form == "turtle" else forms.encode(triples, form), kind)

    def _rdf(self, asked: Asked, path: str, suffix: str | None) -> Made:
        iri = vocab.BASE + path
        if not is_iri(iri):
            raise RefusedError(404, f"{quote(iri)} is no IRI.")
        question = self.api.stored(path.split("/")[1]) if path.startswith("query/") else None
        known = question or self.engine.run(IS_THERE.format(NamedNode(iri)))
        if suffix is None and known:
            return _elsewhere(asked)
        if not known or suffix == "html":
            return self.page(asked)
        form, kind = media.chosen(asked, media.GRAPHS, suffix)
        if question:
            return Made(forms.encode(as_rdf.describe([question]), form), kind)
        subject, name = ("document", "describe-document") if DOCUMENT.fullmatch(path) else ("thing", "describe-thing")
        answer = ask.question(self.engine, self.api.stored(name), {subject: iri, **asked.known("as_of")}).answer
        return Made(formats.encode(answer, form), kind)


def _elsewhere(asked: Asked) -> Made:
    """Return where the thing at the address is told of in the form that is accepted."""
    form, _ = media.chosen(asked, {**media.GRAPHS, **media.HTML})
    to = escaped(asked.path.rpartition("/")[2]) + suffixes.of(form)
    return Made(b"", "text/plain", 303, {"Location": to})
