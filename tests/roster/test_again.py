"""A set that was applied changes nothing when it comes again, whatever was there before it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from learnpath.db import make_engine, unit_of_work
from tests.roster.build import MONDAY, Office, named
from tests.roster.sets import ASet, a_class, a_session, a_set, a_user, an_enrolment

LATER = MONDAY + timedelta(days=14)


def _two_times(first: str, second: str, **more: str) -> ASet:
    """Return a set in which Ana learns in one class twice, from one day and from another."""
    made = a_set()
    made.row("enrollments.csv", "e1").update(beginDate=first, **more)
    an_enrolment(made, "e9", "c1", "s1", "student", beginDate=second)
    return made


def test_two_enrolments_of_one_person_in_one_class_may_swap_their_first_days(
    any_office: Office,
) -> None:
    any_office.apply(_two_times("2025-08-18", "2025-10-01"))
    before = any_office.enrolment("e1").id
    said = any_office.apply(_two_times("2025-10-01", "2025-08-18"), LATER)
    assert (said["change"]["enrollments"], said["wrong"]) == (2, [])
    assert any_office.enrolment("e1").id == before
    assert any_office.enrolment("e1").starts == date(2025, 10, 1)
    assert any_office.enrolment("e9").starts == date(2025, 8, 18)


def test_two_teachings_may_swap_their_first_days(any_office: Office) -> None:
    def made(first: str, second: str) -> ASet:
        made = a_set()
        made.row("enrollments.csv", "e4")["beginDate"] = first
        an_enrolment(made, "e9", "c1", "t1", "teacher", beginDate=second)
        return made

    any_office.apply(made("2025-08-18", "2025-10-01"))
    any_office.apply(made("2025-10-01", "2025-08-18"), LATER)
    assert any_office.teaching("e4").starts == date(2025, 10, 1)
    assert any_office.teaching("e9").starts == date(2025, 8, 18)


def test_three_first_days_may_go_round_and_a_new_one_takes_what_is_left(office: Office) -> None:
    def made(*days: str) -> ASet:
        made = a_set()
        made.drop("enrollments.csv", "e1")
        for number, day in enumerate(days):
            an_enrolment(made, f"n{number}", "c1", "s1", "student", beginDate=day)
        return made

    office.apply(made("2025-08-18", "2025-09-01", "2025-10-01"))
    said = office.apply(made("2025-09-01", "2025-10-01", "2025-11-03", "2025-08-18"), LATER)
    assert (said["add"]["enrollments"], said["change"]["enrollments"], said["wrong"]) == (1, 3, [])
    days = [office.enrolment(f"n{number}").starts for number in range(4)]
    assert days == [date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 3), date(2025, 8, 18)]


def test_the_first_day_of_one_that_never_began_is_free_for_another(any_office: Office) -> None:
    any_office.apply(_two_times("2025-08-18", "2026-01-05"))
    made = a_set()
    made.row("enrollments.csv", "e1")["beginDate"] = "2026-01-05"
    any_office.apply(made, LATER)
    assert any_office.enrolment("e1").starts == date(2026, 1, 5)
    assert any_office.enrolment("e9").ends == date(2025, 11, 30)


def test_a_first_day_that_another_one_keeps_is_named_and_the_end_is_taken_all_the_same(
    office: Office,
) -> None:
    office.apply(_two_times("2025-08-18", "2025-10-01", endDate="2025-09-12"))
    # Without a first day of its own, e1 stays where it is: e9 cannot have that day.
    changed = _two_times("", "2025-08-18")
    changed.row("enrollments.csv", "e1")["endDate"] = "2025-09-12"
    changed.row("classes.csv", "c1")["termSourcedIds"] = "s"
    changed.row("enrollments.csv", "e9")["endDate"] = "2026-03-31"
    said = office.apply(changed, LATER)
    assert named(said) == [("enrollments.csv", 7, "beginDate", False)]
    assert said["left_out"] == {}
    tie = office.enrolment("e9")
    assert (tie.starts, tie.ends) == (date(2025, 10, 1), date(2026, 3, 31))


def test_a_sourced_id_that_two_people_swap_is_refused_for_both(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("enrollments.csv", "e1")["userSourcedId"] = "s2"
    made.row("enrollments.csv", "e2")["userSourcedId"] = "s1"
    said = office.apply(made, LATER)
    assert said["left_out"] == {"enrollments.csv": 2}
    assert office.enrolment("e1").learner_id == office.person("s1").id


def test_people_may_swap_their_e_mail_and_number_and_terms_their_names(office: Office) -> None:
    def made(one: str, other: str) -> ASet:
        made = a_set()
        for id, mail in (("t1", one), ("t2", other)):
            made.row("users.csv", id).update(email=f"{mail}@ridge.example", identifier=mail)
        made.row("academicSessions.csv", "f")["title"] = one
        made.row("academicSessions.csv", "s")["title"] = other
        made.row("classes.csv", "c1")["title"] = one
        made.row("classes.csv", "c2")["title"] = other
        return made

    office.apply(made("a", "b"))
    said = office.apply(made("b", "a"), LATER)
    assert {kind: n for kind, n in said["change"].items() if n} == {
        "sessions": 2, "classes": 2, "users": 2,
    }  # fmt: skip
    assert office.group("c1").name == "b"


@pytest.mark.parametrize("by_hand", ["Nita", "Nita Baca"])
def test_a_name_that_the_office_wrote_and_the_roster_sends_later_settles_at_once(
    office: Office, by_hand: str
) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        for id in ("t1", "s1"):
            person = office.person(id)
            person.called = by_hand
            session.merge(person)
    made = a_set()
    for id in ("t1", "s1"):
        made.row("users.csv", id).update(givenName="Nita", familyName="Baca")
    office.apply(made, LATER)


# -- any set after any other --------------------------------------------------------------------------

DAYS = st.sampled_from(
    ["", "", "2025-08-18", "2025-10-01", "2025-11-16", "2025-12-01", "2026-01-05"]
)
ENDS = st.sampled_from(["", "", "", "2025-10-15", "2025-11-16", "2025-12-20", "2026-05-29"])
PEOPLE = ("s1", "s2", "t1", "t2", "g1")
ROLES = {"s": "student", "t": "teacher", "g": "guardian"}


@st.composite
def sets(draw: st.DrawFn) -> ASet:
    """Draw a set in which every row says something that may be said: the same names come again and again."""
    made = ASet(
        draw(st.sampled_from(["1.1", "1.2"])), draw(st.sampled_from(["bulk", "bulk", "delta"]))
    )
    _frame(draw, made)
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=3))
    for id in people:
        agents = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2))
        a_user(
            made, id, ROLES[id[0]], draw(NAMES), draw(NAMES), agentSourcedIds=",".join(agents),
            email=draw(st.sampled_from(["", "A@x.example", "b@x.example"])),
            identifier=draw(st.sampled_from(["", "1", "2"])),
            grades=draw(st.sampled_from(["", "03", "05"])) if id[0] == "s" else "",
            org=draw(st.sampled_from(["o1", "o2"])), **_status(draw, made),
        )  # fmt: skip
    for number in draw(st.lists(st.integers(1, 9), unique=True, min_size=1)):
        person = draw(st.sampled_from(["s1", "s1", "s2", "t1", "t2"]))
        an_enrolment(
            made, f"e{number}", draw(st.sampled_from(["c1", "c1", "c2"])), person,
            ROLES[person[0]], school="", beginDate=draw(DAYS), endDate=draw(ENDS),
            **_status(draw, made),
        )  # fmt: skip
    return made


NAMES = st.sampled_from(["Ana", "Ben", "Ruiz"])


def _status(draw: st.DrawFn, made: ASet) -> dict[str, str]:
    often = ["active", "active", "active", "tobedeleted"]
    return {"status": draw(st.sampled_from(often))} if made.mode == "delta" else {}


def _frame(draw: st.DrawFn, made: ASet) -> None:
    """Two schools, a year with two terms, two classes: names, days and schools may have changed."""
    for id in ("o1", "o2"):
        made.add("orgs.csv", sourcedId=id, name=draw(NAMES), type="school")
    last = draw(st.sampled_from(["2026-05-29", "2026-06-05"]))
    a_session(made, "y", draw(NAMES), "schoolYear", "2025-08-18", last)
    begins = draw(st.sampled_from(["2025-12-22", "2026-01-05"]))
    a_session(made, "f", draw(NAMES), "term", "2025-08-18", "2025-12-19", "y")
    a_session(made, "s", draw(NAMES), "term", begins, last, draw(st.sampled_from(["y", ""])))
    made.add("courses.csv", sourcedId="k1", schoolYearSourcedId="y", title="Reading")
    for id in draw(st.lists(st.sampled_from(["c1", "c2"]), unique=True, min_size=1)):
        school = draw(st.sampled_from(["o1", "o1", "o1", "o2"]))
        terms = draw(st.sampled_from(["f", "s", "f,s", ""]))
        a_class(made, id, draw(NAMES), school, terms).update(_status(draw, made))


@settings(max_examples=6)
@given(before=sets(), after=sets())
def test_any_set_applied_after_any_other_has_nothing_left_to_do(
    migrated_file: Path, before: ASet, after: ASet
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copyfile(migrated_file, Path(folder, "learnpath.db"))
        engine = make_engine(f"sqlite:///{folder}/learnpath.db")
        try:
            office = Office(engine, Path(folder))
            for days, made in enumerate([before, after]):
                office.apply(made, MONDAY + timedelta(days=7 * days))
        finally:
            engine.dispose()
