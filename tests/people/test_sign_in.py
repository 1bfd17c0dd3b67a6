"""Signing in: with the name and password that the school gave, and with nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learnpath.people import passwords
from learnpath.people.models import SignIn
from tests.builders import MONDAY, PASSWORD, a_learner, a_person, a_teacher_of
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


def sign_in(visitor: Visitor, username: str, password: str = PASSWORD, after: str = "") -> Page:
    """Fill in the form of the sign-in page and send it."""
    page = visitor.post(f"/sign-in{after}", username=username, password=password)
    visitor.forget_token()
    return page


def test_it_opens_the_first_page(session: Session, visit: Visit) -> None:
    a_learner(session, "Mateo", username="mateo")
    session.commit()
    visitor = visit(None)
    page = sign_in(visitor, "mateo")
    assert (page.status, page.location) == (303, "/")
    assert page.follow().status == 200


@pytest.mark.parametrize("typed", ["Mateo", " mateo ", "MATEO", "\uff4dateo"])
def test_it_forgives_how_the_name_is_typed(session: Session, visit: Visit, typed: str) -> None:
    a_learner(session, username="mateo")
    session.commit()
    assert sign_in(visit(None), typed).status == 303


@pytest.mark.parametrize("password", ["Three calm stones", "three calm stones ", "", "x" * 500])
def test_it_forgives_nothing_in_the_password(session: Session, visit: Visit, password: str) -> None:
    a_learner(session, username="mateo")
    session.commit()
    assert sign_in(visit(None), "mateo", password).status == 422


def test_it_brings_people_to_the_page_that_they_wanted(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    wanted = f"/learners/{learner.id}/goals"
    asked = visitor.get(wanted)
    assert asked.status == 303
    page = visitor.post(asked.location, username="mateo", password=PASSWORD)
    assert page.location == wanted


def test_a_wrong_password_and_an_unknown_name_look_exactly_alike(
    session: Session, visit: Visit
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    known, unknown = (
        sign_in(visit(None), "mateo", "wrong words"),
        sign_in(visit(None), "nobody", "wrong words"),
    )
    assert known.status == unknown.status == 422
    assert known.words.replace("mateo", "") == unknown.words.replace("nobody", "")
    assert "do not go together" in known.words


def test_a_name_that_is_not_there_costs_the_same_hash(
    session: Session, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    passwords.nobodys_hash()
    hashed: list[str] = []
    hasher = passwords.hasher()
    monkeypatch.setattr(passwords, "hasher", lambda: _Counting(hasher, hashed))
    for name in ("mateo", "nobody"):
        sign_in(visit(None), name, "wrong words")
    assert hashed == ["verify", "verify"]


class _Counting:
    """A hasher that notes what was asked of it."""

    def __init__(self, hasher: object, calls: list[str]) -> None:
        self._hasher, self._calls = hasher, calls

    def verify(self, *args: object) -> object:
        self._calls.append("verify")
        return self._hasher.verify(*args)  # type: ignore[attr-defined]


def test_what_was_typed_as_name_stays_and_the_password_does_not(
    session: Session, visit: Visit
) -> None:
    page = sign_in(visit(None), "matteo", "wrong words")
    assert page.soup.find("input", {"name": "username"})["value"] == "matteo"
    assert not page.soup.find("input", {"name": "password"}).get("value")
    assert page.soup.find("input", {"name": "password"})["type"] == "password"
    assert "wrong words" not in page.text


def test_an_empty_form_says_what_is_missing(visit: Visit) -> None:
    page = sign_in(visit(None), "", "")
    assert page.status == 422
    assert "Enter your username." in page.words
    assert "Enter your password." in page.words


def test_somebody_who_has_left_cannot_sign_in(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    learner.left_at = MONDAY - timedelta(days=1)
    session.commit()
    assert sign_in(visit(None), "mateo").status == 422


def test_somebody_without_any_relationship_cannot_sign_in(session: Session, visit: Visit) -> None:
    a_person(session, username="nobody")
    session.commit()
    page = sign_in(visit(None), "nobody")
    assert page.status == 422
    assert session.exec(select(SignIn)).first() is None


def test_the_database_holds_no_token_and_no_password(session: Session, visit: Visit) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    sign_in(visitor, "mateo")
    with visitor.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    session.expire_all()
    kept = session.exec(select(SignIn)).one()
    assert kept.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 43  # 256 bits
    session.commit()


@pytest.mark.usefixtures("slow_hasher")
def test_passwords_are_kept_as_argon2id_with_today_s_parameters() -> None:
    kept = passwords.make_hash("a quiet river")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=2$")
    assert kept != passwords.make_hash("a quiet river")
    assert passwords.fits(kept, "a quiet river")
    assert not passwords.fits(kept, "a quiet rivers")


@pytest.mark.parametrize("broken", ["", "plain text", "$argon2id$v=19$broken", "$2b$12$abc"])
def test_a_hash_that_is_none_fits_nothing(broken: str) -> None:
    assert not passwords.fits(broken, "")
    assert not passwords.fits(broken, broken)
    assert not passwords.fits(None, "nobody has this password")


def test_signed_in_people_who_open_the_sign_in_page_go_on_to_their_own(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    session.commit()
    page = visit(learner).get("/sign-in")
    assert (page.status, page.location) == (303, "/")


def test_signing_in_gives_a_new_cookie_so_that_a_planted_one_is_worth_nothing(
    session: Session, visit: Visit
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    visitor.get("/about")
    with visitor.client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
    planted = _cookie(visitor)
    sign_in(visitor, "mateo")
    assert _cookie(visitor) != planted
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
    attacker = visit(None)
    attacker.client.set_cookie("learnpath", planted)
    assert attacker.get("/").status == 303


def _cookie(visitor: Visitor) -> str:
    kept = visitor.client.get_cookie("learnpath")
    assert kept is not None
    return kept.value


def test_each_sign_in_has_a_token_of_its_own(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    a_teacher_of(session, learner)
    session.commit()
    one, two = visit(None), visit(None)
    sign_in(one, "mateo")
    sign_in(two, "mateo")
    one.post("/sign-out")
    assert one.get("/").status == 303
    assert two.get("/").status == 200


def test_a_made_up_token_opens_nothing(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    for token in (str(learner.id), "", "x" * 43, "' OR 1=1 --"):
        visitor = visit(None)
        with visitor.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        assert visitor.get("/").status == 303
