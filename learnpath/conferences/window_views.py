"""Windows and slots: a teacher opens days for a class, lays times into them and invites the families."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _
from markupsafe import Markup

from learnpath import clock
from learnpath.access import Can
from learnpath.conferences import messages, outbox, window_page, windows
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.forms import SlotsForm, WindowForm
from learnpath.conferences.models import ConferenceWindow, Message, Slot
from learnpath.conferences.paper import qr_svg
from learnpath.conferences.windows import Laying
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.record import By
from learnpath.school.models import School, SchoolClass
from learnpath.school.queries import calendar_of, learners_in
from learnpath.web import current
from learnpath.web.rules import fetch, may


@conferences.get("/classes/<id:class_id>/conferences")
@may(Can.RUN_CLASS)
def class_windows(class_id: int) -> ResponseReturnValue:
    school_class, _by = fetch(SchoolClass, class_id)
    return _class_windows(school_class, WindowForm())


@conferences.post("/classes/<id:class_id>/conferences")
@may(Can.RUN_CLASS)
def open_window(class_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    form = WindowForm()
    if form.validate_on_submit():
        try:
            made = _opened(by, class_id, form)
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            return redirect(
                url_for("conferences.window", class_id=class_id, window_id=made.id), 303
            )
    return _class_windows(school_class, form), 422


@conferences.get("/schools/<id:school_id>/conferences")
@may(Can.SEE_SCHOOL)
def school_windows(school_id: int) -> ResponseReturnValue:
    school, _by = fetch(School, school_id)
    return _school_windows(school, WindowForm())


@conferences.post("/schools/<id:school_id>/conferences")
@may(Can.SEE_SCHOOL)
def open_school_window(school_id: int) -> ResponseReturnValue:
    school, by = fetch(School, school_id)
    form = WindowForm()
    if form.validate_on_submit():
        try:
            _opened(by, None, form)
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            return redirect(url_for("conferences.school_windows", school_id=school_id), 303)
    return _school_windows(school, form), 422


def _opened(by: By, class_id: int | None, form: WindowForm) -> ConferenceWindow:
    session, said = current.session(), form.data
    first, last = said["first_day"], said["last_day"]
    made = windows.open_window(session, by, class_id, first, last, clock.now())
    flash(_("The window is open."))
    if windows.is_late_in_term(session, by.school_id, last):
        flash(_("It ends in the last two weeks of a term. Little time is left to act on promises."))
    return made


def _class_windows(school_class: SchoolClass, form: WindowForm) -> str:
    found = window_page.windows_of(current.session(), school_class, current.actor().today)
    session, now = current.session(), clock.now()
    learner_ids, by_mail = _learner_ids(school_class.id or 0), _by_mail()
    return render_template(
        "conferences/windows.html",
        school_class=school_class,
        windows=found,
        form=form,
        to_print=len(outbox.on_paper(session, learner_ids, now, by_mail=by_mail, today=_today())),
        mail=outbox.waiting_for_mail(session, learner_ids, now, _today()) if by_mail else None,
    )


def _school_windows(school: School, form: WindowForm) -> str:
    session, today = current.session(), current.actor().today
    return render_template(
        "conferences/school_windows.html",
        windows=window_page.school_windows(session, school.id or 0, today),
        counts=window_page.school_counts(
            session, school.id or 0, calendar_of(session, school.id or 0), today
        ),
        form=form,
    )


# -- one window, for one class ---------------------------------------------------------------------------


@conferences.get("/classes/<id:class_id>/conferences/<id:window_id>")
@may(Can.RUN_CLASS)
def window(class_id: int, window_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    return _window(school_class, _window_of(school_class, window_id), by, SlotsForm())


@conferences.post("/classes/<id:class_id>/conferences/<id:window_id>/slots")
@may(Can.RUN_CLASS)
def lay_slots(class_id: int, window_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    found = _window_of(school_class, window_id)
    form = SlotsForm()
    if form.validate_on_submit():
        said = form.data
        laying = Laying(
            said["day"], said["begins"], said["ends"], said["minutes"], said["rest"] or 0,
            said["place"] or "",
        )  # fmt: skip
        calendar = calendar_of(current.session(), school_class.school_id)
        try:
            windows.lay_slots(current.session(), by, found, laying, calendar, clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("The times are there."))
            return redirect(
                url_for("conferences.window", class_id=class_id, window_id=window_id), 303
            )
    return _window(school_class, found, by, form), 422


@conferences.post("/classes/<id:class_id>/conferences/<id:window_id>/slots/<id:slot_id>/remove")
@may(Can.RUN_CLASS)
def remove_slot(class_id: int, window_id: int, slot_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    found = _window_of(school_class, window_id)
    slot = current.session().get(Slot, slot_id, with_for_update=True)
    if slot is None or slot.window_id != found.id or slot.teacher_id != by.person_id:
        raise NotFound
    windows.take_slot_away(current.session(), slot)
    return redirect(url_for("conferences.window", class_id=class_id, window_id=window_id), 303)


@conferences.post("/classes/<id:class_id>/conferences/<id:window_id>/invite")
@may(Can.RUN_CLASS)
def invite(class_id: int, window_id: int) -> ResponseReturnValue:
    """Invite each family without a time, once: by mail where there is an address, the others on paper."""
    school_class, by = fetch(SchoolClass, class_id)
    found = _window_of(school_class, window_id)
    session, now = current.session(), clock.now()
    families = [
        (learner.id or 0, guardian.id or 0)
        for learner, guardian in window_page.to_invite(session, school_class, current.actor().today)
    ]
    messages.put_in_invitations(
        session, found, families, now, again=bool(request.form.get("again"))
    )
    return _sheets(school_class, by, _("Invitations"), found)


@conferences.post("/classes/<id:class_id>/conferences/messages")
@may(Can.RUN_CLASS)
def print_messages(class_id: int) -> ResponseReturnValue:
    """Print what no mail server can send: each sheet shows its link this once."""
    school_class, by = fetch(SchoolClass, class_id)
    return _sheets(school_class, by, _("Messages to families"))


@dataclass(frozen=True)
class Sheet:
    """A letter on paper, which names nobody, and for whom it is: that part stays at school."""

    learner: str
    guardian: str
    letter: Markup


def _today() -> date:
    return current.actor().today


def _sheets(
    school_class: SchoolClass, by: By, title: str, window: ConferenceWindow | None = None
) -> str:
    """Take the messages that wait for paper, of one window or all of the class, and show them this once."""
    session, now, by_mail = current.session(), clock.now(), _by_mail()
    learner_ids = _learner_ids(school_class.id or 0)
    sheets: list[Sheet] = []
    for message in outbox.on_paper(
        session, learner_ids, now, by_mail=by_mail, to_change=True, today=_today()
    ):
        if window is not None and message.window_id != window.id:
            continue
        taken = outbox.print_one(session, by, message, now)
        if taken is not None:
            sheets.append(_sheet(message, *taken))
    session.flush()
    return render_template(
        "conferences/invitations.html",
        school_class=school_class,
        title=title,
        sheets=sheets,
        mail=outbox.waiting_for_mail(session, learner_ids, now, _today()) if by_mail else None,
    )


def _sheet(message: Message, guardian: Person, token: str) -> Sheet:
    session = current.session()
    url = url_for("conferences.link_page", token=token, _external=True)
    window = message.window_id and session.get(ConferenceWindow, message.window_id)
    with force_locale(guardian.language.value):
        letter = render_template(
            "conferences/_letter.html", url=url, qr=qr_svg(url), kind=message.kind.value,
            window=window, language=guardian.language.value,
        )  # fmt: skip
    learner = session.get_one(Person, message.learner_id)
    return Sheet(learner.full_name, guardian.full_name, Markup(letter))  # noqa: S704 - a template escaped it


def _by_mail() -> bool:
    return bool(current.settings().smtp_url)


def _learner_ids(class_id: int) -> list[int]:
    learners = learners_in(current.session(), class_id, current.actor().today)
    return [learner.id for learner in learners if learner.id is not None]


def _window_of(school_class: SchoolClass, window_id: int) -> ConferenceWindow:
    found = current.session().get(ConferenceWindow, window_id)
    if (
        found is None
        or found.school_id != school_class.school_id
        or found.class_id not in (None, school_class.id)
    ):
        raise NotFound
    return found


def _window(school_class: SchoolClass, found: ConferenceWindow, by: By, form: SlotsForm) -> str:
    actor = current.actor()
    return render_template(
        "conferences/window.html",
        school_class=school_class,
        page=window_page.window_page(
            current.session(), found, school_class, actor.zone, actor.today
        ),
        late=windows.is_late_in_term(current.session(), found.school_id, found.last_day),
        form=form,
        me=by.person_id,
    )
