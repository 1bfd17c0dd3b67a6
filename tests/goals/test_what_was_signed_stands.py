"""What somebody signed stays what they signed, whatever statement is tried on it, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from learnpath.db import open_session, unit_of_work
from tests.goals.build import a_goal

REFUSED = "never (changed|deleted)"
STATEMENTS = [
    "UPDATE goal_version SET what = 'something else'",
    "UPDATE goal_version SET target = '1'",
    "UPDATE goal_version SET what = '\"erased\"', sha256 = '" + "0" * 64 + "'",
    "UPDATE goal_version SET what = '\"erased\"', number = 9",
    "DELETE FROM goal_version",
    "UPDATE goal_signature SET signer_id = 1",
    "UPDATE goal_signature SET sha256 = '" + "0" * 64 + "'",
    "DELETE FROM goal_signature",
]


@pytest.fixture
def engine_with_a_goal(any_engine: Engine) -> Engine:
    with unit_of_work(any_engine) as session:
        a_goal(session)
    return any_engine


def test_neither_words_nor_signatures_can_be_changed(engine_with_a_goal: Engine) -> None:
    more = ["TRUNCATE goal_version CASCADE", "TRUNCATE goal_signature"]
    on_postgresql = engine_with_a_goal.dialect.name == "postgresql"
    for statement in STATEMENTS + (more if on_postgresql else []):
        with (
            open_session(engine_with_a_goal, writing=True) as session,
            pytest.raises(DBAPIError, match=REFUSED),
        ):
            session.connection().exec_driver_sql(statement)


def test_replacing_a_version_is_changing_it(engine_with_a_goal: Engine) -> None:
    if engine_with_a_goal.dialect.name == "sqlite":
        statement = "INSERT OR REPLACE INTO goal_version SELECT * FROM goal_version"
    else:
        statement = "UPDATE goal_version SET id = id"
    with (
        open_session(engine_with_a_goal, writing=True) as session,
        pytest.raises(DBAPIError, match=REFUSED),
    ):
        session.connection().exec_driver_sql(statement)


def test_a_lawful_erasure_takes_the_words_and_leaves_whose_they_were(
    engine_with_a_goal: Engine,
) -> None:
    erasing = "UPDATE goal_version SET what = '\"erased\"', why = '', can_now = '', plan = ''"
    with unit_of_work(engine_with_a_goal) as session:
        session.connection().exec_driver_sql(erasing)
        row = session.connection().exec_driver_sql("SELECT what, why, number FROM goal_version")
        assert row.all() == [('"erased"', "", 1)]
