"""Adding what the record could not see, and answering it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.models import Observation, ObservationAnswer
from learnpath.errors import NotAllowed, WrongInput
from learnpath.record import By, Verb, write
from learnpath.wording import lazy as _l


def observe(
    session: Session, by: By, learner_id: int, indicator: str, seen: str, day: date, text: str,
    now: datetime,
) -> Observation:  # fmt: skip
    """Keep what somebody saw on a day; from now on it counts as a fact with its author's name.

    Raises WrongInput for a thing the model does not know, a day to come, or no words at all.
    """
    if by.person_id is None:
        raise NotAllowed
    known = driver_model().indicators.get(indicator)
    if known is None or seen not in known.seen:
        raise WrongInput("what", _l("Choose what was seen."))
    if day > now.astimezone(ZoneInfo(by.zone)).date():
        raise WrongInput("day", _l("Choose a day that has come."))
    if not text.strip():
        raise WrongInput("text", _l("Say in a few words what was seen."))
    made = Observation(
        learner_id=learner_id, indicator=indicator, seen=seen, day=day, text=text.strip(),
        observed_by=by.person_id, relation=by.relation, observed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    write(
        session, by, Verb.OBSERVED, learner_id=learner_id, about=("observation", made.id), at=now,
        payload={"indicator": indicator, "day": day.isoformat(), "seen": seen},
    )  # fmt: skip
    return made


def answer(
    session: Session, by: By, observation: Observation, text: str, now: datetime
) -> ObservationAnswer:
    """Keep what somebody says to an observation. Raises WrongInput for no words at all."""
    if by.person_id is None:
        raise NotAllowed
    if not text.strip():
        raise WrongInput("text", _l("Write your answer."))
    made = ObservationAnswer(
        learner_id=observation.learner_id, observation_id=observation.id or 0, text=text.strip(),
        answered_by=by.person_id, relation=by.relation, answered_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    write(
        session, by, Verb.OBSERVATION_ANSWERED, learner_id=observation.learner_id,
        about=("observation", observation.id), at=now,
    )  # fmt: skip
    return made
