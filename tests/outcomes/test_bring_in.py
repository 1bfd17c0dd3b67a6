"""School data from files: what a plan says, what applying does, and what undoing takes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.continuum.facts import gather
from learnpath.continuum.from_weeks import WeekRow, facts_of_rows
from learnpath.continuum.queries import fact_of
from learnpath.errors import NotAllowedNow
from learnpath.outcomes import bring_in
from learnpath.outcomes.bring_in import PlanStops
from learnpath.outcomes.models import Outcome, OutcomeKind, stands
from learnpath.outcomes.plan import OutcomePlan
from learnpath.outcomes.sources import Source, from_bytes, from_path
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import Event, EvidenceWeek
from learnpath.record.queries import events_of
from learnpath.record.verify import verify
from learnpath.school.models import ImportRun
from learnpath.school.queries import calendar_of
from tests.builders import MONDAY, a_learner, a_school, a_teacher, by_school, the_school
from tests.outcomes import files
from tests.outcomes.files import known_as, mapping, quizzes, source

Row = tuple[str, Decimal, date]


def plan(session: Session, what: Source, *, strict: bool = False) -> OutcomePlan:
    return bring_in.plan_of(session, by_school(the_school(session)), what, MONDAY, strict=strict)


def apply(session: Session, what: Source) -> tuple[ImportRun, OutcomePlan]:
    return bring_in.apply(session, by_school(the_school(session)), what, MONDAY)


def undo(session: Session, run: ImportRun) -> int:
    return bring_in.undo(session, by_school(the_school(session)), run, MONDAY)


def standing(session: Session) -> list[Row]:
    rows = session.exec(select(Outcome).where(stands()).order_by(col(Outcome.id))).all()
    return [(row.measure, row.value, row.day) for row in rows]


@pytest.fixture
def learner(session: Session) -> Person:
    return known_as(session, a_learner(session, "Linh"), "4711")


TWO = quizzes("4711,09/05/2025,Fractions,15", "4711,10/03/2025,Rates,18")


def test_a_plan_says_what_would_come_and_changes_nothing(session: Session, learner: Person) -> None:
    told = plan(session, source(TWO)).as_json()
    assert (told["rows"], told["add"], told["can_apply"]) == (2, 2, True)
    assert [one["measure"] for one in told["measures"]] == ["Fractions", "Rates"]
    assert session.exec(select(Outcome)).all() == []


def test_each_value_knows_its_import_its_file_and_its_line(any_session: Session) -> None:
    learner = known_as(any_session, a_learner(any_session), "4711")
    run, _plan = apply(any_session, source(TWO))
    first, second = any_session.exec(select(Outcome).order_by(col(Outcome.id))).all()
    assert (first.run_id, first.file, first.line, second.line) == (run.id, "quizzes.csv", 2, 3)
    assert (first.value, first.maximum, first.scale) == (Decimal(15), Decimal(20), "of 20")
    assert (first.learner_id, first.recorded_by, first.day) == (learner.id, None, date(2025, 9, 5))
    events = any_session.exec(select(Event).where(Event.verb == Verb.OUTCOME_RECORDED)).all()
    assert [event.object_id for event in events] == [first.id, second.id]
    assert events[0].payload == f'{{"kind":"academic","run":{run.id},"source":"import"}}'
    assert run.counts["add"] == 2


def test_bringing_the_same_in_again_changes_nothing(any_session: Session) -> None:
    known_as(any_session, a_learner(any_session), "4711")
    apply(any_session, source(TWO))
    before = standing(any_session)
    _run, again = apply(any_session, source(TWO))
    assert again.as_json() | {"measures": []} == again.as_json() | {
        "measures": [], "add": 0, "unchanged": 2, "replace": 0, "conflict": 0,
    }  # fmt: skip
    assert standing(any_session) == before


CHANGED = quizzes("4711,09/05/2025,Fractions,19")


def test_another_value_for_the_same_is_named_and_not_taken(
    session: Session, learner: Person
) -> None:
    apply(session, source(TWO))
    _run, told = apply(session, source(TWO + b"4711,11/07/2025,Ratios,12\n"))
    assert told.counts["add"] == 1
    conflict = plan(session, source(CHANGED)).as_json()["conflicts"][0]
    assert (conflict["line"], conflict["there"], conflict["new"]) == (2, "15", "19")
    with pytest.raises(PlanStops):
        apply(session, source(CHANGED))


def test_a_newer_value_replaces_only_where_the_mapping_says_so_and_the_old_one_is_kept(
    any_session: Session,
) -> None:
    known_as(any_session, a_learner(any_session), "4711")
    apply(any_session, source(TWO))
    run, told = apply(any_session, source(CHANGED, mapping(newer_replaces=True)))
    assert told.counts["replace"] == 1
    assert ("Fractions", Decimal(19), date(2025, 9, 5)) in standing(any_session)
    old = any_session.exec(select(Outcome).where(Outcome.value == Decimal(15))).one()
    any_session.refresh(old)
    new = any_session.exec(select(Outcome).where(Outcome.run_id == run.id)).one()
    assert old.replaced_by == new.id


def test_undoing_gives_back_exactly_what_was(any_session: Session) -> None:
    known_as(any_session, a_learner(any_session), "4711")
    apply(any_session, source(TWO))
    before = standing(any_session)
    more = quizzes("4711,09/05/2025,Fractions,19", "4711,11/07/2025,Ratios,12")
    run, _plan = apply(any_session, source(more, mapping(newer_replaces=True)))
    assert undo(any_session, run) == 2
    assert standing(any_session) == before
    withdrawn = any_session.exec(select(Event).where(Event.verb == Verb.OUTCOME_WITHDRAWN)).all()
    assert len(withdrawn) == 2
    assert not verify(any_session).faults


def test_an_import_is_undone_once(session: Session, learner: Person) -> None:
    run, _plan = apply(session, source(TWO))
    undo(session, run)
    with pytest.raises(NotAllowedNow):
        undo(session, run)
    assert standing(session) == []


@pytest.mark.parametrize("first", [0, 1])
def test_imports_that_replaced_each_other_are_undone_in_any_order(
    session: Session, learner: Person, first: int
) -> None:
    apply(session, source(TWO))
    newer = mapping(newer_replaces=True)
    runs = [
        apply(session, source(quizzes(f"4711,09/05/2025,Fractions,{value}"), newer))[0]
        for value in (17, 19)
    ]
    undo(session, runs[first])
    fractions = [row[1] for row in standing(session) if row[0] == "Fractions"]
    assert fractions == [Decimal(17 if first else 19)]
    undo(session, runs[1 - first])
    assert [row[1] for row in standing(session)] == [Decimal(15), Decimal(18)]


def test_a_learner_is_found_by_the_key_that_the_mapping_names_and_never_by_name(
    session: Session, learner: Person
) -> None:
    a_learner(session, "Omar", username="omar")
    for key, value in (("identifier", "4711"), ("sourced_id", "sid-4711"), ("username", "omar")):
        by = mapping(learner={"column": "Student", "by": key})
        assert plan(session, source(quizzes(f"{value},09/05/2025,Rates,7"), by)).takes == 1
        told = plan(session, source(quizzes("Linh,09/05/2025,Rates,7"), by))
        assert (told.takes, told.unknown_learners) == (0, {"Linh": 1})


def test_nobody_gets_data_who_never_learned_here(session: Session, learner: Person) -> None:
    known_as(session, a_teacher(session), "1")
    away = a_school(session, "Prairie School")
    known_as(session, a_learner(session, school=away), "2")
    told = plan(session, source(quizzes("1,09/05/2025,Rates,7", "2,09/05/2025,Rates,7")))
    assert (told.takes, set(told.unknown_learners)) == (0, {"1", "2"})


def test_a_key_that_two_learners_have_is_not_guessed(session: Session, learner: Person) -> None:
    known_as(session, a_learner(session), "4711")
    told = plan(session, source(TWO))
    assert told.takes == 0
    assert {str(wrong.reason) for wrong in told.wrong} == {
        "two students have this key: it is not clear which"
    }


def test_codes_mean_what_the_school_said_and_others_are_named(
    session: Session, learner: Person
) -> None:
    attendance = mapping(files.ATTENDANCE)
    header = "Student,Day,Code"
    good = quizzes("4711,2025-09-05,P", "4711,2025-09-08,A", "4711,2025-09-09,X", header=header)
    _run, told = apply(session, source(good, attendance))
    assert (told.takes, told.left_out["code"]) == (2, 1)
    away = session.exec(select(Outcome).where(Outcome.value == Decimal(0))).one()
    assert (away.kind, away.said, away.maximum) == (OutcomeKind.ATTENDANCE, "Away", Decimal(1))
    unclear = quizzes("4711,2025-09-10,E", "4711,2025-09-11,E", header=header)
    told = plan(session, source(unclear, attendance))
    assert not told.can_apply
    assert told.as_json()["unknown_codes"] == [
        {"column": "Code", "code": "E", "values": 2, "line": 2}
    ]


def test_a_wide_file_has_a_column_for_each_measure(session: Session, learner: Person) -> None:
    wide = mapping(
        values=[
            {"column": "Reading", "measure": "Reading", "kind": "academic"},
            {"column": "Calm", "measure": "Can calm down", "kind": "social_emotional"},
        ]
    )  # fmt: skip
    content = quizzes(
        "4711,09/05/2025,210,4", "4711,10/03/2025,,3", header="Student,Day,Reading,Calm"
    )
    _run, told = apply(session, source(content, wide))
    assert (told.rows, told.takes, told.left_out["empty"]) == (2, 3, 1)


def test_incidents_of_one_day_are_told_apart_by_their_number(
    session: Session, learner: Person
) -> None:
    incidents = mapping(
        values=[
            {"value": "1", "measure": "{Sort}", "kind": "behaviour", "reference": "{Number}"}
        ]
    )  # fmt: skip
    content = quizzes(
        "4711,09/05/2025,Noise,a", "4711,09/05/2025,Noise,b", header="Student,Day,Sort,Number"
    )
    assert apply(session, source(content, incidents))[1].takes == 2
    assert apply(session, source(content, incidents))[1].takes == 0


def test_one_day_may_be_named_for_the_whole_file(session: Session, learner: Person) -> None:
    by = mapping(date={"day": "2025-10-01"})
    apply(session, source(quizzes("4711,Fractions,15", header="Student,Quiz,Points"), by))
    assert standing(session) == [("Fractions", Decimal(15), date(2025, 10, 1))]


def test_strict_refuses_a_file_of_which_anything_is_left_out_as_wrong(
    session: Session, learner: Person
) -> None:
    content = TWO + b"4711,13/40/2025,Rates,7\n"
    assert plan(session, source(content)).can_apply
    assert not plan(session, source(content), strict=True).can_apply


# -- OneRoster --------------------------------------------------------------------------------------

GOOD = files.GOOD_RESULT
ODD = (
    "r-2,active,,li-1,sid-4711,exempt,,2025-10-03,",
    "r-3,active,,li-1,sid-4711,not submitted,,2025-10-03,",
    "r-4,active,,li-1,sid-4711,partially graded,4,2025-10-03,",
    "r-5,tobedeleted,,li-1,sid-4711,fully graded,4,2025-10-03,",
    "r-6,active,,li-9,sid-4711,fully graded,4,2025-10-03,",
    "r-7,active,,li-1,sid-4711,fully graded,4,1/05/2025,",
    "r-8,active,,li-1,sid-0,fully graded,4,2025-10-03,",
    "r-9,active,,li-1,sid-4711,fully graded,,2025-10-03,",
)


def test_final_results_of_a_set_come_in_with_their_maximum(
    session: Session, learner: Person, tmp_path: Path
) -> None:
    folder = files.in_folder(tmp_path / "set", files.oneroster(GOOD))
    apply(session, from_path(folder, None))
    kept = session.exec(select(Outcome)).one()
    assert (kept.measure, kept.value, kept.maximum) == ("Fractions", Decimal(18), Decimal(20))
    assert (kept.source, kept.file, kept.line, kept.reference) == (
        "Grade Book",
        "results.csv",
        2,
        "r-1",
    )


def test_results_that_are_not_final_are_left_out_and_counted(
    session: Session, learner: Person
) -> None:
    packed = files.zipped(files.oneroster(GOOD, *ODD), under="export/")
    told = plan(session, from_bytes("set.zip", packed, None))
    assert (told.rows, told.takes, told.can_apply) == (9, 1, True)
    assert dict(told.left_out) == {
        "state_exempt": 1, "state_not_submitted": 1, "state_partially_graded": 1, "taken_back": 1,
        "no_learner": 1, "no_number": 1, "wrong": 2,
    }  # fmt: skip
    assert [(wrong.line, wrong.column) for wrong in told.wrong] == [
        (7, "lineItemSourcedId"), (8, "score"),
    ]  # fmt: skip


def test_a_score_that_changed_takes_the_place_of_the_old_one(
    session: Session, learner: Person
) -> None:
    for score in ("18", "19"):
        packed = files.zipped(files.oneroster(GOOD.replace("18", score)))
        apply(session, from_bytes("set.zip", packed, None))
    assert [row[1] for row in standing(session)] == [Decimal(19)]


def test_a_set_of_the_newer_version_with_more_columns_in_another_order_is_read(
    session: Session, learner: Person
) -> None:
    results = (
        "\ufeffscoreDate,score,textScore,scoreStatus,studentSourcedId,classSourcedId,lineItemSourcedId,sourcedId\r\n"
        "2025-10-03T18:25:43.511Z,17.5,B,Fully Graded,sid-4711,c-1,li-1,r-1\r\n"
    )
    packed = files.zipped(files.oneroster(results=results))
    apply(session, from_bytes("set.zip", packed, None))
    assert standing(session) == [("Fractions", Decimal("17.5"), date(2025, 10, 3))]


def test_names_that_lead_out_of_a_zip_lead_nowhere(session: Session, learner: Person) -> None:
    told = plan(session, from_bytes("set.zip", files.zipped(files.oneroster(GOOD), "../../"), None))
    assert not told.can_apply
    assert told.wrong[0].stops


# -- who is leading ---------------------------------------------------------------------------------


def test_data_of_an_import_that_was_undone_counts_for_nothing(
    session: Session, learner: Person
) -> None:
    apply(session, source(TWO))
    before = _counted(session, learner)
    header = "Student,Day,Code"
    days = quizzes("4711,2025-09-05,P", "4711,2025-09-08,A", header=header)
    run, _plan = apply(session, source(days, mapping(files.ATTENDANCE)))
    assert _counted(session, learner) != before
    undo(session, run)
    assert _counted(session, learner) == before


def _counted(session: Session, learner: Person) -> tuple[set[object], set[object]]:
    """Return what a placement counts, from the record and from its roll-up."""
    calendar = calendar_of(session, learner.school_id)
    events = [fact_of(event) for event in events_of(session, learner.id or 0)]
    names = ("learner_id", "week", "verb", "decided_by", "qualifier", "thing", "told")
    columns = [getattr(EvidenceWeek, name) for name in names]
    rows = [WeekRow(*row) for row in session.execute(sa.select(*columns))]
    weeks = facts_of_rows(rows).get(learner.id or 0, [])
    seen = [gather(facts, calendar, MONDAY.date()).facts for facts in (events, weeks)]
    return ({fact.about for fact in seen[0]}, {fact.about for fact in seen[1]})
