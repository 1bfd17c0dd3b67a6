"""Teachers print and learners choose at the same moment: one card stands, one choice holds, nobody gets an error."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.engine import Engine
from sqlmodel import col, select

from learnpath.db import open_session, unit_of_work
from learnpath.errors import NotAllowedNow
from learnpath.people import badges, one_time_codes, pictures
from learnpath.people.models import Badge, Credential, OneTimeCode, Person
from learnpath.record import Relation
from learnpath.record.verify import verify
from learnpath.school import enrol
from learnpath.school.enrol import NewPerson
from tests.badges.build import MINE
from tests.builders import MONDAY, a_learner, a_teacher_of, by, by_school, the_school

AT_ONCE = 4
Came = TypeVar("Came")


def _at_once(work: Callable[[int], Came]) -> list[Came]:
    ready = Barrier(AT_ONCE)

    def one(number: int) -> Came:
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_one_card_one_code_and_one_choice_of_pictures_stand(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner = a_learner(session, username="mateo")
        doer = by(a_teacher_of(session, learner), Relation.TEACHER)
        learner_id, own = learner.id, by(learner, Relation.LEARNER)
    secret = pictures.make_hash(learner_id, MINE)

    def work(_number: int) -> tuple[str, str, bool]:
        with unit_of_work(any_engine) as session:
            person = session.get_one(Person, learner_id)
            [card] = badges.issue_badges(session, doer, [person], MONDAY)
            code = one_time_codes.issue_code(session, doer, person, MONDAY)
        try:
            with unit_of_work(any_engine) as session:
                pictures.choose(session, own, secret, MONDAY)
        except NotAllowedNow:
            return card.token, code, False
        return card.token, code, True

    came = _at_once(work)
    with open_session(any_engine, writing=False) as session:
        standing = session.exec(select(Badge).where(col(Badge.revoked_at).is_(None))).all()
        codes = session.exec(select(OneTimeCode).where(col(OneTimeCode.ended_at).is_(None))).all()
        assert (len(standing), len(codes)) == (1, 1)
        alive = [badges.person_of_badge(session, token, MONDAY) for token, _, _ in came]
        assert sum(one is not None for one in alive) == 1
        fits = [one_time_codes.fitting_code(session, "mateo", code, MONDAY) for _, code, _ in came]
        assert sum(one is not None for one in fits) == 1
        assert [chose for _, _, chose in came].count(True) == 1
        assert verify(session).faults == ()


def test_two_people_of_one_name_get_two_usernames(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        office = by_school(the_school(session))
        new = NewPerson("Ana", "Ruiz", "Ana", grade=3)
        ids = [enrol.add_person(session, office, new, MONDAY).id for _ in range(AT_ONCE)]

    def work(number: int) -> None:
        with unit_of_work(any_engine) as session:
            person = session.get_one(Person, ids[number])
            one_time_codes.issue_code(session, office, person, MONDAY)

    _at_once(work)
    with open_session(any_engine, writing=False) as session:
        names = session.exec(select(Credential.username).order_by(Credential.username)).all()
    assert list(names) == ["anar", "anar2", "anar3", "anar4"]
