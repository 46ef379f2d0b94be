"""``python -m euaikg`` is the same as ``euaikg``."""

from euaikg.cli import main

main(prog_name="euaikg")
