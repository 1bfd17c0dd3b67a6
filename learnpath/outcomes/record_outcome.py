"""A teacher records one result of a learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sqlmodel import Session

from learnpath import record
from learnpath.errors import WrongInput
from learnpath.outcomes.models import LARGEST, LONGEST_NAME, OLDEST, Outcome, OutcomeKind
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

# How a result came in, for the record: what the teacher wrote about it stays in this room.
TYPED = "typed"


@dataclass(frozen=True)
class NewOutcome:
    """What is to be recorded: what was looked at, when, and the value with the words that explain it."""

    kind: OutcomeKind
    measure: str
    day: date
    value: Decimal
    scale: str = ""
    source: str = ""


def record_outcome(
    session: Session, by: By, learner_id: int, new: NewOutcome, now: datetime
) -> Outcome:
    """Keep one result of a learner. Raises WrongInput for the field that cannot be taken as it is."""
    _check(new, now.astimezone(ZoneInfo(by.zone)).date())
    outcome = Outcome(
        learner_id=learner_id, day=new.day, kind=new.kind, measure=new.measure, value=new.value,
        scale=new.scale, source=new.source, recorded_by=by.person_id, recorded_at=now,
    )  # fmt: skip
    session.add(outcome)
    session.flush()
    record.write(
        session, by, Verb.OUTCOME_RECORDED, learner_id=learner_id, about=("outcome", outcome.id),
        payload={"kind": new.kind, "source": TYPED}, at=now,
    )  # fmt: skip
    return outcome


def _check(new: NewOutcome, today: date) -> None:
    if not new.measure:
        raise WrongInput("measure", _l("Say what was looked at."))
    if not new.value.is_finite() or abs(new.value) > LARGEST:
        raise WrongInput("value", _l("Type a number, such as 18 or 4.5."))
    if new.day > today:
        raise WrongInput("day", _l("Choose today or a day before."))
    if new.day < today - OLDEST:
        raise WrongInput("day", _l("Choose a day of the last 15 years."))
    for field in ("measure", "scale", "source"):
        if len(getattr(new, field)) > LONGEST_NAME:
            raise WrongInput(field, _l("Use %(limit)s letters or fewer.", limit=LONGEST_NAME))


def read_value(text: str) -> Decimal:
    """Return the number that somebody typed, with a point or a comma. Raises WrongInput."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise WrongInput("value", _l("Type a number, such as 18 or 4.5.")) from error
    if not value.is_finite() or abs(value) > LARGEST or len(text.strip()) > 20:
        raise WrongInput("value", _l("Type a number, such as 18 or 4.5."))
    return value
