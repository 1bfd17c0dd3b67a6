"""What a teacher's copy of a record leaves out: all that the teacher does not see on the pages either.

The learner's own copy, and one that the school makes when the law asks for it, are whole.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from learnpath.people.models import Hat
from learnpath.profiles.models import InventoryRun, ProfileBlock
from learnpath.profiles.page import told_to
from learnpath.profiles.queries import hard_words_are_for, reads_cited, reads_run
from learnpath.profiles.resting import rest_of, taught_last_year
from learnpath.profiles.visible import HARD, Reader
from learnpath.record import By, Relation
from learnpath.school.queries import calendar_of

Row = dict[str, Any]
Sight = Callable[[str, Row], Row | None]
HARD_WORDS = ("hard_what", "hard_tried", "hard_need")


def sight_of(session: Session, by: By, learner_id: int, now: datetime) -> Sight:
    """Return what becomes of a row (its table and its values) in the copy that ``by`` takes.

    None says that the row stays here.
    """
    if by.relation is not Relation.TEACHER:
        return lambda _table, row: row
    calendar = calendar_of(session, by.school_id)
    reader = Reader.at(Hat.TEACHER, by.person_id or 0, calendar, now, by.zone)
    return _TeacherSees(session, learner_id, reader)


class _TeacherSees:
    """The rows of one learner's record, as one of the teachers sees them."""

    def __init__(self, session: Session, learner_id: int, reader: Reader) -> None:
        self.reader = reader
        self.rest = rest_of(session, learner_id, reader)
        blocks = session.exec(
            select(ProfileBlock).where(ProfileBlock.learner_id == learner_id)
        ).all()
        self.blocks = {block.id: block for block in blocks}
        self.by_key = {block.key: block for block in blocks}
        self.taught = taught_last_year(session, learner_id, reader)
        self.lines = {
            block.key: self.rest.seen(block.key, block.lines) for block in self.blocks.values()
        }
        runs = session.exec(select(InventoryRun).where(InventoryRun.learner_id == learner_id))
        self.runs = {run.id for run in runs if reads_run(reader, run)}

    def __call__(self, table: str, row: Row) -> Row | None:
        """Return the row as the teacher sees it, or None."""
        as_seen: Callable[[Row], Row | None] | None = getattr(self, f"_{table}", None)
        return row if as_seen is None else as_seen(row)

    def _profile_block(self, row: Row) -> Row | None:
        return {**row, "lines": list(self.lines[row["key"]])}

    def _profile_revision(self, row: Row) -> Row | None:
        key = self.blocks[row["block_id"]].key
        if key not in HARD:
            return row
        if not self.reader.is_of_this_year(row["at"]):
            return None
        return {**row, "lines": list(self.rest.seen(key, row["lines"]))}

    def _profile_suggestion(self, row: Row) -> Row | None:
        return row if told_to(self.reader, row["block"], row["author_id"], row["at"]) else None

    _profile_note = _profile_suggestion

    def _tip_try(self, row: Row) -> Row | None:
        return row if row["tip"] in self.lines.get(row["block"], ()) else None

    def _profile_carried(self, row: Row) -> Row | None:
        return None if self.rest.waits(row["key"]) else row

    def _peer_invitation(self, _row: Row) -> Row | None:
        return None  # between two learners

    def _inventory_run(self, row: Row) -> Row | None:
        return row if row["id"] in self.runs else None

    def _inventory_answer(self, row: Row) -> Row | None:
        return row if row["run_id"] in self.runs else None

    def _goal(self, row: Row) -> Row | None:
        return {**row, "draft": None}  # nobody else reads what was not sent

    def _goal_version(self, row: Row) -> Row | None:
        return {**row, "builds_on": self._cited(row["builds_on"] or [], row["at"])}

    def _conference(self, row: Row) -> Row | None:
        at = row["starts_at"]
        seen = {**row, "lines": self._cited(row["lines"] or [], at)}
        if not hard_words_are_for(self.reader, at, self.taught):
            seen.update(dict.fromkeys(HARD_WORDS, ""))
        return seen

    def _cited(self, cited: list[dict[str, str]], at: datetime) -> list[dict[str, str]]:
        return [one for one in cited if reads_cited(one, self.by_key, self.rest, at, self.reader)]
