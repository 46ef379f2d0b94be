"""Words as they are compared where names and questions are looked for, however they are spelt."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_WORD = re.compile(r"[^\W_]+\+?")
_DOUBLE = re.compile(r"([^\W\d])\1")
ENDINGS = (
    ("ieen", "y"), ("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("en", ""), ("ss", "ss"),
    ("us", "us"), ("is", "is"), ("s", ""), ("ie", "y"),
)  # fmt: skip
"""How words of English and Dutch end in the plural, and what stands for it; the first that fits counts."""


def fold(text: str) -> str:
    """Return ``text`` as names are compared.

    Case, accents and what cannot be seen (soft hyphens, joiners) do not count; spaces of any kind and number are one,
    and hyphens, dashes, minus signs, quotes and apostrophes of any kind are plain ones.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join("".join(map(_plain, unicodedata.normalize("NFKD", text.casefold()))).split())


@cache
def _plain(character: str) -> str:
    """Return what stands for ``character`` where names are compared: often itself, sometimes nothing."""
    if character in "‘’‚‛′ʹʼ`´":
        return "'"
    if character in "“”„‟″«»":
        return '"'
    kind = unicodedata.category(character)
    if kind == "Pd" or character in "\u2212\u2043":  # minus sign, hyphen bullet
        return "-"
    return "" if kind in ("Mn", "Me", "Cf") else character


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded; hyphens and signs part them, and apostrophes are left out."""
    return _WORD.findall(fold(text).replace("'", ""))


@cache
def stem(word: str) -> str:
    """Return the folded ``word`` without what makes it a plural, in English or Dutch, and its double letters single.

    A word of up to three letters is only found as it is spelt: “en” is no EEN.

    It is no word of a dictionary: “factories” and “factory” become the same, “lidstaat” and “lidstaten” too.
    """
    if len(word) > 3 and not word[-1].isdigit():
        for ending, instead in ENDINGS:
            if word.endswith(ending):
                if len(word) - len(ending) > 2:
                    word = word[: -len(ending)] + instead
                break
    return _DOUBLE.sub(r"\1", word) if len(word) > 3 else word


def stems(text: str) -> list[str]:
    """Return the stems of the words of ``text``."""
    return [stem(word) for word in words(text)]
