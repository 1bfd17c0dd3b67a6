"""The data layer: nothing acknowledged is lost, and both databases keep the same values."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies as st
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from learnpath import db
from learnpath.db import canonical_json, is_busy, make_engine, open_session, unit_of_work
from learnpath.people.models import Person
from learnpath.school.models import School
from tests.builders import MONDAY, a_learner, a_school

WRITERS, EACH = 8, 25


# -- connections ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: what was acknowledged survives a power cut
        ("foreign_keys", 1),
        ("busy_timeout", db.BUSY_SECONDS * 1000),
        ("trusted_schema", 0),
        ("secure_delete", 1),
        ("recursive_triggers", 1),  # without it INSERT OR REPLACE walks round the record's guard
    ],
)
def test_every_sqlite_connection_is_prepared(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


# -- many writers -------------------------------------------------------------------------------------


def _at_once(work: Callable[[], None]) -> None:
    ready = Barrier(WRITERS)

    def one() -> None:
        ready.wait()
        work()

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(one) for _ in range(WRITERS)]:
            done.result()


def test_two_hundred_read_then_write_updates_at_once_lose_nothing(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        school = a_school(session)
        school.phone = "0"
        school_id = school.id

    def work() -> None:
        for _ in range(EACH):
            with unit_of_work(any_engine) as session:
                _add_one(session, school_id)

    _at_once(work)
    with open_session(any_engine, writing=False) as session:
        assert session.get_one(School, school_id).phone == str(WRITERS * EACH)


def _add_one(session: Session, school_id: int | None) -> None:
    query = sa.select(School).where(School.id == school_id).with_for_update()
    school = session.execute(query).scalar_one()
    school.phone = str(int(school.phone) + 1)
    session.add(school)


def test_readers_do_not_wait_for_a_writer_and_see_only_what_is_whole(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        school_id = a_school(session, "Before").id
    with open_session(any_engine, writing=True) as writer:
        writer.get_one(School, school_id).name = "After"
        writer.flush()
        with open_session(any_engine, writing=False) as reader:
            assert reader.get_one(School, school_id).name == "Before"
        writer.commit()
    with open_session(any_engine, writing=False) as reader:
        assert reader.get_one(School, school_id).name == "After"


def test_a_writer_takes_the_lock_with_its_first_statement(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0)
    engine = make_engine(sqlite_url)
    with open_session(engine, writing=True) as first, open_session(engine, writing=True) as second:
        first.connection()
        with pytest.raises(OperationalError) as caught:
            second.connection()
        assert is_busy(caught.value)
    engine.dispose()


def test_other_errors_of_the_database_are_not_taken_for_a_busy_one(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert not is_busy(caught.value)


def test_a_unit_of_work_that_breaks_keeps_nothing(any_engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        _break_midway(any_engine)
    with open_session(any_engine, writing=False) as session:
        assert session.execute(sa.select(sa.func.count()).select_from(School)).scalar_one() == 0


def _break_midway(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        a_school(session)
        raise ZeroDivisionError


def test_what_a_savepoint_undoes_stays_undone(any_session: Session) -> None:
    a_school(any_session, "Kept")
    nested = any_session.begin_nested()
    a_school(any_session, "Undone")
    nested.rollback()
    any_session.commit()
    assert any_session.execute(sa.select(School.name)).scalars().all() == ["Kept"]


def test_two_reads_of_one_request_see_the_same(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        a_school(session)
    count = sa.select(sa.func.count()).select_from(School)
    with open_session(engine, writing=False) as reader:
        before = reader.execute(count).scalar_one()
        with unit_of_work(engine) as session:
            a_school(session)
        assert reader.execute(count).scalar_one() == before


# -- values --------------------------------------------------------------------------------------------

PROBE = sa.Table(
    "probe", sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("moment", db.UtcMoment),
    sa.Column("number", db.ExactNumber),
    sa.Column("json", db.Json),
)  # fmt: skip


@pytest.fixture
def probe(any_session: Session) -> Session:
    """Return a session on a database with a table that has one column of each of our own types."""
    PROBE.create(any_session.connection())
    return any_session


def _there_and_back(session: Session, **values: object) -> object:
    session.execute(PROBE.insert().values(**values))
    [name] = values
    return session.execute(sa.select(PROBE.c[name])).scalar_one()


def test_a_moment_comes_back_as_the_same_moment_in_utc(probe: Session) -> None:
    kathmandu = datetime(
        2025, 11, 17, 21, 45, 1, 7, tzinfo=timezone(timedelta(hours=5, minutes=45))
    )
    back = _there_and_back(probe, moment=kathmandu)
    assert back == kathmandu
    assert isinstance(back, datetime)
    assert back.tzinfo is UTC


def test_a_naive_moment_is_refused(probe: Session) -> None:
    with pytest.raises(sa.exc.StatementError, match="needs its time zone"):
        _there_and_back(probe, moment=MONDAY.replace(tzinfo=None))


@pytest.mark.parametrize("number", ["0.1", "0", "-12.50", "1000000", "0.00001", "99999999.99"])
def test_a_number_comes_back_with_its_very_digits(probe: Session, number: str) -> None:
    back = _there_and_back(probe, number=Decimal(number))
    assert isinstance(back, Decimal)
    assert back.as_tuple() == Decimal(number).as_tuple()


def test_json_is_kept_as_the_same_bytes_on_every_database(probe: Session) -> None:
    value = {"z": [1, None, True], "a": "cafe\u0301 \U0001f331"}
    assert _there_and_back(probe, json=value) == {"z": [1, None, True], "a": "caf\u00e9 \U0001f331"}
    kept = probe.execute(sa.text("SELECT json FROM probe")).scalar_one()
    assert kept == '{"a":"caf\u00e9 \U0001f331","z":[1,null,true]}'


def test_json_without_a_number_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"x": float("nan")})


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.none() | st.booleans(), max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


def test_nothing_about_a_person_is_loaded_behind_our_back(any_session: Session) -> None:
    learner = a_learner(any_session)
    any_session.commit()
    any_session.close()
    assert learner.called  # still there without a session: no lazy loading, no surprise query
    assert not sa.inspect(Person).relationships
