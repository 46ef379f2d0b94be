"""Pages and other texts made of Jinja2 templates and plain values; in HTML each value is escaped where it lands."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg.core import output

if TYPE_CHECKING:
    from jinja2 import Environment


def fill(template: Path, **values: object) -> str:
    """Return the text of ``template`` with ``values``; those that it names and does not get are an error."""
    text = _environment(template.parent).get_template(template.name).render(values)
    return output.well_formed(text.encode()).decode() if template.suffix == ".html" else text


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=lambda name: str(name).endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
