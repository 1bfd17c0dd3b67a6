"""The next school year on the web: what would happen, for every choice; then it is begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlmodel import col, select
from werkzeug.datastructures import MultiDict

from learnpath import clock
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Hat, Person
from learnpath.school import admin_next_year, admin_roll_over
from learnpath.school.admin_calendar import Dates
from learnpath.school.admin_forms import RollOverForm, day_of, id_of, show
from learnpath.school.admin_next_year import Choices, RollOver
from learnpath.school.blueprint import school
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.fields import one_line
from learnpath.web.rules import signed_in

MOST_SPANS = 60
Typed = MultiDict[str, str]


@dataclass(frozen=True)
class ClassLine:
    """A class of the old year on the form: whether it goes on, and under which name."""

    id: int
    name: str
    goes_on: bool
    teachers: str
    learners: int


@school.get("/admin/next-year", endpoint="admin_roll_over")
@signed_in(Hat.ADMINISTRATOR)
def next_year() -> ResponseReturnValue:
    return _page(request.args)


@school.post("/admin/next-year")
@signed_in(Hat.ADMINISTRATOR)
def admin_begin_year() -> ResponseReturnValue:
    typed, actor = request.form, current.actor()
    if "planned" not in typed:  # nobody saw a plan: it is shown first
        return redirect(url_for("school.admin_roll_over"), 303)
    try:
        made = admin_roll_over.apply(
            current.session(), actor.by(), choices_of(typed), actor.today, clock.now()
        )
    except WrongInput as error:
        current.session().rollback()
        return _page(typed, error)
    flash(
        _("School year %(name)s was begun before. Nothing was changed.", name=made.year.name)
        if made.done
        else _("School year %(name)s has begun.", name=made.year.name)
    )
    return redirect(url_for("school.admin_classes", year=made.year_id), 303)


def _page(typed: Typed, error: WrongInput | None = None) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    chosen = Choices()
    try:
        if error is None:
            chosen = choices_of(typed) if "planned" in typed else Choices()
            made = admin_next_year.plan(session, actor.school_id, chosen, actor.today)
        else:
            made = admin_next_year.plan(session, actor.school_id, Choices(), actor.today)
    except WrongInput as wrong:
        error = wrong
        made = admin_next_year.plan(session, actor.school_id, Choices(), actor.today)
    except NotAllowedNow as nothing:
        return render_template("school/admin_roll_over_none.html", message=nothing.message)
    form = RollOverForm(
        formdata=typed if "planned" in typed else None, name=made.year.name,
        starts=made.year.starts, ends=made.year.ends,
        along="yes" if chosen.learners_along else "no",
    )  # fmt: skip
    if error is not None:
        form.validate()
        show(form, error)
    answer = render_template(
        "school/admin_roll_over.html", plan=made, form=form, classes=_class_lines(made),
        typed=_to_send(typed) if "planned" in typed else {},
        class_ids=typed.getlist("class"),
        may_begin="planned" in typed and error is None and actor.today > made.old.ends,
        leavers=_names(made.leavers), today=actor.today,
    )  # fmt: skip
    return answer, 200 if error is None else 422


def _to_send(typed: Typed) -> dict[str, str]:
    """Return what was typed, to go along with the button that begins the year."""
    return {key: value for key, value in typed.items() if key not in ("csrf_token", "class")}


def _class_lines(made: RollOver) -> list[ClassLine]:
    session = current.session()
    query = select(SchoolClass).where(SchoolClass.year_id == made.old.id)
    goes_on = {one.old_id: one for one in made.classes}
    teachers = _called({id for one in made.classes for id in one.teachers})
    return [
        ClassLine(
            one.id or 0, plan.name if plan else one.name, plan is not None,
            ", ".join(teachers.get(id, "") for id in plan.teachers) if plan else "",
            len(plan.learners) if plan else 0,
        )
        for one in session.exec(query.order_by(col(SchoolClass.name)))
        for plan in (goes_on.get(one.id or 0),)
    ]  # fmt: skip


def _called(ids: set[int]) -> Mapping[int, str]:
    query = select(Person).where(col(Person.id).in_(ids))
    return {one.id or 0: one.called for one in current.session().exec(query)} if ids else {}


def _names(ids: tuple[int, ...]) -> list[str]:
    query = select(Person).where(col(Person.id).in_(ids)).order_by(col(Person.family_name))
    return [one.full_name for one in current.session().exec(query)] if ids else []


# -- what was typed ------------------------------------------------------------------------------------


def choices_of(typed: Typed) -> Choices:
    """Return what the form chose. Raises WrongInput for a day that is none."""
    classes = {
        key: one_line(typed.get(f"class-{key}-name", ""))[:80]
        for key in (id_of(text) for text in typed.getlist("class"))
        if key
    }
    if not all(classes.values()):
        raise WrongInput("classes", _l("Every class that goes on needs a name."))
    return Choices(
        one_line(typed.get("name", ""))[:40], _day(typed, "starts"), _day(typed, "ends"),
        _spans(typed, "term"), _spans(typed, "holiday"), classes,
        typed.get("along", "yes") != "no",
    )  # fmt: skip


def _day(typed: Typed, name: str) -> date:
    day = day_of(typed.get(name))
    if day is None or not 2000 <= day.year <= 2100:
        raise WrongInput(name, _l("Choose a day."))
    return day


def _spans(typed: Typed, kind: str) -> tuple[Dates, ...]:
    """Return the terms or holidays that are kept, in the order of the form."""
    return tuple(
        Dates(
            one_line(typed.get(f"{kind}-{n}-name", ""))[:40] or "?",
            _day(typed, f"{kind}-{n}-starts"), _day(typed, f"{kind}-{n}-ends"),
        )
        for n in range(MOST_SPANS)
        if typed.get(f"{kind}-{n}-keep")
    )  # fmt: skip
