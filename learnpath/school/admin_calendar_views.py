"""The school's calendar for the office: years, terms, days without school."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlmodel import select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from learnpath import clock
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Hat
from learnpath.school import admin_calendar, admin_classes
from learnpath.school.admin_calendar import Dates, Span
from learnpath.school.admin_forms import SpanForm, id_of, show
from learnpath.school.admin_views import own
from learnpath.school.blueprint import school
from learnpath.school.models import Holiday, SchoolYearRow, Term
from learnpath.web import current
from learnpath.web.rules import signed_in

KINDS = "year,term,holiday"


@school.get("/admin/calendar", endpoint="admin_calendar")
@signed_in(Hat.ADMINISTRATOR)
def calendar_page() -> ResponseReturnValue:
    years = admin_calendar.calendar_page(current.session(), current.actor().school_id)
    return render_template("school/admin_calendar.html", years=years)


@school.route(f"/admin/calendar/<any({KINDS}):kind>", methods=["GET", "POST"])
@signed_in(Hat.ADMINISTRATOR)
def admin_span(kind: str) -> ResponseReturnValue:
    key = id_of(request.args.get("id") if request.method == "GET" else request.form.get("id"))
    span = _span(kind, key) if key else None
    form = SpanForm(obj=span, saw=admin_calendar.seen(span) if span else "")
    _offer_years(form, kind, span)
    if request.method == "POST" and form.validate():
        try:
            weeks = _save(kind, span, form)
        except WrongInput as error:
            current.session().rollback()
            show(form, error)
        else:
            flash(_saved(kind, weeks))
            return redirect(url_for("school.admin_calendar"), 303)
    answer = render_template("school/admin_span.html", form=form, kind=kind, span=span)
    return answer, 200 if request.method == "GET" else 422


def _span(kind: str, key: int) -> Span:
    if kind == "year":
        return own(SchoolYearRow, key)[0]
    if kind == "holiday":
        return own(Holiday, key)[0]
    term = current.session().exec(select(Term).where(Term.id == key)).first()
    if term is None:
        raise NotFound
    own(SchoolYearRow, term.year_id)
    return term


def _offer_years(form: SpanForm, kind: str, span: Span | None) -> None:
    if kind != "term":
        del form.year_id
        return
    actor = current.actor()
    years = admin_classes.years_of(current.session(), actor.school_id)
    form.year_id.choices = [SelectChoice(str(one.id), one.name) for one in years]
    if request.method == "GET":
        chosen = span.year_id if isinstance(span, Term) else id_of(request.args.get("year"))
        form.year_id.data = str(chosen) if chosen else None


def _save(kind: str, span: Any, form: SpanForm) -> int:
    session, by, now = current.session(), current.actor().by(), clock.now()
    dates = Dates(form.name.data or "", form.starts.day(), form.ends.day())
    saw = form.saw.data or ""
    if kind == "year":
        return admin_calendar.save_year(session, by, span, dates, saw, now)
    if kind == "holiday":
        return admin_calendar.save_holiday(session, by, span, dates, saw, now)
    try:
        year, _by = own(SchoolYearRow, span.year_id if span else id_of(form.year_id.data))
    except NotFound as nothing:
        raise WrongInput("year_id", _("Choose a school year.")) from nothing
    return admin_calendar.save_term(session, by, span, year, dates, saw, now)


def _saved(kind: str, weeks: int) -> str:
    if kind == "term":
        said = ngettext(
            "Saved. The term has one school week.", "Saved. The term has %(num)s school weeks.",
            weeks,
        )  # fmt: skip
    else:
        said = ngettext(
            "Saved. The year has one school week now.",
            "Saved. The year has %(num)s school weeks now.", weeks,
        )  # fmt: skip
    return str(said)


@school.route(f"/admin/calendar/<any({KINDS}):kind>/remove", methods=["GET", "POST"])
@signed_in(Hat.ADMINISTRATOR)
def admin_remove_span(kind: str) -> ResponseReturnValue:
    key = id_of(request.args.get("id") if request.method == "GET" else request.form.get("id"))
    if key is None:
        return redirect(url_for("school.admin_calendar"), 303)
    span = _span(kind, key)
    if request.method == "GET":
        return render_template("school/admin_remove_span.html", span=span, kind=kind)
    name = span.name
    admin_calendar.remove(current.session(), current.actor().by(), span, clock.now())
    flash(_("“%(name)s” is out of the calendar.", name=name))
    return redirect(url_for("school.admin_calendar"), 303)
