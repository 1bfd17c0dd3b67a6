"""The class routine: on one shared device the learners of a class check in, one after the other.

The teacher starts it and is signed out on that device by that. From then on it shows a page for badges. Who
comes in with badge and pictures sees one screen with this week's check-in, and can go nowhere else.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session as cookie, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from learnpath import clock
from learnpath.access import Can
from learnpath.db import open_session
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.goals import checkins, draft, states
from learnpath.goals.blueprint import goals
from learnpath.goals.check_in_views import check_in_form_for
from learnpath.goals.forms import CheckInForm, show
from learnpath.goals.models import Goal
from learnpath.goals.queries import goals_of
from learnpath.goals.views import calendar
from learnpath.people import devices, sign_in
from learnpath.people.models import Hat, SignIn
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.rules import fetch, may, public, signed_in

DEVICE = "device"
# Where a sign-in of a routine may go. What is not named here leads back to the check-in.
OPEN = frozenset({
    "goals.routine", "goals.routine_turn", "goals.routine_save", "goals.routine_done",
    "people.badge_page", "people.badge_send", "people.badge_pictures", "people.stay", "people.language",
    "people.sign_out", "static",
})  # fmt: skip


@goals.before_app_request
def stay_with_the_routine() -> ResponseReturnValue | None:
    """Keep a sign-in that began in a class routine at its check-in, and end it with the routine."""
    if request.endpoint in (None, "static"):
        return None
    someone = current.signed_in()
    if someone is None or someone.sign_in.device_id is None:
        return None
    if not _runs():
        return redirect(url_for("goals.routine"), 303) if request.endpoint not in OVER else None
    return None if request.endpoint in OPEN else redirect(url_for("goals.routine_turn"), 303)


OVER = frozenset({"goals.routine", "goals.routine_done", "people.sign_out", "people.language"})


def _runs() -> bool:
    # In a session of its own: the request's may be a writer, and a badge is looked at without its lock.
    with open_session(current.engine(), writing=False) as reading:
        return devices.standing(reading, cookie.get(DEVICE), clock.now()) is not None


# -- the teacher's side -----------------------------------------------------------------------------


@goals.get("/classes/<id:class_id>/routine")
@may(Can.RUN_CLASS)
def routine_for_class(class_id: int) -> ResponseReturnValue:
    school_class, _by = fetch(SchoolClass, class_id)
    running = devices.running(current.session(), class_id, clock.now())
    return render_template("goals/routine_start.html", school_class=school_class, running=running)


@goals.post("/classes/<id:class_id>/routine")
@may(Can.RUN_CLASS)
def routine_start(class_id: int) -> ResponseReturnValue:
    """Start it here: this device forgets its teacher before it meets the first learner."""
    _class, by = fetch(SchoolClass, class_id)
    session, now = current.session(), clock.now()
    token = devices.start(session, by, class_id, now)
    someone = current.signed_in()
    if someone:
        sign_in.sign_out(session, session.merge(someone.sign_in), now)
    _forget_everybody(token)
    response = redirect(url_for("goals.routine"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@goals.post("/classes/<id:class_id>/routine/end")
@may(Can.RUN_CLASS)
def routine_end(class_id: int) -> ResponseReturnValue:
    _class, by = fetch(SchoolClass, class_id)
    devices.end(current.session(), by, class_id, clock.now())
    flash(_("The class routine has ended on all devices."))
    return redirect(url_for("goals.routine_for_class", class_id=class_id), 303)


def _forget_everybody(token: str | None) -> None:
    """Leave nothing in the cookie but which device this is, and the language it speaks."""
    language = cookie.get("language")
    logout_user()
    cookie.clear()
    if token:
        cookie[DEVICE] = token
    if language:
        cookie["language"] = language


# -- the learners' side -----------------------------------------------------------------------------


@goals.get("/routine")
@public
def routine() -> ResponseReturnValue:
    """Who is next? Names nobody; when the routine is over, says so."""
    if not _runs():
        return render_template("goals/routine_over.html")
    return redirect(url_for("people.badge_page"), 303)


@goals.get("/routine/turn")
@signed_in(Hat.LEARNER)
def routine_turn() -> ResponseReturnValue:
    return _turn_page()


def _turn_page(goal_id: int | None = None, form: CheckInForm | None = None) -> str:
    """Return the one screen: the first goal without a word for this week, or that all is done."""
    actor = current.actor()
    lines = [
        line
        for line in goals_of(current.session(), actor.person_id, calendar(), actor.today)
        if line.takes_check_ins and line.week is not None
    ]
    waiting = [line for line in lines if line.id == goal_id or not line.checked_in_this_week]
    line = next((one for one in waiting if one.id == goal_id), waiting[0] if waiting else None)
    return render_template(
        "goals/routine_turn.html", lines=lines, line=line, more=len(waiting) - 1,
        form=form or (check_in_form_for(line) if line else None),
    )  # fmt: skip


@goals.post("/routine/goals/<id:goal_id>")
@may(Can.CHECK_IN)
def routine_save(goal_id: int) -> ResponseReturnValue:
    """Save this week's check-in by the same verb as everywhere, as the learner."""
    goal, by = fetch(Goal, goal_id)
    if current.actor().hat is not Hat.LEARNER or not states.takes_check_ins(goal):
        raise NotAllowedNow(_("You can check in when you both agree on the goal."))
    version = draft.version(current.session(), goal, goal.agreed_number or 0)
    form = _asked(CheckInForm())
    form.offer(version.measure, version.levels)
    if not form.validate():
        return _turn_page(goal_id, form), 422
    try:
        checkins.check_in(
            current.session(), by, goal, form.entry(), calendar(), current.actor().today,
            clock.now(), seen_id=form.seen(),
        )  # fmt: skip
    except WrongInput as error:
        show(form, error)
        return _turn_page(goal_id, form), 422
    flash(_("Saved."))
    return redirect(url_for("goals.routine_turn"), 303)


def _asked(form: CheckInForm) -> CheckInForm:
    """Return the form with what this page asks for; what else a check-in may say is said on its own page."""
    form.evidence.data, form.gap.data, form.wants_talk.data = "", None, False
    form.files.data = []
    return form


@goals.post("/routine/done")
@public
def routine_done() -> ResponseReturnValue:
    """Sign out and show the page for the next person; drafts of this one go too."""
    someone, session = current.signed_in(), current.session()
    if someone:
        row = session.get(SignIn, someone.sign_in.id)
        if row:
            sign_in.sign_out(session, row, clock.now())
    _forget_everybody(cookie.get(DEVICE))
    response = redirect(url_for("goals.routine"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
