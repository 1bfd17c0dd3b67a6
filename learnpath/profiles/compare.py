"""Two wordings side by side: which words were added and which are gone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Below this share of the same words two lines are two lines, not one that changed.
ALIKE = 0.5


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """Some words in a row with the same mark."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Line:
    """One line of the two wordings."""

    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in it was added or is gone."""
        return any(piece.mark is not Mark.SAME for piece in self.pieces)


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Return the lines of both wordings in order, each with its words marked."""
    found: list[Line] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            found += [Line((Piece(Mark.SAME, line),)) for line in before[i1:i2]]
        else:
            found += _changed(before[i1:i2], after[j1:j2])
    return found


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    left = list(after)
    for old in before:
        new = max(left, key=lambda line: _alike(old, line), default=None)
        if new is None or _alike(old, new) < ALIKE:
            yield Line((Piece(Mark.GONE, old),))
            continue
        left.remove(new)
        yield Line(tuple(_pieces(old, new)))
    yield from (Line((Piece(Mark.ADDED, line),)) for line in left)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, WORD.findall(one), WORD.findall(other), autojunk=False).ratio()


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = WORD.findall(before), WORD.findall(after)
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece(Mark.SAME, "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Piece(Mark.GONE, "".join(old[i1:i2]))
        if j2 > j1:
            yield Piece(Mark.ADDED, "".join(new[j1:j2]))
