"""Stored queries: one question a file, plain SPARQL 1.1 under a ``#+`` header in YAML that grlc reads too.

The header says ``summary``, ``description`` and ``tags``, under ``also`` how people ask it, in English and Dutch, with
``THING`` and other parameters in capitals where a value stands, under ``shown`` which variables people see and in what
order, and under ``parameters`` what can be set, in the words of ``queries/parameters.yaml``. A parameter ``name`` is a
``VALUES ?name { default }`` block in the text (several, where the query has subqueries); ``UNDEF`` stands for any.
Values become RDF terms and are put into those blocks; nothing else of the text changes. A question may be another one
with values set (see :mod:`~euaikg.questions.presets`). A file whose header or text is broken stays in the catalogue
with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from euaikg.core import files, vocab
from euaikg.errors import ParameterError, QueryError, quote
from euaikg.questions import parameters, presets
from euaikg.questions.parameters import TYPES, Parameter
from euaikg.sparql import header as yaml_header
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import Value

KEYS = {"summary", "description", "tags", "also", "shown", "parameters", "asks", "as", "endpoint_in_url", "method"}
"""What a header may say."""

FIELDS = {"type", "scheme", "label", "example", "class", "was"}
"""What a header may say of a parameter."""

SUBJECTS = ("thing", "sector", "by", "for", "passage", "relation", "document", "kind")
"""What a question may be about, in this order; a document that only narrows the answer is not what it is about."""

TURNED = """
SELECT ?earlier ?later ?name WHERE {{
  VALUES ?earlier {{ {} }}
  VALUES ?later {{ {} }}
  {{ SELECT ?earlier (MIN(?on) AS ?first) {{ ?one euai:statedAt ?earlier ; euai:statedOn ?on }} GROUP BY ?earlier }}
  {{ SELECT ?later (MIN(?on) AS ?second) {{ ?two euai:statedAt ?later ; euai:statedOn ?on }} GROUP BY ?later }}
  ?later skos:prefLabel ?name
  FILTER(?first > ?second && LANG(?name) = "en")
}}
"""


@dataclass(frozen=True)
class StoredQuery:
    """A stored query with its whole text; ``error`` says why it cannot be asked, where that is so.

    ``shown`` are the variables whose columns people see, in this order; without any they see all.
    """

    name: str
    path: Path
    text: str
    form: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    error: str | None = None

    def called(self, name: str) -> list[Parameter]:
        """Return the parameter ``name``, or those that an earlier word stands for.

        ``asOf`` may be written ``as_of`` and ``as-of`` too, and ``for`` as ``for_``, since Python keeps that word to
        itself. Raises :class:`QueryError` with those there are where it is unknown.
        """
        joined = re.sub(r"(?<=.)[_-]([a-z])", lambda match: match[1].upper(), name.rstrip("_"))
        for among in (lambda parameter: (parameter.name,), lambda parameter: parameter.was):
            found = [parameter for parameter in self.parameters if {name, joined} & {*among(parameter)}]
            if found:
                return found
        there = ", ".join(parameter.name for parameter in self.parameters) or "none"
        raise QueryError(f"The query {self.name} has no parameter {quote(name)}; it has: {there}.")

    @property
    def subject(self) -> Parameter | None:
        """The parameter for what the question is about, the first it has of :data:`SUBJECTS`."""
        there = {
            parameter.name: parameter
            for parameter in self.parameters
            if parameter.name != "document" or not parameter.label.startswith("Only")
        }
        return next((there[name] for name in SUBJECTS if name in there), None)


def catalogue() -> dict[str, StoredQuery]:
    """Return the stored queries by name, broken ones too."""
    return {path.stem: parse(path) for path in paths()}


def headers() -> list[StoredQuery]:
    """Return the stored queries as far as their headers tell, without texts, and without those that are broken.

    That takes a fraction of the time of :func:`catalogue`; of a parameter the default is not known.
    """
    found = []
    for path in paths():
        with suppress(QueryError):
            found.append(_headed(path, _header(files.read_text(path))))
    return found


def paths() -> list[Path]:
    """Return the files of the stored queries, sorted by name."""
    return files.shipped("queries", ".rq")


def get(name: str) -> StoredQuery:
    """Return the stored query ``name``; raise :class:`QueryError` where it is unknown or broken."""
    there = {path.stem: path for path in paths()}
    if name not in there:
        import difflib

        if any(name in query.tags for query in catalogue().values()):
            raise QueryError(f"{quote(name)} is a tag, not a question; “euaikg query --tag {name}” lists what has it.")
        near = difflib.get_close_matches(name[:100].lower(), there, n=3, cutoff=0.4)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        raise QueryError(f"There is no stored query {quote(name)}.{hint} “euaikg query” lists them all.")
    query = parse(there[name])
    if query.error:
        raise QueryError(f"The stored query {name} is broken: {query.error}")
    return query


def parse(path: Path) -> StoredQuery:
    """Return the stored query in ``path``, with ``error`` set where header or text are not as they should be."""
    text = files.read_text(path)
    try:
        header = _header(text)
        return _headed(path, header, _whole(text, path))
    except QueryError as error:
        return StoredQuery(name=path.stem, path=path, text=text, error=str(error))


def _headed(path: Path, header: Mapping[str, Any], text: str | None = None) -> StoredQuery:
    """Return the stored query of ``path`` with what its ``header`` says, and with its ``text``, where that is read."""
    made = tuple(_parameters(header, text))
    return StoredQuery(
        name=path.stem,
        path=path,
        text=text or "",
        form=scanner.form(text) if text else "",
        summary=_word(header, "summary"),
        description=_word(header, "description"),
        tags=tuple(_phrases(header, "tags")),
        also=tuple(_also(header, made)),
        shown=_shown(yaml_header.read(text) if "asks" in header else header, text) if text else (),
        parameters=made,
    )


def _phrases(header: Mapping[str, Any], key: str) -> list[str]:
    phrases = header.get(key) or []
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise QueryError(f"“{key}” in the header must be a list of phrases.")
    return phrases


def _also(header: Mapping[str, Any], made: Iterable[Parameter]) -> Iterable[str]:
    """Yield the phrases under “also”, in which only parameters that there are may stand in capitals."""
    others = {name.upper() for name in words()} - {parameter.name.upper() for parameter in made}
    for phrase in _phrases(header, "also"):
        for word in phrase.split():
            if word in others:
                raise QueryError(f"the phrase “{phrase}” has {word}, which is no parameter of this question.")
        yield phrase


def _whole(text: str, path: Path) -> str:
    def read(name: str) -> str:
        other = path.with_name(f"{name}.rq")
        if not other.is_file():
            raise ValueError(f"it asks {name}, which does not exist")
        return files.read_text(other)

    try:
        return presets.expanded(text, read)
    except ValueError as error:
        raise QueryError(f"{error}.") from None


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """Return what ``queries/parameters.yaml`` says of each word in which questions are asked."""
    return yaml_header.parsed(files.read_text(files.root() / "queries" / "parameters.yaml"))


def _header(text: str) -> Mapping[str, Any]:
    header = yaml_header.read(text)
    unknown = sorted(set(header) - KEYS, key=str)
    if unknown:
        raise QueryError(f"the header has the unknown key “{unknown[0]}”.")
    return header


def _word(header: Mapping[str, Any], key: str) -> str:
    value = header.get(key)
    if not isinstance(value, str) or not value.strip():
        raise QueryError(f"the header lacks “{key}”.")
    return " ".join(value.split())


def _shown(header: Mapping[str, Any], text: str) -> tuple[str, ...]:
    named = header.get("shown", [])
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise QueryError(f"“shown” in the header must list variables, not say “{named}”.")
    there = scanner.selected(text)
    if odd := [name for name in named if name not in there]:
        raise QueryError(f"“shown” in the header names {odd[0]}, which the text does not select.")
    if twice := [name for at, name in enumerate(named) if name in named[:at]]:
        raise QueryError(f"“shown” in the header names {twice[0]} twice.")
    return tuple(named)


def _parameters(header: Mapping[str, Any], text: str | None) -> Iterable[Parameter]:
    described = header.get("parameters") or {}
    if not isinstance(described, dict):
        raise QueryError("“parameters” in the header must name each parameter.")
    places = scanner.blocks(text) if text is not None else None
    for name, own in described.items():
        if not isinstance(name, str):
            raise QueryError(f"“parameters” in the header has “{name}” where the name of a parameter should be.")
        if not isinstance(own, dict | None):
            raise QueryError(f"the parameter {name} must say its fields, not “{own}”.")
        said = {**words().get(name, {}), **(own or {})}
        fields = {key: value for key, value in said.items() if value is not None}
        default = "" if text is None or places is None else _default(name, text, places)
        missing = [key for key in ("type", "label", "example") if not fields.get(key)]
        if missing:
            raise QueryError(f"the parameter {name} lacks “{missing[0]}”.")
        if odd := [key for key, value in fields.items() if not _is_text(value) and key != "example"]:
            raise QueryError(f"the parameter {name} has no text in “{odd[0]}”.")
        if unknown := sorted(set(fields) - FIELDS, key=str):
            raise QueryError(f"the parameter {name} has the unknown field “{unknown[0]}”.")
        if fields["type"] not in TYPES:
            raise QueryError(f"the parameter {name} has the unknown type “{fields['type']}”.")
        if (fields["type"] == "code") != ("scheme" in fields):
            raise QueryError(f"the parameter {name}: “scheme” goes with the type code, and only with it.")
        yield Parameter(
            name,
            fields["type"],
            fields["label"],
            str(fields["example"]),
            default,
            fields.get("scheme"),
            tuple(_class(name, kind) for kind in _listed(fields.get("class"))),
            tuple(_listed(fields.get("was"))),
        )


def _default(name: str, text: str, places: Mapping[str, Iterable[tuple[int, int]]]) -> str:
    if name not in places:
        raise QueryError(f"the parameter {name} has no VALUES ?{name} {{ }} block in the text.")
    contents = {" ".join(text[start:end].split()) for start, end in places[name]}
    if len(contents) > 1:
        raise QueryError(f"the VALUES blocks of {name} differ: {' / '.join(sorted(contents))}.")
    return contents.pop()


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _listed(value: str | list[str] | None) -> list[str]:
    """Return one or several words of a header as a list."""
    return [value] if isinstance(value, str) else value or []


def _class(parameter: str, name: str) -> str:
    iri = vocab.expand(name)
    if iri is None:
        raise QueryError(f"the parameter {parameter} names the unknown class “{name}”.")
    return iri


def bind(query: StoredQuery, values: Mapping[str, Iterable[str]], engine: Engine) -> str:
    """Return the text of ``query`` with ``values`` in place of the defaults of the parameters named.

    A value that is given twice, be it under two names, counts once. Raises :class:`QueryError` for an unknown
    parameter, a value of the wrong type or a second day or number, and :class:`UnknownThingError` for a name that
    nothing in the graph has.
    """
    return scanner.fill(query.text, resolved(query, values, engine))


def resolved(query: StoredQuery, values: Mapping[str, Iterable[str]], engine: Engine) -> dict[str, list[Value]]:
    """Return the RDF terms that ``values`` stand for by the names of the parameters, refusing as :func:`bind` does."""
    terms: dict[str, list[Value]] = {}
    for name, texts in values.items():
        given = list(texts)
        for parameter in query.called(name):
            found = [term for text in given for term in parameters.terms(parameter, text, engine)]
            there = terms[parameter.name] = list(dict.fromkeys([*terms.get(parameter.name, []), *found]))
            if len(there) > 1 and not parameter.is_repeatable:
                raise ParameterError(parameter.name, f"“{query.name}” takes one value, not {len(there)}.")
    return terms


def put_in_order(query: StoredQuery, terms: dict[str, list[Value]], engine: Engine) -> str:
    """Let the older of two documents be the earlier one in ``terms``; return a sentence where it was the later one."""
    pair = {one.name: one.default for one in query.parameters if one.name in ("earlier", "later")}
    if len(pair) < 2 or any(len(terms.get(name, [name])) != 1 for name in pair):
        return ""
    places = [" ".join(map(scanner.write, terms.get(name, []))) or pair[name] for name in ("earlier", "later")]
    for row in engine.select(scanner.with_prefixes(TURNED.format(*places))).to_dicts():
        terms |= {"earlier": [NamedNode(str(row["later"]))], "later": [NamedNode(str(row["earlier"]))]}
        return f"{row['name']} is the older one, so it is the earlier document here."
    return ""
