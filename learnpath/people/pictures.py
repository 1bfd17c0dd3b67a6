"""Secret pictures: what a learner presses after showing the badge, so that a badge alone opens nothing.

Three of twelve, one after the other: 1,320 ways. After ten wrong tries in all they rest until a teacher
says that they may be used again. They are chosen the first time with a number that the teacher put
on the board, and changed later only by somebody who knows the old ones, or after the teacher took them back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from learnpath import record
from learnpath.access import learning_classes
from learnpath.db import open_session, unit_of_work
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people import passwords, printed, throttle
from learnpath.people.models import PictureStart, SecretPictures
from learnpath.people.queries import hold
from learnpath.people.sign_in import end_by_badge
from learnpath.people.signed_in import day_of
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

HOW_MANY = 3
MOST_WRONG = 10
WRONG_IN_A_WHILE = 5  # from one address, until ten minutes have gone by
START_LENGTH, START_LASTS, START_TRIES = 6, timedelta(minutes=30), 60

# The key of a picture, the icon that is drawn, and its name.
PICTURES = {
    "sun": ("sun", _l("Sun")),
    "tree": ("tree-pine", _l("Tree")),
    "paw": ("paw-print", _l("Paw")),
    "bike": ("bike", _l("Bike")),
    "house": ("house", _l("House")),
    "rocket": ("rocket", _l("Rocket")),
    "star": ("star", _l("Star")),
    "key": ("key-round", _l("Key")),
    "ball": ("volleyball", _l("Ball")),
    "music": ("music", _l("Music")),
    "heart": ("heart", _l("Heart")),
    "globe": ("globe", _l("Globe")),
}


class Pressed(StrEnum):
    """What came of pressing three pictures."""

    RIGHT = "right"
    WRONG = "wrong"
    RESTING = "resting"


def read(text: str) -> tuple[str, ...]:
    """Return the pictures that a form tells of, at most three, in their order."""
    return tuple(key for key in text[:200].split(",") if key in PICTURES)[:HOW_MANY]


def are_whole(picks: Sequence[str]) -> bool:
    """Tell whether ``picks`` are three different pictures."""
    return len(picks) == HOW_MANY and len(set(picks)) == HOW_MANY and set(picks) <= PICTURES.keys()


def chosen_by(session: Session, learner_ids: Collection[int]) -> dict[int, SecretPictures]:
    """Return the pictures of those of these learners who have chosen, in one query."""
    query = select(SecretPictures).where(col(SecretPictures.learner_id).in_(learner_ids))
    return {row.learner_id: row for row in session.exec(query)}


def rests(row: SecretPictures | None) -> bool:
    """Tell whether the pictures wait for a teacher's word, after too many wrong tries."""
    return row is not None and row.wrong_tries >= MOST_WRONG


def press(
    engine: Engine, learner_id: int, picks: Sequence[str], address: str, now: datetime
) -> Pressed:
    """Tell whether ``picks`` are the learner's pictures, and count a try that was wrong.

    The slow hash is worked out while no write lock is held; the count decides under the lock, so that
    tries that come at the same moment are counted too. Raises TooManyTries.
    """
    key = throttle.who("pictures", str(learner_id), address)
    taken = throttle.take(engine, {key: WRONG_IN_A_WHILE}, now)
    with open_session(engine, writing=False) as reading:
        row = reading.get(SecretPictures, learner_id)
        kept = row.secret_hash if row and not rests(row) else None
    right = passwords.fits(kept, _secret(learner_id, picks)) and are_whole(picks)
    with unit_of_work(engine) as session:
        pressed = _count(session, learner_id, kept, right)
        if pressed is Pressed.RIGHT:
            throttle.give_back(session, taken, forget=key)
    return pressed


def _count(session: Session, learner_id: int, kept: str | None, right: bool) -> Pressed:
    row = session.get(SecretPictures, learner_id, with_for_update=True)
    if row is None or rests(row):
        return Pressed.RESTING
    session.add(row)
    if right and row.secret_hash == kept:
        row.wrong_tries = 0
        return Pressed.RIGHT
    row.wrong_tries += 1
    return Pressed.RESTING if rests(row) else Pressed.WRONG


def _secret(learner_id: int, picks: Sequence[str]) -> str:
    return f"{learner_id}:{','.join(picks)}"


def make_hash(learner_id: int, picks: Sequence[str]) -> str:
    """Return the slow hash of a learner's pictures. Raises WrongInput unless they are three different ones."""
    if not are_whole(picks):
        raise WrongInput("picked", _l("Press three different pictures."))
    return passwords.hasher().hash(_secret(learner_id, picks))


