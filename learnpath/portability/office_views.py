"""The school office: requests about records, what is open, what was loaded, and what the office changed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.goals import evidence
from learnpath.goals.file_store import store_of
from learnpath.people.models import Hat, Person
from learnpath.portability import files, loaded as loaded_files, open_doors, queries, requests
from learnpath.portability.blueprint import portability
from learnpath.portability.erase import erase_learner
from learnpath.portability.export import export
from learnpath.portability.office_forms import (
    ASKERS,
    KINDS,
    STATES,
    AnswerForm,
    EraseForm,
    RequestForm,
)
from learnpath.portability.requests import Asked
from learnpath.portability.telling import sentence
from learnpath.record import By, Relation, Verb
from learnpath.school.models import DataRequest, RequestKind, RequestState
from learnpath.school.roster import waiting
from learnpath.web import current
from learnpath.web.rules import fetch, may, signed_in

LONGEST_NUMBER = 9


def _number(text: str | None, most: int = LONGEST_NUMBER) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else 0


def _show(form: object, error: WrongInput) -> None:
    form[error.field].errors = [str(error.message)]  # type: ignore[index]


# -- requests ------------------------------------------------------------------------------------------


@portability.get("/admin/requests", endpoint="requests")
@signed_in(Hat.ADMINISTRATOR)
def request_list() -> ResponseReturnValue:
    page = _number(request.args.get("page"))
    shown = requests.list_of(current.session(), current.actor().school_id, page)
    return render_template(
        "portability/requests.html", shown=shown, today=current.actor().today, kinds=KINDS,
        states=STATES,
    )  # fmt: skip


@portability.route("/admin/people/<id:person_id>/requests/new", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def new_request(person_id: int) -> ResponseReturnValue:
    learner, by = fetch(Person, person_id)
    if learner.grade is None:
        raise NotFound
    today = current.actor().today
    form = RequestForm(asked_on=today)
    if request.method == "POST" and form.validate():
        asked = Asked(
            RequestKind(form.kind.data), Relation(form.asked_as.data), form.asked_by.data or "",
            form.about.data or "", form.asked_on.data or today,
        )  # fmt: skip
        try:
            made = requests.note_request(current.session(), by, learner, asked, today, clock.now())
        except WrongInput as error:
            _show(form, error)
        else:
            flash(_("The request is noted."))
            return redirect(url_for("portability.request_page", request_id=made.id), 303)
    answer = render_template("portability/request_new.html", learner=learner, form=form)
    return answer, 200 if request.method == "GET" else 422


@portability.route("/admin/requests/<id:request_id>", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def request_page(request_id: int) -> ResponseReturnValue:
    asked, by = fetch(DataRequest, request_id)
    form = AnswerForm()
    if request.method == "POST":
        requests.check_open(asked)
        if form.validate():
            try:
                state = RequestState(form.state.data)
                requests.answer(
                    current.session(), by, asked, state, form.answer.data or "", clock.now()
                )
            except WrongInput as error:
                _show(form, error)
            else:
                flash(_("The request is closed."))
                return redirect(url_for("portability.request_page", request_id=request_id), 303)
    return _request_page(asked, form), 200 if request.method == "GET" else 422


def _request_page(asked: DataRequest, form: AnswerForm) -> str:
    learner = current.session().get_one(Person, asked.learner_id)
    return render_template(
        "portability/request.html", asked=asked, learner=learner, form=form, kinds=KINDS,
        states=STATES, askers=ASKERS,
    )  # fmt: skip


@portability.post("/admin/requests/<id:request_id>/copy")
@may(Can.ADMINISTER)
def request_copy(request_id: int) -> ResponseReturnValue:
    """Give the record with its files, for whoever asked for it: only while the request is open."""
    asked, by = fetch(DataRequest, request_id)
    requests.check_open(asked)
    if asked.kind is RequestKind.ERASE:
        raise NotAllowedNow(_("A copy belongs to a request to see or to correct."))
    session = current.session()
    learner = session.get_one(Person, asked.learner_id)
    text = export(session, by, learner, clock.now(), kind="zip")
    rows = evidence.files_of(session, asked.learner_id)
    made = files.packed(text, rows, store_of(current.settings()))
    answer = Response(made, mimetype="application/zip")
    name = f"record-{asked.learner_id}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@portability.route("/admin/requests/<id:request_id>/erase", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def request_erase(request_id: int) -> ResponseReturnValue:
    asked, by = fetch(DataRequest, request_id)
    requests.check_open(asked)
    session = current.session()
    if asked.kind is not RequestKind.ERASE:
        raise NotAllowedNow(_("This request does not ask to erase."))
    if requests.others_open(session, asked):
        raise NotAllowedNow(_("Another request about this student is open. Answer that one first."))
    learner = session.get_one(Person, asked.learner_id)
    form = EraseForm()
    if request.method == "POST" and form.validate():
        try:
            _erase(asked, by, learner, form)
        except WrongInput as error:
            _show(form, error)
        else:
            flash(_("Everything about this student is erased. The request says so."))
            return redirect(url_for("portability.request_page", request_id=request_id), 303)
    answer = render_template("portability/erase.html", asked=asked, learner=learner, form=form)
    return answer, 200 if request.method == "GET" else 422


def _erase(asked: DataRequest, by: By, learner: Person, form: EraseForm) -> None:
    if (form.name.data or "") != " ".join(learner.full_name.split()):
        raise WrongInput(
            "name", _("That is not the full name of this student. Type it as it stands above.")
        )
    session, now = current.session(), clock.now()
    # The request is answered first: what tells of it is erased like the rest, its row stays.
    requests.answer(session, by, asked, RequestState.ANSWERED, form.answer.data or "", now)
    erase_learner(session, by, learner, store_of(current.settings()), now)
    waiting.let_all_go(waiting.folder_in(current.settings().data_dir))


# -- what is open, what was loaded, what was changed ---------------------------------------------------


@portability.get("/admin/open")
@signed_in(Hat.ADMINISTRATOR)
def open_links() -> ResponseReturnValue:
    shown = open_doors.open_doors(
        current.session(), current.actor().school_id, clock.now(), _number(request.args.get("page"))
    )
    return render_template("portability/open_links.html", shown=shown)


@portability.post("/admin/open/links")
@signed_in(Hat.ADMINISTRATOR)
def stop_link() -> ResponseReturnValue:
    key = _number(request.form.get("link"), 18)
    if key:
        open_doors.stop_link(current.session(), current.actor().by(), key, clock.now())
        flash(_("The link opens nothing any more."))
    return redirect(url_for("portability.open_links"), 303)


@portability.post("/admin/open/cards")
@signed_in(Hat.ADMINISTRATOR)
def stop_card() -> ResponseReturnValue:
    key = _number(request.form.get("learner"), 18)
    if key:
        open_doors.stop_card(current.session(), current.actor().by(), key, clock.now())
        flash(_("The card opens nothing any more. A teacher can print a new one."))
    return redirect(url_for("portability.open_links"), 303)


@portability.get("/admin/files")
@signed_in(Hat.ADMINISTRATOR)
def loaded() -> ResponseReturnValue:
    shown = loaded_files.loaded(current.settings().inventories)
    return render_template("portability/loaded.html", shown=shown, language=str(get_locale()))


@portability.get("/admin/changes")
@signed_in(Hat.ADMINISTRATOR)
def changes() -> ResponseReturnValue:
    shown = queries.office_page(
        current.session(), current.actor().school_id, _number(request.args.get("page"))
    )
    return render_template("portability/changes.html", shown=shown, sentence=_office_sentence)


def _office_sentence(verb: Verb, who: str) -> str:
    # Here it is an adult: what concerns a student stands in the record of the student.
    return (
        _("%(who)s added a person.", who=who) if verb is Verb.PERSON_ADDED else sentence(verb, who)
    )
