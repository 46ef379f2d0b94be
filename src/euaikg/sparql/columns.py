"""The columns of a table as people read them: the main ones, in words, with short sources.

Which columns are the main ones a stored question says (``shown``). Of those a figure, its hedge, range and unit become
one cell; what is the same in each row stands above the table; sources become numbers, whose list stands below; and rows
that say the same are one, with the sources of all. The words are those of ``queries/columns.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import XSD
from euaikg.rdf.terms import Term, native, text
from euaikg.sparql import amounts
from euaikg.sparql.amounts import JOINT, Figure

HEADS = ("value", "amount", "stated", "before", "after", "smaller", "larger", "participants")
"""The variables that hold a figure, of which others of the row may say more."""

PLACES = re.compile(r"(?:source|.*Source)s?|(?:verified|planned|reported)In")
"""The variables that hold places, several joined by ``"; "``."""

JOINED = {
    "what": ("population", "{} ({})", "{}"),
    "measureLabel": ("population", "{} ({})", "{}"),
    "byLabels": ("channelLabels", "{}, through {}", "through {}"),
    "modeLabel": ("period", "{}, {}", "{}"),
    "period": ("modeLabel", "{1} {0}", "{}"),
}
"""The variables that stand in the column of another one unless they have their own: with it, and alone."""

COUNTED = ("potRows",)
"""Numbers of rows, which are only said where they are more than one."""

REASONS = ("reason",)
"""What is too long for a column, and stands above the table where it is the same for each row."""

MODALITIES = ("modalityLabel", "modalityLabels")

NOTES = {
    **dict.fromkeys(MODALITIES, "{}"),
    "period": "{}",
    "role": "{}",
    **dict.fromkeys(("condition", "conditions"), "condition: {}"),
    "forLabels": "for {}",
    "categoryLabels": "funders: {}",
    "countryLabels": "in {}",
    "saidBy": "said by {}",
    "dispute": "disputed: {}",
    "superseded": "{}",
    "preferred": "{}",
    "judgement": "{}",
}
"""What few rows have is said in one column of notes, where there are several kinds of it; so is, on a narrow screen,
what all have of these but the period. How sure a row is goes there last."""

FOLDED = {
    **dict.fromkeys(("statusLabel", "statusLabels", "kindLabel", "tierLabel", "modeLabel", "modeLabels"), "{}"),
    **dict.fromkeys(("latestStatus", "relationLabels", "verdict"), "{}"),
    **dict.fromkeys(("byLabel", "byLabels", "actorLabel"), "by {}"),
}
"""What goes to the notes only where words would be cut otherwise; of other columns the title stands before it."""

FIRST = (*MODALITIES, "verdict")
"""What the notes say before anything else, as the rest is read in its light."""

KEPT = 2
"""So many columns are never notes."""

_DAY = r"\d{4}(?:-(?:\d\d(?:-\d\d)?|[QH]\d))?"
_PERIOD = re.compile(rf"(?:(until|from)-)?({_DAY})(?:--({_DAY}))?")
_SPAN = re.compile(r"(?<=\d)--(?=\d)")
_NUMBERS = re.compile(r"(?:\[(\d+)\] ?)+")

Undated = Mapping[str, Sequence[str]]
"""The names and IRIs of the documents without a date, by the day before which we hold that they are not."""


class Answered(Protocol):
    """What is needed of a table: its columns and rows, which of them people see, and in what language."""

    @property
    def variables(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> list[tuple[Term | None, ...]]: ...
    @property
    def shown(self) -> tuple[str, ...]: ...
    @property
    def lang(self) -> str: ...


class Column(NamedTuple):
    """One column: its title, the text of its cells, and whether they are set to the right."""

    title: str
    cells: list[str]
    right: bool = False


class Sheet(NamedTuple):
    """What stands above the columns, the columns, and what stands below them."""

    above: list[str]
    columns: list[Column]
    sources: list[str]


def title(variable: str) -> str:
    """Return the name of a variable in words: ``funderLabel`` becomes "funder"."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in variable)
    return spaced.removesuffix(" label").removesuffix(" labels") or spaced


def is_number(term: Term | None) -> bool:
    """Say whether ``term`` may stand in a column that is set to the right."""
    return term is None or (isinstance(term, Literal) and not isinstance(native(term), str))


