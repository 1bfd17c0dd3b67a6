"""Signing in with an account elsewhere: leaving for its issuer, coming back, and a first link with a code."""

from __future__ import annotations

import logging
import re
import secrets
from typing import cast

from flask import (
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from learnpath import clock
from learnpath.db import unit_of_work
from learnpath.errors import NotFound, WrongInput
from learnpath.people.blueprint import people
from learnpath.people.forms import LinkForm
from learnpath.people.sign_on import accounts, flow
from learnpath.people.sign_on.accounts import Answer
from learnpath.people.sign_on.desk import Desk
from learnpath.people.sign_on.fetch import IssuerRefused, IssuerSilent
from learnpath.people.sign_on.flow import Journey
from learnpath.people.sign_on.token import Account, NotProven
from learnpath.people.views import welcome
from learnpath.web import current
from learnpath.web.back import own_path
from learnpath.web.rules import public, signed_in

# What a browser keeps while it is away, and how long: three tabs, ten minutes.
AWAY, PROVEN = "sign_on", "proven_account"
MOST_AWAY, AWAY_SECONDS = 3, 600

log = logging.getLogger(__name__)


def _desk(key: str) -> Desk:
    desks = cast(dict[str, Desk], current_app.extensions["learnpath.sign_on"])
    if key not in desks:
        raise NotFound
    return desks[key]


def _back(desk: Desk) -> str:
    """Return our address that the issuer sends the browser back to, as it is registered there."""
    settings = current.settings()
    scheme = "https" if settings.https else request.scheme
    root = settings.public_url or f"{scheme}://{request.host}"
    return root + desk.provider.back


@people.get("/sign-on/<provider>")
@public
def sign_on(provider: str) -> ResponseReturnValue:
    desk, now = _desk(provider), clock.now()
    if current.signed_in():
        return redirect(url_for("today.home"), 303)
    state = secrets.token_urlsafe(32)
    try:
        address, journey = flow.set_out(
            desk, state, _back(desk), now, choose="other" in request.args
        )
    except (IssuerSilent, IssuerRefused) as error:
        return _silent(desk, error)
    after = own_path(request.args.get("next")) or ""
    kept = [state, provider, journey.nonce, journey.verifier, after, int(now.timestamp())]
    cookie[AWAY] = [*cookie.get(AWAY, []), kept][-MOST_AWAY:]
    return redirect(address, 303)


@people.get("/sign-on/<provider>/back")
@public
def sign_on_back(provider: str) -> ResponseReturnValue:
    desk, now = _desk(provider), clock.now()
    journey, after = _journey(provider)
    if current.signed_in():  # the other tab was faster
        return redirect(url_for("today.home"), 303)
    try:
        account = flow.come_back(desk, journey, request.args, _back(desk), now)
    except (NotProven, IssuerRefused) as error:
        log.warning("sign-on by %s refused: %s", provider, error)
        return _stopped(desk, "refused"), 400
    except IssuerSilent as error:
        return _silent(desk, error)
    with unit_of_work(current.engine()) as session:
        arrival = accounts.arrive(session, account, desk.provider, now)
        if arrival.answer is not Answer.COME_IN:
            session.rollback()
    return _arrived(desk, account, arrival, after)


def _journey(provider: str) -> tuple[Journey | None, str]:
    """Return what this browser took along for this answer, and forget it: it is good for one."""
    state, away = request.args.get("state", ""), cookie.get(AWAY, [])
    kept = next((one for one in away if one[0] == state), None)
    cookie[AWAY] = [one for one in away if one is not kept]
    if kept is None or kept[1] != provider or not _is_fresh(kept[5]):
        return None, ""
    return Journey(nonce=kept[2], verifier=kept[3]), kept[4]


def _is_fresh(since: int) -> bool:
    return 0 <= clock.now().timestamp() - since <= AWAY_SECONDS


def _arrived(
    desk: Desk, account: Account, arrival: accounts.Arrival, after: str
) -> ResponseReturnValue:
    if arrival.answer is Answer.USED:
        return _stopped(desk, "refused"), 400
    if arrival.answer is Answer.CLOSED:
        return _stopped(desk, "closed"), 403
    if arrival.answer is Answer.UNKNOWN:
        since = int(clock.now().timestamp())
        cookie[PROVEN] = [desk.provider.key, account.subject, after, since, account.shown]
        return redirect(url_for("people.sign_on_link"), 303)
    _come_in(arrival.token)
    return redirect(after or url_for("today.home"), 303)


def _come_in(token: str) -> None:
    # A read that began before the sign-in was written does not see it.
    current.session().rollback()
    welcome(token)


def _stopped(desk: Desk, kind: str) -> str:
    return render_template("people/sign_on_stopped.html", way=desk.provider, kind=kind)


def _silent(desk: Desk, error: Exception) -> ResponseReturnValue:
    log.warning("sign-on by %s: the issuer cannot be asked: %s", desk.provider.key, error)
    return _stopped(desk, "silent"), 503, {"Retry-After": "60"}


# -- a first link with a code on paper --------------------------------------------------------------


def _proven() -> tuple[Desk, Account, str] | None:
    """Return the account that this browser proved some minutes ago, and where it wanted to go."""
    kept = cookie.get(PROVEN, [])
    if len(kept) != 5:
        return None
    key, subject, after, since, shown = kept
    desks = current_app.extensions["learnpath.sign_on"]
    if key not in desks or not _is_fresh(since):
        return None
    desk: Desk = desks[key]
    return desk, Account(desk.provider.issuer, subject, nonce="", shown=shown), after


def _link_page(desk: Desk, account: Account, form: LinkForm) -> str:
    return render_template(
        "people/sign_on_link.html", form=form, way=desk.provider, shown=account.shown
    )


@people.get("/sign-on-link")
@public
def sign_on_link() -> ResponseReturnValue:
    proven = _proven()
    if proven is None:
        return redirect(url_for("people.sign_in_page"), 303)
    return _link_page(proven[0], proven[1], LinkForm())


@people.post("/sign-on-link")
@public
def sign_on_link_send() -> ResponseReturnValue:
    proven, form = _proven(), LinkForm()
    if proven is None:
        flash(_("That took a while. Please begin again."))
        return redirect(url_for("people.sign_in_page"), 303)
    desk, account, after = proven
    if form.validate_on_submit():
        try:
            token = accounts.link_with_code(
                current.engine(), current.settings(), account, desk.provider,
                form.username.data or "", form.code.data or "", request.remote_addr or "",
                clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            _come_in(token)
            flash(_("From now on you can sign in with %(name)s.", name=desk.provider.label))
            return redirect(after or url_for("today.home"), 303)
    return _link_page(desk, account, form), 422


# -- one's own accounts -----------------------------------------------------------------------------


@people.get("/me/sign-on")
@signed_in()
def my_sign_on() -> ResponseReturnValue:
    mine = accounts.identities_of(current.session(), current.actor().person_id)
    return render_template("people/sign_on_mine.html", mine=mine)


@people.post("/me/sign-on/unlink")
@signed_in()
def my_sign_on_unlink() -> ResponseReturnValue:
    actor, chosen = current.actor(), request.form.get("identity", "")
    if not re.fullmatch("[0-9]{1,18}", chosen):
        raise BadRequest
    accounts.unlink(current.session(), actor.by(), actor.person_id, int(chosen), clock.now())
    flash(_("That account does not sign in here any more."))
    return redirect(url_for("people.my_sign_on"), 303)
