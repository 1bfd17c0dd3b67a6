"""Where things lie on the drawing of the continuum: a level line, three equal anchors, five places never numbered.

Pure geometry. The columns stand at the first anchor, between the first and the second, at the second
and at the third; the drawing has no arrow, no slope and one colour, so that no end of it is the better one.
"""

from __future__ import annotations

from dataclasses import dataclass

from learnpath.continuum.columns import Column
from learnpath.continuum.place import Band

# The outline of then reaches 25 below the line; the names of the places begin under it.
LANE, TOP, BELOW = 30, 14, 76
LONGEST_LINE = 10


@dataclass(frozen=True)
class Paper:
    """A size to draw at: how wide, where the three anchors stand, how far a band reaches around a place."""

    width: int
    anchors: tuple[int, int, int]
    reach: int

    def at(self, column: Column) -> int:
        """Return where a column stands."""
        first, second, third = self.anchors
        return {
            Column.TEACHER_DRIVEN: first,
            Column.TOWARD_LEARNER_CENTERED: (first + second) // 2,
            Column.LEARNER_CENTERED: second,
            Column.LEARNER_DRIVEN: third,
        }[column]


WIDE = Paper(660, (96, 330, 564), 52)
NARROW = Paper(320, (56, 160, 264), 34)


@dataclass(frozen=True)
class Stretch:
    """A band on the paper."""

    x: int
    width: int


@dataclass(frozen=True)
class Pin:
    """A mark above the line: its place, the height of its lane, and on which side its words stand."""

    x: int
    y: int
    foot: int
    words_x: int
    words_at: str


@dataclass(frozen=True)
class Drawing:
    """Everything that the template draws."""

    paper: Paper
    height: int
    line: int
    band: Stretch | None
    before: Stretch | None
    marker: int | None
    learner: Pin | None
    teacher: Pin | None


def draw(
    band: Band | None,
    before: Band | None,
    learner: Column | None,
    teacher: Column | None,
    *,
    narrow: bool = False,
) -> Drawing:
    """Return the drawing. Each mark has a lane of its own, so that two marks never cover each other."""
    paper = NARROW if narrow else WIDE
    lanes = (learner is not None) + (teacher is not None)
    line = TOP + lanes * LANE + 26
    here = _stretch(band, paper)
    # Two stems on one place stand side by side.
    shift = 7 if learner is not None and learner is teacher else 0
    return Drawing(
        paper,
        line + BELOW,
        line,
        here,
        _stretch(before, paper) if before and before != band else None,
        paper.at(band.marker) if band else None,
        _pin(learner, paper, TOP + 4, line, -shift),
        _pin(teacher, paper, TOP + 4 + (LANE if learner is not None else 0), line, shift),
    )


def _stretch(band: Band | None, paper: Paper) -> Stretch | None:
    if band is None:
        return None
    start, end = paper.at(band.low) - paper.reach, paper.at(band.high) + paper.reach
    return Stretch(start, end - start)


def _pin(column: Column | None, paper: Paper, y: int, line: int, shift: int) -> Pin | None:
    if column is None:
        return None
    x = paper.at(column) + shift
    to_left = x > paper.width * 6 // 10
    return Pin(x, y, line, x - 17 if to_left else x + 17, "end" if to_left else "start")


def in_two(name: str) -> list[str]:
    """Return a name on two lines of about the same length, for a narrow drawing."""
    words = name.split()
    if len(words) < 2 or len(name) <= LONGEST_LINE:
        return [name]
    at = min(
        range(1, len(words)),
        key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))),
    )
    return [" ".join(words[:at]), " ".join(words[at:])]
