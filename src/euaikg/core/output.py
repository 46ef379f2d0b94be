"""Standard output as programs expect it: bytes as they are, and no complaint about a reader that has seen enough."""

import os
import sys


def write(content: bytes) -> None:
    """Write ``content`` to standard output; a reader that has seen enough is no error, a full disk is."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        silence()
        if isinstance(error, BrokenPipeError):
            sys.exit(0)
        sys.stderr.write(f"Error: standard output cannot be written ({error.strerror}).\n")
        sys.exit(2)


def silence() -> None:
    """Send what is still to be printed nowhere, so that the interpreter does not stumble over it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
