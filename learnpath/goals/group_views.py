"""A class's goal on the web: offered by the teacher, taken by each learner."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.goals import group
from learnpath.goals.blueprint import goals
from learnpath.goals.forms import ForWhomForm, GoalForm, goal_form, show, typed
from learnpath.goals.models import GroupGoal
from learnpath.goals.steps import STEPS
from learnpath.people.models import Person
from learnpath.school.models import SchoolClass
from learnpath.school.queries import learners_in
from learnpath.web import current
from learnpath.web.rules import fetch, may


@goals.route("/classes/<id:class_id>/goals", methods=["GET", "POST"])
@may(Can.RUN_CLASS)
def for_class(class_id: int) -> ResponseReturnValue:
    school_class, by = fetch(SchoolClass, class_id)
    today = current.actor().today
    form, for_whom = goal_form({}, [], today), _for_whom(class_id)
    if request.method == "GET":
        return _class_page(school_class, form, for_whom)
    if form.validate() and for_whom.validate():
        try:
            group.offer_to_class(
                current.session(), by, school_class, typed(form, [], {}), today, clock.now(),
                only=for_whom.learners.data or (),
            )  # fmt: skip
        except WrongInput as error:
            show(for_whom if error.field == "learners" else form, error)
        else:
            flash(_("Offered to the class. Each learner decides."))
            return redirect(url_for("goals.for_class", class_id=class_id), 303)
    return _class_page(school_class, form, for_whom), 422


def _for_whom(class_id: int) -> ForWhomForm:
    form = ForWhomForm()
    there = learners_in(current.session(), class_id, current.actor().today)
    form.learners.choices = [SelectChoice(one.id, one.called) for one in there]
    return form


def _class_page(school_class: SchoolClass, form: GoalForm, for_whom: ForWhomForm) -> str:
    return render_template(
        "goals/for_class.html",
        school_class=school_class,
        form=form,
        for_whom=for_whom,
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
