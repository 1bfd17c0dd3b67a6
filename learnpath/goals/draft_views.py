"""Writing a goal: step by step or all at once, checked, sent, taken back, changed; and offered by a teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.goals import basis, begin, coach, draft, group, propose, states
from learnpath.goals.band import Growth, growth_for
from learnpath.goals.begin import Ended
from learnpath.goals.blueprint import goals
from learnpath.goals.forms import GoalForm, SendForm, goal_form, reason_of, show, typed
from learnpath.goals.models import Goal
from learnpath.goals.steps import (
    ALL,
    BY_KEY,
    CHECK,
    STEP_OF,
    STEPS,
    Step,
    fields_of,
    key_before,
    next_key,
    steps_for,
)
from learnpath.goals.views import back_to, calendar
from learnpath.outcomes import cited
from learnpath.outcomes.cited import Cited
from learnpath.people.models import Person
from learnpath.profiles.queries import Entry, entries_of
from learnpath.profiles.visible import Reader
from learnpath.record import By
from learnpath.school.queries import calendar_of
from learnpath.web import current
from learnpath.web.rules import fetch, may


def language() -> str:
    """Return the language in which the words of this request are written."""
    return str(get_locale() or "en")


@goals.route("/learners/<id:learner_id>/goals/new", methods=["GET", "POST"])
@may(Can.START_GOAL)
def new(learner_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    session = current.session()
    entries = begin.lines_to_begin_with(entries_of(session, learner_id, _reader()))
    earlier = begin.ended_goals(session, learner_id)
    if request.method == "GET":
        return render_template(
            "goals/new.html",
            learner=learner,
            steps=len(steps_for(learner.grade)) + 1,
            offered=group.offered_to(session, learner_id, current.actor().today),
            entries=entries,
            earlier=earlier,
            data=cited.to_choose(session, learner_id)[: begin.MOST_LINES],
        )
    goal = _begun(by, learner_id, entries, earlier)
    step = ALL if request.form.get("how") == ALL else steps_for(learner.grade)[0].key
    return redirect(url_for("goals.draft_step", goal_id=goal.id, step=step), 303)


def _begun(by: By, learner_id: int, entries: Sequence[Entry], earlier: Sequence[Ended]) -> Goal:
    """Begin a goal with what was chosen, which has to be one of the things that were offered; else empty."""
    session, now = current.session(), clock.now()
    line = next((one for one in entries if one.key == request.form.get("from_line")), None)
    if line is not None:
        return begin.from_line(session, by, learner_id, line, now)
    data = _data_to_begin_with(learner_id)
    if data is not None:
        return begin.from_data(session, by, learner_id, data, now)
    ended = next((one for one in earlier if str(one.id) == request.form.get("from_goal")), None)
    if ended is not None:
        return begin.from_goal(session, by, session.get_one(Goal, ended.id), now)
    return draft.start(session, by, learner_id, now)


def _data_to_begin_with(learner_id: int) -> Cited | None:
    """The value of the learner's data that was chosen, or the words about one; None when it is not there."""
    chosen = request.form.get("from_data")
    if not chosen:
        return None
    data = cited.one_of(current.session(), learner_id, chosen)
    if data is None:
        flash(_("That value is not here any more. You can begin without it."))
    return data


@goals.route("/goals/<id:goal_id>/draft/<step>", methods=["GET", "POST"])
@may(Can.WRITE_GOAL)
def draft_step(goal_id: int, step: str) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    if step not in {*BY_KEY, ALL, CHECK}:
        raise NotFound
    if goal.draft is None or goal.state in states.ENDED:
        return back_to(goal)
    if step == CHECK:
        return _check(goal, by)
    return _write(goal, step)


def _write(goal: Goal, key: str) -> ResponseReturnValue:
    """One step, or the whole goal on one page. What was typed is kept, whichever way one leaves."""
    session = current.session()
    entries = entries_of(session, goal.learner_id, _reader())
    fields = _fields(goal, key)
    data = _data(goal.learner_id, goal.draft or {}) if "rests_on" in fields or not fields else ()
    form = goal_form(goal.draft or {}, entries, current.actor().today, fields, data)
    if request.method == "GET":
        return _step_page(goal, key, form)
    goes_back = request.form.get("go") == "back"
    if not form.validate() and not goes_back:
        return _step_page(goal, key, form), 422
    draft.keep(session, goal, typed(form, entries, goal.draft or {}, data))
    return redirect(url_for("goals.draft_step", goal_id=goal.id, step=_goes_to(goal, key)), 303)


def _data(learner_id: int, said: Mapping[str, Any]) -> Sequence[Cited]:
    """What of the school data the goal can rest on: as the learner and the teachers see it."""
    return cited.to_choose(current.session(), learner_id, basis.chosen_in(said))


def _reader() -> Reader:
    actor = current.actor()
    return Reader.of(actor, calendar_of(current.session(), actor.school_id))


