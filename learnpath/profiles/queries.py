"""Reads that pages need of profiles, and what other rooms may build on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask_babel import LazyString
from sqlmodel import Session, select

from learnpath.profiles.models import BLOCKS, ProfileBlock
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
    found = session.exec(select(ProfileBlock).where(ProfileBlock.learner_id == learner_id)).all()
    lines = {block.key: block.lines for block in found}
    return [Entry(entry_key(key, text), key, text) for key in BLOCKS for text in lines.get(key, [])]
