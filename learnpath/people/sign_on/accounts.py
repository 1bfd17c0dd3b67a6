"""Which account elsewhere belongs to which person. A first link follows the school's rule, and no other way.

An account is its issuer and subject. An address is never an identity: it may tie an account to a person once,
when the issuer verified it, the school allowed its domain, and exactly one person has it in the roster. The other
way is a code on paper. Nobody is made a person here; without a relationship of today nobody comes in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from learnpath import record
from learnpath.access import RELATION_OF
from learnpath.config import Settings
from learnpath.db import key_of, open_session, unit_of_work
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.people import one_time_codes, sign_in, throttle
from learnpath.people.models import Hat, Person, SignIn, SignInHow
from learnpath.people.sign_on.models import AnsweredSignOn, LinkedHow, OutsideIdentity
from learnpath.people.sign_on.providers import Provider
from learnpath.people.sign_on.token import Account
from learnpath.people.signed_in import hats_of
from learnpath.record import By, Verb
from learnpath.school.models import RosterEntry, School
from learnpath.wording import lazy as _l

# As long as a proof of an account can be used, and then some.
ANSWERS_KEPT = timedelta(hours=1)


class Answer(StrEnum):
    """What becomes of somebody who comes back from an issuer."""

    COME_IN = "come_in"
    USED = "used"  # the same answer was here before
    CLOSED = "closed"  # known, but without any relationship today
    UNKNOWN = "unknown"  # nobody here has this account


@dataclass(frozen=True)
class Arrival:
    """The answer, and the token of the new sign-in where somebody comes in."""

    answer: Answer
    token: str = ""


def arrive(session: Session, account: Account, provider: Provider, now: datetime) -> Arrival:
    """Sign the person of an account in, linking it first where the roster's address allows it.

    Whoever is not let in leaves nothing behind: the caller undoes the transaction.
    """
    if not _first_time(session, account.nonce, now):
        return Arrival(Answer.USED)
    identity = _identity(session, account)
    person = session.get(Person, identity.person_id) if identity else _by_address(session, account)
    if person is None:
        return Arrival(Answer.UNKNOWN)
    if not _may_come(session, person, now):
        return Arrival(Answer.CLOSED if identity else Answer.UNKNOWN)
    if identity is None and not _is_linked(session, person, account, provider, now):
        return Arrival(Answer.UNKNOWN)
    token = _start(session, person, provider, now)
    return Arrival(Answer.COME_IN, token) if token else Arrival(Answer.CLOSED)


def _is_linked(
    session: Session, person: Person, account: Account, provider: Provider, now: datetime
) -> bool:
    """Link an account by the roster's address; another tab may have done the same a moment before."""
    how = LinkedHow.ROSTER_ADDRESS
    if link(session, person, account, provider.key, how, now):
        return True
    identity = _identity(session, account)
    return identity is not None and identity.person_id == person.id


def link_with_code(
    engine: Engine, settings: Settings, account: Account, provider: Provider, username: str, code: str,
    address: str, now: datetime,
) -> str:  # fmt: skip
    """Tie an account to the person of a code on paper, and return the token of a new sign-in.

    The try is counted first; the slow hash is worked out while no write lock is held. Raises WrongInput when name and code do not
    fit, NotAllowedNow when the account or the person is taken, and TooManyTries.
    """
    name = sign_in.plain_username(username)
    both, whole = throttle.who("name+address", name, address), throttle.who("address", address)
    limits = {both: settings.sign_in_tries, whole: settings.sign_in_tries_address}
    taken = throttle.take(engine, limits, now)
    with open_session(engine, writing=False) as reading:
        fitting = one_time_codes.fitting_code(reading, name, code, now)
    if fitting is None:
        raise WrongInput("code", one_time_codes.DOES_NOT_FIT)
    try:
        with unit_of_work(engine) as session:
            token = _link_spending(session, account, provider, fitting.id or 0, now)
            if token is not None:
                throttle.give_back(session, taken)
    except NotAllowedNow:  # the code was right
        with unit_of_work(engine) as session:
            throttle.give_back(session, taken)
        raise
    if token is None:
        raise WrongInput("code", one_time_codes.DOES_NOT_FIT)
    return token


def _link_spending(
    session: Session, account: Account, provider: Provider, code_id: int, now: datetime
) -> str | None:
    spent = one_time_codes.spend(session, code_id, now)
    person = session.get_one(Person, spent.person_id) if spent else None
    if person is None or not _may_come(session, person, now):
        return None
    if not link(session, person, account, provider.key, LinkedHow.ONE_TIME_CODE, now):
        raise NotAllowedNow(_l("That account is tied already. The school office can part it."))
    return _start(session, person, provider, now)


def _start(session: Session, person: Person, provider: Provider, now: datetime) -> str | None:
    return sign_in.start(
        session, key_of(person), now, how=SignInHow.SIGN_ON, shared=provider.shared
    )


def _first_time(session: Session, nonce: str, now: datetime) -> bool:
    """Tell whether an answer was never taken before, and remember that it was taken now."""
    old = sa.delete(AnsweredSignOn).where(col(AnsweredSignOn.at) < now - ANSWERS_KEPT)
    session.execute(old)
    digest = hashlib.sha256(nonce.encode()).hexdigest()
    return _added(session, AnsweredSignOn(nonce_sha256=digest, at=now))


