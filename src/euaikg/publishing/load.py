"""Load the graph into a running SPARQL server, send only what differs, and look afterwards whether it is all there.

The server keeps a mark of each graph that was loaded (:mod:`euaikg.publishing.marks`), by which it is known what
differs and what is ours. The default graph goes into the server's default graph, or, where the server shows the union
of all graphs there, into the named graph :data:`euaikg.sparql.remote.DEFAULT`. Other graphs are left alone; a graph
that is to be replaced and holds triples of somebody else's is not touched, but refused.

Where updates can be sent and something was loaded before, what is new waits in graphs of its own and takes its place at
the end, so that questions are answered from the earlier state meanwhile. Else the default graph is said to be loading,
and nobody takes a part of it for all. Before a graph is changed in its place the server is told which
(:data:`euaikg.sparql.remote.BEGUN`), so that whatever breaks off is known to be ours, and not to be what its mark says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Store

from euaikg.errors import EndpointError, counted
from euaikg.publishing.marks import Mark, Name, Part, parts, whole
from euaikg.publishing.patches import Patch
from euaikg.publishing.server import (
    AT_ONCE,
    EARLIER,
    ELSEWHERE,
    OWN,
    PROBE,
    PROBING,
    STAGE,
    TOO_LARGE,
    TRIPLES,
    Progress,
    PublishError,
    Server,
    Target,
    data,
    graph,
    portions,
)
from euaikg.sparql.http import place
from euaikg.sparql.remote import BEGUN, DEFAULT, graph_name

__all__ = ["PublishError", "Report", "Target", "patch", "publish"]


@dataclass(frozen=True)
class Report:
    """What was, or with ``done`` false would be, loaded: the counts, by which way, and where the default graph went.

    ``graphs``, ``triples`` and ``default_triples`` are all that the server holds of ours; ``sent`` is how many of the
    triples were sent, the rest stood there. ``default`` is None for the server's own default graph; ``older`` are
    graphs of the project that the server holds beside those loaded, from an earlier version or other files, and
    ``pruned`` those of them that were removed.
    """

    graphs: int
    triples: int
    way: str
    default: str | None
    default_triples: int
    done: bool
    older: list[str] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)
    sent: int | None = field(default=None, compare=False)


@dataclass
class _Work:
    """What is to be done: the graphs that differ, whether the default graph does, and what is to go.

    ``key`` is the name of the default graph among the marks. What was loaded earlier and stays has a mark in ``left``,
    or is ``unsure``, since a publication that broke off began to change it.
    """

    server: Server
    graphs: dict[str, Part]
    default: Part | None
    gone: list[str]
    place: Name
    marks: dict[Name, Mark]
    key: str = DEFAULT
    left: dict[Name, Mark] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    done: int = 0
    begun: bool = False
    filled: bool = False
    staged: bool = False


def publish(
    store: Store,
    target: Target,
    *,
    default_graph: str | None = None,
    timeout: float | None = None,
    dry_run: bool = False,
    prune: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Load ``store`` into the server at ``target`` and return what was loaded, or with ``dry_run`` what would be.

    ``default_graph`` is the IRI of a named graph for the triples of the default graph; without it the server is
    tried out. With ``prune`` graphs that were loaded earlier and are no longer there are removed. Raises
    :class:`PublishError` where only part was loaded, where the counts are not those of the graph, or where triples of
    others would be lost, in whichever graph and with ``dry_run`` too; :class:`EndpointError` where nothing was changed.
    A ``timeout`` that is none is a :class:`QueryError`. A :class:`KeyboardInterrupt` is passed on with a sentence that
    says what was changed.
    """
    server = Server(target, timeout)
    made = parts(store)
    graphs = {name: part for name, part in made.items() if name is not None}
    default = made.get(None) or Part(Mark(), lambda: iter(()))
    key = DEFAULT if default_graph is None else graph_name(default_graph)
    for name in graphs:
        if name in OWN or name.startswith(STAGE):
            raise PublishError(f"The graph {name} is for publishing itself; have what is in it in another graph.")
    if key in graphs:
        raise PublishError(f"The default graph cannot go into {key}, which is another graph of the project.")
    if key in OWN[1:] or key.startswith(STAGE):
        raise PublishError(f"The default graph cannot go into {key}, which is for publishing itself.")
    before = server.counts(graphs)
    record = server.record(default=key) if before else {}
    earlier = {**(server.record(EARLIER) if before.get(EARLIER) else {}), **record}
    begun = server.begun() if before.get(BEGUN) else set()
    marks: dict[Name, Mark] = {None: default.mark, **{name: part.mark for name, part in graphs.items()}}
    older = sorted(name for name in before if name not in graphs and name not in (*OWN, key))
    older, staged = [name for name in older if not name.startswith(STAGE)], [n for n in older if n.startswith(STAGE)]
    held = {name for name, mark in earlier.items() if name and before.get(name) == mark.count} - begun
    changed = {name: part for name, part in graphs.items() if name not in held or earlier[name] != part.mark}
    if before.get(PROBE):
        foreign = server.count(f"{graph(PROBE)} {{ ?s ?p ?o }} FILTER(?p != {PROBING})")
        server.refuse_lost(PROBE, foreign, "euaikg did not put there", ELSEWHERE)
    is_known = None in record
    where = DEFAULT if default_graph is None and before.get(DEFAULT) else default_graph
    work = _Work(server, changed, default, [], where, marks, key)
    try:
        at = f"{graph(where)} {{ ?s ?p ?o }}" if where else "?s ?p ?o"
        is_whole = is_known and key not in begun and server.count(at) == record[None].count
        if where is None and not dry_run and not is_whole and server.shows_union():
            work.place = where = DEFAULT
        if key not in begun and not is_whole:
            server.refuse_foreign(where)
        if is_whole and record[None] == default.mark:
            work.default = None
        known = not dry_run or where is not None or server.shows_publication()
        trusted = held | begun
        doubtful = {name: part for name, part in changed.items() if before.get(name) and name not in trusted}
        for name, count in server.foreign(doubtful, where, known).items():
            server.refuse_lost(name, count, "euaikg did not put there", ELSEWHERE)
        if prune:
            theirs = server.foreign({name: None for name in older if name not in trusted}, where, known)
            work.gone = [name for name in older if name not in theirs]
        work.left = {name: earlier[name] for name in older if name in held and name not in work.gone}
        work.unsure = begun.intersection(older).difference(work.gone)
        if not dry_run:
            _load(work, bool(record), staged, progress)
    except (EndpointError, KeyboardInterrupt) as error:
        _say(work, error)
    default_count = default.mark.count
    sent = sum(part.mark.count for part in work.graphs.values()) + (default_count if work.default else 0)
    left = [name for name in older if name not in work.gone]
    named = sum(part.mark.count for part in graphs.values())
    shown = where if not dry_run else default_graph
    return Report(len(graphs), named, server.way, shown, default_count, not dry_run, left, work.gone, sent)


