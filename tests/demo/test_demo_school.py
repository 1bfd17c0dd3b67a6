"""The demo school: invented people with a real record, in the middle of a term on any day of any year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from sqlmodel import col, func, select

from learnpath import clock, create_app
from learnpath.conferences.models import Conference, ConferenceState, Feedback, Promise
from learnpath.config import Settings
from learnpath.db import make_engine, open_session
from learnpath.demo.fill import SHOWN, fill
from learnpath.goals.models import CheckIn, Goal
from learnpath.people.models import Credential, Person
from learnpath.record.verify import verify
from learnpath.school.models import Enrolment
from tests.visiting import Visitor

NOON = (19, 0)
DAYS = {
    "a school day": date(2026, 11, 24),
    "a Sunday in June": date(2027, 6, 20),
}


@dataclass
class Demo:
    """A filled demo school, standing at one day."""

    app: Flask
    engine: Engine
    settings: Settings


def _settings(folder: Path, day: date) -> Settings:
    now = datetime(day.year, day.month, day.day, *NOON, tzinfo=UTC)
    return Settings(
        data_dir=folder, database_url=f"sqlite:///{folder}/demo.db", chartjs="local", now=now,
        secret_key="a secret that only the tests know, and long enough", demo=True,
    )  # fmt: skip


@pytest.fixture(scope="module", params=list(DAYS))
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    settings = _settings(tmp_path_factory.mktemp("demo"), DAYS[request.param])
    engine = make_engine(settings.database_url)
    fill(engine, settings, fresh=False)
    app = create_app(settings)
    yield Demo(app, engine, settings)
    engine.dispose()
    app.extensions["learnpath.engine"].dispose()


@pytest.fixture(autouse=True)
def _standing_where_the_demo_stands(demo: Demo) -> Iterator[None]:
    assert demo.settings.now is not None
    with clock.standing_at(demo.settings.now):
        yield


def test_it_holds_what_the_story_tells(demo: Demo) -> None:
    with open_session(demo.engine, writing=False) as session:
        states = Counter(session.exec(select(Goal.state)))
        assert states == {
            "agreed": 33, "with_teacher": 6, "talk": 4, "draft": 3, "reached": 5, "closed": 1,
        }  # fmt: skip
        assert session.exec(select(func.count()).select_from(Enrolment)).one() == 40
        held = Counter(session.exec(select(Conference.state)))
        assert held == {ConferenceState.HELD: 8, ConferenceState.PLANNED: 6}
        kept = select(func.count()).select_from(Promise).where(col(Promise.text) != "")
        assert session.exec(kept).one() == 22
        assert session.exec(select(func.count()).select_from(Feedback)).one() == 7
        assert session.exec(select(func.count()).select_from(CheckIn)).one() >= 230


def test_its_record_is_a_real_one(demo: Demo) -> None:
    with open_session(demo.engine, writing=False) as session:
        verdict = verify(session)
    assert verdict.faults == ()
    assert verdict.events > 1000


def test_each_person_shown_gets_a_first_page_that_says_it_is_a_demo(demo: Demo) -> None:
    for role, username in SHOWN:
        page = Visitor(demo.app, _person(demo, username)).get("/")
        assert page.status == 200, role
        said = page.words
        assert "Demo school." in said or "Escuela de muestra." in said, role


def test_it_says_so_even_where_the_settings_do_not(demo: Demo) -> None:
    app = create_app(replace(demo.settings, demo=False))
    assert "Demo school. All people are invented." in Visitor(app).get("/sign-in").words
    app.extensions["learnpath.engine"].dispose()


def test_its_learners_are_in_the_middle_of_a_term(demo: Demo) -> None:
    page = Visitor(demo.app, _person(demo, "linh")).get("/")
    assert "Week 12: check-in" in page.words
    assert page.soup.select_one("form input[name=value]") is not None


def test_who_is_new_finds_the_empty_pages(demo: Demo) -> None:
    page = Visitor(demo.app, _person(demo, "lucia")).get("/")
    assert "Empieza con unas preguntas cortas sobre ti." in page.words


def test_filling_again_keeps_what_is_there(demo: Demo) -> None:
    with open_session(demo.engine, writing=False) as session:
        before = session.exec(select(func.count()).select_from(Person)).one()
    again = fill(demo.engine, demo.settings, fresh=False)
    with open_session(demo.engine, writing=False) as session:
        assert session.exec(select(func.count()).select_from(Person)).one() == before
    assert not again.new
    assert len(again.lines()) == len(SHOWN)


def _person(demo: Demo, username: str) -> Person:
    with open_session(demo.engine, writing=False) as session:
        query = select(Person).join(Credential, col(Credential.person_id) == col(Person.id))
        return session.exec(query.where(Credential.username == username)).one()
