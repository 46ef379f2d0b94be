"""Standard output as programs expect it: bytes as they are, and no complaint about a reader that has seen enough.

What people read is another thing: names and messages may come from anybody, and a terminal obeys what it is sent. So
all text for people goes through :func:`printable`, that of the command line through :class:`Screen`.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def write(content: bytes) -> None:
    """Write ``content`` to standard output; a reader that has seen enough is no error, a full disk is."""
    try:
        if not hasattr(sys.stdout, "buffer"):  # a program has put a stream of text in its place
            getattr(sys.stdout, "plain", sys.stdout).write(content.decode("utf-8", "replace"))
            return
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        silence()
        if isinstance(error, BrokenPipeError):
            sys.exit(0)
        sys.stderr.write(f"Error: standard output cannot be written ({error.strerror}).\n")
        sys.exit(2)


def printable(text: str, kept: str = "") -> str:
    """Return ``text`` with a space for each character that is not shown but may steer what shows it, save ``kept``.

    Half characters, which stand for the bytes of file names, are left to the encoding.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in kept or "\ud800" <= c <= "\udfff" else " " for c in text)


def well_formed(document: bytes) -> bytes:
    """Return the XML or HTML ``document`` in UTF-8 with a space for each character that no such document may hold."""
    import re

    raw = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
    named = rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcBC]|[01][efEF]|1[0-9a-dA-D]|[fF]{3}[efEF]));"
    return re.sub(raw + b"|" + named, b" ", document)


class Screen:
    """A stream of text for people: what is written to it is printable; ``plain`` is the stream itself."""

    def __init__(self, plain: "TextIO") -> None:
        self.plain = plain

    def write(self, text: str) -> int:
        """Write ``text``, in which only new lines and tabs steer anything."""
        return self.plain.write(printable(text, "\n\t"))

    def __getattr__(self, name: str) -> "Any":
        return getattr(self.plain, name)


def silence() -> None:
    """Send what is still to be printed nowhere, so that the interpreter does not stumble over it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
