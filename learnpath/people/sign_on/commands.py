"""``learnpath sign-on``: whether the issuers of the settings are there, before people need them."""

from __future__ import annotations

import json
from typing import Any

import click

from learnpath import clock, config
from learnpath.config import Settings
from learnpath.people.sign_on.fetch import IssuerRefused, IssuerSilent
from learnpath.people.sign_on.providers import Provider
from learnpath.terminal import FOUND_WRONG


@click.command("sign-on")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def sign_on(as_json: bool) -> None:
    """Ask each issuer that people may sign in with whether it is there.

    Prints the address to register at each. No secret is sent, and nobody is signed in.
    """
    settings = config.load()
    found = [_asked(settings, provider) for provider in settings.sign_on]
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for one in found:
            click.echo(_line(one))
        if not found:
            click.echo("No issuer is set (LEARNPATH_SIGN_ON).")
    if any(one["problem"] for one in found):
        raise SystemExit(FOUND_WRONG)


def _asked(settings: Settings, provider: Provider) -> dict[str, Any]:
    from learnpath.people.sign_on.desk import Desk  # noqa: PLC0415 - heavy, and only needed here

    keys, problem = 0, ""
    try:
        keys = Desk(provider).keys_offered(clock.now())
    except (IssuerSilent, IssuerRefused) as error:
        problem = str(error)
    else:
        problem = "" if keys else "it offers no key that can be used"
    return {
        "name": provider.key,
        "issuer": provider.issuer,
        "register": (settings.public_url or "https://YOUR-ADDRESS") + provider.back,
        "keys": keys,
        "first_link": "roster address or code" if provider.domains else "code",
        "problem": problem,
    }


def _line(one: dict[str, Any]) -> str:
    state = (
        f"cannot be used ({one['problem']})"
        if one["problem"]
        else f"is there (keys: {one['keys']})"
    )
    return (
        f"{one['name']}: {one['issuer']} {state}. First link: {one['first_link']}. "
        f"Register there: {one['register']}"
    )
