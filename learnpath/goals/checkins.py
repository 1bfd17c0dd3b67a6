"""The weekly check-in: one value for a goal and a school week, or why there is none this week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import LazyString
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, WrongInput
from learnpath.goals import comment, draft, evidence, parts, states
from learnpath.goals.file_store import Store
from learnpath.goals.models import (
    CheckIn,
    Feel,
    GapReason,
    Goal,
    GoalVersion,
)
from learnpath.goals.trend import Measure
from learnpath.goals.work_file import WorkFile
from learnpath.record import By, Verb
from learnpath.school.calendar import SchoolCalendar
from learnpath.wording import lazy as _l

# A week's check-in is open from its Thursday to the Tuesday after: eight days from its Monday.
OPEN_UNTIL = timedelta(days=8)
OPENS_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Entry:
    """What somebody says about a week: a value and how it felt, or a reason for no value."""

    week: date
    value: Decimal | None = None
    feel: Feel | None = None
    gap: GapReason | None = None
    line: str = ""
    wants_talk: bool = False
    evidence: str = ""
    files: tuple[WorkFile, ...] = ()


def check_in(
    session: Session,
    by: By,
    goal: Goal,
    entry: Entry,
    calendar: SchoolCalendar,
    today: date,
    now: datetime,
    *,
    seen_id: int | None = None,
    store: Store | None = None,
) -> CheckIn:
    """Log a week of a goal. ``seen_id`` is the check-in of that week that the form showed, to be corrected.

    A correction is a new row; the old value stays readable. Who only adds a sample of work corrects nothing.
    ``store`` takes the files, if any. Raises WrongInput for a value that the
    measure does not have or a week that is not the goal's, ChangedMeanwhile when somebody else logged that week
    first, NotAllowedNow without an agreed goal.
    """
    if not states.takes_check_ins(goal):
        raise NotAllowedNow(_l("You can check in when you both agree on the goal."))
    version = draft.version(session, goal, goal.agreed_number or 0)
    _fits(entry, version, calendar, today)
    before = of_week(session, goal, entry.week)
    if (before.id if before else None) != seen_id:
        raise ChangedMeanwhile({_label(): _said(entry.value, entry.gap)}, _theirs(before), _first())
    kept = evidence.keep_files(session, store, goal, entry.files, entry.week)
    row = before
    if row is None or not (_says_the_same(entry, row) and (kept or entry.evidence)):
        row = _kept(session, by, goal, entry, before, today, now)
        _tell(session, by, goal, row, version, now)
    evidence.add(session, by, goal, row, entry.evidence, kept, now)
    return row


def _says_the_same(entry: Entry, row: CheckIn) -> bool:
    said = (entry.value, entry.feel, entry.gap, entry.line.strip(), entry.wants_talk)
    return said == (row.value, row.feel, row.gap, row.line, row.wants_talk)


def _fits(entry: Entry, version: GoalVersion, calendar: SchoolCalendar, today: date) -> None:
    if entry.week not in weeks_open(version, calendar, today):
        raise WrongInput("week", _l("Choose one of the weeks of this goal."))
    evidence.check_link(entry.evidence)
    if entry.gap is not None:
        return
    if entry.value is None:
        raise WrongInput("value", _missing(version.measure))
    _fits_measure(entry.value, version)


def _missing(measure: Measure) -> LazyString:
    if measure is Measure.RUBRIC:
        return _l("Choose a step, or choose “Not this week”.")
    if measure is Measure.YES_NO:
        return _l("Choose yes or no, or choose “Not this week”.")
    return _l("Type your number, or choose “Not this week”.")


def _fits_measure(value: Decimal, version: GoalVersion) -> None:
    if value < 0:
        raise WrongInput("value", _l("Type a number from 0 up."))
    if version.highest is not None and value > version.highest:
        most = parts.as_typed(version.highest)
        raise WrongInput("value", _l("The most there can be is %(most)s.", most=most))
    whole = version.measure in (Measure.RUBRIC, Measure.YES_NO)
    if whole and value != int(value):
        raise WrongInput("value", _l("Choose one of the answers."))
    if version.measure is Measure.YES_NO and value not in (0, 1):
        raise WrongInput("value", _l("Choose yes or no."))
    if version.measure is Measure.RUBRIC and value < 1:
        raise WrongInput("value", _l("Choose one of your steps."))


def weeks_open(version: GoalVersion, calendar: SchoolCalendar, today: date) -> tuple[date, ...]:
    """Return the weeks that can be checked in on: from the goal's start to this week, newest first."""
    return tuple(reversed(calendar.weeks_between(version.starts, today)))


