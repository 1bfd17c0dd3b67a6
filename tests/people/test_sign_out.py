"""Signing out, changing the password, resting too long: after that no kept cookie opens anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath import clock
from learnpath.people.models import Credential, SignIn
from learnpath.record import Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, PASSWORD, a_learner
from tests.people.test_sign_in import sign_in
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
NEW = "five blue pencils"


def _copy_of(visitor: Visitor, app: Flask) -> Visitor:
    """Return another browser with the same cookie."""
    kept = visitor.client.get_cookie("learnpath")
    assert kept is not None
    copy = Visitor(app)
    copy.client.set_cookie("learnpath", kept.value)
    return copy


def test_a_cookie_kept_from_before_signing_out_is_dead(
    session: Session, visit: Visit, app: Flask
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    visitor.get("/")
    copy = _copy_of(visitor, app)
    assert copy.get("/").status == 200
    page = visitor.post("/sign-out")
    assert (page.status, page.location) == (303, "/sign-in")
    assert copy.get("/").status == 303
    assert visitor.get("/").status == 303


def test_signing_out_clears_what_the_browser_keeps(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    page = visit(learner).post("/sign-out")
    assert page.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_signing_out_needs_a_button_not_a_link(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    assert visitor.get("/sign-out").status == 405
    assert visitor.get("/").status == 200


def test_signing_out_twice_is_no_error(session: Session, visit: Visit) -> None:
    assert visit(None).post("/sign-out").status == 303


def test_every_page_of_a_signed_in_person_has_the_way_out(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    for path in ("/about", "/me/comfort", "/me/password", f"/learners/{learner.id}/goals"):
        assert visitor.get(path).soup.find("form", {"action": "/sign-out", "method": "post"}), path


# -- the password --------------------------------------------------------------------------------------


def _change(visitor: Visitor, old: str = PASSWORD, new: str = NEW) -> object:
    return visitor.post("/me/password", old_password=old, new_password=new)


def test_a_new_password_ends_every_sign_in_on_every_device(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    session.commit()
    here, there = visit(learner), visit(learner)
    page = here.post("/me/password", old_password=PASSWORD, new_password=NEW)
    assert (page.status, page.location) == (303, "/sign-in")
    assert here.get("/").status == 303
    assert there.get("/").status == 303
    assert sign_in(visit(None), "mateo", PASSWORD).status == 422
    assert sign_in(visit(None), "mateo", NEW).status == 303


def test_a_new_password_is_in_the_record_without_the_password(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    session.commit()
    visit(learner).post("/me/password", old_password=PASSWORD, new_password=NEW)
    session.expire_all()
    event = session.exec(select(Event).where(Event.verb == Verb.PASSWORD_CHANGED)).one()
    assert (event.actor_id, event.payload) == (learner.id, '{"how":"self"}')


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("not it at all", NEW, "That is not your password now."),
        (PASSWORD, "short", "Use 8 letters or more."),
        (PASSWORD, "calm " * 52, "Use 256 letters or fewer."),
        (PASSWORD, "", "Enter a new password."),
        ("", NEW, "Enter your password."),
    ],
)
def test_a_password_that_cannot_be_taken_changes_nothing(
    session: Session, visit: Visit, old: str, new: str, words: str
) -> None:
    learner = a_learner(session)
    session.commit()
    before = session.get_one(Credential, learner.id).password_hash
    session.commit()
    visitor = visit(learner)
    page = visitor.post("/me/password", old_password=old, new_password=new)
    assert page.status == 422
    assert words in page.words
    assert visitor.get("/").status == 200
    session.expire_all()
    assert session.get_one(Credential, learner.id).password_hash == before


def test_guessing_the_old_password_at_somebody_s_open_device_is_slowed_down(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    statuses = [
        visitor.post("/me/password", old_password=f"guess {n}", new_password=NEW).status
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]
    assert visitor.post("/me/password", old_password=PASSWORD, new_password=NEW).status == 429
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        changed = visitor.post("/me/password", old_password=PASSWORD, new_password=NEW)
    assert changed.status == 303


# -- time --------------------------------------------------------------------------------------------


def _open_at(visitor: Visitor, minutes: float) -> int:
    with clock.standing_at(MONDAY + timedelta(minutes=minutes)):
        return visitor.get("/").status


def test_a_sign_in_that_rests_too_long_ends(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    assert _open_at(visitor, 29) == 200
    assert _open_at(visitor, 29 + 29) == 200  # it was in use, so its rest began anew
    assert _open_at(visitor, 29 + 29 + 31) == 303


def test_a_sign_in_ends_after_the_longest_school_day_however_much_it_is_used(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    minutes = range(20, 8 * 60, 20)
    assert [_open_at(visitor, minute) for minute in minutes] == [200] * len(minutes)
    assert _open_at(visitor, 8 * 60) == 303


def test_a_sign_in_in_use_is_written_down_once_a_minute_not_at_each_page(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    seen = []
    for seconds in (10, 50, 70, 100):
        with clock.standing_at(MONDAY + timedelta(seconds=seconds)):
            assert visitor.get("/").status == 200
        session.expire_all()
        seen.append((session.exec(select(SignIn)).one().seen_at - MONDAY).total_seconds())
        session.commit()
    assert seen == [0, 0, 70, 70]


def test_who_signs_in_where_somebody_is_signed_in_signs_them_out(
    session: Session, visit: Visit, app: Flask
) -> None:
    first = a_learner(session)
    a_learner(session, username="linh")
    session.commit()
    visitor = visit(first)
    visitor.get("/")
    copy = _copy_of(visitor, app)
    elsewhere = Visitor(app, first)
    assert sign_in(visitor, "linh").status == 303
    assert visitor.get("/").status == 200
    assert copy.get("/").status == 303
    assert elsewhere.get("/").status == 200
