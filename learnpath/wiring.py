"""How the app is put together: settings, data layer, security, rooms."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from flask import Flask, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from learnpath import clock, resources
from learnpath.config import Settings
from learnpath.db import make_engine, open_session, unit_of_work
from learnpath.people import sign_in
from learnpath.people.signed_in import SEEN_EVERY, SignedIn, find
from learnpath.profiles import inventories
from learnpath.school.models import School
from learnpath.web import current, errors, headers, page, uploads, words
from learnpath.web.rules import undeclared_routes

ROOMS = (
    "people", "school", "profiles", "goals", "outcomes", "conferences", "continuum", "today",
    "portability", "web",
)  # fmt: skip


class IdConverter(BaseConverter):
    """An id in an address: one to eighteen digits, so that it always fits the database."""

    regex = r"[0-9]{1,18}"
    weight = 50

    def to_python(self, value: str) -> int:
        """Return the id as a number."""
        return int(value)


def build(settings: Settings) -> Flask:
    """Return the app for ``settings``."""
    app = Flask(
        "learnpath",
        template_folder=str(resources.TEMPLATES),
        static_folder=str(resources.STATIC),
    )
    # Who asks is told apart by address: behind a web server that is what the server in front says.
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0
    )
    app.extensions["learnpath.settings"] = settings
    app.extensions["learnpath.engine"] = make_engine(settings.database_url)
    app.extensions["learnpath.demo"] = settings.demo or _holds_demo(
        app.extensions["learnpath.engine"]
    )
    app.config.from_mapping(_flask_config(settings))
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    clock.install(settings.now)
    inventories.load(settings.inventories)
    uploads.guard(app)  # looks at a form's size and kind before the next one reads it
    CSRFProtect(app)
    _who_is_there(app)
    for part in (words, headers, errors, page):
        part.install(app)
    current.close_sessions(app)
    _open_rooms(app)
    return app


def _holds_demo(engine: Engine) -> bool:
    """Tell whether the database holds the demo school: then every page says so, whatever the settings."""
    try:
        with open_session(engine, writing=False) as session:
            return session.exec(select(School.id).where(School.invented)).first() is not None
    except DBAPIError:  # no database yet, or one that is not ready: whoever serves it says so
        return False


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": settings.max_body_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.max_body_bytes,
        "MAX_FORM_PARTS": 2000,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "SESSION_COOKIE_NAME": "__Host-learnpath" if settings.https else "learnpath",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        # A form lives as long as its sign-in: what was typed is not lost to a shorter clock.
        "WTF_CSRF_TIME_LIMIT": settings.session_hours * 3600,
    }


def _open_rooms(app: Flask) -> None:
    for room in ROOMS:
        module = import_module(f"learnpath.{room}.views")
        app.register_blueprint(getattr(module, room))
    missing = undeclared_routes(app)
    if missing:
        raise RuntimeError(f"these routes do not say who may use them: {', '.join(missing)}")


def _who_is_there(app: Flask) -> None:
    """Let Flask-Login find the person behind the token in the cookie, in a read of its own.

    A request that changes things must not hold the write lock while it only finds out who asks.
    """
    manager = LoginManager(app)
    manager.session_protection = None  # the token is checked in the database; addresses may change

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(token: str) -> SignedIn | None:
        settings, engine, now = current.settings(), current.engine(), clock.now()
        reading = request.method in current.SAFE_METHODS
        if reading:
            someone = _find(current.session(), token, settings)
        else:
            with open_session(engine, writing=False) as session:
                someone = _find(session, token, settings)
        if someone and now - someone.sign_in.seen_at > SEEN_EVERY:
            with unit_of_work(engine) as session:
                sign_in.see(session, session.merge(someone.sign_in), now)
        return someone


def _find(session, token: str, settings: Settings) -> SignedIn | None:  # type: ignore[no-untyped-def]
    return find(
        session, token, clock.now(), settings.idle_minutes, settings.session_hours,
        settings.shared_timeout,
    )  # fmt: skip
