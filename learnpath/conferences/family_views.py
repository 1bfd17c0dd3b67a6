"""For families who come by a link. Looking at the address changes nothing; the button opens it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import (
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlmodel import select

from learnpath import clock
from learnpath.conferences import answers, choose, feedback, links, plan, reading
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.choose import SlotTaken
from learnpath.conferences.choose_views import choose_form, ics, keep_contact, wish_from
from learnpath.conferences.forms import ChooseForm, FamilyWordsForm
from learnpath.conferences.goals_shown import goals_to_talk_about
from learnpath.conferences.models import Conference, FamilyLink, Slot, Summary
from learnpath.conferences.page_words import listed
from learnpath.conferences.summary_views import pdf_answer, understood_from, words_from
from learnpath.db import open_session, unit_of_work
from learnpath.people import throttle
from learnpath.people.models import Language, Person
from learnpath.school.models import School
from learnpath.web import current
from learnpath.web.rules import public
from learnpath.web.words import OWN_NAMES

OPENED = "family_links"
Choosing = tuple[ChooseForm, list[tuple[Slot, str]]]
MOST_OPENED = 6
WRONG_TRIES = 30


@conferences.get("/f/<token>")
@public
def link_page(token: str) -> ResponseReturnValue:
    """The same page for every address, right or wrong: it asks the database nothing and names nobody."""
    return private(make_response(render_template("conferences/link.html", token=token)))


@conferences.post("/f/<token>")
@public
def link_open(token: str) -> ResponseReturnValue:
    """Open a link. All that opens nothing is answered alike, and counted."""
    now, address = clock.now(), throttle.who("family link", request.remote_addr or "")
    with open_session(current.engine(), writing=False) as reading:
        throttle.check(reading, address, WRONG_TRIES, now)
    link = links.find(current.session(), token, now)
    if link is None:
        current.session().rollback()
        with unit_of_work(current.engine()) as counting:
            throttle.count(counting, address, now)
        return rested()
    links.opened(current.session(), link, now)
    _remember(link, now)
    return private(redirect(url_for("conferences.family_page", link_id=link.id), 303))


@conferences.get("/family/<id:link_id>")
@public
def family_page(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    return rested() if link is None else _page(link)


@conferences.get("/family/<id:link_id>/summary.pdf")
@public
def family_pdf(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    summary = shared_summary(link)
    if link is None or summary is None:
        return rested()
    with force_locale(link.language.value):
        return private(pdf_answer(summary, link.language))


@conferences.post("/family/<id:link_id>/language")
@public
def family_language(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    if link is None:
        return rested()
    chosen = request.form.get("language", "")
    if chosen in set(Language):
        links.choose_language(current.session(), link, Language(chosen))
    return _back(link)


@conferences.post("/family/<id:link_id>/time")
@public
def family_time(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    if link is None:
        return rested()
    session = current.session()
    learner = session.get_one(Person, link.learner_id)
    with force_locale(link.language.value):
        conference = plan.open_conference(session, link.learner_id)
        form, free = choose_form(link.learner_id, conference, link.guardian_id)
        if not form.validate_on_submit():
            return _page(link, choosing=(form, free)), 422
        try:
            choose.choose(
                session, links.by_family(session, link), learner, link.guardian_id, form.slot.data,
                wish_from(form), clock.now(),
            )  # fmt: skip
            keep_contact(form, link.guardian_id)
        except SlotTaken as taken:
            form, free = choose_form(link.learner_id, conference, link.guardian_id)
            form.slot.errors = [str(taken.message)]
            return _page(link, choosing=(form, free)), 422
    return _back(link)


@conferences.post("/family/<id:link_id>/cannot-come")
@public
def family_cannot_come(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    conference = plan.open_conference(current.session(), link.learner_id) if link else None
    if link is None or conference is None:
        return rested()
    session = current.session()
    choose.cannot_come(session, links.by_family(session, link), conference, clock.now())
    return _back(link)


@conferences.get("/family/<id:link_id>/calendar.ics")
@public
def family_calendar(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    conference = plan.open_conference(current.session(), link.learner_id) if link else None
    if link is None or conference is None:
        return rested()
    zone = links.by_family(current.session(), link).zone
    with force_locale(link.language.value):
        return private(ics(conference, zone))


@conferences.post("/family/<id:link_id>/feedback")
@public
def family_feedback(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    summary = shared_summary(link)
    if link is None or summary is None:
        return rested()
    session = current.session()
    feedback.give(
        session, links.by_family(session, link), summary, link.guardian_id,
        understood_from(request.form.get("understood", "")), link.language, clock.now(),
    )  # fmt: skip
    return _back(link, "answer")


@conferences.post("/family/<id:link_id>/feedback/words")
@public
def family_words(link_id: int) -> ResponseReturnValue:
    link = opened_link(link_id)
    summary = shared_summary(link)
    if link is None or summary is None:
        return rested()
    with force_locale(link.language.value):
        form = FamilyWordsForm()
        if not form.validate_on_submit():
            return _page(link, form), 422
    session = current.session()
    feedback.add_words(
        session, links.by_family(session, link), summary, link.guardian_id, words_from(form),
        link.language, clock.now(),
    )  # fmt: skip
    return _back(link, "answer")


# -- what a browser opened ------------------------------------------------------------------------------


def _remember(link: FamilyLink, now: datetime) -> None:
    """Note in the signed cookie that this browser pressed the button; the link itself is asked each time."""
    opened = dict(list(cookie.get(OPENED, {}).items())[-MOST_OPENED:])
    opened[str(link.id)] = int(now.timestamp())
    cookie[OPENED] = opened


def opened_link(link_id: int) -> FamilyLink | None:
    now = clock.now()
    opened = cookie.get(OPENED, {}).get(str(link_id))
    if opened is None or now - datetime.fromtimestamp(opened, now.tzinfo) > links.READ_ON:
        return None
    changing = request.method not in current.SAFE_METHODS
    return links.still_open(current.session(), link_id, now, to_change=changing)


def shared_summary(link: FamilyLink | None) -> Summary | None:
    if link is None:
        return None
    if link.conference_id is None:
        return None
    query = select(Summary).where(Summary.conference_id == link.conference_id)
    found = current.session().exec(query).first()
    return found if found is not None and found.shared_at is not None else None


# -- pages -------------------------------------------------------------------------------------------------


def _page(
    link: FamilyLink, form: FamilyWordsForm | None = None, choosing: Choosing | None = None
) -> Response:
    with force_locale(link.language.value):
        body = render_template(
            "conferences/family.html",
            link=link,
            locale=link.language.value,
            other_language=other_language(link.language),
            words_form=form or FamilyWordsForm(formdata=None),
            **_content(link, choosing),
        )
    return private(make_response(body))


def _content(link: FamilyLink, choosing: Choosing | None) -> dict[str, Any]:
    session, summary = current.session(), shared_summary(link)
    if summary is None:
        return _before(link, choosing)
    translated = reading.translated(session, summary.id or 0, link.language)
    shown = reading.shown(summary.content, translated)
    return {
        "shown": shown,
        "there": listed(shown.there),
        "translated": translated,
        "answers": answers.answers_of_guardian(session, summary.id or 0, link.guardian_id),
        "to_talk_about": goals_to_talk_about(session, summary.conference_id),
    }


def _before(link: FamilyLink, choosing: Choosing | None) -> dict[str, Any]:
    """What there is before the summary: the time, and what the family may still choose and say."""
    session = current.session()
    conference = plan.open_conference(session, link.learner_id)
    held = session.get(Conference, link.conference_id) if link.conference_id else None
    form, free = choosing or choose_form(link.learner_id, conference, link.guardian_id)
    return {
        "shown": None,
        "conference": conference or held,
        "open": conference is not None,
        "learner": session.get_one(Person, link.learner_id),
        "form": form,
        "free": free,
    }


def other_language(language: Language) -> tuple[str, str]:
    other = Language.EN if language is Language.ES else Language.ES
    return other.value, OWN_NAMES[other]


def _back(link: FamilyLink, anchor: str | None = None) -> Response:
    address = url_for("conferences.family_page", link_id=link.id, _anchor=anchor)
    return private(redirect(address, 303))


def rested() -> Response:
    """The one answer for links that were guessed, cut short, revoked or have expired."""
    phones = current.session().exec(select(School.phone).where(School.phone != "").limit(2)).all()
    body = render_template(
        "conferences/link_rested.html", phone=phones[0] if len(phones) == 1 else ""
    )
    return private(make_response(body, 404))


def private(response: Any) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response  # type: ignore[no-any-return]
