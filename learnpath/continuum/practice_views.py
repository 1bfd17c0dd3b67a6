"""Reflections on the twelve strands that people place, on the web."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _

from learnpath import access, clock
from learnpath.access import Actor, Can
from learnpath.continuum import practice, practice_page
from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import Strand, driver_model
from learnpath.continuum.forms import LookBackForm, ReflectForm
from learnpath.continuum.models import PracticeReflection, Scope
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Hat
from learnpath.school.models import SchoolClass
from learnpath.school.queries import classes_of
from learnpath.web import current
from learnpath.web.rules import fetch, may, signed_in

REFLECTING = (Hat.LEARNER, Hat.TEACHER, Hat.LEADER)


def install(continuum: Blueprint) -> None:
    """Give the room's blueprint these pages."""
    continuum.add_url_rule("/practice", "practice", strands)
    continuum.add_url_rule("/practice/<strand>", "practice_strand", strand_page)
    continuum.add_url_rule(
        "/practice/<strand>/new", "practice_new", reflect, methods=["GET", "POST"]
    )
    continuum.add_url_rule(
        "/reflections/<id:reflection_id>/look-back", "practice_look_back", look_back,
        methods=["GET", "POST"],
    )  # fmt: skip


@signed_in(*REFLECTING)
def strands() -> ResponseReturnValue:
    """Show the twelve strands with one's own newest reflection on each."""
    newest = practice_page.newest_of_mine(current.session(), current.actor())
    return render_template(
        "continuum/practice.html", model=driver_model(), newest=newest, language=_language(),
        strands=practice.strands_to_reflect_on(),
    )  # fmt: skip


@signed_in(*REFLECTING)
def strand_page(strand: str) -> ResponseReturnValue:
    """Show one strand: one's own history, and where several people put it."""
    shown = practice_page.strand_page(current.session(), current.actor(), _strand(strand).key)
    return render_template(
        "continuum/practice_strand.html", strand=_strand(strand), page=shown,
        names=_names(_strand(strand)), language=_language(), reader=_voice(current.actor()),
        by_column=practice_page.by_column,
    )  # fmt: skip


@signed_in(*REFLECTING)
def reflect(strand: str) -> ResponseReturnValue:
    """Reflect on a strand."""
    actor, known = current.actor(), _strand(strand)
    form = ReflectForm()
    form.offer(known, _scopes(actor), _language(), _voice(actor))
    if form.validate_on_submit():
        try:
            _keep(form, actor, known)
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Your reflection is kept."))
            return redirect(url_for("continuum.practice_strand", strand=known.key), 303)
    status = 422 if form.errors else 200
    return (
        render_template(
            "continuum/practice_new.html", form=form, strand=known, language=_language()
        ),
        status,
    )  # fmt: skip


def _keep(form: ReflectForm, actor: Actor, strand: Strand) -> None:
    scope, _colon, chosen = str(form.scope.data).partition(":")
    class_id = _own_class(actor, chosen) if chosen else None
    target, day = form.target.data, form.target_day.data
    steps = [
        practice.Step(step.form.text.data or "", step.form.owner.data or "", step.form.due.data)
        for step in form.steps
    ]
    practice.reflect(
        current.session(), actor.by(), strand.key, Scope(scope), Column(form.place.data),
        form.evidence.data or "", clock.now(), class_id=class_id,
        aim=practice.Aim(Column(target), day) if target and day else None, steps=steps,
    )  # fmt: skip


def _own_class(actor: Actor, chosen: str) -> int:
    """Return the class that a form names, loaded under the right to run it. Raises NotFound."""
    session = current.session()
    known = access.fetch(session, actor, Can.RUN_CLASS, SchoolClass, int(chosen))[0]
    return known.id or 0


@may(Can.LOOK_BACK_AT_PRACTICE)
def look_back(reflection_id: int) -> ResponseReturnValue:
    """Look back at one's own reflection."""
    reflection, by = fetch(PracticeReflection, reflection_id)
    steps = practice.steps_of(current.session(), [reflection_id])
    form = LookBackForm()
    form.done.choices = [(step.id, step.text) for step in steps]
    back = url_for("continuum.practice_strand", strand=reflection.strand)
    if form.validate_on_submit():
        practice.look_back(
            current.session(), by, reflection, form.looked_back.data or "", form.done.data or [],
            clock.now(),
        )  # fmt: skip
        flash(_("Your look back is kept."))
        return redirect(back, 303)
    status = 422 if form.errors else 200
    return (
        render_template(
            "continuum/practice_look_back.html", form=form, reflection=reflection, back=back,
            steps=steps, names=_names(_strand(reflection.strand)),
        ),
        status,
    )  # fmt: skip


def _language() -> str:
    return str(get_locale() or "en")


def _voice(actor: Actor) -> str:
    return "learner" if actor.hat is Hat.LEARNER else "educator"


def _strand(key: str) -> Strand:
    known = practice.strands_to_reflect_on().get(key)
    if known is None:
        raise NotFound
    return known


def _names(strand: Strand) -> dict[Column, str]:
    """Return what the columns are called in this strand's group."""
    founding = strand.group == "foundational_practices"
    return {
        column: (one.foundations if founding else one.drivers)[_language()]
        for column, one in driver_model().columns.items()
    }


def _scopes(actor: Actor) -> list[tuple[str, str]]:
    """Return whose practice this person may reflect on: only classes that they teach now."""
    own = [(Scope.OWN.value, _("My own"))]
    if actor.hat is Hat.LEARNER:
        return own
    staff = [(Scope.TEAM.value, _("My team")), (Scope.SCHOOL.value, _("Our school"))]
    if actor.hat is not Hat.TEACHER:
        return own + staff
    taught = classes_of(current.session(), actor.person_id, actor.today)
    return own + [(f"{Scope.CLASS}:{one.id}", one.name) for one in taught] + staff
