"""What growth is usual in a class: a teacher says it, the coach makes words of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import WrongInput
from learnpath.goals import band, parts
from learnpath.goals.blueprint import goals
from learnpath.goals.forms import BandForm, show
from learnpath.goals.trend import Measure
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.rules import fetch, may


@goals.get("/classes/<id:class_id>/growth")
@may(Can.RUN_CLASS)
def growth(class_id: int) -> ResponseReturnValue:
    school_class, _by = fetch(SchoolClass, class_id)
    return _page(school_class, BandForm(formdata=None))


@goals.post("/classes/<id:class_id>/growth")
@may(Can.RUN_CLASS)
def set_growth(class_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    form = BandForm()
    if not form.validate():
        return _page(school_class, form), 422
    try:
        band.set_band(
            current.session(), by, school_class, Measure(form.measure.data), form.unit.data or "",
            parts.read_number(form.usual.data or "", "usual"),
            parts.read_number(form.ambitious.data or "", "ambitious"), clock.now(),
        )  # fmt: skip
    except WrongInput as error:
        show(form, error)
        return _page(school_class, form), 422
    flash(_("Saved. The coach uses it from now on."))
    return redirect(url_for("goals.growth", class_id=class_id), 303)


@goals.post("/classes/<id:class_id>/growth/<id:band_id>/remove")
@may(Can.RUN_CLASS)
def remove_growth(class_id: int, band_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    band.remove_band(current.session(), by, school_class, band_id, clock.now())
    flash(_("Removed. The coach does not use it any more."))
    return redirect(url_for("goals.growth", class_id=class_id), 303)


def _page(school_class: SchoolClass, form: BandForm) -> str:
    said = band.bands_of(current.session(), school_class.id or 0)
    return render_template("goals/growth.html", school_class=school_class, form=form, said=said)