def week_asked(weeks: Sequence[date], told: Collection[date], today: date) -> date | None:
    """Return the week that a check-in is asked for, of ``weeks`` newest first; ``told`` have one already.

    A week is open from its Thursday to the Tuesday after. So a Monday or Tuesday asks for last week as long
    as there is no word of it; else this week is asked for, which may be told before its Thursday too.
    """
    if not weeks:
        return None
    before = weeks[1] if len(weeks) > 1 else None
    still_open = before is not None and before not in told and not is_late(before, today)
    return before if still_open and today < weeks[0] + OPENS_AFTER else weeks[0]


def is_late(week: date, today: date) -> bool:
    """Tell whether a check-in made today for ``week`` is one that was added later."""
    return today > week + OPEN_UNTIL


def of_week(session: Session, goal: Goal, week: date) -> CheckIn | None:
    """Return the check-in that stands for a week."""
    query = select(CheckIn).where(
        CheckIn.goal_id == goal.id, CheckIn.week == week, col(CheckIn.replaced_at).is_(None)
    )
    return session.exec(query).first()


def _kept(
    session: Session, by: By, goal: Goal, entry: Entry, before: CheckIn | None, today: date,
    now: datetime,
) -> CheckIn:  # fmt: skip
    if before is not None:
        before.replaced_at = now
        session.add(before)
        session.flush()
    row = CheckIn(
        goal_id=goal.key, learner_id=goal.learner_id, week=entry.week,
        value=None if entry.gap else entry.value, feel=None if entry.gap else entry.feel,
        gap=entry.gap, line=entry.line.strip(), relation=by.relation, decided_by=by.decided,
        entered_by_id=by.person_id or 0, at=now, added_later=is_late(entry.week, today),
        wants_talk=entry.wants_talk, corrects_id=before.id if before else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _tell(
    session: Session, by: By, goal: Goal, row: CheckIn, version: GoalVersion, now: datetime
) -> None:
    week = {"week": row.week.isoformat(), "late": row.added_later}
    if row.gap is not None:
        verb, payload = Verb.GAP_EXPLAINED, {**week, "reason": str(row.gap)}
    else:
        verb = Verb.CHECKED_IN
        payload = {
            **week,
            "measure": str(version.measure),
            "feel": str(row.feel) if row.feel else None,
            "corrects": row.corrects_id,
        }
    record.write(
        session, by, verb, learner_id=goal.learner_id, about=("goal", goal.id), payload=payload,
        at=now,
    )  # fmt: skip


def tell_my_teacher(
    session: Session, by: By, goal: Goal, now: datetime, *, language: str = "en"
) -> CheckIn:
    """Let the teacher know that the newest check-in would be good to talk about; the learner chooses.

    Raises NotAllowedNow when there is no check-in, or the teacher knows already.
    """
    row = newest_of(session, goal)
    if row is None or row.wants_talk:
        raise NotAllowedNow(_l("Your teacher knows already."))
    row.wants_talk = True
    session.add(row)
    words = str(_l("I would like to talk with my teacher"))
    comment.comment(session, by, goal, words, now, language=language)
    return row


def newest_of(session: Session, goal: Goal) -> CheckIn | None:
    """Return the check-in of the newest week that has one."""
    query = select(CheckIn).where(CheckIn.goal_id == goal.id, col(CheckIn.replaced_at).is_(None))
    return session.exec(query.order_by(col(CheckIn.week).desc())).first()


def _label() -> str:
    return str(_l("This week"))


def _first() -> object:
    return _l(
        "Somebody logged this week a moment ago. Look at both numbers, then save yours again."
    )


def _said(value: Decimal | None, gap: GapReason | None) -> str:
    return str(_l("No number")) if gap else parts.as_typed(value)


def _theirs(before: CheckIn | None) -> dict[str, str]:
    return {_label(): _said(before.value, before.gap) if before else str(_l("Nothing yet"))}
