"""Write the generated pages of ``docs``: model, questions and rules from their files, Python from its docstrings.

Run ``python tools/docs.py`` after a change to any of them; a test tells when that was forgotten.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

import euaikg
from euaikg import api, errors
from euaikg.core import files, vocab
from euaikg.core.vocab import compact
from euaikg.curation import findings, published, ruleset
from euaikg.diagrams.diagram import Diagram
from euaikg.exports import export
from euaikg.graph import build
from euaikg.graph.access import Opening
from euaikg.publishing import changes, release
from euaikg.questions import ask, presets, stored
from euaikg.questions.cards import Card
from euaikg.questions.counts import Counts
from euaikg.questions.finding import Found
from euaikg.questions.names import Name
from euaikg.questions.verify import Verdict
from euaikg.rdf.terms import Term
from euaikg.sparql import formats
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Embedded

DOCS = Path(__file__).resolve().parents[1] / "docs"

TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?kind ?label ?labelNl ?definition ?domain ?range
  (GROUP_CONCAT(DISTINCT STR(?super_); separator=" ") AS ?super)
WHERE {
  ?term rdfs:isDefinedBy <https://w3id.org/euaikg/ontology> ; a ?kind ;
    rdfs:label ?label , ?labelNl ; skos:definition ?definition .
  FILTER(LANG(?label) = "en" && LANG(?labelNl) = "nl" && LANG(?definition) = "en" && ?kind != owl:SymmetricProperty)
  OPTIONAL { ?term rdfs:domain ?domain }
  OPTIONAL { ?term rdfs:range ?range }
  OPTIONAL { ?term rdfs:subClassOf|rdfs:subPropertyOf ?super_ }
}
GROUP BY ?term ?kind ?label ?labelNl ?definition ?domain ?range
ORDER BY LCASE(STR(?term))
"""

CODES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?scheme ?schemeName ?schemeText ?code ?name ?nameNl ?text
WHERE {
  ?scheme a skos:ConceptScheme ; skos:prefLabel ?schemeName ; skos:definition ?schemeText .
  ?code skos:inScheme ?scheme ; skos:prefLabel ?name , ?nameNl ; skos:definition ?text .
  FILTER(LANG(?schemeName) = "en" && LANG(?schemeText) = "en" && LANG(?text) = "en")
  FILTER(LANG(?name) = "en" && LANG(?nameNl) = "nl")
}
ORDER BY ?scheme ?code
"""

AGENTS = """# Agents

`euaikg mcp` lets language models ask the graph, by the Model Context Protocol over standard input and output. It comes
with `pip install "euaikg[mcp]"`, reads only, and needs no network.

## Connecting it

Most clients (Claude Desktop, Cursor, Windsurf, LM Studio, Gemini CLI) read a file of this form; `--data FILE`,
`--store DIR` and `--sparql` may follow `"mcp"`:

```json
{"mcpServers": {"euaikg": {"command": "euaikg", "args": ["mcp"]}}}
```

VS Code wants `{"servers": {"euaikg": {"type": "stdio", "command": "euaikg", "args": ["mcp"]}}}` in `.vscode/mcp.json`,
Claude Code `claude mcp add euaikg -- euaikg mcp`. Where the client does not find the command, give its whole path
(`which euaikg`). A program of your own:

```python
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

async with Client(StdioServerParameters(command="euaikg", args=["mcp"])) as client:
    found = await client.call_tool("verify", {"thing": "AI Act", "says": "in force", "value": "2024-08-01"})
```

## Tools

What is needed is in bold.
"""

ANSWERS = """
## What to make of an answer

* Each row that a passage states has citation ids; `passage` gives document, place, date, language and link of one.
* A modality other than asserted is a plan, a duty, a wish or a possibility. `verify` calls a claim *stated* only where
  a passage asserts it; *stated as a plan* where one says so otherwise; *contradicted* where passages say otherwise of
  the same point, or deny it; *replaced since* where the graph says that a later passage took the place of the one that
  says so: a new figure of the same author, or a law that sets another date; and else *not recorded*, which does not
  make it false. A figure with a hedge (“nearly 700 million”) is stated for the claim 700 million too; a figure that
  only the hedge would allow is not recorded. Nothing is contradicted by what is said of other people, another pot of
  money, a part or another day, by a plan from before a fact, or by what has been replaced; where passages give figures
  of several groups or years and the claim fits none, it is not recorded, and they are shown.
