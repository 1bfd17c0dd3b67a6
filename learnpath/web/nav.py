"""The few places that each reader goes to, in the same order on every page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from learnpath.people.models import Hat
from learnpath.people.signed_in import SignedIn


@dataclass(frozen=True)
class Place:
    """One place of the navigation."""

    label: str
    url: str
    icon: str
    current: str  # as aria-current says it: "page" here, "true" somewhere inside, "" elsewhere


# A learner's own pages belong to one place each, whatever their address.
PLACE_OF_ROOM = {
    "profiles": "profiles.page",
    "goals": "goals.list",
    "conferences": "conferences.list",
    "continuum": "continuum.page",
}


def nav_for(someone: SignedIn, path: str, room: str | None) -> list[Place]:
    """Return the navigation of the signed-in person under the present hat, for a page of ``room``."""
    inside = ""
    if someone.actor.hat is Hat.LEARNER and room in PLACE_OF_ROOM:
        inside = url_for(PLACE_OF_ROOM[room], learner_id=someone.actor.person_id)
    places = _places(someone)
    # Of two places that a page lies below, it belongs to the nearer one.
    urls = [url for _label, url, _icon in places]
    within = [url for url in urls if url != "/" and path.startswith(url + "/")]
    inside = path if path in urls else max(within, key=len, default=inside)
    return [Place(label, url, icon, _current(url, path, inside)) for label, url, icon in places]


def _current(url: str, path: str, inside: str) -> str:
    if path == url:
        return "page"
    return "true" if url == inside else ""


def _places(someone: SignedIn) -> list[tuple[str, str, str]]:
    own = someone.actor.person_id
    home = url_for("today.home")
    if someone.actor.hat is Hat.LEARNER:
        return [
            (_("Home"), home, "house"),
            (_("My profile"), url_for("profiles.page", learner_id=own), "user-round"),
            (_("My goals"), url_for("goals.list", learner_id=own), "flag"),
            (_("My conference"), url_for("conferences.list", learner_id=own), "presentation"),
            (_("Who is leading?"), url_for("continuum.page", learner_id=own), "signpost"),
        ]
    if someone.actor.hat is Hat.TEACHER:
        return [
            (_("Today"), home, "house"),
            (_("Goals to sign"), url_for("goals.to_sign"), "pen-line"),
            (_("My classes"), url_for("school.classes"), "users"),
        ]
    if someone.actor.hat is Hat.LEADER:
        return [(_("Our school"), home, "house")]
    if someone.actor.hat is Hat.ADMINISTRATOR:
        return [
            (_("Today"), home, "house"),
            (_("People"), url_for("school.people"), "users"),
            (_("Administration"), url_for("school.admin"), "settings"),
        ]
    return [(_("Home"), home, "house")]


@dataclass(frozen=True)
class OtherHat:
    """Another of the person's hats, with the words of the button that changes to it."""

    value: str
    label: str


def other_hats_of(someone: SignedIn) -> list[OtherHat]:
    """Return the hats that the person could wear instead of the present one."""
    labels = {
        Hat.LEARNER: _("Go on as a student"),
        Hat.TEACHER: _("Go on as a teacher"),
        Hat.FAMILY: _("Go on as family"),
        Hat.LEADER: _("Go on as a school leader"),
        Hat.ADMINISTRATOR: _("Go on as an administrator"),
    }
    return [OtherHat(h.value, labels[h]) for h in someone.hats if h is not someone.actor.hat]
