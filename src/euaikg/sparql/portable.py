"""A query as it is sent to a server: the same question, in the words that servers agree on.

Stored queries take their parameters from ``VALUES`` blocks and look at them from inside ``OPTIONAL`` and ``FILTER``.
The standard allows that; Virtuoso, for one, does not see the value there. So :func:`folded` puts a value that stands
alone in its block in place of the variable, and leaves out a block that says nothing (``UNDEF``). Where the server
keeps the default graph as a named one, :func:`without` keeps it from being seen twice.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from euaikg.sparql import scanner
from euaikg.sparql.scanner import Token

HIDDEN = "hidden_graph_"
"""How the variables begin that :func:`without` adds."""


@dataclass
class _Group:
    """What stands between two braces: what it is for, whether it is only tested, and the blocks in it.

    A block in ``fixed`` is its first and last token and its one value; ``several`` are variables with more values.
    """

    kind: str
    test: bool
    parent: _Group | None
    fixed: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)

    def scope(self, name: str) -> _Group | None:
        """Return the group whose VALUES block fixes ``name`` as seen from this one, or None where none does.

        By the standard a group sees no variables of the groups around it, but for EXISTS, whose variables are
        replaced, and OPTIONAL, whose filters see one group further out (SPARQL 1.1, 18.2.2.6 and 18.6).
        """
        group: _Group | None = self
        beyond = True
        while group is not None:
            if name in group.fixed:
                return group
            if group.kind in ("SELECT", "MINUS", "SERVICE") or not (
                group.test or (group.kind == "OPTIONAL" and beyond)
            ):
                return None
            beyond = group.test
            group = group.parent
        return None


def folded(text: str) -> str:
    """Return ``text`` with each value that stands alone in its ``VALUES`` block in place of its variable.

    A block that then serves nothing goes, and so does one that holds only ``UNDEF``. Groups that by the standard do
    not see the block are left as they are.
    """
    stream = scanner.meaningful(text)
    places, tested = _places(stream)
    uses = [index for index, token in enumerate(stream) if _name(token) and not _heads_block(stream, index)]
    scopes = {index: places[index].scope(_name(stream[index])) for index in uses}
    bare = {(id(scopes[index]), _name(stream[index])) for index in uses if not tested[index]}
    edits: list[tuple[int, int, str]] = []
    needed = {_name(stream[index]) for index in uses if scopes[index] is None}
    for index in uses:
        scope, token = scopes[index], stream[index]
        name = _name(token)
        if scope is None:
            continue
        value = scope.fixed[name][2]
        if stream[index - 1].text.upper() == "AS":
            needed.add(name)
        elif [before.text.upper() for before in stream[index - 2 : index]] == ["BOUND", "("]:
            if value != "UNDEF" or (id(scope), name) not in bare:
                end = stream[index + 1].start + 1
                edits.append((stream[index - 2].start, end, "false" if value == "UNDEF" else "true"))
        elif value != "UNDEF":
            edits.append((token.start, token.start + len(token.text), value))
    everything = any(a.text.upper() == "SELECT" and b.text == "*" for a, b in itertools.pairwise(stream))
    for group in {id(place): place for place in places}.values():
        for name, (first, last, value) in group.fixed.items():
            if value == "UNDEF" or (name not in needed and not everything):
                edits.append((stream[first].start, stream[last].start + 1, ""))
    return scanner.edited(text, edits)


def without(text: str, graph: str) -> str:
    """Return ``text`` for a server whose ``GRAPH`` sees every graph but none by its name, with ``graph`` kept unseen.

    Virtuoso is one where a default graph is named. The variables that stand for names begin with :data:`HIDDEN`.
    """
    stream = scanner.meaningful(text)
    edits = []
    for index, token in enumerate(stream[:-2]):
        name = stream[index + 1]
        if token.kind == "word" and token.text.upper() == "GRAPH" and stream[index + 2].text == "{":
            end = stream[_closing(stream, index + 2)].start + 1
            if name.kind == "variable":
                edits.append((end, end, f" FILTER({name.text} != <{graph}>)"))
            else:
                edits.append((name.start, name.start + len(name.text), f"?{HIDDEN}{index}"))
                edits.append((end, end, f" FILTER(?{HIDDEN}{index} = {name.text})"))
    return scanner.edited(text, edits)


def seen_from_inside(text: str) -> set[str]:
    """Return the variables with several values in a ``VALUES`` block that a filter of an ``OPTIONAL`` looks at."""
    stream = scanner.meaningful(text)
    found = set()
    for token, group, tested in zip(stream, *_places(stream), strict=True):
        if tested and group.kind == "OPTIONAL" and group.parent is not None and _name(token) not in group.several:
            found.update({_name(token)} & group.parent.several)
    return found


def truths(text: str) -> set[str]:
    """Return the variables that ``text`` binds to yes or no: ``BIND(EXISTS { ... } AS ?name)`` and the like."""
    stream = scanner.meaningful(text)
    found = set()
    for index, token in enumerate(stream[:-2]):
        if token.text == "(" and stream[index + 1].text.upper() in ("EXISTS", "NOT", "BOUND", "!"):
            end = _closing(stream, index, "()")
            if stream[end - 2].text.upper() == "AS":
                found.add(stream[end - 1].text[1:])
    return found


def _places(stream: list[Token]) -> tuple[list[_Group], list[bool]]:
    """Return for each token the group it stands in, and whether it stands in a FILTER, BIND or EXISTS."""
    group = _Group("", False, None)
    depth = 0
    tests: list[int] = []
    places: list[_Group] = []
    tested: list[bool] = []
    for index, token in enumerate(stream):
        word = token.text.upper()
        if token.text == "{":
            before = stream[index - 1].text.upper() if index else ""
            after = stream[index + 1].text.upper() if index + 1 < len(stream) else ""
            kind = "SELECT" if after == "SELECT" else before if before in ("MINUS", "SERVICE", "OPTIONAL") else ""
            if before not in ("MINUS", "SERVICE") and index > 1 and stream[index - 2].text.upper() == "SERVICE":
                kind = "SERVICE"
            group = _Group(kind, before == "EXISTS" or bool(tests) or group.test, group)
        elif token.text == "(":
            if index and (stream[index - 1].text.upper() in ("FILTER", "BIND") or tests):
                tests.append(depth)
            depth += 1
        elif token.text == ")":
            depth -= 1
            if tests and tests[-1] == depth:
                tests.pop()
        places.append(group)
        tested.append(bool(tests) or group.test)
        if token.text == "}" and group.parent is not None:
            group = group.parent
        if word == "VALUES" and index + 2 < len(stream) and stream[index + 2].text == "{":
            name, content, last = _block(stream, index)
            if content is None:
                group.several.add(name)
            elif group.parent is not None:
                group.fixed.setdefault(name, (index, last, content))
    return places, tested


def _block(stream: list[Token], index: int) -> tuple[str, str | None, int]:
    """Return the variable of the VALUES block at ``index``, its one value if it has but one, and its last token."""
    last = _closing(stream, index + 2)
    inside = stream[index + 3 : last]
    literal = len(inside) > 1 and inside[0].kind == "string"
    one = len(inside) == 1 or (literal and (inside[1].kind == "tag" or inside[1].text == "^"))
    if not one or (literal and sum(token.kind == "string" for token in inside) > 1):
        return stream[index + 1].text[1:], None, last
    return stream[index + 1].text[1:], "".join(token.text for token in inside), last


def _closing(stream: list[Token], opening: int, brackets: str = "{}") -> int:
    depth = 0
    for index in range(opening, len(stream)):
        depth += (stream[index].text == brackets[0]) - (stream[index].text == brackets[1])
        if depth == 0:
            return index
    return len(stream) - 1


def _name(token: Token) -> str:
    return token.text[1:] if token.kind == "variable" else ""


def _heads_block(stream: list[Token], index: int) -> bool:
    """Say whether the variable at ``index`` is one that a VALUES block gives values to."""
    while index > 0 and (stream[index].kind == "variable" or stream[index].text == "("):
        index -= 1
    return stream[index].text.upper() == "VALUES"
