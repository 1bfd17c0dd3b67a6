"""A class's goal on the web: offered by the teacher, taken by each learner."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.goals import group
from learnpath.goals.blueprint import goals
from learnpath.goals.forms import GoalForm, goal_form, show, typed
from learnpath.goals.models import GroupGoal
from learnpath.goals.steps import STEPS
from learnpath.people.models import Person
from learnpath.school.models import SchoolClass
from learnpath.web import current
from learnpath.web.rules import fetch, may


@goals.route("/classes/<id:class_id>/goals", methods=["GET", "POST"])
@may(Can.RUN_CLASS)
def for_class(class_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    today = current.actor().today
    form = goal_form({}, [], today)
    if request.method == "GET":
        return _class_page(school_class, form)
    if form.validate():
        try:
            group.offer_to_class(
                current.session(), by, school_class, typed(form, [], {}), today, clock.now()
            )
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Offered to the class. Each learner decides."))
            return redirect(url_for("goals.for_class", class_id=class_id), 303)
    return _class_page(school_class, form), 422


def _class_page(school_class: SchoolClass, form: GoalForm) -> str:
    return render_template(
        "goals/for_class.html",
        school_class=school_class,
        form=form,
        offered=group.of_class(current.session(), school_class.id or 0),
        all_steps=STEPS,
        own=group.OWN_PARTS,
    )


@goals.post("/classes/<id:class_id>/goals/<id:group_goal_id>/close")
@may(Can.RUN_CLASS)
def close_for_class(class_id: int, group_goal_id: int) -> ResponseReturnValue:
    fetch(SchoolClass, class_id)
    found = current.session().get(GroupGoal, group_goal_id)
    if found is None or found.class_id != class_id:
        raise NotFound
    group.close_group(current.session(), found, clock.now())
    return redirect(url_for("goals.for_class", class_id=class_id), 303)


@goals.post("/learners/<id:learner_id>/goals/from-class/<id:group_goal_id>")
@may(Can.START_GOAL)
def take_from_class(learner_id: int, group_goal_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, learner_id)
    goal = group.take(
        current.session(), by, learner, group_goal_id, current.actor().today, clock.now()
    )
    return redirect(url_for("goals.draft_step", goal_id=goal.id, step="now"), 303)
