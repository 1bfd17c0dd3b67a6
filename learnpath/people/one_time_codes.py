"""One-time codes: printed on a slip, good for a week and for one new password.

Sixty bits, kept as a slow hash, so that a copy of the database opens nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.errors import NotAllowed, WrongInput
from learnpath.people import printed
from learnpath.people.models import Credential, OneTimeCode, Person
from learnpath.people.queries import hold
from learnpath.people.sign_in import plain_username
from learnpath.people.signed_in import who_only_learn
from learnpath.record import By, Relation, Verb
from learnpath.record.write import lock_chain
from learnpath.wording import lazy as _l

LENGTH, LASTS = 12, timedelta(days=7)
# No hash, so that no password fits: somebody who was never given a password has only the code.
NO_PASSWORD = "none"  # noqa: S105
DOES_NOT_FIT = _l("That name and code do not go together, or the code was used or is too old.")


@dataclass(frozen=True)
class Slip:
    """What is printed for one person, this once."""

    person: Person
    username: str
    code: str
    expires: datetime


def issue_code(session: Session, by: By, person: Person, now: datetime) -> str:
    """Make a code for ``person`` and return it, to be shown this once. An earlier one stops.

    Raises NotAllowed when a teacher asks for somebody who does more at school than learn: such a person's
    other doors are not the teacher's to open.
    """
    person_id = person.id or 0
    teaches = by.relation is Relation.TEACHER
    if teaches and not who_only_learn(session, {person_id}, now):
        raise NotAllowed(_l("The school office prints a code for this person."))
    hold(session, person_id)
    give_username(session, person, now)
    for old in _open_ones(session, person_id, now):
        old.ended_at = now
        session.add(old)
    code = printed.new(LENGTH)
    row = OneTimeCode(
        person_id=person_id, code_hash=printed.make_hash(code), issued_by_id=by.person_id,
        issued_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record.write(
        session, by, Verb.CODE_ISSUED, learner_id=person_id if person.grade is not None else None,
        about=("person", person_id), payload={"expires": row.expires_at.date().isoformat()}, at=now,
    )  # fmt: skip
    return code


def slip_for(session: Session, by: By, person: Person, now: datetime) -> Slip:
    """Make a code for ``person`` and return all that is printed beside it. Raises as ``issue_code``."""
    code = issue_code(session, by, person, now)
    credential = session.get_one(Credential, person.id)
    return Slip(person, credential.username, code, now + LASTS)


def _open_ones(session: Session, person_id: int, now: datetime) -> list[OneTimeCode]:
    query = select(OneTimeCode).where(
        OneTimeCode.person_id == person_id,
        col(OneTimeCode.ended_at).is_(None),
        OneTimeCode.expires_at > now,
    )
    return list(session.exec(query.with_for_update()))


def fitting_code(session: Session, username: str, code: str, now: datetime) -> OneTimeCode | None:
    """Return the code that fits, unused; unknown names and wrong codes take the same time."""
    query = (
        select(OneTimeCode)
        .join(Credential, col(Credential.person_id) == col(OneTimeCode.person_id))
        .join(Person, col(Person.id) == col(OneTimeCode.person_id))
        .where(
            Credential.username == plain_username(username),
            col(OneTimeCode.ended_at).is_(None),
            OneTimeCode.expires_at > now,
            col(Person.left_at).is_(None),
            col(Person.closed_by).is_(None),
        )
        .order_by(col(OneTimeCode.id).desc())
    )
    row = session.exec(query).first()
    return row if printed.fits(row.code_hash if row else None, printed.read(code)) else None


def spend(session: Session, code_id: int, now: datetime) -> OneTimeCode | None:
    """Use a code up: only the first who does so gets it back, later ones get None."""
    row = session.get(OneTimeCode, code_id, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    row.ended_at = now
    session.add(row)
    session.flush()
    return row


def take_code(session: Session, username: str, code: str, now: datetime) -> Person:
    """Use the code of ``username`` up and return the person.

    Raises WrongInput, in the same words whatever it is that does not fit. Whoever calls counts the tries.
    """
    fitting = fitting_code(session, username, code, now)
    spent = spend(session, fitting.id or 0, now) if fitting else None
    if spent is None:
        raise WrongInput("code", DOES_NOT_FIT)
    return session.get_one(Person, spent.person_id)


def give_username(session: Session, person: Person, now: datetime) -> str:
    """Return the person's username, made from the name when there is none yet."""
    credential = session.get(Credential, person.id)
    if credential is None:
        # Two who print at the same moment do not give one name to two people.
        lock_chain(session, None, person.school_id)
        credential = Credential(
            person_id=person.id or 0, username=_free_username(session, person),
            password_hash=NO_PASSWORD, changed_at=now,
        )  # fmt: skip
        session.add(credential)
        session.flush()
    return credential.username


def _free_username(session: Session, person: Person) -> str:
    begin = (_plain(person.given_name) or _plain(person.called) or "person")[:30]
    begin += _plain(person.family_name)[:1]
    taken = set(
        session.exec(select(Credential.username).where(col(Credential.username).startswith(begin)))
    )
    number = 1
    while (name := f"{begin}{number if number > 1 else ''}") in taken:
        number += 1
    return name


def _plain(name: str) -> str:
    """Return a name in the letters that are on every keyboard."""
    apart = unicodedata.normalize("NFKD", name.strip().partition(" ")[0])
    return re.sub(r"[^a-z0-9]", "", apart.casefold())
