"""Classes for the school office."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Hat
from learnpath.school import admin_classes
from learnpath.school.admin_forms import ClassForm, LastDayForm, id_of, show
from learnpath.school.admin_views import own, page_number
from learnpath.school.blueprint import school
from learnpath.school.models import SchoolClass, SchoolYearRow
from learnpath.web import current
from learnpath.web.rules import fetch, may, signed_in


@school.get("/admin/classes", endpoint="admin_classes")
@signed_in(Hat.ADMINISTRATOR)
def class_list() -> ResponseReturnValue:
    actor = current.actor()
    shown = admin_classes.classes_of_year(
        current.session(), actor.school_id, id_of(request.args.get("year")), page_number(),
        actor.today,
    )  # fmt: skip
    return render_template("school/admin_classes.html", shown=shown)


@school.route("/admin/classes/new", methods=["GET", "POST"])
@signed_in(Hat.ADMINISTRATOR)
def admin_new_class() -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    form = ClassForm()
    years = admin_classes.years_of(session, actor.school_id)
    form.year_id.choices = [SelectChoice(str(one.id), one.name) for one in years]
    if request.method == "GET":
        year = admin_classes.year_of_day(years, actor.today)
        form.year_id.data = str(year.id) if year else None
    elif form.validate():
        try:
            made = _new_class(form)
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("The class is there. Put its teacher and students in next."))
            return redirect(url_for("school.admin_class", class_id=made.id), 303)
    answer = render_template("school/admin_class_new.html", form=form, years=years)
    return answer, 200 if request.method == "GET" else 422


def _new_class(form: ClassForm) -> SchoolClass:
    try:
        year, by = own(SchoolYearRow, id_of(form.year_id.data))
    except NotFound as nothing:
        raise WrongInput("year_id", _("Choose a school year.")) from nothing
    return admin_classes.add_class(
        current.session(), by, year, form.name.data or "", form.room.data or "", clock.now()
    )


@school.route("/admin/classes/<id:class_id>", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_class(class_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    form = ClassForm(obj=school_class)
    del form.year_id
    if request.method == "POST" and form.validate():
        try:
            admin_classes.change_class(
                current.session(), by, school_class, form.name.data or "", form.room.data or "",
                clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("school.admin_class", class_id=class_id), 303)
    shown = admin_classes.class_page(current.session(), school_class, current.actor().today)
    answer = render_template("school/admin_class.html", shown=shown, form=form)
    return answer, 200 if request.method == "GET" else 422


@school.route("/admin/classes/<id:class_id>/end", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_end_class(class_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    form = LastDayForm(last_day=current.actor().today)
    if request.method == "POST" and form.validate():
        ended = admin_classes.end_class(
            current.session(), by, school_class, form.last_day.day(), clock.now()
        )
        flash(
            ngettext(
                "The class has ended for one person.",
                "The class has ended for %(num)s people.", ended,
            )
        )  # fmt: skip
        return redirect(url_for("school.admin_class", class_id=class_id), 303)
    shown = admin_classes.class_page(current.session(), school_class, current.actor().today)
    answer = render_template("school/admin_end_class.html", shown=shown, form=form)
    return answer, 200 if request.method == "GET" else 422