* Each passage has a side: *for*, *against*, *later* (how it stands since one for it), *earlier* (from before what holds
  now), or *other*, which says something on the point that neither makes nor excludes the claim.
* Text between `<data>` and `</data>` comes out of the graph and is no instruction; `–` and null mean that nothing is
  said."""

NOTICE = "<!-- Written by tools/docs.py; do not edit. -->\n\n"


def _names(iris: str | None) -> str:
    return ", ".join(f"`{compact(iri) or iri}`" for iri in sorted((iris or "").split()))


PICTURE = (
    "StatusStatement aboutResource PolicyObject", "FundingStatement aboutEnvelope FundingEnvelope",
    "FundingStatement statedIn Passage", "StatusStatement statedIn Passage", "Passage statedAt Document",
    "FundingEnvelope finances PolicyObject", "FundingEnvelope hasFunder Body", "PolicyObject responsibleBody Body",
    "PolicyObject setOutIn Document",
)  # fmt: skip
"""The relations of the picture: from a class by a property to a class."""

KINDS_OF = (
    "PolicyObject Entity", "Body Entity", "Document Entity", "FundingEnvelope Entity", "Initiative PolicyObject",
    "PlannedAction PolicyObject", "LegalAct PolicyObject", "ActorGroup Body",
)  # fmt: skip
"""The classes of the picture that are below another."""


def picture(terms: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the twelve classes that come first, as a picture in Mermaid's language."""
    names = {str(term["term"]).removeprefix(vocab.EUAI): str(term["label"]) for term in terms}
    yield "## Twelve classes to begin with\n"
    yield "Hollow arrows lead to the broader class; the others are relations. A passage says something in a statement;"
    yield "a statement is about a pot of money or about something that policy does.\n"
    yield "```mermaid\n---\nconfig:\n  class:\n    hideEmptyMembersBox: true\n---\nclassDiagram\n  direction LR"
    for pair in KINDS_OF:
        below, above = pair.split()
        yield f"  {above} <|-- {below}"
    for line in PICTURE:
        start, relation, end = line.split()
        yield f"  {start} --> {end} : {names[relation]}"
    for name in dict.fromkeys(word for line in (*KINDS_OF, *PICTURE) for word in line.split() if word[0].isupper()):
        yield f'  class {name}["{names[name]}"]'
    yield "```\n"


EXPRESSION = f"{vocab.SOURCE}com-2024-28/en#"
EXAMPLE = EXPRESSION + "s5-p4-i2"
"""The passage of the worked example, which speaks of a pot of money."""


def example(engine: Embedded) -> list[Quad]:
    """Return what is said in the passage of the example, and what describes it and the things of which it speaks."""
    passage = NamedNode(EXAMPLE)
    found = [*engine.store.quads_for_pattern(None, None, None, passage)]
    ahead: list[Term] = [passage, *(term for quad in found for term in (quad.subject, quad.object))]
    reached = set[Term]()
    while ahead:
        thing = ahead.pop()
        if isinstance(thing, NamedNode) and thing not in reached:
            reached.add(thing)
            for home in ("entities", "passages"):
                told = [*engine.store.quads_for_pattern(thing, None, None, NamedNode(vocab.GRAPH + home))]
                found += told
                ahead += [quad.object for quad in told]
    return found


def worked(engine: Embedded) -> Iterator[str]:
    """Yield the worked example in the two syntaxes that hold passages."""
    content = export.of(example(engine))
    yield "## A worked example\n"
    yield "One passage of a Communication with all that it needs: a pot of money, what the passage says of it, the"
    yield "passage and its place, the text that was read, the document, and the things that it names. Copy it, put your"
    yield "own in its place, and let `euaikg validate FILE` look at it. Codes such as `mode:` and `qualifier:` are"
    yield "those below. Turtle with named graphs is TriG; the graph of a passage holds what it says.\n"
    for form, syntax, language in (("trig", "TriG", "turtle"), ("jsonld-graphs", "JSON-LD", "json")):
        text = b"".join(export.write(content, form)).decode().strip()
        if form == "trig":  # as authors write it
            text = f"@prefix here: <{EXPRESSION}> .\n" + re.sub(
                rf"<{re.escape(EXPRESSION)}([\w.-]+)>", r"here:\1", text
            )
        yield f"<details><summary>{syntax}</summary>\n\n```{language}\n{text}\n```\n\n</details>\n"


