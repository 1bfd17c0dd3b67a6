"""Reads of the hard lines that may go along to new teachers, for the teacher who knows them and the learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from sqlmodel import Session, select

from learnpath.profiles.models import CarriedLine, ProfileBlock
from learnpath.profiles.queries import TITLES, shown_blocks
from learnpath.profiles.resting import rest_of
from learnpath.profiles.visible import HARD, Reader, Resting, entry_key


@dataclass(frozen=True)
class Offered:
    """A hard line that a teacher sees, and whether a teacher said that it may go along."""

    key: str
    block: str
    text: str
    agreed: bool

    @property
    def title(self) -> LazyString:
        """In which block it stands."""
        return TITLES[self.block]


def offered(session: Session, learner_id: int, reader: Reader) -> Sequence[Offered]:
    """Return the hard lines that the teacher sees now, in the order of the page."""
    rows = session.exec(select(CarriedLine).where(CarriedLine.learner_id == learner_id))
    agreed = {row.key for row in rows if row.teacher_at is not None}
    return [
        Offered(key := entry_key(block.key, line), block.key, line, key in agreed)
        for block in shown_blocks(session, learner_id, reader)
        if block.key in HARD
        for line in block.lines
    ]


def of_learner(session: Session, learner_id: int, reader: Reader) -> Sequence[Resting]:
    """Return the learner's hard lines of an earlier school year that still stand in the profile."""
    found = session.exec(select(ProfileBlock).where(ProfileBlock.learner_id == learner_id))
    there = {entry_key(block.key, line) for block in found for line in block.lines}
    rest = rest_of(session, learner_id, reader)
    return [line for key, line in rest.lines.items() if key in there]
