"""Talking about a goal: suggestions and their answers, words, questions, talks."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.goals import comment, suggest
from learnpath.goals.blueprint import goals
from learnpath.goals.draft_views import language
from learnpath.goals.forms import show
from learnpath.goals.models import Answer, Goal, GoalState
from learnpath.goals.page import GoalPage, page_of
from learnpath.goals.talk_forms import AnswerForm, SayForm, SuggestForm, TalkForm, part_of
from learnpath.goals.views import back_to, calendar, goal_page
from learnpath.record import By
from learnpath.web import current
from learnpath.web.rules import fetch, may


@goals.route("/goals/<id:goal_id>/suggest", methods=["GET", "POST"])
@may(Can.SUGGEST_GOAL)
def suggest_part(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    if request.method == "GET":
        part = request.args.get("part") or "target"
        return _suggest_page(goal, SuggestForm(number=goal.newest_number, part=part))
    form = SuggestForm()
    if not form.validate():
        return _suggest_page(goal, form), 422
    try:
        suggest.suggest(
            current.session(), by, goal, part_of(form.part.data), form.words.data or "",
            form.sentence.data or "", form.number.data or 0, clock.now(),
        )  # fmt: skip
    except WrongInput as error:
        show(form, error)
        return _suggest_page(goal, form), 422
    flash(_("Your idea is sent."))
    return back_to(goal)


def _suggest_page(goal: Goal, form: SuggestForm) -> str:
    return render_template("goals/suggest.html", goal=goal, shown=_shown(goal), form=form)


def _shown(goal: Goal) -> GoalPage:
    actor = current.actor()
    return page_of(current.session(), goal, calendar(), actor.today, actor.hat)


@goals.route("/goals/<id:goal_id>/ideas/<id:suggestion_id>", methods=["GET", "POST"])
@may(Can.WRITE_GOAL)
def answer(goal_id: int, suggestion_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    form = AnswerForm()
    if request.method == "GET":
        return _answer_page(goal, suggestion_id, form)
    chosen = request.form.get("answer", "")
    if chosen not in set(Answer) or not form.validate():
        return _answer_page(goal, suggestion_id, form), 422
    try:
        suggest.answer(
            current.session(), by, goal, suggestion_id, Answer(chosen), current.actor().today,
            clock.now(), own_words=form.own_words.data or "", language=language(),
        )  # fmt: skip
    except WrongInput as error:
        show(form, error)
        return _answer_page(goal, suggestion_id, form), 422
    flash(
        _("You kept your words.") if chosen == Answer.KEPT_MINE else _("Your goal has new words.")
    )
    return back_to(goal)


def _answer_page(goal: Goal, suggestion_id: int, form: AnswerForm) -> str:
    shown = _shown(goal)
    ideas = (*shown.ideas, *shown.answered_ideas)
    idea = next((one for one in ideas if one.suggestion.id == suggestion_id), None)
    if idea is None:
        raise NotFound
    return render_template("goals/answer.html", goal=goal, shown=shown, idea=idea, form=form)


@goals.post("/goals/<id:goal_id>/say")
@may(Can.COMMENT_GOAL)
def say(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    form = SayForm()
    if form.validate():
        try:
            comment.comment(
                current.session(), by, goal, form.text.data or "", clock.now(), language=language(),
                for_family=bool(form.for_family.data),
            )  # fmt: skip
        except WrongInput as error:
            show(form, error)
        else:
            return back_to(goal, "talk")
    return goal_page(goal, say_form=form), 422


@goals.post("/goals/<id:goal_id>/talk")
@may(Can.ANSWER_GOAL)
def talk(goal_id: int) -> ResponseReturnValue:
    goal, by = fetch(Goal, goal_id)
    if goal.state is GoalState.DRAFT:
        raise NotAllowedNow(_("This goal is still a draft."))
    form = TalkForm()
    if form.validate():
        try:
            _talk(goal, by, form)
        except WrongInput as error:
            show(form, error)
        else:
            return back_to(goal, "talk")
    return goal_page(goal, talk_form=form), 422


def _talk(goal: Goal, by: By, form: TalkForm) -> None:
    session, now, text = current.session(), clock.now(), form.text.data or ""
    if form.kind.data == "question":
        comment.ask(session, by, goal, text, now, language=language())
    elif form.kind.data == "talk_planned":
        if form.talk_on.data is None:
            raise WrongInput("talk_on", _("Choose a day for the talk."))
        comment.plan_talk(
            session, by, goal, form.talk_on.data, text, now, current.actor().today,
            language=language(),
        )  # fmt: skip
    else:
        comment.note_talk(session, by, goal, text, now, language=language())
