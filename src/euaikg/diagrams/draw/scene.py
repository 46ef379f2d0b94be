"""What a picture is made of: shapes, texts and groups of them, at their places.

Lengths are pixels of the page (1920 by 1080 for a slide), y downwards. Colours are names of
:data:`~euaikg.diagrams.model.looks.PALETTE`. A path is an SVG path of absolute ``M``, ``L``, ``C`` and ``Z`` alone, so
that every format can draw it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import cycle

Point = tuple[float, float]

_WIDTHS = {
    0.3: " !',.:;Jijl", 0.35: "()-`/I[\\]ft", 0.42: '"r{}', 0.48: "?_z", 0.54: "FLcsvy",
    0.6: "$*+0123456789<=>ESTYZ^aekx|~",
    0.64: "KPRVXbdghnopqu", 0.68: "#ABC", 0.76: "&DGHNU", 0.83: "OQw", 0.87: "%", 0.95: "@M", 1.0: "Wm…—",
}  # fmt: skip
_SYLLABLE = re.compile(r"(?:sch|ch|sh|th|ph|[bcdfghjklmnpqrstvwxz])(?=[aeiouy])")
_EMS = {character: ems for ems, characters in _WIDTHS.items() for character in characters}


@dataclass(frozen=True)
class Path:
    """A shape: ``d`` as SVG has it, colours by name (empty: none), width of the line, and how opaque the filling is."""

    d: str
    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Text:
    """A line of text on the base line ``y``, which begins, has its middle or ends at ``x`` (start, middle, end).

    ``role`` says what it is: the name of a thing, the word of a relation, or other.
    """

    x: float
    y: float
    text: str
    size: float
    fill: str = "ink"
    anchor: str = "start"
    bold: bool = False
    role: str = ""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the text."""
        wide = measure(self.text, self.size, self.bold)
        left = self.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return left, self.y - 0.8 * self.size, left + wide, self.y + 0.25 * self.size


@dataclass
class Group:
    """Shapes and texts that are one thing to a reader: a ``node``, an ``edge``, a ``bundle`` or ``legend``.

    ``key`` tells it apart, ``title`` says in words what it is, ``ends`` are the keys of what an edge joins, ``members``
    those of what is in a bundle.
    """

    kind: str
    key: str = ""
    title: str = ""
    href: str = ""
    parts: list[Path | Text] = field(default_factory=list)
    ends: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass
class Scene:
    """A whole picture with its size, title and description; groups that come later lie above.

    ``points`` is how wide it is on paper, in points of 1/72 inch.
    """

    width: float
    height: float
    title: str = ""
    description: str = ""
    lang: str = "en"
    groups: list[Group] = field(default_factory=list)
    points: float = 0.0

    def texts(self) -> Iterator[tuple[Group, Text]]:
        """Yield every text with its group."""
        for group in self.groups:
            for part in group.parts:
                if isinstance(part, Text):
                    yield group, part


@dataclass(frozen=True)
class Area:
    """Where a form may draw."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass
class Drawn:
    """What a form drew: groups, how far right and down it needed, and what it adds to the legend and leaves out."""

    groups: list[Group] = field(default_factory=list)
    right: float = 0.0
    bottom: float = 0.0
    legend: list[tuple[str, list[Path]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@cache
def _ems(character: str) -> float:
    """Return how wide a character is, as a part of its size."""
    if unicodedata.combining(character):
        return 0.0
    plain = unicodedata.normalize("NFD", character)[0]
    return _EMS.get(plain, 1.05 if unicodedata.east_asian_width(character) in "WF" else 0.68)


@lru_cache(maxsize=1 << 16)
def measure(text: str, size: float, bold: bool = False) -> float:
    """Return how wide ``text`` is in a sans-serif of ``size`` pixels: as in Noto Sans, in Arial it is no wider."""
    ems = 0.0
    for character in text:  # sum() rounds otherwise in some versions of Python
        ems += _ems(character)
    return ems * size * (1.06 if bold else 1.0)


def wrap(text: str, size: float, limit: float, rows: int = 99, bold: bool = False) -> list[str]:
    """Return ``text`` in at most ``rows`` lines no wider than ``limit``; where the rest is cut off stands ``…``.

    Lines break at spaces, else within words: after a hyphen of their own, or about where a syllable begins.
    """
    words = [word for word in re.split(r"[ \t\n\r]+", text) if word]  # but not at spaces that join
    found: list[str] = []
    line = ""
    while words:
        word = words.pop(0)
        joined = f"{line} {word}" if line else word
        if measure(joined, size, bold) <= limit:
            line = joined
        elif line:
            found.append(line)
            line = ""
            words.insert(0, word)
        else:
            at = len(word)
            while at > 1 and measure(word[:at] + "-", size, bold) > limit:
                at -= 1
            at = at if len(word) - at > 2 else max(1, len(word) - 3)  # no end of a letter or two by itself
            syllables = [one.start() for one in _SYLLABLE.finditer(word.lower()) if at / 2 < one.start() <= at]
            at = word.rfind("-", 1, at) + 1 or (syllables[-1] if syllables and word[:at].isalpha() else at)
            hyphen = "-" if word[:at].isalpha() else ""
            found.append(word[:at] + hyphen)
            if word[at:]:
                words.insert(0, word[at:])
        if len(found) > rows:
            break
    found += [line] * bool(line)
    if len(found) <= rows:
        return found
    last = found[rows - 1]
    while last and measure(f"{last} …", size, bold) > limit:
        shorter = last.rpartition(" ")[0]  # a whole word, as long as that leaves most of the line
        last = shorter if 2 * len(shorter) > len(found[rows - 1]) else last[:-1].rstrip()
    return [*found[: rows - 1], f"{last} …".strip()]


def n(value: float) -> str:
    """Return ``value`` with at most one decimal, as paths have it."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0", value > -0.05)