def model(engine: Embedded) -> Iterator[str]:
    """Yield the lines of the page on the ontology."""
    terms = engine.select(TERMS).to_dicts()
    yield "# The model\n"
    yield "The ontology `euai:` (https://w3id.org/euaikg/ontology#) in full: classes, properties and code lists."
    yield "How they play together is told in [curating.md](curating.md).\n"
    yield from picture(terms)
    yield from worked(engine)
    yield "## Classes\n"
    yield "| class | Dutch | below | what it is |\n| --- | --- | --- | --- |"
    for term in terms:
        if str(term["kind"]).endswith("#Class"):
            below = _names(str(term["super"] or ""))
            yield f"| `{compact(str(term['term']))}` | {term['labelNl']} | {below} | {term['definition']} |"
    yield "\n## Properties\n"
    yield "| property | Dutch | from | to | what it says |\n| --- | --- | --- | --- | --- |"
    for term in terms:
        if not str(term["kind"]).endswith("#Class"):
            ends = f"{_names(str(term['domain'] or ''))} | {_names(str(term['range'] or ''))}"
            yield f"| `{compact(str(term['term']))}` | {term['labelNl']} | {ends} | {term['definition']} |"
    yield "\n## Code lists"
    scheme = None
    for row in engine.select(CODES).to_dicts():
        if row["scheme"] != scheme:
            scheme = row["scheme"]
            yield f"\n### {row['schemeName']}\n\n{row['schemeText']}\n"
            yield "| code | English | Dutch | meaning |\n| --- | --- | --- | --- |"
        yield f"| `{compact(str(row['code']))}` | {row['name']} | {row['nameNl']} | {row['text']} |"


ROWS = 5
"""How many rows of an answer the page on the questions shows."""

WIDTH = 70
"""How many characters of a cell it shows."""

JOINED = re.compile(r"GROUP_CONCAT\([^;]*; separator=\"; \"\) AS \?(\w+)")


def beginning(query: stored.StoredQuery, answer: Answer) -> Iterator[str]:
    """Yield the first rows of ``answer`` as Markdown, long cells cut, and how many there are beyond."""
    assert isinstance(answer, Table | Triples)
    if isinstance(answer, Triples):
        triples = sorted(answer.triples, key=str)
        answer = Table(("subject", "predicate", "object"), [(t.subject, t.predicate, t.object) for t in triples])
    named = {*JOINED.findall(query.text), "byLabels", "periods"}  # which one question joins before it names them
    joined = [name in named for name in answer.variables]
    rows = [tuple(_short(term, parts) for term, parts in zip(row, joined, strict=True)) for row in answer.rows[:ROWS]]
    yield formats.to_markdown(Table(answer.variables, rows)).decode()
    if len(answer) > ROWS:
        yield f"... and {len(answer) - ROWS} more."


def _short(term: Term | None, joined: bool) -> Term | None:
    if isinstance(term, NamedNode):
        term = Literal(compact(term.value) or term.value)
    if not isinstance(term, Literal):
        return term
    value = "; ".join(sorted(term.value.split("; "))) if joined else term.value  # an engine joins in any order
    if len(value) > WIDTH:
        return Literal(value[: WIDTH - 1].rstrip() + "…")
    return Literal(value) if joined else term


