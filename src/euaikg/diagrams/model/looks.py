"""How things and lines look in pictures, and what that means in words: one palette, one set of symbols.

Kinds are told apart by symbol and by colour. The colours of the groups were chosen so that people with any colour
vision tell them apart (a test measures it), and stand out from the paper by at least 3 to 1, text by 4.5 to 1
(WCAG 2.1, 1.4.3 and 1.4.11). What is not yet so is drawn with broken lines, what has ended in grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from euaikg.core.vocab import EUAI, RDFS
from euaikg.diagrams.model.network import Network

FONT = "Helvetica, Arial, 'Liberation Sans', 'Noto Sans', sans-serif"

PALETTE = {
    "paper": ("#ffffff", "#14171c"), "ink": ("#1b1d22", "#e9eaee"), "faint": ("#585d68", "#a9b0bd"),
    "rule": ("#d9dce1", "#363c46"), "band": ("#f3f4f6", "#1c2027"), "warn": ("#8f3d00", "#ffb27a"),
    "land": ("#e9ebee", "#2a2f38"), "sea": ("#f8fafc", "#171b21"),
    "body": ("#2a82dc", "#7db8ff"), "body-fill": ("#e4f0fc", "#16283d"),
    "initiative": ("#195454", "#6fc9bd"), "initiative-fill": ("#ddeeee", "#12302e"),
    "law": ("#9c1f0c", "#ff9c88"), "law-fill": ("#fae6e2", "#3a1b15"),
    "money": ("#94802a", "#dcc75e"), "money-fill": ("#f6f1d9", "#322c10"),
    "infrastructure": ("#7e1cb7", "#cf9bf5"), "infrastructure-fill": ("#f2e5f9", "#2b1939"),
    "event": ("#e030a0", "#ff94d3"), "event-fill": ("#fce6f3", "#3a1830"),
    "plain": ("#6b7078", "#9aa1ad"), "plain-fill": ("#f1f2f4", "#23272f"),
    "dark": ("#1b1d22", "#e9eaee"), "dark-fill": ("#ffffff", "#14171c"),
    "heat-1": ("#e4f0fc", "#16283d"), "heat-2": ("#bcd9f6", "#1d4064"), "heat-3": ("#7fb6ec", "#2a5f94"),
    "heat-4": ("#2a74c0", "#6ea8e6"), "heat-5": ("#0f4377", "#b5d5fb"),
    "on-dark": ("#ffffff", "#14171c"),
}  # fmt: skip
"""Colours by name, each in the light and in the dark. Those of a group are its line, and with ``-fill`` its filling."""


@dataclass(frozen=True)
class Look:
    """How a group of things looks, and what it is called in English and Dutch.

    ``symbol`` is a path around 0, 0 from -1 to 1; ``shape``, ``style`` and ``edges`` are what Graphviz calls it, where
    a network is handed on as DOT.
    """

    colour: str
    symbol: str
    shape: str
    en: str
    nl: str
    style: str = "filled"
    edges: int = 1

    @property
    def fill(self) -> str:
        """The colour inside, in the light."""
        return PALETTE[f"{self.colour}-fill"][0]

    @property
    def border(self) -> str:
        """The colour of its line, in the light."""
        return PALETTE[self.colour][0]

    def describe(self) -> str:
        """Return the shape in words, as Graphviz calls it."""
        return " ".join([*self.style.split(",")[1:], "double" * (self.edges - 1), self.shape]).strip()


_SQUARE = "M-.85 -.85L.85 -.85L.85 .85L-.85 .85Z"
_ROUND = "M-.95 0C-.95 -1.26 .95 -1.26 .95 0C.95 1.26 -.95 1.26 -.95 0Z"
_PERSON = "M-.95 1C-.95 -.1 .95 -.1 .95 1ZM-.5 -.5C-.5 -1.16 .5 -1.16 .5 -.5C.5 .16 -.5 .16 -.5 -.5Z"
_PIN = "M0 1.1C-.3 .6 -.8 .2 -.8 -.3C-.8 -1.3 .8 -1.3 .8 -.3C.8 .2 .3 .6 0 1.1Z"
_COIN = "M-.85 -.6C-.85 -1.1 .85 -1.1 .85 -.6L.85 .6C.85 1.1 -.85 1.1 -.85 .6Z"
_CROSS = "M-.35 -1L.35 -1L.35 -.35L1 -.35L1 .35L.35 .35L.35 1L-.35 1L-.35 .35L-1 .35L-1 -.35L-.35 -.35Z"
_STAR = "M0 -1.1L.3 -.4L1.05 -.34L.48 .16L.65 .9L0 .5L-.65 .9L-.48 .16L-1.05 -.34L-.3 -.4Z"

LOOKS = {
    "body": Look("body", _SQUARE, "box", "body", "orgaan"),
    "person": Look("dark", _PERSON, "box", "person", "persoon", "filled,rounded"),
    "country": Look("plain", _PIN, "ellipse", "place", "plaats"),
    "programme": Look("money", "M0 -1L1 -.27L.62 .9L-.62 .9L-1 -.27Z", "box3d", "programme or call",
                      "programma of oproep"),
    "initiative": Look("initiative", _ROUND, "box", "initiative or service", "initiatief of dienst", "filled,rounded"),
    "action": Look("plain", "M-1 0L-.5 -.87L.5 -.87L1 0L.5 .87L-.5 .87Z", "box", "action or task", "actie of taak",
                   edges=2),
    "infrastructure": Look("infrastructure", "M0 -1L1.05 .85L-1.05 .85Z", "component", "infrastructure",
                           "infrastructuur"),
    "money": Look("money", _COIN, "cylinder", "pot of money", "geldpot"),
    "law": Look("law", "M-.85 -.9L.85 -.9L.85 .1C.85 .6 .4 .9 0 1.1C-.4 .9 -.85 .6 -.85 .1Z", "tab", "legal act",
                "rechtshandeling"),
    "document": Look("dark", "M-.75 -1L.25 -1L.75 -.5L.75 1L-.75 1Z", "note", "document", "document"),
    "event": Look("event", _STAR, "box", "event", "gebeurtenis", "filled,diagonals"),
    "topic": Look("plain", "M0 -1.05L1.05 0L0 1.05L-1.05 0Z", "underline", "topic or sector",
                  "onderwerp of sector"),
    "status": Look("event", "M-1 -.65L.4 -.65L1.05 0L.4 .65L-1 .65L-.6 0Z", "box", "stage or target",
                   "fase of streefdatum"),
    "term": Look("dark", "M-1.1 -.5L1.1 -.5L1.1 .5L-1.1 .5Z", "box", "term", "term", "filled,dashed"),
    "other": Look("plain", _CROSS, "box", "other", "overig"),
}  # fmt: skip
"""The look of each group in :data:`euaikg.diagrams.model.network.GROUPS`."""


@dataclass(frozen=True)
class Stroke:
    """How a line looks in DOT, and what that means in English and Dutch."""

    attributes: Mapping[str, str]
    en: str
    nl: str

    @property
    def dash(self) -> tuple[float, ...]:
        """The dashes of its line in a picture."""
        return {"dashed": (7.0, 4.0), "dotted": (2.0, 3.5)}.get(self.attributes.get("style", ""), ())


PLAN, MAYBE, PAST = PALETTE["ink"][0], PALETTE["warn"][0], PALETTE["plain"][0]

MODALITIES = {
    "asserted": Stroke({}, "existing", "bestaand"),
    "planned": Stroke({"style": "dashed", "color": PLAN}, "planned or under way", "gepland of in uitvoering"),
    "proposed": Stroke({"style": "dotted", "color": MAYBE, "penwidth": "1.6"}, "proposed", "voorgesteld"),
    "conditional": Stroke(
        {"style": "dotted", "color": MAYBE, "arrowhead": "vee"},
        "asked for, aimed at, possible or conditional", "gevraagd, beoogd, mogelijk of voorwaardelijk",
    ),
    "ended": Stroke({"color": PAST, "arrowhead": "empty"}, "ended", "beëindigd"),
    "denied": Stroke({"style": "dotted", "color": PAST, "arrowhead": "tee"}, "denied", "ontkend"),
}  # fmt: skip
"""The stroke of each modality that has no broader one; a narrower one has that of the broadest above it."""

RELATIONS = {
    EUAI + "hasFunder": Stroke({"dir": "back"}, "", ""),
    EUAI + "hasComponent": Stroke(
        {"dir": "both", "arrowtail": "diamond", "arrowhead": "none", "penwidth": "1.6"},
        "part of a pot (inside it: do not add)", "deel van een pot (zit erin: niet optellen)",
    ),
    EUAI + "overlapsEnvelope": Stroke(
        {"dir": "none", "color": f"{MAYBE}:#ffffff:{MAYBE}", "style": "solid"},
        "pots share money (do not add)", "potten delen geld (niet optellen)",
    ),
    EUAI + "separateFromEnvelope": Stroke(
        {"dir": "both", "arrowhead": "tee", "arrowtail": "tee"}, "pots apart", "potten los van elkaar"
    ),
    EUAI + "leveragedBy": Stroke({"arrowhead": "empty"}, "drawn in by", "aangetrokken door"),
    RDFS + "subClassOf": Stroke({"arrowhead": "empty"}, "is a", "is een"),
}  # fmt: skip
"""Relations that look unlike others in DOT whatever their modality."""

BACKWARD = {EUAI + "hasFunder", EUAI + "hasMember"}
"""Relations laid out from the object to the subject, so that money flows from left to right."""


def legend(network: Network) -> tuple[list[str], list[Stroke]]:
    """Return the groups and the strokes that occur in ``network``, each in a fixed order."""
    groups = {node.group for node in network.nodes}
    drawn = network.lines
    plain = {line.broad for line in drawn if not (line.relation in RELATIONS and RELATIONS[line.relation].en)}
    strokes = [stroke for code, stroke in MODALITIES.items() if code in plain]
    relations = {line.relation for line in drawn}
    strokes += [stroke for iri, stroke in RELATIONS.items() if iri in relations and stroke.en]
    return [group for group in LOOKS if group in groups], strokes
