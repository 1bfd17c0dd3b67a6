"""The blueprint of the people room, on which its view modules hang their pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from learnpath.people.sign_on.desk import Desk

people = Blueprint("people", __name__)


@people.record_once
def _open_desks(state: BlueprintSetupState) -> None:
    """Keep what each issuer of the settings says about itself, and let templates name the issuers."""
    providers = state.app.extensions["learnpath.settings"].sign_on
    state.app.extensions["learnpath.sign_on"] = {one.key: Desk(one) for one in providers}
    state.app.jinja_env.globals["sign_on_ways"] = [
        {"key": one.key, "label": one.label} for one in providers
    ]
    state.app.jinja_env.filters["issuer_name"] = issuer_name


def issuer_name(issuer: str) -> str:
    """Return how the school calls an issuer; of one that it does not use any more, the address."""
    desks = current_app.extensions["learnpath.sign_on"].values()
    labels = {desk.provider.issuer: desk.provider.label for desk in desks}
    return labels.get(issuer) or urlsplit(issuer).netloc or issuer
