"""What belongs to one request: its session, and who is asking."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.engine import Engine
from sqlmodel import Session
from werkzeug.exceptions import Unauthorized

from learnpath.access import Actor
from learnpath.config import Settings
from learnpath.db import open_session
from learnpath.people.signed_in import SignedIn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def settings() -> Settings:
    """Return the settings of this app."""
    return cast(Settings, current_app.extensions["learnpath.settings"])


def engine() -> Engine:
    """Return the engine of this app."""
    return cast(Engine, current_app.extensions["learnpath.engine"])


def is_demo() -> bool:
    """Tell whether the people here are invented, as every page then says."""
    return bool(current_app.extensions["learnpath.demo"])


def session() -> Session:
    """Return the request's one session: a writer in requests that may change something."""
    if "db_session" not in g:
        g.db_session = open_session(engine(), writing=request.method not in SAFE_METHODS)
    return cast(Session, g.db_session)


def signed_in() -> SignedIn | None:
    """Return who is signed in, or None. Asked of the database once a request."""
    from flask_login import current_user  # noqa: PLC0415 - a proxy that needs the request

    return (
        cast(SignedIn, current_user._get_current_object())  # noqa: SLF001 - the person itself
        if current_user.is_authenticated
        else None
    )


def actor() -> Actor:
    """Return the signed-in person under their present hat.

    Raises Unauthorized (which becomes the sign-in page) when nobody is signed in.
    """
    someone = signed_in()
    if someone is None:
        raise Unauthorized
    return someone.actor


def close_sessions(app: Flask) -> None:
    """Close the request's session when the request is over, whatever happened."""

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        opened = g.pop("db_session", None)
        if opened is not None:
            opened.close()
