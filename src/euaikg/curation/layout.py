"""The parts of a plain text: headings, paragraphs, list items, table rows, footnotes and page furniture, in order.

A text shows its parts by blank lines, marks and the ends of its lines alone, so all of this is a proposal to somebody
who reads it. Positions count code points, and lines end with line feeds only, as in :mod:`euaikg.curation.sources`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

WIDE = 160
"""A text of which nine lines of ten are shorter is wrapped: its paragraphs have several lines."""

SHORT, LEADING = 100, 60
"""A heading without a number has at most so many characters, and words that only lead to a list."""

EDGE = 3
"""So many lines at either end of a page may be furniture."""

_SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BARE = re.compile(r"\(?(?:\d{1,3}|[a-z]{1,3})[.)]|[-–—•·▪]")
_MARK = re.compile(
    r"(?P<bullet>[-–—•·▪][ \t]*(?=\S)|[*][ \t]+|o(?:[ \t]+(?=\S)|(?=[A-Z(])))?"
    r"(?:\(?(?P<letter>[a-z]{1,2}|[ivx]{1,5})\)(?:[ \t]|$)|\((?P<bracket>\d{1,3})\)(?:\s|$)"
    r"|(?P<number>\d{1,3})[a-z]?[.)](?=\s|$))?"
)
_NOTE = re.compile(rf"(?P<raised>[{_SUPER}]+)|\[\^?(?P<square>\d{{1,3}})\]:?(?=\s)|(?P<plain>\d{{1,3}})[ \t]+(?=\S)")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?[ \t]*(?=[^\W\d_]|[“‘\"])")
_ARTICLE = re.compile(
    r"(?P<name>(?:Article|Artikel)\s+(?P<number>\d+[a-z]*))(?:\s*[:–-]?\s+(?P<title>[A-Z(].*[^.,;:]))?"
)
_ANNEX = re.compile(r"(?:ANNEX|BIJLAGE|Annex|Bijlage)(?:\s+(?P<number>\d+|[IVX]+))?\b[^.;,]*")
_RECITALS = re.compile(r"(?:Whereas|Overwegende|Gezien)\b.*:|Overwegende hetgeen volgt.*", re.DOTALL)
_ENACTS = re.compile(r"(?:HAS|HAVE) (?:DECIDED|ADOPTED)|(?:HEEFT|HEBBEN) .*(?:BESLUIT|VASTGESTELD)", re.DOTALL)
_NO_HEADING = re.compile(r"\d$|://|\S@\S+\.|: |\(\d{4}\)")
_CHAPTER = re.compile(r"(?:CHAPTER|TITLE|SECTION|PART|HOOFDSTUK|TITEL|AFDELING|DEEL)\s+[\dIVX]+.*", re.IGNORECASE)
_TITLED = re.compile(r"\d{1,2}(?:\.|(?:\.\d{1,2})+\.?)[ \t]*[^\W\d_“‘\"].*[^.,;:]")
_PAGE = re.compile(
    r"[►▼][A-Z]\d*|\d{1,3}(?:\s*/\s*\d{1,3})?|[;.,]|(?:Page|Pagina)\s+\d+.*|[A-Z]{2}|\[Image omitted.*|[|\s:-]+"
)


@dataclass
class Part:
    """A stretch of text, in one or more ``spans``, of a ``kind``: heading, paragraph, item, row, footnote, furniture.

    Its place is the ``section`` and ``annex``, where it stands in one, and the number that goes with its kind; ``slug``
    says the place within the text in short. ``opens`` is the title of the section that a heading opens.
    """

    kind: str
    spans: list[tuple[int, int]]
    slug: str = ""
    section: str | None = None
    annex: str | None = None
    paragraph: int | None = None
    item: str | None = None
    row: int | None = None
    footnote: int | None = None
    opens: str | None = None


@dataclass
class _Block:
    """Lines that belong together."""

    start: int
    end: int
    text: str
    lines: int = 1
    indent: int = 0
    is_furniture: bool = False


def parts(text: str) -> list[Part]:
    """Return the parts of ``text`` in the order of reading; every character that shows is in one of them."""
    return list(_Reader(_blocks(text)).read())


def _blocks(text: str) -> list[_Block]:
    """Return the paragraphs, items, rows and the like of ``text``, before it is known which of them they are."""
    found: list[_Block] = []
    lines = text.split("\n")
    lengths = sorted(len(line) for line in lines if line.strip()) or [0]
    width = lengths[int(len(lengths) * 0.9)]
    is_lined = width > WIDE and len(lengths) > 0.8 * len(lines)
    furniture, offset, apart, waiting = _furniture(lines), 0, True, False
    for number, line in enumerate(lines):
        plain, start = line.strip(), offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if not plain:
            apart = True
            continue
        indent = len(line) - len(line.lstrip(" \t"))
        block = _Block(start, start + len(plain), plain, indent=indent, is_furniture=number in furniture)
        before = found[-1] if found else block
        last = before.text.rpartition("\n")[2]
        is_title = len(last) < 0.8 * width and bool(
            _TITLED.fullmatch(before.text) or (len(found) > 1 and _ARTICLE.fullmatch(found[-2].text))
        )
        is_inside = not apart and not is_title and bool(re.search("[a-z,]$", last))  # “Article 5” may be a reference
        is_new = _is_marked(plain) and not (is_inside and _ARTICLE.fullmatch(plain))
        is_new = is_new or (not is_inside and len(plain) < 0.8 * width and bool(_TITLED.fullmatch(plain)))
        ends = last.endswith((".", ";", ":")) and len(last) < 0.85 * width
        joins = not (apart or is_lined or ends or is_title or is_new or _ARTICLE.fullmatch(before.text))
        joins = (joins or (waiting and not _BARE.fullmatch(plain))) and bool(found)
        if joins and not block.is_furniture and not before.is_furniture:
            before.end, before.lines = block.end, before.lines + (not waiting)
            before.text = text[before.start : before.end]
        else:
            if waiting:
                before.is_furniture = True  # a mark that stands alone
            found.append(block)
        apart, waiting = False, bool(_BARE.fullmatch(found[-1].text)) and not block.is_furniture
    return found


def _is_marked(line: str) -> bool:
    mark = _MARK.match(line)
    return bool((mark and mark.end()) or _is_row(line) or line[0] in f"#{_SUPER}" or _ARTICLE.fullmatch(line))


def _is_row(line: str) -> bool:
    return line.startswith("|") or line.endswith(" |") or line.count(" | ") > 1


def _furniture(lines: list[str]) -> set[int]:
    """Return the numbers of the lines that are numbers of pages, marks of a language, or the same on several pages."""
    found = {number for number, line in enumerate(lines) if _PAGE.fullmatch(line.strip())}
    breaks = [number for number, line in enumerate(lines) if "\f" in line]
    shown = [number for number, line in enumerate(lines) if line.strip() and number not in found]
    near: dict[int, None] = {}
    for at in [*breaks, len(lines)] if breaks else []:
        place = bisect_left(shown, at)
        near |= dict.fromkeys(shown[max(0, place - EDGE) : place + EDGE])
    counts = Counter(lines[number].strip() for number in near)
    return found | {number for number in near if counts[lines[number].strip()] > 2}


@dataclass
class _Reader:
    """Goes through the ``blocks`` and knows where it is."""

    blocks: list[_Block]
    section: str | None = "head"
    place: str = "head"
    annex: str | None = None
    is_numbered: bool = False
    in_recitals: bool = False
    in_article: bool = False
    number: tuple[int, ...] = ()
    notes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    levels: list[tuple[str, str]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    lead: list[tuple[int, int]] = field(default_factory=list)
    before: str = ""

    def read(self) -> Iterator[Part]:
        """Yield the parts; what goes on behind the end of a page, or of a note, is a further span of it."""
        self.is_numbered = any(_ARTICLE.fullmatch(block.text) or self._numbered(block) for block in self.blocks)
        self.number = ()
        shown = last = Part("", [])
        for at, block in enumerate(self.blocks):
            following = [other for other in self.blocks[at + 1 : at + 12] if not other.is_furniture]
            part = self._part(block, following)
            of_note = shown.kind == "footnote" and following and self._note(following[0])
            goes_on = last.kind and block.text[0].islower() and re.search(r"[\w,]$", self.before)
            if part.kind == shown.kind == "furniture":
                shown.spans += part.spans
            elif part.kind == "paragraph" and (of_note or goes_on):
                (shown if of_note else last).spans += part.spans
                self.counts["paragraph"] -= not self.counts["own"]
            else:
                part.slug = self._once(part)
                shown = part
                if part.kind != "furniture" and part.kind != "footnote":
                    last = part if part.kind in ("paragraph", "item") else Part("", [])
                yield part
            if part.kind in ("paragraph", "item"):
                self.before = block.text
                self.levels = self.levels if part.kind == "item" or goes_on else []

    def _once(self, part: Part) -> str:
        place = f"a{self.annex}" if self.annex and self.place == "head" else self.place
        slug = {
            "paragraph": f"{place}-p{part.paragraph}",
            "item": f"{place}-" + f"p{part.paragraph}-" * bool(part.paragraph) + f"i{part.item}".replace(".", "-"),
            "row": f"{place}-r{part.row}",
            "footnote": f"fn{part.footnote}",
            "heading": f"{place}-h{self.counts['heading']}",
            "furniture": f"page-{self.counts['furniture']}",
        }[part.kind]
        self.taken[slug] += 1
        return slug if self.taken[slug] == 1 else f"{slug}-{self.taken[slug]}"

    def _part(self, block: _Block, following: list[_Block]) -> Part:
        part = Part("paragraph", [(block.start, block.end)])
        if block.is_furniture:
            self.counts["furniture"] += 1
            part.kind = "furniture"
        elif note := self._note(block):
            part.kind, part.footnote, self.notes = "footnote", note, note
            return part
        elif _is_row(block.text):
            self.counts["row"] += 1
            part.kind, part.row = "row", self.counts["row"]
        elif self._opens(block, part, following):
            self.counts["heading"] += 1
            part.kind = "heading"
        elif item := self._item(block):
            part.kind, part.item, part.paragraph = "item", item, self.counts["paragraph"] or None
            part.spans = [*self.lead, *part.spans]
        else:
            mark = _MARK.match(block.text)
            own = (self.in_article and mark and mark["number"]) or (self.in_recitals and mark and mark["bracket"])
            self.counts["paragraph"] = int(own) if own else self.counts["paragraph"] + (not self.counts["own"])
            self.counts["own"] += bool(own)
            part.paragraph, self.lead = self.counts["paragraph"], []
            leads = len(block.text) < LEADING and block.text.endswith(":") and not self.in_article
            if leads and following and (_is_marked(following[0].text) or len(block.text.split()) < 4):
                self.counts["heading"] += 1
                part.kind, self.lead = "heading", part.spans  # it leads to a list
                self.levels = []
        part.section, part.annex = self.section, self.annex
        return part

    def _note(self, block: _Block) -> int | None:
        """Return the number of the footnote that ``block`` is: the next one, since numbers stand before much else."""
        mark, note = _MARK.match(block.text), _NOTE.match(block.text)
        if mark and mark["bracket"] and not mark["bullet"]:
            number, is_bare = int(mark["bracket"]), "\n" in block.text[: mark.end()]
            is_recital = self.in_recitals and (is_bare or (number == self.counts["paragraph"] + 1 and not self.notes))
            is_item = self.in_article and not self.notes
            return number if number == self.notes + 1 and not is_recital and not is_item else None
        if not note:
            return None
        digits = note["raised"] or note["square"] or note["plain"]
        number = int("".join(str(unicodedata.digit(digit)) for digit in digits))
        return number if note["plain"] is None or number == self.notes + 1 else None

    def _opens(self, block: _Block, part: Part, following: list[_Block]) -> bool:
        """Say whether ``block`` is a heading, and begin the section that it opens, where it does."""
        text = " ".join(block.text.lstrip("#").split()).strip("*")
        is_short = len(text) <= SHORT and block.lines < 3 and text[-1:] not in '.,;:"”'
        if article := _ARTICLE.fullmatch(text):
            after = following[0].text.lstrip("# ") if following else ""
            title = article["title"] or (after if self._is_title(after) else None)
            name = article["name"]
            self._begin(name, f"art{article['number']}", f"{name}: {title}" if title else name, part)
            self.in_article, self.in_recitals = True, False
        elif (annex := _ANNEX.fullmatch(text)) and len(text) < 2 * SHORT:
            self.annex, self.in_article = annex["number"] or "1", False
            self._begin(None, "head", None, part)
        elif number := self._numbered(block):
            self._begin(number, f"s{number.replace('.', '-')}", text[_head(text) :], part)
        elif _RECITALS.fullmatch(text):
            self._begin("recitals", "recital", "recitals", part)
            self.in_recitals = True
        elif _ENACTS.match(text) or (_CHAPTER.fullmatch(text) and len(text) < SHORT):
            self.in_recitals = self.in_article = False
        elif not ((block.text[0] == "#" and not self._is_first()) or (is_short and self._heads(text, following))):
            return False
        elif not (self.in_article or (self.is_numbered and self.number)):
            self._begin(text, slug(text), text, part)
        return True

    def _heads(self, text: str, following: Iterable[_Block]) -> bool:
        """Say whether a longer text, or a heading before one, follows the short ``text``."""
        if not re.match(r"[^\W\d_].*[a-z]{2}", text) or text[0].islower() or _NO_HEADING.search(text):
            return False
        if self.in_article and not self.counts["paragraph"] and self.counts["heading"] == 1:
            return True  # the title of the article
        if self._is_first():
            return False
        for other in list(following)[: 1 if self.place == "head" else 2]:
            if len(other.text) > SHORT or _is_marked(other.text) or other.text[0] == "[":
                return True
            if other.text[-1:] in ".,;:":
                return False
        return False

    def _is_first(self) -> bool:
        """Say whether nothing was read before: that is the title."""
        return self.place == "head" and not self.counts["paragraph"]

    def _is_title(self, text: str) -> bool:
        return bool(text) and len(text) <= SHORT and text[-1] not in ".,;:" and not _is_marked(text)

    def _numbered(self, block: _Block) -> str | None:
        """Return the number of the numbered heading ``block``: one that follows on that before."""
        text = block.text.lstrip("# *")
        match = _NUMBERED.match(text)
        if not match or self.in_article or self.in_recitals or len(text) > 2 * SHORT or text[-1] in ".,;:":
            return None
        number = tuple(map(int, match["number"].split(".")))
        level, before = len(number), self.number
        is_next = number == (*before[: level - 1], (*before, 0)[level - 1] + 1) if level <= len(before) + 1 else False
        if not is_next or block.is_furniture:
            return None
        self.number = number
        return match["number"]

    def _begin(self, section: str | None, place: str, title: str | None, part: Part) -> None:
        self.section, self.place, part.opens = section, place, title
        self.counts = Counter({"furniture": self.counts["furniture"]})
        self.levels, self.lead, self.in_recitals = [], [], False
        self.in_article = self.in_article and place.startswith("art")

    def _item(self, block: _Block) -> str | None:
        """Return the number of the list item that ``block`` is, with those that it stands under: 2, 2.1, a, a.ii."""
        mark = _MARK.match(block.text)
        if not mark or not mark.end():
            if not (self.levels and block.text[0].islower() and self.before.endswith(";")):
                return None
            kind, own = self.levels[-1][0], None  # a list whose marks were lost
        elif (self.in_article and mark["number"]) or (self.in_recitals and mark["bracket"]):
            return None  # a paragraph with its number
        else:
            own = mark["letter"] or mark["bracket"] or mark["number"]
            name = "letter" if mark["letter"] else "number" if own else (mark["bullet"] or "").strip()
            kind = f"{'roman' if mark['letter'] and self._is_roman(own or '') else name} {block.indent}"
        kinds = [one for one, _ in self.levels]
        before = self.levels[kinds.index(kind)][1] if kind in kinds else "0"
        self.levels = self.levels[: kinds.index(kind) if kind in kinds else None]
        self.levels.append((kind, own or str(int(before) + 1 if before.isdigit() else 1)))
        return ".".join(number for _, number in self.levels)

    def _is_roman(self, letters: str) -> bool:
        """Say whether ``letters`` count in Roman numerals: (i) after (h) does not."""
        before = next((own for kind, own in self.levels if kind.startswith("letter")), "")
        return bool(re.fullmatch("[ivx]+", letters)) and before != chr(ord(letters[0]) - 1)


def _head(text: str) -> int:
    match = _NUMBERED.match(text)
    return match.end() if match else 0


def slug(text: str) -> str:
    """Return ``text`` as the last part of an IRI: small letters without accents, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "text"
