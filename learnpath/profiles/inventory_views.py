"""The pages of an inventory: chosen, answered step by step, checked, finished."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _
from flask_wtf import FlaskForm

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Language, Person
from learnpath.profiles import inventories, inventory, queries
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.forms import first_field, said_of, step_form
from learnpath.profiles.inventories import Inventory, Step
from learnpath.profiles.models import InventoryRun
from learnpath.profiles.queries import reads_run
from learnpath.profiles.telling import told
from learnpath.profiles.time_views import reader
from learnpath.web import current
from learnpath.web.rules import fetch, may


@profiles.get("/learners/<id:learner_id>/inventories", endpoint="inventories")
@may(Can.WRITE_PROFILE)
def choose(learner_id: int) -> ResponseReturnValue:
    """Show which inventories fit the learner, and which were answered when."""
    learner, _by = fetch(Person, learner_id)
    return render_template(
        "profiles/inventories.html", learner=learner, language=_language(),
        offered=inventories.for_grade(learner.grade),
        runs=queries.runs_of(current.session(), learner_id, reader()),
    )  # fmt: skip


@profiles.post("/learners/<id:learner_id>/inventories", endpoint="inventory_start")
@may(Can.WRITE_PROFILE)
def start(learner_id: int) -> ResponseReturnValue:
    """Begin an inventory, or carry on with one."""
    _learner, by = fetch(Person, learner_id)
    chosen = request.form.get("inventory", "")
    run = inventory.start(current.session(), by, learner_id, chosen, clock.now())
    return redirect(url_for("profiles.inventory_step", run_id=run.id, step=run.step), 303)


@profiles.get("/inventory-runs/<id:run_id>/<int:step>", endpoint="inventory_step")
@may(Can.WRITE_PROFILE)
def show_step(run_id: int, step: int) -> ResponseReturnValue:
    """Show one step with what was answered before."""
    run, _by = fetch(InventoryRun, run_id)
    whole = inventory.inventory_of(run.inventory)
    answers = inventory.answers_of(current.session(), run_id)
    return _step_page(run, whole, step, step_form(_step(whole, step), answers, _language()))


@profiles.post("/inventory-runs/<id:run_id>/<int:step>", endpoint="inventory_keep")
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


@profiles.get("/inventory-runs/<id:run_id>/check", endpoint="inventory_check")
@may(Can.READ_INVENTORY)
def check(run_id: int) -> ResponseReturnValue:
    """Show all answers of a run: to be checked by the learner, or to be read."""
    run, _by = fetch(InventoryRun, run_id)
    if not reads_run(reader(), run):
        raise NotFound
    whole = inventory.inventory_of(run.inventory)
    answers = inventory.answers_of(current.session(), run_id)
    lines = [
        (
            number,
            question.ask[_language()],
            told(question, answers.get(question.key, {}), _language()),
        )
        for number, shown in enumerate(whole.steps, start=1)
        for question in shown.questions
    ]
    own = run.learner_id == current.actor().person_id
    return render_template(
        "profiles/check.html", run=run, whole=whole, lines=lines, own=own, language=_language()
    )


@profiles.post("/inventory-runs/<id:run_id>/check", endpoint="inventory_finish")
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


def _language() -> Language:
    return Language.ES if str(get_locale()) == "es" else Language.EN
