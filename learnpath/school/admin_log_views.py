"""Who opened a learner's pages: to read, to print, and as a table for somebody who asked."""

from __future__ import annotations

import io
from datetime import timedelta

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext as _, lazy_gettext as _l

from learnpath import access_log
from learnpath.access import Can
from learnpath.errors import NotFound
from learnpath.people.models import Hat, Person
from learnpath.school.admin_views import page_number
from learnpath.school.blueprint import school
from learnpath.spreadsheet import Table
from learnpath.web import current
from learnpath.web.rules import fetch, may

AS: dict[Hat, LazyString] = {
    Hat.LEARNER: _l("a classmate who was invited"),
    Hat.TEACHER: _l("a teacher"),
    Hat.FAMILY: _l("the family"),
    Hat.LEADER: _l("a school leader"),
    Hat.ADMINISTRATOR: _l("the school office"),
}
# The rooms whose pages show one learner. A test holds this to the map of all pages.
ROOMS: dict[str, LazyString] = {
    "today": _l("The page on one screen"),
    "profiles": _l("Profile and questions"),
    "goals": _l("Goals and check-ins"),
    "outcomes": _l("School data"),
    "conferences": _l("Conference and summary"),
    "continuum": _l("Who is leading"),
    "portability": _l("The record"),
    "school": _l("Names, ties and sign-in"),
    "people": _l("How this student signs in"),
}
# More lines than this go into several files.
MOST_LINES = 20_000


def room_words(room: str) -> LazyString | str:
    """Return what the pages of a room are called."""
    return ROOMS.get(room, room)


@school.get("/admin/people/<id:person_id>/opened")
@may(Can.ADMINISTER)
def admin_opened(person_id: int) -> ResponseReturnValue:
    learner = _learner(person_id)
    actor, days = current.actor(), current.settings().access_log_days
    shown = access_log.opened_page(
        current.session(), person_id, actor.today - timedelta(days=days), page_number()
    )
    return render_template(
        "school/admin_opened.html", learner=learner, shown=shown, days=days, AS=AS,
        room_words=room_words,
    )  # fmt: skip


def _learner(person_id: int) -> Person:
    person, _by = fetch(Person, person_id)
    if person.grade is None:
        raise NotFound
    return person


@school.get("/admin/people/<id:person_id>/opened.csv")
@may(Can.ADMINISTER)
def admin_opened_file(person_id: int) -> ResponseReturnValue:
    learner = _learner(person_id)
    first = current.actor().today - timedelta(days=current.settings().access_log_days)
    shown = access_log.opened_page(current.session(), person_id, first, 1, MOST_LINES)
    text = io.StringIO()
    table = Table(text)
    table.row([_("Day"), _("Who"), _("As what"), _("Pages"), _("Times")])
    for one in shown.lines:
        words = (one.day.isoformat(), one.who, str(AS[one.hat]), str(room_words(one.room)))
        table.row([*words, one.times])
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="opened-{learner.id}.csv"'
    return answer
