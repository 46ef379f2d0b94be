"""How those who wait for something long learn what is being done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""Is told in a few words what is being done, or how far it is."""


def silent(_: str) -> None:
    """Keep progress to itself."""
