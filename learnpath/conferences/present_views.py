"""The running conference: one page with all cards, which keeps what happens as it happens."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from werkzeug.datastructures import MultiDict

from learnpath import clock
from learnpath.access import Can
from learnpath.conferences import overview, present
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.both import both, both_blocks, both_texts
from learnpath.conferences.cards import family_questions, templates
from learnpath.conferences.forms import live_from
from learnpath.conferences.goals_shown import ShownGoal, goals_shown
from learnpath.conferences.models import Conference, ConferenceState
from learnpath.conferences.present_words import WORDS
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Language
from learnpath.school.queries import calendar_of, guardians_of
from learnpath.web import current
from learnpath.web.rules import fetch, may

PROMISE_LASTS = timedelta(weeks=2)


@conferences.get("/conferences/<id:conference_id>/present", endpoint="present")
@may(Can.PRESENT_CONFERENCE)
def present_page(conference_id: int) -> ResponseReturnValue:
    conference, _by = fetch(Conference, conference_id)
    if conference.state is not ConferenceState.UNDER_WAY:
        return redirect(url_for("conferences.page", conference_id=conference_id), 303)
    return _cards(conference, rehearsing=False)


@conferences.get("/conferences/<id:conference_id>/rehearse")
@may(Can.PREPARE_CONFERENCE)
def rehearse(conference_id: int) -> ResponseReturnValue:
    conference, _by = fetch(Conference, conference_id)
    return _cards(conference, rehearsing=True)


@conferences.post("/conferences/<id:conference_id>/begin")
@may(Can.PRESENT_CONFERENCE)
def begin(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    present.begin(current.session(), by, conference, clock.now())
    return redirect(url_for("conferences.present", conference_id=conference_id), 303)


@conferences.post("/conferences/<id:conference_id>/present")
@may(Can.PRESENT_CONFERENCE)
def keep(conference_id: int) -> ResponseReturnValue:
    conference, _by = fetch(Conference, conference_id)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        _keep(conference)
    except NotAllowedNow:
        if by_script:
            return jsonify(kept=False), 410
        raise
    except WrongInput as error:
        if by_script:
            return jsonify(field=error.field, message=str(error.message)), 422
        body = _cards(conference, typed=request.form, wrong=error)
        return body, 422
    if by_script:
        return jsonify(kept=True)
    flash(_("Saved."))
    return redirect(url_for("conferences.present", conference_id=conference_id), 303)


@conferences.post("/conferences/<id:conference_id>/another-day")
@may(Can.PRESENT_CONFERENCE)
def another_day(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    try:
        if conference.begun_at is not None:
            _keep(conference)
    except WrongInput as error:
        return _cards(conference, typed=request.form, wrong=error), 422
    present.another_day(current.session(), by, conference, clock.now())
    flash(_("Everything is kept. We will finish on another day."))
    return redirect(url_for("conferences.page", conference_id=conference_id), 303)


@conferences.post("/conferences/<id:conference_id>/finish")
@may(Can.PRESENT_CONFERENCE)
def finish(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    try:
        _keep(conference)
        made = present.finish(current.session(), by, conference, clock.now())
    except WrongInput as error:
        return _cards(conference, typed=request.form, wrong=error), 422
    return redirect(url_for("conferences.summary", summary_id=made.id), 303)


def _keep(conference: Conference) -> None:
    keys = [card.key for card in templates()[conference.template].cards]
    live = live_from(request.form, keys)
    present.keep(current.session(), conference, live, current.actor().today)


def _cards(
    conference: Conference, *, rehearsing: bool = False,
    typed: MultiDict[str, str] | None = None, wrong: WrongInput | None = None,
) -> str:  # fmt: skip
    session, actor = current.session(), current.actor()
    calendar = calendar_of(session, conference.school_id)
    people = overview.persons_of(session, conference)
    prepared = overview.prepared(session, conference)
    goals = goals_shown(session, conference, prepared.learner, calendar, actor.today)
    promises = present.promises_of(session, conference.id or 0)
    return render_template(
        "conferences/present.html",
        conference=conference,
        prepared=prepared,
        titles={shown.card.key: both_texts(shown.card.titles) for shown in prepared.cards},
        goals=[(goal, _in_both(goal)) for goal in goals],
        promises={promise.by_relation.value: promise for promise in promises},
        guardians=guardians_of(session, conference.learner_id, actor.today),
        called={person_id: person.called for person_id, person in people.items()},
        questions={language: family_questions(language) for language in Language},
        until=actor.today + PROMISE_LASTS,
        w={key: both(text.__str__) for key, text in WORDS.items()},
        minutes_words=_minutes,
        typed=typed,
        wrong=wrong,
        rehearsing=rehearsing,
    )


def _in_both(goal: ShownGoal) -> str:
    return both_blocks(
        lambda: render_template("conferences/_shown_goal.html", progress=goal.progress)
    )


def _minutes(minutes: int) -> str:
    return both(
        lambda: ngettext(
            "About %(num)s minute for this part", "About %(num)s minutes for this part", minutes
        )
    )
