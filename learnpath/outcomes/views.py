"""A learner's own data on the web, in plain words, and what the learner says it tells them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import WrongInput
from learnpath.outcomes import queries, wording
from learnpath.outcomes.blueprint import outcomes
from learnpath.outcomes.forms import NeedForm, OutcomeForm
from learnpath.outcomes.models import Outcome, OutcomeKind
from learnpath.outcomes.record_outcome import NewOutcome, read_value, record_outcome
from learnpath.outcomes.share_kind import share_kind
from learnpath.outcomes.state_need import state_need
from learnpath.people.models import Hat, Person
from learnpath.web import current
from learnpath.web.rules import fetch, may

__all__ = ["outcomes"]


@outcomes.get("/learners/<id:learner_id>/data")
@may(Can.READ_OUTCOMES)
def page(learner_id: int) -> ResponseReturnValue:
    """Show a learner's data by kind."""
    learner, _by = fetch(Person, learner_id)
    return _page(learner)


def _page(learner: Person, form: NeedForm | None = None, wrong_at: int = 0) -> str:
    hat = current.actor().hat
    own = hat is Hat.LEARNER
    shown = queries.page_of(current.session(), learner.id or 0, for_family=hat is Hat.FAMILY)
    return render_template(
        "outcomes/page.html", learner=learner, own=own,
        page=shown,
        names=wording.KINDS if own else wording.KINDS_FOR_OTHERS,
        form=form or NeedForm(formdata=None), wrong_at=wrong_at,
    )  # fmt: skip


@outcomes.post("/outcomes/<id:outcome_id>/need")
@may(Can.STATE_NEED)
def need(outcome_id: int) -> ResponseReturnValue:
    """Keep what the learner says a result tells them."""
    outcome, by = fetch(Outcome, outcome_id)
    form = NeedForm()
    if form.validate_on_submit():
        try:
            state_need(current.session(), by, outcome, form.text.data or "", clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved."))
            place = url_for("outcomes.page", learner_id=outcome.learner_id)
            return redirect(f"{place}#outcome-{outcome_id}", 303)
    learner = current.session().get_one(Person, outcome.learner_id)
    return _page(learner, form, outcome_id), 422


@outcomes.post(
    "/learners/<id:learner_id>/data/<any(academic, attendance, behaviour, social_emotional):kind>/share"
)
@may(Can.SHARE_OUTCOMES)
def share(learner_id: int, kind: str) -> ResponseReturnValue:
    """Let the family see one kind of data, or no longer."""
    _learner, by = fetch(Person, learner_id)
    shared = request.form.get("shared") == "yes"
    share_kind(current.session(), by, learner_id, OutcomeKind(kind), shared, clock.now())
    flash(_("Your family can see it now.") if shared else _("Your family cannot see it any more."))
    return redirect(url_for("outcomes.page", learner_id=learner_id, _anchor=f"kind-{kind}"), 303)


@outcomes.get("/learners/<id:learner_id>/data/new")
@may(Can.RECORD_OUTCOME)
def new(learner_id: int) -> ResponseReturnValue:
    """Ask a teacher for one result."""
    learner, _by = fetch(Person, learner_id)
    form = OutcomeForm(data={"day": current.actor().today})
    return render_template("outcomes/new.html", learner=learner, form=form)


@outcomes.post("/learners/<id:learner_id>/data/new")
@may(Can.RECORD_OUTCOME)
def create(learner_id: int) -> ResponseReturnValue:
    """Keep one result."""
    learner, by = fetch(Person, learner_id)
    form = OutcomeForm()
    if form.validate_on_submit():
        told = NewOutcome(
            OutcomeKind(form.kind.data), form.measure.data or "",
            form.day.data or current.actor().today,
            read_value(form.value.data or ""), form.scale.data or "", form.source.data or "",
        )  # fmt: skip
        try:
            record_outcome(current.session(), by, learner_id, told, clock.now())
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved. %(name)s can see it now.", name=learner.called))
            return redirect(url_for("outcomes.page", learner_id=learner_id), 303)
    return render_template("outcomes/new.html", learner=learner, form=form), 422


from learnpath.outcomes import import_views  # noqa: E402, F401 - its pages
