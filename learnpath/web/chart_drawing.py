"""The lines, dots and words of a laid-out chart as SVG elements.

Each element has a class, for the page's colours, and black-and-white attributes of its own, which any CSS
overrules: so the drawing can also be read where no style sheet reaches it, in a PDF or copied out of the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import escape

from learnpath.goals.trend import Measure
from learnpath.web.chart_layout import Layout, Text

PLAIN = {
    "chart-grid": 'stroke="#bbb"',
    "chart-band": 'fill="#000" opacity=".08"',
    "chart-range": 'fill="#000" opacity=".1"',
    "chart-aim": 'stroke="#000" stroke-width="3" stroke-dasharray="3 8" stroke-linecap="round"',
    "chart-line": 'fill="none" stroke="#000" stroke-width="3.5"',
    "chart-dot": 'fill="#000"',
    "chart-flag": 'fill="#fff" stroke="#000" stroke-width="2"',
    "chart-gap": 'stroke="#555" stroke-width="2"',
    "chart-change": 'stroke="#555" stroke-width="1.5" stroke-dasharray="1 5"',
}
BEFORE = "chart-aim-before"


def drawn(layout: Layout) -> str:
    """Return all elements of the chart, the ground first and the words last."""
    parts = (*_ground(layout), *_aim(layout), *_actual(layout), *_words(layout))
    return "".join(parts)


def px(number: float) -> str:
    """Return a number of pixels, to a tenth."""
    return f"{number:.1f}".removesuffix(".0")


def _element(kind: str, name: str, where: str, more: str = "") -> str:
    return f'<{name} class="{kind}{more}" {PLAIN[kind]} {where}/>'


def _line(kind: str, x1: float, y1: float, x2: float, y2: float, more: str = "") -> str:
    where = f'x1="{px(x1)}" y1="{px(y1)}" x2="{px(x2)}" y2="{px(y2)}"'
    return _element(kind, "line", where, more)


def _ground(layout: Layout) -> Iterator[str]:
    """Give grid lines, the range of a goal to maintain, marks of weeks without data, and changes."""
    picture, left, right, floor = layout.picture, layout.paper.left, layout.end, layout.floor
    for tick in picture.ticks:
        yield _line("chart-grid", left, layout.y(tick.value), right, layout.y(tick.value))
    if picture.band:
        low, high = (layout.y(end) for end in band_ends(layout))
        size = f'width="{px(right - left)}" height="{px(low - high)}"'
        yield _element("chart-band", "rect", f'x="{px(left)}" y="{px(high)}" {size}')
    for gap in picture.gaps:
        yield _line("chart-gap", layout.x(gap.x), floor - 6, layout.x(gap.x), floor + 6)
    for change in picture.changes:
        x = layout.x(change.x)
        yield _line("chart-change", x, layout.paper.top - 12, x, floor)


def band_ends(layout: Layout) -> tuple[float, float]:
    """Return both ends of the range to keep; an open end reaches the end of the axis."""
    picture = layout.picture
    low, high = picture.band or (None, None)
    return picture.base if low is None else low, picture.top if high is None else high


def _aim(layout: Layout) -> Iterator[str]:
    """Give the range at the end, the aim lines (the first one stays), and the flag."""
    picture = layout.picture
    if picture.range:
        reach = picture.range
        start = f"M{px(layout.x(reach.x1))} {px(layout.y(reach.y1))}"
        end = f"L{px(layout.x(reach.x2))} {px(layout.y(reach.high))}V{px(layout.y(reach.low))}Z"
        yield _element("chart-range", "path", f'd="{start}{end}"')
    for aim in picture.aims:
        ends = layout.x(aim.x1), layout.y(aim.y1), layout.x(aim.x2), layout.y(aim.y2)
        yield _line("chart-aim", *ends, more="" if aim is picture.aims[-1] else f" {BEFORE}")
    if picture.aims:
        x, y = px(layout.x(picture.aims[-1].x2)), px(layout.y(picture.target))
        yield _element("chart-flag", "path", f'd="M{x} {y}v-28l24 9-24 9"')


def _actual(layout: Layout) -> Iterator[str]:
    """Give the line, broken where there is no data, and a dot for each value."""
    picture = layout.picture
    joined = picture.measure is not Measure.YES_NO
    for run in picture.runs():
        if joined and len(run) > 1:
            ends = " ".join(f"{px(layout.x(dot.x))},{px(layout.y(dot.y))}" for dot in run)
            yield _element("chart-line", "polyline", f'points="{ends}"')
    for dot in picture.dots:
        where = f'cx="{px(layout.x(dot.x))}" cy="{px(layout.y(dot.y))}" r="6"'
        yield _element("chart-dot", "circle", where)


def _words(layout: Layout) -> Iterator[str]:
    for text in layout.texts:
        yield _text(text, layout.paper.font)


def _text(text: Text, size: float) -> str:
    anchor = "" if text.anchor == "start" else f" chart-{text.anchor}"
    plain = f'text-anchor="{text.anchor}" font-size="{px(size)}" font-family="sans-serif"'
    place = f'x="{px(text.x)}" y="{px(text.y)}"'
    return f'<text class="chart-{text.kind}{anchor}" {plain} {place}>{escape(text.words)}</text>'