# -- choosing -----------------------------------------------------------------------------------------


def open_start(session: Session, by: By, class_id: int, now: datetime) -> str:
    """Let the learners of a class choose their pictures for half an hour; return the number for the board.

    An earlier number of the class stops.
    """
    for old in session.exec(_open_starts(now).where(PictureStart.class_id == class_id)):
        old.ends_at = now
        session.add(old)
    code = printed.digits(START_LENGTH)
    start = PictureStart(
        class_id=class_id, code_hash=printed.make_hash(code), opened_by_id=by.person_id,
        opened_at=now, ends_at=now + START_LASTS,
    )  # fmt: skip
    session.add(start)
    session.flush()
    record.write(
        session, by, Verb.PICTURE_START_OPENED, learner_id=None, about=("class", class_id),
        payload={"class": class_id}, at=now,
    )  # fmt: skip
    return code


def _open_starts(now: datetime) -> SelectOfScalar[PictureStart]:
    return select(PictureStart).where(PictureStart.ends_at > now, PictureStart.opened_at <= now)


def start_fits(engine: Engine, learner_id: int, number: str, address: str, now: datetime) -> bool:
    """Tell whether ``number`` stands on the board of a class in which the learner learns today.

    Raises TooManyTries.
    """
    typed = "".join(sign for sign in number[:40] if sign.isascii() and sign.isdigit())
    mine = throttle.who("picture start", str(learner_id), address)
    anybody = throttle.who("picture start", "for", str(learner_id))
    taken = throttle.take(engine, {mine: WRONG_IN_A_WHILE, anybody: START_TRIES}, now)
    with open_session(engine, writing=False) as reading:
        today = day_of(reading, learner_id, now)
        classes = learning_classes(learner_id, today)
        open_ones = _open_starts(now).where(col(PictureStart.class_id).in_(classes))
        kept: list[str | None] = [start.code_hash for start in reading.exec(open_ones)]
    if not any(printed.fits(one, typed) for one in kept or [None]):
        return False
    with unit_of_work(engine) as session:
        throttle.give_back(session, taken)
    return True


def choose(session: Session, by: By, secret_hash: str, now: datetime) -> None:
    """Keep a learner's first pictures; whoever calls has seen that the teacher's number fits.

    Raises NotAllowedNow when there are pictures already: these are changed by other ways.
    """
    learner_id = by.person_id or 0
    hold(session, learner_id)
    if session.get(SecretPictures, learner_id, populate_existing=True) is not None:
        raise NotAllowedNow(_l("You have pictures already. Press them to come in."))
    session.add(SecretPictures(learner_id=learner_id, secret_hash=secret_hash, chosen_at=now))
    session.flush()
    _tell_chosen(session, by, "start", now)


def change(
    engine: Engine, by: By, old: Sequence[str], new: Sequence[str], address: str, now: datetime
) -> Pressed:
    """Give a learner who knows the old pictures new ones. Raises TooManyTries and WrongInput."""
    learner_id = by.person_id or 0
    secret_hash = make_hash(learner_id, new)
    pressed = press(engine, learner_id, old, address, now)
    if pressed is Pressed.RIGHT:
        with unit_of_work(engine) as session:
            row = session.get_one(SecretPictures, learner_id, with_for_update=True)
            row.secret_hash, row.chosen_at = secret_hash, now
            session.add(row)
            _tell_chosen(session, by, "self", now)
    return pressed


def _tell_chosen(session: Session, by: By, how: str, now: datetime) -> None:
    record.write(
        session, by, Verb.PICTURES_CHOSEN, learner_id=by.person_id, about=("person", by.person_id),
        payload={"how": how}, at=now,
    )  # fmt: skip


def take_back(session: Session, by: By, learner_id: int, now: datetime) -> bool:
    """Let a learner's pictures go, so that new ones can be chosen, and end what began with a badge.

    Tells whether there were any.
    """
    row = session.get(SecretPictures, learner_id, with_for_update=True)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    end_by_badge(session, learner_id, now)
    record.write(
        session, by, Verb.PICTURES_RESET, learner_id=learner_id, about=("person", learner_id),
        at=now,
    )  # fmt: skip
    return True


def forgive(session: Session, learner_id: int) -> None:
    """Forget the wrong tries at a learner's pictures: the badge with which they were made is stopped."""
    row = session.get(SecretPictures, learner_id, with_for_update=True)
    if row is not None:
        row.wrong_tries = 0
        session.add(row)
