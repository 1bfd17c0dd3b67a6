"""The forms about requests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired
from wtforms.widgets import DateInput

from learnpath.record import Relation
from learnpath.school.models import RequestKind, RequestState
from learnpath.web.fields import TextBlock, TextLine

KINDS = {
    RequestKind.SEE: _l("See what is kept"),
    RequestKind.CORRECT: _l("Correct something"),
    RequestKind.ERASE: _l("Erase everything"),
}
ASKERS = {Relation.FAMILY: _l("The family"), Relation.LEARNER: _l("The student")}
STATES = {
    RequestState.ASKED: _l("Waits"),
    RequestState.ANSWERED: _l("Answered"),
    RequestState.DECLINED: _l("Declined"),
}


class RequestForm(FlaskForm):  # type: ignore[misc]
    """A request as the office notes it."""

    kind = RadioField(
        _l("What is asked?"), choices=[SelectChoice(str(k), v) for k, v in KINDS.items()],
        validators=[InputRequired(_l("Choose what is asked."))],
    )  # fmt: skip
    asked_as = RadioField(
        _l("Who asks?"), choices=[SelectChoice(str(k), v) for k, v in ASKERS.items()],
        validators=[InputRequired(_l("Choose who asked."))],
    )  # fmt: skip
    asked_by = TextLine(
        _l("Name of who asks"), limit=120,
        validators=[InputRequired(_l("Enter the name of who asked."))],
    )  # fmt: skip
    about = TextBlock(_l("What it is about, in their words"), limit=600)
    asked_on = DateField(
        _l("Asked on"), widget=DateInput(), validators=[InputRequired(_l("Choose a day."))]
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What became of a request."""

    state = RadioField(
        _l("What became of it?"),
        choices=[
            SelectChoice(str(RequestState.ANSWERED), _l("It was done")),
            SelectChoice(str(RequestState.DECLINED), _l("It was declined")),
        ],
        validators=[InputRequired(_l("Choose what became of it."))],
    )
    answer = TextBlock(_l("What was done, or why not"), limit=600)


class EraseForm(FlaskForm):  # type: ignore[misc]
    """The name of the learner, typed: nobody erases by a slip of the hand."""

    name = TextLine(_l("Type the full name of the student"), limit=200)
    answer = TextBlock(_l("What the school will remember about this request"), limit=600)
