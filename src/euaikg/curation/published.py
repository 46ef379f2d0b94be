"""All rules as one SHACL graph, which any SHACL engine runs over one graph of triples.

The property shapes stand below a node shape for their class. Each check becomes a node shape with a SPARQL constraint:
``?thing`` is ``$this``, named graphs fall away, and what SHACL forbids beside a given ``$this`` (VALUES, MINUS) is said
otherwise. A check that cannot be turned so, or would be slow thing by thing, is written anew in ``shapes/constraints``;
one that looks at the place of triples in named graphs, which one graph does not have, is left out (:data:`LEFT_OUT`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from euaikg.core import files, vocab
from euaikg.core.groups import by_key
from euaikg.core.version import __version__
from euaikg.curation import ruleset
from euaikg.curation.ruleset import Rule
from euaikg.graph import build
from euaikg.rdf.terms import Term
from euaikg.sparql import header, scanner

SHAPES = vocab.BASE + "shapes"

LEFT_OUT = {
    "derived-by-hand": "one graph does not tell what is typed in from what follows",
    "document-topic": "one graph does not tell in which passage a triple stands",
    "draft-note": "one graph does not tell whether anything stands in the graph of a passage",
    "facts-in-passage": "one graph does not tell that triples stand in a graph named like a passage",
    "facts-of-things": "one graph does not tell that a relation stands among the descriptions",
    "judgement-alone": "one graph does not tell that a relation stands among the judgements",
    "orphan": "one graph does not tell what stands among the descriptions",
}
"""The checks that are not in the published graph, each with the reason."""

LETTERS = {r"\\p{Ll}": "[a-zß-öø-ÿ]", r"\\P{L}": "[^A-Za-zÀ-ɏ]", r"\\p{L}": "A-Za-zÀ-ɏ"}
"""The classes of letters in patterns, as engines have them too that know no classes of Unicode."""

DECLARED = {
    "undeclared-class": ("Class",),
    "undeclared-property": ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"),
}
"""The checks that name the terms they know, so that they need no ontology beside the data, and what these are."""

_PREFIX = re.compile(r"^PREFIX\s+(\w+):\s*<([^>]*)>\n", re.MULTILINE)
_CLASS = re.compile(r"\?thing a (\w+:\w+)(?: [;.]|$)")
_BELOW = re.compile(r"\?thing a/rdfs:subClassOf\* (\w+:\w+)")
_PROPERTIES = re.compile(r"\?thing ((?:\w+:\w+|<[^>]+>)(?:\|(?:\w+:\w+|<[^>]+>))*) \?")


def graph() -> list[Triple]:
    """Return the published shapes."""
    prefixes: dict[str, str] = {}
    triples: list[Triple] = []
    for rule in ruleset.rules().values():
        if rule.path.suffix == ".rq" and rule.name not in LEFT_OUT:
            triples += _constraint(rule, prefixes)
    return [*_head(prefixes), *_node_shapes(), *triples]


def constraint(rule: Rule) -> str:
    """Return the text of the check ``rule`` as a SPARQL constraint asks it: of one thing, ``$this``, in one graph."""
    anew = files.root() / "shapes" / "constraints" / rule.path.name
    whole = files.read_text(anew if anew.exists() else rule.path)
    body = "\n".join(line for line in whole.splitlines() if not line.lstrip().startswith("#")).strip() + "\n"
    if anew.exists():
        return body
    made = _of_one_thing(body)
    if kinds := DECLARED.get(rule.name):
        known = " , ".join(map(str, _declared(*kinds)))
        made = made[: made.rindex("}")] + f"  FILTER(!(?value IN ({known})))\n}}\n"
    return made


def _of_one_thing(text: str) -> str:
    stream = scanner.meaningful(text)
    edits: list[tuple[int, int, str]] = []
    for index, token in enumerate(stream):
        word = token.text.upper() if token.kind == "word" else ""
        if token.text == "?thing":
            edits.append((token.start, token.start + len(token.text), "$this"))
        elif word == "MINUS":
            edits.append((token.start, token.start + len(word), "FILTER NOT EXISTS"))
        elif word == "GRAPH":
            edits.append((token.start, stream[index + 2].start, ""))
        elif word == "VALUES":
            opens = next(i for i in range(index, len(stream)) if stream[i].text == "{")
            closes = next(i for i in range(opens, len(stream)) if stream[i].text == "}")
            names = [one.text for one in stream[index:opens] if one.kind == "variable"]
            values = [_whole(one, text) for one in stream[opens:closes] if one.text not in "{()"]
            rows = [values[at : at + len(names)] for at in range(0, len(values), len(names))]
            said = (" ".join(f"BIND({v} AS {n})" for n, v in zip(names, row, strict=True)) for row in rows)
            last = stream[closes]
            edits.append((token.start, last.start + 1, " UNION ".join(f"{{ {one} }}" for one in said)))
    text = scanner.edited(text, edits)
    for named, letters in LETTERS.items():
        text = text.replace(named, letters)
    return text


def _whole(token: scanner.Token, text: str) -> str:
    """Return ``token`` of ``text``, a name as a whole IRI: pyshacl takes ``euai:SupportService`` for SERVICE."""
    prefix, _, local = token.text.partition(":")
    return f"<{dict(_PREFIX.findall(text))[prefix]}{local}>" if token.kind == "name" else token.text


def _constraint(rule: Rule, prefixes: dict[str, str]) -> Iterator[Triple]:
    text = constraint(rule)
    prefixes |= dict(_PREFIX.findall(text)) | dict(_PREFIX.findall(files.read_text(rule.path)))
    shape = NamedNode(vocab.SHAPE + rule.name)
    asked = NamedNode(f"{shape.value}/constraint")
    yield Triple(shape, vocab.TYPE, _sh("NodeShape"))
    yield from _said(shape, rule)
    yield from (Triple(shape, way, term) for way, term in _targets(rule))
    yield Triple(shape, _sh("sparql"), asked)
    yield Triple(asked, vocab.TYPE, _sh("SPARQLConstraint"))
    yield Triple(asked, _sh("prefixes"), NamedNode(SHAPES))
    yield Triple(asked, _sh("message"), Literal(rule.message, language="en"))
    yield Triple(asked, _sh("select"), Literal(_PREFIX.sub("", text).strip() + "\n"))


def _said(shape: NamedNode, rule: Rule) -> Iterator[Triple]:
    yield Triple(shape, _sh("severity"), _sh(rule.severity))
    yield Triple(shape, NamedNode(vocab.RDFS + "comment"), Literal(rule.summary, language="en"))
    yield Triple(shape, NamedNode(vocab.RDFS + "isDefinedBy"), NamedNode(SHAPES))


def _targets(rule: Rule) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield what the check ``rule`` is asked of, by its header: at least all things that it can find at fault."""
    about = header.read(files.read_text(rule.path))
    scope = str(about.get("target", about["scope"]))
    known = {**vocab.prefixes(), **dict(_PREFIX.findall(files.read_text(rule.path)))}

    def term(name: str) -> NamedNode:
        prefix, _, local = name.strip("<>").partition(":")
        return NamedNode(name[1:-1] if name[0] == "<" else known[prefix] + local)

    if found := [*_CLASS.findall(scope), *_BELOW.findall(scope)]:
        yield from ((_sh("targetClass"), term(name)) for name in found)
    elif found := _PROPERTIES.findall(scope):
        for way in dict.fromkeys(name for path in found for name in path.split("|")):
            yield _sh("targetSubjectsOf"), term(way)
    else:
        yield _sh("targetSubjectsOf"), vocab.TYPE
        yield from ((_sh("targetSubjectsOf"), way) for way in _properties())


