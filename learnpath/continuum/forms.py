"""The forms of the continuum."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from learnpath.continuum.driver_model import Strand, Thread, driver_model
from learnpath.continuum.leading import Reader
from learnpath.continuum.models import LONGEST_EVIDENCE, LONGEST_STEP, LONGEST_WORDS
from learnpath.web.fields import TextBlock, TextLine


class MarkForm(FlaskForm):  # type: ignore[misc]
    """Where I would put this, and why."""

    place = RadioField(_l("Who is leading this?"), validators=[InputRequired(_l("Choose one."))])
    text = TextBlock(_l("Why do you think so? (You can leave this empty.)"), limit=LONGEST_WORDS)

    def offer(self, reader: Reader, thread: Thread, name: str) -> MarkForm:
        """Offer the four places in the reader's words."""
        self.place.choices = [
            (
                column,
                f"{reader.column(column)}: {_filled(words[reader.voice][reader.language], name)}",
            )
            for column, words in thread.sentences.items()
        ]
        return self


def _filled(words: str, name: str) -> str:
    return words % {"name": name} if "%(name)s" in words else words


class SeenForm(FlaskForm):  # type: ignore[misc]
    """What somebody saw, on which day."""

    what = SelectField(_l("What was it?"), validators=[InputRequired(_l("Choose what was seen."))])
    day = DateField(_l("On which day?"), validators=[InputRequired(_l("Enter the day."))])
    text = TextBlock(
        _l("What did you see?"), limit=LONGEST_WORDS,
        validators=[DataRequired(_l("Say in a few words what was seen."))],
    )  # fmt: skip

    def offer(self, reader: Reader, thread: str) -> SeenForm:
        """Offer what can be seen for the indicators of a thread (of all, when it is none)."""
        voice, language = reader.voice, reader.language
        known = {one.key for one in driver_model().threads}
        self.what.choices = {
            one.told[voice].name[language]: [
                (f"{one.key}:{sighting.key}", sighting.told[voice][language])
                for sighting in one.seen.values()
            ]
            for one in driver_model().indicators.values()
            if thread not in known or one.thread == thread
        }
        return self

    @property
    def chosen(self) -> tuple[str, str]:
        """The indicator, and what of it was seen."""
        indicator, _, seen = str(self.what.data).partition(":")
        return indicator, seen


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What I say to something that was seen."""

    text = TextBlock(
        _l("Your answer"), limit=LONGEST_WORDS, validators=[DataRequired(_l("Write your answer."))]
    )


class StepForm(Form):
    """One step on the way."""

    text = TextLine(_l("What will be done?"), limit=LONGEST_STEP)
    owner = TextLine(_l("Who?"), limit=80)
    due = DateField(_l("By when?"), validators=[Optional()])


class ReflectForm(FlaskForm):  # type: ignore[misc]
    """Where a strand stands today, what was seen, and where it is to go."""

    scope = SelectField(
        _l("Whose practice is this about?"), validators=[InputRequired(_l("Choose one."))]
    )
    place = RadioField(
        _l("Which describes today best?"), validators=[InputRequired(_l("Choose one."))]
    )
    evidence = TextBlock(
        _l("What did you see that shows it?"), limit=LONGEST_EVIDENCE,
        validators=[DataRequired(_l("Say what you saw."))],
    )  # fmt: skip
    target = SelectField(_l("Where should it go? (You can leave this open.)"))
    target_day = DateField(_l("By which day?"), validators=[Optional()])
    steps = FieldList(FormField(StepForm), min_entries=3, max_entries=3)

    def offer(
        self, strand: Strand, scopes: list[tuple[str, str]], language: str, reader: str
    ) -> ReflectForm:
        """Offer the four columns in the reader's words, and whose practice it may be about."""
        model = driver_model()
        names = {
            column: (one.foundations if strand.group == "foundational_practices" else one.drivers)
            for column, one in model.columns.items()
        }
        self.scope.choices = scopes
        self.place.choices = [
            (column, f"{names[column][language]}: {cell[language][reader]}")
            for column, cell in strand.columns.items()
        ]
        self.target.choices = [
            ("", ""), *((column, names[column][language]) for column in strand.columns)
        ]  # fmt: skip
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a target has its day."""
        fine = bool(super().validate(extra_validators))
        if self.target.data and not self.target_day.data and not self.target_day.errors:
            self.target_day.errors = [str(_l("Enter the day by which it should be there."))]
            return False
        return fine


class LookBackForm(FlaskForm):  # type: ignore[misc]
    """What came of it."""

    looked_back = TextBlock(
        _l("What came of it?"), limit=LONGEST_EVIDENCE,
        validators=[DataRequired(_l("Say in a few words what came of it."))],
    )  # fmt: skip
    done = SelectMultipleField(_l("Which steps were done?"), coerce=int, validate_choice=True)
