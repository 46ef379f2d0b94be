"""The header of a stored query or check: the lines of its text that begin with ``#+``, in YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from euaikg.errors import QueryError


def read(text: str) -> Mapping[str, Any]:
    """Return what the header of ``text`` says; raise :class:`QueryError` where it is missing or not YAML."""
    return parsed("\n".join(line[2:] for line in text.splitlines() if line.startswith("#+")))


def parsed(lines: str) -> Mapping[str, Any]:
    """Return what ``lines`` of YAML say; raise :class:`QueryError` where they are none, or no mapping."""
    import yaml

    try:
        header = yaml.load(lines, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise QueryError(f"the header is not YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(header, dict):
        raise QueryError("the header is missing; lines that begin with #+ hold it, in YAML.")
    return header
