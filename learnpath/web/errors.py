"""The one place where what went wrong becomes a page that says what to do next."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized
from werkzeug.utils import redirect

from learnpath.db import is_busy
from learnpath.errors import ChangedMeanwhile, DomainError, TooManyTries
from learnpath.web.back import own_path

PAGES = frozenset({400, 403, 404, 409, 413, 429, 500})
log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Turn errors into pages."""
    app.register_error_handler(Unauthorized, _sign_in_first)
    app.register_error_handler(CSRFError, _form_rested)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ChangedMeanwhile, _changed_meanwhile)
    app.register_error_handler(TooManyTries, _too_many_tries)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(StaleDataError, _changed_just_now)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, **context: object) -> tuple[str, int]:
    """Return the page for ``status``, in the look of all others; what was not saved is undone."""
    opened = g.get("db_session")
    if opened is not None:
        opened.rollback()
    if status >= 500 and "_login_user" not in g:
        # Nobody was looked up yet, perhaps because the database does not answer: do not ask it again.
        g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps who is there
    shown = status if status in PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{shown}.html", status=status, **context), status


def _sign_in_first(_error: Unauthorized) -> ResponseReturnValue:
    from flask import url_for  # noqa: PLC0415 - only here

    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in_page", next=back), 303)


def _other_host(_error: SecurityError) -> ResponseReturnValue:
    # Our pages have links, and no link can be made for a host that we do not answer to.
    words = "The app does not answer to this address. It can be added to LEARNPATH_TRUSTED_HOSTS."
    return words, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _form_rested(_error: CSRFError) -> ResponseReturnValue:
    return page(400, rested=True)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    body, status = page(status)
    return body, status, [h for h in error.get_headers() if h[0] in {"Allow", "Retry-After"}]


def _changed_meanwhile(error: ChangedMeanwhile) -> ResponseReturnValue:
    return page(
        409, mine=error.mine, theirs=error.theirs, message=error.message, again=_page_before()
    )


def _page_before() -> str | None:
    """Return the page of ours that the form was on."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:  # no address at all, such as "http://["
        return None
    if parts.netloc != request.host:
        return None
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _changed_just_now(_error: StaleDataError) -> ResponseReturnValue:
    return page(409, mine={}, theirs={}, message="", again=_page_before())


def _too_many_tries(error: TooManyTries) -> ResponseReturnValue:
    body, status = page(429, message=error.message, wait=error.wait)
    return body, status, {"Retry-After": str(error.wait)}


def _domain_error(error: DomainError) -> ResponseReturnValue:
    status = 400 if error.status == 422 else error.status
    return page(status, message=error.message)


def _database_error(error: OperationalError) -> ResponseReturnValue:
    if is_busy(error):
        return page(409, mine={}, theirs={}, message="", busy=True)
    return _unexpected(error)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return page(500)
