"""Where everything of a goal's chart stands, in pixels: the same places for the SVG and for the canvas.

Words are laid down one after another, each where it covers the least of lines, dots and other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import hypot, inf

from learnpath.goals.picture import Picture

# Atkinson Hyperlegible Next: a letter is about this wide, in parts of the font's size.
LETTER = 0.54
FLAG_ROOM = 30
CELL = 4.0  # pixels of the squares by which lines are remembered
FURTHER = 12.0  # so many spots further down the list are worth a few words less


@dataclass(frozen=True)
class Paper:
    """A sheet to draw on, in its own pixels, with the margins around the plot."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    font: float

    def measure(self, text: str) -> float:
        """Return about how wide ``text`` is."""
        return len(text) * LETTER * self.font


WIDE = Paper(width=720, height=320, left=44, right=FLAG_ROOM + 6, top=36, bottom=52, font=16)
NARROW = Paper(width=284, height=262, left=34, right=FLAG_ROOM, top=34, bottom=50, font=15)
LOW_SHARE = 0.6  # two rows, yes and no, need less height


@dataclass(frozen=True)
class Text:
    """Words on the paper. ``y`` is their base line; ``kind`` is "soft", "plain" or "strong"."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    kind: str = "plain"


def wrapped(words: str, letters: int, lines: int) -> list[str]:
    """Return ``words`` on at most ``lines`` lines of about ``letters``, cut with "…" when there is more."""
    made = [""]
    for word in words.split():
        if made[-1] and len(made[-1]) + 1 + len(word) > letters:
            made.append(word)
        else:
            made[-1] = f"{made[-1]} {word}".strip()
    kept = [short(line, letters) for line in made[:lines]]
    if len(made) > lines:
        kept[-1] = short(f"{kept[-1]} …", letters)
    return kept


def short(words: str, limit: int) -> str:
    """Return ``words`` cut to ``limit`` letters, the last one "…" when there were more."""
    return words if len(words) <= limit else words[: limit - 1].rstrip(" …") + "…"


Box = tuple[float, float, float, float]
Spot = tuple[float, float, str]


@dataclass
class Layout:
    """A paper, the picture's scales on it, and the words laid down so far."""

    picture: Picture
    paper: Paper
    texts: list[Text] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)
    inked: set[tuple[int, int]] = field(default_factory=set)

    @property
    def first_x(self) -> float:
        """The earliest week on the axis: the start, or a first value shortly before it."""
        xs = [dot.x for dot in self.picture.dots] + [gap.x for gap in self.picture.gaps]
        return min([0.0, *xs])

    def x(self, week: float) -> float:
        """Return the pixel of a week."""
        span = (self.picture.weeks - self.first_x) or 1.0
        room = self.paper.width - self.paper.left - self.paper.right
        return self.paper.left + (week - self.first_x) / span * room

    def y(self, value: float) -> float:
        """Return the pixel of a value."""
        span = (self.picture.top - self.picture.base) or 1.0
        room = self.paper.height - self.paper.top - self.paper.bottom
        return self.paper.height - self.paper.bottom - (value - self.picture.base) / span * room

    @property
    def floor(self) -> float:
        """The pixel of the axis."""
        return self.paper.height - self.paper.bottom

    @property
    def end(self) -> float:
        """The pixel of the right end of the plot."""
        return self.paper.width - self.paper.right

    def box(self, text: Text) -> Box:
        """Return the box that words take: left, top, right, bottom."""
        wide = self.paper.measure(text.words) * (1.06 if text.kind == "strong" else 1.0)
        left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
        return (left, text.y - self.paper.font * 0.82, left + wide, text.y + self.paper.font * 0.26)

    def write(self, text: Text) -> None:
        """Lay words down where they are said to be."""
        self.texts.append(text)
        self.taken.append(self.box(text))

    def fits(self, text: Text) -> bool:
        """Tell whether words would cover no other words and stay on the paper."""
        box = self.box(text)
        inside = box[0] >= 0 and box[2] <= self.paper.width
        return inside and not any(_meet(box, other) for other in self.taken)

    def ink(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Remember a line (in pixels) by the small squares it crosses, so that words keep off it."""
        steps = max(1, round(hypot(x2 - x1, y2 - y1) / CELL))
        self.inked.update(
            (int((x1 + (x2 - x1) * n / steps) / CELL), int((y1 + (y2 - y1) * n / steps) / CELL))
            for n in range(steps + 1)
        )

    def place(
        self, words: str, spots: Sequence[Spot], kind: str = "plain", shorter: str = ""
    ) -> None:
        """Lay words down at the first of ``spots`` where they cover nothing, else where it is least bad.

        ``shorter`` is said instead when the whole words fit nowhere, or only far down the list.
        """
        best, cost = self._best(words, spots, kind)
        if shorter:
            brief, less = self._best(shorter, spots, kind)
            best = brief if less + FURTHER < cost else best
        self.write(best)

    def _best(self, words: str, spots: Sequence[Spot], kind: str) -> tuple[Text, float]:
        """Return the words at their best spot, and what speaks against it: what they cover, and its place."""
        best, least = Text(0, 0, words, "start", kind), inf
        for place, (x, y, anchor) in enumerate(spots):
            text = Text(x, y, words, anchor, kind)
            cost = self._cost(text)
            if cost + place < least:
                best, least = text, cost + place
            if cost == 0:
                break
        return best, least

    def _cost(self, text: Text) -> float:
        left, top, right, bottom = box = self.box(text)
        if left < 0 or right > self.paper.width or top < 2 or bottom > self.paper.height:
            return 2000.0
        on_axis = 150 if left < self.paper.left - 2 else 0  # among the numbers of the axis
        hidden = sum(1 for other in self.taken if _meet(box, other))
        return 20 * self._covered(box) + 400 * hidden + on_axis

    def _covered(self, box: Box) -> int:
        """Return how many small squares of ink lie under a box and a little around it."""
        left, top, right, bottom = (int(edge / CELL) for edge in box)
        return sum(
            (x, y) in self.inked
            for x in range(left - 1, right + 2)
            for y in range(top - 1, bottom + 2)
        )


def _meet(one: Box, two: Box) -> bool:
    return (
        one[0] < two[2] + 4 and two[0] < one[2] + 4 and one[1] < two[3] + 1 and two[1] < one[3] + 1
    )


def lay_out(picture: Picture, paper: Paper, ticks: Sequence[Sequence[str]]) -> Layout:
    """Return the empty layout of ``picture`` with room for its value axis, and its lines as ink."""
    layout = Layout(picture, _with_room(paper, [line for lines in ticks for line in lines]))
    for aim in picture.aims:
        layout.ink(layout.x(aim.x1), layout.y(aim.y1), layout.x(aim.x2), layout.y(aim.y2))
    for run in picture.runs():
        for one, two in zip(run, run[1:] or run, strict=False):
            layout.ink(layout.x(one.x), layout.y(one.y), layout.x(two.x), layout.y(two.y))
    for change in picture.changes:
        layout.ink(layout.x(change.x), layout.paper.top, layout.x(change.x), layout.floor)
    for gap in picture.gaps:
        layout.ink(layout.x(gap.x), layout.floor - 6, layout.x(gap.x), layout.floor + 6)
    if picture.range:
        reach = picture.range
        for value in (reach.low, reach.high):
            layout.ink(layout.x(reach.x1), layout.y(reach.y1), layout.x(reach.x2), layout.y(value))
    if picture.aims:
        flag = layout.x(picture.aims[-1].x2), layout.y(picture.target)
        layout.taken.append((flag[0] - 2, flag[1] - 30, flag[0] + FLAG_ROOM, flag[1] + 2))
    return layout


def _with_room(paper: Paper, lines: Iterable[str]) -> Paper:
    """Return the paper with a left margin for the words of its value axis."""
    widest = max((paper.measure(line) for line in lines), default=0.0)
    return replace(paper, left=max(14.0, widest + 16.0))


def around(x: float, y: float) -> list[Spot]:
    """Return places for the value of a dot: above, below, then the sides and further away."""
    spots: list[Spot] = []
    for far in (14.0, 22.0, 32.0, 44.0):
        spots += [(x, y - far, "middle"), (x, y + far + 10, "middle")]
        spots += [(x - 4, y - far, "end"), (x + 4, y - far, "start")]
        spots += [(x - 4, y + far + 10, "end"), (x + 4, y + far + 10, "start")]
    return [*spots, (x + 12, y + 5, "start"), (x - 12, y + 5, "end")]


def along(layout: Layout, x1: float, y1: float, x2: float, y2: float) -> list[Spot]:
    """Return places for the words of a line (in pixels): close under it first, then over it, near its far end."""
    shares = [(share, x1 + (x2 - x1) * share) for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)]
    spots = [
        (min(x - 6, layout.end - 6), y1 + (y2 - y1) * share + off, "end")
        for off in (24.0, 36.0, 50.0, 62.0, -14.0, -26.0, 76.0, -40.0, -58.0, 90.0, -80.0, 110.0)
        for share, x in shares
    ]
    return [spot for spot in spots if 18 < spot[1] < layout.floor - 6] or spots
