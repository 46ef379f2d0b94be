"""The web API said in OpenAPI 3.1, made from the headers of the stored questions and the graph's code lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from euaikg.core.version import __version__
from euaikg.core.vocab import short
from euaikg.questions import parameters
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.serve import media
from euaikg.sparql.embedded import Engine

TEXT: Mapping[str, Any] = {"type": "string"}
LANG: Mapping[str, Any] = {"type": "string", "enum": [*parameters.LANGUAGES], "default": "en"}
DAY: Mapping[str, Any] = {"type": "string", "examples": ["2024-12-31", "2025-Q2", "2025"]}

TYPES: Mapping[str, Mapping[str, Any]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
"""The JSON Schema of the types of parameters that are no plain texts."""

PAGING = (
    ("limit", "Only so many rows", {"type": "integer", "minimum": 1, "maximum": 999_999_999}),
    ("offset", "After so many rows", {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0}),
)

OTHERS: Mapping[str, tuple[str, str, Sequence[tuple[str, str, Mapping[str, Any]]], tuple[str, ...]]] = {
    "things/{thing}": ("thing", "One thing on a card, with who says so", (
        ("lang", "Language of names", LANG), ("as_of", "Only what documents said up to this day", DAY),
        ("valid_on", "Only stages that surely hold on this day", DAY),
        ("section", "Only this part, such as money", TEXT),
        ("cite", "Say how each source is cited", {"type": "boolean"})), ()),
    "search": ("search", "Things by any of their names, and by what is said of them", (
        ("text", "Words that all must occur", {**TEXT, "examples": ["supercomputer"]}),
        ("kind", "Only of this class", TEXT), ("lang", "Language of names", LANG), *PAGING), ("text",)),
    "ask": ("ask", "The stored questions that plain words may mean, the likeliest first", (
        ("text", "A question in English or Dutch", {**TEXT, "examples": ["who funds GenAI4EU"]}),
        ("lang", "Language of the answers", LANG)), ("text",)),
    "verify": ("verify", "A claim held against what documents say", (
        ("thing", "What the claim is about", {**TEXT, "examples": ["AI Act"]}),
        ("says", "A relation, measure, kind of money, stage, or target", {**TEXT, "examples": ["in force"]}),
        ("value", "A thing, a figure, or a time", {**TEXT, "examples": ["2024-08-01"]}),
        ("unit", "The unit of a figure", TEXT), ("when", "The time of a figure or stage", TEXT),
        ("as_of", "Only what documents said up to this day", DAY), ("lang", "Language of names", LANG)),
        ("thing", "says")),
    "questions": ("questions", "The stored questions", (("tag", "Only those with this tag", TEXT),), ()),
}  # fmt: skip
"""What there is beside questions: its name, summary, parameters, and which of these are needed."""

ROWS: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "question": TEXT,
        "asked": {"type": "object", "description": "the terms that the values were taken for"},
        "columns": {"type": "array", "items": TEXT},
        "rows": {"type": "array", "items": {"type": "object"}},
        "complete": {"enum": ["complete", "cut", "unknown"]},
        "total": {"type": "integer"},
        "offset": {"type": "integer"},
        "next": {"type": ["string", "null"], "description": "where the rows that follow are"},
        "notes": {"type": "array", "items": TEXT},
    },
    "required": ["question", "columns", "rows", "complete", "total", "next", "notes"],
}

PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
    "required": ["title", "status", "detail"],
}

ERRORS = {
    "400": "A value that cannot be one, or an unknown parameter; the sentence has the nearest",
    "404": "There is no such question or thing",
    "406": "Not in this format",
    "503": "Too many ask at once; Retry-After says when to ask again",
    "504": "The answer took longer than it may",
}


def parameter(one: Parameter, choices: Sequence[str]) -> dict[str, Any]:
    """Return how OpenAPI describes the parameter ``one`` of a question; without ``choices`` it takes any value."""
    shape: dict[str, Any] = {**TYPES.get(one.type, TEXT)}
    if one.type not in TYPES and choices and one.type != "begin" and one.type != "end":
        shape["enum"] = [*choices]
    if not one.is_open:
        shape["default"] = short(one.default.strip('"<>'))
    about = f"{one.label} (a code of {one.scheme})" if one.scheme else one.label
    return {
        "name": one.name, "in": "query", "description": about, "example": one.example,
        "schema": {"type": "array", "items": shape} if one.is_repeatable else shape,
    }  # fmt: skip


def document(engine: Engine, questions: Iterable[StoredQuery]) -> dict[str, Any]:
    """Return the description of the whole API over the graph of ``engine``."""
    known: dict[tuple[str, str | None], list[str]] = {}
    paths: dict[str, Any] = {}
    for question in questions:
        made = []
        for one in question.parameters:
            key = one.type, one.scheme
            if key not in known:
                known[key] = parameters.allowed(one, engine)
            made.append(parameter(one, known[key]))
        formats = media.TRIPLES if question.form == "CONSTRUCT" else media.QUESTION
        made += [
            _parameter("format", "In place of Accept", {"type": "string", "enum": [*formats]}),
            _parameter("cite", "Say in a column how the places are cited", {"type": "boolean"}),
            *(_parameter(*each) for each in PAGING),
        ]
        paths[f"/questions/{question.name}"] = _operation(
            f"question-{question.name}", question.summary, made, {"$ref": "#/components/schemas/Rows"}, formats,
            description=question.description, tags=[*question.tags],
        )  # fmt: skip
    for path, (name, summary, takes, needed) in OTHERS.items():
        made = [_parameter(key, about, shape, key in needed) for key, about, shape in takes]
        if "{" in path:
            made.append(
                {**_parameter("thing", "A name, a short form or an IRI", TEXT, True, "AI Office"), "in": "path"}
            )
        kind = {"type": "array"} if name == "questions" else {"type": "object"}
        paths[f"/{path}"] = _operation(name, summary, made, kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "euaikg", "version": __version__, "summary": "EU initiatives on AI, with who says so",
                 "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}},
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {"schemas": {"Rows": ROWS, "Problem": PROBLEM}},
    }  # fmt: skip


def _parameter(
    name: str, about: str, shape: Mapping[str, Any], needed: bool = False, example: str | None = None
) -> dict[str, Any]:
    shape = {**shape, "pattern": r"\S"} if needed else shape  # not a text of nothing
    made = {"name": name, "in": "query", "description": about, "required": needed, "schema": shape}
    return made if example is None else {**made, "example": example}


def _operation(
    name: str,
    summary: str,
    takes: list[Any],
    gives: Mapping[str, Any],
    formats: media.Formats = media.PLAIN,
    **more: Any,
) -> dict[str, Any]:
    content = {types[0]: {"schema": gives if form == "json" else TEXT} for form, types in formats.items()}
    problems = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"get": {
        "operationId": name, "summary": summary, **more, "parameters": takes,
        "responses": {
            "200": {"description": "The answer", "content": content},
            "304": {"description": "Nothing has changed"},
            **{status: {"description": told, "content": problems} for status, told in ERRORS.items()},
        },
    }}  # fmt: skip
