"""Plan what a source would do, do it in one transaction, and undo a whole import.

Each value goes into its learner's chain with where it came from; the import itself goes into the school's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import NotAllowedNow
from learnpath.outcomes.compare import PORTION, Does, Value, compare
from learnpath.outcomes.models import Outcome
from learnpath.outcomes.plan import OutcomePlan
from learnpath.outcomes.sources import Source
from learnpath.outcomes.whose import Learners
from learnpath.record import By, Told, Verb
from learnpath.school.models import ImportKind, ImportRun, School
from learnpath.wording import lazy as _l

IMPORTED = "import"
Progress = Callable[[int], None]
Portion = Callable[[Sequence[Value]], None]


def plan_of(
    session: Session, by: By, source: Source, now: datetime, *, strict: bool = False,
    progress: Progress | None = None,
) -> OutcomePlan:  # fmt: skip
    """Return what a source would do; nothing is changed."""
    return _walk(session, by, source, now, strict, progress, None)


def apply(
    session: Session, by: By, source: Source, now: datetime, *, strict: bool = False,
    progress: Progress | None = None,
) -> tuple[ImportRun, OutcomePlan]:  # fmt: skip
    """Bring a source in, all that its plan takes or nothing. Raises PlanStops with the plan.

    Doing it again changes nothing. Imports into one school follow each other.
    """
    session.exec(select(School.id).where(School.id == by.school_id).with_for_update()).one()
    run = ImportRun(
        school_id=by.school_id, kind=ImportKind.OUTCOMES, made_by=by.person_id, at=now,
        file_name=source.name[:200], mode=source.mapping[:80], counts={},
    )  # fmt: skip
    session.add(run)
    session.flush()

    def write(values: Sequence[Value]) -> None:
        _write(session, by, run, values, now)

    plan = _walk(session, by, source, now, strict, progress, write)
    if not plan.can_apply:
        raise PlanStops(plan)
    run.counts = plan.summary()
    record.write(
        session, by, Verb.OUTCOMES_IMPORTED, learner_id=None, about=("import_run", run.id), at=now,
        payload={"added": plan.counts[Does.ADD], "replaced": plan.counts[Does.REPLACE]},
    )  # fmt: skip
    session.flush()
    return run, plan


class PlanStops(Exception):
    """Something in the source keeps all of it from being brought in. ``plan`` says what."""

    def __init__(self, plan: OutcomePlan) -> None:
        super().__init__("the plan cannot be applied")
        self.plan = plan


def _walk(
    session: Session, by: By, source: Source, now: datetime, strict: bool,
    progress: Progress | None, write: Portion | None,
) -> OutcomePlan:  # fmt: skip
    today = now.astimezone(ZoneInfo(by.zone)).date()
    plan = OutcomePlan(source.name, source.mapping, strict)
    learners = Learners(session, by.school_id, source.key)
    found = source.findings(today)
    for portion in compare(session, found, learners, newer_replaces=source.newer_replaces):
        plan.note(portion)
        # Once something stops it, the rest is only looked through for what else is wrong.
        if write and not (plan.stopped or plan.unknown_codes):
            write([one for one in portion if isinstance(one, Value)])
        if progress:
            progress(len(portion))
    plan.rows = source.rows
    return plan


def _write(
    session: Session, by: By, run: ImportRun, values: Iterable[Value], now: datetime
) -> None:
    taken = [one for one in values if one.does in (Does.ADD, Does.REPLACE)]
    rows = [_outcome(value, run, now) for value in taken]
    session.add_all(rows)
    session.flush()
    pairs = list(zip(taken, rows, strict=True))
    for value, row in pairs:
        if value.does is Does.REPLACE:
            session.execute(
                sa.update(Outcome).where(col(Outcome.id) == value.there).values(replaced_by=row.id)
            )
    record.write_many(session, [_told(by, value, row, now) for value, row in pairs])


def _told(by: By, value: Value, row: Outcome, now: datetime) -> Told:
    payload: dict[str, object] = {"kind": row.kind, "source": IMPORTED, "run": row.run_id}
    if value.does is Does.REPLACE:
        payload["replaces"] = value.there
    about = ("outcome", key_of(row))
    return Told(by, Verb.OUTCOME_RECORDED, row.learner_id, about, now, payload)


def _outcome(value: Value, run: ImportRun, now: datetime) -> Outcome:
    read = value.read
    return Outcome(
        learner_id=value.learner_id, day=read.day, kind=read.kind, measure=read.measure,
        value=read.value, maximum=read.maximum, scale=read.scale, source=read.source,
        reference=read.reference, said=read.words, run_id=run.id, file=read.file, line=read.line,
        recorded_by=None, recorded_at=now,
    )  # fmt: skip


# -- undo -------------------------------------------------------------------------------------------


def undo(
    session: Session, by: By, run: ImportRun, now: datetime, *, progress: Progress | None = None
) -> int:
    """Withdraw what an import brought, and let what it replaced stand again; return how many values.

    Nothing is deleted, and what learners said about it stays theirs. Raises NotAllowedNow when it was undone already.
    """
    if run.undone_at is not None or run.kind is not ImportKind.OUTCOMES:
        raise NotAllowedNow(_l("This import was undone already."))
    restored, withdrawn = _let_stand_again(session, key_of(run)), 0
    while rows := _not_withdrawn(session, key_of(run)):
        for row in rows:
            row.withdrawn_at = now
        verb, run_id = Verb.OUTCOME_WITHDRAWN, run.id
        record.write_many(
            session,
            [
                Told(
                    by,
                    verb,
                    row.learner_id,
                    ("outcome", key_of(row)),
                    now,
                    {"kind": row.kind, "run": run_id},
                )
                for row in rows
            ],
        )
        session.flush()
        withdrawn += len(rows)
        if progress:
            progress(len(rows))
    run.undone_at = now
    record.write(
        session, by, Verb.OUTCOMES_IMPORT_UNDONE, learner_id=None, about=("import_run", run.id),
        payload={"withdrawn": withdrawn, "restored": restored}, at=now,
    )  # fmt: skip
    session.flush()
    return withdrawn


def _not_withdrawn(session: Session, run_id: int) -> Sequence[Outcome]:
    """Return a portion of what the import brought and what is not withdrawn yet."""
    query = select(Outcome).where(Outcome.run_id == run_id, col(Outcome.withdrawn_at).is_(None))
    return session.exec(query.order_by(col(Outcome.id)).limit(PORTION)).all()


def _let_stand_again(session: Session, run_id: int) -> int:
    """Hand what this import replaced to whoever replaced the import's own values since; or to nobody.

    Returns how many stand again.
    """
    newer = sa.orm.aliased(Outcome)
    replaced = session.execute(
        select(Outcome.id, newer.replaced_by).join(newer, col(newer.id) == col(Outcome.replaced_by))
        .where(newer.run_id == run_id)
    ).all()  # fmt: skip
    for id, by_whom in replaced:
        session.execute(sa.update(Outcome).where(col(Outcome.id) == id).values(replaced_by=by_whom))
    return sum(by_whom is None for _id, by_whom in replaced)
