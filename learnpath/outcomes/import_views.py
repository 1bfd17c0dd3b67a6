"""The school office brings in school data: choose a file, say what its columns mean, read the plan, apply or undo."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.outcomes import bring_in, mapping_form, mappings, waiting
from learnpath.outcomes.blueprint import outcomes
from learnpath.outcomes.bring_in import PlanStops
from learnpath.outcomes.forms import CodesForm, MappingForm, PlanForm, UploadForm
from learnpath.outcomes.mapping import ENCODINGS, SEPARATORS, WrongMapping
from learnpath.outcomes.models import WaitingFile
from learnpath.outcomes.plan import OutcomePlan
from learnpath.outcomes.wording import KINDS_FOR_OTHERS, count_words, reason_words
from learnpath.people.models import Hat
from learnpath.record import By
from learnpath.school.models import ImportKind, ImportRun
from learnpath.web import current
from learnpath.web.fields import one_line
from learnpath.web.rules import fetch, may, signed_in
from learnpath.web.uploads import takes_files

SHOWN = 50


@outcomes.get("/admin/outcomes")
@signed_in(Hat.ADMINISTRATOR)
def imports() -> ResponseReturnValue:
    return _imports(UploadForm(formdata=None))


def _imports(form: UploadForm) -> str:
    session, school_id = current.session(), current.actor().school_id
    return render_template(
        "outcomes/imports.html", form=form, runs=waiting.last_runs(session, school_id),
        held=waiting.waiting_files(session, school_id),
        saved=mappings.saved(session, school_id), presets=mappings.presets(),
    )  # fmt: skip


@outcomes.post("/admin/outcomes")
@takes_files(most_bytes=waiting.MOST_BYTES + 64 * 1024)
@signed_in(Hat.ADMINISTRATOR)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    by = current.actor().by()
    file = request.files.get("file")
    if form.validate():
        try:
            name, content = (one_line(file.filename or ""), file.read()) if file else ("", b"")
            kept = waiting.take(current.session(), by, name, content, clock.now())
        except WrongInput as error:
            form.file.errors = [str(error.message)]
        else:
            return redirect(url_for("outcomes.import_file", outcome_file_id=kept.id), 303)
    return _imports(form), 422


@outcomes.get("/admin/outcomes/files/<id:outcome_file_id>")
@may(Can.ADMINISTER)
def import_file(outcome_file_id: int) -> ResponseReturnValue:
    file, by = fetch(WaitingFile, outcome_file_id)
    if not file.mapping and not waiting.is_oneroster(file):
        return redirect(url_for("outcomes.import_mapping", outcome_file_id=file.id), 303)
    return _plan_page(file, by)


def _plan_page(file: WaitingFile, by: By, *, again: bool = False) -> str:
    plan = bring_in.plan_of(current.session(), by, waiting.source_of(file), clock.now())
    codes = CodesForm(formdata=None, data=mapping_form.open_codes(plan))
    return _shown(file, plan, codes, again=again)


def _shown(file: WaitingFile, plan: OutcomePlan, codes: CodesForm, *, again: bool = False) -> str:
    return render_template(
        "outcomes/plan.html", file=file, plan=plan, again=again, codes=codes, shown=SHOWN,
        form=PlanForm(formdata=None, seen=plan.digest()),
        kinds={kind.value: name for kind, name in KINDS_FOR_OTHERS.items()},
        reason_words=reason_words,
    )  # fmt: skip


# -- what the columns mean ---------------------------------------------------------------------------


@outcomes.get("/admin/outcomes/files/<id:outcome_file_id>/mapping")
@may(Can.ADMINISTER)
def import_mapping(outcome_file_id: int) -> ResponseReturnValue:
    file, _by = fetch(WaitingFile, outcome_file_id)
    said = _to_begin_with(file)
    form = MappingForm(formdata=None, data=said)
    return _mapping_page(file, form)


def _to_begin_with(file: WaitingFile) -> dict[str, Any]:
    """Return what the form says at first: the file's own mapping, a preset, or nothing but its separator."""
    preset = mappings.presets().get(request.args.get("preset", ""))
    own = waiting.mapping_of(file)
    begin = preset or own
    said = mapping_form.said(begin) if begin else {"separator": "comma"}
    if preset:
        said["name"] = ""  # a preset is a beginning: its name stays with it
    for name, known in (("separator", SEPARATORS), ("encoding", ENCODINGS)):
        if request.args.get(name) in known:
            said[name] = request.args[name]
    return said


