"""The demo's days move along with today; a database that is not the demo's is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import select

from learnpath.config import Settings
from learnpath.db import open_session, unit_of_work
from learnpath.demo.days import DemoDays
from learnpath.demo.fill import fill
from learnpath.errors import SettingsError
from learnpath.school.models import School
from tests.builders import a_school


def test_a_database_with_another_school_is_never_touched(
    engine: Engine, settings: Settings
) -> None:
    with unit_of_work(engine) as session:
        a_school(session, "A real school")
    for fresh in (False, True):
        with pytest.raises(SettingsError, match="was not touched"):
            fill(engine, settings, fresh=fresh)
    with open_session(engine, writing=False) as session:
        assert [school.name for school in session.exec(select(School))] == ["A real school"]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 2, 28),
        date(2028, 2, 29),
        date(2026, 8, 8),
        date(2026, 12, 25),
        date(2027, 6, 20),
    ],
)
def test_today_always_lies_in_the_twelfth_week(day: date) -> None:
    days = DemoDays(day)
    assert days.calendar.number(day) == 12
    assert len(days.weeks) == 12
    assert days.year_before.ends < days.year.starts <= day <= days.year.ends
