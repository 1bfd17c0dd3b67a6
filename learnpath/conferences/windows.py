"""Conference windows: a school or a class opens some days, teachers lay slots into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.conferences.models import ConferenceWindow, Slot
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.record import By, Verb
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.models import SchoolYearRow, Term
from learnpath.wording import lazy as _l

LONGEST_WINDOW = timedelta(days=42)
MOST_SLOTS = 200
LATE_IN_TERM = timedelta(days=14)


@dataclass(frozen=True)
class Laying:
    """How slots are laid into a day: from when to when, how long each is, and the rest between two."""

    day: date
    begins: time
    ends: time
    minutes: int
    rest: int = 0
    place: str = ""


def open_window(
    session: Session, by: By, class_id: int | None, first_day: date, last_day: date, now: datetime
) -> ConferenceWindow:
    """Open a window for a class, or without a class for the whole school. Raises WrongInput."""
    today = now.astimezone(ZoneInfo(by.zone)).date()
    if first_day < today:
        raise WrongInput("first_day", _l("Choose today or a day to come."))
    if last_day < first_day:
        raise WrongInput("last_day", _l("The last day comes after the first."))
    if last_day - first_day > LONGEST_WINDOW:
        raise WrongInput("last_day", _l("Choose six weeks or less."))
    window = ConferenceWindow(
        school_id=by.school_id, class_id=class_id, first_day=first_day, last_day=last_day,
        opened_by=by.person_id, opened_at=now,
    )  # fmt: skip
    session.add(window)
    session.flush()
    record.write(
        session, by, Verb.CONFERENCE_PLANNED, learner_id=None, about=("window", window.id),
        payload={"day": first_day.isoformat(), "how": "window"}, at=now,
    )  # fmt: skip
    return window


def lay_slots(
    session: Session, by: By, window: ConferenceWindow, laying: Laying, calendar: SchoolCalendar,
    now: datetime,
) -> list[Slot]:  # fmt: skip
    """Lay slots into a day of the window. Slots that overlap ones of the same teacher are left out.

    Raises WrongInput for a day outside the window or without school, and when no slot fits.
    """
    _check(window, laying, calendar)
    moments = [at for at in _moments(laying, by.zone) if at > now]
    there = _busy(session, by.person_id or 0, laying, by.zone)
    free = [at for at in moments if not any(_overlap(at, laying.minutes, slot) for slot in there)]
    if not free:
        raise WrongInput("begins", _l("No slot fits there."))
    slots = [
        Slot(
            window_id=window.id or 0, teacher_id=by.person_id or 0, starts_at=at,
            minutes=laying.minutes, place=laying.place,
        )
        for at in free
    ]  # fmt: skip
    session.add_all(slots)
    session.flush()
    record.write(
        session, by, Verb.CONFERENCE_PLANNED, learner_id=None, about=("window", window.id),
        payload={"day": laying.day.isoformat(), "how": "slots"}, at=now,
    )  # fmt: skip
    return slots


def take_slot_away(session: Session, slot: Slot) -> None:
    """Take a free slot away. Raises NotAllowedNow for one that a family chose."""
    if slot.conference_id is not None:
        raise NotAllowedNow(_l("A family chose this time. Move their conference first."))
    session.delete(slot)


def is_late_in_term(session: Session, school_id: int, last_day: date) -> bool:
    """Tell whether a window ends in the last two weeks of a term, or of a year without terms.

    So late there is little time left to act on what was promised.
    """
    terms = (
        select(Term)
        .join(SchoolYearRow, col(SchoolYearRow.id) == col(Term.year_id))
        .where(SchoolYearRow.school_id == school_id)
    )
    ends = [term.ends for term in session.exec(terms)]
    if not ends:
        years = select(SchoolYearRow).where(SchoolYearRow.school_id == school_id)
        ends = [year.ends for year in session.exec(years)]
    return any(end - LATE_IN_TERM < last_day <= end for end in ends)


def _check(window: ConferenceWindow, laying: Laying, calendar: SchoolCalendar) -> None:
    if not window.first_day <= laying.day <= window.last_day:
        raise WrongInput("day", _l("Choose a day of this window."))
    if any(rest.holds(laying.day) for rest in calendar.breaks):
        raise WrongInput("day", _l("There is no school on that day."))
    if laying.ends <= laying.begins:
        raise WrongInput("ends", _l("The end comes after the beginning."))
    if not 5 <= laying.minutes <= 120 or not 0 <= laying.rest <= 120:
        raise WrongInput("minutes", _l("Choose from 5 to 120 minutes."))


def _moments(laying: Laying, zone: str) -> Sequence[datetime]:
    """The beginnings in real time: over a change of the clocks, slots stay as long as they are."""
    here = ZoneInfo(zone)
    at = datetime.combine(laying.day, laying.begins, here).astimezone(UTC)
    end = datetime.combine(laying.day, laying.ends, here).astimezone(UTC)
    length, step = (
        timedelta(minutes=laying.minutes),
        timedelta(minutes=laying.minutes + laying.rest),
    )
    moments: list[datetime] = []
    while at + length <= end and len(moments) < MOST_SLOTS:
        moments.append(at)
        at += step
    return moments


def _busy(session: Session, teacher_id: int, laying: Laying, zone: str) -> Sequence[Slot]:
    here = ZoneInfo(zone)
    midnight = datetime.combine(laying.day, time(), here).astimezone(UTC)
    query = select(Slot).where(
        Slot.teacher_id == teacher_id,
        Slot.starts_at >= midnight - timedelta(hours=3),
        Slot.starts_at < midnight + timedelta(hours=28),
    )
    return session.exec(query).all()


def _overlap(at: datetime, minutes: int, slot: Slot) -> bool:
    return at < slot.starts_at + timedelta(
        minutes=slot.minutes
    ) and slot.starts_at < at + timedelta(minutes=minutes)
