"""The surface of SPARQL and Turtle text: tokens, and what can be told from them without running anything.

Values never become part of a query as text; :func:`fill` puts serialised RDF terms into ``VALUES`` blocks that the
query already has, found by token so that strings, comments and IRIs cannot mislead it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from euaikg.core.vocab import prefixes
from euaikg.errors import QueryError

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<string>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%-](?:[\w.:%-]*[\w:%-])?|\\.)*)
    |(?P<tag>@[A-Za-z][A-Za-z0-9-]*)
    |(?P<word>[^\W\d_]\w*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\\\(?P<letter>[uU])|\\u(?P<digits>[0-9A-F]{4})|\\.", re.DOTALL)

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")

_STEPS = frozenset(["UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "EXISTS", *"!+-*/|&^"])

ADDED = "# prefixes of the project\n"
"""Ends the line in front of a user's query that declares prefixes for it."""

DEEPEST, MOST_STEPS = 250, 1000
"""How deep brackets may stand in each other, and how many steps of an expression or a pattern a query may have."""

Value = NamedNode | Literal


class Token(NamedTuple):
    """One token: its kind (``iri``, ``string``, ``variable``, ``name``, ``word`` ...), text and start."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of SPARQL, Turtle or TriG ``text``, white space left out."""
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "space":
            yield Token(kind, match.group(), match.start())


def meaningful(text: str) -> list[Token]:
    """Return the tokens of ``text``, comments left out."""
    return [token for token in tokens(text) if token.kind != "comment"]


def keywords(text: str) -> list[str]:
    """Return the bare words of ``text`` in upper case, in order."""
    return [token.text.upper() for token in tokens(text) if token.kind == "word"]


def form(text: str) -> str:
    """Return the form of the query: SELECT, CONSTRUCT, ASK or DESCRIBE.

    Raises :class:`QueryError` for an update, for text that has none of the four words, and for text that is no
    Unicode, as a command line may hand it over.
    """
    refuse_half_characters(text)
    for word in (token.text.upper() for token in tokens(text) if token.kind == "word"):
        if word in _FORMS:
            return word
        if word in _UPDATES:
            raise QueryError(f"This is an update ({word}); only queries are answered, the graph stays as it is.")
    raise QueryError("This is no SPARQL query: none of SELECT, CONSTRUCT, ASK and DESCRIBE stands in it.")


def refuse_depth(text: str) -> None:
    """Raise :class:`QueryError` for a query that is so deep or long that reading it would exhaust the stack.

    The embedded engine reads brackets and chains of operators by recursion and has no limit of its own.
    """
    if sum(map(text.count, "{([")) <= DEEPEST and sum(map(text.upper().count, _STEPS)) <= MOST_STEPS:
        return  # counted wherever they stand: most queries need not be taken apart for that
    depth = steps = 0
    for token in tokens(text):
        depth += (token.text in ("{", "(", "[")) - (token.text in ("}", ")", "]"))
        steps += token.text.upper() in _STEPS
        if depth > DEEPEST:
            raise QueryError(f"The query is nested too deep: more than {DEEPEST} brackets stand open at once.")
        if steps > MOST_STEPS:
            raise QueryError(
                f"The query is too long: it has more than {MOST_STEPS} steps (operators, FILTER, UNION ...)."
            )


