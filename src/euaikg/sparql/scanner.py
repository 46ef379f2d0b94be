"""The surface of SPARQL and Turtle text: tokens, and what can be told from them without running anything.

Values never become part of a query as text; :func:`fill` puts serialised RDF terms into ``VALUES`` blocks that the
query already has, found by token so that strings, comments and IRIs cannot mislead it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from euaikg.core.vocab import prefixes
from euaikg.errors import QueryError, quote

_REST = r"\[-^`{-\x7f"  # of ASCII; what is beyond it counts as a letter, and where it is none the query is wrong anyway
_LETTER, _SIGN = rf"[^\x00-@_{_REST}]", rf"[^\x00-/:-@{_REST}]"
_IN_PREFIX, _IN_LOCAL = rf"[^\x00-,./:-@{_REST}]", rf"[^\x00-,./;-@{_REST}]"
_CODE = r"\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|\\U00(?:0(?!0[Dd][89A-Fa-f])[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
_ESCAPED = rf"\\[tbnrf\"'\\]|{_CODE}"
_PART = r"%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%]"

_TOKEN = re.compile(
    rf"""(?P<space>[\ \t\r\n]+)
    |(?P<comment>\#[^\r\n]*)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]++|{_CODE})*+>)
    |(?P<string>\"\"\"(?:"?"?(?:[^"\\]++|{_ESCAPED}))*+\"\"\"|'''(?:'?'?(?:[^'\\]++|{_ESCAPED}))*+'''
        |"(?:[^"\\\r\n]++|{_ESCAPED})*+"|'(?:[^'\\\r\n]++|{_ESCAPED})*+')
    |(?P<variable>[?$]{_SIGN}++)
    |(?P<name>(?:{_LETTER}(?:\.*{_IN_PREFIX}){{0,200}}+)?:(?:(?:{_SIGN}|:|{_PART})(?:\.*(?:{_IN_LOCAL}|{_PART}))*+)?)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    |(?P<word>{_LETTER}{_SIGN}*+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
"""The tokens of the standard, letter for letter as the embedded engine has them."""

_ESCAPE = re.compile(r"\\\\(?P<letter>[uU])|\\u(?P<digits>[0-9A-F]{4})|\\.", re.DOTALL)

_CODES = re.compile(_CODE)

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")

_SURELY_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
"""What begins so is never read as an operator: no expression has two slashes in a row."""

_NO_PATH = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#>]*>")
"""An IRI that other letters behind it may make invalid; a prefix that stands for it is then a token of its own."""

_WHOLE_IRI = re.compile(r"""<[A-Za-z][A-Za-z0-9+.-]*://[^<>"'{}|^`\\\s]*>""")
_SMALLEST = re.compile(r"true|false|\d+|[^\W\d]+|[^\w\s]", re.IGNORECASE)

MOST_BRACKETS, MOST_TOKENS = 250, 2000
"""Up to so many opening brackets and tokens a query is answered in the process that asks.

With the usual 8 MiB of stack the embedded engine ends a process at some 700 brackets within each other, and at some
4000 tokens one after the other.
"""

LONGEST_EXPLAINED = 20_000
"""Up to how many characters a text that is not valid is read once more, to tell where the mistake is."""

ADDED = "# prefixes of the project\n"
"""Ends the line in front of a user's query that declares prefixes for it."""

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


def selected(text: str) -> tuple[str, ...]:
    """Return the variables that a SELECT ``text`` answers with; none where it has ``*``, or is no SELECT."""
    stream = iter(meaningful(text))
    if not any(token.text.upper() == "SELECT" for token in stream):
        return ()
    found, depth, renamed = [], 0, False
    for token in stream:
        if token.text == "{" or (depth == 0 and token.text.upper() in ("WHERE", "FROM")):
            break
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable" and (depth == 0 or (depth == 1 and renamed)):
            found.append(token.text[1:])
        renamed = token.text.upper() == "AS"
    return tuple(found)


_HEAD = re.compile(r"\A(?:#[^\r\n]*[\r\n]+)+")
"""The comments with which a text begins, such as the header of a stored question."""


def is_large(text: str) -> bool:
    """Say whether reading or answering ``text`` may take more of the stack than a process has.

    Engines do that by recursion, for what stands in brackets and for what stands one after the other. Brackets and
    tokens are counted wherever they stand, since what is too much here only takes another way.
    """
    short = _WHOLE_IRI.sub("i", _HEAD.sub("", text, count=1))
    return sum(map(short.count, "{([<")) > MOST_BRACKETS or len(_SMALLEST.findall(short)) > MOST_TOKENS


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
    place = re.match(r"error at (\d+):(\d+): (.*)", fault)
    if place is None:
        return fault
    line, column, words = int(place[1]) - bool(added), int(place[2]), place[3]
    if words.startswith("expected "):  # at the furthest point that the engine looked at, often the end
        line, column = _beginning(own) or (line, column)
        at = sum(map(len, own.splitlines(keepends=True)[: line - 1])) + column - 1
        word = next((token.text for token in stream if token.start <= at < token.start + len(token.text)), "")
        words = f"the part that begins with {quote(word)} cannot be read" if word else "the end comes too soon"
    return f"line {line}, column {column}: {words}"


def _beginning(text: str) -> tuple[int, int] | None:
    """Return line and column of the smallest part of ``text`` that rdflib cannot read, where that is soon told."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    if len(text) > LONGEST_EXPLAINED:
        return None
    try:
        parseQuery(text)
    except ParseException as error:
        return error.lineno, error.col
    except Exception:  # rdflib says in many ways what it does not take
        return None
    return None


def refuse_service(text: str) -> None:
    """Raise :class:`QueryError` where an engine may read ``text`` so that it asks another server (``SERVICE``)."""
    if may_say(text, "SERVICE"):
        raise QueryError(
            "The query asks another server (SERVICE), which reaches the network; allow it with --federated."
        )


def may_say(text: str, keyword: str) -> bool:
    """Say whether there is a way to read ``text`` in which ``keyword``, in capitals, is a word of the language.

    Engines find the end of a token differently, need no space between two, and may replace escaped code points
    before anything else; whether ``<`` begins an IRI or compares depends on the grammar. So every way is followed.
    """
    readings = {text, _CODES.sub(lambda code: chr(int(code[0][2:], 16)), text)}
    return any(keyword in reading.upper() and _may_say(reading, keyword) for reading in readings)


def _may_say(text: str, keyword: str) -> bool:
    starts, seen, bare = [0], set[int](), _NO_PATH.search(text)
    while starts:
        at = starts.pop()
        while at not in seen and (token := _TOKEN.match(text, at)):
            seen.add(at)
            at = token.end()
            said = token.group().upper()
            if token.lastgroup == "word" and keyword in said:
                return True
            if token.lastgroup == "name":  # "SERVICE:x" may be two tokens, and so may "x:" and what is no port
                prefix, _, local = said.partition(":")
                if keyword in prefix or f".{keyword}" in local or (bare and local.startswith(keyword)):
                    return True
            if token.lastgroup == "iri" and not _SURELY_IRI.match(said):
                starts.append(token.start() + 1)
    return False


@lru_cache(maxsize=256)  # the same texts are filled again and again
def blocks(text: str) -> Mapping[str, list[tuple[int, int]]]:
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
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in text)
