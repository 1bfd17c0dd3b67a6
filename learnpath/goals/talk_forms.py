"""The forms of talking a goal over: signing, suggesting, answering, saying something."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from learnpath.errors import WrongInput
from learnpath.goals import wording
from learnpath.goals.models import GoalPart
from learnpath.web.fields import TextBlock, TextLine


class SignForm(FlaskForm):  # type: ignore[misc]
    """Saying yes to exactly the words that were shown."""

    sha256 = HiddenField()
    next = HiddenField()


class SuggestForm(FlaskForm):  # type: ignore[misc]
    """Other words for one part, and one sentence why."""

    number = IntegerField(widget=HiddenInput())
    part = SelectField(
        _l("Which part?"),
        choices=[SelectChoice(str(p), label) for p, label in wording.PARTS.items()],
    )
    words = TextBlock(_l("What do you suggest?"), limit=400)
    sentence = TextLine(_l("Why? One sentence for the learner"), limit=300)


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """The learner's own words instead of both."""

    own_words = TextBlock(_l("Write a new one"), limit=400)


class SayForm(FlaskForm):  # type: ignore[misc]
    """A word in the conversation."""

    text = TextBlock(_l("Write something about this goal"), limit=1000)
    # Asked where a family wrote by a link and the goal is not shared.
    for_family = BooleanField(_l("The family may read this answer"))


class TalkForm(FlaskForm):  # type: ignore[misc]
    """A teacher's question, a talk to plan, or a talk that was had."""

    kind = RadioField(
        _l("What would you like to do?"), default="question",
        choices=[
            SelectChoice("question", _l("Ask a question")),
            SelectChoice("talk_planned", _l("Plan a talk")),
            SelectChoice("talk_noted", _l("Note a talk")),
        ],
    )  # fmt: skip
    text = TextBlock(_l("Your words to the learner"), limit=1000, id="talk-text")
    talk_on = DateField(_l("Day of the talk"), validators=[Optional()])


def part_of(text: str | None) -> GoalPart:
    """Return the part with that name. Raises WrongInput when there is none."""
    if text not in set(GoalPart):
        raise WrongInput("part", _l("Choose a part of the goal."))
    return GoalPart(text)
