"""The first page of each person, and a teacher's one page about a learner."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _
from werkzeug.exceptions import BadRequest

from learnpath import clock
from learnpath.access import Can
from learnpath.people.models import Hat, Person
from learnpath.people.signed_in import SignedIn
from learnpath.school.queries import calendar_of
from learnpath.today import snooze
from learnpath.today.class_table import Order
from learnpath.today.learner_home import learner_home
from learnpath.today.learner_page import learner_page
from learnpath.today.models import Settled
from learnpath.today.other_homes import administrator_home, family_home, leader_home
from learnpath.today.reasons import Why
from learnpath.today.teacher_home import teacher_home
from learnpath.web import current
from learnpath.web.rules import fetch, may, signed_in

today = Blueprint("today", __name__)


@today.get("/")
@signed_in()
def home() -> ResponseReturnValue:
    """Show what the signed-in person, under the present hat, may want to do now."""
    someone = current.signed_in()
    assert someone is not None
    return _HOMES[someone.actor.hat](someone)


def _learner(someone: SignedIn) -> str:
    session, actor = current.session(), someone.actor
    calendar = calendar_of(session, actor.school_id)
    shown = learner_home(session, someone.person, actor, calendar, clock.now())
    return render_template("today/learner.html", home=shown)


def _teacher(someone: SignedIn) -> str:
    session, actor = current.session(), someone.actor
    calendar = calendar_of(session, actor.school_id)
    asked = request.args.get("order", "")
    order = Order(asked) if asked in set(Order) else Order.NAME
    shown = teacher_home(session, actor, calendar, clock.now(), order)
    return render_template("today/teacher.html", home=shown)


def _family(someone: SignedIn) -> str:
    children = family_home(current.session(), someone.actor)
    return render_template("today/family.html", children=children)


def _leader(someone: SignedIn) -> str:
    session, actor = current.session(), someone.actor
    calendar = calendar_of(session, actor.school_id)
    shown = leader_home(session, actor, calendar, clock.now())
    return render_template("today/leader.html", home=shown)


def _administrator(someone: SignedIn) -> str:
    shown = administrator_home(current.session(), someone.actor)
    return render_template("today/administrator.html", home=shown)


_HOMES = {
    Hat.LEARNER: _learner,
    Hat.TEACHER: _teacher,
    Hat.FAMILY: _family,
    Hat.LEADER: _leader,
    Hat.ADMINISTRATOR: _administrator,
}


@today.post("/learners/<id:learner_id>/settle")
@may(Can.READ_LEARNER)
def settle(learner_id: int) -> ResponseReturnValue:
    """Note a talk, or leave a name out until next week."""
    person, by = fetch(Person, learner_id)
    why, settled = request.form.get("why", ""), request.form.get("settled", "")
    if why not in set(Why) or settled not in set(Settled):
        raise BadRequest
    here = current.actor().today
    snooze.settle(current.session(), by, person, Why(why), Settled(settled), here, clock.now())
    noted = settled == Settled.TALK_NOTED
    flash(
        _("Your talk with %(name)s is noted.", name=person.called)
        if noted
        else _("%(name)s comes back next week, if there is still a reason.", name=person.called)
    )
    return redirect(url_for("today.home", _anchor="see"), 303)


@today.post("/learners/<id:learner_id>/settle/back")
@may(Can.READ_LEARNER)
def show_again(learner_id: int) -> ResponseReturnValue:
    """Name a learner again."""
    person, by = fetch(Person, learner_id)
    snooze.show_again(current.session(), by, person, current.actor().today)
    return redirect(url_for("today.home", _anchor="see"), 303)


@today.get("/learners/<id:learner_id>")
@may(Can.READ_LEARNER)
def learner(learner_id: int) -> ResponseReturnValue:
    """Show one learner on one screen, to be read before a talk."""
    person, _by = fetch(Person, learner_id)
    session, actor = current.session(), current.actor()
    calendar = calendar_of(session, actor.school_id)
    shown = learner_page(session, person, actor, calendar, clock.now(), str(get_locale()))
    return render_template("today/learner_page.html", shown=shown)
