"""Answering an inventory: started, kept at every step, left and taken up again, finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Language
from learnpath.profiles.inventories import (
    BLOCK_OF,
    Inventory,
    Kind,
    Question,
    Scale,
    all_inventories,
)
from learnpath.profiles.models import BLOCKS, InventoryAnswer, InventoryRun
from learnpath.profiles.revise import LONGEST_LINE, MOST_LINES, block_of, put
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

Value = Mapping[str, Any]
FITS_ME = "yes"


def start(
    session: Session, by: By, learner_id: int, inventory_id: str, now: datetime
) -> InventoryRun:
    """Begin an inventory, or go on with one that was begun and not finished.

    Raises NotAllowedNow for one that is gone.
    """
    inventory = inventory_of(inventory_id)
    there = open_run(session, learner_id, inventory_id)
    if there is not None:
        return there
    run = InventoryRun(
        learner_id=learner_id, inventory=inventory.id, version=inventory.version, started_at=now
    )
    session.add(run)
    session.flush()
    _tell(session, by, Verb.INVENTORY_STARTED, run, now)
    return run


def keep(
    session: Session, run: InventoryRun, question_key: str, value: Value, now: datetime
) -> InventoryAnswer:
    """Keep the answer to one question; an empty value says that it was skipped.

    Raises WrongInput at the question for an answer that it does not take or a question of another inventory,
    NotAllowedNow for a run that is finished.
    """
    must_be_open(run)
    question = inventory_of(run.inventory).question(question_key)
    if question is None:
        raise WrongInput(question_key, _l("This question is not part of these questions."))
    said = checked(question, value)
    query = select(InventoryAnswer).where(
        InventoryAnswer.run_id == run.id, InventoryAnswer.question == question_key
    )
    answer = session.exec(query).first() or InventoryAnswer(
        run_id=key_of(run), learner_id=run.learner_id, question=question_key, value={}, at=now
    )
    answer.value, answer.at = said, now
    session.add(answer)
    return answer


def go_to(session: Session, run: InventoryRun, step: int) -> None:
    """Remember the step to go on with, wherever the learner signs in next."""
    must_be_open(run)
    run.step = max(run.step, step)
    session.add(run)


def finish(
    session: Session, by: By, run: InventoryRun, now: datetime, language: Language = Language.EN
) -> None:
    """Finish a run: what was chosen becomes the first lines of the profile, in ``language``.

    Lines that are there stay. Raises NotAllowedNow when it was finished before.
    """
    must_be_open(run)
    inventory = inventory_of(run.inventory)
    lines = lines_of(inventory, answers_of(session, key_of(run)), language)
    for block in BLOCKS:
        if lines.get(block):
            _add_lines(session, by, run.learner_id, block, lines[block], now)
    run.finished_at = now
    session.add(run)
    _tell(session, by, Verb.INVENTORY_ANSWERED, run, now)


def inventory_of(inventory_id: str) -> Inventory:
    """Return an inventory of this installation. Raises NotAllowedNow for one that is gone."""
    found = all_inventories().get(inventory_id)
    if found is None:
        raise NotAllowedNow(
            _l(
                "These questions are not here any more. Your answers are kept, and your profile stays."
            )
        )
    return found


def open_run(session: Session, learner_id: int, inventory_id: str) -> InventoryRun | None:
    """Return the learner's run of an inventory that is not finished, if there is one."""
    query = select(InventoryRun).where(
        InventoryRun.learner_id == learner_id, InventoryRun.inventory == inventory_id,
        col(InventoryRun.finished_at).is_(None),
    )  # fmt: skip
    return session.exec(query.order_by(col(InventoryRun.id).desc())).first()


def answers_of(session: Session, run_id: int) -> dict[str, Value]:
    """Return the answers of a run by question."""
    found = session.exec(select(InventoryAnswer).where(InventoryAnswer.run_id == run_id))
    return {answer.question: answer.value for answer in found}


def must_be_open(run: InventoryRun) -> None:
    """Raise NotAllowedNow for a run that was finished."""
    if run.finished_at is not None:
        raise NotAllowedNow(_l("You finished these questions. You can answer them again."))


# -- checking an answer ----------------------------------------------------------------------------------


def checked(question: Question, value: Value) -> dict[str, Any]:
    """Return the answer as it is kept. Raises WrongInput, at the question, when it cannot be taken."""
    if question.kind is Kind.PICK:
        return _picked(question, value)
    if question.kind is Kind.SORT:
        return _sorted(question, value)
    text = str(value.get("text", "")).strip()
    _fits(question, text)
    return {"text": text} if text else {}


def _picked(question: Question, value: Value) -> dict[str, Any]:
    cards = list(dict.fromkeys(str(key) for key in value.get("cards", ())))
    own = str(value.get("own", "")).strip() if question.own_words else ""
    if len(cards) + bool(own) > question.most:
        raise WrongInput(question.key, _l("Choose up to %(most)s.", most=question.most))
    if any(question.card(key) is None for key in cards):
        raise WrongInput(question.key, _l("Choose from the cards on this page."))
    _fits(question, own)
    return {name: said for name, said in (("cards", cards), ("own", own)) if said}


def _sorted(question: Question, value: Value) -> dict[str, Any]:
    for key, answer in value.items():
        if question.card(str(key)) is None or answer not in question.answers:
            raise WrongInput(question.key, _l("Choose from the answers on this page."))
    return dict(value)


def _fits(question: Question, text: str) -> None:
    if len(text) > LONGEST_LINE:
        raise WrongInput(question.key, _l("Use %(limit)s letters or fewer.", limit=LONGEST_LINE))


# -- from answers to lines ---------------------------------------------------------------------------------


def lines_of(
    inventory: Inventory, answers: Mapping[str, Value], language: Language
) -> dict[str, list[str]]:
    """Return the lines that the answers give, by block of the profile."""
    lines: dict[str, list[str]] = {}
    for question in inventory.questions:
        for block, text in _lines(question, answers.get(question.key, {}), language):
            kept = lines.setdefault(block, [])
            if text not in kept:
                kept.append(text)
    return lines


def _lines(question: Question, value: Value, language: Language) -> Iterator[tuple[str, str]]:
    if question.kind is Kind.WORDS and value.get("text"):
        yield question.block, value["text"]
    chosen = value.get("cards", ()) if question.kind is Kind.PICK else ()
    for card in (question.card(key) for key in chosen):
        if card is not None:
            yield question.block, _sentence(card.words[language])
    if question.kind is Kind.PICK and value.get("own"):
        yield question.block, value["own"]
    if question.kind is Kind.SORT:
        yield from _sorted_lines(question, value, language)


def _sorted_lines(
    question: Question, value: Value, language: Language
) -> Iterator[tuple[str, str]]:
    for card in question.cards:
        answer = value.get(card.key)
        if question.scale is Scale.FITS and answer == FITS_ME:
            yield question.block, _sentence(card.words[language])
        elif answer in BLOCK_OF:
            yield BLOCK_OF[str(answer)], _sentence(card.words[language])


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _add_lines(
    session: Session, by: By, learner_id: int, block: str, lines: list[str], now: datetime
) -> None:
    row = block_of(session, learner_id, block, now)
    joined = [*row.lines, *(line for line in lines if line not in row.lines)][:MOST_LINES]
    if joined != row.lines:
        put(session, by, row, joined, "", now)


def _tell(session: Session, by: By, verb: Verb, run: InventoryRun, now: datetime) -> None:
    record.write(
        session, by, verb, learner_id=run.learner_id, about=("inventory_run", run.id),
        payload={"inventory": run.inventory, "version": run.version}, at=now,
    )  # fmt: skip