def sheet(
    table: Answered,
    wide: bool = False,
    iris: bool = False,
    undated: Undated | None = None,
    narrow: int = 0,
    apart: bool = True,
    lettered: bool = True,
) -> Sheet:
    """Return what people see of ``table``: the main columns, or with ``wide`` all; with ``iris`` those of IRIs too.

    For a ``narrow`` screen there are the fewer the higher it is: from 2 on, the last ones are notes, figures after
    all others; with ``apart`` how sure a row is keeps a column of its own, and disputes that are ``lettered`` have
    letters, whose list stands below.
    """
    is_chosen = bool(table.shown) and not wide
    made = _Made(table, undated or {}, is_chosen, narrow)
    names = _names(table, is_chosen, iris)
    places = [name for name in names[1:] if table.shown and PLACES.fullmatch(name)]
    named = [made.places(name) for name in places]
    if is_chosen and (cited := made.numbers("citation")):
        names = [name for name in names if name not in places]
        places, named = ["citation"], [cited]
    columns = {name: made.column(name) for name in names if name not in places}
    disputes: dict[str, str] = {}
    if is_chosen and lettered and "dispute" in columns:
        told = [cell.split("; ") if cell else [] for cell in columns["dispute"].cells]
        for one in (one for cell in told for one in cell):
            disputes.setdefault(one, _letters(len(disputes)))
        columns["dispute"] = columns["dispute"]._replace(
            cells=[", ".join(disputes[one] for one in cell) for cell in told]
        )
    if is_chosen and table.rows:
        columns = _with_notes(columns, made, narrow, apart)
    if is_chosen and places and table.rows:
        kept: dict[tuple[str, ...], list[dict[str, None]]] = {}
        for at, key in enumerate(zip(*(column.cells for column in columns.values()), strict=True)):
            for into, more in zip(kept.setdefault(key, [{} for _ in places]), named, strict=True):
                into |= more[at]
        columns = {
            name: column._replace(cells=[key[at] for key in kept]) for at, (name, column) in enumerate(columns.items())
        }
        named = [[row[at] for row in kept.values()] for at in range(len(places))]
    numbers: dict[str, int] = {}
    for row in zip(*named, strict=True):
        for place in (place for cell in row for place in cell):
            numbers.setdefault(place, len(numbers) + 1)
    is_listed = "citation" not in places  # whose numbers have a list of their own
    for name, cells in zip(places, named, strict=True):
        counted = [sorted(numbers[one] if is_listed else int(one) for one in cell) for cell in cells]
        heading = made.title(name if is_listed else "source")
        columns[name] = Column(heading, list(map(_runs, counted)))
    ordered = {name: columns[name] for name in dict.fromkeys([*names, *places]) if name in columns}
    above: list[str] = []
    if is_chosen and table.rows:
        above, ordered = _apart(ordered, made)
        if PLACES.fullmatch(next(iter(ordered), "")):  # where the first column says in which place each row stands
            name, column = next(iter(ordered.items()))
            parts = zip(*(cell.split(", ")[:-1] for cell in column.cells), strict=False)
            shared = [part[0] for part in takewhile(lambda part: len({*part}) == 1, parts)]
            if shared and len(column.cells) > 1:
                above.insert(0, f"{column.title}: {', '.join(shared)}")
                rest = [", ".join(cell.split(", ")[len(shared) :]) for cell in column.cells]
                ordered[name] = column._replace(cells=rest)
        for name in (name for name in REASONS if name in table.variables and name not in names):
            if len(table.rows) > 1 and len(reasons := {*made.texts(name)}) == 1 and any(reasons):
                above.append(f"{made.title(name)}: {reasons.pop()}")
    sources = [f"[{number}] {place}" for place, number in numbers.items()] if is_listed else []
    sources += [f"[{letters}] {made.filled('disputed: {}', one)}" for one, letters in disputes.items()]
    return Sheet(above, list(ordered.values()), sources)


def _with_notes(columns: dict[str, Column], made: _Made, narrow: int, apart: bool) -> dict[str, Column]:
    """Return ``columns`` with those of :data:`NOTES` that few rows have as one, and more for a ``narrow`` screen."""
    few = [name for name in columns if name in NOTES and made.is_note(name, columns[name], narrow > 0, apart)]
    others = [
        name
        for name, column in list(columns.items())[: KEPT - 1 : -1]
        if name not in few and not (apart and name in MODALITIES) and any(column.cells) and not _is_apart(column)
    ]
    others.sort(key=lambda name: columns[name].right)  # figures last of all
    few += others[: max(narrow - 1, 0)]
    if len(few) < 2:
        return columns
    few = sorted(few, key=list(columns).index)
    said = [
        [made.noted(name, columns[name].title, cell) for cell in columns[name].cells]
        for name in sorted(few, key=lambda name: name not in FIRST)
    ]
    notes = Column(made.title("note"), ["; ".join(filter(None, parts)) for parts in zip(*said, strict=True)])
    return {name: notes if name == few[-1] else column for name, column in columns.items() if name not in few[:-1]}


