"""The plan, done: in the transaction of the session, with an event for each change, or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.errors import NotAllowedNow
from learnpath.record import Verb
from learnpath.school.models import (
    ImportKind,
    ImportRun,
)
from learnpath.school.roster.apply_ties import TieDoing
from learnpath.school.roster.doing import Step
from learnpath.school.roster.plan import RosterPlan
from learnpath.wording import lazy as _l


def apply(
    session: Session,
    by: int | None,
    plan: RosterPlan,
    now: datetime,
    step: Step = lambda _done: None,
) -> list[ImportRun]:
    """Do what the plan says and return the imports that were noted, one for each school it touched.

    ``by`` is the person who does it, or None for the command. The plan must have been made in this very
    transaction. Nothing to do notes nothing. Raises NotAllowedNow for a plan that is refused.
    """
    if plan.refused:
        raise NotAllowedNow(_l("Rows of this roster stop it. Nothing was changed."))
    if not plan.changes():
        return []
    return _Doing(session, by, plan, now, step).everything()


class _Doing(TieDoing):
    """Does everything, one kind of thing after the other."""

    def everything(self) -> list[ImportRun]:
        self._schools()
        self._spans()
        self._classes()
        self._add_people()
        self._change_people()
        self._step_aside()
        self._add_ties()
        self._change_ties()
        self._end_ties()
        self._families()
        self._end_classes()
        self._end_people()
        self._flush()
        return self._note()

    def _note(self) -> list[ImportRun]:
        summary = self.plan.summary()
        added, changed, ended = (sum(summary[act].values()) for act in ("add", "change", "end"))
        mode = self.plan.roster.mode
        runs = [
            ImportRun(
                school_id=school_id, kind=ImportKind.ROSTER, made_by=self.actor, at=self.now,
                file_name=self.plan.file_name[:200], mode=mode, counts=summary,
            )
            for school_id in sorted(self.touched)
        ]  # fmt: skip
        self.session.add_all(runs)
        self.session.flush()
        for run in runs:
            record.write(
                self.session, self._by(run.school_id), Verb.ROSTER_APPLIED, learner_id=None,
                about=("import_run", run.id), at=self.now,
                payload={"mode": mode, "added": added, "changed": changed, "ended": ended},
            )  # fmt: skip
        return runs
