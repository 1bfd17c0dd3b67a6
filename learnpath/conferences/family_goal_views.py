"""A family that came by a link says something about a goal of the summary, or suggests other words."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _

from learnpath import clock
from learnpath.conferences import links
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.family_views import opened_link, other_language, private, rested
from learnpath.conferences.forms import FamilyIdeaForm, FamilySayForm
from learnpath.conferences.goals_shown import goal_of_summary
from learnpath.conferences.models import FamilyLink
from learnpath.errors import WrongInput
from learnpath.goals import comment, suggest
from learnpath.goals.family_voice import FamilyGoal, shown_to_family
from learnpath.goals.models import GoalPart
from learnpath.people.models import Person
from learnpath.web import current
from learnpath.web.rules import public


@conferences.get("/family/<id:link_id>/goals/<id:goal_id>")
@public
def family_goal(link_id: int, goal_id: int) -> ResponseReturnValue:
    link, shown = _shown(link_id, goal_id)
    return _page(link, shown) if link and shown else rested()


@conferences.post("/family/<id:link_id>/goals/<id:goal_id>/say")
@public
def family_say(link_id: int, goal_id: int) -> ResponseReturnValue:
    link, shown = _shown(link_id, goal_id)
    if link is None or shown is None:
        return rested()
    session = current.session()
    with force_locale(link.language.value):
        form = FamilySayForm()
        if form.validate_on_submit():
            try:
                comment.comment(
                    session, links.by_family(session, link), shown.goal, form.text.data or "",
                    clock.now(), language=link.language.value,
                )  # fmt: skip
            except WrongInput as error:
                form.text.errors = [str(error.message)]
            else:
                flash(_("Sent. Your child and the teacher can read it."))
                return _back(link, goal_id)
    return _page(link, shown, say=form), 422


@conferences.post("/family/<id:link_id>/goals/<id:goal_id>/suggest")
@public
def family_suggest(link_id: int, goal_id: int) -> ResponseReturnValue:
    link, shown = _shown(link_id, goal_id)
    if link is None or shown is None or not shown.takes_ideas:
        return rested()
    session = current.session()
    with force_locale(link.language.value):
        form = FamilyIdeaForm()
        if form.validate_on_submit():
            try:
                suggest.suggest(
                    session, links.by_family(session, link), shown.goal, GoalPart(form.part.data),
                    form.words.data or "", form.sentence.data or "", form.number.data or 0,
                    clock.now(),
                )  # fmt: skip
            except WrongInput as error:
                form.words.errors = [str(error.message)]
            else:
                flash(_("Sent. Your child decides what to do with it."))
                return _back(link, goal_id)
    return _page(link, shown, idea=form), 422


def _shown(link_id: int, goal_id: int) -> tuple[FamilyLink | None, FamilyGoal | None]:
    """Return the link and the goal, when this browser opened the link and its summary shows the goal."""
    link, session = opened_link(link_id), current.session()
    found = goal_of_summary(session, link, goal_id) if link else None
    if found is None:
        return link, None
    goal, shared_at = found
    return link, shown_to_family(session, goal, shared_at)


def _page(
    link: FamilyLink, shown: FamilyGoal, *, say: FamilySayForm | None = None,
    idea: FamilyIdeaForm | None = None,
) -> Response:  # fmt: skip
    with force_locale(link.language.value):
        body = render_template(
            "conferences/family_goal.html",
            link=link,
            locale=link.language.value,
            other_language=other_language(link.language),
            learner=current.session().get_one(Person, link.learner_id),
            shown=shown,
            say=say or FamilySayForm(formdata=None),
            idea=idea or FamilyIdeaForm(formdata=None, number=shown.version.number),
        )
    return private(make_response(body))


def _back(link: FamilyLink, goal_id: int) -> ResponseReturnValue:
    address = url_for("conferences.family_goal", link_id=link.id, goal_id=goal_id, _anchor="talk")
    return private(redirect(address, 303))