def _is_apart(column: Column) -> bool:
    """Say whether ``column`` is the same in each of several rows, so that it stands above the table."""
    return len(column.cells) > 1 and column.cells[0] != "" and len(set(column.cells)) == 1


def _apart(columns: dict[str, Column], made: _Made) -> tuple[list[str], dict[str, Column]]:
    """Return lines for the columns that are the same in each of several rows, and the others that say anything."""
    above, others = [], {}
    for name, column in columns.items():
        first = column.cells[0]
        if _is_apart(column):
            words = made.word("yes") if first == column.title else first.replace(JOINT, " ")
            above.append(f"{column.title}: {words}")
        elif any(column.cells):
            others[name] = column
    return above, others


def _names(table: Answered, is_chosen: bool, iris: bool) -> list[str]:
    """Return the variables whose columns are seen, in order."""
    if not is_chosen:
        return [name for name in table.variables if iris or f"{name}Label" not in table.variables]
    beside = dict(zip(table.variables, zip(*table.rows, strict=True), strict=False)) if iris else {}
    of_iris = [name for name, terms in beside.items() if any(isinstance(term, NamedNode) for term in terms)]
    names = [
        name for shown in table.shown for name in (shown.removesuffix("Label"), shown) if name in (shown, *of_iris)
    ]
    return list(dict.fromkeys([*names, *of_iris]))


