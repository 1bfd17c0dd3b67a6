"""A family that is signed in chooses a time; everybody takes the conference into their own calendar."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from learnpath import clock
from learnpath.access import Can
from learnpath.conferences import choose, messages, plan
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.calendar_file import TYPE, calendar_file
from learnpath.conferences.choose import SlotTaken, Wish
from learnpath.conferences.forms import ChooseForm
from learnpath.conferences.models import Conference, Contact, FamilyWish, Slot
from learnpath.errors import NotFound
from learnpath.people.models import Person
from learnpath.web import current
from learnpath.web.rules import fetch, may
from learnpath.web.words import day, time_of_day


@conferences.route("/learners/<id:learner_id>/conferences/choose", methods=["GET", "POST"])
@may(Can.CHOOSE_TIME)
def choose_time(learner_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    session, person_id = current.session(), current.actor().person_id
    conference = plan.open_conference(session, learner_id)
    form, free = choose_form(learner_id, conference, person_id)
    if form.validate_on_submit():
        try:
            choose.choose(
                session, by, learner, person_id, form.slot.data, wish_from(form), clock.now()
            )
            keep_contact(form, person_id)
        except SlotTaken as taken:
            form, free = choose_form(learner_id, conference, person_id)
            form.slot.errors = [str(taken.message)]
        else:
            flash(_("Thank you. The time is yours."))
            return redirect(url_for("conferences.choose_time", learner_id=learner_id), 303)
    body = render_template(
        "conferences/choose.html", learner=learner, conference=conference, form=form, free=free
    )
    return body, 422 if form.errors else 200


@conferences.post("/learners/<id:learner_id>/conferences/cannot-come")
@may(Can.CHOOSE_TIME)
def cannot_come(learner_id: int) -> ResponseReturnValue:
    _learner, by = fetch(Person, learner_id)
    conference = plan.open_conference(current.session(), learner_id)
    if conference is None:
        raise NotFound
    choose.cannot_come(current.session(), by, conference, clock.now())
    flash(_("The time is given back. You can choose another one."))
    return redirect(url_for("conferences.choose_time", learner_id=learner_id), 303)


@conferences.get("/learners/<id:learner_id>/conferences/calendar.ics", endpoint="calendar")
@may(Can.READ_CONFERENCES)
def learner_calendar(learner_id: int) -> ResponseReturnValue:
    fetch(Person, learner_id)
    conference = plan.open_conference(current.session(), learner_id)
    if conference is None:
        raise NotFound
    return ics(conference, current.actor().zone)


def ics(conference: Conference, zone: str) -> Response:
    """Return the answer that calendars take."""
    body = calendar_file([conference], _("Conference at school"), zone, clock.now())
    response = Response(body, content_type=TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="conference.ics"'
    return response


def choose_form(
    learner_id: int, conference: Conference | None, guardian_id: int
) -> tuple[ChooseForm, list[tuple[Slot, str]]]:
    """Return the form with the free times, filled with what this guardian said before."""
    session = current.session()
    free = choose.free_slots(session, learner_id, clock.now())
    said = _said_before(conference, guardian_id)
    contact = session.get(Contact, guardian_id)
    kept = {"email": contact.email, "look_back": contact.look_back} if contact else {}
    form = ChooseForm(obj=said, data=kept)
    form.slot.choices = [
        SelectChoice(
            str(slot.id),
            _(
                "%(day)s, %(time)s, with %(teacher)s",
                day=day(slot.starts_at), time=time_of_day(slot.starts_at), teacher=teacher,
            ),
        )
        for slot, teacher in free
    ]  # fmt: skip
    return form, free


def keep_contact(form: ChooseForm, guardian_id: int) -> None:
    """Keep the address that a guardian gave, or forget it."""
    messages.keep_contact(
        current.session(), guardian_id, form.email.data or "", bool(form.look_back.data),
        clock.now(),
    )  # fmt: skip


def wish_from(form: ChooseForm) -> Wish:
    """Return what the family typed."""
    return Wish(
        form.speaks.data or "", bool(form.interpreter.data), form.sees.data or "",
        form.hope.data or "",
    )  # fmt: skip


def _said_before(conference: Conference | None, guardian_id: int) -> FamilyWish | None:
    if conference is None:
        return None
    wishes = choose.wishes_of(current.session(), conference.id or 0)
    return next((wish for wish in wishes if wish.guardian_id == guardian_id), None)
