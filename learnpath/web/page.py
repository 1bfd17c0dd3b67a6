"""What every template knows besides what its view gives it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

from flask import Flask, request, url_for
from flask_babel import get_locale

from learnpath import resources
from learnpath.web import current
from learnpath.web.headers import CHARTJS_INTEGRITY, allow_chartjs, csp_nonce
from learnpath.web.links import url_for_object
from learnpath.web.nav import nav_for
from learnpath.web.words import other_language


@cache
def _fingerprint(name: str) -> str:
    return sha256((resources.STATIC / name).read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the address of a static file, with its fingerprint so that browsers may keep it."""
    return url_for("static", filename=name, v=_fingerprint(name))


def install(app: Flask) -> None:
    """Give the templates their common words."""
    app.jinja_env.globals.update(
        static_url=static_url,
        csp_nonce=csp_nonce,
        allow_chartjs=allow_chartjs,
        chartjs_integrity=CHARTJS_INTEGRITY,
        url_for_object=url_for_object,
    )
    app.context_processor(_common)


def _common() -> dict[str, Any]:
    someone = current.signed_in()
    return {
        "current_person": someone.person if someone else None,
        "current_hat": someone.actor.hat.value if someone else None,
        "hats": [hat.value for hat in someone.hats] if someone else [],
        "school_name": someone.school.name if someone else "",
        "nav": nav_for(someone, request.path) if someone else [],
        "demo": current.settings().demo,
        "locale": str(get_locale() or "en"),
        "other_language": other_language(),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
    }
