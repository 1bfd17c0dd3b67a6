"""The profile page: all that a reader may see of one learner, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from learnpath.access import Actor
from learnpath.people.models import Hat
from learnpath.profiles import queries, voices
from learnpath.profiles.acknowledge import last_read
from learnpath.profiles.history import Change, changes_of, from_earlier_years
from learnpath.profiles.inventories import Inventory
from learnpath.profiles.models import InventoryRun
from learnpath.profiles.queries import ShownBlock
from learnpath.profiles.tips import TIP_BLOCKS
from learnpath.profiles.voices import Idea, Invited, Tried

Run = tuple[InventoryRun, Inventory | None]


@dataclass(frozen=True)
class ProfilePage:
    """What the page shows, already cut to what the reader may see."""

    hat: str
    blocks: Sequence[ShownBlock]
    runs: Sequence[Run]
    ideas: Sequence[Idea]
    tries: Sequence[Tried]
    helped: Sequence[str]
    changes: Sequence[Change]
    given: Sequence[Invited]
    got: Sequence[Invited]
    earlier: Sequence[ShownBlock]
    read_at: datetime | None

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
        return queries.entry_key(block, line) if tried_out else None


def profile_page(
    session: Session, learner_id: int, actor: Actor, began: date | None, now: datetime
) -> ProfilePage:
    """Return the page for the reader ``actor``, in a fixed number of queries."""
    hat = actor.hat
    own, staff = hat is Hat.LEARNER, hat is Hat.TEACHER
    blocks = queries.shown_blocks(session, learner_id, hat, began)
    ideas = voices.ideas_of(session, learner_id, None if own or staff else actor.person_id)
    tries = voices.tries_of(session, learner_id) if own or staff else []
    seen = {line for block in blocks for line in block.lines}
    names = {block.key for block in blocks}
    if staff:  # what the teacher cannot see is not named by what others said about it either
        tries = [tried for tried in tries if tried.tip in seen]
        ideas = [idea for idea in ideas if idea.block in names]
    given, got = voices.invitations(session, learner_id, actor.today) if own else ([], [])
    changes = changes_of(session, learner_id, None if own else began) if own or staff else []
    return ProfilePage(
        hat.value, blocks, queries.runs_of(session, learner_id, hat, began) if own or staff else [],
        ideas, tries, voices.helped_lately(tries, now),
        [change for change in changes if change.block in names], given, got,
        from_earlier_years(blocks, began) if own else [],
        None if own else last_read(session, learner_id, actor.person_id),
    )  # fmt: skip