@outcomes.post("/admin/outcomes/files/<id:outcome_file_id>/mapping")
@may(Can.ADMINISTER)
def save_mapping(outcome_file_id: int) -> ResponseReturnValue:
    file, by = fetch(WaitingFile, outcome_file_id)
    form = MappingForm()
    if "more" in request.form:
        mapping_form.add_block(form)
        return _mapping_page(file, form)
    columns = _preview(file, form).names
    valid = form.validate()
    if mapping_form.check(form, columns) and valid:
        try:
            mapping = mapping_form.mapping_of(form, waiting.mapping_of(file))
            waiting.choose(current.session(), by, file, mapping, clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        except WrongMapping as error:
            form.form_errors.append(str(error))
        else:
            return redirect(url_for("outcomes.import_file", outcome_file_id=file.id), 303)
    return _mapping_page(file, form), 422


def _preview(file: WaitingFile, form: MappingForm) -> waiting.Preview:
    separator, encoding = form.separator.data, form.encoding.data
    form.separator.data = separator if separator in SEPARATORS else "comma"
    form.encoding.data = encoding if encoding in ENCODINGS else "utf-8"
    return waiting.preview(file, form.separator.data, form.encoding.data)


def _mapping_page(file: WaitingFile, form: MappingForm) -> str:
    preview = _preview(file, form)
    mapping_form.offer(form, preview.names)
    _known, fitting = mappings.recognise(
        current.session(), file.school_id, lambda: waiting.opened(file)
    )
    presets = {key: mappings.presets()[key] for key in fitting}
    return render_template(
        "outcomes/mapping.html", file=file, form=form, preview=preview, presets=presets
    )


@outcomes.post("/admin/outcomes/files/<id:outcome_file_id>/codes")
@may(Can.ADMINISTER)
def save_codes(outcome_file_id: int) -> ResponseReturnValue:
    file, by = fetch(WaitingFile, outcome_file_id)
    form, mapping = CodesForm(), waiting.mapping_of(file)
    if mapping is None:
        raise NotFound
    if form.validate():
        told = mapping_form.with_codes(mapping, form)
        if told is not None:
            waiting.choose(current.session(), by, file, told, clock.now())
            return redirect(url_for("outcomes.import_file", outcome_file_id=file.id), 303)
    plan = bring_in.plan_of(current.session(), by, waiting.source_of(file), clock.now())
    return _shown(file, plan, form), 422


# -- apply, let go, undo -----------------------------------------------------------------------------


@outcomes.post("/admin/outcomes/files/<id:outcome_file_id>/apply")
@may(Can.ADMINISTER)
def apply_file(outcome_file_id: int) -> ResponseReturnValue:
    file, by = fetch(WaitingFile, outcome_file_id)
    session = current.session()
    try:
        run, plan = bring_in.apply(session, by, waiting.source_of(file), clock.now())
    except PlanStops:
        session.rollback()
        return _plan_page(file, by, again=True), 409
    if plan.digest() != PlanForm().seen.data:
        # Somebody else changed what is there since the plan was read: it is read once more.
        session.rollback()
        return _plan_page(file, by, again=True), 409
    session.delete(file)
    flash(ngettext("One value was brought in.", "%(num)s values were brought in.", plan.takes))
    return redirect(url_for("outcomes.import_run", import_id=run.id), 303)


@outcomes.post("/admin/outcomes/files/<id:outcome_file_id>/drop")
@may(Can.ADMINISTER)
def drop_file(outcome_file_id: int) -> ResponseReturnValue:
    file, _by = fetch(WaitingFile, outcome_file_id)
    current.session().delete(file)
    flash(_("The file was thrown away. Nothing was changed."))
    return redirect(url_for("outcomes.imports"), 303)


def _run(import_id: int) -> tuple[ImportRun, By]:
    run, by = fetch(ImportRun, import_id)
    if run.kind is not ImportKind.OUTCOMES:
        raise NotFound
    return run, by


@outcomes.get("/admin/outcomes/imports/<id:import_id>")
@may(Can.ADMINISTER)
def import_run(import_id: int) -> ResponseReturnValue:
    run, _by = _run(import_id)
    counts = [(count_words(key), count) for key, count in run.counts.items() if count]
    return render_template("outcomes/import_run.html", run=run, counts=counts)


@outcomes.post("/admin/outcomes/imports/<id:import_id>/undo")
@may(Can.ADMINISTER)
def undo_import(import_id: int) -> ResponseReturnValue:
    run, by = _run(import_id)
    count = bring_in.undo(current.session(), by, run, clock.now())
    flash(ngettext("One value was taken back.", "%(num)s values were taken back.", count))
    return redirect(url_for("outcomes.import_run", import_id=run.id), 303)
