"""The learner prepares: one page for each thing, and a list that says what is there."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from learnpath import clock
from learnpath.access import Can
from learnpath.conferences import overview, prepare
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.forms import (
    GoalsForm,
    GuessForm,
    HardForm,
    LinesForm,
    SeenForm,
    WordsForm,
    WorkForm,
)
from learnpath.conferences.goals_shown import STILL_TALKING
from learnpath.conferences.models import LONGEST_TEXT, Conference
from learnpath.conferences.prepare import Hard, Line, Piece
from learnpath.errors import NotFound, WrongInput
from learnpath.goals.models import GoalState
from learnpath.goals.queries import goals_of
from learnpath.people.models import Person
from learnpath.profiles.queries import block_title, entries_of
from learnpath.profiles.visible import Reader
from learnpath.school.queries import calendar_of
from learnpath.web import current
from learnpath.web.fields import clean
from learnpath.web.rules import fetch, may

GONE = frozenset({GoalState.CLOSED})


@conferences.get("/conferences/<id:conference_id>/prepare", endpoint="prepare")
@may(Can.PREPARE_CONFERENCE)
def prepare_page(conference_id: int) -> ResponseReturnValue:
    conference, _by = fetch(Conference, conference_id)
    return render_template(
        "conferences/prepare.html",
        conference=conference,
        prepared=overview.prepared(current.session(), conference),
    )


@conferences.post("/conferences/<id:conference_id>/prepare/order")
@may(Can.PREPARE_CONFERENCE)
def order(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    key, up = request.form.get("card", ""), request.form.get("way") == "up"
    prepare.move_card(current.session(), by, conference, key, up, clock.now())
    return redirect(
        url_for("conferences.prepare", conference_id=conference_id, _anchor=f"card-{key}"), 303
    )


@conferences.post("/conferences/<id:conference_id>/prepare/ready")
@may(Can.PREPARE_CONFERENCE)
def ready(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    missing = overview.prepared(current.session(), conference).missing
    prepare.say_ready(current.session(), by, conference, missing, clock.now())
    flash(_("You are ready. Your teacher can see it."))
    return redirect(url_for("conferences.page", conference_id=conference_id), 303)


# -- what to show -----------------------------------------------------------------------------------


@conferences.route("/conferences/<id:conference_id>/prepare/lines", methods=["GET", "POST"])
@may(Can.PREPARE_CONFERENCE)
def prepare_lines(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    offered = _offered_lines(conference)
    chosen = [line["key"] for line in conference.lines]
    form = LinesForm(seen=conference.number, lines=chosen)
    form.lines.choices = [SelectChoice(line.key, line.text) for line in offered]

    def save() -> None:
        prepare.choose_lines(
            current.session(), by, conference, offered, form.lines.data or [], form.seen_number,
            clock.now(),
        )  # fmt: skip

    return _part(conference, "lines", form, save, offered=offered, title_of=block_title)


def _offered_lines(conference: Conference) -> list[Line]:
    """Return the profile's lines, after those that were chosen and have changed in the profile since."""
    current_lines = [
        Line(entry.key, entry.block, entry.text)
        for entry in entries_of(current.session(), conference.learner_id, _reader(conference))
    ]
    keys = {line.key for line in current_lines}
    kept = [
        Line(line["key"], line["block"], line["text"])
        for line in conference.lines
        if line["key"] not in keys
    ]
    return [*kept, *current_lines]


def _reader(conference: Conference) -> Reader:
    return Reader.of(current.actor(), calendar_of(current.session(), conference.school_id))


