"""What every command needs at the terminal: the exit codes, one line for what goes wrong, a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

FOUND_WRONG, USED_WRONGLY = 1, 2


class Later(click.Command):
    """A command of which only the name and one sentence are known until somebody uses it.

    Its module, and all that the module needs, is imported then: the others start without it.
    """

    def __init__(self, name: str, place: str, says: str) -> None:
        super().__init__(name, short_help=says)
        self.place = place

    def load(self) -> click.Command:
        """Return the command itself, from its place (``module:attribute``)."""
        module, _, attribute = self.place.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.place} is not a command")
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Let the command itself read its arguments; what follows is its own."""
        return self.load().make_context(info_name, args, parent, **extra)


def stop(message: str, code: int = USED_WRONGLY) -> NoReturn:
    """End the command with one clear line on standard error, or with none where all was said."""
    if message:
        click.echo(message, err=True)
    raise SystemExit(code)


def text_of(file: Path) -> str:
    """Return the text of ``file`` (``-`` is standard input), or end with one line that says why not."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        stop(unreadable(file, error))


def unreadable(file: Path, error: OSError | UnicodeDecodeError) -> str:
    """Return the line that says why ``file`` cannot be read."""
    return f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."


@contextmanager
def bar(label: str, *, quiet: bool, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give what moves a progress bar on: for people at a terminal. Machines see nothing of it.

    Without a ``total`` it counts what is done.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done: None  # noqa: ARG005 - the bar's own shape
        return
    from rich.console import Console  # noqa: PLC0415 - only for people at a terminal
    from rich.progress import Progress, ProgressColumn  # noqa: PLC0415

    columns: list[str | ProgressColumn] = [*Progress.get_default_columns()]
    if total is None:
        columns = [columns[0], "{task.completed:,.0f}"]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.advance(task, done)
