"""The pages on which a teacher and the learner say what of the hard lines goes along to new teachers."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotAllowedNow, NotFound
from learnpath.people.models import Person
from learnpath.profiles import carried, carry, resting
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.forms import CarryForm
from learnpath.profiles.time_views import reader
from learnpath.web import current
from learnpath.web.rules import fetch, may


@profiles.route("/learners/<id:learner_id>/profile/new-teachers", methods=["GET", "POST"])
@may(Can.CARRY_PROFILE)
def to_new_teachers(learner_id: int) -> ResponseReturnValue:
    """Let a teacher say which of the hard lines that they see may go along to new teachers."""
    learner, by = fetch(Person, learner_id)
    session = current.session()
    lines = carried.offered(session, learner_id, reader())
    form = CarryForm(lines=[line.key for line in lines if line.agreed])
    form.lines.choices = [SelectChoice(line.key, line.text) for line in lines]
    if form.validate_on_submit():
        carry.agree(
            session, by, learner_id, [line.key for line in lines], form.lines.data or [],
            clock.now(),
        )  # fmt: skip
        flash(_("Saved. %(name)s decides too.", name=learner.called))
        return redirect(url_for("profiles.page", learner_id=learner_id), 303)
    body = render_template("profiles/to_new_teachers.html", learner=learner, lines=lines, form=form)
    return body, 422 if form.errors else 200


@profiles.get("/learners/<id:learner_id>/profile/from-last-year")
@may(Can.WRITE_PROFILE)
def from_last_year(learner_id: int) -> ResponseReturnValue:
    """Show the learner which hard lines new teachers see, and which wait for whom."""
    learner, _by = fetch(Person, learner_id)
    session, who = current.session(), reader()
    return render_template(
        "profiles/from_last_year.html", learner=learner,
        lines=carried.of_learner(session, learner_id, who),
        knowing=resting.teachers_who_know(session, learner_id, who),
    )  # fmt: skip


@profiles.post("/learners/<id:learner_id>/profile/from-last-year")
@may(Can.WRITE_PROFILE)
def say_from_last_year(learner_id: int) -> ResponseReturnValue:
    """Keep what the learner says about one hard line: new teachers may see it, or not."""
    _learner, by = fetch(Person, learner_id)
    session, who, key = current.session(), reader(), request.form.get("line", "")
    if key not in {line.key for line in carried.of_learner(session, learner_id, who)}:
        raise NotAllowedNow(_("This line is not in your profile any more. Open the page again."))
    says = request.form.get("says", "")
    if says == "alone":
        carry.alone_is_right(resting.teachers_who_know(session, learner_id, who))
    elif says not in ("yes", "no"):
        raise NotFound
    carry.say(session, by, learner_id, key, says != "no", clock.now(), alone=says == "alone")
    flash(_("Saved."))
    return redirect(url_for("profiles.from_last_year", learner_id=learner_id), 303)
