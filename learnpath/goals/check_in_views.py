"""The weekly check-in, and what comes after it: reflecting, and another way to try."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.goals import checkins, draft, parts, reflect, states, wording
from learnpath.goals.blueprint import goals
from learnpath.goals.draft_views import language
from learnpath.goals.evidence_views import Given, files_given, most_bytes
from learnpath.goals.file_store import store_of
from learnpath.goals.forms import CheckInForm, ReflectForm, StrategyForm, reason_of, show
from learnpath.goals.models import CheckIn, Goal, GoalVersion
from learnpath.goals.page import page_of
from learnpath.goals.queries import GoalLine, standing_check_ins
from learnpath.goals.trend import Measure
from learnpath.goals.views import back_to, calendar
from learnpath.goals.wording import NOT_THIS_WEEK
from learnpath.goals.work_file import WorkFile
from learnpath.people.models import Hat
from learnpath.record import By
from learnpath.web import current
from learnpath.web.back import own_path
from learnpath.web.rules import fetch, may
from learnpath.web.uploads import takes_files

AWAY_WEEKS = 2


@goals.route("/goals/<id:goal_id>/check-in", methods=["GET", "POST"])
@takes_files(most_bytes=most_bytes)
@may(Can.CHECK_IN)
def check_in(goal_id: int) -> ResponseReturnValue:
    given = files_given(goal_id)
    goal, by = fetch(Goal, goal_id)
    if not states.takes_check_ins(goal):
        raise NotAllowedNow(_("You can check in when you both agree on the goal."))
    if request.method == "GET":
        return _check_in_page(goal, None)
    form = CheckInForm()
    form.offer(*_measure_of(goal))
    form.validate()
    form.files.errors = given.errors
    if form.errors:
        return _again(goal, form, given)
    try:
        row = _save(goal, by, form, given.files)
    except WrongInput as error:
        show(form, error)
        return _again(goal, form, given)
    flash(_saved(goal, row))
    target = own_path(request.form.get("next"))
    return redirect(target, 303) if target else back_to(goal, "after")


@goals.post("/goals/<id:goal_id>/tell-my-teacher")
@may(Can.WRITE_GOAL)
def tell_my_teacher(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    checkins.tell_my_teacher(current.session(), by, goal, clock.now(), language=language())
    flash(_("Your teacher will see it."))
    return back_to(goal, "after")


def _again(goal: Goal, form: CheckInForm, given: Given) -> ResponseReturnValue:
    """Show the form with all that was typed. Files do not come back with a form: that has to be said."""
    if given.files and not form.files.errors:
        form.files.errors = [_("Choose your file once more. It does not stay on the page.")]
    return _check_in_page(goal, form), 422


def _save(goal: Goal, by: By, form: CheckInForm, files: Sequence[WorkFile]) -> CheckIn:
    if current.actor().hat is Hat.TEACHER:
        by = by.deciding(form.decided())
    return checkins.check_in(
        current.session(), by, goal, form.entry(files), calendar(), current.actor().today,
        clock.now(), seen_id=form.seen(), store=store_of(current.settings()),
    )  # fmt: skip


def _saved(goal: Goal, row: CheckIn) -> str:
    if row.gap is not None:
        return str(_("Saved. No number this week, and that is fine."))
    version = draft.version(current.session(), goal, goal.agreed_number or 0)
    return str(_("Saved: %(value)s.", value=wording.week_value(version, row.value)))


def _measure_of(goal: Goal) -> tuple[Measure, list[str]]:
    version = draft.version(current.session(), goal, goal.agreed_number or 0)
    return version.measure, version.levels


def _check_in_page(goal: Goal, form: CheckInForm | None) -> str:
    here, today = calendar(), current.actor().today
    version = draft.version(current.session(), goal, goal.agreed_number or 0)
    weeks = checkins.weeks_open(version, here, today)
    rows = {
        row.week: row for row in standing_check_ins(current.session(), [goal.key]).get(goal.key, [])
    }
    week = _week_asked(weeks, rows.keys(), form)
    row = rows.get(week) if week else None
    return render_template(
        "goals/check_in.html",
        goal=goal,
        version=version,
        week=week,
        row=row,
        weeks=[(one, rows.get(one), checkins.is_late(one, today)) for one in weeks],
        late=week is not None and checkins.is_late(week, today),
        last=_last(rows.values(), week),
        been_away=_been_away(rows, weeks),
        form=form or _form_for(version, week, row),
        teacher=current.actor().hat is Hat.TEACHER,
    )


def _week_asked(
    weeks: tuple[date, ...], told: Collection[date], form: CheckInForm | None
) -> date | None:
    """The week in the address or in the form, when the goal has it; else the one that is open."""
    text = (form.week.data if form else None) or request.args.get("week") or ""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = None
    return asked if asked in weeks else checkins.week_asked(weeks, told, current.actor().today)


def _been_away(rows: Mapping[date, CheckIn], weeks: Sequence[date]) -> bool:
    """Whether at least two whole school weeks before this one have no word: a warm welcome back."""
    before = weeks[1 : 1 + AWAY_WEEKS]
    return bool(rows) and len(before) == AWAY_WEEKS and not rows.keys() & {weeks[0], *before}


def _last(rows: Any, week: date | None) -> CheckIn | None:
    told = [row for row in rows if row.value is not None and (week is None or row.week < week)]
    return max(told, key=lambda row: row.week, default=None)


def _form_for(version: GoalVersion, week: date | None, row: CheckIn | None) -> CheckInForm:
    form = CheckInForm(
        formdata=None,
        week=week.isoformat() if week else "",
        seen_id=str(row.id) if row else "",
        value=parts.as_typed(row.value) if row else "",
        feel=_feel_of(row),
        gap=str(row.gap) if row and row.gap else None,
        line=row.line if row else "",
        decided_by=str(row.decided_by) if row else "learner",
    )
    form.offer(version.measure, version.levels)
    return form


def _feel_of(row: CheckIn | None) -> str | None:
    if row is None:
        return None
    return NOT_THIS_WEEK if row.gap else (str(row.feel) if row.feel else None)


@goals.app_template_global()
def check_in_form_for(line: GoalLine) -> CheckInForm:
    """Return this week's form for a goal in a list, as it stands on a learner's first page."""
    form = CheckInForm(
        formdata=None, week=line.week.isoformat() if line.week else "",
        seen_id=str(line.this_week_id or ""),
    )  # fmt: skip
    form.offer(line.measure, line.levels)
    return form


# -- thinking about it -----------------------------------------------------------------------------


@goals.route("/goals/<id:goal_id>/reflect", methods=["GET", "POST"])
@may(Can.WRITE_GOAL)
def reflect_on(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    form = ReflectForm(data={"prompt": request.args.get("prompt") or None})
    if request.method == "POST" and form.validate():
        if form.prompt.data not in wording.PROMPTS:
            form.prompt.errors = [_("Choose a question.")]
        else:
            try:
                reflect.reflect(
                    current.session(), by, goal, form.prompt.data, form.text.data or "",
                    clock.now(), language=language(),
                )  # fmt: skip
            except WrongInput as error:
                show(form, error)
            else:
                flash(_("Saved. Your words are on your goal's page."))
                return back_to(goal, "reflections")
    status = 422 if request.method == "POST" else 200
    return _think_page("goals/reflect.html", goal, form), status


@goals.route("/goals/<id:goal_id>/strategy", methods=["GET", "POST"])
@may(Can.WRITE_GOAL)
def strategy(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    form = StrategyForm()
    if request.method == "POST" and form.validate():
        try:
            reflect.change_strategy(
                current.session(), by, goal, form.text.data or "", reason_of(form), calendar(),
                current.actor().today, clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Saved. Your chart shows the week of your new plan."))
            return back_to(goal, "plan")
    status = 422 if request.method == "POST" else 200
    return _think_page("goals/strategy.html", goal, form), status


def _think_page(template: str, goal: Goal, form: Any) -> str:
    if goal.agreed_number is None:
        raise NotAllowedNow(_("You can do this when you both agree on the goal."))
    actor = current.actor()
    shown = page_of(current.session(), goal, calendar(), actor.today, actor.hat)
    return render_template(template, goal=goal, shown=shown, form=form)
