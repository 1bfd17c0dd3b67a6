"""The pages that look over time and over a class: look back, compare, a new school year, a class."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound
from learnpath.people.models import Hat, Language, Person
from learnpath.profiles import history as past, inventory, queries, renew
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.class_facts import class_profiles
from learnpath.profiles.find import find
from learnpath.profiles.forms import asked, kept_lines, year_form
from learnpath.profiles.models import BLOCKS
from learnpath.profiles.telling import side_by_side
from learnpath.profiles.visible import Reader
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.models import SchoolClass
from learnpath.school.queries import calendar_of
from learnpath.web import current
from learnpath.web.fields import one_line
from learnpath.web.rules import fetch, may, note_reading
from learnpath.web.words import language


def calendar() -> SchoolCalendar:
    """Return the calendar of the reader's school."""
    return calendar_of(current.session(), current.actor().school_id)


def reader() -> Reader:
    """Return the signed-in person as a reader of profiles."""
    return Reader.of(current.actor(), calendar())


@profiles.get("/learners/<id:learner_id>/profile/<block>/history")
@may(Can.READ_INVENTORY)
def history(learner_id: int, block: str) -> ResponseReturnValue:
    """Show a block over the school years, and two of its wordings side by side."""
    learner, _by = fetch(Person, learner_id)
    if block not in BLOCKS:
        raise NotFound
    numbers, weeks = (_number("before"), _number("after")), calendar()
    who = Reader.of(current.actor(), weeks)
    shown = past.history_of(current.session(), learner_id, block, who, weeks, numbers)
    return render_template(
        "profiles/history.html", learner=learner, own=who.own, key=block,
        title=queries.block_title(block), history=shown,
    )  # fmt: skip


@profiles.route("/learners/<id:learner_id>/profile/new-year", methods=["GET", "POST"])
@may(Can.WRITE_PROFILE)
def new_year(learner_id: int) -> ResponseReturnValue:
    """Ask of a part from an earlier school year, line by line: keep it, change it or let it go."""
    learner, by = fetch(Person, learner_id)
    session, who = current.session(), reader()
    blocks = past.from_earlier_years(queries.shown_blocks(session, learner_id, who), who)
    named = request.args.get("part")
    block = next((one for one in blocks if one.key == named), blocks[0] if blocks else None)
    if block is None:
        return render_template("profiles/new_year.html", learner=learner, block=None)
    form = year_form(block)
    if form.validate_on_submit() and (kept := kept_lines(form, block)):
        seen = form["seen"].data or 0
        renew.renew(session, by, learner_id, block.key, kept.lines, seen, clock.now(), kept.shows)
        flash(_("Saved."))
        return redirect(url_for("profiles.new_year", learner_id=learner_id), 303)
    others = [one for one in blocks if one.key != block.key]
    body = render_template(
        "profiles/new_year.html", learner=learner, block=block, others=others, form=form,
        asked=asked(block),
    )  # fmt: skip
    return body, 422 if form.errors else 200


@profiles.get("/learners/<id:learner_id>/inventories/<inventory_id>/side-by-side")
@may(Can.READ_INVENTORY)
def answers_side_by_side(learner_id: int, inventory_id: str) -> ResponseReturnValue:
    """Show the answers of two dates side by side."""
    learner, _by = fetch(Person, learner_id)
    whole, session = inventory.inventory_of(inventory_id), current.session()
    runs = [
        run
        for run, _whole in queries.runs_of(session, learner_id, reader())
        if run.inventory == inventory_id and run.finished_at
    ]
    by_id = {run.id: run for run in runs}
    after = by_id.get(_number("after")) or (runs[0] if len(runs) > 1 else None)
    before = by_id.get(_number("before")) or (runs[-1] if len(runs) > 1 else None)
    rows = []
    if before and after:
        answers = [inventory.answers_of(session, one.id or 0) for one in (before, after)]
        rows = side_by_side(whole, answers[0], answers[1], Language(language()))
    return render_template(
        "profiles/side_by_side.html", learner=learner, whole=whole, language=language(), runs=runs,
        before=before, after=after, rows=rows, own=current.actor().hat is Hat.LEARNER,
    )  # fmt: skip


@profiles.get("/classes/<id:class_id>/profiles")
@may(Can.RUN_CLASS)
def class_page(class_id: int) -> ResponseReturnValue:
    """Show a teacher the profiles of a class at a glance, and the lines with a word that is looked for."""
    school_class, _by = fetch(SchoolClass, class_id)
    session, weeks = current.session(), calendar()
    who, word = Reader.of(current.actor(), weeks), one_line(request.args.get("word", ""))
    found = find(session, class_id, word, who) if word else None
    for hit in found or ():
        note_reading(hit.learner)
    shown = class_profiles(session, class_id, weeks, who)
    return render_template(
        "profiles/class.html", school_class=school_class, shown=shown, word=word, found=found
    )


def _number(name: str) -> int | None:
    said = request.args.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None
