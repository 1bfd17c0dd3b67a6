"""What every template knows besides what its view gives it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

from flask import Flask, request, url_for
from flask_babel import get_locale

from learnpath import clock, resources
from learnpath.people.models import Hat
from learnpath.people.sign_in import rests_after
from learnpath.people.signed_in import SEEN_EVERY, SignedIn
from learnpath.web import charts, current, form_parts
from learnpath.web.headers import CHARTJS_INTEGRITY, allow_chartjs, csp_nonce
from learnpath.web.icons import icon
from learnpath.web.links import url_for_object
from learnpath.web.nav import nav_for, other_hats_of
from learnpath.web.result_charts import picture_of_results
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
        chart_svg=charts.chart_svg,
        chart_facts=charts.chart_facts,
        chart_base_note=charts.base_note,
        picture_of_results=picture_of_results,
        icon_svg=icon,
        error_lines=form_parts.error_lines,
        error_texts=form_parts.error_texts,
        described_by=form_parts.described_by,
        choice_list=form_parts.choice_list,
        is_checkbox=form_parts.is_checkbox,
        takes_many=form_parts.takes_many,
        plain_number=form_parts.plain_number,
    )
    app.context_processor(_common)


def _common() -> dict[str, Any]:
    someone = current.signed_in()
    return {
        "current_person": someone.person if someone else None,
        "current_hat": someone.actor.hat.value if someone else None,
        "hats": [hat.value for hat in someone.hats] if someone else [],
        "school_name": someone.school.name if someone else "",
        "school_phone": someone.school.phone if someone else "",
        "nav": nav_for(someone, request.path, request.blueprint) if someone else [],
        "other_hats": other_hats_of(someone) if someone else [],
        "reader": _reader(someone),
        "band": "younger" if _is_younger(someone) else "",
        "draft_key": _draft_key(someone),
        "rests_in": _rests_in(someone),
        "rested_url": _rested_url(someone),
        "demo": current.is_demo(),
        "locale": str(get_locale() or "en"),
        "other_language": other_language(),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
    }


def _reader(someone: SignedIn | None) -> str:
    """Return for whom the page is set: adults of the school read denser pages in smaller letters."""
    if someone is None:
        return "visitor"
    hat = someone.actor.hat
    return hat.value if hat in (Hat.LEARNER, Hat.FAMILY) else "staff"


def _is_younger(someone: SignedIn | None) -> bool:
    return someone is not None and someone.actor.hat is Hat.LEARNER and someone.person.younger


def _draft_key(someone: SignedIn | None) -> str:
    """Return under what the browser keeps this person's drafts: the same after signing in again."""
    return sha256(f"draft {someone.actor.person_id}".encode()).hexdigest()[:12] if someone else ""


def _rests_in(someone: SignedIn | None) -> int:
    """Return after how many seconds without a request the sign-in ends, as the database has it."""
    if someone is None:
        return 0
    quiet = clock.now() - someone.sign_in.seen_at
    lasts = rests_after(someone.sign_in, current.settings())
    return int((lasts - quiet if quiet <= SEEN_EVERY else lasts).total_seconds())


def _rested_url(someone: SignedIn | None) -> str:
    """Return where a window goes when its sign-in rested too long."""
    if someone is None:
        return ""
    if someone.sign_in.device_id is not None:
        return url_for("goals.routine")
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return url_for("people.sign_in_page", rested=1, next=back)
