"""Samples of a learner's work: links and files that come with a check-in, and how they go again.

The bytes of a file lie in the file store; here stands what the goal's page says of it. What is removed is
erased for good; that something was added and removed stays in the record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from learnpath import record
from learnpath.errors import NotFound, WrongInput
from learnpath.goals.file_store import Store, new_key, put_with, remove_with
from learnpath.goals.models import CheckIn, Evidence, FileKind, Goal
from learnpath.goals.work_file import FIELD, WorkFile
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

MOST_FILES = 4
LINK = "link"
NO_LINK = _l("Paste the whole link. It begins with https://")
NOT_KEPT = _l(
    "Your file could not be kept just now. Your words are still here. Try again in a while."
)


def check_link(text: str) -> None:
    """Raise WrongInput for what is no whole address of the web: nothing else is ever made a link."""
    if not text:
        return
    try:
        address = urlsplit(text)
    except ValueError as error:
        raise WrongInput("evidence", NO_LINK) from error
    if address.scheme not in ("http", "https") or not address.hostname or " " in text:
        raise WrongInput("evidence", NO_LINK)


def keep_files(
    session: Session, store: Store | None, goal: Goal, files: Sequence[WorkFile], week: object
) -> list[tuple[str, WorkFile]]:
    """Put files into the store and return their keys; they go again if the session's change is undone.

    Raises WrongInput for more than a week may have, or when the store does not take them.
    """
    if not files:
        return []
    if len(files) + _standing_files(session, goal, week) > MOST_FILES:
        raise WrongInput(FIELD, _l("A week can have %(most)s files at the most.", most=MOST_FILES))
    if store is None:
        raise WrongInput(FIELD, NOT_KEPT)
    kept = []
    try:
        for file in files:
            key = new_key()
            put_with(session, store, key, file.content)
            if file.small is not None:
                put_with(session, store, small_key(key), file.small)
            kept.append((key, file))
    except OSError as error:
        raise WrongInput(FIELD, NOT_KEPT) from error
    return kept


def small_key(key: str) -> str:
    """Return where the small picture of a file lies."""
    return f"{key}-small"


def add(
    session: Session, by: By, goal: Goal, check_in: CheckIn, link: str,
    kept: Sequence[tuple[str, WorkFile]], now: datetime,
) -> None:  # fmt: skip
    """Note the samples of a check-in: a link, and files that were kept before."""
    about: dict[str, Any] = {
        "goal_id": goal.key, "learner_id": goal.learner_id, "check_in_id": check_in.id or 0,
        "week": check_in.week, "at": now,
    }  # fmt: skip
    rows = [Evidence(url=link, **about)] if link else []
    rows += [
        Evidence(
            file_key=key, file_name=file.name, file_kind=file.kind, file_bytes=len(file.content),
            file_sha256=file.sha256, **about,
        )
        for key, file in kept
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    for row in rows:
        _tell(session, by, Verb.WORK_ADDED, row, now)


def of_goal(session: Session, goal: Goal, evidence_id: int) -> Evidence:
    """Return a sample of a goal. Raises NotFound for one of another goal, or one that was removed."""
    row = session.get(Evidence, evidence_id)
    if row is None or row.goal_id != goal.id or row.removed_at is not None:
        raise NotFound
    return row


def remove(session: Session, by: By, row: Evidence, store: Store, now: datetime) -> None:
    """Erase a sample: its file, its link and its name. The row stays, and says nothing of it."""
    _tell(session, by, Verb.WORK_REMOVED, row, now)
    _erase(session, row, store, now)


def erase_all(session: Session, learner_id: int, store: Store, now: datetime) -> int:
    """Erase every sample of a learner, for a lawful erasure; return how many there were."""
    query = select(Evidence).where(
        Evidence.learner_id == learner_id, col(Evidence.removed_at).is_(None)
    )
    rows = session.exec(query.order_by(col(Evidence.id))).all()
    for row in rows:
        _erase(session, row, store, now)
    return len(rows)


def files_of(session: Session, learner_id: int) -> list[Evidence]:
    """Return the samples of a learner that are files, oldest first. One query."""
    query = select(Evidence).where(
        Evidence.learner_id == learner_id, col(Evidence.file_key).is_not(None)
    )
    return list(session.exec(query.order_by(col(Evidence.id))))


def known_keys(session: Session) -> Collection[str]:
    """Return every key that a row names, with that of its small picture."""
    query = select(Evidence.file_key).where(col(Evidence.file_key).is_not(None))
    return {name for key in session.exec(query) for name in _names(str(key))}


def _names(key: str) -> Iterator[str]:
    yield key
    yield small_key(key)


def _erase(session: Session, row: Evidence, store: Store, now: datetime) -> None:
    if row.file_key is not None:
        for key in _names(row.file_key):
            remove_with(session, store, key)
    row.removed_at, row.url, row.file_key, row.file_name = now, "", None, ""
    row.file_sha256, row.file_bytes = "", None
    session.add(row)
    session.flush()


def _standing_files(session: Session, goal: Goal, week: object) -> int:
    query = select(func.count()).where(
        Evidence.goal_id == goal.id, Evidence.week == week, col(Evidence.file_key).is_not(None)
    )
    return session.exec(query).one()


def _tell(session: Session, by: By, verb: Verb, row: Evidence, now: datetime) -> None:
    kind = str(row.file_kind) if isinstance(row.file_kind, FileKind) else LINK
    record.write(
        session, by, verb, learner_id=row.learner_id, about=("goal", row.goal_id),
        payload={"week": row.week.isoformat(), "kind": kind}, at=now,
    )  # fmt: skip
