"""Reads that pages need of profiles, and what other rooms may build on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
from learnpath.profiles.resting import rest_of, taught_last_year
from learnpath.profiles.visible import HARD, Reader, Rest, entry_key, sees
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


def entries_of(session: Session, learner_id: int, reader: Reader) -> list[Entry]:
    """Return the lines of a profile that may be shown on, in the order of the page.

    Goals and conferences are read by whoever teaches the learner. So what rests (``resting``) is not among
    them until every teacher may see it, not even for the learner.
    """
    blocks = _blocks(session, learner_id)
    rest = _rest(session, blocks, learner_id, reader)
    return [
        Entry(key, block, text)
        for block in BLOCKS
        for text in (blocks[block].lines if block in blocks else ())
        if not rest.waits(key := entry_key(block, text))
    ]


def cited_for(
    session: Session, learner_id: int, cited: Sequence[Mapping[str, str]], at: datetime,
    reader: Reader,
) -> list[Mapping[str, str]]:  # fmt: skip
    """Return those of the lines that were ``cited`` elsewhere at a moment which ``reader`` may see.

    A family sees lines of blocks that are open to it. What is hard, a teacher sees when it is in what they
    see of the profile, or when the learner chose it this year. At most four queries, none for the learner.
    """
    if reader.own or not cited:
        return list(cited)
    blocks = _blocks(session, learner_id)
    rest = rest_of(session, learner_id, reader) if any(e["block"] in HARD for e in cited) else None
    return [one for one in cited if reads_cited(one, blocks, rest, at, reader)]


def reads_cited(
    one: Mapping[str, str],
    blocks: Mapping[str, ProfileBlock],
    rest: Rest | None,
    at: datetime,
    reader: Reader,
) -> bool:
    """Tell whether a reader sees one cited line, with the learner's blocks and what rests of them."""
    block = blocks.get(one["block"])
    if block is None or not sees(reader.hat, block.audience):
        return False
    if rest is None or one["block"] not in HARD:
        return True
    there = one["text"] in block.lines or reader.is_of_this_year(at)
    return there and not rest.hides(entry_key(one["block"], one["text"]))


def reads_hard_words(session: Session, learner_id: int, at: datetime, reader: Reader) -> bool:
    """Tell whether a reader sees what a learner wrote about something hard at a moment, outside the profile.

    A teacher does when it is of this school year, or of the last one and they taught the learner then.
    """
    if hard_words_are_for(reader, at, False):
        return True
    return hard_words_are_for(reader, at, taught_last_year(session, learner_id, reader))


def hard_words_are_for(reader: Reader, at: datetime, taught: bool) -> bool:
    """Tell the same of a reader of whom it is known whether they ``taught`` the learner last year."""
    if reader.own or reader.is_of_this_year(at):
        return True
    return taught and (reader.before is None or at >= reader.moment(reader.before))


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
    # Hard lines of an earlier year: those that the learner was not asked about, and those that wait.
    unasked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def title(self) -> LazyString:
        """What the block is called."""
        return TITLES[self.key]


def shown_blocks(session: Session, learner_id: int, reader: Reader) -> list[ShownBlock]:
    """Return what ``reader`` sees of a profile, in the order of the page, in at most four queries."""
    there = _blocks(session, learner_id)
    rest = _rest(session, there, learner_id, reader)
    blocks = [_shown(key, there.get(key), rest) for key in BLOCKS]
    return [block for block in blocks if _reader_sees(reader.hat, block)]


def _rest(
    session: Session, there: Mapping[str, ProfileBlock], learner_id: int, reader: Reader
) -> Rest:
    if not any(there[key].lines for key in HARD if key in there):
        return Rest({}, reader.hat)
    return rest_of(session, learner_id, reader)


def _reader_sees(hat: Hat, block: ShownBlock) -> bool:
    if not sees(hat, block.audience):
        return False
    return bool(block.lines) or hat is not Hat.FAMILY


def shown_block(session: Session, learner_id: int, key: str) -> ShownBlock:
    """Return one block of a learner, for the learner. ``key`` must be one of ``BLOCKS``."""
    return _shown(key, _blocks(session, learner_id).get(key), Rest({}, Hat.LEARNER))


def _blocks(session: Session, learner_id: int) -> Mapping[str, ProfileBlock]:
    found = session.exec(select(ProfileBlock).where(ProfileBlock.learner_id == learner_id))
    return {block.key: block for block in found}


def _shown(key: str, block: ProfileBlock | None, rest: Rest) -> ShownBlock:
    if block is None:
        return ShownBlock(key, None, (), 0, Audience.TEACHERS, None)
    lines = rest.seen(key, block.lines)
    resting = {line: rest.lines.get(entry_key(key, line)) for line in lines} if rest.lines else {}
    return ShownBlock(
        key, block.id, lines, block.number, block.audience, block.changed_at,
        tuple(line for line, one in resting.items() if one and one.learner_says is None),
        tuple(line for line, one in resting.items() if one and not one.open),
    )  # fmt: skip


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


def reads_run(reader: Reader, run: InventoryRun) -> bool:
    """Tell whether a reader sees a run: teachers those of this school year, which hold hard things too."""
    if reader.own:
        return True
    return reader.hat is Hat.TEACHER and reader.is_of_this_year(run.finished_at or run.started_at)


def runs_of(
    session: Session, learner_id: int, reader: Reader
) -> list[tuple[InventoryRun, Inventory | None]]:
    """Return the runs that a reader sees, the newest first, with their inventory; None where it is gone."""
    query = select(InventoryRun).where(InventoryRun.learner_id == learner_id)
    runs = session.exec(query.order_by(col(InventoryRun.id).desc())).all()
    seen = [run for run in runs if reads_run(reader, run)]
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
