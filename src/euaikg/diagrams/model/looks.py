"""How things and lines look in pictures, and what that means in words.

Kinds are told apart by shape and by colour: light tints of the palette of Okabe and Ito (Color Universal Design,
2008), which people with any colour vision can tell apart, with text that stands out from them by far more than 4.5 to 1
(WCAG 2.1, 1.4.3). What is not yet so is drawn with broken lines, what has ended in grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from euaikg.core.vocab import EUAI, RDFS
from euaikg.diagrams.model.network import Network, lines

FONT = "Helvetica,Arial,Liberation Sans,DejaVu Sans,sans-serif"
TEXT, FAINT = "#1a1a1a", "#595959"


@dataclass(frozen=True)
class Look:
    """How a group of things looks, and what it is called in English and Dutch."""

    shape: str
    fill: str
    border: str
    en: str
    nl: str
    style: str = "filled"
    edges: int = 1

    def describe(self) -> str:
        """Return the shape in words, as Graphviz calls it."""
        return " ".join([*self.style.split(",")[1:], "double" * (self.edges - 1), self.shape]).strip()


LOOKS = {
    "body": Look("box", "#d4e7f5", "#00517f", "body", "orgaan"),
    "person": Look("box", "#ffffff", "#1a1a1a", "person", "persoon", "filled,rounded"),
    "country": Look("ellipse", "#fbf6cd", "#6b6300", "place", "plaats"),
    "programme": Look("box3d", "#fbe6c2", "#7d5500", "programme or call", "programma of oproep"),
    "initiative": Look("box", "#cfeee3", "#005c44", "initiative or service", "initiatief of dienst", "filled,rounded"),
    "action": Look("box", "#f0f0f0", "#404040", "action or task", "actie of taak", edges=2),
    "infrastructure": Look("component", "#d9f0fb", "#20658c", "infrastructure", "infrastructuur"),
    "money": Look("cylinder", "#fbe6c2", "#7d5500", "pot of money", "geldpot"),
    "law": Look("tab", "#f7dccb", "#8f3d00", "legal act", "rechtshandeling"),
    "document": Look("note", "#ffffff", "#1a1a1a", "document", "document"),
    "event": Look("box", "#f6e3ee", "#7a3a63", "event", "gebeurtenis", "filled,diagonals"),
    "topic": Look("underline", "#ffffff", "#404040", "topic or sector", "onderwerp of sector"),
    "status": Look("box", "#f6e3ee", "#7a3a63", "stage or target", "fase of streefdatum"),
    "term": Look("box", "#f0f0f0", "#404040", "term", "term"),
    "other": Look("box", "#ffffff", "#8a8a8a", "other", "overig"),
}  # fmt: skip
"""The look of each group in :data:`euaikg.diagrams.model.network.GROUPS`."""


@dataclass(frozen=True)
class Stroke:
    """How a line looks, and what that means in English and Dutch."""

    attributes: Mapping[str, str]
    en: str
    nl: str


MODALITIES = {
    "asserted": Stroke({}, "existing", "bestaand"),
    "planned": Stroke({"style": "dashed", "color": "#00517f"}, "planned or under way", "gepland of in uitvoering"),
    "proposed": Stroke({"style": "dotted", "color": "#7d5500", "penwidth": "1.6"}, "proposed", "voorgesteld"),
    "conditional": Stroke(
        {"style": "dotted", "color": "#7d5500", "arrowhead": "vee"},
        "asked for, aimed at, possible or conditional", "gevraagd, beoogd, mogelijk of voorwaardelijk",
    ),
    "ended": Stroke({"color": "#9a9a9a", "arrowhead": "empty"}, "ended", "beëindigd"),
    "denied": Stroke({"style": "dotted", "color": "#9a9a9a", "arrowhead": "tee"}, "denied", "ontkend"),
}  # fmt: skip
"""The stroke of each modality that has no broader one; a narrower one has that of the broadest above it."""

RELATIONS = {
    EUAI + "hasFunder": Stroke({"dir": "back"}, "", ""),
    EUAI + "hasComponent": Stroke(
        {"dir": "both", "arrowtail": "diamond", "arrowhead": "none", "penwidth": "1.6"},
        "part of a pot (inside it: do not add)", "deel van een pot (zit erin: niet optellen)",
    ),
    EUAI + "overlapsEnvelope": Stroke(
        {"dir": "none", "color": "#8f3d00:#ffffff:#8f3d00", "style": "solid"},
        "pots share money (do not add)", "potten delen geld (niet optellen)",
    ),
    EUAI + "separateFromEnvelope": Stroke(
        {"dir": "both", "arrowhead": "tee", "arrowtail": "tee"}, "pots apart", "potten los van elkaar"
    ),
    EUAI + "leveragedBy": Stroke({"arrowhead": "empty"}, "drawn in by", "aangetrokken door"),
    RDFS + "subClassOf": Stroke({"arrowhead": "empty"}, "is a", "is een"),
}  # fmt: skip
"""Relations that look unlike others whatever their modality."""

BACKWARD = {EUAI + "hasFunder", EUAI + "hasMember"}
"""Relations laid out from the object to the subject, so that money flows from left to right."""

WORDS = {
    "en": {
        "known": "As known on {}", "sources": "Sources", "shapes": "Shapes", "lines": "Lines",
        "wide": "the wider the line, the larger the pot", "thing": "thing things", "relation": "relation relations",
    },
    "nl": {
        "known": "Zoals bekend op {}", "sources": "Bronnen", "shapes": "Vormen", "lines": "Lijnen",
        "wide": "hoe breder de lijn, hoe groter de pot", "thing": "zaak zaken", "relation": "relatie relaties",
    },
}  # fmt: skip


def legend(network: Network) -> tuple[list[str], list[Stroke]]:
    """Return the groups and the strokes that occur in ``network``, each in a fixed order."""
    groups = {node.group for node in network.nodes}
    drawn = lines(network.edges)
    plain = {line.broad for line in drawn if not (line.relation in RELATIONS and RELATIONS[line.relation].en)}
    strokes = [stroke for code, stroke in MODALITIES.items() if code in plain]
    relations = {line.relation for line in drawn}
    strokes += [stroke for iri, stroke in RELATIONS.items() if iri in relations and stroke.en]
    return [group for group in LOOKS if group in groups], strokes
