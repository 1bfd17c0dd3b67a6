"""The blueprint of the people room, on which its view modules hang their pages."""

from __future__ import annotations

from flask import Blueprint
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
