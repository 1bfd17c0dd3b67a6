"""The forms of the goals room. What a person typed goes into the draft as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import DateInput

from learnpath.errors import WrongInput
from learnpath.goals import basis, parts, wording
from learnpath.goals.band import COUNTED
from learnpath.goals.checkins import Entry
from learnpath.goals.close import How
from learnpath.goals.models import ChangeReason, Feel, GapReason
from learnpath.goals.propose import Reason
from learnpath.goals.trend import Direction, Measure
from learnpath.goals.wording import NOT_THIS_WEEK
from learnpath.goals.work_file import WorkFile
from learnpath.outcomes import cited, cited_words
from learnpath.outcomes.cited import Cited
from learnpath.record import Relation
from learnpath.web.fields import TextBlock, TextLine

OTHER_DAY = "other"
DUE_WEEKS = (4, 6, 9)


def _named(labels: Mapping[Any, Any], *, but: Sequence[Any] = ()) -> list[SelectChoice]:
    return [SelectChoice(str(key), label) for key, label in labels.items() if key not in but]


class Number(StringField):
    """A number as people type it, with a point or a comma. The data stays what was typed."""

    def pre_validate(self, _form: Any) -> None:
        """Say what is wrong with it, if something is."""
        try:
            parts.read_number(self.data or "", self.name)
        except WrongInput as error:
            raise ValidationError(str(error.message)) from error


class Radio(RadioField):
    """Choices of which none has to be taken."""

    def __init__(self, label: Any, choices: Any = None, **extra: Any) -> None:
        super().__init__(label, choices=choices, validate_choice=False, **extra)


class GoalForm(FlaskForm):  # type: ignore[misc]
    """All parts of a goal. A step of the wizard keeps its own fields only."""

    what = TextLine(_l("My goal in one sentence"), limit=300)
    builds_on = SelectMultipleField(
        _l("Does it build on something in your profile?"), validate_choice=False
    )
    rests_on = SelectMultipleField(_l("Does it rest on school data?"), validate_choice=False)
    why = TextBlock(_l("Why it matters to me"), limit=600)
    can_now = TextLine(_l("What I can do now"), limit=300)
    baseline: Any = Number(_l("My number now"))
    measure = Radio(_l("How will we see it?"), _named(wording.MEASURES))
    unit = TextLine(_l("What do you count?"), limit=60)
    levels = TextBlock(_l("Your steps, one on each line, the first step on top"), limit=1000)
    highest = Number(_l("The most there can be"))
    direction = Radio(_l("Which way should it go?"), _named(wording.DIRECTIONS))
    source = TextLine(_l("Where can we see it?"), limit=200)
    target: Any = Number(_l("How far: my number"))
    target_high = Number(_l("Up to (only for a range)"))
    confidence = Radio(_l("How sure are you?"), _named(wording.CONFIDENCES))
    stretch = TextLine(_l("What makes it a stretch?"), limit=400)
    doable = TextLine(_l("Why do you think you can do it?"), limit=400)
    due = Radio(_l("By when?"))
    due_on = DateField(_l("Another day"), widget=DateInput(), validators=[Optional()])
    actions = TextBlock(_l("What I do each week, one thing on each line"), limit=700)
    obstacle = TextLine(_l("If this gets in the way"), limit=300)
    plan = TextLine(_l("then I will"), limit=300)
    helpers = SelectMultipleField(
        _l("Who helps?"), choices=_named(wording.HELPERS), validate_choice=False
    )
    helper_how = TextLine(_l("How do they help?"), limit=300)

    def keep_only(self, names: Sequence[str]) -> None:
        """Leave out the fields of the other steps."""
        for name in list(self._fields):
            if name not in names and name != "csrf_token":
                del self[name]

    def validate_due_on(self, field: Any) -> None:
        """The day is needed only when none of the others is chosen."""
        if self.due.data == OTHER_DAY and field.data is None:
            raise ValidationError(str(_l("Choose a day from the calendar.")))


class StepsGoalForm(GoalForm):
    """The same for a goal measured by steps in words: they are chosen, not counted."""

    baseline: Any = Radio(_l("Where are you now?"))
    target: Any = Radio(_l("How far do you want to go?"))


def goal_form(
    draft: Mapping[str, Any], entries: Sequence[Any], today: date, fields: Sequence[str] = (),
    data: Sequence[Cited] = (),
) -> GoalForm:  # fmt: skip
    """Return the form with what the draft holds, or one step of it, as its measure asks.

    ``entries`` of the profile and ``data`` of the school are what it can rest on.
    """
    levels = parts.lines(draft.get("levels"))
    if fields and draft.get("measure") == Measure.RUBRIC and len(levels) > 1:
        form: GoalForm = StepsGoalForm(data=_shown(draft))
        for field in (form.baseline, form.target):
            field.choices = [
                SelectChoice(str(place), word) for place, word in enumerate(levels, start=1)
            ]
    else:
        form = GoalForm(data=_shown(draft))
    form.due.choices = due_choices(today, str(draft.get("due") or ""))
    form.builds_on.choices = [SelectChoice(entry.key, entry.text) for entry in entries]
    form.rests_on.choices = [SelectChoice(one.key, cited_words.line(one)) for one in data]
    if fields:
        form.keep_only(fields)
    return form


def _shown(draft: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in draft.items() if key in parts.DRAFT_KEYS}
    for key in ("levels", "actions"):
        shown[key] = "\n".join(parts.lines(draft.get(key)))
    shown["builds_on"] = [entry["key"] for entry in draft.get("builds_on") or ()]
    shown["rests_on"] = [cited.key_of(one) for one in draft.get("rests_on") or ()]
    shown["measure"] = draft.get("measure") or str(Measure.COUNT)
    shown["direction"] = draft.get("direction") or str(Direction.INCREASE)
    return shown


def due_choices(today: date, chosen: str = "") -> list[SelectChoice]:
    """Return the days to choose from: some weeks from now, the day chosen before, or another one."""
    days = {_friday(today, weeks).isoformat(): weeks for weeks in DUE_WEEKS}
    choices = [
        SelectChoice(day, _l("In %(weeks)s weeks: %(day)s", weeks=weeks, day=_day(day)))
        for day, weeks in days.items()
    ]
    if chosen and chosen not in days:
        choices.insert(0, SelectChoice(chosen, _l("As before: %(day)s", day=_day(chosen))))
    return [*choices, SelectChoice(OTHER_DAY, _l("Another day"))]


def _friday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=4)


def _day(iso: str) -> str:
    try:
        return wording.day(date.fromisoformat(iso))
    except ValueError:
        return iso


def typed(
    form: GoalForm, entries: Sequence[Any], before: Mapping[str, Any], data: Sequence[Cited] = ()
) -> dict[str, Any]:
    """Return what was typed, by the keys of a draft: only of the fields that the form has."""
    said = {name: field.data for name, field in form._fields.items() if name in parts.DRAFT_KEYS}
    for key in ("levels", "actions"):
        if key in said:
            said[key] = parts.lines(said[key])
    if "due" in said:
        said["due"] = _due(form)
    if "builds_on" in said:
        said["builds_on"] = _cited(said["builds_on"] or (), entries, before)
    if "rests_on" in said:
        said["rests_on"] = _rests(said["rests_on"] or (), data, before)
    return {key: "" if value is None else value for key, value in said.items()}


def _due(form: GoalForm) -> str:
    if form.due.data not in (None, OTHER_DAY):
        return str(form.due.data)
    return form.due_on.data.isoformat() if form.due_on.data else ""


def _cited(
    keys: Sequence[str], entries: Sequence[Any], before: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return the chosen profile lines as they read now; one that was chosen before keeps its words."""
    kept = {entry["key"]: entry for entry in before.get("builds_on") or ()}
    now = {
        entry.key: {"key": entry.key, "block": str(entry.block), "text": entry.text}
        for entry in entries
    }
    return [{**now, **kept}[key] for key in keys if key in now or key in kept]