def questions(engine: Embedded) -> Iterator[str]:
    """Yield the lines of the page on the stored questions."""
    catalogue = stored.catalogue().values()
    yield "# The stored questions\n"
    yield "Each is one file in `queries/`; `euaikg query NAME` asks it, and `euaikg query NAME --sparql` prints its"
    yield "text, which runs unchanged in any SPARQL engine. Who asks which is told in"
    yield "[who-asks-what.md](who-asks-what.md). Below each stands the beginning of its answer, long cells cut; IRIs"
    yield "that have a name beside them are left out. `euaikg ask` takes plain words for one of them: see"
    yield "[finding.md](finding.md).\n"
    yield "The words in which they are asked stand in `queries/parameters.yaml`, and mean the same everywhere. Some"
    yield "questions are another one with values set; their files say only what is their own. What is handed to"
    yield "others has the whole text: `euaikg query --format turtle -o questions.ttl` writes all questions as RDF"
    yield "for collections of example queries, and `euaikg release` a folder `queries/` that a"
    yield "[grlc](https://grlc.io) server makes a web API of: summary, description, tags, parameters and their defaults"
    yield "are those of the question, and with `--endpoint URL` the server that is asked.\n"
    for tag in sorted({tag for query in catalogue for tag in query.tags}):
        names = ", ".join(f"[{query.name}](#{query.name})" for query in catalogue if tag in query.tags)
        yield f"* {tag}: {names}"
    for query in catalogue:
        yield f"\n## {query.name}\n\n{query.summary}.\n\n{query.description}\n"
        if query.parameters:
            yield "| parameter | type | what it sets | default | example |\n| --- | --- | --- | --- | --- |"
        for parameter in query.parameters:
            kind = f"code of {parameter.scheme}" if parameter.scheme else parameter.type
            default = "any" if parameter.is_open else f"`{parameter.default}`"
            yield f"| {parameter.name} | {kind} | {parameter.label} | {default} | {parameter.example} |"
        if other := presets.asked(files.read_text(query.path)):
            yield f"\nIt is [{other}](#{other}) with values set."
        yield from as_it_stands(query, engine)


def as_it_stands(query: stored.StoredQuery, engine: Embedded) -> Iterator[str]:
    """Yield how many rows ``query`` answers with, and the first of them."""
    answer = engine.run(query.text)
    assert not isinstance(answer, bool)
    yield f"\nAs it stands it answers with {len(answer)} {'rows' if query.form == 'SELECT' else 'triples'}.\n"
    yield from beginning(query, answer)


PUBLISHED = """## The rules in another project

`euaikg validate --rules -o rules.ttl` writes them as one SHACL graph (in a release `shapes.ttl`), with licence and
version: a node shape for each class with its property shapes, and a node shape of its own for each check, with a
SPARQL constraint. Any engine with SHACL-SPARQL runs it over one graph of triples; take `euaikg export --provenance
statements -o euaikg.ttl`, in which each relation has a record of the passage that states it. `euaikg validate` itself
keeps its set-based queries, which look at everything at once and are many times faster; tests hold both to the same
findings on every fixture, with pyshacl, pyshifty and Jena (Debian's libapache-jena-java; in its version 4.5.0 put the
messages of `jena-core.jar`, which lie below `org/apache/jena/ext/xerces`, into a folder `xerces` on the class path).
Over the whole graph pyshifty takes about a minute, the other two far longer. What is not declared is found without
the ontology; rules that follow subclasses and code lists want both in the graph, as in that export.

```console
$ euaikg export --provenance statements -o euaikg.ttl
$ euaikg validate --rules -o rules.ttl
$ pyshacl -s rules.ttl euaikg.ttl
```

To take two shapes and leave the rest, copy them into a graph of your own; a check brings its constraint and the
prefixes, which hang on `<https://w3id.org/euaikg/shapes>`. In Python:

```python
from rdflib import RDFS, SH, Graph, URIRef

rules, mine = Graph().parse("rules.ttl"), Graph()
for name in ("StatedPeriod", "in-force-after-adoption"):
    mine += rules.cbd(URIRef(f"https://w3id.org/euaikg/shape/{name}"))
for part in [*mine.objects(None, SH.property), *mine.objects(None, SH.sparql), *rules.objects(None, SH.prefixes)]:
    mine += rules.cbd(part)
for declared in rules.objects(None, SH.declare):
    mine += rules.cbd(declared)
mine.serialize("mine.ttl")
```

Some rules look at the place of triples in named graphs, which one graph does not have, and stay out:
"""


