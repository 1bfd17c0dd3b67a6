"""The school office: what waits, and the people of the school."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import SQLModel
from werkzeug.routing import BuildError

from learnpath import access, clock
from learnpath.access import Can
from learnpath.errors import WrongInput
from learnpath.people import accounts as people_accounts
from learnpath.people.models import Hat, Language, Person
from learnpath.people.sign_on import accounts
from learnpath.record import By
from learnpath.school import admin_classes, admin_home, admin_people, directory, enrol
from learnpath.school.admin_forms import (
    DetailsForm,
    LastDayForm,
    NewPersonForm,
    TieForm,
    UsernameForm,
    id_of,
    show,
)
from learnpath.school.admin_people import Details, NewTie, TieKind
from learnpath.school.blueprint import school
from learnpath.school.enrol import NewPerson
from learnpath.web import current
from learnpath.web.fields import one_line
from learnpath.web.rules import access_log, fetch, may, signed_in

Model = TypeVar("Model", bound=SQLModel)
LONGEST_SEARCH = 80
# The pages of administration that rooms above this one give, in the order of the first page.
PLACES = (
    "school.people", "school.admin_classes", "school.admin_calendar", "school.admin_roll_over",
    "school.roster", "school.admin_imports", "outcomes.imports", "portability.requests",
    "portability.open_links", "portability.loaded", "portability.changes",
)  # fmt: skip


def own(model: type[Model], id: int | None) -> tuple[Model, By]:
    """Return an object of the office's own school, locked when something may change. Raises NotFound."""
    changing = request.method not in current.SAFE_METHODS
    return access.fetch(
        current.session(), current.actor(), Can.ADMINISTER, model, id or 0, to_change=changing
    )


def page_number() -> int:
    """Return the page that the address asks for: one, when it asks for none."""
    return min(id_of(request.args.get("page")) or 1, 10**6)


@school.get("/admin")
@signed_in(Hat.ADMINISTRATOR)
def admin() -> ResponseReturnValue:
    actor = current.actor()
    access_log().forget(actor.today)
    waits = admin_home.waiting(current.session(), actor.school_id, actor.today)
    return render_template("school/admin.html", waits=waits, places=_places())


def _places() -> dict[str, str]:
    found = {}
    for endpoint in PLACES:
        try:
            found[endpoint] = url_for(endpoint)
        except BuildError:  # a page that this installation does not have
            continue
    return found


# -- people --------------------------------------------------------------------------------------------


