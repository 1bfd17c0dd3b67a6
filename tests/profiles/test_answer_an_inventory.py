"""Answering the questions about what helps: step by step, left, taken up again, checked, finished."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Language
from learnpath.profiles import inventory
from learnpath.profiles.inventories import Kind, all_inventories
from learnpath.profiles.models import InventoryAnswer, InventoryRun, ProfileBlock
from learnpath.profiles.queries import entries_of
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.profiles.build import a_reader, an_inventory_run, the_inventory


def test_a_younger_learner_gets_one_question_a_page(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    session.commit()
    visitor = visit(learner)
    page = visitor.post(f"/learners/{learner.id}/inventories", inventory="young").follow()
    assert page.status == 200
    assert "Question 1 of 12" in page.words
    assert len(page.soup.select(".question")) == 1


def test_an_older_learner_gets_a_section_a_page(session: Session, visit) -> None:
    learner = a_learner(session, grade=8)
    session.commit()
    page = visit(learner).post(f"/learners/{learner.id}/inventories", inventory="older").follow()
    assert "Page 1 of 6" in page.words
    assert len(page.soup.select(".question")) == 4


def test_every_step_is_kept_and_another_device_goes_on_where_it_stopped(
    session: Session, visit
) -> None:
    learner = a_learner(session, grade=3)
    session.commit()
    first = visit(learner)
    step = first.post(f"/learners/{learner.id}/inventories", inventory="young").location
    there = first.post(step, learn_about=["animals", "space"])
    assert there.status == 303
    assert there.location.endswith("/2")
    again = visit(learner).post(f"/learners/{learner.id}/inventories", inventory="young")
    assert again.location == there.location
    back = visit(learner).get(step)
    chosen = [box["value"] for box in back.soup.select("input[name=learn_about][checked]")]
    assert chosen == ["animals", "space"]


def test_a_question_can_be_skipped(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    session.commit()
    visitor = visit(learner)
    step = visitor.post(f"/learners/{learner.id}/inventories", inventory="young").location
    assert visitor.post(step).status == 303
    check = visitor.get(step.rsplit("/", 1)[0] + "/check")
    assert "Skipped. That's OK." in check.words


def test_too_many_cards_say_so_at_the_question_and_stay_chosen(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    session.commit()
    visitor = visit(learner)
    step = visitor.post(f"/learners/{learner.id}/inventories", inventory="young").location
    page = visitor.post(step, learn_about=["animals", "space", "art"])
    assert page.status == 422
    assert "Choose up to 2." in page.words
    assert len(page.soup.select("input[name=learn_about][checked]")) == 3


def test_the_check_page_leads_back_to_a_question_and_again_to_itself(
    session: Session, visit
) -> None:
    learner = a_learner(session, grade=3)
    run = an_inventory_run(session, learner)
    session.commit()
    visitor = visit(learner)
    check = visitor.get(f"/inventory-runs/{run.id}/check")
    assert check.heading == "Check my answers"
    change = check.soup.find(
        "a", string=lambda text: text and "Change" in text
    ) or check.soup.select_one("dd.change a")
    step = visitor.get(change["href"])
    assert step.status == 200
    saved = visitor.post(step.soup.select_one("form.questions")["action"], learn_about=["music"])
    assert saved.location.endswith("/check")
    assert "Music" in saved.follow().words


def test_finishing_begins_the_profile_in_the_learners_language(session: Session, visit) -> None:
    learner = a_learner(session, grade=3, language=Language.ES)
    run = an_inventory_run(session, learner)
    session.commit()
    done = visit(learner).post(f"/inventory-runs/{run.id}/check")
    assert done.status == 303
    texts = {entry.text for entry in entries_of(session, key_of(learner), a_reader(learner))}
    assert "Animales" in texts
    assert "My words about good_at" in texts


def test_finishing_is_told_as_answered_and_not_as_a_revision(session: Session) -> None:
    learner = a_learner(session, grade=8)
    an_inventory_run(session, learner, finished=True)
    verbs = set(session.exec(select(Event.verb).where(Event.learner_id == learner.id)))
    assert {Verb.INVENTORY_STARTED, Verb.INVENTORY_ANSWERED} <= verbs
    assert Verb.PROFILE_REVISED not in verbs


def test_answering_again_keeps_the_lines_that_are_there(any_session: Session) -> None:
    learner = a_learner(any_session, grade=8)
    an_inventory_run(any_session, learner, finished=True)
    before = entries_of(any_session, key_of(learner), a_reader(learner))
    an_inventory_run(any_session, learner, finished=True)
    assert entries_of(any_session, key_of(learner), a_reader(learner)) == before
    assert len(any_session.exec(select(InventoryRun)).all()) == 2


def test_a_finished_run_takes_no_more_answers(any_session: Session) -> None:
    learner = a_learner(any_session, grade=8)
    run = an_inventory_run(any_session, learner, finished=True)
    with pytest.raises(NotAllowedNow):
        inventory.keep(any_session, run, "topics", {"cards": ["art"]}, MONDAY)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("learn_about", {"cards": ["animals"]}),  # a question of the other inventory
        ("topics", {"cards": ["nature", "nature", "no-such-card"]}),
        ("topics", {"cards": [str(n) for n in range(5000)]}),
        ("thinking", {"reading": "always"}),
        ("thinking", {"no-such-card": "growing"}),
        ("example", {"text": "x" * 301}),
    ],
)
def test_what_a_question_does_not_take_is_refused(
    session: Session, question: str, value: dict[str, object]
) -> None:
    learner = a_learner(session, grade=8)
    run = an_inventory_run(session, learner, answered=0)
    with pytest.raises(WrongInput) as refused:
        inventory.keep(session, run, question, value, MONDAY)
    assert refused.value.field == question
    assert session.exec(select(InventoryAnswer)).first() is None


def test_an_inventory_that_is_gone_is_not_there(session: Session) -> None:
    learner = a_learner(session)
    with pytest.raises(NotAllowedNow):
        inventory.start(session, by(learner, Relation.LEARNER), key_of(learner), "gone", MONDAY)


def test_only_the_learner_answers_and_only_teachers_read_along(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    run = an_inventory_run(session, learner, answered=2)
    teacher, guardian, other = (
        a_teacher_of(session, learner),
        a_guardian_of(session, learner),
        a_learner(session),
    )
    session.commit()
    check, step = f"/inventory-runs/{run.id}/check", f"/inventory-runs/{run.id}/1"
    assert visit(teacher).get(check).status == 200
    assert visit(teacher).get(step).status == 404
    assert visit(teacher).post(step, learn_about=["art"]).status == 404
    assert visit(guardian).get(check).status == 404
    assert visit(other).get(check).status == 404


def test_a_step_that_there_is_not_is_not_there(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    run = an_inventory_run(session, learner, answered=1)
    session.commit()
    visitor = visit(learner)
    assert visitor.get(f"/inventory-runs/{run.id}/0").status == 404
    assert visitor.get(f"/inventory-runs/{run.id}/13").status == 404
    assert visitor.get(f"/inventory-runs/{run.id}/99999999999999999999").status == 404


def test_hostile_words_are_shown_as_words(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    session.commit()
    visitor = visit(learner)
    step = visitor.post(f"/learners/{learner.id}/inventories", inventory="young").location
    run = step.rsplit("/", 1)[0]
    said = "<script>alert(1)</script> {{7*7}} \u202e 😀"
    assert visitor.post(f"{run}/2", good_at=said).status == 303
    check = visitor.get(f"{run}/check")
    assert "<script>alert(1)</script> {{7*7}}" in check.words
    assert "\u202e" not in check.text
    assert "<script>alert" not in check.text


def test_our_inventories_ask_the_same_in_both_languages() -> None:
    for whole in all_inventories().values():
        for question in whole.questions:
            assert question.ask[Language.EN] != question.ask[Language.ES]
            assert question.kind is Kind.WORDS or len(question.cards) >= 2


def test_the_younger_inventory_has_twelve_questions_with_pictures() -> None:
    young = all_inventories()["young"]
    assert len(young.questions) == 12
    assert all(card.icon for question in young.questions for card in question.cards)


def test_blocks_hold_what_was_chosen_once(session: Session) -> None:
    learner = a_learner(session, grade=3)
    an_inventory_run(session, learner, finished=True)
    for block in session.exec(select(ProfileBlock)):
        assert len(set(block.lines)) == len(block.lines)
    assert the_inventory(learner).id == "young"