def rules(_: Embedded) -> Iterator[str]:
    """Yield the lines of the page on the rules of the data."""
    yield "# The rules of the data\n"
    yield "`euaikg validate` checks them all. Those with a shape are SHACL Core, the others set-based SPARQL checks.\n"
    yield "`--shapes FILE|DIR` runs shapes of your own beside them, over the graph and the files given: SHACL Core"
    yield "and SPARQL constraints, by pyshacl, in any RDF format, over values as your files spell them. With"
    yield "`--alone` nothing is looked at but the files and these shapes, which may be about anything. Nothing is"
    yield "fetched (`owl:imports`, `SERVICE`) and nothing of SHACL's Advanced Features is run (`sh:rule`, `sh:js`,"
    yield "...); where shapes have them, that is said. Shapes that are not well-formed are refused. A finding names"
    yield "the shape, or for one without a name that in which it stands. `--format turtle` is the report of the"
    yield "W3C: `sh:conforms` is false there even for warnings, while the exit status is 1 for violations alone.\n"
    yield from PUBLISHED.splitlines()
    yield from (f"* {name}: {reason}." for name, reason in published.LEFT_OUT.items())
    yield "\n## All rules\n"
    yield "| rule | what it demands | when it is broken | file |\n| --- | --- | --- | --- |"
    for rule in ruleset.rules().values():
        message = rule.message.replace("|", "\\|")
        yield f"| {rule.name} ({rule.severity.lower()}) | {rule.summary} | {message} | `{rule.path.name}` |"


VALUES = """
| in the graph | Python | pandas | polars |
| --- | --- | --- | --- |
| whole numbers (`xsd:integer` and those below it) | `int` | `Int64` | `Int64` |
| `xsd:decimal`, all of the column whole | `Decimal` | `Int64`; with `decimals=True` `Decimal` | `Int64`; `Decimal` |
| `xsd:decimal`, others | `Decimal` | `float64`; with `decimals=True` `Decimal` | `Float64`; `Decimal` |
| `xsd:double`, `xsd:float` | `float` | `float64` | `Float64` |
| `xsd:boolean` | `bool` | `boolean` | `Boolean` |
| `xsd:date` | `date` | `datetime64` | `Date` |
| `xsd:dateTime` | `datetime` | `datetime64`, in UTC where it has a time zone | `Datetime` |
| text, in any language; IRIs | `str` | `string` | `String` |
| years, months, durations; a day with a time zone | `str` | `string` | `String` |
| what is unbound | `None` | missing | null |

Values are read as XML Schema says, not as Python does: `1_000` is no number, `true` is not 1, and what does not fit
its datatype, or what Python would round (a moment to more than a millionth of a second) or has no room for (a year
before 1), stays text. A column has one type: whole numbers and decimals together are numbers, moments with and without
a time zone, which have no common order, are text, and so is every other mixture. Subscripts and `to_dicts` give these
values; iterating an answer, `rows` and `column` give the RDF terms themselves, with language and datatype.
"""
"""What the page on Python says of values."""

KINDS = """
`Place` is a path, as text or a `Path`; `Given` is text, a number, a date or an RDF term; `Names` is one name or
several; `Values` are values by the names of parameters; `Answer` is a `Table`, `Triples`, or a truth value; `Native`
is a value of the table above. Where a signature ends in `**opening`, that stands for {}.
"""
"""What the page on Python says of the names in signatures."""

CLASSES = (Table, Triples, Card, Found, Name, Verdict, Diagram, Counts, findings.Finding)
"""What the functions return."""

METHODS = ("__getitem__", "__iter__")
"""Methods without a name of their own that the page tells of."""

LONGEST = 100
"""How long a signature may be to stand on one line."""


def python(_: Embedded) -> Iterator[str]:
    """Yield the lines of the page on what Python users call."""
    yield "# In Python\n"
    yield '```python\nimport euaikg\n\nanswer = euaikg.query("funding-parts")'
    yield "print(answer)  # as wide as the terminal; a notebook shows it by itself"
    yield 'answer["amount"]  # a column; answer[0] is a row, answer[:5] the first five'
    yield 'answer.to_pandas().plot.barh(x="partLabel", y="amount")\n```\n'
    yield f"{_markdown(api)}\n"
    yield "[notebook.ipynb](notebook.ipynb) goes from a question to a plot (`pip install euaikg[notebook]`).\n"
    yield f"## Values\n{VALUES}"
    yield "## Functions"
    yield KINDS.format(", ".join(f"`{name}`" for name in Opening.__annotations__)).rstrip("\n")
    for name in _functions():
        yield f"\n### {name}\n\n{_called(name, getattr(api, name))}"
    yield "\n## What they return"
    for kind in CLASSES:
        yield f"\n### {kind.__name__}\n\n{_markdown(kind)}"
        yield f"\nIt has {', '.join(f'`{field.name}`' for field in dataclasses.fields(kind))}."
        for name, member in vars(kind).items():
            if inspect.getdoc(member) and (name in METHODS or not name.startswith("_")):
                if inspect.isfunction(member):
                    yield f"\n{_called(name, member)}"
                elif isinstance(member, property):
                    yield f"\n`{name}`: {_markdown(member)}"
    yield "\n## Errors\n\nThey stand in `euaikg.errors`, and each is one sentence.\n"
    for name, kind in vars(errors).items():
        if inspect.isclass(kind) and kind.__module__ == errors.__name__:
            bases = ", ".join(base.__name__ for base in kind.__bases__)
            yield f"* `{name}` ({bases}): {_markdown(kind).splitlines()[0]}"


