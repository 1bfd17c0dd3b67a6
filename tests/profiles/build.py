"""Builders of the profiles room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from learnpath.db import key_of
from learnpath.people.models import Hat, Person
from learnpath.profiles import inventories, inventory, revise, share
from learnpath.profiles.inventories import Inventory, Kind, Question
from learnpath.profiles.models import Audience, InventoryRun
from learnpath.profiles.visible import Reader
from learnpath.record import Relation
from tests.builders import MONDAY, YEAR_START, by

LINES: Mapping[str, tuple[str, ...]] = {
    "in_my_words": ("I try first and ask later.",),
    "strengths": ("Explaining", "Keeping at it"),
    "challenges": ("Planning",),
    "what_helps": ("An example first",),
}


def a_profile(
    session: Session, learner: Person, *, lines: Mapping[str, tuple[str, ...]] = LINES,
    audience: Audience = Audience.TEACHERS, now: datetime = MONDAY,
) -> Person:  # fmt: skip
    """Give a learner a profile that they wrote, shown to ``audience``."""
    doer, learner_id = by(learner, Relation.LEARNER), key_of(learner)
    for block, said in lines.items():
        revise.revise(session, doer, learner_id, block, said, "", 0, now)
        share.choose_audience(session, doer, learner_id, block, audience, now)
    return learner


def the_inventory(learner: Person) -> Inventory:
    """Return the inventory that fits a learner's grade."""
    return inventories.for_grade(learner.grade)[0]


def an_inventory_run(
    session: Session, learner: Person, *, answered: int | None = None, finished: bool = False,
    now: datetime = MONDAY,
) -> InventoryRun:  # fmt: skip
    """Return a run with the first ``answered`` questions answered (all, when it is finished)."""
    whole, doer = the_inventory(learner), by(learner, Relation.LEARNER)
    run = inventory.start(session, doer, key_of(learner), whole.id, now)
    many = len(whole.questions) if finished or answered is None else answered
    for question in whole.questions[:many]:
        inventory.keep(session, run, question.key, an_answer(question), now)
    if finished:
        inventory.finish(session, doer, run, now)
    return run


def a_reader(
    person: Person, hat: Hat = Hat.LEARNER, *, before: date | None = None
) -> Reader:  # fmt: skip
    """Return a person as a reader on ``MONDAY``, in the school year of the builders."""
    return Reader(
        hat, key_of(person), MONDAY.date(), YEAR_START, before, "America/Denver"
    )  # fmt: skip


def an_answer(question: Question) -> dict[str, object]:
    """Return an answer that the question takes."""
    if question.kind is Kind.WORDS:
        return {"text": f"My words about {question.key}"}
    first = question.cards[0].key
    return {"cards": [first]} if question.kind is Kind.PICK else {first: question.answers[0]}
