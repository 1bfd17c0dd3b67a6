"""A teacher's students in one table: in words, in an order that ranks nobody."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from learnpath.goals.models import Feel
from tests.builders import a_learner, a_teacher_of, class_of
from tests.conferences.build import a_planned_conference
from tests.goals.build import a_draft, a_goal, a_sent_goal
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


def _rows(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select("#students tbody tr")]


def test_each_student_has_a_goal_a_last_week_and_a_conference_in_words(
    session: Session, visit: Visit
) -> None:
    amara = a_learner(session, "Amara")
    teacher, room = a_teacher_of(session, amara), class_of(session, amara)
    others = [a_learner(session, name, in_class=room) for name in ("Bo", "Cy", "Di")]
    a_goal(session, learner=amara, teacher=teacher, values=(24, 25, 27), feels={2: Feel.BUMPS})
    a_sent_goal(session, others[0], what="Read each day")
    a_draft(session, others[1], what="Swim a mile")
    a_planned_conference(session, others[2], teacher)
    session.commit()
    theirs = visit(teacher)
    first, second, third, fourth = _rows(theirs.get("/"))
    assert first.startswith(
        "Amara Know 42 multiplication facts from memory Both agreed Week of Nov 10"
    )
    assert "Some bumps" in first
    assert "Read each day" in second
    assert "Swim a mile" in third
    assert fourth == "Di No goal yet Nothing yet Nov 20 : not ready yet"
    by_last = [row.split()[0] for row in _rows(theirs.get("/?order=last"))]
    assert by_last == ["Bo", "Cy", "Di", "Amara"]
    by_state = [row.split()[0] for row in _rows(theirs.get("/?order=state"))]
    assert by_state[0] == "Di"
    assert [row.split()[0] for row in _rows(theirs.get("/?order=progress"))] == [
        "Amara", "Bo", "Cy", "Di",
    ]  # fmt: skip