@school.get("/admin/people")
@signed_in(Hat.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    words = one_line(request.args.get("name", ""))[:LONGEST_SEARCH]
    without = request.args.get("without") == "class"
    found = directory.find_people(
        current.session(), current.actor(), words, page_number(), without_class=without
    )
    return render_template("school/people.html", directory=found, without=without)


@school.route("/admin/people/new", methods=["GET", "POST"])
@signed_in(Hat.ADMINISTRATOR)
def admin_new_person() -> ResponseReturnValue:
    if request.method == "GET":
        form = NewPersonForm(formdata=None, language=Language.EN)
        return render_template("school/admin_person_new.html", form=form)
    form = NewPersonForm()
    if not form.validate():
        return render_template("school/admin_person_new.html", form=form), 422
    session, by, now = current.session(), current.actor().by(), clock.now()
    new = NewPerson(**vars(_details(form)))
    try:
        person = enrol.add_person(session, by, new, now)
        if form.username.data:
            admin_people.give_username(session, by, person, form.username.data, now)
    except WrongInput as error:
        session.rollback()
        show(form, error)
        return render_template("school/admin_person_new.html", form=form), 422
    flash(_("%(name)s is here now. Say next how they belong to the school.", name=person.called))
    return _to(person)


def _details(form: DetailsForm) -> Details:
    return Details(
        form.given_name.data or "", form.family_name.data or "", form.called.data or "",
        form.pronouns.data or "", form.say_it.data or "", Language(form.language.data),
        form.grade.data,
    )  # fmt: skip


def _to(person: Person) -> ResponseReturnValue:
    return redirect(url_for("school.admin_person", person_id=person.id), 303)


@school.get("/admin/people/<id:person_id>")
@may(Can.ADMINISTER)
def admin_person(person_id: int) -> ResponseReturnValue:
    person, _by = fetch(Person, person_id)
    return _person_page(person, LastDayForm(formdata=None, last_day=current.actor().today))


def _person_page(person: Person, form: LastDayForm) -> str:
    today = current.actor().today
    shown = admin_people.person_page(current.session(), person, today)
    return render_template("school/admin_person.html", shown=shown, form=form, today=today)


@school.route("/admin/people/<id:person_id>/details", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_details(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    form = DetailsForm(obj=person)
    if request.method == "POST" and form.validate():
        try:
            changed = admin_people.change_details(
                current.session(), by, person, _details(form), clock.now()
            )
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Saved.") if changed else _("Nothing was different."))
            return _to(person)
    answer = render_template("school/admin_details.html", person=person, form=form)
    return answer, 200 if request.method == "GET" else 422


@school.route("/admin/people/<id:person_id>/username", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_username(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    form = UsernameForm()
    if request.method == "POST" and form.validate():
        try:
            admin_people.give_username(
                current.session(), by, person, form.username.data or "", clock.now()
            )
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Saved."))
            return _to(person)
    answer = render_template("school/admin_username.html", person=person, form=form)
    return answer, 200 if request.method == "GET" else 422


@school.post("/admin/people/<id:person_id>/sign-out")
@may(Can.ADMINISTER)
def admin_sign_out(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    admin_people.end_sign_ins(current.session(), by, person, clock.now())
    flash(_("%(name)s is signed out on all devices.", name=person.called))
    if person_id == current.actor().person_id:
        return redirect(url_for("people.sign_in_page"), 303)
    return _to(person)


@school.post("/admin/people/<id:person_id>/close")
@may(Can.ADMINISTER)
def admin_close(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    people_accounts.close(current.session(), by, person, clock.now())
    flash(_("The account of %(name)s is closed. The record stays.", name=person.called))
    return _to(person)


@school.post("/admin/people/<id:person_id>/open")
@may(Can.ADMINISTER)
def admin_open(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    people_accounts.open_again(current.session(), by, person, clock.now())
    flash(_("The account of %(name)s is open again.", name=person.called))
    return _to(person)


@school.post("/admin/people/<id:person_id>/unlink")
@may(Can.ADMINISTER)
def admin_unlink(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    identity = id_of(request.form.get("identity"))
    if identity:
        accounts.unlink(current.session(), by, person_id, identity, clock.now())
        flash(_("The account is unlinked."))
    return _to(person)


@school.route("/admin/people/<id:person_id>/leave", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_leave(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    form = LastDayForm(last_day=current.actor().today)
    if request.method == "POST" and form.validate():
        admin_people.leave(current.session(), by, person, form.last_day.day(), clock.now())
        flash(_("%(name)s has left the school. The record stays.", name=person.called))
        return _to(person)
    answer = render_template("school/admin_leave.html", person=person, form=form)
    return answer, 200 if request.method == "GET" else 422


@school.post("/admin/people/<id:person_id>/back")
@may(Can.ADMINISTER)
def admin_back(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    admin_people.come_back(current.session(), by, person, clock.now())
    flash(_("%(name)s is back. Add a class or a family next.", name=person.called))
    return _to(person)


# -- ties ----------------------------------------------------------------------------------------------

TIE_KINDS = ",".join(TieKind)


@school.route(f"/admin/people/<id:person_id>/ties/<any({TIE_KINDS}):kind>", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_new_tie(person_id: int, kind: str) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    form = TieForm(starts=current.actor().today)
    _offer(form, person, TieKind(kind))
    if request.method == "POST" and form.validate():
        said = form.data
        new = NewTie(
            TieKind(kind), form.starts.day(), id_of(said.get("class_id")),
            id_of(said.get("other_id")), said.get("called") or "",
        )  # fmt: skip
        try:
            admin_people.add_tie(current.session(), by, person, new, clock.now())
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Saved."))
            return _to(person)
    answer = render_template(
        "school/admin_tie.html", person=person, form=form, kind=kind, name=_looked_for()
    )
    return answer, 200 if request.method == "GET" else 422


def _offer(form: TieForm, person: Person, kind: TieKind) -> None:
    session, actor = current.session(), current.actor()
    if kind in (TieKind.LEARNS, TieKind.TEACHES):
        form.offer_classes(admin_classes.to_choose(session, actor.school_id, actor.today))
    else:
        del form.class_id
    if kind in (TieKind.FAMILY_OF, TieKind.CHILD_OF):
        learners = kind is TieKind.FAMILY_OF
        found = admin_people.candidates(session, actor.school_id, _looked_for(), learners=learners)
        form.offer_people((one.id or 0, _told(one)) for one in found if one.id != person.id)
    else:
        del form.other_id, form.called


def _told(person: Person) -> str:
    if person.grade is None:
        return person.full_name
    return str(_("%(name)s, grade %(grade)s", name=person.full_name, grade=person.grade))


def _looked_for() -> str:
    return one_line(request.values.get("name", ""))[:LONGEST_SEARCH]


@school.route("/admin/people/<id:person_id>/ties/end", methods=["GET", "POST"])
@may(Can.ADMINISTER)
def admin_end_tie(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    form = LastDayForm(last_day=current.actor().today, tie=request.args.get("tie", ""))
    if request.method == "POST" and form.validate():
        try:
            admin_people.end_tie(
                current.session(), by, person, form.tie.data or "", form.last_day.day(), clock.now()
            )
        except WrongInput as error:
            show(form, error)
        else:
            flash(_("Saved."))
            return _to(person)
    shown = admin_people.person_page(current.session(), person, current.actor().today)
    tie = next((one for one in shown.ties if one.key == form.tie.data), None)
    if tie is None:
        return _to(person)
    answer = render_template("school/admin_end_tie.html", person=person, form=form, tie=tie)
    return answer, 200 if request.method == "GET" else 422


@school.post("/admin/people/<id:person_id>/ties/no-contact")
@may(Can.ADMINISTER)
def admin_no_contact(person_id: int) -> ResponseReturnValue:
    person, by = fetch(Person, person_id)
    key: Any = request.form.get("tie", "")
    if not key:
        return _to(person)
    admin_people.forbid_contact(current.session(), by, person, key, clock.now())
    flash(_("Saved. This adult sees nothing of the student any more."))
    return _to(person)


# -- imports -------------------------------------------------------------------------------------------


@school.get("/admin/imports")
@signed_in(Hat.ADMINISTRATOR)
def admin_imports() -> ResponseReturnValue:
    actor = current.actor()
    shown = admin_home.imports(current.session(), actor.school_id, page_number())
    return render_template("school/admin_imports.html", shown=shown)