def _load(work: _Work, is_later: bool, staged: list[str], progress: Progress) -> None:
    """Do the ``work`` and look whether all is there; what ``staged`` before and was left is removed."""
    server = work.server
    server.drop(staged)
    if not work.graphs and not work.default and not work.gone:
        return
    if is_later and server.target.is_updated:
        _switch(work, progress)
    else:
        _fill(work, progress)
    work.filled = True
    _check(work)
    if work.left or work.gone:
        server.keep(work.left, EARLIER)
    server.keep(work.marks, default=work.key)
    server.end(work.unsure)


def _begin(work: _Work, is_refused: bool) -> None:
    """Have the server say which graphs are being changed; where the default graph is one, it may be ``is_refused``."""
    work.begun = True
    default = [work.key] if work.default else []
    work.server.begin([*work.graphs, *default], work.key if default and is_refused else "")


def _fill(work: _Work, progress: Progress) -> None:
    """Load what differs in its place; nobody asks the default graph, where it differs, until it is whole."""
    server = work.server
    _begin(work, is_refused=True)
    for batch in _batches(work):
        if len(batch) > 1:
            server.small(batch, progress)
        else:
            server.load(batch[0][0], batch[0][1].lines(), progress)
        work.done += len(batch)
    server.drop(work.gone)
    if work.default:
        server.load(work.place, work.default.lines(), progress)


def _batches(work: _Work) -> Iterator[list[tuple[str, Part]]]:
    """Yield the graphs in as many at a time as one request takes."""
    batch: list[tuple[str, Part]] = []
    for name, part in work.graphs.items():
        full = sum(one.mark.count for _, one in batch) + part.mark.count > TRIPLES
        if batch and (work.server.store or full):
            yield batch
            batch = []
        batch.append((name, part))
    if batch:
        yield batch


def _switch(work: _Work, progress: Progress) -> None:
    """Load what differs beside its place, and put it there at the end, by one update where it is not very much."""
    server, where = work.server, work.place
    moves = [f"DROP SILENT {graph(name)}" for name in work.gone]
    work.staged = True
    for number, (name, part) in enumerate(work.graphs.items()):
        server.load(f"{server.stage}{number}", part.lines(), progress)
        moves.append(f"MOVE SILENT {graph(f'{server.stage}{number}')} TO {graph(name)}")
        work.done += 1
    if work.default:
        server.load(f"{server.stage}default", work.default.lines(), progress)
        moves.append(f"MOVE SILENT {graph(server.stage + 'default')} TO {graph(where) if where else 'DEFAULT'}")
    work.staged = False
    _begin(work, is_refused=len(moves) > AT_ONCE)
    for start in range(0, len(moves), AT_ONCE):
        server.update(" ;\n".join(moves[start : start + AT_ONCE]))


