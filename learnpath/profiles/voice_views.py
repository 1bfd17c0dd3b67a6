"""The pages on which others speak into a profile: ideas, tips that were tried, invited readers."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.profiles import acknowledge as reading, peers, queries, suggest, tips, voices
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.forms import AnswerForm, IdeaForm, TipForm
from learnpath.profiles.models import (
    BLOCKS,
    Answer,
    PeerInvitation,
    ProfileSuggestion,
    TipResult,
)
from learnpath.profiles.queries import Entry
from learnpath.profiles.time_views import reader
from learnpath.profiles.visible import entry_key
from learnpath.record import Relation
from learnpath.web import current
from learnpath.web.rules import fetch, may


@profiles.route("/learners/<id:learner_id>/profile/<block>/suggest", methods=["GET", "POST"])
@may(Can.SUGGEST_PROFILE)
def suggest_line(learner_id: int, block: str) -> ResponseReturnValue:
    """Let a teacher or the family suggest a line for a block that they see."""
    learner, by = fetch(Person, learner_id)
    session, form = current.session(), IdeaForm()
    seen = queries.shown_blocks(session, learner_id, reader())
    shown = next((one for one in seen if one.key == block), None)
    if shown is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            suggest.suggest(session, by, learner_id, block, form.text.data or "", clock.now())
        except WrongInput as error:
            form.text.errors = [str(error.message)]
        else:
            flash(_("Sent. %(name)s decides what to do with it.", name=learner.called))
            return redirect(url_for("profiles.page", learner_id=learner_id), 303)
    body = render_template("profiles/suggest.html", learner=learner, block=shown, form=form)
    return body, 422 if form.errors else 200


@profiles.route("/profile-suggestions/<id:suggestion_id>", methods=["GET", "POST"])
@may(Can.WRITE_PROFILE)
def idea(suggestion_id: int) -> ResponseReturnValue:
    """Let the learner take, change or decline an idea."""
    suggestion, by = fetch(ProfileSuggestion, suggestion_id)
    form = AnswerForm(words=suggestion.text)
    if form.is_submitted() and not form.how.data:
        form.validate()
        form.how.errors = [_("Choose what to do with it.")]
    elif form.validate_on_submit():
        try:
            suggest.answer(
                current.session(), by, suggestion, Answer(form.how.data), form.words.data or "",
                form.reply.data or "", clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved. It is your profile, and your choice."))
            return redirect(url_for("profiles.page", learner_id=suggestion.learner_id), 303)
    body = render_template(
        "profiles/idea.html", form=form, learner_id=suggestion.learner_id,
        idea=voices.author_of(current.session(), suggestion),
    )  # fmt: skip
    return body, 422 if form.errors else 200


@profiles.post("/learners/<id:learner_id>/profile/read")
@may(Can.ACKNOWLEDGE_PROFILE)
def acknowledge(learner_id: int) -> ResponseReturnValue:
    """Note that a teacher or the family read the profile."""
    _learner, by = fetch(Person, learner_id)
    reading.acknowledge(current.session(), by, learner_id, clock.now())
    flash(_("Saved: you read this."))
    return redirect(url_for("profiles.page", learner_id=learner_id), 303)


@profiles.route("/learners/<id:learner_id>/profile/tips/<key>", methods=["GET", "POST"])
@may(Can.TRY_TIP)
def tip(learner_id: int, key: str) -> ResponseReturnValue:
    """Let the learner or a teacher tell how it went when something was tried."""
    learner, by = fetch(Person, learner_id)
    tried, form = _tip(learner_id, key), TipForm()
    if form.is_submitted() and not form.result.data:
        form.validate()
        form.result.errors = [_("Choose how it went.")]
    elif form.validate_on_submit():
        tips.tell(
            current.session(), by, learner_id, key, TipResult(form.result.data),
            form.note.data or "", clock.now(),
        )  # fmt: skip
        flash(_("Saved. Trying things out is how you find what helps."))
        return redirect(url_for("profiles.page", learner_id=learner_id, _anchor="tried"), 303)
    body = render_template("profiles/tip.html", learner=learner, tip=tried, form=form)
    return body, 422 if form.errors else 200


def _tip(learner_id: int, key: str) -> Entry:
    seen = queries.shown_blocks(current.session(), learner_id, reader())
    lines = [(block.key, line) for block in seen for line in block.lines]
    for block, line in lines:
        if block in tips.TIP_BLOCKS and entry_key(block, line) == key:
            return Entry(key, block, line)
    raise NotFound


# -- invited readers ---------------------------------------------------------------------------------


@profiles.post("/learners/<id:learner_id>/profile/<block>/invite")
@may(Can.WRITE_PROFILE)
def invite(learner_id: int, block: str) -> ResponseReturnValue:
    """Let a classmate read a block."""
    _learner, by = fetch(Person, learner_id)
    if block not in BLOCKS:
        raise NotFound
    session, actor = current.session(), current.actor()
    classmates = {one.id or 0 for one in voices.classmates_of(session, learner_id, actor.today)}
    chosen = request.form.get("peer", "")
    peer_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= 18 else 0
    try:
        peers.invite(session, by, learner_id, block, peer_id, classmates, clock.now())
    except WrongInput as error:
        flash(str(error.message))
    else:
        flash(_("Saved. You can take it back at any time."))
    return redirect(url_for("profiles.audience", learner_id=learner_id, block=block), 303)


@profiles.post("/profile-invitations/<id:invitation_id>/end")
@may(Can.WRITE_PROFILE)
def end_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation, by = fetch(PeerInvitation, invitation_id)
    peers.take_back(current.session(), by, invitation, clock.now())
    flash(_("Taken back. They cannot read it any more."))
    return redirect(
        url_for("profiles.audience", learner_id=invitation.learner_id, block=invitation.block), 303
    )


@profiles.route("/profile-invitations/<id:invitation_id>", methods=["GET", "POST"])
@may(Can.READ_INVITED)
def invited(invitation_id: int) -> ResponseReturnValue:
    """Show an invited learner the one block, and let them suggest a line."""
    invitation, by = fetch(PeerInvitation, invitation_id)
    session, form = current.session(), IdeaForm()
    if form.validate_on_submit():
        try:
            suggest.suggest(
                session, replace(by, relation=Relation.PEER), invitation.learner_id,
                invitation.block, form.text.data or "", clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form.text.errors = [str(error.message)]
        else:
            flash(_("Sent. They decide what to do with it."))
            return redirect(url_for("profiles.invited", invitation_id=invitation_id), 303)
    ideas = voices.ideas_of(session, invitation.learner_id, only_by=current.actor().person_id)
    body = render_template(
        "profiles/invited.html", form=form, me=current.actor().person_id,
        shown=voices.invited_block(session, invitation, reader()),
        ideas=[one for one in ideas if one.block == invitation.block],
    )  # fmt: skip
    return body, 422 if form.errors else 200
