"""A teacher's classes; the pages of the school office stand beside them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from learnpath.access import Can
from learnpath.people.models import Hat
from learnpath.school import queries
from learnpath.school.blueprint import school
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.rules import fetch, may, signed_in

__all__ = ["school"]


@school.get("/classes")
@signed_in(Hat.TEACHER)
def classes() -> ResponseReturnValue:
    actor = current.actor()
    session = current.session()
    lines = queries.classes_of(session, actor.person_id, actor.today)
    earlier = queries.earlier_classes_of(session, actor.person_id, actor.today)
    return render_template("school/classes.html", classes=lines, earlier=earlier)


@school.get("/classes/<id:class_id>")
@may(Can.RUN_CLASS)
def class_page(class_id: int) -> ResponseReturnValue:
    school_class, _by = fetch(SchoolClass, class_id)
    learners = queries.learners_in(current.session(), class_id, current.actor().today)
    return render_template("school/class_page.html", school_class=school_class, learners=learners)


from learnpath.school import (  # noqa: E402, F401 - the pages of the school office
    admin_calendar_views,
    admin_class_views,
    admin_log_views,
    admin_roll_over_views,
    admin_views,
    badge_views,
    roster_views,
)
