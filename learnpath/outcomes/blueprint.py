"""The blueprint that all pages of school data hang on."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from learnpath.outcomes import cited_words

outcomes = Blueprint("outcomes", __name__)


@outcomes.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Let the templates of other rooms say what rests on school data."""
    state.app.jinja_env.globals["data_words"] = cited_words
