"""Shared devices: one that the learners of a class use one after the other, for one lesson.

A teacher starts it on the device itself and is signed out there by that. The device then knows a token that
opens nothing but a page where a badge can be shown, for learners of that class only.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.access import learning_classes
from learnpath.people.models import SharedDevice, SignIn
from learnpath.people.sign_in import sign_out
from learnpath.people.signed_in import day_of, digest
from learnpath.record import By, Verb

LASTS = timedelta(minutes=90)


def start(session: Session, by: By, class_id: int, now: datetime) -> str:
    """Let a class use a device; return the token that this device keeps."""
    token = secrets.token_urlsafe(32)
    device = SharedDevice(
        class_id=class_id, opened_by_id=by.person_id, token_sha256=digest(token), opened_at=now,
        ends_at=now + LASTS,
    )  # fmt: skip
    session.add(device)
    session.flush()
    _tell(session, by, Verb.ROUTINE_STARTED, device, now)
    return token


def end(session: Session, by: By, class_id: int, now: datetime) -> int:
    """End the routine of a class on all its devices, and the sign-ins there; return how many devices."""
    devices = running(session, class_id, now)
    for device in devices:
        device.ended_at = now
        session.add(device)
        open_ones = select(SignIn).where(
            SignIn.device_id == device.id, col(SignIn.ended_at).is_(None)
        )
        for sign_in in session.exec(open_ones):
            sign_out(session, sign_in, now)
        _tell(session, by, Verb.ROUTINE_ENDED, device, now)
    return len(devices)


def _tell(session: Session, by: By, verb: Verb, device: SharedDevice, now: datetime) -> None:
    record.write(
        session, by, verb, learner_id=None, about=("shared_device", device.id),
        payload={"class": device.class_id}, at=now,
    )  # fmt: skip


def running(session: Session, class_id: int, now: datetime) -> list[SharedDevice]:
    """Return the devices on which a class routine runs, the newest last."""
    query = select(SharedDevice).where(
        SharedDevice.class_id == class_id, col(SharedDevice.ended_at).is_(None),
        SharedDevice.ends_at > now,
    )  # fmt: skip
    return list(session.exec(query.order_by(col(SharedDevice.id))))


def standing(session: Session, token: str | None, now: datetime) -> SharedDevice | None:
    """Return the device behind a token, while the routine runs there."""
    if not token:
        return None
    query = select(SharedDevice).where(
        SharedDevice.token_sha256 == digest(token), col(SharedDevice.ended_at).is_(None),
        SharedDevice.ends_at > now,
    )  # fmt: skip
    return session.exec(query).first()


def is_for(session: Session, device: SharedDevice, learner_id: int, now: datetime) -> bool:
    """Tell whether a learner learns today in the class of the device."""
    classes = learning_classes(learner_id, day_of(session, learner_id, now))
    wanted = select(SharedDevice.id).where(
        SharedDevice.id == device.id, col(SharedDevice.class_id).in_(classes)
    )
    return session.exec(wanted).first() is not None
