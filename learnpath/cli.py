"""The ``learnpath`` command. Exit codes: 0 done, 1 something was found wrong, 2 used or set up wrongly.

Each command lives in its room. Here stands only where, so that none waits for what another one needs.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from learnpath.errors import SettingsError
from learnpath.terminal import Later, stop


class Command(click.Group):
    """The command: what can be expected to go wrong ends in one line, not in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            stop(str(error))
        except BrokenPipeError:
            # Whoever read the output has seen enough. Nothing more can be written there.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - until the process ends
            return None
        except Exception as error:
            _stop_if_database_said(error)
            raise


def _stop_if_database_said(error: Exception) -> None:
    if "sqlalchemy" not in sys.modules:
        return  # Help, and what needs no database, is not kept waiting for it.
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from learnpath.opening import reason_of  # noqa: PLC0415

    if isinstance(error, DBAPIError):
        stop(f"The database says: {reason_of(error)}.")


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="learnpath", prog_name="learnpath")
def main() -> None:
    """Learner Paths: learners know, plan and track their own learning.

    Settings come from environment variables that begin with LEARNPATH_; the README lists them.
    """


COMMANDS = (
    Later(
        "continuum", "learnpath.continuum.commands:continuum",
        "Print the Driver Model, place a record on it, or write counts for research.",
    ),
    Later("db", "learnpath.commands:db", "Look after the database."),
    Later(
        "demo", "learnpath.demo.commands:demo",
        "Fill the database with the demo school: invented people, dates around today.",
    ),
    Later(
        "files", "learnpath.goals.commands:files",
        "Look after the files that learners add to their check-ins.",
    ),
    Later(
        "outcomes", "learnpath.outcomes.commands:outcomes",
        "Bring in school data from files: plan first, then apply; an import can be undone.",
    ),
    Later(
        "progress", "learnpath.goals.progress_command:progress",
        "Work out the progress of a goal from FILE (JSON, see docs/progress.md; - reads standard input).",
    ),
    Later("record", "learnpath.record.commands:record", "Look after what is counted from the record."),
    Later(
        "roster", "learnpath.school.commands:roster",
        "Bring in people, classes and families from OneRoster CSV 1.1 or 1.2 (a folder or a zip).",
    ),
    Later(
        "school", "learnpath.school.admin_commands:school",
        "Look after a school: begin its next year.",
    ),
    Later(
        "send", "learnpath.conferences.commands:send",
        "Send the messages to families that wait.",
    ),
    Later("serve", "learnpath.commands:serve", "Serve the app until it is stopped (Ctrl+C)."),
    Later(
        "sign-on", "learnpath.people.sign_on.commands:sign_on",
        "Ask each issuer that people may sign in with whether it is there.",
    ),
    Later(
        "verify", "learnpath.record.commands:verify",
        "Walk every chain of the record and name the first link that does not hold.",
    ),
)  # fmt: skip

for command in COMMANDS:
    main.add_command(command)
