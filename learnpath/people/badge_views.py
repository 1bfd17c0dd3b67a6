"""Coming in with a badge: first the badge, then the secret pictures. The badge alone opens nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnpath import clock
from learnpath.db import open_session, unit_of_work
from learnpath.people import badges, devices, pictures, sign_in, throttle
from learnpath.people.blueprint import people
from learnpath.people.forms import BadgeForm
from learnpath.people.models import Badge, Hat, Person, SharedDevice, SignInHow
from learnpath.people.pictures import Pressed
from learnpath.people.views import welcome
from learnpath.record import By, Relation
from learnpath.web import current
from learnpath.web.rules import public, signed_in

SHOWN, DEVICE = "badge", "device"
# How long a badge that was shown waits for its pictures.
WAITS = timedelta(minutes=5)
CAMERA = "camera=(self), microphone=(), geolocation=(), interest-cohort=()"


@people.get("/b")
@public
def badge_page() -> ResponseReturnValue:
    """The same page for every badge: the token stays behind the ``#`` until somebody sends it."""
    return _scanner(BadgeForm(formdata=None))


@people.post("/b")
@public
def badge_send() -> ResponseReturnValue:
    form, now = BadgeForm(), clock.now()
    if not form.validate_on_submit():
        return _scanner(form), 422
    badge = _read_badge(form.badge.data or "", now)
    if badge is None:
        form.badge.data = ""
        form.badge.errors = [_("That card did not work. Try again or tell your teacher.")]
        return _scanner(form), 422
    if not _awake(badge, now):
        hours = current.settings().badge_hours
        form.badge.errors = [
            _(
                "Cards work from %(first)s to %(last)s.",
                first=f"{hours.first}:00",
                last=f"{hours.last}:00",
            )
        ]
        return _scanner(form), 422
    cookie[SHOWN] = [badge.id, int(now.timestamp())]
    return redirect(url_for("people.badge_pictures"), 303)


def _scanner(form: BadgeForm) -> Response:
    response = make_response(render_template("people/badge.html", form=form, device=_device()))
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _read_badge(scanned: str, now: datetime) -> Badge | None:
    """Return the badge, when its learner may come in here. What is wrong is counted for the address."""
    key = throttle.who("badge address", request.remote_addr or "")
    limits = {key: current.settings().sign_in_tries_address}
    taken = throttle.take(current.engine(), limits, now)
    with open_session(current.engine(), writing=False) as reading:
        badge = badges.badge_of(reading, scanned)
        device = devices.standing(reading, cookie.get(DEVICE), now)
        right = badge is not None and badges.opens(reading, badge, now)
        if right and badge and device:
            right = devices.is_for(reading, device, badge.learner_id, now)
    if right:
        with unit_of_work(current.engine()) as counting:
            throttle.give_back(counting, taken)
    return badge if right else None


def _awake(badge: Badge, now: datetime) -> bool:
    with open_session(current.engine(), writing=False) as reading:
        return badges.is_awake(reading, badge, current.settings().badge_hours, now)


def _device() -> SharedDevice | None:
    """Return the class routine that runs on this device."""
    if not cookie.get(DEVICE):
        return None
    with open_session(current.engine(), writing=False) as reading:
        return devices.standing(reading, cookie.get(DEVICE), clock.now())


def _shown_badge() -> Badge | None:
    """Return the badge that was shown here a moment ago, while it stands."""
    kept, now = cookie.get(SHOWN), clock.now()
    if not kept or now.timestamp() - kept[1] > WAITS.total_seconds():
        return None
    with open_session(current.engine(), writing=False) as reading:
        badge = reading.get(Badge, kept[0])
        return badge if badge and badges.opens(reading, badge, now) else None


# -- the pictures -----------------------------------------------------------------------------------


@people.route("/b/pictures", methods=["GET", "POST"])
@public
def badge_pictures() -> ResponseReturnValue:
    badge = _shown_badge()
    if badge is None:
        return redirect(url_for("people.badge_page"), 303)
    with open_session(current.engine(), writing=False) as reading:
        row = pictures.chosen_by(reading, [badge.learner_id]).get(badge.learner_id)
    if row is None:
        return _choose(badge)
    if pictures.rests(row):
        return render_template("people/badge_rests.html")
    return _press(badge)


def _picked() -> tuple[str, ...]:
    """Return the pictures pressed so far, with the one that was pressed just now."""
    if "over" in request.form:
        return ()
    return pictures.read(f"{request.form.get('picked', '')},{request.form.get('pick', '')}")


def _page(title: str, picked: tuple[str, ...] = (), error: str = "", **kept: str) -> str:
    return render_template(
        "people/pictures.html", title=title, picked=picked, error=error, kept=kept,
        pictures=pictures.PICTURES, how_many=pictures.HOW_MANY,
    )  # fmt: skip


def _answer(page: dict[str, Any]) -> ResponseReturnValue:
    return _page(**page), 422 if page.get("error") else 200


