"""A teacher's classes, and the people of the school for its administrator."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learnpath.access import Can
from learnpath.people.models import Hat
from learnpath.school import directory, queries
from learnpath.school.blueprint import school
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.fields import one_line
from learnpath.web.rules import fetch, may, signed_in

__all__ = ["school"]

LONGEST_SEARCH = 80


@school.get("/classes")
@signed_in(Hat.TEACHER)
def classes() -> ResponseReturnValue:
    actor = current.actor()
    lines = queries.classes_of(current.session(), actor.person_id, actor.today)
    return render_template("school/classes.html", classes=lines)


@school.get("/classes/<id:class_id>")
@may(Can.RUN_CLASS)
def class_page(class_id: int) -> ResponseReturnValue:
    school_class, _by = fetch(SchoolClass, class_id)
    learners = queries.learners_in(current.session(), class_id, current.actor().today)
    return render_template("school/class_page.html", school_class=school_class, learners=learners)


@school.get("/people")
@signed_in(Hat.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    words = one_line(request.args.get("name", ""))[:LONGEST_SEARCH]
    page = request.args.get("page", 1, type=int)
    found = directory.find_people(current.session(), current.actor(), words, min(page, 10**6))
    return render_template("school/people.html", directory=found)
