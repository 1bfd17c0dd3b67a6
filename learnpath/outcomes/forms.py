"""The forms of the outcomes room."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, ValidationError

from learnpath.errors import WrongInput
from learnpath.outcomes.models import LONGEST_NAME, LONGEST_NEED
from learnpath.outcomes.record_outcome import read_value
from learnpath.outcomes.wording import KINDS_FOR_OTHERS
from learnpath.web.fields import TextBlock, TextLine


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """One result of a learner."""

    kind = RadioField(
        _l("What is it about?"),
        choices=[SelectChoice(kind.value, name) for kind, name in KINDS_FOR_OTHERS.items()],
        validators=[InputRequired(_l("Choose what it is about."))],
    )
    measure = TextLine(
        _l("What was looked at?"),
        limit=LONGEST_NAME,
        validators=[InputRequired(_l("Say what was looked at."))],
    )
    day = DateField(
        _l("On which day?"), validators=[InputRequired(_l("Choose a day from the calendar."))]
    )
    value = TextLine(
        _l("Value"), limit=20, validators=[InputRequired(_l("Type a number, such as 18 or 4.5."))]
    )
    scale = TextLine(_l("How to read the value"), limit=LONGEST_NAME)
    source = TextLine(_l("Where it comes from"), limit=LONGEST_NAME)

    def validate_value(self, field: Any) -> None:
        """Refuse what is no number."""
        try:
            read_value(field.data or "")
        except WrongInput as error:
            raise ValidationError(str(error.message)) from error


class NeedForm(FlaskForm):  # type: ignore[misc]
    """What a result tells the learner."""

    text = TextBlock(
        _l("What does this tell me I need?"),
        limit=LONGEST_NEED,
        validators=[InputRequired(_l("Write what this tells you. A few words are enough."))],
    )
