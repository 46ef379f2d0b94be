"""The words by which questions are understood: what says little, and what means the same.

They stand in ``queries/words.yaml``, in English and Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from euaikg.core import files
from euaikg.questions.sums import Sums
from euaikg.questions.windows import Cues
from euaikg.questions.words import stem, words
from euaikg.sparql import header


@dataclass(frozen=True)
class Setting:
    """Words that set the ``parameter`` of the question ``scope``, or of those with that tag, to ``values``."""

    scope: str
    parameter: str
    values: tuple[str, ...]
    pattern: re.Pattern[str]


class Lexicon:
    """What ``queries/words.yaml`` says, ready for use."""

    def __init__(self) -> None:
        said = header.parsed(files.read_text(files.root() / "queries" / "words.yaml"))
        self.stop = {lang: set(words(text)) for lang, text in said["stop"].items()}
        self.meant: Mapping[str, str] = said["meant"]
        for lang, text in said["when"].items():
            self.stop[lang].update(words(text))
        self.cues = Cues(said)
        self.sums = Sums(said, self.cues.denying)
        self.beside = set(words(said["beside names"]))
        self.joining = {lang: set(words(text)) for lang, text in said["between things"].items()}
        self.comparing, self.likening, self.articles, self.searching = (
            set(words(said[key])) for key in ("compared things", "likened things", "before things", "searching")
        )
        self.more = re.compile(said["more or less"])
        self.behind = set(words(said["behind verbs"]))
        self.show: list[str] = said["show"]
        self.setting = [
            Setting(scope, parameter, tuple(values.split()), re.compile(rf"\b(?:{pattern})(?!\w)"))
            for scope, sets in said["values"].items()
            for parameter, several in sets.items()
            for values, pattern in several.items()
        ]
        self.same: dict[str, str] = {}
        self.spelt: dict[str, str] = {}
        self.begins: dict[str, str] = {}
        for one, text in said["same"].items():
            for word in text.split():
                if word.endswith("*"):
                    self.begins[word[:-1].replace("-", "")] = one
                else:
                    self.same[stem(word.replace("-", ""))] = one
                    self.spelt[word.replace("-", "")] = one
        self.longest = max(map(len, self.begins))
        self.known: dict[str, str] = {}

    def is_said(self, word: str) -> bool:
        """Say whether ``word`` is among those that mean the same as others."""
        return stem(word) in self.same or any(word[:size] in self.begins for size in range(3, len(word) + 1))

    def of(self, word: str) -> str:
        """Return what stands for ``word`` and all that mean the same."""
        if word not in self.known:
            one = self.spelt.get(word) or self.same.get(stem(word))  # “geld” is no “gelden”
            for size in range(min(len(word), self.longest), 2, -1):
                one = one or self.begins.get(word[:size])
            self.known[word] = one or stem(word)
        return self.known[word]

    def is_stop(self, word: str) -> bool:
        """Say whether ``word`` says nothing about what is asked."""
        return any(word in said for said in self.stop.values()) and stem(word) not in self.same


def language(text: str) -> str:
    """Return the language of the words ``text``, Dutch or English, by the little words in it."""
    said = {lang: sum(word in stop for word in words(text)) for lang, stop in lexicon().stop.items()}
    return max(("en", "nl"), key=lambda lang: said.get(lang, 0))


@cache
def lexicon() -> Lexicon:
    """Return the one lexicon, read once."""
    return Lexicon()
