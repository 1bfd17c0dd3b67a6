"""A teacher's copy of a record holds what the teacher sees; the learner's own, and the school's, are whole."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import Session

from learnpath.people.models import Person
from learnpath.portability.export import export
from learnpath.record import By, Relation
from tests.builders import MONDAY, a_learner, a_teacher_of, by, by_school, the_school, weeks_before
from tests.conferences.build import a_planned_conference
from tests.goals.build import a_draft
from tests.profiles.build import a_profile, an_inventory_run

LAST_YEAR = weeks_before(MONDAY, 30)


def tables(session: Session, doer: By, learner: Person) -> dict[str, list[dict[str, Any]]]:
    found = json.loads(export(session, doer, learner, MONDAY))["tables"]
    assert isinstance(found, dict)
    return found


def test_what_was_not_sent_and_what_is_of_last_year_stays_here(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session, grade=8), now=LAST_YEAR)
    teacher = a_teacher_of(any_session, learner)
    a_draft(any_session, learner)
    an_inventory_run(any_session, learner, finished=True, now=LAST_YEAR)
    conference = a_planned_conference(any_session, learner, teacher)
    conference.starts_at, conference.hard_what = LAST_YEAR, "Fractions"
    conference.lines = [{"key": "challenges:0", "block": "challenges", "text": "Planning"}]
    any_session.add(conference)
    any_session.flush()
    mine = tables(any_session, by(learner, Relation.LEARNER), learner)
    theirs = tables(any_session, by(teacher, Relation.TEACHER), learner)
    office = tables(any_session, by_school(the_school(any_session)), learner)
    assert mine["goal"][0]["draft"]
    assert theirs["goal"][0]["draft"] is None
    assert mine["inventory_answer"]
    assert theirs["inventory_answer"] == theirs["inventory_run"] == []
    assert mine["conference"][0]["hard_what"] == "Fractions"
    assert (theirs["conference"][0]["hard_what"], theirs["conference"][0]["lines"]) == ("", [])
    assert mine["goal"] == office["goal"]
    assert mine["profile_block"] == office["profile_block"]


def test_what_the_teacher_sees_is_there(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    teacher = a_teacher_of(any_session, learner)
    mine = tables(any_session, by(learner, Relation.LEARNER), learner)
    theirs = tables(any_session, by(teacher, Relation.TEACHER), learner)
    assert mine["profile_block"] == theirs["profile_block"]
    assert mine["profile_revision"] == theirs["profile_revision"]
