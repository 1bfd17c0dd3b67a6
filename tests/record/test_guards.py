"""The record is append-only on both databases, whatever statement is tried on it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from learnpath.record.chain import ERASED
from learnpath.record.queries import events_of
from tests.record.build import a_learner_with_events

COLUMNS = {
    "seq": "99",
    "at": "'2020-01-01 00:00:00.000000'",
    "actor_id": "NULL",
    "learner_id": "NULL",
    "relation": "'teacher'",
    "decided_by": "'teacher'",
    "verb": "'checked_in'",
    "object_type": "'outcome'",
    "object_id": "77",
    "payload": "'{}'",
    "payload_sha256": f"'{'a' * 64}'",
    "previous_hash": f"'{'a' * 64}'",
    "hash": f"'{'a' * 64}'",
    "chain": "'learner:0'",
    "id": "123456",
}


def _refused(session: Session, statement: str) -> None:
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(sa.text(statement))
    session.rollback()


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_event_can_be_changed(any_session: Session, column: str) -> None:
    a_learner_with_events(any_session, 1)
    _refused(any_session, f"UPDATE event SET {column} = {COLUMNS[column]} WHERE verb = 'reflected'")


def test_no_event_can_be_deleted(any_session: Session) -> None:
    a_learner_with_events(any_session, 1)
    _refused(any_session, "DELETE FROM event WHERE verb = 'reflected'")
    _refused(any_session, "DELETE FROM event")


def test_no_event_can_be_replaced(session: Session) -> None:
    a_learner_with_events(session, 1)
    for word in ("INSERT OR REPLACE", "REPLACE"):
        _refused(
            session,
            f"{word} INTO event SELECT id, chain, seq, at, school_id, learner_id, actor_id, relation,"
            " decided_by, 'checked_in', object_type, object_id, payload, payload_sha256,"
            " previous_hash, hash FROM event WHERE verb = 'reflected'",
        )


def test_an_upsert_cannot_change_an_event(any_session: Session) -> None:
    a_learner_with_events(any_session, 1)
    columns = ", ".join(_columns(any_session))
    _refused(
        any_session,
        f"INSERT INTO event ({columns}) SELECT {columns} FROM event WHERE verb = 'reflected'"
        " ON CONFLICT (id) DO UPDATE SET payload = '{}'",
    )


def _columns(session: Session) -> list[str]:
    return [column["name"] for column in sa.inspect(session.connection()).get_columns("event")]


def test_the_record_cannot_be_emptied(postgresql_url: str) -> None:
    engine = sa.create_engine(postgresql_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(sa.text("TRUNCATE event CASCADE"))
    engine.dispose()


def test_no_number_of_a_chain_can_be_used_twice(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 1)
    any_session.commit()
    columns = [name for name in _columns(any_session) if name != "id"]
    copied = ", ".join(columns)
    with pytest.raises(sa.exc.IntegrityError):
        any_session.execute(sa.text(f"INSERT INTO event ({copied}) SELECT {copied} FROM event"))
    any_session.rollback()
    assert len(events_of(any_session, learner.id)) == 3


def test_a_tombstone_is_let_through_and_nothing_beside_it(any_session: Session) -> None:
    a_learner_with_events(any_session, 1)
    _refused(
        any_session,
        f"UPDATE event SET payload = '{ERASED}', actor_id = NULL WHERE verb = 'reflected'",
    )
    done = any_session.execute(
        sa.text(f"UPDATE event SET payload = '{ERASED}' WHERE verb = 'reflected'")
    )
    assert done.rowcount == 1  # type: ignore[attr-defined]


def test_a_tombstone_cannot_be_given_words_again(any_session: Session) -> None:
    a_learner_with_events(any_session, 1)
    any_session.execute(sa.text(f"UPDATE event SET payload = '{ERASED}' WHERE verb = 'reflected'"))
    _refused(any_session, "UPDATE event SET payload = '{}' WHERE verb = 'reflected'")
