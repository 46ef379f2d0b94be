"""The header of a query file: the lines that begin with ``#+``, in YAML, as grlc reads them too."""

from __future__ import annotations

from typing import Any

from euaikg.errors import QueryError


def read(text: str) -> dict[str, Any]:
    """Return the header of the query ``text``; raise :class:`QueryError` where it is missing or not YAML."""
    import yaml

    lines = [line[2:] for line in text.splitlines() if line.startswith("#+")]
    try:
        found = yaml.load("\n".join(lines), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise QueryError(f"the header is not YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(found, dict):
        raise QueryError("the header is missing; lines that begin with #+ hold it, in YAML.")
    return found
