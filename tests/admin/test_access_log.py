"""Who opened the pages of a learner is kept: of every page there is, and of pages that come later."""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import access_log, clock
from learnpath.access_log import AccessLog, Reading
from learnpath.db import open_session
from learnpath.people.models import Hat
from learnpath.school.admin_log_views import ROOMS
from learnpath.school.models import AccessDay
from tests import builders
from tests.access.table import allowed, rule_of
from tests.conftest import counted
from tests.living import House
from tests.routes import Route, routes
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
TODAY = builders.MONDAY.date()
# Ids of things that belong to a class, a school or a grown-up, not to one learner. Whoever adds a page of
# another kind of thing says here whose it is, or the test below asks for its line in the log.
OF_NO_LEARNER = {
    "class_id", "window_id", "slot_id", "group_goal_id", "school_id", "reflection_id", "device_id",
    "outcome_file_id", "mapping_id", "import_id",
}  # fmt: skip
READERS = ("teacher", "family", "administrator", "classmate")


def rows_of(house: House) -> dict[tuple[int, int, str], int]:
    """Return what the log holds: of whom, by whom, which room, how often."""
    with house.engine.connect() as connection:
        table = AccessDay.__table__  # type: ignore[attr-defined]
        return {
            (row.learner_id, row.reader_id, row.room): row.times
            for row in connection.execute(sa.select(table))
        }


def read_addresses(house: House, route: Route, reader: str) -> list[str]:
    """Return an address of a route that leads to a thing of "learner" which the reader may open, if any."""
    return [
        route.address(dict(case.ids))
        for case in route.cases(house.world.things["learner"])
        if route.id_name and reader in allowed(house, route, case)
    ][:1]


def test_every_page_of_a_learner_that_somebody_else_opens_is_in_the_log(house: House) -> None:
    house.set_back()
    learner, opened = house.world.people["learner"], Counter[tuple[str, str]]()
    for route in routes(house.app):
        rule = rule_of(house, route)
        if route.method != "GET" or rule.can is None or route.id_name in OF_NO_LEARNER:
            continue
        for reader in READERS:
            room = "school" if reader == "administrator" else route.endpoint.split(".")[0]
            for address in read_addresses(house, route, reader):
                page = house.visitors[reader].get(address)
                opened[reader, room] += page.status < 400
    names = {house.world.people[name]: name for name in READERS}
    logged = {
        (names[reader], room): times
        for (whose, reader, room), times in rows_of(house).items()
        if whose == learner
    }
    assert opened.total() > 60
    assert logged == {key: times for key, times in opened.items() if times}


def test_every_room_with_pages_of_a_learner_has_its_words(app: Flask) -> None:
    rooms = {
        route.endpoint.split(".")[0]
        for route in routes(app)
        if route.method == "GET"
        and app.view_functions[route.endpoint].rule.can is not None
        and route.id_name not in OF_NO_LEARNER
    }
    assert rooms <= set(ROOMS)


@pytest.fixture
def linh(session: Session, visit: Visit):
    """Return a learner with a teacher, and visitors of both."""
    learner = builders.a_learner(session, "Linh")
    teacher = builders.a_teacher_of(session, learner, "Ms. Tran")
    administrator = builders.an_administrator(session, "Mr. Okafor")
    session.commit()
    return learner, visit(teacher), visit(learner), visit(administrator)


def log_of(session: Session) -> list[AccessDay]:
    """Return all lines of the log, and leave no transaction open."""
    found = list(session.exec(select(AccessDay).execution_options(populate_existing=True)))
    session.commit()
    return found


def test_own_pages_changes_and_what_was_refused_are_not_in_the_log(session: Session, linh) -> None:
    learner, teacher, own, _office = linh
    own.get(f"/learners/{learner.id}/profile")
    own.get(f"/learners/{learner.id}/record")
    teacher.post(f"/learners/{learner.id}/profile/seen")
    assert teacher.get(f"/learners/{learner.id}/leading/family").status in {200, 404}
    assert teacher.get("/learners/999/profile").status == 404
    assert [row for row in log_of(session) if row.room != "continuum"] == []


def test_the_same_pages_on_one_day_are_one_line_with_a_count(
    session: Session, linh, visit: Visit
) -> None:
    learner, teacher, _own, _office = linh
    for _ in range(3):
        teacher.get(f"/learners/{learner.id}/profile")
    teacher.get(f"/learners/{learner.id}/goals")
    # At five in the evening in Denver it is the next day in Greenwich: the school's day counts.
    person = builders.a_teacher_of(session, learner, "Mr. Cho")
    session.commit()
    with clock.standing_at(builders.MONDAY + timedelta(hours=9)):
        visit(person).get(f"/learners/{learner.id}/profile")
    with clock.standing_at(builders.MONDAY + timedelta(days=1)):
        visit(person).get(f"/learners/{learner.id}/profile")
    lines = [(row.day, row.room, row.hat, row.times) for row in log_of(session)]
    assert sorted(lines) == [
        (TODAY, "goals", Hat.TEACHER, 1),
        (TODAY, "profiles", Hat.TEACHER, 1),
        (TODAY, "profiles", Hat.TEACHER, 3),
        (TODAY + timedelta(days=1), "profiles", Hat.TEACHER, 1),
    ]


