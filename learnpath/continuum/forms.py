"""The forms of the continuum."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired

from learnpath.continuum.driver_model import Thread, driver_model
from learnpath.continuum.leading import Reader
from learnpath.continuum.models import LONGEST_WORDS
from learnpath.web.fields import TextBlock


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
        validators=[InputRequired(_l("Say in a few words what was seen."))],
    )  # fmt: skip

    def offer(self, language: str, thread: str) -> SeenForm:
        """Offer what can be seen for the indicators of a thread (of all, when it is none)."""
        known = {one.key for one in driver_model().threads}
        self.what.choices = {
            one.name[language]: [
                (f"{one.key}:{sighting.key}", sighting.name[language])
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
        _l("Your answer"), limit=LONGEST_WORDS, validators=[InputRequired(_l("Write your answer."))]
    )
