"""Both put their name to the same words: then, and only then, a goal is agreed.

A signature is for one version and for exactly the words that were shown: the form carries their
hash, and a goal that changed meanwhile is not signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from learnpath.errors import ChangedMeanwhile, NotAllowedNow
from learnpath.goals import basis, draft, parts, states
from learnpath.goals.models import (
    Goal,
    GoalSignature,
    GoalVersion,
    SignatureAct,
)
from learnpath.goals.sentences import goal_sentence
from learnpath.goals.states import Act
from learnpath.goals.tell import tell
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l

SIGNERS = (Relation.LEARNER, Relation.TEACHER)
UNDO_WITHIN = timedelta(minutes=10)
SIGNS = {Relation.LEARNER: Act.LEARNER_SIGNS, Relation.TEACHER: Act.TEACHER_SIGNS}
WITHDRAWS = {Relation.LEARNER: Act.LEARNER_WITHDRAWS, Relation.TEACHER: Act.TEACHER_WITHDRAWS}


def sign(session: Session, by: By, goal: Goal, shown_sha256: str, now: datetime) -> GoalSignature:
    """Sign the newest version, having been shown the words with the hash ``shown_sha256``.

    With the other side's signature on the same version the goal becomes agreed. Raises ChangedMeanwhile
    when the words are others by now, NotAllowedNow when there is nothing to sign or it is signed.
    """
    _can_sign(goal)
    version = draft.newest(session, goal)
    rests_on = basis.of_version(session, version)
    if shown_sha256 != parts.digest(version, rests_on):
        raise _changed(session, goal, version, shown_sha256)
    signed = signatures(session, goal.id, version.number)
    if by.relation in signed:
        raise NotAllowedNow(_l("You have said yes to this goal already."))
    signature = _put(session, by, goal, version, SignatureAct.SIGNED, now)
    payload = {"number": version.number, "sha256": version.sha256}
    tell(session, by, Verb.GOAL_SIGNED, goal, payload, now)
    if {*signed, by.relation} >= set(SIGNERS):
        _agree(session, by, goal, version, rests_on, now)
    else:
        states.move(goal, SIGNS[by.relation], now)
    session.add(goal)
    return signature


def _can_sign(goal: Goal) -> None:
    if goal.state not in states.IN_TALKS:
        raise NotAllowedNow(_l("There is nothing to sign here now."))


def _changed(
    session: Session, goal: Goal, version: GoalVersion, shown_sha256: str
) -> ChangedMeanwhile:
    """Return the refusal, with the words that were shown beside the words of now."""
    query = select(GoalVersion).where(
        GoalVersion.goal_id == goal.id, GoalVersion.sha256 == shown_sha256
    )
    shown = session.exec(query).first()
    label = str(_l("The goal"))
    return ChangedMeanwhile(
        {label: str(goal_sentence(shown))} if shown else {},
        {label: str(goal_sentence(version))},
        _l("The goal changed while you were reading. Nothing is signed. Read the new words first."),
    )


def _put(
    session: Session, by: By, goal: Goal, version: GoalVersion, act: SignatureAct, now: datetime
) -> GoalSignature:
    signature = GoalSignature(
        goal_id=goal.key, learner_id=goal.learner_id, number=version.number, relation=by.relation,
        signer_id=by.person_id or 0, act=act, at=now, sha256=version.sha256, canon=parts.CANON,
    )  # fmt: skip
    session.add(signature)
    session.flush()
    return signature


def _agree(
    session: Session, by: By, goal: Goal, version: GoalVersion, rests_on: Sequence[basis.Entry],
    now: datetime,
) -> None:  # fmt: skip
    goal.agreed_number = version.number
    states.move(goal, Act.BOTH_SIGNED, now)
    payload = _agreed_payload(goal, version, rests_on)
    tell(session, by, Verb.GOAL_AGREED, goal, payload, now)


def _agreed_payload(
    goal: Goal, version: GoalVersion, rests_on: Sequence[basis.Entry]
) -> dict[str, Any]:
    cited_by = sorted({entry.get("cited_by", "") for entry in version.builds_on} - {""})
    return {
        "number": version.number,
        "sha256": version.sha256,
        "kind": str(goal.kind),
        "drafted_by": str(goal.drafted_by),
        "shaped_by": version.shaped_by,
        "cited_by": cited_by,
        "cites": len(version.builds_on),
        "basis": _basis(version, rests_on),
    }


def _basis(version: GoalVersion, rests_on: Sequence[basis.Entry]) -> str:
    """What the goal comes from: a goal that builds on the profile may rest on school data besides."""
    if version.builds_on:
        return "profile"
    return "outcomes" if rests_on else "nothing"


def withdraw(session: Session, by: By, goal: Goal, now: datetime) -> None:
    """Take one's signature back within ten minutes: a new row, and an event like any other.

    Raises NotAllowedNow after that, or when there is no such signature.
    """
    mine = signatures(session, goal.id, goal.newest_number).get(by.relation)
    if mine is None or mine.signer_id != by.person_id:
        raise NotAllowedNow(_l("You have not signed this."))
    if now - mine.at > UNDO_WITHIN:
        raise NotAllowedNow(
            _l("That was more than ten minutes ago. You can still change the goal together.")
        )
    version = draft.newest(session, goal)
    states.move(goal, WITHDRAWS[by.relation], now)
    goal.agreed_number = _agreed_before(session, goal) if goal.agreed_number else None
    _put(session, by, goal, version, SignatureAct.WITHDRAWN, now)
    session.add(goal)
    tell(session, by, Verb.GOAL_UNDONE, goal, {"what": "signed"}, now)


def _agreed_before(session: Session, goal: Goal) -> int | None:
    """Return the newest earlier version that both have signed: what was agreed goes on to hold."""
    rows = session.exec(_rows(goal.id).where(GoalSignature.number < goal.newest_number)).all()
    numbers = {row.number for row in rows}
    agreed = [
        n for n in numbers if standing(r for r in rows if r.number == n).keys() >= set(SIGNERS)
    ]
    return max(agreed, default=None)


def _rows(goal_id: int | None) -> Any:
    return (
        select(GoalSignature)
        .where(GoalSignature.goal_id == goal_id)
        .order_by(col(GoalSignature.id))
    )


def signatures(session: Session, goal_id: int | None, number: int) -> dict[Relation, GoalSignature]:
    """Return the signatures that stand on one version, by who signed."""
    return standing(session.exec(_rows(goal_id).where(GoalSignature.number == number)).all())


def standing(rows: Iterable[GoalSignature]) -> dict[Relation, GoalSignature]:
    """Return the signatures that stand after all that was signed and withdrawn, in that order."""
    found: dict[Relation, GoalSignature] = {}
    for row in rows:
        found.pop(row.relation, None)
        if row.act is SignatureAct.SIGNED:
            found[row.relation] = row
    return found


def unchanged_since_signed(
    version: GoalVersion, signed: Iterable[GoalSignature], rests_on: Sequence[basis.Entry] = ()
) -> bool:
    """Tell, worked out anew, whether the words are still the very words that were signed."""
    now = parts.digest(version, rests_on)
    return now == version.sha256 and all(signature.sha256 == now for signature in signed)
