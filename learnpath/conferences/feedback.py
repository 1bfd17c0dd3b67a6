"""What a family answers: one tap, and words if they like. The child's part goes through the teacher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.conferences.models import Feedback, Summary, Understood
from learnpath.errors import NotAllowedNow
from learnpath.people.models import Language
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l


@dataclass(frozen=True)
class FamilyWords:
    """The words of a family: ``proud`` is for the child, ``question`` for the school."""

    proud: str = ""
    question: str = ""
    may_call: bool = False


def give(
    session: Session, by: By, summary: Summary, guardian_id: int, understood: Understood,
    language: Language, now: datetime,
) -> Feedback:  # fmt: skip
    """Answer whether it was understood. Until the teacher read it, a new answer takes the old one's place.

    Raises NotAllowedNow for a summary that is not shared.
    """
    if summary.shared_at is None:
        raise NotAllowedNow(_l("The summary is not shared yet."))
    answer = open_answer(session, summary.id or 0, guardian_id)
    if answer is not None and answer.understood is understood:
        return answer
    if answer is None:
        answer = Feedback(
            summary_id=summary.id or 0, learner_id=summary.learner_id, guardian_id=guardian_id,
            language=language, understood=understood, given_at=now,
        )  # fmt: skip
    answer.understood, answer.language, answer.given_at = understood, language, now
    _keep(session, by, summary, answer, now)
    return answer


def add_words(
    session: Session, by: By, summary: Summary, guardian_id: int, words: FamilyWords,
    language: Language, now: datetime,
) -> Feedback:  # fmt: skip
    """Add words to the answer. Without an answer before, "partly" would be a guess: it is asked first.

    Raises NotAllowedNow then.
    """
    answer = open_answer(session, summary.id or 0, guardian_id)
    if answer is None:
        raise NotAllowedNow(_l("First choose yes, partly or no."))
    told = FamilyWords(answer.proud, answer.question, answer.may_call)
    if words == told:
        return answer
    answer.proud, answer.question, answer.may_call = words.proud, words.question, words.may_call
    answer.language, answer.given_at = language, now
    _keep(session, by, summary, answer, now)
    return answer


def glance(session: Session, by: By, answer: Feedback, pass_on: bool, now: datetime) -> None:
    """Note that a teacher read an answer; with ``pass_on`` the child's part goes to the child."""
    if answer.glanced_at is None:
        answer.glanced_at, answer.glanced_by = now, by.person_id
    if pass_on and answer.passed_on_at is None:
        answer.passed_on_at = now
        record.write(
            session, by, Verb.FEEDBACK_PASSED_ON, learner_id=answer.learner_id,
            about=("summary", answer.summary_id), at=now,
        )  # fmt: skip
    session.add(answer)


def read(session: Session, by: By, answer: Feedback, now: datetime) -> None:
    """Note that the learner read what the family wrote. Raises NotAllowedNow before it was passed on."""
    if answer.passed_on_at is None:
        raise NotAllowedNow(_l("Your teacher reads this first."))
    if answer.read_at is not None:
        return
    answer.read_at = now
    session.add(answer)
    record.write(
        session, by, Verb.FEEDBACK_READ, learner_id=answer.learner_id,
        about=("summary", answer.summary_id), at=now,
    )  # fmt: skip


def open_answer(session: Session, summary_id: int, guardian_id: int) -> Feedback | None:
    """Return a guardian's answer that no teacher has read yet."""
    query = (
        select(Feedback)
        .where(
            Feedback.summary_id == summary_id,
            Feedback.guardian_id == guardian_id,
            col(Feedback.glanced_at).is_(None),
        )
        .with_for_update()
    )
    return session.exec(query).first()


def _keep(session: Session, by: By, summary: Summary, answer: Feedback, now: datetime) -> None:
    session.add(answer)
    session.flush()
    record.write(
        session, by, Verb.FEEDBACK_GIVEN, learner_id=summary.learner_id,
        about=("summary", summary.id),
        payload={"understood": answer.understood.value, "language": answer.language.value}, at=now,
    )  # fmt: skip
