"""``python -m learnpath`` is the ``learnpath`` command."""

from learnpath.cli import main

main()
