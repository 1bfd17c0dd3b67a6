"""The summary: the learner checks and approves it, it stands still from then on, the teacher shares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from learnpath import record
from learnpath.conferences import messages
from learnpath.conferences.goals_shown import goals_shown
from learnpath.conferences.models import (
    Conference,
    Leader,
    MessageKind,
    Promise,
    Summary,
    SummaryTranslation,
)
from learnpath.conferences.prepare import cards_of, work_of
from learnpath.conferences.present import promises_of
from learnpath.db import canonical_json
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, WrongInput
from learnpath.goals.progress import GoalProgress
from learnpath.people.models import Language, Person
from learnpath.people.queries import names
from learnpath.record import By, Verb
from learnpath.record.chain import digest
from learnpath.school import queries as school
from learnpath.school.models import School
from learnpath.wording import lazy as _l

CONTENT_VERSION = 1


def content_of(session: Session, summary: Summary, now: datetime) -> dict[str, Any]:
    """Return all that readers of the summary see, as it is now: words, numbers and days, no ids of people."""
    conference = session.get_one(Conference, summary.conference_id)
    learner = session.get_one(Person, conference.learner_id)
    at = session.get_one(School, conference.school_id)
    here = ZoneInfo(at.time_zone)
    today = now.astimezone(here).date()
    calendar = school.calendar_of(session, conference.school_id)
    held = (conference.held_at or conference.starts_at).astimezone(here).date()
    return {
        "version": CONTENT_VERSION,
        "learner": learner.called,
        "language": learner.language.value,
        "school": {"name": at.name, "phone": at.phone},
        "day": held.isoformat(),
        "there": _who_was_there(session, conference, learner, held),
        "cards": _cards(session, conference),
        "own_words": summary.in_my_words,
        "goals": [
            {"title": one.title, "agreed": one.agreed, "progress": _for_readers(one.progress)}
            for one in goals_shown(session, conference, learner, calendar, today)
        ],
        "work": [
            {"title": piece.title, "did": piece.did, "shows": piece.shows}
            for piece in work_of(session, conference.id or 0)
        ],
        "hard": {
            "what": conference.hard_what, "tried": conference.hard_tried,
            "need": conference.hard_need,
        },
        "teacher": _teacher(session, conference),
        "promises": [_promised(one) for one in promises_of(session, conference.id or 0) if one.text],
    }  # fmt: skip


def _promised(promise: Promise) -> dict[str, Any]:
    return {
        "by": promise.by_relation.value, "who": promise.who, "text": promise.text,
        "due": promise.due.isoformat() if promise.due else None,
    }  # fmt: skip


def approve(session: Session, by: By, summary: Summary, in_my_words: str, now: datetime) -> Summary:
    """Approve the summary: its content is taken down and stands still from now on.

    Raises NotAllowedNow when it was approved before.
    """
    if summary.approved_at is not None:
        raise NotAllowedNow(_l("You said yes to this already."))
    summary.in_my_words = in_my_words
    summary.content = content_of(session, summary, now)
    summary.sha256 = content_hash(summary.content)
    summary.approved_at = now
    session.add(summary)
    _tell_approval(session, by, summary, "approved", now)
    return summary


def open_again(session: Session, by: By, summary: Summary, now: datetime) -> None:
    """Open an approved summary again, before it is shared. Raises NotAllowedNow after that."""
    if summary.shared_at is not None:
        raise NotAllowedNow(_l("It is shared already. It stays as it is."))
    if summary.approved_at is None:
        return
    _tell_approval(session, by, summary, "opened_again", now)
    summary.approved_at, summary.content, summary.sha256 = None, {}, ""
    session.add(summary)


def share(session: Session, by: By, summary: Summary, seen: str, now: datetime) -> bool:
    """Share an approved summary with the family. ``seen`` is the digest of what the teacher read.

    Return False when it was shared before: nothing changes then, and nobody is told twice.
    Raises NotAllowedNow before the learner's yes, ChangedMeanwhile when the content is another one.
    """
    must_be_approved(summary)
    if seen != summary.sha256:
        raise ChangedMeanwhile({}, {}, _l("The student changed the summary. Read it again."))
    if summary.shared_at is not None:
        return False
    summary.shared_at, summary.shared_by = now, by.person_id
    session.add(summary)
    conference = session.get_one(Conference, summary.conference_id)
    messages.put_in(session, conference, MessageKind.SUMMARY_READY, now)
    record.write(
        session, by, Verb.SUMMARY_SHARED, learner_id=summary.learner_id,
        about=("summary", summary.id), payload={"audience": "family", "sha256": summary.sha256},
        at=now,
    )  # fmt: skip
    return True


def must_be_approved(summary: Summary) -> None:
    """Raise NotAllowedNow for a summary that the learner has not said yes to."""
    if summary.approved_at is None:
        raise NotAllowedNow(_l("The student has not said yes to this summary yet."))


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the digest of a summary's content."""
    return digest(canonical_json(content))


