"""A printed code sets one new password, once, within a week."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath import clock
from learnpath.errors import WrongInput
from learnpath.people import breached, one_time_codes, passwords, reset
from learnpath.people.models import Credential, OneTimeCode, Person
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.school import enrol
from learnpath.school.enrol import NewPerson
from learnpath.school.models import School
from tests.builders import (
    MONDAY,
    PASSWORD,
    a_class,
    a_learner,
    a_teacher,
    a_teacher_of,
    by,
    by_school,
    the_school,
)
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
NEW = "seven green kites at noon"


def _issued(session: Session, learner: Person, now: object = MONDAY) -> str:
    teacher = a_teacher_of(session, learner)
    code = one_time_codes.issue_code(session, by(teacher, Relation.TEACHER), learner, now)
    session.commit()
    return code


def use(visitor: Visitor, username: str, code: str, new: str = NEW) -> Page:
    """Send the form of the slip."""
    visitor.forget_token()
    return visitor.post("/code", username=username, code=code, new_password=new)


def _signs_in(visit: Visit, username: str, password: str) -> bool:
    return visit(None).post("/sign-in", username=username, password=password).status == 303


def test_a_slip_sets_a_new_password_and_ends_every_other_sign_in(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session, username="mateo")
    code = _issued(session, learner)
    elsewhere = visit(learner)
    page = use(visit(None), " Mateo ", f"{code[:4]} {code[4:8]}-{code[8:]}".lower())
    assert page.location == "/sign-in"
    assert elsewhere.get("/").location.startswith("/sign-in")
    assert _signs_in(visit, "mateo", NEW)
    assert not _signs_in(visit, "mateo", PASSWORD)
    session.expire_all()
    event = session.exec(select(Event).where(Event.verb == Verb.PASSWORD_CHANGED)).one()
    assert (event.actor_id, event.payload) == (learner.id, '{"how":"code"}')
    session.commit()


def test_a_code_is_good_once(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    code = _issued(session, learner)
    assert use(visit(None), "mateo", code).status == 303
    again = use(visit(None), "mateo", code, "another good one for me")
    assert again.status == 422
    assert _signs_in(visit, "mateo", NEW)


def test_two_who_use_a_code_at_the_same_moment_do_not_both_get_in(
    session: Session, app: Flask
) -> None:
    learner = a_learner(session, username="mateo")
    code = _issued(session, learner)
    engine, settings = app.extensions["learnpath.engine"], app.extensions["learnpath.settings"]

    def spend(number: int) -> bool:
        with clock.standing_at(MONDAY):
            try:
                reset.set_password(
                    engine, settings, "mateo", code, f"{NEW} {number}", f"10.0.0.{number}", MONDAY
                )
            except WrongInput:
                return False
            return True

    with ThreadPoolExecutor(4) as together:
        assert list(together.map(spend, range(4))).count(True) == 1


def test_whatever_does_not_fit_is_answered_alike(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    a_learner(session, username="ana")
    right = _issued(session, learner)
    told = set()
    for username, code, days in (
        ("mateo", "AAAA BBBB CCCC", 0), ("nobody", right, 0), ("ana", right, 0), ("mateo", right, 8),
    ):  # fmt: skip
        with clock.standing_at(MONDAY + timedelta(days=days)):
            page = use(visit(None), username, code)
        assert page.status == 422
        told.add(page.soup.select_one("main .field-error").get_text(" ", strip=True))
    assert len(told) == 1
    assert "do not go together, or the code was used or is too old." in told.pop()
    assert _signs_in(visit, "mateo", PASSWORD)


def test_a_newer_code_stops_the_older_one(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    older, newer = _issued(session, learner), _issued(session, learner)
    assert use(visit(None), "mateo", older).status == 422
    assert use(visit(None), "mateo", newer).status == 303


def test_guessing_codes_is_slowed_down_for_the_name_at_that_address_only(
    session: Session, make_app: Callable[..., Flask]
) -> None:
    learner = a_learner(session, username="mateo")
    code = _issued(session, learner)
    app = make_app(sign_in_tries=3)
    guesser = Visitor(app)
    assert [use(guesser, "mateo", "0" * 12).status for _ in range(4)] == [422, 422, 422, 429]
    assert use(guesser, "mateo", code).status == 429
    classmate_s = Visitor(app)
    classmate_s.client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    assert use(classmate_s, "mateo", code).status == 303


def test_a_password_that_cannot_be_taken_leaves_the_code_as_it_is(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session, "Mateo", username="mateo")
    code = _issued(session, learner)
    visitor = visit(None)
    for new, words in (
        ("short", "Use 8 letters or more."),
        ("password123", "Many people use that password"),
        ("mateo 2014", "Your own name"),
        ("Ridgeline-School 1", "Your own name or your school's name"),
    ):
        page = use(visitor, "mateo", code, new)
        assert (page.status, words in page.words) == (422, True), new
    assert use(visitor, "mateo", code).status == 303


def test_what_a_password_must_be_like_for_somebody_is_not_told_without_the_code(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session, "Mateo", username="mateo")
    _issued(session, learner)
    page = use(visit(None), "mateo", "0" * 12, "mateo 2014")
    assert "Your own name" not in page.words


def test_only_a_hash_of_the_code_is_kept(session: Session) -> None:
    learner = a_learner(session, username="mateo")
    code = _issued(session, learner)
    row = session.exec(select(OneTimeCode)).one()
    assert row.code_hash.startswith("$argon2id$")
    assert code not in str(row.model_dump())
    assert len(code) * 5 == 60


def test_who_never_had_a_name_to_sign_in_with_gets_one_with_the_code(session: Session) -> None:
    school = the_school(session)
    doer = by_school(session.get_one(School, school.id))
    codes = []
    for called in ("Zoë", "Zoë", "李"):
        person = enrol.add_person(
            session, doer, NewPerson(called, "Ortiz Vega", called, grade=4), MONDAY
        )
        code = one_time_codes.issue_code(session, doer, person, MONDAY)
        codes.append((session.get_one(Credential, person.id).username, code))
        assert not passwords.fits(session.get_one(Credential, person.id).password_hash, "none")
    assert [name for name, _ in codes] == ["zoeo", "zoeo2", "persono"]
    assert one_time_codes.take_code(session, *codes[1], MONDAY).called == "Zoë"


def test_a_code_is_taken_once_on_both_databases(any_session: Session) -> None:
    learner = a_learner(any_session, username="mateo")
    doer = by(a_teacher_of(any_session, learner), Relation.TEACHER)
    code = one_time_codes.issue_code(any_session, doer, learner, MONDAY)
    assert one_time_codes.take_code(any_session, "MATEO", code, MONDAY) == learner
    with pytest.raises(WrongInput):
        one_time_codes.take_code(any_session, "mateo", code, MONDAY)


# -- what a password may be ------------------------------------------------------------------------------


WELCOME = (
    "a quiet river", "correct horse battery staple", "ocho nubes verdes", "ñandú y colibrí",
    "one sentence of more than two hundred letters, " * 5, "漢字とかなで長い合言葉",
    "   spaces all around   ",
)  # fmt: skip
EASY = (
    "password", "PASSWORD1!", "12345678", "qwertyuiop", "aaaaaaaaaaaa", "abcabcabc", "football2026",
    "contraseña", "Tequieromucho7", "iloveyou!!", "87654321", "p a s s w o r d",
)  # fmt: skip


def test_long_passphrases_in_any_writing_are_welcome(session: Session, visit: Visit) -> None:
    learner = a_learner(session, username="mateo")
    for password in WELCOME:
        passwords.check(session, learner.id, password, MONDAY)
        assert passwords.fits(passwords.make_hash(password), password)
    code = _issued(session, learner)
    assert use(visit(None), "mateo", code, WELCOME[4]).status == 303
    assert _signs_in(visit, "mateo", WELCOME[4])


def test_a_password_is_the_same_whatever_keyboard_wrote_its_accents(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session, username="mateo")
    code = _issued(session, learner)
    use(visit(None), "mateo", code, "cancio\u0301n de cuna larga")
    assert _signs_in(visit, "mateo", "canci\u00f3n de cuna larga")


def test_what_everybody_would_try_first_is_no_password(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    for password in EASY:
        with pytest.raises(WrongInput, match="easy to guess"):
            passwords.check(session, learner.id, password, MONDAY)
    session.commit()
    visitor = visit(learner)
    page = visitor.post("/me/password", old_password=PASSWORD, new_password="football2026")
    assert (page.status, "easy to guess" in page.words) == (422, True)
    assert visitor.get("/").status == 200


def test_staff_need_twelve_letters_and_students_eight(session: Session, visit: Visit) -> None:
    room = a_class(session)
    learner, teacher = a_learner(session, in_class=room), a_teacher(session, room)
    session.commit()
    short = "kite nap"
    page = visit(teacher).post("/me/password", old_password=PASSWORD, new_password=short)
    assert (page.status, "Use 12 letters or more." in page.words) == (422, True)
    done = visit(learner).post("/me/password", old_password=PASSWORD, new_password=short)
    assert done.status == 303


def test_the_common_list_is_shipped_sorted_and_small() -> None:
    data = breached._list()
    slots = [data[n : n + breached.BYTES] for n in range(0, len(data), breached.BYTES)]
    assert slots == sorted(set(slots))
    assert len(slots) > 25_000
    assert len(data) < 200_000
