"""Labels that any format can carry, and their size in a picture."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)

REPLACED = {"en": "replaced", "nl": "vervangen"}
"""What stands behind a figure or a day that a later statement took the place of."""

DISPUTED = {"en": "disputed", "nl": "betwist"}
"""What stands behind a day on which documents differ."""


def clean(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that XML or HTML does not allow, and one kind of line end."""
    return _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def web(url: str) -> str:
    """Return ``url`` where it is an address on the web (http or https), else nothing: a link must not hide a script."""
    return url if _WEB.fullmatch(url) else ""


def spelled(name: str) -> str:
    """Return the words that the name of a class is made of: ``JointUndertaking`` becomes ``joint undertaking``."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", clean(name)).split()
    return " ".join(word if word.isupper() else word.lower() for word in words)


def listed(texts: Sequence[str], lang: str, most: int) -> str:
    """Return ``texts`` as a list in a sentence; of more than ``most`` the first, and how many more there are."""
    last, more = ("en", "en nog {}") if lang == "nl" else ("and", "and {} more")
    if len(texts) > most:
        return f"{', '.join(texts[:most])} {more.format(len(texts) - most)}"
    return f" {last} ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def wrap(label: str, columns: int, lines: int) -> tuple[str, ...]:
    """Return ``label`` in at most ``lines`` lines of ``columns`` characters; where the rest is cut off stands ``…``.

    A long word makes the lines half as long again before it is broken.
    """
    words = label.split()
    room = max(columns, min(max(map(len, words), default=0), columns * 3 // 2))
    return tuple(textwrap.wrap(" ".join(words), room, max_lines=lines, placeholder=" …", break_on_hyphens=False))
