"""Who is leading, on the web."""

from __future__ import annotations

import json
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _
from sqlmodel import col, select

from learnpath import clock
from learnpath.access import Can, allowed
from learnpath.continuum import drawing, practice_views, queries, take_along
from learnpath.continuum.columns import Column
from learnpath.continuum.counts import CELLS, together
from learnpath.continuum.driver_model import Thread, driver_model
from learnpath.continuum.family_page import family_page
from learnpath.continuum.forms import AnswerForm, MarkForm, SeenForm
from learnpath.continuum.leading import Reader
from learnpath.continuum.leading_shapes import LeadingPage
from learnpath.continuum.mark import mark
from learnpath.continuum.models import Observation
from learnpath.continuum.observe import answer, observe
from learnpath.continuum.releases import Released, release, released, to_release
from learnpath.continuum.share import share, shared_with_family, take_back
from learnpath.continuum.support import support_groups
from learnpath.db import unit_of_work
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Hat, Person
from learnpath.record import Relation
from learnpath.school.models import School, SchoolClass
from learnpath.school.queries import calendar_of, calendars_of, learners_in
from learnpath.web import current
from learnpath.web.rules import fetch, may, public, signed_in

continuum = Blueprint("continuum", __name__)
continuum.add_app_template_global(drawing.draw, "draw_band")
continuum.add_app_template_filter(drawing.in_two, "in_two")
practice_views.install(continuum)


def _language() -> str:
    return str(get_locale() or "en")


def _reader() -> Reader:
    actor = current.actor()
    return Reader(_language(), actor.hat is Hat.LEARNER, actor.person_id)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _page_of_this_reader(learner_id: int, anchor: str | None = None) -> str:
    """Return where this person reads about the learner: a family reads what was shared with it."""
    if current.actor().hat is Hat.FAMILY:
        return url_for("continuum.family", learner_id=learner_id)
    return url_for("continuum.page", learner_id=learner_id, _anchor=anchor)


@continuum.get("/learners/<id:learner_id>/leading")
@may(Can.READ_POSITION)
def page(learner_id: int) -> ResponseReturnValue:
    shown, reader = _leading_page(learner_id)
    return render_template("continuum/page.html", page=shown, reader=reader, columns=list(Column))


@continuum.get("/learners/<id:learner_id>/leading/page.<any(pdf, json, csv):kind>")
@may(Can.READ_POSITION)
def page_to_take(learner_id: int, kind: str) -> ResponseReturnValue:
    """Give the page to take along: to print, for another program, or for a spreadsheet."""
    shown, reader = _leading_page(learner_id)
    if kind == "json":
        text = json.dumps(
            take_along.as_json(shown, current.actor().zone), ensure_ascii=False, indent=2
        )
        answer = Response(text, mimetype="application/json")
    elif kind == "csv":
        answer = Response(take_along.as_csv(shown, current.actor().zone), mimetype="text/csv")
    else:
        html = render_template(
            "continuum/page_pdf.html", page=shown, reader=reader, columns=list(Column),
            locale=_language(),
        )  # fmt: skip
        answer = Response(take_along.as_pdf(html), mimetype="application/pdf")
    how = "inline" if kind == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="who-is-leading.{kind}"'
    return answer


def _leading_page(learner_id: int) -> tuple[LeadingPage, Reader]:
    learner, _by = fetch(Person, learner_id)
    session, reader = current.session(), _reader()
    shown = queries.page_of(
        session, learner, calendar_of(session, learner.school_id), clock.now(), reader,
        then=_day(request.args.get("then")), zone=current.actor().zone,
    )  # fmt: skip
    return shown, reader


@continuum.route("/learners/<id:learner_id>/leading/<thread>/mark", methods=["GET", "POST"])
@may(Can.MARK_POSITION)
def mark_thread(learner_id: int, thread: str) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    reader, shown = _reader(), _thread(thread)
    made = queries.marks_of(current.session(), learner_id).get((thread, by.relation))
    own = made if made and made.marked_by == by.person_id else None
    form = MarkForm(data={"place": own.place, "text": own.text} if own else None)
    form.offer(reader, shown, learner.called)
    if form.validate_on_submit():
        mark(
            current.session(), by, learner_id, thread, Column(form.place.data),
            form.text.data or "", clock.now(),
        )  # fmt: skip
        flash(_("Your mark is on the line."))
        return redirect(url_for("continuum.page", learner_id=learner_id, _anchor=thread), 303)
    status = 422 if form.errors else 200
    return (
        render_template(
            "continuum/mark.html", form=form, learner=learner, thread=shown, reader=reader,
            language=_language(),
        ),
        status,
    )  # fmt: skip


def _thread(key: str) -> Thread:
    for thread in driver_model().threads:
        if thread.key == key:
            return thread
    raise NotFound


