"""The page "Who is leading?" to take along: as a PDF, as JSON and as a table for a spreadsheet.

A place is the key of a column in all of them, as in the data of the Driver Model: there is no number for
it, no total, and the threads come in the model's order, never in the order of places.
"""

from __future__ import annotations

import io
import re
from typing import Any

from learnpath.clock import school_day
from learnpath.continuum.leading_shapes import LeadingPage, MarkView, ThreadView
from learnpath.continuum.place import Band
from learnpath.pdf import pdf_from
from learnpath.spreadsheet import Table

CSV_FIELDS = ("thread", "name", "says", "day", "from", "marker", "to", "words")

# The drawing takes its colours from the page's style sheet, which does not reach into it in a PDF.
STYLE = """<style>
text{font-size:16px;font-weight:500;font-family:"Atkinson Hyperlegible Next",sans-serif;fill:#1E2A32}
.level{fill:none;stroke:#7A8790;stroke-width:3.5}.anchor{fill:#fff;stroke:#1E2A32;stroke-width:2.4}
.here{fill:none;stroke:#14595B;stroke-width:2}
.before{fill:none;stroke:#4A5963;stroke-width:2;stroke-dasharray:3 6}
.stone{fill:#14595B;stroke:#fff;stroke-width:2.5}.stem{stroke:#1E2A32;stroke-width:2}
.mine{fill:#1E2A32}.theirs{fill:#F2B233;stroke:#1E2A32;stroke-width:2.4}
</style>"""
WIDE = re.compile(r'(<svg class="band leading-wide"[^>]*?) aria-label="([^"]*)">')
NARROW = re.compile(r'<svg class="band leading-narrow".*?</svg>', re.DOTALL)


def as_pdf(html: str) -> bytes:
    """Return the page as a PDF; what a drawing tells is its text alternative."""
    return pdf_from(for_paper(html))


def for_paper(html: str) -> str:
    """Keep one drawing of each thread, and give it its colours and its words."""
    return WIDE.sub(rf"\1><title>\2</title>{STYLE}", NARROW.sub("", html))


def as_json(page: LeadingPage, zone: str) -> dict[str, Any]:
    """Return the page by keys and words. Days are ISO dates, as they were in the time zone of the school."""
    return {
        "format": "learnpath-leading",
        "learner": page.called,
        "as_of": page.as_of.isoformat(),
        "then": page.then.isoformat() if page.then else None,
        "threads": [_thread_json(one, zone) for one in page.threads],
        "seen": [
            {
                "day": one.day.isoformat(), "indicator": one.about, "what": one.what,
                "words": one.text, "by": str(one.who),
                "answers": [{"words": a.text, "by": str(a.who)} for a in one.answers],
            }
            for one in page.seen
        ],
    }  # fmt: skip


def _thread_json(thread: ThreadView, zone: str) -> dict[str, Any]:
    return {
        "key": thread.key,
        "name": thread.name,
        "sentence": thread.sentence,
        "record": _band_json(thread.band),
        "record_then": _band_json(thread.before),
        "learner": _mark_json(thread.learner_mark, zone),
        "teacher": _mark_json(thread.teacher_mark, zone),
        "worth_a_talk": thread.differ,
        "facts": [one.says for one in thread.facts],
        "to_try": thread.to_try,
        "indicators": [
            {
                "key": one.key, "name": one.name, "shows": one.column, "says": one.says,
                "facts": [
                    {"what": str(fact.text), "by": str(fact.who), "day": fact.day.isoformat()}
                    for fact in one.facts
                ],
            }
            for one in thread.indicators
        ],
    }  # fmt: skip


def _band_json(band: Band | None) -> dict[str, str] | None:
    return {"from": band.low, "marker": band.marker, "to": band.high} if band else None


def _mark_json(mark: MarkView | None, zone: str) -> dict[str, str] | None:
    if mark is None:
        return None
    return {
        "column": mark.column, "words": mark.text, "by": mark.who,
        "day": school_day(mark.on, zone).isoformat(),
    }  # fmt: skip


def as_csv(page: LeadingPage, zone: str) -> str:
    """Return the threads as a table: a row for what the record shows now and then, and for each mark."""
    file = io.StringIO()
    table = Table(file)
    table.row(CSV_FIELDS)
    for thread in page.threads:
        for row in _rows(thread, page, zone):
            table.row((thread.key, thread.name, *row))
    return file.getvalue()


def _rows(thread: ThreadView, page: LeadingPage, zone: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("record", page.as_of.isoformat(), *_places(thread.band), thread.sentence)
    ]
    if page.then:
        rows.append(("record", page.then.isoformat(), *_places(thread.before), ""))
    for who, mark in (("learner", thread.learner_mark), ("teacher", thread.teacher_mark)):
        if mark:
            day = school_day(mark.on, zone).isoformat()
            rows.append((who, day, mark.column, mark.column, mark.column, mark.text))
    return rows


def _places(band: Band | None) -> tuple[str, str, str]:
    return (band.low, band.marker, band.high) if band else ("", "", "")