class _Made:
    """Makes the columns of one table."""

    def __init__(self, table: Answered, undated: Undated, is_chosen: bool, narrow: int = 0) -> None:
        self.table, self.undated, self.is_chosen, self.narrow = table, undated, is_chosen, narrow
        self.word = partial(amounts.word, lang=table.lang)
        self.period = partial(period, lang=table.lang)

    def title(self, name: str) -> str:
        """Return what stands above the column ``name``: of a stored question in the words of people."""
        if f"{name}Label" in self.table.variables:
            return f"{self.title(f'{name}Label')} IRI"
        stem = re.sub(r"(?<=.)Labels?$", "", name)
        if self.is_chosen:
            figure = "amount" if "currency" in self.table.variables else "value"
            stem = {
                "low": figure if figure in self.table.variables else "range",
                "dispute": "disputed",
                "status": "promised" if "promisedOn" in self.table.variables else "status",
            }.get(stem, stem)
        named = amounts.words()["columns"].get(stem, {}) if self.table.shown else {}
        return str(named.get(self.table.lang) or named.get("en") or title(stem))

    def terms(self, name: str) -> Sequence[Term | None]:
        """Return the column ``name`` as it is, nothing in each row where there is none."""
        if name not in self.table.variables:
            return [None] * len(self.table.rows)
        at = self.table.variables.index(name)
        return [row[at] for row in self.table.rows]

    def texts(self, name: str) -> list[str]:
        return [text(term) for term in self.terms(name)]

    def places(self, name: str) -> list[dict[str, None]]:
        return [dict.fromkeys(part for part in cell.split("; ") if part) for cell in self.texts(name)]

    def numbers(self, name: str) -> list[dict[str, None]]:
        """Return the numbers in the cells of the column ``name``; none where it holds anything else."""
        cells = self.texts(name)
        if name in self.table.variables and all(not cell or _NUMBERS.fullmatch(cell) for cell in cells):
            return [dict.fromkeys(re.findall(r"\d+", cell)) for cell in cells]
        return []

    def column(self, name: str) -> Column:
        above, terms = self.title(name), self.terms(name)
        if self.is_chosen and (name in HEADS or name == "low" or name.endswith("Low")):
            return Column(above, self.figures(name), right=True)
        if any(isinstance(term, Literal) and term.datatype.value == XSD + "boolean" for term in terms):
            return Column(above, [above if term is not None and native(term) is True else "" for term in terms])
        if name.endswith("On") or name == "notBefore":
            return Column(above, self.days(name))
        joined, both, alone = JOINED.get(name, ("", "", ""))
        if self.is_chosen and joined in self.table.variables and joined not in self.table.shown:
            pairs = list(zip(*(map(self.period, self.texts(one)) for one in (name, joined)), strict=True))
            return Column(
                above,
                [self.filled(both, *pair) if all(pair) else pair[0] or self.filled(alone, pair[1]) for pair in pairs],
            )
        if self.is_chosen and name.lower().endswith("modality"):  # an IRI, whose title says as much
            return Column(above, [cell.removeprefix("modality:") for cell in self.texts(name)])
        if name == "section" and self.narrow > 1:  # its number says enough
            return Column(above, [re.sub(r"^(\d[\d.]*) .*", r"\1", cell) for cell in self.texts(name)])
        if self.is_chosen and name in COUNTED:
            return Column(above, ["" if cell == "1" else cell for cell in self.texts(name)], right=True)
        right = any(terms) and all(term is None or amounts.number(term) is not None for term in terms)
        cells = [
            cell.replace(" ", JOINT) if is_number(term) else cell
            for cell, term in zip(map(text, terms), terms, strict=True)
        ]
        return Column(above, list(map(self.period, cells)) if self.table.shown else cells, right)

    def is_note(self, name: str, column: Column, narrow: bool, apart: bool) -> bool:
        """Say whether ``column`` goes into the notes: few rows have it, or it would take room on a narrow screen."""
        there = sum(map(bool, column.cells))
        few = 0 < there * 3 < len(column.cells)
        if narrow and _is_apart(column):
            return False
        if name in MODALITIES:
            return narrow and not apart and there > 0
        return few if name == "period" or not narrow else there > 0

    def noted(self, name: str, title: str, cell: str) -> str:
        """Return what the notes say of ``cell``, which would stand in the column ``name`` under ``title``."""
        form = NOTES.get(name) or FOLDED.get(name)
        if form == "by {}" and cell.startswith(self.word("through {}").format("")):
            return cell
        return self.filled(form, cell) if form else f"{title}: {cell}" if cell not in ("", title) else cell

    def filled(self, form: str, *cells: str) -> str:
        """Return ``form`` in the language of the table with ``cells`` in it; nothing where the first is empty."""
        return self.word(form).format(*cells) if cells[0] else ""

    def figures(self, name: str) -> list[str]:
        """Return the cells of a column of figures, each with what others of its row say of it."""
        stem = name[:-3] if name.endswith("Low") else ""  # of promisedLow and promisedHigh
        low, high = (f"{stem}Low", f"{stem}High") if stem else ("low", "high")
        value = "" if name in (low, "low") else name
        hedge = f"{name}Qualifier" if f"{name}Qualifier" in self.table.variables else "qualifierLabel"
        unit = next((one for one in ("currency", "unit", "unitLabel") if one in self.table.variables), "")
        bounds = (low, high) if value in ("", "value", "amount", "stated") else ("", "")
        parts = zip(
            map(self.number, self.terms(value)),
            *(map(self.number, self.terms(bound)) for bound in bounds),
            self.texts(hedge) if value else self.texts(""),
            self.texts(unit),
            [native(term) not in (None, False, 0) for term in self.terms("open")],
            [native(term) is True for term in self.terms("estimate")],
            self.texts("perLabel"),
            strict=True,
        )
        return [amounts.written(Figure(*part), self.table.lang) for part in parts]

    number = staticmethod(amounts.number)

    def days(self, name: str) -> list[str]:
        """Return the cells of a column of days, saying which are inferred."""
        inferred = [native(term) is True for term in self.terms("dateInferred")]
        cells = self.texts(name)
        for at, (cell, row) in enumerate(zip(cells, self.table.rows, strict=True)):
            there = self.undated.get(cell, ())
            if name == "notBefore" or inferred[at] or (there and _speaks_of(row, there)):
                cells[at] = f"{self.word('not before')} {cell}"
        return cells


def period(cell: str, lang: str) -> str:
    """Return ``cell`` with the code of a period in words: "until 2027", "2025-Q2–Q3"."""
    if not (match := _PERIOD.fullmatch(cell)):
        return _SPAN.sub("–", cell)
    until, begin, end = match.groups()
    span = f"{begin}–{end}" if end else begin
    return f"{amounts.word(until, lang=lang)} {span}" if until else span


def _speaks_of(row: Iterable[Term | None], documents: Iterable[str]) -> bool:
    said = [term.value for term in row if isinstance(term, NamedNode | Literal)]
    return any(one == name or one.startswith(f"{name},") for name in documents for one in said)


def _letters(number: int) -> str:
    """Return the letters that stand for a dispute: a to z, aa and so on."""
    rest, last = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("a") + last)


def _runs(numbers: list[int]) -> str:
    """Return sorted ``numbers`` with more than two in a row as one: "1, 3–5"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in found)