@continuum.route("/learners/<id:learner_id>/leading/seen", methods=["GET", "POST"])
@may(Can.OBSERVE)
def add_seen(learner_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    actor = current.actor()
    reader = _reader()
    form = SeenForm(data={"day": actor.today}).offer(reader, request.args.get("thread", ""))
    if form.validate_on_submit():
        try:
            made = observe(
                current.session(), by, learner_id, *form.chosen, form.day.data or actor.today,
                form.text.data or "", clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("It counts from now on, with your name."))
            return redirect(_page_of_this_reader(learner_id, f"observation-{made.id}"), 303)
    status = 422 if form.errors else 200
    return render_template(
        "continuum/seen.html",
        form=form,
        reader=reader,
        back=_page_of_this_reader(learner.id or 0),
    ), status


@continuum.route("/observations/<id:observation_id>/answer", methods=["GET", "POST"])
@may(Can.MARK_POSITION)
def answer_seen(observation_id: int) -> ResponseReturnValue:
    observation, by = fetch(Observation, observation_id)
    form = AnswerForm()
    back = _page_of_this_reader(observation.learner_id, f"observation-{observation_id}")
    if form.validate_on_submit():
        answer(current.session(), by, observation, form.text.data or "", clock.now())
        flash(_("Your answer stands beside it."))
        return redirect(back, 303)
    status = 422 if form.errors else 200
    return render_template(
        "continuum/answer.html", form=form, observation=observation, back=back,
        is_own=by.relation is observation.relation is Relation.LEARNER, reader=_reader(),
    ), status  # fmt: skip


@continuum.get("/learners/<id:learner_id>/leading/family")
@may(Can.READ_SHARED_POSITION)
def family(learner_id: int) -> ResponseReturnValue:
    """Show what was shared with the family; learner and teacher see the same page."""
    learner, _by = fetch(Person, learner_id)
    shown = family_page(learner, shared_with_family(current.session(), learner_id), _language())
    return render_template(
        "continuum/family.html", page=shown, learner_id=learner_id,
        is_family=current.actor().hat is Hat.FAMILY, columns=list(Column),
    )  # fmt: skip


@continuum.post("/learners/<id:learner_id>/leading/share")
@may(Can.SHARE_POSITION)
def share_page(learner_id: int) -> ResponseReturnValue:
    """Share today's places with the family, or take them back."""
    learner, by = fetch(Person, learner_id)
    session, actor, now = current.session(), current.actor(), clock.now()
    if request.form.get("audience") == "nobody":
        take_back(session, by, learner_id, now)
        flash(_("The family cannot read it any more."))
    else:
        calendar = calendar_of(session, learner.school_id)
        placement = queries.placement_of(session, learner_id, calendar, now, zone=actor.zone)
        share(session, by, learner_id, placement, now)
        flash(_("The family can read this page now."))
    return redirect(url_for("continuum.family", learner_id=learner_id), 303)


@continuum.get("/classes/<id:class_id>/leading")
@may(Can.RUN_CLASS)
def class_page(class_id: int) -> ResponseReturnValue:
    """Show for each thread whom the same next step would help, by name."""
    school_class, _by = fetch(SchoolClass, class_id)
    session, actor = current.session(), current.actor()
    learners = learners_in(session, class_id, actor.today)
    calendar = calendar_of(session, school_class.school_id)
    ids = [learner.id or 0 for learner in learners]
    placements = queries.placements_of(session, ids, calendar, clock.now(), zone=actor.zone)
    threads = support_groups(learners, placements, _language())
    return render_template("continuum/class.html", school_class=school_class, threads=threads)


@continuum.get("/schools/<id:school_id>/leading")
@may(Can.SEE_SCHOOL)
def school_page(school_id: int) -> ResponseReturnValue:
    """Show counts for a school: on a reporting day, or of one indicator over time; small groups withheld."""
    school, _by = fetch(School, school_id)
    days = _released([school_id])[school_id]
    chosen = _day(request.args.get("on"))
    on = chosen if chosen in days else next(iter(days), None)
    key = request.args.get("indicator", "")
    return render_template(
        "continuum/school.html", school=school, counts=days.get(on) if on else None, on=on, days=days,
        over_time=driver_model().indicators.get(key), model=driver_model(), language=_language(),
        columns=list(Column), cells=CELLS,
    )  # fmt: skip


@continuum.get("/schools/leading")
@signed_in(Hat.LEADER)
def district_page() -> ResponseReturnValue:
    """Show all schools that the reader leads together: the sums of what each school's own page shows."""
    session = current.session()
    query = select(School).where(allowed(Can.SEE_SCHOOL, School, current.actor()))
    schools = session.exec(query.order_by(School.name, col(School.id))).all()
    found = _released([school.id or 0 for school in schools])
    days = sorted({day for counts in found.values() for day in counts}, reverse=True)
    chosen = _day(request.args.get("on"))
    on = chosen if chosen in days else next(iter(days), None)
    parts = [counts[on] for counts in found.values() if on in counts] if on else []
    return render_template(
        "continuum/district.html", schools=schools, cells=CELLS, counts=together(parts), on=on, days=days,
        model=driver_model(), language=_language(), columns=list(Column),
    )  # fmt: skip


def _released(school_ids: list[int]) -> Released:
    """Return the counts of the schools; a reporting day is counted when somebody first asks for it."""
    session, today = current.session(), current.actor().today
    found = released(session, school_ids)
    counted = to_release(session, calendars_of(session, school_ids), found, today)
    if not any(counted.values()):
        return found
    with unit_of_work(current.engine()) as writing:
        release(writing, counted, clock.now())
        return released(writing, school_ids)


@continuum.get("/driver-model")
@public
def model() -> ResponseReturnValue:
    """Show the whole Driver Model, to read on a phone or on paper."""
    return render_template("continuum/model.html", model=driver_model(), language=_language())
