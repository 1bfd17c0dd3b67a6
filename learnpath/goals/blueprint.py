"""The blueprint of the goals room, on which its view modules hang their pages."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from learnpath.goals import wording
from learnpath.goals.sentences import goal_sentence

goals = Blueprint("goals", __name__)


@goals.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Let the templates, those of other rooms too, say goals and progress in the reader's language."""
    state.app.jinja_env.globals |= {"goal_words": wording, "goal_sentence": goal_sentence}
