"""The forms of the outcomes room."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, Optional, ValidationError

from learnpath.errors import WrongInput
from learnpath.outcomes.mapping import Key
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


# -- the school office brings in files ---------------------------------------------------------------

NOT_USED = ""
DATE_FORMATS = (
    "MM/DD/YYYY", "M/D/YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "D.M.YYYY", "M/D/YY", "YYYYMMDD",
    "DD-MMM-YYYY", "YYYY-MM-DDThh:mm:ss",
)  # fmt: skip
MOST_BLOCKS = 12


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A file of school data."""

    file = FileField(_l("File"))


class ValueForm(Form):
    """What one column of values means."""

    column = SelectField(_l("Column with the values"), choices=[], validate_choice=False)
    constant = TextLine(_l("Or: count each row as"), limit=12)
    measure = TextLine(_l("What was looked at"), limit=LONGEST_NAME)
    kind = SelectField(
        _l("What it is about"),
        choices=[SelectChoice(kind.value, name) for kind, name in KINDS_FOR_OTHERS.items()],
    )
    maximum = TextLine(_l("Highest possible value"), limit=LONGEST_NAME)
    scale = TextLine(_l("How to read the value"), limit=LONGEST_NAME)
    reference = TextLine(_l("Number that tells two of one day apart"), limit=LONGEST_NAME)
    coded = BooleanField(_l("The cells hold codes, not numbers"))

    @property
    def used(self) -> bool:
        """Whether anything was said about it."""
        return bool(self.column.data or self.constant.data or self.measure.data)


class MappingForm(FlaskForm):  # type: ignore[misc]
    """What the columns of a file mean."""

    name = TextLine(
        _l("Name of this mapping"),
        limit=LONGEST_NAME,
        validators=[InputRequired(_l("Give the mapping a name."))],
    )
    learner = SelectField(_l("Column that says who it is"), choices=[], validate_choice=False)
    key = RadioField(
        _l("What stands in that column"),
        choices=[
            SelectChoice(Key.IDENTIFIER.value, _l("The school's own number of a student")),
            SelectChoice(Key.SOURCED_ID.value, _l("The sourcedId of the roster")),
            SelectChoice(Key.USERNAME.value, _l("The user name for signing in here")),
        ],
        default=Key.IDENTIFIER.value,
    )
    day = SelectField(_l("Column with the day"), choices=[], validate_choice=False)
    date_format = SelectField(
        _l("How days are written"),
        choices=[
            SelectChoice(NOT_USED, _l("Choose")),
            *(SelectChoice(one, one) for one in DATE_FORMATS),
        ],
        validate_choice=False,
    )
    fixed_day = DateField(_l("Or: one day for the whole file"), validators=[Optional()])
    source = TextLine(
        _l("Where it comes from"),
        limit=LONGEST_NAME,
        validators=[InputRequired(_l("Say where it comes from, such as the name of the test."))],
    )
    decimal = RadioField(
        _l("How fractions are written"),
        choices=[
            SelectChoice("point", _l("With a point: 4.5")),
            SelectChoice("comma", _l("With a comma: 4,5")),
        ],
        default="point",
    )
    values = FieldList(FormField(ValueForm), min_entries=1, max_entries=MOST_BLOCKS)
    newer_replaces = BooleanField(_l("A newer value takes the place of an older one"))
    separator = HiddenField()
    encoding = HiddenField()


class CodeForm(Form):
    """What one code means."""

    column = HiddenField()
    code = HiddenField()
    value = TextLine(_l("Value"), limit=12)
    words = TextLine(_l("In words, for the student"), limit=LONGEST_NAME)


class CodesForm(FlaskForm):  # type: ignore[misc]
    """What the codes of a file mean."""

    codes = FieldList(FormField(CodeForm), max_entries=200)


class PlanForm(FlaskForm):  # type: ignore[misc]
    """The plan that somebody read before saying yes."""

    seen = HiddenField()
