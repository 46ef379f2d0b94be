"""Delete each condition of the questions and rules, one at a time, and see whether a test notices.

``python tools/mutate.py`` runs them all and says which survive; paths (``queries/figures.rq``) narrow it to those
files, and ``--sample NUMBER`` to as many, drawn by lot; ``--write`` puts the result into ``docs/mutation.md``. With
``--earlier FILE`` a run that was broken off goes on, and one after tests were added tests what survived.
Conditions are each ``FILTER``, ``MINUS``, ``HAVING`` and ``VALUES`` that is no parameter, wherever it stands; each
constraint and target of a shape; each insertion of a derivation rule; and each check as a whole.

The tests are those of pytest, called in this process with the changed text in place of the file. A mutant is noticed
when one of them fails, or does not end.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import inspect
import io
import itertools
import json
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO
from unittest import mock

from pyoxigraph import NamedNode

import docs
from euaikg.core import files, processes, vocab
from euaikg.curation import ruleset, validation
from euaikg.graph import build
from euaikg.questions import parameters, stored
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Embedded

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGE = DOCS / "mutation.md"

SECONDS, MEMORY = 300, 3 << 30
"""How much time of a processor and how many bytes the tests of one mutant may take; what takes more is noticed."""

QUESTIONS = (
    "test_queries", "test_pots_made_up", "test_scopes", "test_parameters", "test_citations", "test_diagram",
    "test_measures", "test_pots", "test_statuses",
)  # fmt: skip
"""The tests that are about the questions."""

MADE = ("test_modalities", "test_statuses")
"""Tests with graphs of their own, which pytest makes; they are asked last, where they name the question."""

OPEN, CLOSE = "({", ")}"


@dataclass(frozen=True)
class Mutant:
    """One condition left out: of which ``kind`` it is, the file and line where it stands, and its words.

    ``text`` is what is left of the file.
    """

    kind: str
    path: Path
    line: int
    words: str
    text: str

    def __str__(self) -> str:
        return f"`{self.path.relative_to(ROOT).as_posix()}`, line {self.line}: `{self.words}`"

    @property
    def key(self) -> str:
        """What stands for the mutant in the file of an earlier run; it changes with the file that it is of."""
        return f"{self.path.name} {hashlib.sha256(self.text.encode()).hexdigest()}"


# What is left out


def mutants(paths: Iterable[Path]) -> Iterator[Mutant]:
    """Yield all mutants of the files at ``paths``."""
    for path in paths:
        text = files.read_text(path)
        if path.suffix == ".ttl":
            yield from _constraints(path, text)
            continue
        kind = {"queries": "question", "checks": "check"}.get(path.parent.name, "derivation rule")
        set_by_users = {p.name for p in stored.parse(path).parameters} if kind == "question" else set()
        for word, start, end in conditions(text, set_by_users):
            yield _without(f"{word} of a {kind}", path, text, start, end)
        if kind == "check":
            yield Mutant("whole check", path, 1, "the whole check", f"{text}\nLIMIT 0\n")
        if kind == "derivation rule":
            for _, start, end in _parts(text, {"INSERT"}):
                yield _without("INSERT of a derivation rule", path, text, text.index("{", start) + 1, end - 1)


def all_paths() -> list[Path]:
    """Return the files of the questions and the rules."""
    shipped = (("queries", ".rq"), ("shapes", ".ttl"), ("shapes/checks", ".rq"), ("ontology/rules", ".ru"))
    return sorted({path for folder, suffix in shipped for path in files.shipped(folder, suffix)})


def _without(kind: str, path: Path, text: str, start: int, end: int) -> Mutant:
    words = " ".join(text[start:end].split())
    left = text[:start] + " " + text[end:]
    return Mutant(kind, path, text.count("\n", 0, start) + 1, words, left)


def conditions(text: str, set_by_users: Iterable[str] = ()) -> Iterator[tuple[str, int, int]]:
    """Yield the word, start and end of each condition of the SPARQL ``text``; ``VALUES`` ``set_by_users`` are none."""
    for word, start, end in _parts(text, {"FILTER", "MINUS", "HAVING", "VALUES"}):
        set_here = text[start:end].partition("{")[0].split()[-1].lstrip("?")
        if word != "VALUES" or set_here not in set_by_users:
            yield word, start, end


def _parts(text: str, words: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each of ``words`` in ``text`` with start and end, from the word to the bracket that closes what it is."""
    stream = [token for token in scanner.tokens(text) if token.kind != "comment"]
    for at, token in enumerate(stream):
        word = token.text.upper()
        if token.kind != "word" or word not in words:
            continue
        depth = 0
        for index in range(at + 1, len(stream)):
            depth += (stream[index].text in OPEN) - (stream[index].text in CLOSE)
            if depth == 0 and stream[index].text in CLOSE:
                follows = stream[index + 1].text if index + 1 < len(stream) else ""
                if (word, stream[index].text, follows) == ("VALUES", ")", "{"):  # so far only the variables
                    continue
                yield word, token.start, stream[index].start + 1
                break


