"""The pages of a profile: read, changed block by block, shown to whom the learner chooses."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.profiles import (
    carry_views,
    inventory_views,
    note_views,
    paper_views,
    queries,
    revise,
    share,
    time_views,
    voice_views,
    voices,
)
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.forms import AudienceForm, BlockForm
from learnpath.profiles.models import BLOCKS, Audience
from learnpath.profiles.page import ProfilePage, profile_page
from learnpath.profiles.time_views import reader
from learnpath.web import current
from learnpath.web.rules import fetch, may

__all__ = [
    "carry_views", "inventory_views", "note_views", "paper_views", "profiles", "time_views",
    "voice_views",
]  # fmt: skip


@profiles.get("/learners/<id:learner_id>/profile")
@may(Can.READ_PROFILE)
def page(learner_id: int) -> ResponseReturnValue:
    """Show the profile, as much of it as the reader may see."""
    learner, _by = fetch(Person, learner_id)
    return render_template("profiles/page.html", learner=learner, page=_page(learner))


@profiles.get("/learners/<id:learner_id>/profile/<block>")
@may(Can.WRITE_PROFILE)
def block_edit(learner_id: int, block: str) -> ResponseReturnValue:
    """Show a block to its learner, to be changed."""
    learner, _by = fetch(Person, learner_id)
    shown = _block(learner_id, block)
    form = BlockForm(data={"lines": "\n".join(shown.lines), "seen": shown.number})
    return render_template("profiles/block.html", learner=learner, block=shown, form=form)


@profiles.post("/learners/<id:learner_id>/profile/<block>")
@may(Can.WRITE_PROFILE)
def block_save(learner_id: int, block: str) -> ResponseReturnValue:
    """Save a block as its next revision."""
    learner, by = fetch(Person, learner_id)
    form, shown = BlockForm(), _block(learner_id, block)
    if form.validate_on_submit():
        try:
            revise.revise(
                current.session(), by, learner_id, block, (form.lines.data or "").splitlines(),
                form.what_changed.data or "", form.seen.data or 0, clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            flash(_("Saved."))
            return redirect(_place(learner_id, block), 303)
    return render_template("profiles/block.html", learner=learner, block=shown, form=form), 422


@profiles.get("/learners/<id:learner_id>/profile/<block>/who-can-see")
@may(Can.WRITE_PROFILE)
def audience(learner_id: int, block: str) -> ResponseReturnValue:
    """Ask the learner who can see a block."""
    learner, _by = fetch(Person, learner_id)
    shown = _block(learner_id, block)
    form = AudienceForm(data={"audience": shown.audience})
    return _audience_page(learner, shown, form)


@profiles.post("/learners/<id:learner_id>/profile/<block>/who-can-see")
@may(Can.WRITE_PROFILE)
def audience_save(learner_id: int, block: str) -> ResponseReturnValue:
    """Keep who can see a block."""
    learner, by = fetch(Person, learner_id)
    form, shown = AudienceForm(), _block(learner_id, block)
    if not form.validate_on_submit():
        form.audience.errors = [_("Choose who can see this. It has not changed.")]
        return _audience_page(learner, shown, form), 422
    share.choose_audience(
        current.session(), by, learner_id, block, Audience(form.audience.data), clock.now()
    )
    flash(_("Saved."))
    return redirect(_place(learner_id, block), 303)


def _audience_page(learner: Person, shown: queries.ShownBlock, form: AudienceForm) -> str:
    session, learner_id, today = current.session(), learner.id or 0, current.actor().today
    given, _got = voices.invitations(session, learner_id, today)
    return render_template(
        "profiles/audience.html", learner=learner, block=shown, form=form,
        invited=[one for one in given if one.block == shown.key],
        classmates=voices.classmates_of(session, learner_id, today),
    )  # fmt: skip


def _page(learner: Person) -> ProfilePage:
    return profile_page(current.session(), learner.id or 0, reader(), clock.now())


def _block(learner_id: int, block: str) -> queries.ShownBlock:
    if block not in BLOCKS:
        raise NotFound
    return queries.shown_block(current.session(), learner_id, block)


def _place(learner_id: int, block: str) -> str:
    return url_for("profiles.page", learner_id=learner_id, _anchor=block.replace("_", "-"))
