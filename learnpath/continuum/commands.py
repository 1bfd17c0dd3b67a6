"""``learnpath continuum``: the Driver Model, and a placement from a file, without the app."""

from __future__ import annotations

import click


@click.group()
def continuum() -> None:
    """Print the Driver Model, or place a learner's record on it."""
