"""The pages on which a teacher writes a note on a profile, and the learner answers it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.profiles import note as noting, queries, voices
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.forms import NoteForm, ReplyForm
from learnpath.profiles.models import BLOCKS, ProfileNote
from learnpath.web import current
from learnpath.web.rules import fetch, may


@profiles.route("/learners/<id:learner_id>/profile/<block>/note", methods=["GET", "POST"])
@may(Can.NOTE_PROFILE)
def note(learner_id: int, block: str) -> ResponseReturnValue:
    """Let a teacher write down what they noticed."""
    learner, by = fetch(Person, learner_id)
    if block not in BLOCKS:
        raise NotFound
    today = current.actor().today
    form = NoteForm(day=today)
    if form.validate_on_submit():
        try:
            noting.note(
                current.session(), by, learner_id, block, form.text.data or "",
                form.day.data or today, today, clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved. %(name)s can read it and answer.", name=learner.called))
            return redirect(url_for("profiles.page", learner_id=learner_id, _anchor="notes"), 303)
    body = render_template(
        "profiles/note.html", learner=learner, title=queries.block_title(block), form=form
    )
    return body, 422 if form.errors else 200


@profiles.route("/profile-notes/<id:note_id>", methods=["GET", "POST"])
@may(Can.WRITE_PROFILE)
def note_reply(note_id: int) -> ResponseReturnValue:
    """Let the learner answer a teacher's note."""
    written, by = fetch(ProfileNote, note_id)
    session, form = current.session(), ReplyForm()
    if form.validate_on_submit():
        try:
            noting.reply(session, by, written, form.reply.data or "", clock.now())
        except WrongInput as error:
            form.reply.errors = [str(error.message)]
        else:
            flash(_("Saved."))
            return redirect(
                url_for("profiles.page", learner_id=written.learner_id, _anchor="notes"), 303
            )
    author = session.get_one(Person, written.author_id)
    body = render_template(
        "profiles/note_reply.html", note=voices.noticed(written, author), form=form,
        learner_id=written.learner_id,
    )  # fmt: skip
    return body, 422 if form.errors else 200
