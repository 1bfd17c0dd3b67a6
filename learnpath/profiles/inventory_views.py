"""The pages of an inventory: chosen, answered step by step, checked, finished."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _
from flask_wtf import FlaskForm

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Language, Person
from learnpath.profiles import inventories, inventory, queries
from learnpath.profiles.forms import ANSWERS, first_field, said_of, step_form
from learnpath.profiles.inventories import Inventory, Kind, Question, Step
from learnpath.profiles.inventory import Value
from learnpath.profiles.models import InventoryRun
from learnpath.web import current
from learnpath.web.rules import fetch, may


def open_inventory_pages(room: Blueprint) -> None:
    """Add the pages to the room."""
    room.add_url_rule(
        "/learners/<id:learner_id>/inventories", view_func=choose, endpoint="inventories"
    )
    room.add_url_rule(
        "/learners/<id:learner_id>/inventories", view_func=start, methods=["POST"],
        endpoint="inventory_start",
    )  # fmt: skip
    step = "/inventory-runs/<id:run_id>/<int:step>"
    room.add_url_rule(step, view_func=show_step, endpoint="inventory_step")
    room.add_url_rule(step, view_func=keep_step, methods=["POST"], endpoint="inventory_keep")
    room.add_url_rule(
        "/inventory-runs/<id:run_id>/check", view_func=check, endpoint="inventory_check"
    )
    room.add_url_rule(
        "/inventory-runs/<id:run_id>/check", view_func=finish, methods=["POST"],
        endpoint="inventory_finish",
    )  # fmt: skip


@may(Can.WRITE_PROFILE)
def choose(learner_id: int) -> ResponseReturnValue:
    """Show which inventories fit the learner, and which were answered when."""
    learner, _by = fetch(Person, learner_id)
    return render_template(
        "profiles/inventories.html", learner=learner, language=_language(),
        offered=inventories.for_grade(learner.grade),
        runs=queries.runs_of(current.session(), learner_id),
    )  # fmt: skip


@may(Can.WRITE_PROFILE)
def start(learner_id: int) -> ResponseReturnValue:
    """Begin an inventory, or carry on with one."""
    _learner, by = fetch(Person, learner_id)
    chosen = request.form.get("inventory", "")
    run = inventory.start(current.session(), by, learner_id, chosen, clock.now())
    return redirect(url_for("profiles.inventory_step", run_id=run.id, step=run.step), 303)


@may(Can.WRITE_PROFILE)
def show_step(run_id: int, step: int) -> ResponseReturnValue:
    """Show one step with what was answered before."""
    run, _by = fetch(InventoryRun, run_id)
    whole = inventory.inventory_of(run.inventory)
    answers = inventory.answers_of(current.session(), run_id)
    return _step_page(run, whole, step, step_form(_step(whole, step), answers, _language()))


@may(Can.WRITE_PROFILE)
def keep_step(run_id: int, step: int) -> ResponseReturnValue:
    """Keep the answers of a step and go on to the next one, or to the check page."""
    run, _by = fetch(InventoryRun, run_id)
    whole = inventory.inventory_of(run.inventory)
    shown = _step(whole, step)
    form = step_form(shown, {}, _language())
    if not (form.validate_on_submit() and _all_kept(run, shown, form)):
        return _step_page(run, whole, step, form), 422
    inventory.go_to(current.session(), run, step + 1)
    if step == len(whole.steps) or request.args.get("then") == "check":
        return redirect(url_for("profiles.inventory_check", run_id=run_id), 303)
    return redirect(url_for("profiles.inventory_step", run_id=run_id, step=step + 1), 303)


@may(Can.READ_INVENTORY)
def check(run_id: int) -> ResponseReturnValue:
    """Show all answers of a run: to be checked by the learner, or to be read."""
    run, _by = fetch(InventoryRun, run_id)
    whole = inventory.inventory_of(run.inventory)
    answers = inventory.answers_of(current.session(), run_id)
    lines = [
        (number, question.ask[_language()], _told(question, answers.get(question.key, {})))
        for number, shown in enumerate(whole.steps, start=1)
        for question in shown.questions
    ]
    own = run.learner_id == current.actor().person_id
    return render_template(
        "profiles/check.html", run=run, whole=whole, lines=lines, own=own, language=_language()
    )


@may(Can.WRITE_PROFILE)
def finish(run_id: int) -> ResponseReturnValue:
    """Finish a run: the answers begin the profile."""
    run, by = fetch(InventoryRun, run_id)
    inventory.finish(current.session(), by, run, clock.now(), _language())
    flash(_("Saved. This is how your profile starts. Change anything you like."))
    return redirect(url_for("profiles.page", learner_id=run.learner_id), 303)


def _step_page(run: InventoryRun, whole: Inventory, step: int, form: FlaskForm) -> str:
    shown = _step(whole, step)
    return render_template(
        "profiles/step.html", run=run, whole=whole, step=step, shown=shown, form=form,
        language=_language(), to_check=request.args.get("then") == "check",
    )  # fmt: skip


def _all_kept(run: InventoryRun, shown: Step, form: FlaskForm) -> bool:
    """Keep every answer that can be taken; an answer that cannot says so at its field."""
    good = True
    for question in shown.questions:
        try:
            inventory.keep(
                current.session(), run, question.key, said_of(form, question), clock.now()
            )
        except WrongInput as error:
            form[first_field(question)].errors = [str(error.message)]
            good = False
    return good


def _step(whole: Inventory, step: int) -> Step:
    if not 1 <= step <= len(whole.steps):
        raise NotFound
    return whole.steps[step - 1]


def _told(question: Question, value: Value) -> list[str]:
    """Return an answer as lines to read."""
    language = _language()
    if question.kind is Kind.WORDS:
        return [value["text"]] if value.get("text") else []
    if question.kind is Kind.PICK:
        cards = [question.card(key) for key in value.get("cards", ())]
        own = [value["own"]] if value.get("own") else []
        return [card.words[language] for card in cards if card is not None] + own
    return [
        f"{card.words[language]}: {ANSWERS[value[card.key]]}"
        for card in question.cards
        if card.key in value
    ]


def _language() -> Language:
    return Language.ES if str(get_locale()) == "es" else Language.EN