def _added(session: Session, row: AnsweredSignOn | OutsideIdentity) -> bool:
    """Add a row unless another request was first: the database says so."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False
    return True


def _identity(session: Session, account: Account) -> OutsideIdentity | None:
    query = select(OutsideIdentity).where(
        OutsideIdentity.issuer == account.issuer, OutsideIdentity.subject == account.subject
    )
    return session.exec(query).first()


def _by_address(session: Session, account: Account) -> Person | None:
    """Return the one person whom the roster gives the account's verified address; nobody for two."""
    if not account.email:
        return None
    query = (
        select(Person)
        .join(RosterEntry, col(RosterEntry.person_id) == col(Person.id))
        .where(RosterEntry.email == account.email)
        .limit(2)
    )
    found = session.exec(query).all()
    return found[0] if len(found) == 1 else None


def _may_come(session: Session, person: Person, now: datetime) -> bool:
    return person.left_at is None and bool(hats_of(session, key_of(person), now))


def link(
    session: Session, person: Person, account: Account, provider: str, how: LinkedHow, now: datetime
) -> OutsideIdentity | None:
    """Tie an account to a person, once and for all; both must be free at this issuer.

    An address may have been somebody else's last year: who has an account there keeps it until an
    administrator, or the person, unlinks it. Returns None when one of the two is taken.
    """
    identity = OutsideIdentity(
        issuer=account.issuer, subject=account.subject, person_id=key_of(person),
        linked_at=now, linked_how=how,
    )  # fmt: skip
    if not _added(session, identity):
        return None
    hat = hats_of(session, key_of(person), now)[0]
    _tell(session, _self(session, person, hat), person, identity, Verb.IDENTITY_LINKED,
          {"provider": provider, "how": how.value}, now)  # fmt: skip
    return identity


def unlink(session: Session, by: By, person_id: int, identity_id: int, now: datetime) -> None:
    """Part an account from a person. Raises NotFound when it is not that person's.

    When the school does it, whoever came in by an account elsewhere is signed out on all devices.
    """
    identity = session.get(OutsideIdentity, identity_id, with_for_update=True)
    if identity is None or identity.person_id != person_id:
        raise NotFound
    person = session.get_one(Person, person_id)
    how = "self" if by.person_id == person_id else "school"
    _tell(session, by, person, identity, Verb.IDENTITY_UNLINKED, {"how": how}, now)
    session.delete(identity)
    if how == "school":
        _end_sign_ins(session, person_id, now)


def _end_sign_ins(session: Session, person_id: int, now: datetime) -> None:
    query = select(SignIn).where(
        SignIn.person_id == person_id,
        SignIn.how == SignInHow.SIGN_ON,
        col(SignIn.ended_at).is_(None),
    )
    for row in session.exec(query):
        sign_in.sign_out(session, row, now)


def identities_of(session: Session, person_id: int) -> list[OutsideIdentity]:
    """Return a person's accounts elsewhere, the oldest first."""
    query = select(OutsideIdentity).where(OutsideIdentity.person_id == person_id)
    return list(session.exec(query.order_by(col(OutsideIdentity.linked_at))))


def tied_to(session: Session, ids: Collection[int]) -> dict[int, list[OutsideIdentity]]:
    """Return the accounts elsewhere of these persons, the oldest first, in one query."""
    query = select(OutsideIdentity).where(col(OutsideIdentity.person_id).in_(ids))
    found: dict[int, list[OutsideIdentity]] = {}
    for one in session.exec(query.order_by(col(OutsideIdentity.linked_at))):
        found.setdefault(one.person_id, []).append(one)
    return found


def tied_meanwhile(session: Session, begun: SignIn) -> list[OutsideIdentity]:
    """Return the accounts that were tied to a person since they came in by a door of their own.

    Who came in by an account elsewhere may be whoever tied it: that sign-in is told nothing and counts for
    nothing here. Neither does a turn on a class's device, where nothing could be done about it.
    """
    if not _of_their_own(begun):
        return []
    before = select(func.max(SignIn.started_at)).where(
        SignIn.person_id == begun.person_id, SignIn.id != begun.id,
        SignIn.how != SignInHow.SIGN_ON, col(SignIn.device_id).is_(None),
    )  # fmt: skip
    last = session.exec(before).one()
    query = select(OutsideIdentity).where(OutsideIdentity.person_id == begun.person_id)
    if last is not None:
        query = query.where(OutsideIdentity.linked_at > last)
    return list(session.exec(query.order_by(col(OutsideIdentity.linked_at))))


def _of_their_own(begun: SignIn) -> bool:
    return begun.how is not SignInHow.SIGN_ON and begun.device_id is None


def _self(session: Session, person: Person, hat: Hat) -> By:
    zone = session.get_one(School, person.school_id).time_zone
    return By(key_of(person), RELATION_OF[hat], person.school_id, zone)


def _tell(
    session: Session, by: By, person: Person, identity: OutsideIdentity, verb: Verb,
    payload: dict[str, str], now: datetime,
) -> None:  # fmt: skip
    record.write(
        session, by, verb, learner_id=person.id if person.grade is not None else None,
        about=("outside_identity", identity.id), payload=payload, at=now,
    )  # fmt: skip
