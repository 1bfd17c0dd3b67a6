"""The forms of the school office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import DateInput

from learnpath.errors import WrongInput
from learnpath.people.models import Language
from learnpath.web.fields import TextLine

LANGUAGES = ((Language.EN, "English"), (Language.ES, "Español"))


def show(form: Any, error: WrongInput) -> None:
    """Put what is wrong beside the field that it is about."""
    if error.field in form:
        form[error.field].errors = [str(error.message)]
    else:
        form.form_errors.append(str(error.message))


class Day(DateField):
    """A day of the calendar."""

    def __init__(self, label: Any, *, needed: bool = True, **extra: Any) -> None:
        rules = [InputRequired(_l("Choose a day."))] if needed else [Optional()]
        super().__init__(label, widget=DateInput(), validators=rules, **extra)

    def day(self) -> date:
        """Return the day of a form that was checked."""
        assert self.data is not None
        return self.data

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take a day between the years 2000 and 2100: others are slips of the pen."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_l("That is no day. Write it as 2026-08-17."))) from error
        if self.data is not None and not 2000 <= self.data.year <= 2100:
            raise ValueError(str(_l("Choose a day between the years 2000 and 2100.")))


class Number(HiddenField):
    """An id that goes along with a form; nothing when it is none."""

    def number(self) -> int | None:
        """Return the id."""
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """Names and details of a person."""

    given_name = TextLine(_l("Given name"), limit=80)
    family_name = TextLine(_l("Family name"), limit=80)
    called = TextLine(
        _l("What people call them"), limit=80,
        validators=[InputRequired(_l("Enter what this person is called."))],
    )  # fmt: skip
    pronouns = TextLine(_l("Pronouns"), limit=40)
    say_it = TextLine(_l("How to say the name"), limit=80)
    language = RadioField(
        _l("Language of the pages"), choices=[SelectChoice(str(k), v) for k, v in LANGUAGES]
    )
    grade = IntegerField(
        _l("Grade"),
        validators=[Optional(), NumberRange(0, 12, _l("A grade is a number from 0 to 12."))],
    )


class NewPersonForm(DetailsForm):
    """The same for somebody who is new, with a username if they get one."""

    username = TextLine(_l("Username"), limit=80)


class UsernameForm(FlaskForm):  # type: ignore[misc]
    """A username."""

    username = TextLine(
        _l("Username"), limit=80, validators=[InputRequired(_l("Enter a username."))]
    )


class TieForm(FlaskForm):  # type: ignore[misc]
    """From which day something ties a person to a class, a family or the school."""

    class_id = SelectField(_l("Class"), validate_choice=False)
    other_id = RadioField(_l("Who?"), validate_choice=False)
    called = TextLine(_l("What the student calls this adult"), limit=40)
    starts = Day(_l("From this day"))

    def offer_classes(self, classes: Iterable[tuple[int, str]]) -> None:
        """Give the classes to choose from."""
        self.class_id.choices = [SelectChoice(str(key), name) for key, name in classes]

    def offer_people(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people to choose from."""
        self.other_id.choices = [SelectChoice(str(key), name) for key, name in people]


class LastDayForm(FlaskForm):  # type: ignore[misc]
    """The last day of something."""

    tie = HiddenField()
    last_day = Day(_l("Last day"))


class ClassForm(FlaskForm):  # type: ignore[misc]
    """A class: its name, its room, and for a new one its year."""

    name = TextLine(
        _l("Name of the class"), limit=80, validators=[InputRequired(_l("Enter a name."))]
    )
    room = TextLine(_l("Room"), limit=40)
    year_id = SelectField(_l("School year"), validate_choice=False)


class SpanForm(FlaskForm):  # type: ignore[misc]
    """A school year, a term, or days without school."""

    id = Number()
    saw = HiddenField()
    name = TextLine(_l("Name"), limit=40, validators=[InputRequired(_l("Enter a name."))])
    starts = Day(_l("First day"))
    ends = Day(_l("Last day"))
    year_id = SelectField(_l("School year"), validate_choice=False)


class RollOverForm(FlaskForm):  # type: ignore[misc]
    """The next school year. It is asked for by an address, so it has no token of its own."""

    class Meta:
        """Sent by GET: what changes something is sent by another form."""

        csrf = False

    name = TextLine(_l("Name of the school year"), limit=40)
    starts = Day(_l("First day"))
    ends = Day(_l("Last day"))
    classes = HiddenField()
    along = RadioField(
        _l("Where do the students go?"),
        choices=[
            SelectChoice("yes", _l("They go along with their class")),
            SelectChoice("no", _l("The roster or the office puts them into classes")),
        ],
    )


def id_of(text: str | None) -> int | None:
    """Return the id that a field or an address names, or None."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 18 else None


def day_of(text: str | None) -> date | None:
    """Return the day that an address names, or None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
