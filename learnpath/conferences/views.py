"""A learner's conferences: the list, the plan, one conference, and the teacher's part before it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.conferences import (
    answer,
    choose_views,
    family_goal_views,
    family_views,
    goals_shown,
    overview,
    plan,
    prepare_views,
    present_views,
    queries,
    summary_views,
    window_views,
)
from learnpath.conferences.answer import Answer
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.forms import AnswerForm, LookBackForm, WhenForm
from learnpath.conferences.models import Conference, View
from learnpath.conferences.plan import When
from learnpath.errors import WrongInput
from learnpath.people.models import Hat, Person
from learnpath.profiles.queries import cited_for, reads_hard_words
from learnpath.profiles.visible import Reader
from learnpath.school.queries import calendar_of
from learnpath.web import current
from learnpath.web.rules import fetch, may

__all__ = [
    "choose_views", "conferences", "family_goal_views", "family_views", "prepare_views", "present_views",
    "summary_views", "window_views",
]  # fmt: skip


@conferences.get("/learners/<id:learner_id>/conferences", endpoint="list")
@may(Can.READ_CONFERENCES)
def list_page(learner_id: int) -> ResponseReturnValue:
    learner, _by = fetch(Person, learner_id)
    session, here = current.session(), ZoneInfo(current.actor().zone)
    rows = queries.list_of(session, learner_id)
    calendar = calendar_of(session, learner.school_id)
    years = queries.through_the_years(rows, calendar, here)
    return render_template("conferences/list.html", learner=learner, rows=rows, years=years)


@conferences.get("/learners/<id:learner_id>/conferences/new")
@may(Can.PLAN_CONFERENCE)
def plan_page(learner_id: int) -> ResponseReturnValue:
    learner, _by = fetch(Person, learner_id)
    return render_template("conferences/plan.html", learner=learner, form=WhenForm())


@conferences.post("/learners/<id:learner_id>/conferences/new")
@may(Can.PLAN_CONFERENCE)
def plan_send(learner_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    form = WhenForm()
    if form.validate_on_submit():
        try:
            made = plan.plan_conference(current.session(), by, learner, _when(form), clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("The conference is planned."))
            return redirect(url_for("conferences.page", conference_id=made.id), 303)
    return render_template("conferences/plan.html", learner=learner, form=form), 422


@conferences.get("/conferences/<id:conference_id>")
@may(Can.READ_CONFERENCE)
def page(conference_id: int) -> ResponseReturnValue:
    conference, _by = fetch(Conference, conference_id)
    return _conference_page(conference, clock.now())


def _conference_page(conference: Conference, now: datetime) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    is_learner = actor.hat is Hat.LEARNER
    reader = Reader.of(actor, calendar_of(session, conference.school_id))
    when, learner_id = conference.starts_at, conference.learner_id
    return render_template(
        "conferences/page.html",
        conference=conference,
        lines=cited_for(session, learner_id, conference.lines, when, reader),
        tells_hard=reads_hard_words(session, learner_id, when, reader),
        prepared=overview.prepared(session, conference),
        goals=goals_shown.titles_shown(session, conference),
        after=overview.after(session, conference, is_learner, now),
        called=overview.people_of(session, conference),
        guardians=[] if is_learner else overview.guardians_with_links(session, conference, now),
        look_form=LookBackForm(),
        is_learner=is_learner,
    )


@conferences.get("/conferences/<id:conference_id>/when")
@may(Can.PLAN_CONFERENCE)
def when_page(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    local = conference.starts_at.astimezone(ZoneInfo(by.zone))
    form = WhenForm(day=local.date(), at=local.time(), place=conference.place)
    return render_template("conferences/when.html", conference=conference, form=form)


@conferences.post("/conferences/<id:conference_id>/when")
@may(Can.PLAN_CONFERENCE)
def when_send(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    form = WhenForm()
    if form.validate_on_submit():
        try:
            plan.move_conference(current.session(), by, conference, _when(form), clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved."))
            return redirect(url_for("conferences.page", conference_id=conference_id), 303)
    return render_template("conferences/when.html", conference=conference, form=form), 422


@conferences.post("/conferences/<id:conference_id>/call-off")
@may(Can.PLAN_CONFERENCE)
def call_off(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    plan.call_off(current.session(), by, conference, clock.now())
    flash(_("The conference is called off. What was prepared is kept."))
    return redirect(url_for("conferences.list", learner_id=conference.learner_id), 303)


@conferences.get("/conferences/<id:conference_id>/answer")
@may(Can.ANSWER_CONFERENCE)
def answer_page(conference_id: int) -> ResponseReturnValue:
    conference, _by = fetch(Conference, conference_id)
    view = conference.teacher_view
    form = AnswerForm(
        seen=conference.teacher_number, words=conference.teacher_words,
        view=view.value if view else None, view_words=conference.teacher_view_words,
    )  # fmt: skip
    return _answer_page(conference, form)


@conferences.post("/conferences/<id:conference_id>/answer")
@may(Can.ANSWER_CONFERENCE)
def answer_send(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    form = AnswerForm()
    if form.validate_on_submit():
        said = Answer(
            form.words.data or "", View(form.view.data) if form.view.data else None,
            form.view_words.data or "",
        )  # fmt: skip
        try:
            answer.answer(current.session(), by, conference, said, form.seen_number, clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved."))
            return redirect(url_for("conferences.page", conference_id=conference_id), 303)
    body, status = _answer_page(conference, form), 422
    return body, status


def _answer_page(conference: Conference, form: AnswerForm) -> str:
    prepared = overview.prepared(current.session(), conference)
    return render_template(
        "conferences/answer.html", conference=conference, prepared=prepared, form=form
    )


def _when(form: WhenForm) -> When:
    day, at = form.day.data, form.at.data
    assert day is not None, "the form was checked"
    assert at is not None, "the form was checked"
    return When(day, at, form.place.data or "")
