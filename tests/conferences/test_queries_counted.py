"""What the pages of conferences ask of the database stays bounded, whatever there is."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from learnpath.conferences import afterwards, ahead, prepare, queries
from learnpath.conferences.prepare import Piece
from learnpath.record import Relation
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build
from tests.conftest import counted
from tests.goals.build import a_goal


@pytest.fixture
def rich(session: Session):
    """Two goals with many weeks, four pieces of work, two families' answers."""
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    guardian = builders.a_guardian_of(session, learner)
    goals = [
        a_goal(session, learner=learner, teacher=teacher, values=[24 + n for n in range(9)])
        for _number in range(2)
    ]
    conference = build.a_planned_conference(session, learner, teacher)
    build.prepare_all(session, conference, goals=[goal.id for goal in goals])
    doer = build.by(learner, Relation.LEARNER)
    for _number in range(3):
        prepare.add_work(session, doer, conference, Piece("Work", "Did", "Shows"), MONDAY)
    session.commit()
    return learner, teacher, guardian, conference


@pytest.mark.parametrize("path", ["present", "rehearse"])
@pytest.mark.parametrize("reader", ["learner", "teacher"])
def test_the_running_conference(visit, rich, app, path, reader):
    learner, teacher, _guardian, conference = rich
    visit(learner).post(f"/conferences/{conference.id}/begin")
    visitor = visit(learner if reader == "learner" else teacher)
    visitor.get("/about")
    with counted(app.extensions["learnpath.engine"]) as counter:
        page = visitor.get(f"/conferences/{conference.id}/{path}")
    # Rehearsing is the learner's own: nobody else is shown it.
    assert page.status == (404 if (path, reader) == ("rehearse", "teacher") else 200)
    # One more of a teacher: that somebody else opened a learner's page goes into the access log.
    assert counter.count <= (12 if reader == "learner" else 13)


@pytest.mark.parametrize("path", ["", "/prepare", "/prepare/lines", "/prepare/work"])
def test_a_learners_pages(visit, rich, app, path):
    learner, _teacher, _guardian, conference = rich
    visitor = visit(learner)
    visitor.get("/about")
    with counted(app.extensions["learnpath.engine"]) as counter:
        assert visitor.get(f"/conferences/{conference.id}{path}").status == 200
    assert counter.count <= 12


def test_the_summary_for_each_reader(visit, rich, session, app):
    learner, teacher, guardian, conference = rich
    made = build.hold(session, conference)
    from learnpath.conferences import summary

    summary.approve(session, build.by(learner, Relation.LEARNER), made, "Mine.", MONDAY)
    summary.share(session, build.by(teacher, Relation.TEACHER), made, made.sha256, MONDAY)
    session.commit()
    for reader in (learner, teacher, guardian):
        visitor = visit(reader)
        with counted(app.extensions["learnpath.engine"]) as counter:
            assert visitor.get(f"/summaries/{made.id}").status == 200
        assert counter.count <= 6


def test_lists_are_one_query_for_one_learner_and_for_thirty(session, engine):
    ids = []
    for _number in range(5):
        learner = builders.a_learner(session)
        build.a_conference(session, learner)
        ids.append(learner.id)
    session.commit()
    later = MONDAY.replace(month=12)
    for reading in (
        lambda some: ahead.coming(session, some, MONDAY, later),
        lambda some: afterwards.promises_due(session, some, later),
        lambda some: afterwards.feedback_waiting(session, some),
        lambda some: afterwards.summaries_waiting(session, some),
        lambda some: queries.list_of(session, some[0]),
    ):
        with counted(engine) as one:
            reading(ids[:1])
        with counted(engine) as many:
            reading(ids)
        assert one.count == many.count == 1