@conferences.route("/conferences/<id:conference_id>/prepare/goals", methods=["GET", "POST"])
@may(Can.PREPARE_CONFERENCE)
def prepare_goals(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    session = current.session()
    calendar = calendar_of(session, conference.school_id)
    offered = [
        line
        for line in goals_of(session, conference.learner_id, calendar, current.actor().today)
        if line.state not in GONE
    ]
    form = GoalsForm(
        seen=conference.number, goals=conference.goal_ids,
        none_to_show=conference.no_goal_to_show,
    )  # fmt: skip
    form.goals.choices = [
        SelectChoice(str(line.id), _titled(line.title, line.state in STILL_TALKING))
        for line in offered
    ]

    def save() -> None:
        prepare.choose_goals(
            session, by, conference, [line.id for line in offered], form.goals.data or [],
            form.none_to_show.data, form.seen_number, clock.now(),
        )  # fmt: skip

    return _part(conference, "goals", form, save, offered=offered)


def _titled(title: str, talking: bool) -> str:
    if not talking:
        return title
    return str(_("%(goal)s (we are still talking about this one)", goal=title))


# -- words -------------------------------------------------------------------------------------------


@conferences.route("/conferences/<id:conference_id>/prepare/hard", methods=["GET", "POST"])
@may(Can.PREPARE_CONFERENCE)
def prepare_hard(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    form = HardForm(
        seen=conference.number, what=conference.hard_what, tried=conference.hard_tried,
        need=conference.hard_need,
    )  # fmt: skip

    def save() -> None:
        hard = Hard(form.what.data or "", form.tried.data or "", form.need.data or "")
        prepare.say_hard(current.session(), by, conference, hard, form.seen_number, clock.now())

    return _part(conference, "hard", form, save)


@conferences.route("/conferences/<id:conference_id>/prepare/words", methods=["GET", "POST"])
@may(Can.PREPARE_CONFERENCE)
def prepare_words(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    form = WordsForm(seen=conference.number, words=conference.own_words)

    def save() -> None:
        prepare.say_words(
            current.session(), by, conference, form.words.data or "", form.seen_number, clock.now()
        )

    return _part(conference, "words", form, save)


@conferences.route("/conferences/<id:conference_id>/prepare/guess", methods=["GET", "POST"])
@may(Can.PREPARE_CONFERENCE)
def prepare_guess(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    form = GuessForm(seen=conference.number, words=conference.teacher_would_say)

    def save() -> None:
        prepare.guess(
            current.session(), by, conference, form.words.data or "", form.seen_number, clock.now()
        )

    return _part(conference, "guess", form, save)


# -- work ---------------------------------------------------------------------------------------------


@conferences.route("/conferences/<id:conference_id>/prepare/work", methods=["GET", "POST"])
@may(Can.PREPARE_CONFERENCE)
def prepare_work(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    form = WorkForm(seen=conference.number)

    def save() -> None:
        prepare.add_work(current.session(), by, conference, _piece(form), clock.now())

    return _part(conference, "work", form, save, stay=True)


@conferences.route(
    "/conferences/<id:conference_id>/prepare/work/<id:work_id>", methods=["GET", "POST"]
)
@may(Can.PREPARE_CONFERENCE)
def change_work(conference_id: int, work_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    pieces = {piece.id: piece for piece in prepare.work_of(current.session(), conference_id)}
    if work_id not in pieces:
        raise NotFound
    form = WorkForm(obj=pieces[work_id], seen=conference.number)

    def save() -> None:
        prepare.change_work(
            current.session(), by, conference, work_id, _piece(form), form.seen_number, clock.now()
        )

    return _part(conference, "work", form, save, changing=work_id)


@conferences.post("/conferences/<id:conference_id>/prepare/work/<id:work_id>/remove")
@may(Can.PREPARE_CONFERENCE)
def remove_work(conference_id: int, work_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    prepare.remove_work(current.session(), by, conference, work_id, clock.now())
    return redirect(url_for("conferences.prepare_work", conference_id=conference_id), 303)


def _piece(form: WorkForm) -> Piece:
    return Piece(form.title.data or "", form.did.data or "", form.shows.data or "")


# -- rehearsing -----------------------------------------------------------------------------------------


@conferences.post("/conferences/<id:conference_id>/prepare/notes")
@may(Can.PREPARE_CONFERENCE)
def notes(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    typed = {
        name.removeprefix("note_"): clean(text)[:LONGEST_TEXT]
        for name, text in request.form.items()
        if name.startswith("note_")
    }
    prepare.note(current.session(), by, conference, typed, clock.now())
    if request.form.get("done"):
        prepare.rehearsed(current.session(), by, conference, clock.now())
    flash(_("Saved."))
    return redirect(url_for("conferences.prepare", conference_id=conference_id), 303)


# -- one shape for all parts -----------------------------------------------------------------------------


def _part(
    conference: Conference,
    part: str,
    form: SeenForm,
    save: Callable[[], None],
    stay: bool = False,
    **more: object,
) -> ResponseReturnValue:
    """Show a part of the preparation, or save it and go back to the list."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                save()
            except WrongInput as error:
                form[error.field].errors = [str(error.message)]
            else:
                flash(_("Saved."))
                to = "conferences.prepare_work" if stay else "conferences.prepare"
                return redirect(url_for(to, conference_id=conference.id), 303)
    prepared = overview.prepared(current.session(), conference)
    learner: Person = prepared.learner
    body = render_template(
        f"conferences/prepare_{part}.html",
        conference=conference, prepared=prepared, learner=learner, form=form, **more,
    )  # fmt: skip
    return body, status
