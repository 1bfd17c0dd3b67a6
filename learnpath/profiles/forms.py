"""The forms of the profile, and the form of an inventory step, made from its questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from learnpath.people.models import Language
from learnpath.profiles.inventories import Kind, Question, Step
from learnpath.profiles.inventory import Value
from learnpath.profiles.models import Answer, Audience, TipResult
from learnpath.profiles.queries import ShownBlock
from learnpath.profiles.revise import LONGEST_LINE, LONGEST_REASON, MOST_LINES
from learnpath.profiles.telling import ANSWERS
from learnpath.profiles.visible import HARD
from learnpath.web.fields import TextBlock, TextLine


class BlockForm(FlaskForm):  # type: ignore[misc]
    """The lines of a block, and what changed in me."""

    lines = TextBlock(_l("My words"), limit=MOST_LINES * (LONGEST_LINE + 2))
    what_changed = TextLine(_l("What changed in me?"), limit=LONGEST_REASON)
    seen = IntegerField(widget=HiddenInput(), default=0)


class AudienceForm(FlaskForm):  # type: ignore[misc]
    """Who can see a block."""

    audience = RadioField(
        _l("Who can see this?"),
        choices=[
            SelectChoice(Audience.TEACHERS, _l("Only me and my teachers")),
            SelectChoice(Audience.FAMILY, _l("Also my family")),
            SelectChoice(Audience.CONFERENCE, _l("Also in my conference")),
        ],
    )


class IdeaForm(FlaskForm):  # type: ignore[misc]
    """A line that somebody suggests."""

    text = TextLine(_l("What would you add?"), limit=LONGEST_LINE)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What a teacher noticed, and on which day."""

    text = TextLine(_l("What did you notice?"), limit=LONGEST_LINE)
    day = DateField(_l("On which day?"), validators=[Optional()])


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """The learner's line back."""

    reply = TextLine(_l("One line back"), limit=LONGEST_LINE)