def _press(badge: Badge) -> ResponseReturnValue:
    picked, title = _picked(), _("Press your pictures")
    if len(picked) < pictures.HOW_MANY:
        return _page(title, picked)
    now, address = clock.now(), request.remote_addr or ""
    pressed = pictures.press(current.engine(), badge.learner_id, picked, address, now)
    if pressed is Pressed.RIGHT:
        return _come_in(badge)
    return _not_right(pressed, {"title": title})


def _not_right(pressed: Pressed, page: dict[str, Any]) -> ResponseReturnValue:
    if pressed is Pressed.RESTING:
        return render_template("people/badge_rests.html"), 422
    return _page(**page, error=_("Those are not your pictures. Try again.")), 422


def _choose(badge: Badge) -> ResponseReturnValue:
    """The first time: the number on the board, three pictures, and the same three once more."""
    number = request.form.get("number", "")[:40]
    if not number:
        return render_template("people/picture_start.html", error="")
    now, address = clock.now(), request.remote_addr or ""
    if not pictures.start_fits(current.engine(), badge.learner_id, number, address, now):
        error = _("That is not the number. Ask your teacher for the number of today.")
        return render_template("people/picture_start.html", error=error), 422
    chosen, page = _twice()
    if chosen is None:
        return _answer({**page, "number": number})
    secret = pictures.make_hash(badge.learner_id, chosen)
    session = current.session()
    learner = session.get_one(Person, badge.learner_id)
    doer = By(badge.learner_id, Relation.LEARNER, learner.school_id)
    pictures.choose(session, doer, secret, now)
    return _come_in(badge)


def _twice() -> tuple[tuple[str, ...] | None, dict[str, Any]]:
    """Return new pictures that were pressed twice alike; until then None, and what the page shows."""
    picked, first = _picked(), pictures.read(request.form.get("first", ""))
    begin = {"title": _("Choose your pictures")}
    if "over" in request.form or not pictures.are_whole(first):
        if len(picked) < pictures.HOW_MANY:
            return None, {**begin, "picked": picked}
        if not pictures.are_whole(picked):
            return None, {**begin, "error": _("Press three different pictures.")}
        return None, {"title": _("Press them once more"), "first": ",".join(picked)}
    if len(picked) < pictures.HOW_MANY:
        again = {"title": _("Press them once more"), "picked": picked}
        return None, {**again, "first": ",".join(first)}
    if picked != first:
        return None, {**begin, "error": _("The two were not the same. Choose again.")}
    return picked, {}


def _come_in(badge: Badge) -> ResponseReturnValue:
    """Sign the learner in; whoever was signed in on this device before is signed out."""
    session, now, token = current.session(), clock.now(), cookie.get(DEVICE)
    kept = session.get(Badge, badge.id, with_for_update=True, populate_existing=True)
    device = devices.standing(session, token, now)
    before = current.signed_in()
    if before:
        sign_in.sign_out(session, session.merge(before.sign_in), now)
    opened = kept and badges.opens(session, kept, now) and sign_in.start(
        session, badge.learner_id, now, how=SignInHow.BADGE, shared=True,
        device_id=device.id if device else None,
    )  # fmt: skip
    if not opened:
        return redirect(url_for("people.badge_page"), 303)
    welcome(opened)
    if device is None:
        return redirect(url_for("today.home"), 303)
    cookie[DEVICE] = token
    return redirect(url_for("goals.routine_turn"), 303)


# -- changing one's own pictures --------------------------------------------------------------------


@people.route("/me/pictures", methods=["GET", "POST"])
@signed_in(Hat.LEARNER)
def my_pictures() -> ResponseReturnValue:
    """A learner changes the pictures by pressing the old ones first; a badge is not asked for."""
    actor, now, address = current.actor(), clock.now(), request.remote_addr or ""
    with open_session(current.engine(), writing=False) as reading:
        row = pictures.chosen_by(reading, [actor.person_id]).get(actor.person_id)
    if row is None or pictures.rests(row):
        return render_template("people/no_pictures.html")
    old, title = (
        pictures.read(request.form.get("old", "")),
        _("Press the pictures that you have now"),
    )
    if len(old) < pictures.HOW_MANY:
        picked = _picked()
        if len(picked) < pictures.HOW_MANY:
            return _page(title, picked)
        pressed = pictures.press(current.engine(), actor.person_id, picked, address, now)
        if pressed is not Pressed.RIGHT:
            return _not_right(pressed, {"title": title})
        return _page(_("Choose your pictures"), old=",".join(picked))
    chosen, page = _twice()
    if chosen is None:
        return _answer({**page, "old": ",".join(old)})
    pressed = pictures.change(current.engine(), actor.by(), old, chosen, address, now)
    if pressed is not Pressed.RIGHT:
        return _not_right(pressed, {"title": title})
    flash(_("Your pictures are new."))
    return redirect(url_for("people.comfort_page"), 303)
