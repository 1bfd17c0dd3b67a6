"""Everything that real sets get wrong is a row in the plan, and most of it does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from learnpath.db import make_engine, unit_of_work
from learnpath.errors import NotAllowedNow
from learnpath.record.verify import verify
from learnpath.school.roster.apply import apply
from learnpath.school.roster.plan import plan_of
from learnpath.school.roster.words import REASONS
from tests.roster.build import MONDAY, Office
from tests.roster.defects import DEFECTS, Defect
from tests.roster.sets import a_set

CASES = [
    pytest.param(defect, version, id=f"{defect.name} ({version})")
    for defect in DEFECTS
    for version in defect.versions[-1:]
]


@pytest.fixture(scope="module")
def empty_engine(migrated_file: Path) -> Iterator[Engine]:
    """Return one engine for all plans here: they change nothing."""
    made = make_engine(f"sqlite:///{migrated_file}")
    yield made
    made.dispose()


@pytest.mark.parametrize(("defect", "version"), CASES)
def test_what_is_wrong_is_named_with_its_place_and_its_reason(
    empty_engine: Engine, tmp_path: Path, defect: Defect, version: str
) -> None:
    made = a_set(version)
    defect.make(made)
    said = Office(empty_engine, tmp_path).plan(made)
    found = [
        row
        for row in said["wrong"]
        if (row["file"], row["line"], row["column"], row["stops"])
        == (defect.file, defect.line, defect.column, defect.stops)
    ]
    assert any(defect.words in row["reason"] for row in found), said["wrong"]
    if not defect.stops:
        assert said["left_out"] == defect.left_out
        assert not any(row["stops"] for row in said["wrong"])


def test_what_the_plan_would_apply_can_be_applied_whatever_else_is_wrong(office: Office) -> None:
    for number, defect in enumerate(DEFECTS[::6]):  # all of them take ten seconds
        made = a_set(defect.versions[number % len(defect.versions)])
        made.system = f"system-{number}"
        defect.make(made)
        path = office.path_of(made)
        with (
            unit_of_work(office.engine) as session,
            plan_of(session, path, MONDAY, zone="America/Denver") as plan,
        ):
            if defect.stops:
                with pytest.raises(NotAllowedNow):
                    apply(session, None, plan, MONDAY)
                continue
            apply(session, None, plan, MONDAY)
        with office.planning(path) as plan:
            assert plan.changes() == 0, defect.name
    with office.reading() as session:
        assert verify(session).faults == ()


def test_strict_refuses_what_would_otherwise_be_left_out(office: Office) -> None:
    made = a_set()
    made.row("enrollments.csv", "e1")["beginDate"] = "1/05/2023"
    with office.planning(made) as plan:
        assert not plan.refused
    made = a_set()
    with office.planning(made, strict=True) as plan:
        assert not plan.refused
    made.row("enrollments.csv", "e1")["beginDate"] = "1/05/2023"
    with office.planning(made, strict=True) as plan:
        assert plan.refused


def test_reasons_have_no_part_that_is_not_filled(office: Office) -> None:
    for text in map(str, REASONS.values()):
        assert text.endswith((".", "%(value)s.")), text
