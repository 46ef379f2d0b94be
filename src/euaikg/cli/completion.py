"""What the shell offers when the tab key is pressed, by click's own mechanism.

Only a graph that stands built in the cache is asked, since nobody waits for a key; and whatever goes wrong, nothing is
offered and nothing is said, since the words would land in the middle of a command.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import click
from click.shell_completion import BashComplete as ClickBash
from click.shell_completion import CompletionItem, add_completion_class
from click.shell_completion import FishComplete as ClickFish

from euaikg.cli import questions
from euaikg.graph import build
from euaikg.questions import names, parameters
from euaikg.questions.parameters import Parameter

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_QUOTED = re.compile(r"[^\w@%+=:,./-]", re.ASCII)


def thing(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Offer the things whose name begins as what is typed so far, without regard to case and accents.

    Of several names each keeps the letters that were typed: a shell puts what all have in common in their place, and
    that must not be less.
    """
    engine = build.built()
    found = names.beginning(engine, incomplete) if engine else []
    if len(found) > 1:
        found = sorted({incomplete + name[len(incomplete) :] for name in found})
    return [CompletionItem(name) for name in found]


def view(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Offer the views of ``euaikg diagram``, which are the stored questions ``view-NAME``."""
    named = questions.beginning(f"view-{incomplete}")
    return [CompletionItem(name.removeprefix("view-"), help=line) for name, line in named]


def question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Offer the stored questions."""
    return [CompletionItem(name, help=line) for name, line in questions.beginning(incomplete)]


def value(parameter: Parameter) -> Complete:
    """Return what offers the values of ``parameter``: things by name, or the codes, periods and languages there are."""
    if parameter.type == "iri":
        return thing

    def offer(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
        engine = build.built()
        there = parameters.allowed(parameter, engine) if engine else []
        return [CompletionItem(text) for text in there if text.lower().startswith(incomplete.lower())]

    return offer


class Bash(ClickBash):
    """Offers words to bash as they have to stand on its command line: a name with spaces is no single word there."""

    source_template = ClickBash.source_template.replace("read type value", "read -r type value")

    def format_completion(self, item: CompletionItem) -> str:
        if item.type != "plain":
            return super().format_completion(item)
        written = os.environ.get("COMP_WORDS", "").split("\n")[-1]
        if written.startswith('"'):
            text = re.sub(r'(["$`\\])', r"\\\1", item.value)
        elif written.startswith("'"):
            text = item.value.replace("'", "'\\''")
        else:
            text = _QUOTED.sub(r"\\\g<0>", item.value)
        return f"{item.type},{text}"


class Fish(ClickFish):
    """Offers words to fish whole: click's own script cuts them at the first comma."""

    source_template = ClickFish.source_template.replace('string split ","', 'string split --max 1 ","')


add_completion_class(Bash)
add_completion_class(Fish)
