"""The chart of a goal: an SVG that stands by itself, and the facts that Chart.js draws from on screen.

The SVG has classes, never styles, so that it follows the page's colours and prints in black: a full line and
dots are what was, dashes are the aim, a flag is the target, a gap is a gap.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import Any

from flask import g
from flask_babel import get_locale, gettext as _, ngettext
from markupsafe import Markup, escape

from learnpath.goals.picture import Picture
from learnpath.goals.trend import Direction, Measure
from learnpath.web.chart_drawing import band_ends, drawn, px
from learnpath.web.chart_layout import (
    LOW_SHARE,
    NARROW,
    WIDE,
    Layout,
    Paper,
    Text,
    along,
    around,
    lay_out,
    short,
    wrapped,
)
from learnpath.web.words import day, day_short
from learnpath.wording import number

LONGEST_WORD, LONGEST_UNIT = 22, 28
WIDE_WORDS, NARROW_WORDS = 24, 13


def chart_svg(picture: Picture, narrow: bool = False) -> Markup:
    """Return the chart as an accessible SVG; ``narrow`` draws it for a phone."""
    layout = _layout(picture, NARROW if narrow else WIDE)
    paper, id = layout.paper, _new_id()
    size = "chart-svg chart-narrow" if narrow else "chart-svg chart-wide"
    named = f'role="img" aria-labelledby="{id}-t {id}-d"'
    return Markup(  # noqa: S704 - every word in it is escaped here or where it is drawn
        f'<svg class="{size}" viewBox="0 0 {px(paper.width)} {px(paper.height)}" {named}>'
        f'<title id="{id}-t">{escape(picture.title)}</title>'
        f'<desc id="{id}-d">{escape(description(picture))}</desc>{drawn(layout)}</svg>'
    )


def chart_facts(picture: Picture) -> dict[str, Any]:
    """Return what the script in the browser draws: the facts, and both layouts of the words."""
    reach, band = picture.range, picture.band
    return {
        "low": picture.base,
        "high": picture.top,
        "weeks": picture.weeks,
        "joined": picture.measure is not Measure.YES_NO,
        "runs": [
            [{"x": dot.x, "y": dot.y, "told": _told(picture, dot.y, dot.day, dot.x)} for dot in run]
            for run in picture.runs()
        ],
        "aims": [[aim.x1, aim.y1, aim.x2, aim.y2] for aim in picture.aims],
        "range": [reach.x1, reach.y1, reach.x2, reach.low, reach.high] if reach else None,
        "band": list(band) if band else None,
        "ticks": [tick.value for tick in picture.ticks],
        "gaps": [gap.x for gap in picture.gaps],
        "changes": [change.x for change in picture.changes],
        "flag": [picture.aims[-1].x2, picture.target] if picture.aims else None,
        "wide": _plan(_layout(picture, WIDE)),
        "narrow": _plan(_layout(picture, NARROW)),
    }


def _plan(layout: Layout) -> dict[str, Any]:
    paper = layout.paper
    return {
        "width": paper.width,
        "height": paper.height,
        "left": paper.left,
        "right": paper.right,
        "top": paper.top,
        "bottom": paper.bottom,
        "font": paper.font,
        "first": layout.first_x,
        "texts": [[t.x, t.y, t.words, t.anchor, t.kind] for t in layout.texts],
    }


def _new_id() -> str:
    g.charts = g.get("charts", 0) + 1
    return f"chart-{g.charts}"


# -- words ------------------------------------------------------------------------------------------


def description(picture: Picture) -> str:
    """Return the chart in words, for those who do not see it: the table has every value."""
    said = [picture.title + "."] if not picture.title.endswith((".", "?", "!")) else [picture.title]
    said.append(_how_many(picture))
    if picture.gaps:
        weeks = len(picture.gaps)
        said.append(ngettext("No data in %(num)s week.", "No data in %(num)s weeks.", weeks))
    if picture.aims or picture.band:
        said.append(_aim_words(picture) + ".")
    if picture.range:
        low = _value(picture, floor(picture.range.low))
        high = _value(picture, ceil(picture.range.high))
        said.append(_("The shaded part ends at roughly %(low)s to %(high)s.", low=low, high=high))
    said += [
        f"{_change_words(change.kind)}: {day_short(change.day)}." for change in picture.changes
    ]
    low, high = _value(picture, picture.base), _value(picture, picture.top)
    said.append(_("The scale goes from %(low)s to %(high)s.", low=low, high=high))
    return " ".join(said)


def _how_many(picture: Picture) -> str:
    dots = picture.dots
    if picture.dots_are == "results":
        return _how_many_results(picture)
    if not dots:
        return str(_("There are no check-ins yet."))
    if len(dots) == 1:
        return str(_("One check-in: %(value)s.", value=_value(picture, dots[0].y)))
    return str(_(
        "%(num)s check-ins, from %(first)s to %(last)s.",
        num=len(dots), first=_value(picture, dots[0].y), last=_value(picture, dots[-1].y),
    ))  # fmt: skip


def _how_many_results(picture: Picture) -> str:
    dots = picture.dots
    if len(dots) == 1:
        return str(_("One result: %(value)s.", value=_value(picture, dots[0].y)))
    return str(_(
        "%(num)s results, from %(first)s to %(last)s.",
        num=len(dots), first=_value(picture, dots[0].y), last=_value(picture, dots[-1].y),
    ))  # fmt: skip


def base_note(picture: Picture) -> str:
    """Return the sentence that states where the value axis starts, when that is not zero."""
    if picture.measure in (Measure.RUBRIC, Measure.YES_NO) or picture.base == 0:
        return ""
    return str(_("The scale starts at %(low)s.", low=_value(picture, picture.base)))


def _value(picture: Picture, value: float) -> str:
    if picture.measure is Measure.YES_NO:
        return str(_("Yes") if value > 0 else _("No"))
    word = picture.word_of(value)
    if word:
        return word
    return number(round(value, 2)) + ("\u202f%" if picture.measure is Measure.PERCENT else "")


def _told(picture: Picture, value: float, when: Any, week: float) -> str:
    there = day(when) if when else _("Week %(number)s", number=int(week) + 1)
    return f"{there}: {_value(picture, value)}"


def _aim_words(picture: Picture) -> str:
    if picture.direction is Direction.MAINTAIN and picture.band:
        low, high = picture.band
        if low is None or high is None:
            return str(
                _("Range: %(end)s", end=_value(picture, low if low is not None else high or 0.0))
            )
        return str(
            _("Range: %(low)s to %(high)s", low=_value(picture, low), high=_value(picture, high))
        )
    if picture.measure is Measure.RUBRIC and picture.due:  # the axis has the word
        return str(_("Aim by %(date)s", date=day_short(picture.due)))
    target = short(_value(picture, picture.target), LONGEST_WORD)
    if picture.due is None:
        return str(_("Aim: %(target)s", target=target))
    return str(_("Aim: %(target)s by %(date)s", target=target, date=day_short(picture.due)))


def _brief_aim_words(picture: Picture) -> str:
    """Return the aim without its day, which stands at the end of the axis too."""
    if picture.measure is Measure.RUBRIC:
        return str(_("Aim"))
    return str(_("Aim: %(target)s", target=_value(picture, picture.target)))


def _change_words(kind: str) -> str:
    words: dict[str, str] = {
        "plan": _("New plan"),
        "measure": _("New measure"),
        "target": _("New goal"),
        "pause": _("Fresh start"),
    }
    return words.get(kind) or str(_("A change"))


# -- layout -----------------------------------------------------------------------------------------


def _layout(picture: Picture, paper: Paper) -> Layout:
    """Return all words of the chart in their places; laid out once for the drawing and the script."""
    kept: dict[tuple[Picture, Paper, str], Layout] = g.setdefault("chart_layouts", {})
    key = (picture, paper, str(get_locale()))
    if key not in kept:
        kept[key] = _lay_out(picture, paper)
    return kept[key]


def _lay_out(picture: Picture, paper: Paper) -> Layout:
    if picture.measure is Measure.YES_NO:
        paper = replace(paper, height=round(paper.height * LOW_SHARE))
    ticks = [_tick_lines(picture, paper, tick.value) for tick in picture.ticks]
    layout = lay_out(picture, paper, ticks)
    _write_ticks(layout, ticks)
    _write_weeks(layout)
    for change in picture.changes:
        x = layout.x(change.x)
        spots = [(x, 16.0, "middle"), (x + 6, 32.0, "start"), (x - 6, 32.0, "end")]
        layout.place(_change_words(change.kind), spots, "soft")
    _write_dots(layout)
    _write_aim(layout)
    return layout


def _tick_lines(picture: Picture, paper: Paper, value: float) -> list[str]:
    """Return the words at a place of the value axis, on as many lines as there is room for."""
    words = _value(picture, value)
    if not picture.word_of(value):
        return [words]
    row = (paper.height - paper.top - paper.bottom) / max(1, len(picture.ticks) - 1)
    lines = max(1, min(3, int(row / (paper.font * 1.2))))
    return wrapped(words, WIDE_WORDS if paper.width == WIDE.width else NARROW_WORDS, lines)


def _write_ticks(layout: Layout, ticks: list[list[str]]) -> None:
    picture, paper = layout.picture, layout.paper
    high = paper.font * 1.1
    for tick, lines in zip(picture.ticks, ticks, strict=True):
        y = layout.y(tick.value) + paper.font * 0.33 - high * (len(lines) - 1) / 2
        for place, line in enumerate(lines):
            layout.write(Text(paper.left - 12, y + high * place, line, "end", "soft"))
    unit = short(picture.unit, LONGEST_UNIT)
    if unit and picture.measure not in (Measure.RUBRIC, Measure.YES_NO):
        layout.write(Text(2, 16, unit, "start", "soft"))


def _write_weeks(layout: Layout) -> None:
    """Write the two ends of the time axis, and "no data" once under each run of gaps that has room."""
    picture, y = layout.picture, layout.floor + layout.paper.font + 10
    first = day_short(picture.start) if picture.start else _("Week %(number)s", number=1)
    layout.write(Text(layout.x(layout.first_x), y, first, "start", "soft"))
    last = day_short(picture.due) if picture.due else _(
        "Week %(number)s", number=max(1, round(picture.weeks))
    )  # fmt: skip
    ending = Text(layout.end, y, last, "end", "soft")
    if layout.fits(ending):
        layout.write(ending)
    for middle in _gap_middles(picture):
        x, words = layout.x(middle), _("no data")
        options = (Text(x, y, words, "middle", "soft"), Text(x - 8, y, words, "start", "soft"))
        fitting = next((text for text in options if layout.fits(text)), None)
        if fitting:
            layout.write(fitting)


def _gap_middles(picture: Picture) -> list[float]:
    """Return the middle of each run of gaps that no value interrupts."""
    runs: list[list[float]] = []
    for gap in picture.gaps:
        joined = runs and not any(runs[-1][-1] < dot.x < gap.x for dot in picture.dots)
        runs[-1].append(gap.x) if joined else runs.append([gap.x])
    return [(run[0] + run[-1]) / 2 for run in runs]


def _write_dots(layout: Layout) -> None:
    """Write the first and the last value beside their dots; not where the axis says it already."""
    picture = layout.picture
    if not picture.dots or picture.measure in (Measure.RUBRIC, Measure.YES_NO):
        return
    last = picture.dots[-1]
    for dot in picture.dots:
        x, y = layout.x(dot.x), layout.y(dot.y)
        layout.ink(x - 5, y, x + 5, y)
        layout.ink(x, y - 5, x, y + 5)
    layout.place(_value(picture, last.y), around(layout.x(last.x), layout.y(last.y)), "strong")
    first = picture.dots[0]
    said_by_axis = first.x == layout.first_x and any(t.value == first.y for t in picture.ticks)
    if first != last and not said_by_axis:
        layout.place(_value(picture, first.y), around(layout.x(first.x), layout.y(first.y)))


def _write_aim(layout: Layout) -> None:
    picture = layout.picture
    if picture.aims:
        aim = picture.aims[-1]
        spots = along(
            layout, layout.x(aim.x1), layout.y(aim.y1), layout.x(aim.x2), layout.y(aim.y2)
        )
        layout.place(_aim_words(picture), spots, shorter=_brief_aim_words(picture))
    elif picture.band and picture.direction is Direction.MAINTAIN:
        low, high = band_ends(layout)
        top, bottom = layout.y(high), layout.y(low)
        x = layout.end - 4
        spots = [(x, top - 6, "end"), (x, bottom + 20, "end"), (x, (top + bottom) / 2 + 5, "end")]
        layout.place(_aim_words(picture), spots)
