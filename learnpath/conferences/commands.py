"""``learnpath send``: hand the waiting messages to the mail server."""

from __future__ import annotations

import click

from learnpath import clock, config, housekeeping
from learnpath.conferences import mail, messages, outbox
from learnpath.db import unit_of_work
from learnpath.opening import open_engine
from learnpath.terminal import FOUND_WRONG


@click.command()
def send() -> None:
    """Send the messages to families that wait. Run it every few minutes; what fails waits on."""
    settings = config.load()
    clock.install(settings.now)
    engine = open_engine(settings)
    with unit_of_work(engine) as session:
        messages.put_in_look_backs(session, clock.now())
    housekeeping.go_round(engine, settings, clock.now())
    if not settings.smtp_url:
        click.echo("No mail server is set (LEARNPATH_SMTP_URL): messages are printed.")
        return
    report = outbox.send_waiting(engine, mail.post_by(settings), clock.now())
    engine.dispose()
    click.echo(f"Sent: {report.sent}. Not sent: {report.failed}. Waiting: {report.waiting}.")
    if report.failed:
        raise SystemExit(FOUND_WRONG)