def _constraints(path: Path, text: str) -> Iterator[Mutant]:
    rules = tests("test_rules")
    from rdflib import Graph
    from rdflib.namespace import SH

    shapes = Graph().parse(data=text, format="turtle")
    for shape in sorted(set(shapes.subjects(SH.path)), key=str):
        name = str(shape).removeprefix(vocab.SHAPE)
        line = text.count("\n", 0, text.index(f"shape:{name} ")) + 1
        for triple in sorted(shapes.triples((shape, None, None)), key=str):
            _, predicate, value = triple
            short = str(predicate).rpartition("#")[2]
            if short not in rules.BESIDE_CONSTRAINTS:
                left = Graph() + shapes
                for other in set(shapes.subjects(SH.path)) - {shape}:
                    left.remove((other, None, None))
                left.remove(triple)
                words = f"{name} sh:{short} {vocab.compact(str(value)) or value}"
                yield Mutant("constraint of a shape", path, line, words, left.serialize(format="turtle"))


# Whether it is noticed


def tests(name: str) -> Any:
    """Return the module ``name`` of the tests, which are no part of the package and find their way from its root."""
    return importlib.import_module(f"tests.{name}")


@cache
def graph() -> Embedded:
    """Return the shipped graph in memory; what the tests look up in it again and again is looked up here already."""
    of_parameters = tests("test_parameters")
    found: Embedded = of_parameters.whole()
    for lot in of_parameters.LOTS:
        of_parameters.early(of_parameters.shuffled(*_values("lot", lot).values()))
    of_parameters.said(found)
    of_parameters.cited(found)
    for lang in parameters.LANGUAGES:
        of_parameters.foreign(found, lang)
    return found


@cache
def small_graphs() -> dict[str, Embedded]:
    """Return the small graph that each fixture of the rules makes, by its name; ``valid`` is the sound one."""
    rules = tests("test_rules")
    small = {name: Embedded(rules.small_graph(rules.VALID, path)) for name, path in rules.INVALID.items()}
    return {"valid": Embedded(rules.small_graph(rules.VALID)), **small}


def noticed(mutant: Mutant, only: str | None = None) -> Iterator[str]:
    """Yield the tests that notice ``mutant``, as they fail; where one can be chosen, ``only`` that."""
    if mutant.path.suffix == ".ttl":
        yield from _by_shapes(mutant)
        return
    read = files.read_text

    def changed(path: Path) -> str:
        return mutant.text if path == mutant.path else read(path)

    with mock.patch.object(files, "read_text", changed):
        if mutant.path.suffix == ".ru":
            yield from _by_what_is_derived(only)
        elif mutant.path.parent.name == "checks":
            yield from _by_fixtures(mutant.path.stem)
        else:
            yield from _by_questions(mutant.path, only)


def _by_shapes(mutant: Mutant) -> Iterator[str]:
    rules = tests("test_rules")
    import pyshacl
    from rdflib import Graph
    from rdflib.namespace import SH

    from euaikg.rdf import to_rdflib

    rule = mutant.words.partition(" ")[0]
    shapes = Graph().parse(data=mutant.text, format="turtle")
    for name, small in small_graphs().items():
        if name.partition("--")[0] == rule:
            _, report, _ = pyshacl.validate(to_rdflib.to_graph(small.store), shacl_graph=shapes)
            assert isinstance(report, Graph)
            if {str(thing) for thing in report.objects(None, SH.focusNode)} != rules.fault(name)[1]:
                yield f"test_a_fixture_breaks_its_rule_and_nothing_else[{name}]"


def _by_fixtures(rule: str) -> Iterator[str]:
    rules = tests("test_rules")
    for name, small in small_graphs().items():
        found = {rules.named(thing) for thing in _at_fault(small, rule)}
        if found != (rules.fault(name)[1] if name.partition("--")[0] == rule else set()):
            yield f"test_a_fixture_breaks_its_rule_and_nothing_else[{name}]"
    if _at_fault(graph(), rule):
        yield "test_the_shipped_graph_breaks_no_rule"


def _at_fault(engine: Embedded, rule: str) -> list[str]:
    """Return the things that the check ``rule`` alone finds at fault, as findings name them."""
    rows = engine.select(files.read_text(ruleset.rules()[rule].path))
    things = [row["thing"] for row in rows]
    return [thing.value if isinstance(thing, NamedNode) else str(thing) for thing in things]


