"""Reads that pages need of profiles, and what other rooms may build on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import LazyString
from sqlmodel import Session, col, select

from learnpath.people.models import Hat
from learnpath.profiles.inventories import Inventory, all_inventories
from learnpath.profiles.models import (
    BLOCKS,
    Audience,
    InventoryRun,
    ProfileBlock,
    ProfileRevision,
)
from learnpath.profiles.visible import sees
from learnpath.wording import lazy as _l

TITLES: dict[str, LazyString] = {
    "in_my_words": _l("In my words"),
    "strengths": _l("I lean on"),
    "challenges": _l("Growing"),
    "interests": _l("I like and I wonder"),
    "what_helps": _l("What helps me"),
    "needs": _l("What I need"),
    "hopes": _l("What I hope for"),
}


@dataclass(frozen=True)
class Entry:
    """One line of a profile, as other rooms cite it."""

    key: str
    block: str
    text: str


def block_title(block: str) -> LazyString:
    """Return what a block is called on the page."""
    return TITLES[block]


def entry_key(block: str, text: str) -> str:
    """Return the key of a line: the block and the start of the text's digest."""
    return f"{block}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def entries_of(session: Session, learner_id: int) -> list[Entry]:
    """Return all lines of a learner's profile in the order of the page, in one query."""
    lines = {key: block.lines for key, block in _blocks(session, learner_id).items()}
    return [Entry(entry_key(key, text), key, text) for key in BLOCKS for text in lines.get(key, [])]


# -- the profile page ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownBlock:
    """A block as a reader sees it. ``id`` is None for one that was never written."""

    key: str
    id: int | None
    lines: tuple[str, ...]
    number: int
    audience: Audience
    changed_at: datetime | None

    @property
    def title(self) -> LazyString:
        """What the block is called."""
        return TITLES[self.key]


def shown_blocks(
    session: Session, learner_id: int, hat: Hat, year_began: date | None = None
) -> list[ShownBlock]:
    """Return the blocks that a reader under ``hat`` may see, in the order of the page, in one query.

    ``year_began`` is the first day of the reader's school year: see ``visible.sees``.
    """
    there = _blocks(session, learner_id)
    blocks = [_shown(key, there.get(key)) for key in BLOCKS]
    return [block for block in blocks if _reader_sees(hat, block, year_began)]


def _reader_sees(hat: Hat, block: ShownBlock, year_began: date | None) -> bool:
    written = block.changed_at.date() if block.changed_at else None
    if not sees(hat, block.key, block.audience, written, year_began):
        return False
    return bool(block.lines) or hat is not Hat.FAMILY


def shown_block(session: Session, learner_id: int, key: str) -> ShownBlock:
    """Return one block of a learner, for the learner. ``key`` must be one of ``BLOCKS``."""
    return _shown(key, _blocks(session, learner_id).get(key))


def _blocks(session: Session, learner_id: int) -> Mapping[str, ProfileBlock]:
    found = session.exec(select(ProfileBlock).where(ProfileBlock.learner_id == learner_id))
    return {block.key: block for block in found}


def _shown(key: str, block: ProfileBlock | None) -> ShownBlock:
    if block is None:
        return ShownBlock(key, None, (), 0, Audience.TEACHERS, None)
    return ShownBlock(
        key, block.id, tuple(block.lines), block.number, block.audience, block.changed_at
    )


def revisions_of(session: Session, learner_id: int, block: str) -> list[ProfileRevision]:
    """Return the revisions of a block, the newest first, in one query."""
    query = (
        select(ProfileRevision)
        .join(ProfileBlock, col(ProfileBlock.id) == col(ProfileRevision.block_id))
        .where(ProfileBlock.learner_id == learner_id, ProfileBlock.key == block)
        .order_by(col(ProfileRevision.number).desc())
    )
    return list(session.exec(query))


# -- inventories ------------------------------------------------------------------------------------------


def reads_run(hat: Hat, run: InventoryRun, year_began: date | None) -> bool:
    """Tell whether a reader sees a run: teachers those of this school year, which hold hard things too."""
    if hat is Hat.LEARNER:
        return True
    at = run.finished_at or run.started_at
    return hat is Hat.TEACHER and (year_began is None or at.date() >= year_began)


def runs_of(
    session: Session, learner_id: int, hat: Hat = Hat.LEARNER, year_began: date | None = None
) -> list[tuple[InventoryRun, Inventory | None]]:
    """Return the runs that a reader sees, the newest first, with their inventory; None where it is gone."""
    query = select(InventoryRun).where(InventoryRun.learner_id == learner_id)
    runs = session.exec(query.order_by(col(InventoryRun.id).desc())).all()
    seen = [run for run in runs if reads_run(hat, run, year_began)]
    return [(run, all_inventories().get(run.inventory)) for run in seen]


# -- for the first pages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """How far a learner has come with the profile."""

    has_profile: bool
    run_id: int | None


def start_of(session: Session, learner_id: int) -> Start:
    """Return whether a learner has a profile, and the run to carry on with, in one query."""
    written = sa.exists().where(
        col(ProfileBlock.learner_id) == learner_id, col(ProfileBlock.number) > 0
    )
    run = (
        sa.select(sa.func.max(InventoryRun.id))
        .where(
            col(InventoryRun.learner_id) == learner_id, col(InventoryRun.finished_at).is_(None),
            col(InventoryRun.inventory).in_(list(all_inventories())),
        )
        .scalar_subquery()
    )  # fmt: skip
    has_profile, run_id = session.execute(sa.select(written, run)).one()
    return Start(bool(has_profile), run_id)