def refuse_half_characters(text: str) -> None:
    """Raise :class:`QueryError` where ``text`` has a lone surrogate, which nothing can store or send."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise QueryError(f"The text is not valid Unicode (character {error.start + 1}).") from None


def with_prefixes(text: str) -> str:
    """Return the query ``text`` with a declaration in front for each of the project's prefixes that it needs.

    Those are the ones it uses undeclared; what looks like a prefix in a comment, a string or an IRI is none.
    """
    stream = meaningful(text)
    declared: set[str] = set()
    used: set[str] = set()
    for before, token in zip([None, *stream], stream, strict=False):
        if token.kind == "name":
            declares = before is not None and before.text.upper() == "PREFIX"
            (declared if declares else used).add(token.text.partition(":")[0])
    known = prefixes().items()
    added = "".join(f"PREFIX {name}: <{iri}> " for name, iri in known if name in used - declared)
    return f"{added}{ADDED}{text}" if added else text


def explained(text: str, fault: str) -> str:
    """Return what a parser says of ``text``, in the lines that the user wrote, or which prefix is not declared."""
    before, added, own = text.partition(ADDED)
    own = own if added else text
    stream = meaningful(own)
    declared = re.findall(r"(?i)\bPREFIX\s+([^\s:]*):", own)
    known = {*declared, *re.findall(r"PREFIX (\S+):", before if added else "")}
    for last, token in zip([None, *stream], stream, strict=False):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in known and not (last and last.text == "_" and not prefix):
            line, column = own.count("\n", 0, token.start) + 1, token.start - own.rfind("\n", 0, token.start)
            there = ", ".join(f"{name}:" for name in declared) or "nothing"
            return (
                f"line {line}, column {column}: the prefix {prefix}: is not declared; the query declares {there}, and "
                "only the project's prefixes need no declaration"
            )
    if added:
        return re.sub(r"\bat (\d+):", lambda found: f"at {int(found[1]) - 1}:", fault, count=1)
    return fault


def refuse_service(text: str) -> None:
    """Raise :class:`QueryError` where ``text`` asks another server (``SERVICE``)."""
    if "SERVICE" in text.upper() and "SERVICE" in keywords(text):  # most texts need not be taken apart for that
        raise QueryError(
            "The query asks another server (SERVICE), which reaches the network; allow it with --federated."
        )


def blocks(text: str) -> dict[str, list[tuple[int, int]]]:
    """Return, for each variable with a ``VALUES ?name { ... }`` block, where the insides of its blocks stand."""
    found: dict[str, list[tuple[int, int]]] = {}
    stream = meaningful(text)
    for index, token in enumerate(stream[:-2]):
        variable, brace = stream[index + 1], stream[index + 2]
        if token.text.upper() == "VALUES" and variable.kind == "variable" and brace.text == "{":
            close = next((later for later in stream[index + 3 :] if later.text == "}"), None)
            if close is not None:
                found.setdefault(variable.text[1:], []).append((brace.start + 1, close.start))
    return found


def fill(text: str, values: Mapping[str, Sequence[Value]]) -> str:
    """Return ``text`` with the insides of the ``VALUES`` blocks of each named variable replaced by ``values``.

    Every block of a variable is filled. An empty sequence stands for "any" (``UNDEF``). Raises
    :class:`QueryError` for a variable that has no block.
    """
    places = blocks(text)
    edits: list[tuple[int, int, str]] = []
    for name, terms in values.items():
        if name not in places:
            raise QueryError(f"The query has no VALUES block for ?{name}.")
        content = " ".join(write(term) for term in terms) or "UNDEF"
        edits += [(start, end, f" {content} ") for start, end in places[name]]
    return edited(text, edits)


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Return ``text`` with each of ``edits``, a start, an end and what takes the place of what stands between, done."""
    for start, end, content in sorted(edits, reverse=True):
        text = text[:start] + content + text[end:]
    return text


def write(term: NamedNode | Literal | BlankNode) -> str:
    """Return ``term`` as SPARQL and N-Triples write it, with all that is not printable kept safe.

    SPARQL has escaped code points replaced before anything is parsed, and engines do that even where the backslash is
    itself escaped. So no ``u`` of a text is left standing behind a backslash. Escapes have eight digits, since rdflib
    takes that many wherever they follow.
    """

    def rewritten(escape: re.Match[str]) -> str:
        if escape["letter"]:
            return f"\\\\\\U{ord(escape['letter']):08X}"
        return f"\\U0000{escape['digits']}" if escape["digits"] else escape[0]

    text = _ESCAPE.sub(rewritten, str(term))
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in text)
