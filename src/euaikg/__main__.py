"""``euaikg`` and ``python -m euaikg``: the short way where it serves, the command line for all else."""

import os
import sys

if __name__ == "__main__" and os.path.isdir(sys.path[0] or ".") and os.path.samefile(sys.path[0] or ".", "."):
    del sys.path[0]  # the files of the working folder are data and no modules

from euaikg import quick


def main() -> None:
    """Run the command in ``sys.argv``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the command, who wants to hear nothing
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open to the end
    if not quick.answer(sys.argv[1:]):
        from euaikg.cli import main as command_line

        command_line(prog_name="euaikg")


if __name__ == "__main__":
    main()