def polyline(points: Iterable[Point], close: bool = False) -> str:
    """Return the path along ``points``."""
    joined = "L".join(f"{n(x)} {n(y)}" for x, y in points)
    return f"M{joined}{'Z' if close else ''}"


def rectangle(x: float, y: float, width: float, height: float, round_: float = 0.0) -> str:
    """Return the path of a rectangle with its corner at ``x``, ``y``, its corners rounded by ``round_``."""
    right, bottom = x + width, y + height
    r = min(round_, width / 2, height / 2)
    if r <= 0:
        return polyline([(x, y), (right, y), (right, bottom), (x, bottom)], close=True)
    c = r * 0.448  # what is left of the corner's control point, for a quarter of a circle
    parts = [
        f"M{n(x + r)} {n(y)}L{n(right - r)} {n(y)}C{n(right - c)} {n(y)} {n(right)} {n(y + c)} {n(right)} {n(y + r)}",
        f"L{n(right)} {n(bottom - r)}C{n(right)} {n(bottom - c)} {n(right - c)} {n(bottom)} {n(right - r)} {n(bottom)}",
        f"L{n(x + r)} {n(bottom)}C{n(x + c)} {n(bottom)} {n(x)} {n(bottom - c)} {n(x)} {n(bottom - r)}",
        f"L{n(x)} {n(y + r)}C{n(x)} {n(y + c)} {n(x + c)} {n(y)} {n(x + r)} {n(y)}Z",
    ]
    return "".join(parts)


def circle(x: float, y: float, radius: float) -> str:
    """Return the path of a circle."""
    return rectangle(x - radius, y - radius, 2 * radius, 2 * radius, radius)


def curve(start: Point, end: Point, upright: bool = False) -> str:
    """Return a curve from ``start`` to ``end`` that leaves and arrives level, or ``upright``."""
    (x0, y0), (x1, y1) = start, end
    if upright:
        middle = (y0 + y1) / 2
        return f"M{n(x0)} {n(y0)}C{n(x0)} {n(middle)} {n(x1)} {n(middle)} {n(x1)} {n(y1)}"
    middle = (x0 + x1) / 2
    return f"M{n(x0)} {n(y0)}C{n(middle)} {n(y0)} {n(middle)} {n(y1)} {n(x1)} {n(y1)}"


def arrow(tip: Point, before: Point, size: float = 9.0) -> str:
    """Return the head of an arrow that comes from ``before`` and ends at ``tip``."""
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    sides = [(tip[0] - size * math.cos(angle + turn), tip[1] - size * math.sin(angle + turn)) for turn in (0.42, -0.42)]
    return polyline([tip, *sides], close=True)


def strokes(d: str) -> list[tuple[bool, list[Point]]]:
    """Return each part of the path ``d`` as whether it is closed and the points of its cubic curves (3n + 1)."""
    found: list[tuple[bool, list[Point]]] = []
    for command, given in re.findall(r"([MLCZ])([^MLCZ]*)", d):
        numbers = [float(text) for text in re.findall(r"-?\d*\.?\d+", given)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            found.append((False, points[:1]))
            points = points[1:]
        if command == "Z":
            begun = found[-1][1]
            if begun[-1] != begun[0]:
                begun += _straight(begun[-1], begun[0])
            found[-1] = (True, begun)
        elif command == "C":
            found[-1][1].extend(points)
        else:
            for point in points:
                found[-1][1].extend(_straight(found[-1][1][-1], point))
    return found


def _straight(start: Point, end: Point) -> list[Point]:
    between = [
        (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part) for part in (1 / 3, 2 / 3)
    ]
    return [*between, end]


def moved(d: str, x: float, y: float, scale: float) -> str:
    """Return the path ``d`` made ``scale`` times as large and moved by ``x``, ``y``."""
    turn = cycle((x, y))

    def place(found: re.Match[str]) -> str:
        return n(float(found[0]) * scale + next(turn))

    return re.sub(r"-?\d*\.?\d+", place, d)


def shifted(group: Group, x: float, y: float) -> Group:
    """Return ``group`` moved by ``x``, ``y``."""
    parts = [
        replace(part, x=part.x + x, y=part.y + y)
        if isinstance(part, Text)
        else replace(part, d=moved(part.d, x, y, 1.0))
        for part in group.parts
    ]
    return replace(group, parts=parts)


def inside(box: Sequence[float], other: Sequence[float]) -> bool:
    """Say whether two boxes (left, top, right, bottom) share any place."""
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
