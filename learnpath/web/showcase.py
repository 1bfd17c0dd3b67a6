"""What the components page shows: one form in each of its states, and parts with invented words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DecimalField,
    FileField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, ValidationError

from learnpath.web import icons, showcase_charts

FEELINGS = [
    SelectChoice("smooth", "Smooth"),
    SelectChoice("bumps", "Some bumps"),
    SelectChoice("stuck", "Stuck"),
    SelectChoice("not", "Not this week"),
]
ICONS = {"smooth": "waves", "bumps": "mountain", "stuck": "hand-helping", "not": "calendar-off"}
HELPS = [
    SelectChoice("try", "Trying it myself first"),
    SelectChoice("talk", "Talking it through"),
    SelectChoice("quiet", "A quiet place"),
]


@dataclass(frozen=True)
class SampleBand:
    """From where to where, and the place in the middle."""

    low: str
    marker: str
    high: str


@dataclass(frozen=True)
class SampleDrawing:
    """A drawing of the continuum in one of its states."""

    title: str
    here: SampleBand | None = None
    before: SampleBand | None = None
    then: date | None = None
    mine: str | None = None
    theirs: str | None = None


BAND_NAMES = {
    "teacher_driven": "My teacher leads",
    "toward_learner_centered": "My teacher leads, and I begin to take part",
    "learner_centered": "We lead together",
    "learner_driven": "I lead",
}
FIRST, BETWEEN, SECOND, THIRD = BAND_NAMES
WIDE_BAND, NARROW_BAND = SampleBand(FIRST, SECOND, THIRD), SampleBand(BETWEEN, BETWEEN, BETWEEN)
EARLIER, THEN = SampleBand(FIRST, FIRST, BETWEEN), date(2025, 9, 30)
BANDS = (
    SampleDrawing("Not enough seen, no mark"),
    SampleDrawing("Not enough seen, and a mark", mine=SECOND),
    SampleDrawing("Around one place", NARROW_BAND),
    SampleDrawing("From one place to another", WIDE_BAND),
    SampleDrawing("Then and now", SampleBand(SECOND, SECOND, THIRD), EARLIER, THEN),
    SampleDrawing("Then and now are the same", WIDE_BAND, WIDE_BAND, THEN),
    SampleDrawing("The learner's mark", NARROW_BAND, mine=THIRD),
    SampleDrawing("The teacher's mark", NARROW_BAND, theirs=FIRST),
    SampleDrawing("Both at one place", WIDE_BAND, mine=SECOND, theirs=SECOND),
    SampleDrawing("They see it differently", WIDE_BAND, EARLIER, THEN, THIRD, FIRST),
)


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("What do you want to get better at?", [InputRequired("Say it in one line.")])
    why = TextAreaField("Why does it matter to you?", [InputRequired("Write one sentence.")])
    amount = DecimalField("How many facts do you know now?", [InputRequired("Enter a number.")])
    feeling = RadioField(
        "How did it feel?", [InputRequired("Choose one.")], choices=FEELINGS, validate_choice=False
    )
    helps = SelectMultipleField("What helps you? Choose up to two.", choices=HELPS)
    helper = SelectField(
        "Who can help?", choices=[SelectChoice("", "Nobody yet"), SelectChoice("t", "My teacher")]
    )
    picture = FileField("A picture of my work")
    shared = BooleanField("My family may see this")

    def validate_helps(self, field: SelectMultipleField) -> None:
        """Two are enough."""
        if len(field.data or []) > 2:
            raise ValidationError("Choose up to two.")


def _empty(name: str) -> SampleForm:
    return SampleForm(prefix=name)


def _filled() -> SampleForm:
    data: MultiDict[str, str] = MultiDict(
        [
            ("filled-name", "Multiplication facts"), ("filled-why", "I want to be quick in games."),
            ("filled-amount", "36"), ("filled-feeling", "bumps"), ("filled-helps", "try"),
            ("filled-helps", "talk"), ("filled-helper", "t"), ("filled-shared", "y"),
        ]
    )  # fmt: skip
    return SampleForm(data, prefix="filled")


def _wrong() -> SampleForm:
    data = MultiDict(
        [("wrong-helps", choice.value) for choice in HELPS] + [("wrong-amount", "many")]
    )
    form = SampleForm(data, prefix="wrong")
    form.validate()
    return form


def parts() -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "forms": {"empty": _empty("empty"), "now": _empty("now"), "filled": _filled(), "wrong": _wrong()},
        "icons": ICONS,
        "icon_names": icons.names(),
        "steps": [
            {"title": "Profile", "text": "You wrote about what helps you. Oct 12", "state": "done",
             "url": "#trail"},
            {"title": "Goal, agreed with Ms. Tran", "text": "Both signed. Oct 20", "state": "done"},
            {"title": "Week 8: check-in", "text": "Seven weeks of data so far", "state": "here"},
            {"title": "Conference", "text": "Choose one piece of work.", "state": "ahead"},
        ],
        "fact_items": [
            {"text": "You proposed the goal. Oct 14", "url": "#facts"},
            {"text": "You logged 7 of 8 weeks.", "url": ""},
        ],
        "promises": [
            {"who": "Linh", "text": "Six hard ones a day", "until": "until Nov 28"},
            {"who": "Mamá", "text": "Ask three facts at dinner on Tuesdays", "until": ""},
        ],
        "pictures": showcase_charts.pictures(),
        "bands": BANDS,
        "band_names": BAND_NAMES,
    }  # fmt: skip