def _check(work: _Work) -> None:
    """Raise :class:`PublishError` where the server does not hold as many triples as were sent."""
    server, default = work.server, work.place
    expected = {name: mark.count for name, mark in work.marks.items() if name and mark.count}
    whole = work.marks[None].count
    if default is not None:
        expected[default] = whole
    there = server.counts(expected)
    wrong = [
        f"{name} ({there.get(name, 0)} of {count})" for name, count in expected.items() if there.get(name, 0) != count
    ]
    if default is None and (count := server.count("?s ?p ?o")) != whole:
        wrong.append(f"the default graph ({count} of {whole})")
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise PublishError(
            f"{place(server.target.endpoint)} took everything but does not hold it all: {', '.join(wrong[:3])}{more}."
        )


def _say(work: _Work, error: EndpointError | KeyboardInterrupt, patched: str = "") -> None:
    """Raise ``error`` with a sentence that says what was changed, or ``patched`` instead of it."""
    server = work.server
    many = counted(len(work.graphs), "named graph")
    if patched:
        changed = patched
    elif work.staged:
        changed = f"So far {work.done} of {many} wait beside their places, and the server answers as before"
    elif work.begun:
        end = "and the default graph, but they could not be counted" if work.filled else "but not the default graph"
        changed = f"So far it loaded {work.done} of {many}, {end}"
    elif server.probed:
        changed = f"Nothing was loaded, but one triple for trying the server out may stand in the graph {PROBE}"
    elif isinstance(error, EndpointError):
        raise error
    else:
        changed = "Nothing was changed"
    changed += "; run it again." if not patched else ""
    if isinstance(error, KeyboardInterrupt):
        raise KeyboardInterrupt(f"Interrupted. {changed}") from None
    late = " It may still be at work on it." if "did not answer within" in str(error) else ""
    raise PublishError(f"{str(error).rstrip('.')}.{late} {changed}") from None


def patch(
    content: Patch,
    target: Target,
    *,
    default_graph: str | None = None,
    timeout: float | None = None,
    dry_run: bool = False,
) -> Report:
    """Bring the server at ``target`` from one release to the next by what differs.

    ``default_graph`` is the one that :func:`publish` was given, where it was given one. Raises :class:`PublishError`
    where the server holds another release than the one that the patch begins from, or does not hold the next one
    afterwards, and :class:`EndpointError` where it cannot be asked.
    """
    server = Server(Target(target.endpoint, target.update_address), timeout)
    key = DEFAULT if default_graph is None else graph_name(default_graph)
    there, record = place(target.endpoint), server.record(default=key)
    if None not in record:
        raise PublishError(
            f"{there} does not say which release it holds; load it once with “euaikg publish”, or where that was done "
            "give the same --default-graph."
        )
    if content.old != whole(record):
        raise PublishError(
            f"{there} holds another release than the one that the patch begins from; nothing was changed."
        )
    marks = content.applied(record)
    if content.new != whole(marks):
        raise PublishError("The patch does not lead to the release that it names; nothing was changed.")
    names = {name for name in (*record, *content.changes) if name}
    before = server.counts(names)
    where = DEFAULT if default_graph is None and before.get(DEFAULT) else default_graph
    unsure = server.begun() if before.get(BEGUN) else set()
    lost = (name for name in sorted(names) if before.get(name, 0) != record.get(name, Mark()).count or name in unsure)
    wrong = [f"The graph {name}" for name in lost]
    at = f"{graph(where)} {{ ?s ?p ?o }}" if where else "?s ?p ?o"
    if not wrong and (key in unsure or server.count(at) != record[None].count):
        wrong = ["The default graph"]
    if wrong:
        raise PublishError(
            f"{wrong[0]} of {there} was changed since it was loaded, or not loaded whole; nothing was changed. {_WHOLE}"
        )
    work = _Work(server, {}, None, [], where, marks, key)
    if content.size and not dry_run:
        try:
            _apply(work, content)
            _check(work)
            server.keep(marks, default=key)
            server.end(unsure)
        except (EndpointError, KeyboardInterrupt) as error:
            _say(work, error, f"The patch may be carried out in part. {_WHOLE}")
    named = {name: mark for name, mark in marks.items() if name and mark.count}
    total = sum(mark.count for mark in named.values())
    return Report(len(named), total, server.way, where, marks[None].count, not dry_run, sent=content.size)


_WHOLE = "“euaikg publish” sends what differs."


def _apply(work: _Work, content: Patch) -> None:
    """Carry out the patch: by one update where that is short, else with the default graph refused meanwhile."""
    server, where = work.server, work.place
    steps = [
        (way, where if name is None else name, portion)
        for name, (gone, come) in content.changes.items()
        for way, triples in (("DELETE", gone), ("INSERT", come))
        for portion in portions(triples, TRIPLES)
    ]
    touched = [name or work.key for name in content.changes]
    if content.size <= TRIPLES:
        server.begin(touched)
        try:
            server.update(" ;\n".join(f"{way} DATA {data(name, portion)}" for way, name, portion in steps))
            return
        except EndpointError as error:
            if error.status != TOO_LARGE:
                raise
    server.begin(touched, work.key)
    for way, name, portion in steps:
        server.change(way, name, portion)
