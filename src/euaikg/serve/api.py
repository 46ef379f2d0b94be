"""The web API: the stored questions, and what else the commands know, as plain values or in their formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from euaikg.core.version import __version__
from euaikg.errors import QueryError, UnknownThingError, quote
from euaikg.questions import ask, finding, listing, names, searching, stored
from euaikg.questions import verify as verifying
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import native
from euaikg.serve import media, openapi
from euaikg.serve.media import Asked, Made, RefusedError, written
from euaikg.sparql import formats
from euaikg.sparql.answers import Triples
from euaikg.sparql.embedded import Embedded

RESERVED = ("format", "limit", "offset", "cite")
"""What every question takes beside its parameters."""


class Api:
    """Answers requests below ``/api/`` over the graph of ``engine``."""

    def __init__(self, engine: Embedded) -> None:
        self.engine = engine
        self._questions: dict[str, StoredQuery] = {}

    def start(self, asked: Asked) -> Made:
        """Say what there is."""
        asked.known()
        if not asked.path.endswith("/"):
            return Made(b"", "text/plain", 303, {"Location": "api/"})
        return _json({
            "version": __version__, "openapi": "openapi.json", "questions": "questions",
            "things": "things/AI%20Office", "search": "search?text=supercomputer",
            "ask": "ask?text=who+funds+GenAI4EU", "verify": "verify?thing=AI+Act&says=in+force&value=2024-08-01",
        })  # fmt: skip

    def described(self, asked: Asked) -> Made:
        """Return the description of all this."""
        asked.known()
        return _json(openapi.document(self.engine, stored.catalogue().values()))

    def listed(self, asked: Asked) -> Made:
        """List the stored questions, or those with a tag."""
        tag = asked.known("tag").get("tag")
        return _json([
            {"name": one.name, "summary": listing.told(one), "description": one.description, "tags": one.tags,
             "parameters": [openapi.parameter(each, []) for each in one.parameters], "href": f"questions/{one.name}"}
            for one in listing.tagged(tag)
        ])  # fmt: skip

    def question(self, asked: Asked, name: str) -> Made:
        """Answer the stored question ``name``."""
        query = self.stored(name)
        values = self.values(asked)
        limit, offset = _number(asked, "limit", 1), _number(asked, "offset", 0) or 0
        known = media.TRIPLES if query.form == "CONSTRUCT" else media.QUESTION
        form, kind = media.chosen(asked, known, asked.one("format"))
        cite = None if asked.one("cite") in (None, "", "false") else ask.way(form)
        most = None if limit is None else limit + offset
        reply = ask.question(self.engine, query, values, cite=cite, limit=most)
        if form in media.BIBLIOGRAPHIES:
            return Made(reply.bibliography(form), kind)
        answer = reply.answer
        if isinstance(answer, bool):
            return _json({"question": name, "answer": answer, "notes": reply.notes})
        total = reply.cut_from or len(answer)
        shown = answer[offset:]
        following = offset + len(shown)
        others = [(key, value) for key, value in asked.values if key != "offset"]
        after = "?" + urlencode([*others, ("offset", str(following))]) if following < total else None
        complete = "cut" if after else "complete"
        told = {"X-Complete": complete, "X-Total-Count": str(total)}
        if after:
            told["Link"] = f'<{after}>; rel="next"'
        if form != "json":
            form = form.removeprefix("sparql-")
            return Made(formats.encode(shown, form, reply.citations), kind, headers=told)
        table = shown.table() if isinstance(shown, Triples) else shown
        made = {
            "question": name, "asked": {key: [*map(native, terms)] for key, terms in reply.values.items()},
            "columns": table.variables, "rows": table.to_dicts(), "complete": complete, "total": total,
            "offset": offset, "next": after, "notes": reply.notes,
        }  # fmt: skip
        return Made(written(made), kind, headers=told)

    @staticmethod
    def values(asked: Asked) -> dict[str, list[str]]:
        """Return the values that are given for the parameters of a question."""
        values: dict[str, list[str]] = {}
        for key, value in asked.values:
            if key not in RESERVED and value:  # forms send what is left open as nothing
                values.setdefault(key, []).append(value)
        return values

    def stored(self, name: str) -> StoredQuery:
        """Return the stored question ``name``, which is read once."""
        if name not in self._questions:
            try:
                self._questions[name] = stored.get(name)
            except QueryError as error:
                raise RefusedError(404, str(error)) from None
        return self._questions[name]

    def thing(self, asked: Asked, name: str) -> Made:
        """Return the card of the thing ``name``."""
        given = asked.known("lang", "as_of", "valid_on", "section", "cite")
        section, cite = given.pop("section", None), given.pop("cite", "false") not in ("", "false")
        try:
            card = ask.card(self.engine, name, **given, cite=cite)
        except UnknownThingError as error:
            raise RefusedError(404, str(error)) from None
        return _json(card.to_dict(section))

    def found(self, asked: Asked) -> Made:
        """Find things by name."""
        given = asked.known("text", "kind", "lang", "limit", "offset")
        text, limit, offset = _needed(given, "text"), _number(asked, "limit", 1), _number(asked, "offset", 0) or 0
        found = searching.search(self.engine, text, given.get("kind"), lang=given.get("lang", "en"))
        shown = found[offset:][:limit]
        following = offset + len(shown)
        after = f"?{urlencode({**given, 'offset': following})}" if following < len(found) else None
        near = [] if found else names.nearest(text, names.names(self.engine), count=3)
        return _json({
            "text": text, "guess": found[0].guess if found else "", "results": [one.to_dict() for one in shown],
            "complete": "cut" if after else "complete", "total": len(found), "next": after, "nearest": near,
        })  # fmt: skip

    @cached_property
    def finder(self) -> finding.Finder:
        """What understands plain words."""
        return finding.Finder(self.engine)

    def meant(self, asked: Asked) -> Made:
        """Return the questions that plain words may mean, with their addresses."""
        given = asked.known("text", "lang")
        found = self.finder.find(_needed(given, "text"), given.get("lang"))
        candidates = [
            {"question": one.question, "values": one.values, "summary": one.summary, "score": round(one.score, 3),
             "missed": one.missed, "href": _way(one)} for one in found.candidates
        ]  # fmt: skip
        return _json({"sure": found.sure, "lang": found.lang, "missed": found.missed, "candidates": candidates})

    def verified(self, asked: Asked) -> Made:
        """Hold a claim against the documents."""
        given = asked.known("thing", "says", "value", "unit", "when", "as_of", "lang")
        thing, says = _needed(given, "thing"), _needed(given, "says")
        others = {key: value for key, value in given.items() if key not in ("thing", "says", "value")}
        return _json(verifying.verify(self.engine, thing, says, given.get("value"), **others).to_dict())


def _json(value: object) -> Made:
    return Made(written(value), "application/json")


def _number(asked: Asked, name: str, least: int) -> int | None:
    text = asked.one(name)
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < least:
        raise RefusedError(400, f"{name}: {quote(text)} is not a number from {least}.")
    return int(text)


def _needed(given: Mapping[str, str], name: str) -> str:
    if not given.get(name, "").strip():
        raise RefusedError(400, f"{name}: it is needed and missing.")
    return given[name]


def _way(found: finding.Candidate) -> str:
    """Return the address, beside ``/api/ask``, that answers as the command of the candidate does."""
    if found.question == "show":
        return f"things/{escaped(found.values['thing'][0], safe='')}"
    pairs = [(name, value) for name, several in found.values.items() for value in several]
    return f"{found.question if found.question == 'search' else f'questions/{found.question}'}?{urlencode(pairs)}"