class CarryForm(FlaskForm):  # type: ignore[misc]
    """Which hard lines may go along to new teachers."""

    lines = SelectMultipleField(_l("These may go along"))


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What the learner makes of a suggestion."""

    how = RadioField(
        _l("What do you want to do with it?"),
        choices=[
            SelectChoice(Answer.TAKEN, _l("Take it")),
            SelectChoice(Answer.CHANGED, _l("Take it in my own words")),
            SelectChoice(Answer.DECLINED, _l("Not for me")),
        ],
    )
    words = TextLine(_l("My own words"), limit=LONGEST_LINE)
    reply = TextLine(_l("One line back, if you like"), limit=LONGEST_REASON)


class TipForm(FlaskForm):  # type: ignore[misc]
    """How it went when something was tried."""

    result = RadioField(
        _l("How did it go?"),
        choices=[
            SelectChoice(TipResult.HELPED, _l("It helped")),
            SelectChoice(TipResult.A_BIT, _l("It helped a bit")),
            SelectChoice(TipResult.NOT_THIS_TIME, _l("Not this time")),
        ],
    )
    note = TextLine(_l("What was it for, and what did you notice?"), limit=LONGEST_REASON)


KEEP, ONLY_ME, CHANGE, LET_GO = "keep", "only_me", "change", "let_go"
KEEP_OR_NOT = (
    SelectChoice(KEEP, _l("Keep")), SelectChoice(CHANGE, _l("Change")), SelectChoice(LET_GO, _l("Let go")),
)  # fmt: skip
HARD_OR_NOT = (
    SelectChoice(KEEP, _l("Keep, my new teachers may see it")),
    SelectChoice(ONLY_ME, _l("Keep, only for me")),
    *KEEP_OR_NOT[1:],
)


def asked(block: ShownBlock) -> list[tuple[int, str]]:
    """Return which lines of a block the turn of the year asks about, with their place."""
    numbered = list(enumerate(block.lines))
    if block.key not in HARD:
        return numbered
    return [(number, line) for number, line in numbered if line in block.unasked]


def year_form(block: ShownBlock) -> FlaskForm:
    """Return the form that asks of each line of a part whether to keep it, change it or let it go."""
    fields: dict[str, Any] = {
        "seen": IntegerField(widget=HiddenInput(), default=block.number),
    }
    choices = HARD_OR_NOT if block.key in HARD else KEEP_OR_NOT
    for number, line in asked(block):
        fields[f"line-{number}"] = RadioField(line, validate_choice=False, choices=choices)
        fields[f"line-{number}-new"] = TextLine(_l("New words"), limit=LONGEST_LINE)
    made: FlaskForm = type("YearForm", (FlaskForm,), fields)()
    return made


@dataclass(frozen=True)
class Kept:
    """What the form keeps of a part, and which hard lines new teachers may see."""

    lines: tuple[str, ...]
    shows: Mapping[str, bool]


def kept_lines(form: FlaskForm, block: ShownBlock) -> Kept | None:
    """Return what the form keeps of a part, or None, said at the field, while a line has no answer."""
    questions = dict(asked(block))
    kept, shows, missing = [], {}, False
    for number, line in enumerate(block.lines):
        how = form[f"line-{number}"].data if number in questions else KEEP
        if how not in (KEEP, ONLY_ME, CHANGE, LET_GO):
            form[f"line-{number}"].errors = [_l("Choose what to do with this line.")]
            missing = True
        elif how == CHANGE:
            kept.append(form[f"line-{number}-new"].data or line)
        elif how != LET_GO:
            kept.append(line)
        if number in questions and block.key in HARD and how in (KEEP, ONLY_ME):
            shows[line] = how == KEEP
    return None if missing else Kept(tuple(kept), shows)


class Cards(SelectMultipleField):
    """Cards to pick from; which and how many is checked by the verb, in words."""

    def pre_validate(self, form: Any) -> None:
        """Leave the checking to the verb."""


def step_form(step: Step, answers: Mapping[str, Value], language: Language) -> FlaskForm:
    """Return the form of one step, filled with what was answered before."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for question in step.questions:
        for name, field, said in _fields(question, answers.get(question.key, {}), language):
            fields[name], filled[name] = field, said
    made: FlaskForm = type("StepForm", (FlaskForm,), fields)(data=filled)
    return made


def said_of(form: FlaskForm, question: Question) -> Value:
    """Return what the form says to a question, in the shape that answers are kept in."""
    if question.kind is Kind.PICK:
        own = form[own_name(question)].data if question.own_words else ""
        return {"cards": form[question.key].data or [], "own": own or ""}
    if question.kind is Kind.WORDS:
        return {"text": form[question.key].data or ""}
    said = {card.key: form[card_name(question, card.key)].data for card in question.cards}
    return {key: answer for key, answer in said.items() if answer and answer != "None"}


def first_field(question: Question) -> str:
    """Return the name of the field at which an error of the question stands."""
    sorts = question.kind is Kind.SORT
    return card_name(question, question.cards[0].key) if sorts else question.key


def own_name(question: Question) -> str:
    """Return the name of the field for own words beside the cards."""
    return f"{question.key}-own"


def card_name(question: Question, card: str) -> str:
    """Return the name of the field that sorts one card."""
    return f"{question.key}-{card}"


def _fields(question: Question, value: Value, language: Language) -> Iterator[tuple[str, Any, Any]]:
    ask = question.ask[language]
    if question.kind is Kind.WORDS:
        yield question.key, TextBlock(ask, limit=LONGEST_LINE), value.get("text", "")
    elif question.kind is Kind.PICK:
        cards = [SelectChoice(card.key, card.words[language]) for card in question.cards]
        yield question.key, Cards(ask, choices=cards), value.get("cards", [])
        if question.own_words:
            own = TextLine(_l("Or in your own words"), limit=LONGEST_LINE)
            yield own_name(question), own, value.get("own", "")
    else:
        for card in question.cards:
            answers = [SelectChoice(answer, ANSWERS[answer]) for answer in question.answers]
            field = RadioField(card.words[language], choices=answers, validate_choice=False)
            yield card_name(question, card.key), field, value.get(card.key)
