"""The profile page: all that a reader may see of one learner, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from learnpath.people.models import Hat
from learnpath.profiles import queries, voices
from learnpath.profiles.acknowledge import last_read
from learnpath.profiles.history import Change, changes_of, from_earlier_years
from learnpath.profiles.inventories import Inventory
from learnpath.profiles.models import InventoryRun
from learnpath.profiles.queries import ShownBlock
from learnpath.profiles.tips import TIP_BLOCKS
from learnpath.profiles.visible import HARD, Reader, entry_key
from learnpath.profiles.voices import Helped, Idea, Invited, Noticed, Tried

Run = tuple[InventoryRun, Inventory | None]


@dataclass(frozen=True)
class ProfilePage:
    """What the page shows, already cut to what the reader may see."""

    hat: str
    blocks: Sequence[ShownBlock]
    runs: Sequence[Run]
    ideas: Sequence[Idea]
    tries: Sequence[Tried]
    helped: Sequence[Helped]
    changes: Sequence[Change]
    given: Sequence[Invited]
    got: Sequence[Invited]
    earlier: Sequence[ShownBlock]
    read_at: datetime | None
    notes: Sequence[Noticed] = ()
    # A teacher is asked before the summer what of the hard lines may go along.
    ask_to_carry: bool = False

    @property
    def own(self) -> bool:
        """Whether the reader is the learner."""
        return self.hat == Hat.LEARNER

    @property
    def written(self) -> list[ShownBlock]:
        """The blocks with words in them."""
        return [block for block in self.blocks if block.lines]

    @property
    def waiting(self) -> list[Idea]:
        """The ideas that wait for the learner's answer."""
        return [idea for idea in self.ideas if idea.answer is None]

    @property
    def answered(self) -> list[Idea]:
        """The ideas that were answered."""
        return [idea for idea in self.ideas if idea.answer is not None]

    def is_new(self, block: ShownBlock) -> bool:
        """Whether a block changed since the reader, who is not the learner, said that they read it."""
        if self.read_at is None or block.changed_at is None:
            return False
        return bool(block.lines) and block.changed_at > self.read_at

    @property
    def changes_to_read(self) -> list[Change]:
        """What the learner said about changes since the reader read the profile; all, when they never did."""
        return [one for one in self.changes if self.read_at is None or one.at > self.read_at]

    @property
    def finished(self) -> list[Run]:
        """The finished runs of inventories that are still there."""
        return [run for run in self.runs if run[0].finished_at and run[1]]

    @property
    def open_run(self) -> tuple[InventoryRun, int] | None:
        """The run to carry on with, and its step."""
        for run, whole in self.runs:
            if run.finished_at is None and whole is not None:
                return run, min(run.step, len(whole.steps))
        return None

    def peers(self, block: str) -> list[str]:
        """The names of the classmates who can read a block."""
        return [one.name for one in self.given if one.block == block]

    def key(self, block: str, line: str) -> str | None:
        """The key of a line that can be tried out, or None."""
        tried_out = block in TIP_BLOCKS and self.hat in (Hat.LEARNER, Hat.TEACHER)
        return entry_key(block, line) if tried_out else None


def profile_page(session: Session, learner_id: int, reader: Reader, now: datetime) -> ProfilePage:
    """Return the page for ``reader``, in a bounded number of queries."""
    own, staff = reader.own, reader.hat is Hat.TEACHER
    blocks = queries.shown_blocks(session, learner_id, reader)
    ideas = voices.ideas_of(session, learner_id, None if own or staff else reader.person_id)
    tries = voices.tries_of(session, learner_id) if own or staff else []
    notes = voices.notes_of(session, learner_id) if own or staff else []
    names = {block.key for block in blocks}
    if staff:  # what the teacher cannot see is not named by what others said about it either
        seen = {line for block in blocks for line in block.lines}
        tries = [tried for tried in tries if tried.tip in seen]
        ideas = [idea for idea in ideas if told_to(reader, idea.block, idea.author_id, idea.at)]
        notes = [note for note in notes if told_to(reader, note.block, note.author_id, note.at)]
    given, got = voices.invitations(session, learner_id, reader.today) if own else ([], [])
    changes = changes_of(session, learner_id, reader) if own or staff else []
    return ProfilePage(
        reader.hat.value, blocks,
        queries.runs_of(session, learner_id, reader) if own or staff else [],
        ideas, tries, voices.helped_lately(tries, now),
        [change for change in changes if change.block in names], given, got,
        from_earlier_years(blocks, reader) if own else [],
        None if own else last_read(session, learner_id, reader.person_id), notes,
        staff and reader.year_ends_soon and any(b.lines for b in blocks if b.key in HARD),
    )  # fmt: skip


def told_to(reader: Reader, block: str, author_id: int, at: datetime) -> bool:
    """Tell whether a teacher reads what was said about a block: of what is hard, only this year's or own."""
    return block not in HARD or author_id == reader.person_id or reader.is_of_this_year(at)
