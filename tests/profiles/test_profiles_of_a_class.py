"""A teacher sees of a class who has no profile yet, whose has rested, and what many share."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from learnpath import clock
from learnpath.db import key_of
from learnpath.people.models import Hat
from learnpath.profiles.class_facts import class_profiles
from learnpath.school.queries import calendar_of
from tests.builders import (
    MONDAY,
    a_class,
    a_leader,
    a_learner,
    a_teacher,
    the_school,
    weeks_before,
)
from tests.conftest import counted
from tests.profiles.build import a_profile, a_reader

MARCH = MONDAY + timedelta(weeks=15)


def test_it_names_who_has_none_whose_rests_and_what_five_share(session: Session, visit) -> None:
    room = a_class(session)
    teacher = a_teacher(session, room)
    a_learner(session, "Nobody Yet", in_class=room)
    a_profile(session, a_learner(session, "Resting", in_class=room), now=MONDAY)
    for number in range(5):
        words = "old maps" if number else "Old maps"
        lines = {"interests": (words,), "needs": ("A quiet place",) if number else ()}
        a_profile(session, a_learner(session, f"L{number}", in_class=room), lines=lines, now=MARCH)
    session.commit()
    with clock.standing_at(MARCH):
        soup = visit(teacher).get(f"/classes/{room.id}/profiles").soup
    assert soup.select_one("[aria-labelledby=without] li").get_text().startswith("Nobody Yet")
    resting = soup.select("[aria-labelledby=resting] li")
    assert [one.get_text().split()[0] for one in resting] == ["Resting"]
    shared = soup.select_one("[aria-labelledby=shared]").get_text(" ")
    assert "5 students" in shared
    assert "quiet place" not in shared


def test_what_needs_from_last_year_is_not_counted(any_session: Session) -> None:
    room = a_class(any_session)
    teacher = a_teacher(any_session, room)
    for _one in range(5):
        learner = a_learner(any_session, in_class=room)
        a_profile(
            any_session, learner, lines={"needs": ("Time",), "interests": ("Kites",)},
            now=weeks_before(MONDAY, 20),
        )  # fmt: skip
    calendar = calendar_of(any_session, key_of(the_school(any_session)))
    shown = class_profiles(any_session, key_of(room), calendar, a_reader(teacher, Hat.TEACHER))
    assert [(one.block, one.text, len(one.learners)) for one in shown.shared] == [
        ("interests", "Kites", 5)
    ]


def test_an_empty_class_says_so(session: Session, visit) -> None:
    room = a_class(session)
    teacher = a_teacher(session, room)
    session.commit()
    assert "Nobody learns in this class" in visit(teacher).get(f"/classes/{room.id}/profiles").words


def test_only_the_teacher_of_the_class_sees_it(session: Session, visit) -> None:
    room = a_class(session)
    learner = a_learner(session, in_class=room)
    others = [learner, a_teacher(session, a_class(session, name="Other")), a_leader(session)]
    session.commit()
    for other in others:
        assert visit(other).get(f"/classes/{room.id}/profiles").status == 404


def test_it_asks_the_database_as_often_for_thirty_as_for_three(
    session: Session, engine, visit, app
) -> None:
    room = a_class(session)
    teacher = a_teacher(session, room)
    for _one in range(3):
        a_profile(session, a_learner(session, in_class=room))
    session.commit()
    app_engine, visitor = app.extensions["learnpath.engine"], visit(teacher)
    with counted(app_engine) as few:
        visitor.get(f"/classes/{room.id}/profiles")
    for _one in range(27):
        a_profile(session, a_learner(session, in_class=room))
    session.commit()
    with counted(app_engine) as many:
        visitor.get(f"/classes/{room.id}/profiles")
    assert many.count == few.count <= 6