def _by_questions(path: Path, only: str | None) -> Iterator[str]:
    query = stored.parse(path)
    modules = list(map(tests, QUESTIONS))
    for module in modules:
        if hasattr(module, "CATALOGUE"):
            module.CATALOGUE[query.name] = query
    ours = graph()
    about = [c for module in modules for c in cases(module, engine=ours, graph=ours) if c.concerns(query.name)]
    for case in sorted(about, key=lambda case: not any(isinstance(value, Path) for value in case.values.values())):
        if only in (None, str(case)) and case.fails():  # the rows on file first, since they notice most
            yield str(case)
    for name in MADE:
        if only is None and path.stem in (ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8"):
            yield from _by_pytest(f"tests/{name}.py")
        elif only and name in only:
            yield from _by_pytest(only)
    shown = (DOCS / "questions.md").read_text(encoding="utf-8").partition(f"\n## {query.name}\n")[2]
    if "\n".join(docs.as_it_stands(query, ours)) not in shown.partition("\n## ")[0]:
        yield "test_generated_pages_are_current"


def _by_pytest(place: str) -> Iterator[str]:
    import pytest

    class First:
        failed: str | None = None

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            self.failed = self.failed or (report.nodeid if report.failed else None)

    first = First()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main(["-x", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider", f"--rootdir={ROOT}", place], [first])
    if first.failed:
        yield first.failed


def _by_what_is_derived(only: str | None) -> Iterator[str]:
    rules = tests("test_rules")
    if rules.findings(rules.small_graph(rules.VALID)):
        yield "test_the_valid_fixture_breaks_no_rule"
    engine = Embedded(build.build())
    if validation.by_checks(engine):
        yield "test_the_shipped_graph_breaks_no_rule"
    answers = tests("test_queries").test_it_gives_the_rows_read_against_the_documents
    for case in (*cases(tests("test_graph"), engine=engine), *_runs(answers, engine=engine)):
        if only in (None, str(case)) and "Popen" not in source(case.test) and case.fails():
            yield str(case)


@dataclass(frozen=True)
class Case:
    """One test of pytest with its parameters."""

    test: Callable[..., None]
    values: dict[str, Any]
    given: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.test.__name__}[{'-'.join(map(str, self.values.values()))}]"

    def concerns(self, question: str) -> bool:
        """Say whether the test is about ``question``: a parameter of it, or else its own text, names the question."""
        if self.values:
            names = {v.stem.partition("--")[0] if isinstance(v, Path) else str(v) for v in self.values.values()}
            if {question, question.removeprefix("view-")} & names:
                return True
        if self.test.__module__ == f"tests.test_{question}":
            return True
        words = {question, question.removeprefix("view-"), question.replace("-", "_")}
        return any(re.search(rf"\b{word}\b", source(self.test)) for word in words)

    def fails(self) -> bool:
        """Run the test and say whether it fails."""
        import pytest

        with tempfile.TemporaryDirectory() as folder:
            given = {**self.given, "tmp_path": Path(folder)}
            needed = inspect.signature(self.test).parameters
            try:
                self.test(**self.values, **{name: value for name, value in given.items() if name in needed})
            except pytest.skip.Exception:
                return False
            except Exception:
                return True
            return False


@cache
def source(test: Callable[..., None]) -> str:
    """Return the text of ``test``."""
    return inspect.getsource(test)


def cases(module: Any, **given: Any) -> Iterator[Case]:
    """Yield the tests of ``module`` that need nothing but ``given`` and a folder, once for each set of parameters."""
    for name, test in list(vars(module).items()):
        if name.startswith("test_") and not hasattr(test, "hypothesis"):
            yield from _runs(test, **given)


def _runs(test: Callable[..., None], **given: Any) -> Iterator[Case]:
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    choices = [[_values(mark.args[0], value) for value in mark.args[1]] for mark in marks]
    for chosen in itertools.product(*choices):
        values = {name: value for one in chosen for name, value in one.items()}
        if set(inspect.signature(test).parameters) <= {*values, *given, "tmp_path"}:
            yield Case(test, values, given)


def _values(names: str | Iterable[str], value: Any) -> dict[str, Any]:
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    if type(value).__name__ == "ParameterSet":
        return dict(zip(names, value.values, strict=True))
    return dict(zip(names, [value] if len(names) == 1 else value, strict=True))


# The run


NO_ANSWER = "no answer within the limits"


def judged(mutant: Mutant) -> str | None:
    """Return the first test that notices ``mutant``, or None; one that fails without any change notices nothing."""
    failing: set[str] = set()
    while (test := first(mutant, frozenset(failing))) and test not in failing:
        if passes(mutant, test):
            return test
        sys.stderr.write(f"fails without any change: {mutant.path.name}: {test}\n")
        failing.add(test)
    return None


SOUND: dict[tuple[Path, str], bool] = {}
"""Whether a test passes while nothing is changed in a file, for those that were asked so far."""


def passes(mutant: Mutant, test: str) -> bool:
    """Say whether ``test`` passes while nothing is changed in the file of ``mutant``."""
    # the tests of shapes and of derivation rules are the same for all of their files
    about = mutant.path.parent if mutant.path.suffix in (".ttl", ".ru") else mutant.path
    if (about, test) not in SOUND:
        sound = replace(mutant, text=files.read_text(mutant.path))
        SOUND[about, test] = first(sound, frozenset(), None if test == NO_ANSWER else test) != test
    return SOUND[about, test]


def first(mutant: Mutant, failing: frozenset[str], only: str | None = None) -> str | None:
    """Return the first test (or ``only`` this one) that fails with ``mutant``, and is not among the ``failing``.

    That happens in a process of its own, which is stopped when it takes too long.
    """

    def work(stream: BinaryIO) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if mutant.path.suffix == ".ru":  # no graph that is built here may be taken for the real one
            os.environ["EUAIKG_CACHE_DIR"] = folder
        found = (test for test in noticed(mutant, only) if test not in failing and only in (None, test))
        stream.write(json.dumps(next(found, None)).encode())

    try:
        with tempfile.TemporaryDirectory() as folder, processes.apart(work, memory=MEMORY) as pieces:
            answer: str | None = json.loads(b"".join(pieces))
            return answer
    except processes.OutOfMemoryError:  # or out of time: it was stopped
        return NO_ANSWER


def run(wanted: list[Mutant], workers: int, earlier: Path | None = None) -> list[tuple[Mutant, str | None]]:
    """Return each mutant with the test that notices it, or None; how far it is goes to standard error.

    What the file ``earlier`` says to be noticed is not tested again, and what is found to be is added to it.
    """
    lines = earlier.read_text(encoding="utf-8").splitlines() if earlier and earlier.exists() else []
    known: dict[str, str | None] = dict(json.loads(line) for line in lines)
    left = [mutant for mutant in wanted if mutant.key not in known]
    ours = graph()  # what the processes then share
    for module in map(tests, QUESTIONS):
        for case in cases(module, engine=ours, graph=ours):
            case.concerns("")
    if any(mutant.path.parent.parent.name == "shapes" or mutant.path.suffix == ".ttl" for mutant in left):
        small_graphs()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        for done, (mutant, test) in enumerate(zip(left, pool.map(judged, left), strict=True), 1):
            known[mutant.key] = test
            if not test:
                sys.stderr.write(f"not noticed: {mutant}\n")
            elif earlier:
                with earlier.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps([mutant.key, test]) + "\n")
            if done % 25 == 0 or done == len(left):
                sys.stderr.write(f"{done} of {len(left)} mutants are tested\n")
    return [(mutant, known[mutant.key]) for mutant in wanted]


def page(results: list[tuple[Mutant, str | None]], of: int) -> str:
    """Return ``results``, ``of`` so many, as a page: how many of each kind are noticed, by what, and which not."""
    total, seen = len(results), sum(bool(test) for _, test in results)
    drawn = "each of" if total == of else f"{total}, drawn by lot, of"
    lines = [
        "<!-- Written by tools/mutate.py; do not edit. -->\n",
        "# Whether the tests notice\n",
        f"`python tools/mutate.py` deletes {drawn} {of} conditions of the questions and rules, one at a time,",
        f"and runs the tests that are about it: {seen} are noticed, {100 * seen / total:.1f} of 100.\n",
        "| what is deleted | how many | noticed |\n| --- | --- | --- |",
    ]
    for kind in sorted({mutant.kind for mutant, _ in results}):
        of_kind = [bool(test) for mutant, test in results if mutant.kind == kind]
        lines.append(f"| {kind} | {len(of_kind)} | {sum(of_kind)} |")
    lines.append("\nThe first test that fails is:\n\n| test | mutants |\n| --- | --- |")
    for test, number in Counter(test.partition("[")[0] for _, test in results if test).most_common():
        lines.append(f"| {test} | {number} |")
    lines.append("\n## Not noticed\n")
    lines += [f"* {mutant}" for mutant, test in results if not test] or ["None."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="only these files")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md")
    parser.add_argument("--sample", type=int, metavar="NUMBER", help="only so many, drawn by lot")
    parser.add_argument("--seed", type=int, default=0, metavar="NUMBER", help="draw another lot (default: 0)")
    parser.add_argument("--earlier", type=Path, metavar="FILE", help="do not test again what it says to be noticed")
    parser.add_argument("--workers", type=int, default=2, metavar="NUMBER", help="how many at once (default: 2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EUAIKG_CACHE_DIR"] = folder
        there = list(mutants([path.resolve() for path in options.paths] or all_paths()))
        drawn = sorted(
            random.Random(options.seed).sample(range(len(there)), min(options.sample or len(there), len(there)))
        )
        text = page(run([there[at] for at in drawn], options.workers, options.earlier), len(there))
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
