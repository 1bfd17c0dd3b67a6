"""Goals on the web: the list, a goal's page, signing, sharing and ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import WrongInput
from learnpath.goals import close, coach, cosign, parts, states
from learnpath.goals.blueprint import goals
from learnpath.goals.close import How
from learnpath.goals.forms import CloseForm, show
from learnpath.goals.models import Goal, GoalState
from learnpath.goals.page import GoalPage, page_of
from learnpath.goals.queries import goals_of, waiting_for_teacher
from learnpath.goals.talk_forms import SayForm, SignForm, TalkForm
from learnpath.people.models import Hat, Person
from learnpath.profiles.queries import cited_for
from learnpath.profiles.visible import Reader
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.queries import calendar_of
from learnpath.web import current
from learnpath.web.back import own_path
from learnpath.web.rules import fetch, may, signed_in

__all__ = ["goals"]


def calendar() -> SchoolCalendar:
    """Return the calendar of the reader's school."""
    return calendar_of(current.session(), current.actor().school_id)


@goals.get("/learners/<id:learner_id>/goals", endpoint="list")
@may(Can.READ_GOALS)
def goal_list(learner_id: int) -> ResponseReturnValue:
    learner, _by = fetch(Person, learner_id)
    actor = current.actor()
    lines = goals_of(current.session(), learner_id, calendar(), actor.today)
    if actor.hat is Hat.FAMILY:
        lines = [line for line in lines if line.shared_with_family]
    return render_template("goals/list.html", learner=learner, lines=lines)


@goals.get("/goals/<id:goal_id>")
@may(Can.READ_GOAL)
def page(goal_id: int) -> ResponseReturnValue:
    goal, _by = fetch(Goal, goal_id)
    return goal_page(goal)


def goal_page(goal: Goal, **forms: Any) -> str:
    """Return the page of a goal; a form that was not right comes back with its words."""
    session, actor, here = current.session(), current.actor(), calendar()
    shown = page_of(session, goal, here, actor.today, actor.hat)
    common = {
        "say_form": SayForm(formdata=None),
        "talk_form": TalkForm(formdata=None),
    }
    asked = coach.coach_plain({}, here, actor.today)
    if shown.newest is not None and actor.hat is Hat.TEACHER and goal.state in states.IN_TALKS:
        typed = parts.as_draft(shown.newest)
        asked = coach.coach(session, goal.learner_id, goal.id, typed, here, actor.today)
    return render_template(
        "goals/page.html",
        shown=shown,
        goal=goal,
        cited=_cited(shown, Reader.of(actor, here)),
        reader=actor.hat.value,
        hints=asked.hints if goal.state in states.IN_TALKS else (),
        letters=asked.letters,
        today=actor.today,
        undo_signature=_may_undo(shown, actor.person_id),
        undo_close=_may_reopen(goal),
        **(common | forms),
    )


def _cited(shown: GoalPage, reader: Reader) -> list[Mapping[str, str]]:
    """Return the profile lines that the goal builds on, as far as this reader may see them."""
    newest = shown.newest
    if newest is None:
        return []
    return cited_for(current.session(), shown.goal.learner_id, newest.builds_on, newest.at, reader)


def _may_undo(shown: GoalPage, person_id: int) -> bool:
    """Whether the reader signed a moment ago, and can take it back."""
    mine = shown.signed_at(person_id)
    return mine is not None and clock.now() - mine <= cosign.UNDO_WITHIN


def _may_reopen(goal: Goal) -> bool:
    ended = goal.ended_at
    return (
        ended is not None
        and goal.state in (GoalState.REACHED, GoalState.CLOSED)
        and goal.agreed_number == goal.newest_number
        and clock.now() - ended <= cosign.UNDO_WITHIN
    )


def back_to(goal: Goal, anchor: str | None = None) -> ResponseReturnValue:
    """Return to the goal's page."""
    return redirect(url_for("goals.page", goal_id=goal.id, _anchor=anchor), 303)


# -- signing ---------------------------------------------------------------------------------------


@goals.get("/goals/to-sign")
@signed_in(Hat.TEACHER)
def to_sign() -> ResponseReturnValue:
    session, actor, here = current.session(), current.actor(), calendar()
    waiting = waiting_for_teacher(session, actor)
    asked = {
        one.goal_id: coach.coach_plain(parts.as_draft(one.version), here, actor.today)
        for one in waiting
    }
    return render_template("goals/to_sign.html", waiting=waiting, asked=asked)


@goals.post("/goals/<id:goal_id>/sign")
@may(Can.SIGN_GOAL)
def sign(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    form = SignForm()
    cosign.sign(current.session(), by, goal, form.sha256.data or "", clock.now())
    agreed = goal.state is GoalState.AGREED
    flash(
        _("Both of you said yes. The goal is agreed.")
        if agreed
        else _("You said yes to this goal.")
    )
    target = own_path(form.next.data)
    return redirect(target, 303) if target else back_to(goal)


@goals.post("/goals/<id:goal_id>/sign/undo")
@may(Can.SIGN_GOAL)
def undo_signature(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    cosign.withdraw(current.session(), by, goal, clock.now())
    flash(_("Your yes is taken back. Nothing else changed."))
    return back_to(goal)


# -- sharing and ending ----------------------------------------------------------------------------


@goals.post("/goals/<id:goal_id>/share")
@may(Can.WRITE_GOAL)
def share(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    with_family = request.form.get("with_family") == "yes"
    close.share(current.session(), by, goal, with_family, clock.now())
    flash(
        _("Your family can see this goal now.")
        if with_family
        else _("Only you and your teachers see this goal.")
    )
    return back_to(goal, "sharing")


@goals.route("/goals/<id:goal_id>/close", methods=["GET", "POST"])
@may(Can.WRITE_GOAL)
def end(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    form = CloseForm(data={"how": How.CLOSED} if goal.agreed_number is None else None)
    if request.method == "GET":
        return _close_page(goal, form)
    if not form.validate():
        return _close_page(goal, form), 422
    if form.how.data not in set(How):
        form.how.errors = [_("Choose one.")]
        return _close_page(goal, form), 422
    try:
        following = close.close(
            current.session(), by, goal, How(form.how.data), form.words.data or "", clock.now()
        )
    except WrongInput as error:
        show(form, error)
        return _close_page(goal, form), 422
    if following is not None:
        return redirect(url_for("goals.draft_step", goal_id=following.id, step="check"), 303)
    return back_to(goal)


def _close_page(goal: Goal, form: CloseForm) -> str:
    actor = current.actor()
    shown = page_of(current.session(), goal, calendar(), actor.today, actor.hat)
    return render_template("goals/close.html", goal=goal, shown=shown, form=form)


@goals.post("/goals/<id:goal_id>/close/undo")
@may(Can.WRITE_GOAL)
def undo_close(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    close.reopen(current.session(), by, goal, clock.now())
    flash(_("Your goal is open again."))
    return back_to(goal)


from learnpath.goals import (  # noqa: E402, F401 - their pages
    band_views,
    check_in_views,
    draft_views,
    evidence_views,
    group_views,
    routine_views,
    talk_views,
)
