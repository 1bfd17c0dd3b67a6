"""Guesses that come at the same moment are counted before any is looked at: none slips through beside the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import select

from learnpath.config import Settings
from learnpath.db import open_session, unit_of_work
from learnpath.errors import TooManyTries, WrongInput
from learnpath.people import one_time_codes, passwords, pictures, printed, reset, throttle
from learnpath.people.models import Person, SignInTry
from learnpath.people.sign_in import sign_in
from learnpath.people.sign_on import accounts
from learnpath.people.sign_on.providers import Provider
from learnpath.people.sign_on.token import Account
from learnpath.record import Relation
from tests.badges.build import MINE, OTHERS, a_card
from tests.builders import MONDAY, PASSWORD, a_learner, by, by_school, the_school

AT_ONCE, ALLOWED = 8, 3
HERE = "10.0.0.1"
ISSUER = Provider("google", "Google", "https://login.example.org", "learner-paths")
# Two wrong ones before it, so that the one place that is left is what all eight want.
LIMITS = Settings(
    data_dir=Path("unused"), database_url="", secret_key="", sign_in_tries=ALLOWED,
    sign_in_tries_address=100,
)  # fmt: skip

Try = Callable[[], Any]


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often a slow hash was worked out to see whether something fits."""
    seen, lock = Counter[str](), Lock()

    def counted(module: Any) -> None:
        really = module.fits

        def fits(kept: str | None, secret: str) -> bool:
            with lock:
                seen[module.__name__] += 1
            return bool(really(kept, secret))

        monkeypatch.setattr(module, "fits", fits)

    counted(passwords)
    counted(printed)
    return seen


def at_once(work: Try) -> Counter[str]:
    """Do ``work`` in threads that begin together; return how often each thing came of it."""
    ready = Barrier(AT_ONCE)

    def one(_number: int) -> str:
        ready.wait(10)
        try:
            return repr(work())
        except (TooManyTries, WrongInput) as error:
            return type(error).__name__

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def wrong_password(engine: Engine, _learner_id: int) -> Try:
    return lambda: sign_in(engine, LIMITS, "mateo", "wrong", HERE, MONDAY)


def wrong_code(engine: Engine, _learner_id: int) -> Try:
    new = "four calm rivers"
    return lambda: reset.set_password(engine, LIMITS, "mateo", "0" * 12, new, HERE, MONDAY)


def wrong_code_for_an_account(engine: Engine, _learner_id: int) -> Try:
    account = Account(ISSUER.issuer, "g-1", nonce="n")
    return lambda: accounts.link_with_code(
        engine, LIMITS, account, ISSUER, "mateo", "0" * 12, HERE, MONDAY
    )


def wrong_old_password(engine: Engine, learner_id: int) -> Try:
    with open_session(engine, writing=False) as session:
        doer = by(session.get_one(Person, learner_id), Relation.LEARNER)
    return lambda: passwords.change_password(
        engine, doer, "wrong", "four calm rivers", ALLOWED, MONDAY
    )


def wrong_pictures(engine: Engine, learner_id: int) -> Try:
    return lambda: pictures.press(engine, learner_id, OTHERS, HERE, MONDAY)


def wrong_number(engine: Engine, learner_id: int) -> Try:
    return lambda: pictures.start_fits(engine, learner_id, "000000", HERE, MONDAY)


DOORS = {
    wrong_password: "None",
    wrong_code: "WrongInput",
    wrong_code_for_an_account: "WrongInput",
    wrong_old_password: "WrongInput",
    wrong_pictures: "<Pressed.WRONG: 'wrong'>",
    wrong_number: "False",
}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_more_guesses_reach_the_slow_hash_than_are_allowed(
    any_engine: Engine,
    hashed: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
    door: Callable[[Engine, int], Try],
) -> None:
    monkeypatch.setattr(pictures, "WRONG_IN_A_WHILE", ALLOWED)
    with unit_of_work(any_engine) as session:
        learner = a_learner(session, username="mateo")
        a_card(session, learner, picks=MINE)
        one_time_codes.issue_code(session, by_school(the_school(session)), learner, MONDAY)
        learner_id = learner.id or 0
    hashed.clear()
    came = at_once(door(any_engine, learner_id))
    assert came == {DOORS[door]: ALLOWED, "TooManyTries": AT_ONCE - ALLOWED}
    assert hashed.total() == ALLOWED


def test_a_class_that_signs_in_at_once_is_let_in_and_leaves_no_try_behind(
    any_engine: Engine,
) -> None:
    with unit_of_work(any_engine) as session:
        a_learner(session, username="mateo")
    came = at_once(
        lambda: sign_in(any_engine, Settings(**{**vars(LIMITS), "sign_in_tries": AT_ONCE}),
                        "mateo", PASSWORD, HERE, MONDAY) is not None
    )  # fmt: skip
    assert came == {"True": AT_ONCE}
    with open_session(any_engine, writing=False) as session:
        assert session.exec(select(SignInTry)).all() == []


def test_a_password_that_cannot_be_taken_is_no_guess_at_the_code(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner = a_learner(session, username="mateo")
        office = by_school(the_school(session))
        code = one_time_codes.issue_code(session, office, learner, MONDAY)
    for new in ("short", "password", "mateo mateo") * 2:
        with pytest.raises(WrongInput) as refused:
            reset.set_password(any_engine, LIMITS, "mateo", code, new, HERE, MONDAY)
        assert refused.value.field == "new_password", new
    reset.set_password(any_engine, LIMITS, "mateo", code, "four calm rivers", HERE, MONDAY)


def test_tries_are_counted_for_each_key_or_for_none(any_engine: Engine) -> None:
    one, two = throttle.who("one"), throttle.who("two")
    throttle.take(any_engine, {one: 2, two: 1}, MONDAY)
    with pytest.raises(TooManyTries):
        throttle.take(any_engine, {one: 2, two: 1}, MONDAY)
    throttle.take(any_engine, {one: 2}, MONDAY)
    with pytest.raises(TooManyTries) as refused:
        throttle.take(any_engine, {one: 2}, MONDAY + timedelta(minutes=4))
    assert refused.value.wait == 360
    throttle.take(any_engine, {one: 2, two: 1}, MONDAY + timedelta(minutes=11))