def _functions() -> list[str]:
    """Return the names of the functions that the package offers."""
    return [name for name in euaikg.__all__ if inspect.isfunction(getattr(api, name, None))]


def _called(name: str, function: Callable[..., object]) -> str:
    """Return how ``function`` is called, with the annotations as they stand in the source, and what is said of it."""
    found = inspect.signature(function)
    parts: list[str] = []
    for parameter in found.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not any(part.startswith("*") for part in parts):
            parts.append("*")
        if parameter.name != "self":
            star = (
                "**" if parameter.kind is parameter.VAR_KEYWORD else "*" * (parameter.kind is parameter.VAR_POSITIONAL)
            )
            kind = "" if parameter.name == "opening" else f": {parameter.annotation}"
            value = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
            parts.append(f"{star}{parameter.name}{kind}{value}".replace("'", '"'))
    line = f"{name}({', '.join(parts)}) -> {found.return_annotation}"
    if len(line) > LONGEST:
        line = f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f") -> {found.return_annotation}"
    return f"```python\n{line}\n```\n\n{_markdown(function)}"


def _markdown(told: object) -> str:
    """Return the docstring of ``told`` as Markdown: names as code, and as links where the page has them."""
    text = (inspect.getdoc(told) or "").replace("``", "`")
    here = {*_functions(), *(kind.__name__ for kind in CLASSES)}

    def name(found: re.Match[str]) -> str:
        short = found[1].lstrip("~") if found[0].startswith(":mod:") else found[1].rpartition(".")[2].lstrip("~")
        return f"[`{short}`](#{short.lower()})" if short in here else f"`{short}`"

    return re.sub(r":\w+:`([^`]+)`", name, text)


def agents(_: Embedded) -> Iterator[str]:
    """Yield the page on language models: how to connect them, and what the tools do."""
    from euaikg.mcp import contents, tools

    yield AGENTS
    yield "| tool | takes | what it does |\n| --- | --- | --- |"
    for tool in tools.tools(sparql=True).values():
        takes = ", ".join(f"**{name}**" if name in tool.required else name for name in tool.takes)
        yield f"| `{tool.name}` | {takes} | {tool.description} |"
    yield (
        f"\n`sparql` is there with `euaikg mcp --sparql` only. An answer has at most {contents.BUDGET} bytes, about"
        f" {contents.BUDGET // 4} tokens: its rows, whether that is all (complete, cut or unknown), how many there are,"
        " and the next page. What the graph does not know is refused with the three nearest.\n"
    )
    yield "## Resources and prompts\n"
    yield "| address | what it is |\n| --- | --- |"
    yield from (f"| `{uri}` | {told} |" for uri, told in tools.RESOURCES.items())
    yield "\n| prompt | takes | what it is for |\n| --- | --- | --- |"
    yield from (f"| `{name}` | {', '.join(takes)} | {told} |" for name, (told, takes, _) in tools.PROMPTS.items())
    yield ANSWERS


def sheet(engine: Embedded) -> Iterator[str]:
    """Yield the data sheet, as a release has it."""
    newest = str(ask.question(engine, "documents").newest)
    yield release.datasheet(engine, euaikg.__version__, newest, changes.AUTHORS).rstrip("\n")


PAGES = {
    "agents.md": agents,
    "datasheet.md": sheet,
    "model.md": model,
    "python.md": python,
    "questions.md": questions,
    "rules.md": rules,
}


def page(name: str, engine: Embedded) -> str:
    """Return the text of the page ``name``."""
    return NOTICE + "\n".join(PAGES[name](engine)) + "\n"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    opened = build.open_graph()
    for file in PAGES:
        (DOCS / file).write_text(page(file, opened), encoding="utf-8")
