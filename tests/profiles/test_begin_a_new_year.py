"""The turn of a school year: keep, change or let go; what is hard waits for the learner's word."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import ChangedMeanwhile
from learnpath.people.models import Hat
from learnpath.profiles import renew
from learnpath.profiles.models import BLOCKS, Audience
from learnpath.profiles.queries import entries_of
from learnpath.profiles.visible import sees
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, YEAR_START, a_learner, a_teacher_of, by, weeks_before
from tests.profiles.build import a_profile, an_inventory_run

LAST_YEAR = weeks_before(MONDAY, 30)


def test_the_learner_is_asked_line_by_line(session: Session, visit) -> None:
    lines = {"strengths": ("Explaining", "Drawing", "Running"), "challenges": ("Planning",)}
    learner = a_profile(session, a_learner(session), lines=lines, now=LAST_YEAR)
    teacher = a_teacher_of(session, learner)
    session.commit()
    visitor, url = visit(learner), f"/learners/{learner.id}/profile"
    assert "A new school year" in visitor.get(url).words
    assert "Planning" not in visit(teacher).get(url).text
    asked = visitor.get(f"{url}/new-year")
    assert "Keep, change, or let go?" in asked.heading
    answers = {
        "strengths-seen": 1, "strengths-0": "keep", "strengths-1": "let_go",
        "strengths-2": "change", "strengths-2-new": "Running far", "challenges-seen": 1,
    }  # fmt: skip
    assert visitor.post(f"{url}/new-year", **answers).status == 303
    texts = [entry.text for entry in entries_of(session, key_of(learner))]
    session.commit()
    assert texts == ["Explaining", "Running far", "Planning"]
    again = visitor.get(f"{url}/new-year")
    assert "Planning" in again.words
    assert "Explaining" not in again.text
    assert "Planning" not in visit(teacher).get(url).text
    visitor.post(f"{url}/new-year", **{"challenges-seen": 1, "challenges-0": "keep"})
    assert "Planning" in visit(teacher).get(url).words
    assert "nothing to go through" in visitor.get(f"{url}/new-year").words


def test_keeping_is_told_as_a_renewal(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session), now=LAST_YEAR)
    doer = by(learner, Relation.LEARNER)
    renew.renew(any_session, doer, key_of(learner), "challenges", ["Planning"], 1, MONDAY)
    query = select(Event).where(Event.verb == Verb.PROFILE_REVISED).order_by(Event.id)
    assert any_session.exec(query).all()[-1].at == MONDAY


def test_a_stale_answer_is_told(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session), now=LAST_YEAR)
    doer = by(learner, Relation.LEARNER)
    with pytest.raises(ChangedMeanwhile):
        renew.renew(any_session, doer, key_of(learner), "challenges", [], 0, MONDAY)


def test_a_new_teacher_does_not_read_last_years_answers(session: Session, visit) -> None:
    learner = a_learner(session, grade=8)
    run = an_inventory_run(session, learner, finished=True, now=LAST_YEAR)
    teacher = a_teacher_of(session, learner)
    session.commit()
    url = f"/inventory-runs/{run.id}/check"
    assert visit(learner).get(url).status == 200
    assert visit(teacher).get(url).status == 404
    assert url not in visit(teacher).get(f"/learners/{learner.id}/profile").text


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("hat", list(Hat))
@pytest.mark.parametrize("earlier", [True, False])
def test_the_whole_table_of_block_reader_and_audience(
    block: str, audience: Audience, hat: Hat, earlier: bool
) -> None:
    written = LAST_YEAR.date() if earlier else MONDAY.date()
    allowed = {
        Hat.LEARNER: True,
        Hat.TEACHER: True,
        Hat.FAMILY: audience in (Audience.FAMILY, Audience.CONFERENCE),
        Hat.LEADER: False,
        Hat.ADMINISTRATOR: False,
    }[hat]
    held_back = earlier and block in ("challenges", "needs") and hat is not Hat.LEARNER
    assert sees(hat, block, audience, written, YEAR_START) is (allowed and not held_back)