def test_a_page_costs_one_statement_more_and_no_second_one(
    session: Session, engine: Engine, app: Flask, linh
) -> None:
    learner, teacher, own, _office = linh
    path = f"/learners/{learner.id}/profile"
    teacher.get(path)  # this minute notes that the sign-in is in use
    with counted(app.extensions["learnpath.engine"]) as logged:
        teacher.get(path)
    writing = [one for one in logged.statements if not one.startswith("SELECT")]
    assert len(writing) == 1
    assert writing[0].startswith("INSERT INTO access_day")
    own.get(path)
    with counted(app.extensions["learnpath.engine"]) as unlogged:
        own.get(path)
    assert [one for one in unlogged.statements if not one.startswith("SELECT")] == []


def test_the_office_reads_prints_and_saves_the_log(session: Session, linh) -> None:
    learner, teacher, _own, office = linh
    teacher.get(f"/learners/{learner.id}/profile")
    office.get(f"/admin/people/{learner.id}")
    page = office.get(f"/admin/people/{learner.id}/opened")
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
    assert rows == [
        "Nov 17, 2025 Ms. Tran Example a teacher Profile and questions 1",
        "Nov 17, 2025 Mr. Okafor Example the school office Names, ties and sign-in 1",
    ]
    assert page.soup.select("button[data-print]")
    saved = office.get(f"/admin/people/{learner.id}/opened.csv")
    assert saved.response.mimetype == "text/csv"
    table = list(csv.reader(io.StringIO(saved.text.lstrip("\ufeff"))))
    assert table[0] == ["Day", "Who", "As what", "Pages", "Times"]
    assert ["2025-11-17", "Ms. Tran Example", "a teacher", "Profile and questions", "1"] in table


def test_a_name_is_no_formula_in_the_table(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner, '=HYPERLINK("http://evil")')
    administrator = builders.an_administrator(session)
    session.commit()
    visit(teacher).get(f"/learners/{learner.id}/profile")
    saved = visit(administrator).get(f"/admin/people/{learner.id}/opened.csv")
    row = next(row for row in csv.reader(io.StringIO(saved.text)) if "HYPERLINK" in row[1])
    assert row[1].startswith("'=")


def test_grown_ups_have_no_such_log(session: Session, visit: Visit) -> None:
    teacher = builders.a_teacher(session, builders.a_class(session))
    administrator = builders.an_administrator(session)
    session.commit()
    assert visit(administrator).get(f"/admin/people/{teacher.id}/opened").status == 404


def test_days_that_are_too_old_are_forgotten(any_engine: Engine) -> None:
    with open_session(any_engine, writing=True) as session:
        learner = builders.a_learner(session)
        reader = builders.a_person(session)
        session.commit()
        ids = (learner.id or 0, reader.id or 0)

    def read_on(day, times: int = 1) -> list[Reading]:
        return [Reading(ids[0], day, ids[1], Hat.TEACHER, "goals")] * times

    log = AccessLog(any_engine, 30)
    old = TODAY - timedelta(days=31)
    log.note(read_on(old, 2))
    log.note(read_on(TODAY, 3))
    log.note(read_on(TODAY))
    log.forget(TODAY)
    with open_session(any_engine, writing=False) as session:
        assert [(row.day, row.times) for row in session.exec(select(AccessDay))] == [(TODAY, 4)]
        shown = access_log.opened_page(session, ids[0], TODAY, 1)
        assert (shown.found, shown.lines[0].times) == (1, 4)


def test_a_page_does_not_wait_for_a_long_writer_and_nothing_is_lost(
    session: Session, engine: Engine, linh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "WAIT_MILLISECONDS", 20)
    learner, teacher, _own, _office = linh
    teacher.get("/")  # this minute's request is noted before the writer comes
    with open_session(engine, writing=True) as busy:
        busy.execute(sa.text("SELECT 1"))
        assert teacher.get(f"/learners/{learner.id}/profile").status == 200
        assert teacher.get(f"/learners/{learner.id}/profile").status == 200
        busy.rollback()
    assert log_of(session) == []
    teacher.get(f"/learners/{learner.id}/goals")
    assert {row.room: row.times for row in log_of(session)} == {"profiles": 2, "goals": 1}
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000


def test_many_readers_at_once_are_all_counted(any_engine: Engine) -> None:
    with open_session(any_engine, writing=True) as session:
        learner, reader = builders.a_learner(session), builders.a_person(session)
        session.commit()
        reading = Reading(learner.id or 0, TODAY, reader.id or 0, Hat.FAMILY, "profiles")
    log = AccessLog(any_engine, 30)

    def read_on() -> None:
        for _ in range(5):
            log.note([reading])

    threads = [threading.Thread(target=read_on) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while log._waiting:
        log.note([])
    with open_session(any_engine, writing=False) as session:
        query = select(AccessDay.times).where(col(AccessDay.learner_id) == reading.learner_id)
        assert session.exec(query).one() == 30


def test_the_log_goes_along_when_the_record_is_taken(session: Session, linh) -> None:
    learner, teacher, own, _office = linh
    teacher.get(f"/learners/{learner.id}/profile")
    copy = own.post(f"/learners/{learner.id}/record/copy").response.get_json()
    assert [row["room"] for row in copy["tables"]["access_day"]] == ["profiles"]
