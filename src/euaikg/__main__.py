"""``euaikg`` and ``python -m euaikg``: the short way where it serves, the command line for all else."""

import sys

from euaikg import quick


def main() -> None:
    """Run the command in ``sys.argv``."""
    if not quick.answer(sys.argv[1:]):
        from euaikg.cli import main as command_line

        command_line(prog_name="euaikg")


if __name__ == "__main__":
    main()
