"""The stored questions as tables: all of them, or what can be set in one."""

from __future__ import annotations

import re
from keyword import iskeyword

from pyoxigraph import Literal

from euaikg.errors import QueryError, quote
from euaikg.questions import stored
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import Term
from euaikg.sparql.answers import Table


def tagged(tag: str | None) -> list[StoredQuery]:
    """Return the stored questions, or those with ``tag``; raise :class:`QueryError` where there are none."""
    questions = list(stored.catalogue().values())
    if tag is None:
        return questions
    chosen = [question for question in questions if tag.lower() in question.tags]
    if not chosen:
        raise QueryError(f"No question has the tag {quote(tag)}; the tags are: {', '.join(tags(questions))}.")
    return chosen


def tags(questions: list[StoredQuery]) -> list[str]:
    """Return the tags of the ``questions``, sorted."""
    return sorted({tag for question in questions for tag in question.tags})


def told(question: StoredQuery) -> str:
    """Return what people are told of ``question`` in one line."""
    return f"BROKEN: {question.error}" if question.error else question.summary


def questions(tag: str | None = None) -> Table:
    """Return the stored questions, or those with ``tag``: their names, summaries, parameters and tags."""
    rows = [
        (question.name, told(question), ", ".join(map(_keyword, question.parameters)), ", ".join(question.tags))
        for question in tagged(tag)
    ]
    return Table(("question", "summary", "parameters", "tags"), [_row(*row) for row in rows])


def parameters(name: str) -> Table:
    """Return what can be set in the stored question ``name``; raise :class:`QueryError` where it is unknown."""
    rows = [
        (
            _keyword(parameter),
            parameter.label,
            f"a code of {parameter.scheme}" if parameter.scheme else parameter.type,
            "any" if parameter.is_open else parameter.default.strip('"'),
            parameter.example,
        )
        for parameter in stored.get(name).parameters
    ]
    return Table(("parameter", "summary", "type", "default", "example"), [_row(*row) for row in rows])


def _keyword(parameter: Parameter) -> str:
    """Return the name of ``parameter`` as Python writes it: ``as_of``, ``for_``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", parameter.name).lower()
    return f"{spaced}_" if iskeyword(spaced) else spaced


def _row(*cells: str) -> tuple[Term | None, ...]:
    return tuple(Literal(cell) if cell else None for cell in cells)
