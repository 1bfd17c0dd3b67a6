"""Sign-in help for a class: badges, secret pictures and one-time codes, printed by its teacher.

What is printed is shown once, in the answer to the press of the button: the database cannot show it again.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotAllowed
from learnpath.people import badges, one_time_codes, pictures, printed
from learnpath.people.models import Person
from learnpath.people.sign_on import accounts
from learnpath.record import By
from learnpath.school import queries
from learnpath.school.blueprint import school
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.rules import fetch, may


@school.get("/classes/<id:class_id>/badges")
@may(Can.RUN_CLASS)
def class_badges(class_id: int) -> ResponseReturnValue:
    school_class, _by = fetch(SchoolClass, class_id)
    learners = _learners(class_id)
    ids = [learner.id or 0 for learner in learners]
    return render_template(
        "school/badges.html",
        school_class=school_class,
        learners=learners,
        standing=badges.standing(current.session(), ids),
        chosen=pictures.chosen_by(current.session(), ids),
        rests=pictures.rests,
        tied=accounts.tied_to(current.session(), ids),
    )


@school.post("/classes/<id:class_id>/badges")
@may(Can.RUN_CLASS)
def print_badges(class_id: int) -> ResponseReturnValue:
    """Make badges for the learners that were ticked, or for all; the old ones stop at once."""
    school_class, by = fetch(SchoolClass, class_id)
    chosen = _chosen(class_id)
    if not chosen:
        return _nobody_chosen(class_id)
    cards = badges.issue_badges(current.session(), by, chosen, clock.now())
    squares = {card.learner_id: qr(_address(card.token)) for card in cards}
    return render_template(
        "school/badge_sheet.html", school_class=school_class, cards=cards, squares=squares,
        in_groups=printed.in_groups, host=_address("").rstrip("#"),
    )  # fmt: skip


def _nobody_chosen(class_id: int) -> ResponseReturnValue:
    flash(_("Choose first whom it is for."), "asks")
    return redirect(url_for("school.class_badges", class_id=class_id), 303)


@school.post("/classes/<id:class_id>/badges/stop")
@may(Can.RUN_CLASS)
def stop_badges(class_id: int) -> ResponseReturnValue:
    _class, by = fetch(SchoolClass, class_id)
    chosen = _chosen(class_id)
    if not chosen:
        return _nobody_chosen(class_id)
    for learner in chosen:
        badges.revoke(current.session(), by, learner.id or 0, clock.now())
    flash(_("Stopped. That card opens nothing any more."))
    return redirect(url_for("school.class_badges", class_id=class_id), 303)


@school.post("/classes/<id:class_id>/pictures/take-back")
@may(Can.RUN_CLASS)
def take_back_pictures(class_id: int) -> ResponseReturnValue:
    _class, by = fetch(SchoolClass, class_id)
    chosen = _chosen(class_id)
    if not chosen:
        return _nobody_chosen(class_id)
    for learner in chosen:
        pictures.take_back(current.session(), by, learner.id or 0, clock.now())
    flash(_("Done. New pictures can be chosen with the number for the board."))
    return redirect(url_for("school.class_badges", class_id=class_id), 303)


@school.post("/classes/<id:class_id>/pictures/start")
@may(Can.RUN_CLASS)
def start_pictures(class_id: int) -> ResponseReturnValue:
    """Show the number for the board, this once."""
    school_class, by = fetch(SchoolClass, class_id)
    number = pictures.open_start(current.session(), by, class_id, clock.now())
    return render_template(
        "school/picture_number.html", school_class=school_class,
        number=printed.in_groups(number, 3), ends=clock.now() + pictures.START_LASTS,
    )  # fmt: skip


@school.post("/classes/<id:class_id>/codes")
@may(Can.RUN_CLASS)
def print_codes(class_id: int) -> ResponseReturnValue:
    """Print one-time codes for the learners that were ticked, or for all."""
    _class, by = fetch(SchoolClass, class_id)
    chosen = _chosen(class_id)
    if not chosen:
        return _nobody_chosen(class_id)
    return _slips(by, chosen, url_for("school.class_badges", class_id=class_id))


@school.post("/admin/people/<id:person_id>/code")
@may(Can.ADMINISTER)
def print_code(person_id: int) -> ResponseReturnValue:
    """The administrator prints a code for anybody of the school."""
    person, by = fetch(Person, person_id)
    if person.left_at is not None:
        raise NotAllowed(_("This person has left the school."))
    if person.closed_by is not None:
        raise NotAllowed(_("This account is closed."))
    return _slips(by, [person], url_for("school.admin_person", person_id=person_id))


def _slips(by: By, people: Sequence[Person], back: str) -> str:
    now = clock.now()
    slips = [one_time_codes.slip_for(current.session(), by, person, now) for person in people]
    return render_template(
        "school/code_slips.html", slips=slips, in_groups=printed.in_groups, back=back,
        address=_root() + url_for("people.code_page"),
    )  # fmt: skip


def _learners(class_id: int) -> Sequence[Person]:
    return queries.learners_in(current.session(), class_id, current.actor().today)


def _chosen(class_id: int) -> list[Person]:
    """Return the learners of the class that the form names; of others it says nothing."""
    named = set(request.form.getlist("learner"))
    return [one for one in _learners(class_id) if "all" in named or str(one.id) in named]


def _root() -> str:
    return current.settings().public_url or request.url_root.rstrip("/")


def _address(token: str) -> str:
    # Behind the "#": a browser keeps it to itself, and no server or proxy writes it down.
    return f"{_root()}{url_for('people.badge_page')}#{token}"


def qr(text: str) -> Markup:
    """Return ``text`` as a square code in SVG, black on white in every theme, without inline styles."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=3, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True,
        svgclass="qr", lineclass=None, omitsize=True,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - made here, of squares only
