"""Many people write at once: every chain stays whole, and nobody's event is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy.engine import Engine

from learnpath import record
from learnpath.db import open_session, unit_of_work
from learnpath.record import By, Relation, Verb
from learnpath.record.queries import events_of
from learnpath.record.verify import verify
from tests.builders import MONDAY, a_learner

WRITERS, EACH = 8, 10


def _at_once(work: Callable[[int], None]) -> None:
    """Let all writers begin at the same moment, and see to it that each came to its end."""
    ready = Barrier(WRITERS)

    def one(writer: int) -> None:
        ready.wait()
        work(writer)

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(one, writer) for writer in range(WRITERS)]:
            done.result()


def _write(engine: Engine, by: By, learner_id: int, minute: int) -> None:
    with unit_of_work(engine) as session:
        record.write(
            session, by, Verb.REFLECTED, learner_id=learner_id, about=("goal", 1),
            payload={"prompt": "x"}, at=MONDAY + timedelta(minutes=minute),
        )  # fmt: skip


def test_writers_of_one_learner_leave_no_gap_and_no_double(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner = a_learner(session)
        learner_id, by = learner.id or 0, By(learner.id, Relation.LEARNER, learner.school_id)

    def work(writer: int) -> None:
        for number in range(EACH):
            _write(any_engine, by, learner_id, writer * EACH + number)

    _at_once(work)
    with open_session(any_engine, writing=False) as session:
        numbers = [event.seq for event in events_of(session, learner_id)]
        assert numbers == list(range(1, WRITERS * EACH + 3))
        assert verify(session).faults == ()


def test_the_first_writers_of_a_new_chain_do_not_collide(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner = a_learner(session)
        by, school_id = By(None, Relation.SCHOOL, learner.school_id), learner.school_id

    def work(_: int) -> None:
        with unit_of_work(any_engine) as session:
            record.write(
                session, by, Verb.PASSWORD_CHANGED, learner_id=None, about=("person", 1), at=MONDAY
            )

    _at_once(work)
    with open_session(any_engine, writing=False) as session:
        assert verify(session).faults == ()
        events = session.connection().exec_driver_sql(
            f"SELECT count(*) FROM event WHERE chain = 'school:{school_id}'"
        )
        assert events.scalar_one() == WRITERS


def test_writers_of_different_learners_keep_their_chains_apart(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learners = [a_learner(session) for _ in range(WRITERS)]
        school_id = learners[0].school_id
        ids = [learner.id or 0 for learner in learners]

    def work(writer: int) -> None:
        for number in range(EACH):
            _write(any_engine, By(ids[writer], Relation.LEARNER, school_id), ids[writer], number)

    _at_once(work)
    with open_session(any_engine, writing=False) as session:
        assert verify(session).faults == ()
        for learner_id in ids:
            assert len(events_of(session, learner_id)) == EACH + 2
