"""Views: nested JSON about the things of one kind, made by JSON-LD framing from the plain files ``ontology/frames``.

A frame says which classes a view shows, which properties of theirs, and what of the things these lead to; under the
options :data:`OPTIONS` any JSON-LD processor makes the same of it. Framing looks at every thing for every link that
it follows backwards, so it is given, a few things at a time, just what the frame can reach.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from euaikg.core import files
from euaikg.core.groups import by_key
from euaikg.core.progress import Progress, silent
from euaikg.core.vocab import short
from euaikg.errors import InputError, OutputError, UnknownThingError, cut
from euaikg.rdf import jsonld
from euaikg.rdf.ntriples import TYPE_TOKEN, Token, grouped

OPTIONS: dict[str, Any] = {"embed": "@always", "explicit": True, "omitDefault": True, "omitGraph": False}
"""What the frames are written for."""

AT_ONCE = 200
"""How many things, those that others lead to among them, are framed at once."""


BLANK = "urn:euaikg:blank:"
"""Begins what stands for a blank node while it is framed, since a frame can name only IRIs."""

Things = dict[Token, dict[Token, list[Token]]]
Json = dict[str, Any]


def views() -> list[str]:
    """Return the names of the views there are."""
    return [path.stem for path in files.shipped("ontology/frames", ".jsonld")]


def view(lines: Iterable[bytes], name: str, about: str | None = None, progress: Progress = silent) -> bytes:
    """Return the view ``name`` of sorted ``lines`` of N-Triples as JSON-LD.

    It shows all things of its classes, or the one with the IRI ``about``.

    ``progress`` is told how many things are done, and of how many. Raises :class:`InputError` for an unknown
    view, :class:`UnknownThingError` for a thing that the view is not made for, and :class:`OutputError` for what
    JSON-LD cannot hold, or not in the place of a thing.
    """
    if name not in views():
        raise InputError(f"There is no view “{name}”; there are: {', '.join(views())}.")
    from pyld import jsonld as pyld  # type: ignore[import-untyped]

    frame = json.loads(files.read_text(files.root() / "ontology" / "frames" / f"{name}.jsonld"))
    options = {**OPTIONS, "documentLoader": _bundled}
    (expanded,) = pyld.expand(frame, {**options, "isFrame": True})
    things = {
        _as_iri(subject): by_key((predicate, _as_iri(token)) for predicate, token in facts)
        for subject, facts in grouped(lines)
    }
    kinds = {f"<{kind}>" for kind in expanded["@type"]}
    roots = [thing for thing, facts in things.items() if kinds.intersection(facts.get(TYPE_TOKEN, []))]
    if about is not None:
        if f"<{about}>" not in roots:
            terms = ", ".join(frame["type"])
            raise UnknownThingError(f"The view {name} shows things of the class {terms}; {short(about)} is none.")
        roots = [f"<{about}>"]
    nodes: list[Json] = []
    for batch, reached in _batches(things, roots, expanded):
        only = {**frame, "id": [jsonld.identifier(root) for root in batch]}
        try:
            nodes += pyld.frame(reached, only, options)["@graph"]
        except pyld.JsonLdError as error:
            raise OutputError(f"The view {name} cannot be made: {' '.join(str(error.args[0]).split())}") from None
        progress(f"{name}: {len(nodes)} of {len(roots)}")
    known = {**jsonld.context(), **frame["@context"][1]}
    texts = [json.dumps(_arranged(node, frame), ensure_ascii=False, indent=2) for node in nodes]
    body = ",".join("\n" + textwrap.indent(text, "    ") for text in texts).replace(f'"{BLANK}', '"_:')
    return f"{jsonld.heading(known, set(_words(nodes)))}{body}\n  ]\n}}\n".encode()


def _as_iri(token: Token) -> Token:
    return f"<{BLANK}{token[2:]}>" if token.startswith("_:") else token


def _plain(token: Token) -> str:
    return token[1:-1].replace(BLANK, "_:")


def _bundled(url: str, _: Json) -> Json:
    if url != jsonld.CONTEXT_IRI:
        raise InputError(f"The context {url} is not bundled, and nothing is fetched.")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": jsonld.context()},
    }


def _batches(things: Things, roots: list[Token], frame: Json) -> Iterator[tuple[list[Token], list[Json]]]:
    """Yield a few of ``roots`` at a time with what the frame can reach from them, as expanded JSON-LD."""
    backwards: dict[tuple[Token, Token], list[Token]] = {}
    followed = {f"<{iri}>" for iri in _reversed(frame)}
    for thing, facts in things.items():
        for predicate in followed.intersection(facts):
            for token in facts[predicate]:
                if token.startswith('"'):
                    raise OutputError(
                        f"No view can follow {short(predicate[1:-1])} from the value {cut(token)} of {_plain(thing)}; "
                        "give it a thing there."
                    )
                backwards.setdefault((predicate, token), []).append(thing)
    wanted: dict[Token, set[Token]] = {}

    def reach(thing: Token, frame: Json) -> None:
        facts = things.get(thing, {})
        here = wanted.setdefault(thing, {TYPE_TOKEN})
        for key, (inner, *_) in _inner(frame):
            here.add(key)
            for token in facts.get(key, []):
                if not token.startswith('"'):
                    reach(token, inner)
        for iri, (inner, *_) in frame.get("@reverse", {}).items():
            for other in backwards.get((f"<{iri}>", thing), []):
                wanted.setdefault(other, {TYPE_TOKEN}).add(f"<{iri}>")
                reach(other, inner)

    batch = []
    for root in roots:
        reach(root, frame)
        batch.append(root)
        if len(wanted) >= AT_ONCE or root == roots[-1]:
            yield batch, [_expanded(thing, things.get(thing, {}), keys) for thing, keys in sorted(wanted.items())]
            wanted.clear()
            batch = []


def _inner(frame: Json) -> Iterator[tuple[Token, list[Json]]]:
    return ((f"<{key}>", inner) for key, inner in frame.items() if not key.startswith("@"))


def _reversed(frame: Json) -> Iterator[str]:
    inner = [frames for _, frames in _inner(frame)]
    yield from frame.get("@reverse", {})
    for within, *_ in [*inner, *frame.get("@reverse", {}).values()]:
        yield from _reversed(within)


def _expanded(thing: Token, facts: dict[Token, list[Token]], keys: set[Token]) -> Json:
    """Return one thing as expanded JSON-LD, with the properties ``keys``."""
    node: Json = {"@id": jsonld.identifier(thing)}
    for predicate in sorted(keys.intersection(facts)):
        if predicate == TYPE_TOKEN:
            node["@type"] = [jsonld.identifier(token) for token in facts[predicate]]
        else:
            node[predicate[1:-1]] = [jsonld.expanded(token) for token in facts[predicate]]
    return node


def _words(content: object) -> Iterator[str]:
    """Yield the keys and the classes in ``content``."""
    if isinstance(content, list):
        for item in content:
            yield from _words(item)
    elif isinstance(content, dict):
        for key, inner in content.items():
            yield key
            if key == "type":
                yield from [inner] if isinstance(inner, str) else inner
            yield from _words(inner)


def _arranged(content: Any, frame: Any) -> Any:
    """Return ``content`` with its keys in the order of ``frame``."""
    if isinstance(content, list):
        return [_arranged(item, frame) for item in content]
    if not isinstance(content, dict):
        return content
    frame = frame if isinstance(frame, dict) else {}
    order = {key: place for place, key in enumerate(["id", "type", *(key for key in frame if key != "type")])}
    keys = sorted(content, key=lambda key: (order.get(key, len(order)), key))
    return {key: _arranged(content[key], frame.get(key)) for key in keys}
