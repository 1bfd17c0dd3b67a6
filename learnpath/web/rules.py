"""Every route says who may use it, and loads what it shows under that very rule.

``@may(Can.X)`` names a permission of ``access.RULES``; ``fetch`` in such a route can load objects under
that permission only. A route without a declaration is refused when the app starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from sqlmodel import SQLModel

from learnpath import access
from learnpath.access import Actor, Can
from learnpath.access_log import AccessLog, Reading, reading_of
from learnpath.errors import NotFound
from learnpath.people.models import Hat
from learnpath.record import By
from learnpath.web import current

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Model = TypeVar("Model", bound=SQLModel)


@dataclass(frozen=True)
class Rule:
    """What a route declares: a permission on an object, or a hat, or that anybody may come."""

    can: Can | None = None
    hats: tuple[Hat, ...] = ()
    public: bool = False


def may(can: Can) -> Callable[[View], View]:
    """Declare that the route works on objects under the permission ``can``."""
    return _declare(Rule(can=can))


def signed_in(*hats: Hat) -> Callable[[View], View]:
    """Declare that the route is about the signed-in person; with ``hats``, only under one of them."""
    return _declare(Rule(hats=hats))


def public(view: View) -> View:
    """Declare that anybody may come: nothing behind the route belongs to a person."""
    return _declare(Rule(public=True))(view)


def _declare(rule: Rule) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def ruled(*args: Any, **kwargs: Any) -> Response:
            _check(rule)
            return _finish(make_response(view(*args, **kwargs)))

        ruled.rule = rule  # type: ignore[attr-defined]
        return cast(View, ruled)

    return wrap


def _check(rule: Rule) -> None:
    g.rule = rule
    if rule.public:
        # Who asks is looked up before the view takes the write lock: the look-up may write itself.
        current.signed_in()
        return
    actor = current.actor()
    if rule.hats and actor.hat not in rule.hats:
        raise NotFound


def _finish(response: Response) -> Response:
    """Commit before anybody is told that it worked; undo when the answer is not a success."""
    if "db_session" in g:
        session = current.session()
        session.commit() if response.status_code < 400 else session.rollback()
    readings = g.get("readings", [])
    if readings and _shows_something(response):
        access_log().note(readings)
    return response


def _shows_something(response: Response) -> bool:
    """Tell whether an answer shows what was loaded: a page, and also a form that is sent back."""
    if request.method in current.SAFE_METHODS:
        return response.status_code < 400
    return response.status_code in (200, 409, 422)


def access_log() -> AccessLog:
    """Return the app's log of who opened a learner's pages."""
    days = current.settings().access_log_days
    made = AccessLog(current.engine(), days)
    return cast(AccessLog, current_app.extensions.setdefault("learnpath.access_log", made))


def fetch(model: type[Model], id: int) -> tuple[Model, By]:
    """Load the object under the permission that this route declared, with the doer to act as.

    In a request that may change something the row is locked too. It is noted for the access log who
    opened whose pages. Raises NotFound.
    """
    rule: Rule = g.rule
    if rule.can is None:
        raise RuntimeError("this route declares no permission on an object")
    actor, changing = current.actor(), request.method not in current.SAFE_METHODS
    found, by = access.fetch(current.session(), actor, rule.can, model, id, to_change=changing)
    _note_reading(actor, found)
    return found, by


def note_reading(found: SQLModel) -> None:
    """Note that this page shows something of an object that it did not ask for by its id."""
    _note_reading(current.actor(), found)


def _note_reading(actor: Actor, found: SQLModel) -> None:
    # The office sees names and ties, whatever room its page stands in.
    room = "school" if g.rule.can is Can.ADMINISTER else request.blueprint or ""
    reading = reading_of(actor, found, room)
    noted: list[Reading] = g.setdefault("readings", [])
    if reading is not None and reading not in noted:
        noted.append(reading)


def undeclared_routes(app: Flask) -> list[str]:
    """Return the endpoints that do not say who may use them."""
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "rule")
    )
