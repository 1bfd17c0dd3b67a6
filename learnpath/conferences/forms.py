"""The forms of conferences, and the reading of what a running conference sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, Optional, Regexp
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from learnpath.conferences.models import LONGEST_LINE, LONGEST_TEXT, Leader, PromiseState, View
from learnpath.conferences.present import PROMISERS, Live, Promised
from learnpath.errors import WrongInput
from learnpath.goals.wording import PARTS
from learnpath.record import Relation
from learnpath.web.fields import TextBlock, TextLine, clean, one_line
from learnpath.wording import lazy

MOST_NAMES, MOST_WHO = 200, 80
EMAIL = r"^[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+$"


class FamilySayForm(FlaskForm):  # type: ignore[misc]
    """A word of a family about a goal."""

    text = TextBlock(_l("What would you like to say about this goal?"), limit=1000)


class FamilyIdeaForm(FlaskForm):  # type: ignore[misc]
    """Other words that a family suggests for one part of a goal."""

    number = IntegerField(widget=HiddenInput())
    part = SelectField(
        _l("Which part?"), choices=[SelectChoice(str(p), label) for p, label in PARTS.items()]
    )
    words = TextBlock(_l("What do you suggest?"), limit=400)
    sentence = TextLine(_l("Why? One sentence for your child"), limit=300)


class WhenForm(FlaskForm):  # type: ignore[misc]
    """Day, time and place of a conference."""

    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose a day."))])
    at = TimeField(_l("Time"), validators=[InputRequired(_l("Choose a time."))])
    place = TextLine(_l("Room or video link (you can leave this empty)"), limit=120)


class WindowForm(FlaskForm):  # type: ignore[misc]
    """The days of a conference window."""

    first_day = DateField(_l("First day"), validators=[InputRequired(_l("Choose a day."))])
    last_day = DateField(_l("Last day"), validators=[InputRequired(_l("Choose a day."))])


class SlotsForm(FlaskForm):  # type: ignore[misc]
    """How slots are laid into a day."""

    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose a day."))])
    begins = TimeField(_l("Begins at"), validators=[InputRequired(_l("Choose a time."))])
    ends = TimeField(_l("Ends at"), validators=[InputRequired(_l("Choose a time."))])
    minutes = IntegerField(
        _l("Minutes for each"), default=20,
        validators=[InputRequired(_l("Choose from 5 to 120 minutes."))],
    )  # fmt: skip
    rest = IntegerField(_l("Minutes of rest between two"), default=5, validators=[Optional()])
    place = TextLine(_l("Room or video link (you can leave this empty)"), limit=120)


class ChooseForm(FlaskForm):  # type: ignore[misc]
    """A family chooses a time and says what it needs and hopes."""

    slot = RadioField(
        _l("Which time is good for you?"), coerce=int,
        validators=[InputRequired(_l("Choose a time."))],
    )  # fmt: skip
    speaks = TextLine(_l("In which language shall we talk?"), limit=40)
    interpreter = BooleanField(_l("We would like an interpreter from the school"))
    sees = TextBlock(_l("What do you see at home?"), limit=LONGEST_TEXT)
    hope = TextBlock(_l("One thing that you hope for"), limit=LONGEST_TEXT)
    email = TextLine(
        _l("E-mail for messages about conferences (you can leave this empty)"), limit=200,
        validators=[
            Optional(),
            Regexp(EMAIL, message=_l("Write an address such as name@example.org.")),
        ],
    )  # fmt: skip
    look_back = BooleanField(_l("Remind me once, after six weeks, of what was promised"))


class Many(SelectMultipleField):
    """Several choices, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SeenForm(FlaskForm):  # type: ignore[misc]
    """A form that carries the number of the state that the person saw."""

    seen = HiddenField()

    @property
    def seen_number(self) -> int:
        """The number that the person saw; 0 when it was left out or tampered with."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class LinesForm(SeenForm):
    """Which lines of the profile are shown."""

    lines = Many(_l("Choose up to 3 lines to show"))


class GoalsForm(SeenForm):
    """Which goals are shown."""

    goals = Many(_l("Choose up to 2 goals to show"), coerce=int)
    none_to_show = BooleanField(_l("I have no goal to show yet. I will talk about that."))


class HardForm(SeenForm):
    """Something that is still hard."""

    what = TextBlock(
        _l("What is still hard?"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write one thing that is still hard."))],
    )  # fmt: skip
    tried = TextBlock(_l("What did I try?"), limit=LONGEST_TEXT)
    need = TextBlock(_l("What helps, and what do I need?"), limit=LONGEST_TEXT)


class WordsForm(SeenForm):
    """The learner's own words about this time."""

    words = TextBlock(
        _l("This time in my own words"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write one to three sentences."))],
    )  # fmt: skip


class GuessForm(SeenForm):
    """What the teacher would say."""

    words = TextBlock(
        _l("What would my teacher say about my work?"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write what you think. Your teacher answers you."))],
    )  # fmt: skip


class WorkForm(SeenForm):
    """A piece of work in words."""

    title = TextLine(
        _l("What is it?"), limit=LONGEST_LINE,
        validators=[InputRequired(_l("Write what this piece of work is."))],
    )  # fmt: skip
    did = TextBlock(
        _l("What did I do?"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write what you did."))],
    )  # fmt: skip
    shows = TextBlock(
        _l("What does it show?"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write what it shows about you."))],
    )  # fmt: skip


class AnswerForm(SeenForm):
    """The teacher's part."""

    view = RadioField(
        _l("Is it what you would say?"),
        choices=[
            SelectChoice(View.AGREES.value, _l("Yes, I agree")),
            SelectChoice(View.DIFFERENTLY.value, _l("I see it differently")),
        ],
        validators=[Optional()],
    )  # fmt: skip
    view_words = TextBlock(_l("How do you see it?"), limit=LONGEST_TEXT)
    words = TextBlock(
        _l("Your one or two sentences for the family"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write one or two sentences."))],
    )  # fmt: skip


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """The learner's words in the summary."""

    in_my_words = TextBlock(
        _l("In my words (1 to 3 sentences)"), limit=LONGEST_TEXT,
        validators=[InputRequired(_l("Write one to three sentences."))],
    )  # fmt: skip


class FamilyWordsForm(FlaskForm):  # type: ignore[misc]
    """What a family may add to its answer."""

    proud = TextBlock(_l("One thing I am proud of"), limit=LONGEST_TEXT)
    question = TextBlock(_l("One question or idea for the school"), limit=LONGEST_TEXT)
    may_call = BooleanField(_l("The school may call us about this"))


class LookBackForm(FlaskForm):  # type: ignore[misc]
    """What became of a promise."""

    state = RadioField(
        _l("How is it going?"),
        choices=[
            SelectChoice(PromiseState.NOT_YET.value, _l("Not yet")),
            SelectChoice(PromiseState.DOING_IT.value, _l("Doing it")),
            SelectChoice(PromiseState.DONE.value, _l("Done")),
            SelectChoice(PromiseState.CHANGED.value, _l("Changed")),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )
    note = TextLine(_l("A line about it (you can leave this empty)"), limit=LONGEST_LINE)


def live_from(form: MultiDict[str, str], card_keys: list[str]) -> Live:
    """Read what a running conference sent: only what is there was touched.

    Raises WrongInput for what no page of ours sends, and for words that are too long.
    """
    return Live(
        led_by={key: _leader(form[f"led_{key}"]) for key in card_keys if f"led_{key}" in form},
        present=_present(form),
        family_names=_words(form, "family_names", MOST_NAMES, one_line),
        promises={
            relation: promised
            for relation in PROMISERS
            if (promised := _promised(form, relation)) is not None
        },
    )


def _touched(form: MultiDict[str, str], name: str) -> bool:
    return name in form or name in form.getlist("touched")


def _leader(text: str) -> Leader | None:
    if text == "":
        return None
    if text not in set(Leader):
        raise WrongInput("led_by", lazy("Say who led this part."))
    return Leader(text)


def _present(form: MultiDict[str, str]) -> list[Relation] | None:
    if not _touched(form, "present"):
        return None
    there = form.getlist("present")
    return [relation for relation in PROMISERS if relation.value in there]


def _words(
    form: MultiDict[str, str], name: str, limit: int, made: Callable[[str], str] = clean
) -> str | None:
    if name not in form:
        return None
    words = made(form[name])
    if len(words) > limit:
        raise WrongInput(name, lazy("Use %(limit)s letters or fewer.", limit=limit))
    return words


def _promised(form: MultiDict[str, str], relation: Relation) -> Promised | None:
    names = {part: f"{part}_{relation.value}" for part in ("text", "who", "due", "back")}
    if not any(_touched(form, name) for name in names.values()):
        return None
    return Promised(
        text=_words(form, names["text"], LONGEST_LINE, one_line),
        who=_words(form, names["who"], MOST_WHO, one_line),
        due=_day(form, names["due"]),
        due_touched=names["due"] in form,
        read_back=names["back"] in form if _touched(form, names["back"]) else None,
    )


def _day(form: MultiDict[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongInput(name, lazy("Choose a day, such as 2026-01-30.")) from error
