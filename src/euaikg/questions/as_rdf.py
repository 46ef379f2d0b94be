"""The stored queries as data: RDF that describes each, for portals and editors that collect example queries.

The form is that of the collection sib-swiss/sparql-examples, whose terms are SHACL's and schema.org's: an
``sh:SPARQLExecutable`` with its text, a comment, keywords and, where one is given, the endpoint that answers it. The
text stands there with its defaults and runs as it is; its parameters are described beside it (``sh:Parameter``).

Servers of the kind of grlc make a web API of a folder of queries; :func:`for_grlc` writes each as they read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from euaikg.core import vocab
from euaikg.errors import QueryError
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.sparql import scanner

QUERY = vocab.BASE + "query/"

_SCHEMA = "https://schema.org/"
_PREFIXES = QUERY + "prefixes"
_DATATYPES = {
    "date": "date", "begin": "date", "end": "date", "integer": "integer", "decimal": "decimal", "boolean": "boolean",
}  # fmt: skip
_GRLC = {
    "iri": "iri", "code": "iri", "passage": "iri", "date": "xsd_date", "begin": "xsd_date", "end": "xsd_date",
    "integer": "integer", "decimal": "xsd_decimal", "boolean": "xsd_boolean",
}  # fmt: skip
"""How grlc calls the types of parameters; all others are texts."""

_PREFIX_LINE = re.compile(r"^PREFIX\s+(\w+):\s*<([^>]*)>", re.MULTILINE)


def describe(catalogue: Iterable[StoredQuery], target: str | None = None) -> list[Triple]:
    """Return triples that describe the queries of ``catalogue``; ``target`` is the address of an endpoint for them.

    Raises :class:`QueryError` for a query that is broken.
    """
    triples: list[Triple] = []
    declared: dict[str, str] = {}
    for query in catalogue:
        if query.error:
            raise QueryError(f"The stored query {query.name} is broken: {query.error}")
        declared |= dict(_PREFIX_LINE.findall(query.text))
        triples += _query(query, target)
    return triples + list(_declarations(declared))


def text_of(whole: str) -> str:
    """Return the SPARQL text of a stored query from its ``whole`` text, without its header."""
    return "\n".join(line for line in whole.splitlines() if not line.startswith("#+")).strip() + "\n"


def for_grlc(query: StoredQuery, endpoint: str | None = None) -> str:
    """Return the whole text of ``query`` so that grlc offers its parameters, and any engine answers it as it is.

    The variable ``?__name_type`` is where grlc writes a value; left alone it is unbound, and the default holds. A code
    takes in those that are narrower here too.
    ``endpoint`` is the address that grlc is to ask.
    """
    edits = []
    for parameter in query.parameters:
        given = f"?__{parameter.name}_{_GRLC.get(parameter.type, 'literal')}"
        inside = f"BIND({given} AS ?{parameter.name})"
        if not parameter.is_open:
            inside = f"VALUES ?usual {{ {parameter.default} }} BIND(COALESCE({given}, ?usual) AS ?{parameter.name})"
        if parameter.type == "code":
            inside = inside.replace(f"AS ?{parameter.name})", "AS ?broad)")
            above = f"(<{vocab.SKOS}broader>|^<{vocab.SKOS}narrower>)*"
            listed = f"?code <{vocab.SKOS}inScheme> ?list ; {above} ?above FILTER(?above = ?broad)"
            inside += f" OPTIONAL {{ {listed} }}"
            inside += f" BIND(COALESCE(?code, ?broad) AS ?{parameter.name})"
        for start, end in scanner.blocks(query.text)[parameter.name]:
            block = f"{{ SELECT DISTINCT ?{parameter.name} {{ {inside} }} }}"
            edits.append((query.text.rindex("VALUES", 0, start), end + 1, block))
    body = text_of(scanner.edited(query.text, edits))
    if "xsd:" not in {token.text for token in scanner.tokens(body)}:
        body = f"PREFIX xsd: <{vocab.XSD}>\n{body}"
    header = [line for line in query.text.splitlines() if line.startswith("#+")]
    if endpoint:
        header.append(f"#+ endpoint: {endpoint}")
    defaults = {parameter.name: _terms(query, parameter) for parameter in query.parameters if not parameter.is_open}
    usual = [f"#+   - {name}: {json.dumps(terms[0].value)}" for name, terms in defaults.items() if len(terms) == 1]
    return "\n".join([*header, *(["#+ defaults:", *usual] if usual else []), "", body])


def _query(query: StoredQuery, target: str | None) -> Iterator[Triple]:
    about = NamedNode(QUERY + query.name)
    form = query.form.capitalize()

    def say(predicate: str, value: NamedNode | Literal) -> Triple:
        return Triple(about, NamedNode(predicate), value)

    yield say(vocab.TYPE.value, NamedNode(vocab.SH + "SPARQLExecutable"))
    yield say(vocab.TYPE.value, NamedNode(f"{vocab.SH}SPARQL{form}Executable"))
    yield say(vocab.RDFS + "comment", Literal(query.summary, language="en"))
    yield say(vocab.DCT + "description", Literal(query.description, language="en"))
    yield say(vocab.DCT + "identifier", Literal(query.name))
    yield say(vocab.SH + "prefixes", NamedNode(_PREFIXES))
    yield say(vocab.SH + query.form.lower(), Literal(text_of(query.text)))
    for tag in query.tags:
        yield say(_SCHEMA + "keywords", Literal(tag))
    if target:
        yield say(_SCHEMA + "target", NamedNode(target))
    for parameter in query.parameters:
        part = NamedNode(f"{QUERY}{query.name}/parameter/{parameter.name}")
        yield say(vocab.SH + "parameter", part)
        for predicate, value in _parameter(query, parameter):
            yield Triple(part, NamedNode(predicate), value)


def _parameter(query: StoredQuery, parameter: Parameter) -> Iterator[tuple[str, NamedNode | Literal]]:
    yield vocab.TYPE.value, NamedNode(vocab.SH + "Parameter")
    yield vocab.SH + "path", NamedNode(f"{QUERY}parameter/{parameter.name}")
    yield vocab.SH + "name", Literal(parameter.name)
    yield vocab.SH + "description", Literal(parameter.label, language="en")
    yield vocab.SH + "optional", Literal(True)
    yield vocab.SKOS + "example", Literal(parameter.example)
    if parameter.type in ("iri", "code", "passage"):
        yield vocab.SH + "nodeKind", NamedNode(vocab.SH + "IRI")
    else:
        yield vocab.SH + "datatype", NamedNode(vocab.XSD + _DATATYPES.get(parameter.type, "string"))
    if parameter.scheme:
        yield vocab.RDFS + "seeAlso", NamedNode(f"{vocab.BASE}id/{parameter.scheme}")
    defaults = [] if parameter.is_open else _terms(query, parameter)
    if len(defaults) == 1:  # SHACL allows one; of several, only the text of the query tells
        yield vocab.SH + "defaultValue", defaults[0]


def _terms(query: StoredQuery, parameter: Parameter) -> list[NamedNode | Literal]:
    """Return the terms that the text inside the VALUES block of ``parameter`` stands for."""
    lines = "\n".join(match.group() for match in _PREFIX_LINE.finditer(query.text))
    found = Store().query(f"{lines}\nSELECT ?value {{ VALUES ?value {{ {parameter.default} }} }}")
    assert isinstance(found, QuerySolutions)
    return [solution["value"] for solution in found]


def _declarations(prefixes: dict[str, str]) -> Iterator[Triple]:
    for prefix, namespace in sorted(prefixes.items()):
        node = NamedNode(f"{_PREFIXES}/{prefix}")
        yield Triple(NamedNode(_PREFIXES), NamedNode(vocab.SH + "declare"), node)
        yield Triple(node, NamedNode(vocab.SH + "prefix"), Literal(prefix))
        yield Triple(
            node, NamedNode(vocab.SH + "namespace"), Literal(namespace, datatype=NamedNode(vocab.XSD + "anyURI"))
        )