def _properties() -> tuple[NamedNode, ...]:
    """Return all properties that the ontology declares."""
    return _declared(*DECLARED["undeclared-property"])


@cache
def _declared(*kinds: str) -> tuple[NamedNode, ...]:
    """Return all terms of the ``kinds``, by their names in OWL, that the ontology declares."""
    wanted = {vocab.OWL + kind for kind in kinds}
    quads = (quad for path in files.shipped("ontology", ".ttl") for quad in build.read(path))
    found = {q.subject for q in quads if isinstance(q.object, NamedNode) and q.object.value in wanted}
    return tuple(sorted((term for term in found if isinstance(term, NamedNode)), key=str))


def _node_shapes() -> Iterator[Triple]:
    """Yield the property shapes, and a node shape for each target that has some."""
    quads = [quad for path in files.shipped("shapes", ".ttl") for quad in build.read(path)]
    for subject, said in by_key((quad.subject, quad) for quad in quads).items():
        for quad in said:
            name = quad.predicate.value.removeprefix(vocab.SH)
            if not name.startswith("target"):
                yield quad.triple
                continue
            assert isinstance(quad.object, NamedNode)
            local = re.split(r"[#/]", quad.object.value)[-1]
            shape = NamedNode(vocab.SHAPE + (local if name == "targetClass" else f"with-{local}"))
            yield Triple(shape, vocab.TYPE, _sh("NodeShape"))
            yield Triple(shape, quad.predicate, quad.object)
            yield Triple(shape, _sh("property"), subject)
            yield Triple(shape, NamedNode(vocab.RDFS + "isDefinedBy"), NamedNode(SHAPES))


def _head(prefixes: dict[str, str]) -> Iterator[Triple]:
    about = NamedNode(SHAPES)

    def say(name: str, *terms: Term) -> Iterator[Triple]:
        return (Triple(about, NamedNode(name), term) for term in terms)

    yield from say(vocab.TYPE.value, NamedNode(vocab.OWL + "Ontology"))
    yield from say(
        vocab.DCT + "title",
        Literal("The rules of euaikg as SHACL shapes", language="en"),
        Literal("De regels van euaikg als SHACL-vormen", language="nl"),
    )
    yield from say(
        vocab.DCT + "description",
        Literal(
            "What the data and its ontology promise, for any SHACL engine with SPARQL constraints. Validate one graph "
            "that holds the ontology, the code lists and the data.",
            language="en",
        ),
        Literal(
            "Wat de data en haar ontologie beloven, voor elke SHACL-machine met SPARQL-beperkingen. Valideer één graaf "
            "met de ontologie, de codelijsten en de data.",
            language="nl",
        ),
    )
    yield from say(vocab.DCT + "license", NamedNode("https://creativecommons.org/licenses/by/4.0/"))
    yield from say(vocab.DCT + "creator", NamedNode(vocab.BASE + "id/agent/euaikg"))
    yield from say(vocab.OWL + "versionInfo", Literal(__version__))
    yield from say(vocab.OWL + "versionIRI", NamedNode(f"{SHAPES}/{__version__}"))
    for prefix, iri in sorted(prefixes.items()):
        node = NamedNode(f"{SHAPES}/prefix/{prefix}")
        yield from say(vocab.SH + "declare", node)
        yield Triple(node, _sh("prefix"), Literal(prefix))
        yield Triple(node, _sh("namespace"), Literal(iri, datatype=NamedNode(vocab.XSD + "anyURI")))


def _sh(name: str) -> NamedNode:
    return NamedNode(vocab.SH + name)