def _fields(goal: Goal, key: str) -> tuple[str, ...]:
    if key == ALL:
        return ()
    learner = current.session().get_one(Person, goal.learner_id)
    return fields_of(BY_KEY[key], goal.draft or {}, learner.younger)


def _goes_to(goal: Goal, key: str) -> str:
    steps = _steps_of(goal)
    if request.form.get("go") == "back":
        return key_before(steps, key) or key
    if request.form.get("go") == CHECK or request.args.get("from") == CHECK:
        return CHECK
    return next_key(steps, key)


def _steps_of(goal: Goal) -> tuple[Step, ...]:
    learner = current.session().get_one(Person, goal.learner_id)
    return steps_for(learner.grade)


def _step_page(goal: Goal, key: str, form: GoalForm) -> str:
    learner = current.session().get_one(Person, goal.learner_id)
    steps = steps_for(learner.grade)
    common = {"goal": goal, "form": form, "key": key, "learner": learner, "steps": steps}
    if key == ALL:
        return render_template("goals/write_all.html", all_steps=STEPS, **common)
    step = BY_KEY[key]
    return render_template(
        "goals/step.html",
        step=step,
        draft=goal.draft or {},
        title=step.title_for(learner.younger),
        at=[one.key for one in steps].index(key) + 1 if step in steps else None,
        count=len(steps) + 1,
        before=key_before(steps, key) if step in steps else None,
        from_check=request.args.get("from") == CHECK,
        growth=_growth(goal) if key == "target" else None,
        **common,
    )


def _growth(goal: Goal) -> Growth | None:
    """What the learner's teacher finds usual, as a help for how far to go."""
    session, today = current.session(), current.actor().today
    return growth_for(session, goal.learner_id, goal.draft or {}, today)


def _check(goal: Goal, by: Any) -> ResponseReturnValue:
    """Check your goal: everything read back, the coach's questions, and the button that sends it."""
    form = SendForm()
    if request.method == "GET":
        return _check_page(goal, form)
    reason = reason_of(form) if goal.agreed_number is not None or form.reason.data else None
    try:
        propose.send(
            current.session(), by, goal, current.actor().today, clock.now(),
            reason=reason, language=language(),
        )  # fmt: skip
    except WrongInput as error:
        return _check_page(goal, form, error), 422
    flash(_("Sent. Your teacher has it."))
    return back_to(goal)


def _check_page(goal: Goal, form: SendForm, error: WrongInput | None = None) -> str:
    session, actor, here = current.session(), current.actor(), calendar()
    learner = session.get_one(Person, goal.learner_id)
    said = goal.draft or {}
    preview, missing = None, error
    try:
        preview = propose.preview(goal, said, actor.today)
    except WrongInput as problem:
        missing = missing or problem
    return render_template(
        "goals/check.html",
        goal=goal,
        learner=learner,
        steps=steps_for(learner.grade),
        draft=said,
        preview=preview,
        rests_on=basis.typed_ones(session, goal.learner_id, said),
        missing=missing,
        missing_step=STEP_OF.get(missing.field, "what") if missing else None,
        tried=error is not None,
        coaching=coach.coach(session, goal.learner_id, goal.id, said, here, actor.today),
        form=form,
    )


@goals.post("/goals/<id:goal_id>/take-back")
@may(Can.WRITE_GOAL)
def take_back(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    propose.take_back(current.session(), by, goal, clock.now())
    return redirect(url_for("goals.draft_step", goal_id=goal.id, step=CHECK), 303)


@goals.post("/goals/<id:goal_id>/change")
@may(Can.WRITE_GOAL)
def change(goal_id: int) -> ResponseReturnValue:
    goal, _by = fetch(Goal, goal_id)
    draft.take_up(current.session(), goal)
    return redirect(url_for("goals.draft_step", goal_id=goal.id, step=CHECK), 303)


@goals.post("/goals/<id:goal_id>/draft/drop")
@may(Can.WRITE_GOAL)
def drop(goal_id: int) -> ResponseReturnValue:
    goal, _by = fetch(Goal, goal_id)
    draft.drop(current.session(), goal)
    flash(_("Your goal stays as it was."))
    return back_to(goal)


@goals.route("/learners/<id:learner_id>/goals/offer", methods=["GET", "POST"])
@may(Can.OFFER_GOAL)
def offer(learner_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    session, today = current.session(), current.actor().today
    entries = entries_of(session, learner_id, _reader())
    data = _data(learner_id, {})
    form = goal_form({}, entries, today, data=data)
    if request.method == "GET":
        return render_template("goals/offer.html", learner=learner, form=form, all_steps=STEPS)
    if form.validate():
        said = typed(form, entries, {}, data)
        try:
            goal = propose.offer(
                session, by, learner_id, said, today, clock.now(), language=language()
            )
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Sent to %(name)s, who decides.", name=learner.called))
            return back_to(goal)
    return render_template("goals/offer.html", learner=learner, form=form, all_steps=STEPS), 422
