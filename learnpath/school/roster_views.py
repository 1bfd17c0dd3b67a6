"""Bringing in a roster: choose the file, read the plan, then apply the very plan that was read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.config import Settings
from learnpath.people.models import Hat
from learnpath.school.blueprint import school
from learnpath.school.roster import waiting
from learnpath.school.roster.apply import apply
from learnpath.school.roster.plan import RosterPlan, is_tied, plan_of, schools_in, wait_for_others
from learnpath.school.roster_forms import PlanForm, SchoolForm, UploadForm
from learnpath.school.roster_page import page_of
from learnpath.web import current
from learnpath.web.rules import signed_in
from learnpath.web.uploads import takes_files

MOST_BYTES = 256 * 1024**2


def _folder(settings: Settings) -> Path:
    return waiting.folder_in(settings.data_dir)


@school.route("/admin/roster", methods=["GET", "POST"])
@takes_files(most_bytes=MOST_BYTES)
@signed_in(Hat.ADMINISTRATOR)
def roster() -> ResponseReturnValue:
    folder, actor = _folder(current.settings()), current.actor()
    waiting.sweep(folder, clock.now())
    form = UploadForm()
    if request.method == "GET":
        return render_template("school/roster.html", form=form)
    if not form.validate():
        return render_template("school/roster.html", form=form), 422
    file = form.file.data
    key = waiting.keep(folder, actor.person_id, file.filename, file.save)
    return redirect(url_for("school.roster_plan", upload=key), 303)


@school.get("/admin/roster/plan")
@signed_in(Hat.ADMINISTRATOR)
def roster_plan() -> ResponseReturnValue:
    key = request.args.get("upload", "")
    path = _waiting(key)
    if path is None:
        return _choose_again()
    org = request.args.get("org", "")
    if not org and not is_tied(current.session(), current.actor().school_id, path):
        schools = schools_in(current.session(), path, clock.now())
        if schools:
            return _which_school(key, path, schools)
    return _plan_page(key, path, org)


@school.post("/admin/roster/plan")
@signed_in(Hat.ADMINISTRATOR)
def apply_roster() -> ResponseReturnValue:
    form = PlanForm()
    key, org = form.upload.data or "", form.org.data or ""
    path = _waiting(key)
    if path is None:
        return _choose_again()
    if "discard" in request.form:
        path.unlink(missing_ok=True)
        flash(_("The file was thrown away. Nothing was changed."))
        return redirect(url_for("school.roster"), 303)
    wait_for_others(current.session())
    with _planned(path, org) as plan:
        if plan.refused or plan.digest() != form.seen.data:
            return _shown(plan, key, org, again=not plan.refused), 409
        apply(current.session(), current.actor().person_id, plan, clock.now())
    path.unlink(missing_ok=True)
    flash(_("The roster was brought in. This is what came of it."))
    return redirect(url_for("school.admin_imports"), 303)


def _waiting(key: str) -> Path | None:
    return waiting.find(_folder(current.settings()), current.actor().person_id, key)


def _choose_again() -> ResponseReturnValue:
    flash(_("That file is not here any more. Choose it again."))
    return redirect(url_for("school.roster"), 303)


def _which_school(key: str, path: Path, schools: list[tuple[str, str]]) -> ResponseReturnValue:
    form = SchoolForm(formdata=None)
    form.offer(schools)
    if "org" in request.args:
        form.org.errors = [_("Choose your school.")]
    page = render_template(
        "school/roster_school.html", form=form, upload=key, file_name=waiting.name_of(path)
    )
    return page, 422 if form.org.errors else 200


@contextmanager
def _planned(path: Path, org: str) -> Iterator[RosterPlan]:
    actor = current.actor()
    ties = {org: actor.school_id} if org else None
    plan = plan_of(
        current.session(), path, clock.now(), zone=actor.zone, schools=ties, home=actor.school_id
    )
    plan.file_name = waiting.name_of(path)
    with plan:
        yield plan


def _plan_page(key: str, path: Path, org: str) -> ResponseReturnValue:
    with _planned(path, org) as plan:
        return _shown(plan, key, org)


def _shown(plan: RosterPlan, key: str, org: str, *, again: bool = False) -> str:
    form = PlanForm(formdata=None, upload=key, seen=plan.digest(), org=org)
    number = request.args.get("page", 1, type=int)
    page = page_of(plan, number)
    return render_template(
        "school/roster_plan.html", page=page, form=form, upload=key, org=org, again=again
    )