def is_unchanged(summary: Summary) -> bool:
    """Tell whether the content is still what was approved, worked out anew each time."""
    return bool(summary.sha256) and content_hash(summary.content) == summary.sha256


def parts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of people in a summary, by the key under which a translation stands beside them."""
    parts = {"own_words": content["own_words"]}
    for n, piece in enumerate(content["work"]):
        parts |= {f"work.{n}.{name}": piece[name] for name in ("title", "did", "shows")}
    parts |= {f"hard.{name}": words for name, words in content["hard"].items()}
    parts["teacher"] = content["teacher"]["words"]
    parts |= {f"promise.{p['by']}": p["text"] for p in content["promises"]}
    parts |= {f"goal.{n}": goal["title"] for n, goal in enumerate(content["goals"])}
    return {key: words for key, words in parts.items() if words}


def translate(
    session: Session, by: By, summary: Summary, language: Language, texts: Mapping[str, str],
    translated_by: str, now: datetime,
) -> None:  # fmt: skip
    """Put a named person's translation beside the words of a summary. Empty texts take it away.

    The content itself does not change. Raises WrongInput without a name.
    """
    must_be_approved(summary)
    if not translated_by:
        raise WrongInput("translated_by", _l("Enter who translated this."))
    there = {t.part: t for t in translations_of(session, summary.id or 0, language)}
    for part in parts_of(summary.content):
        text, old = texts.get(part, ""), there.get(part)
        if not text:
            if old is not None:
                session.delete(old)
            continue
        new = old or SummaryTranslation(
            summary_id=summary.id or 0, learner_id=summary.learner_id, part=part,
            language=language, text="", translated_by="", at=now,
        )  # fmt: skip
        new.text, new.translated_by = text, translated_by
        new.added_by, new.at = by.person_id, now
        session.add(new)


def translations_of(
    session: Session, summary_id: int, language: Language
) -> Sequence[SummaryTranslation]:
    """Return the translations of a summary into ``language``."""
    query = select(SummaryTranslation).where(
        SummaryTranslation.summary_id == summary_id, SummaryTranslation.language == language
    )
    return session.exec(query).all()


def _for_readers(progress: GoalProgress | None) -> dict[str, Any] | None:
    """Return a goal's progress without what the learner wrote beside a week: that was not for the family."""
    if progress is None:
        return None
    kept = progress.as_json()
    kept["rows"] = [{**row, "line": "", "feel": "", "earlier": []} for row in kept["rows"]]
    return kept


def _who_was_there(
    session: Session, conference: Conference, learner: Person, day: date
) -> dict[str, Any]:
    teachers = school.teachers_of(session, conference.learner_id, day)
    return {
        "relations": conference.present,
        "learner": learner.called,
        "teachers": [teacher.called for teacher in teachers]
        if "teacher" in conference.present
        else [],
        "family": conference.family_names,
    }


def _cards(session: Session, conference: Conference) -> dict[str, int]:
    led = [card.led_by for card in cards_of(session, conference.id or 0)]
    counted = [leader for leader in led if leader and leader is not Leader.SKIPPED]
    return {"led_by_learner": counted.count(Leader.LEARNER), "all": len(counted)}


def _teacher(session: Session, conference: Conference) -> dict[str, str]:
    called = names(session, [conference.answered_by])
    return {
        "name": called.get(conference.answered_by or 0, ""),
        "words": conference.teacher_words,
    }


def _tell_approval(session: Session, by: By, summary: Summary, how: str, now: datetime) -> None:
    record.write(
        session, by, Verb.SUMMARY_APPROVED, learner_id=summary.learner_id,
        about=("summary", summary.id), payload={"sha256": summary.sha256, "how": how}, at=now,
    )  # fmt: skip