def _rests(
    keys: Sequence[str], data: Sequence[Cited], before: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the chosen values of the school data; one that was chosen before keeps who chose it."""
    kept = {cited.key_of(one): one for one in before.get("rests_on") or ()}
    offered = {one.key: basis.entry(one) for one in data}
    return [{**offered, **kept}[key] for key in keys if key in offered or key in kept]


class SendForm(FlaskForm):  # type: ignore[misc]
    """Sending a goal; for a changed one, why."""

    reason = Radio(_l("Why do you change it?"), _named(wording.REASONS, but=[ChangeReason.IDEA]))
    reason_words = TextLine(_l("In your own words, if you like"), limit=400)


class ForWhomForm(FlaskForm):  # type: ignore[misc]
    """Whom a goal is offered to: some of a class, or all of it."""

    learners = SelectMultipleField(_l("For whom?"), coerce=int, validate_choice=False)


class BandForm(FlaskForm):  # type: ignore[misc]
    """What a teacher finds usual and ambitious for a class."""

    measure = SelectField(
        _l("Kind of measure"), choices=[SelectChoice(str(m), wording.MEASURES[m]) for m in COUNTED]
    )
    unit = TextLine(_l("What is counted, if it is for one thing only"), limit=60)
    usual = Number(_l("Usual growth in a week"))
    ambitious = Number(_l("Ambitious growth in a week"))


class CheckInForm(FlaskForm):  # type: ignore[misc]
    """One week: a value and how it felt, or not this week."""

    week = HiddenField()
    seen_id = HiddenField()
    value = StringField(_l("My number this week"))
    # In its place for steps in words, and for yes or no.
    step = Radio(_l("Where are you this week?"))
    feel = Radio(
        _l("How did it feel?"),
        [*_named(wording.FEELS), SelectChoice(NOT_THIS_WEEK, _l("Not this week"))],
    )
    gap = Radio(_l("Why not this week? You do not have to say."), _named(wording.GAPS))
    line = TextLine(_l("One line about it, if you like"), limit=280)
    evidence = TextLine(_l("A link to my work, if you like"), limit=500)
    files = MultipleFileField(_l("A picture or a PDF of my work, if you like"))
    wants_talk = BooleanField(_l("I would like to talk with my teacher"))
    decided_by = Radio(
        _l("Whose number is it?"),
        [
            SelectChoice(str(Relation.LEARNER), _l("The learner told me")),
            SelectChoice(str(Relation.TOGETHER), _l("We looked together")),
            SelectChoice(str(Relation.TEACHER), _l("I looked it up")),
        ],
        default=str(Relation.LEARNER),
    )

    def offer(self, measure: Measure | None, levels: Sequence[str]) -> None:
        """Ask as the goal's measure asks: a number is typed, a step or yes and no are chosen."""
        if measure is Measure.RUBRIC:
            self.step.choices = [
                SelectChoice(str(n), word) for n, word in enumerate(levels, start=1)
            ]
        elif measure is Measure.YES_NO:
            self.step.label.text = str(_l("Did you do it this week?"))
            self.step.choices = [SelectChoice("1", _l("Yes")), SelectChoice("0", _l("No"))]
        else:
            del self.step
            return
        if not self.step.data:
            self.step.data = self.value.data
        del self.value

    def entry(self, files: Sequence[WorkFile] = ()) -> Entry:
        """Return what was said about the week. Raises WrongInput for a number or week that is none."""
        week = parts.read_day(self.week.data or "", "week")
        if week is None:
            raise WrongInput("week", _l("Choose a week."))
        said = Entry(
            week, line=self.line.data or "", wants_talk=bool(self.wants_talk.data),
            evidence=self.evidence.data or "", files=tuple(files),
        )  # fmt: skip
        if self.feel.data == NOT_THIS_WEEK:
            return replace(said, gap=_member(GapReason, self.gap.data) or GapReason.OTHER)
        asked = self.value if "value" in self else self.step
        value = parts.read_number(asked.data or "", asked.name)
        return replace(said, value=value, feel=_member(Feel, self.feel.data))

    def seen(self) -> int | None:
        """Return the check-in that the form showed."""
        text = self.seen_id.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def decided(self) -> Relation:
        """Return whose number it is, when a teacher types it."""
        return _member(Relation, self.decided_by.data) or Relation.LEARNER


def _member(members: Any, value: Any) -> Any:
    return members(value) if value in set(members) else None


class ReflectForm(FlaskForm):  # type: ignore[misc]
    """An answer to one question about one's own work."""

    prompt = Radio(_l("Choose a question"), _named(wording.PROMPTS))
    text = TextBlock(_l("My words"), limit=1200)


class StrategyForm(FlaskForm):  # type: ignore[misc]
    """Another way to the same goal."""

    text = TextBlock(_l("What will you do from now on?"), limit=400)
    reason = Radio(
        _l("Why do you change it?"),
        _named(wording.REASONS, but=[ChangeReason.NOT_IMPORTANT]),
    )
    reason_words = TextLine(_l("In your own words, if you like"), limit=400)


class CloseForm(FlaskForm):  # type: ignore[misc]
    """How a goal ends, with the learner's closing words."""

    how = Radio(
        _l("What do you want to do?"),
        [
            SelectChoice(str(How.REACHED), _l("I reached it")),
            SelectChoice(str(How.CARRIED_ON), _l("Go on with a next goal")),
            SelectChoice(str(How.CLOSED), _l("Close it and keep what I learned")),
        ],
    )
    words = TextBlock(_l("What did you learn? One sentence is enough."), limit=1000)


def reason_of(form: Any) -> Reason:
    """Return the reason that a form names."""
    kind = _member(ChangeReason, form.reason.data) or ChangeReason.OTHER
    return Reason(kind, form.reason_words.data or "")


def show(form: Any, error: WrongInput) -> None:
    """Put what is wrong beside the field that it is about."""
    names = (error.field, {"value": "step", "step": "value"}.get(error.field, ""))
    field = next((form[name] for name in names if name in form), None)
    if field is None:
        form.form_errors.append(str(error.message))
    else:
        field.errors = [str(error.message)]
