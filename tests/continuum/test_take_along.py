"""The page to take along: as a PDF, as JSON and as a table, each without a number for a place."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from learnpath import clock
from learnpath.continuum.columns import Column
from learnpath.continuum.take_along import CSV_FIELDS, for_paper
from learnpath.people.models import Person
from learnpath.record import Verb
from tests import builders
from tests.continuum.build import LEARNER, TEACHER, check_in, fact, goal, recorded, session_held
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
KINDS = ["pdf", "json", "csv"]


@pytest.fixture
def learner(session: Session) -> Person:
    made = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, made, "Ms. Baca")
    told = [
        fact(Verb.PROFILE_REVISED, LEARNER, 2, ("profile_block", 1), block="hopes", reason=True),
        *goal(2, cited_by=("learner",)), *(check_in(week) for week in range(3, 11)),
        session_held(6, "together"), session_held(10, "learner", ("learner", "teacher", "family"), id=2),
    ]  # fmt: skip
    for one in told:
        recorded(session, teacher if one.by is TEACHER else made, made, one)
    session.commit()
    return made


def url(learner: Person, kind: str) -> str:
    return f"/learners/{learner.id}/leading/page.{kind}"


def leaves(value: Any) -> Iterator[Any]:
    """Return everything that stands in a piece of JSON, one by one."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def test_json_names_places_by_keys_and_holds_no_number(learner: Person, visit: Visit) -> None:
    reader = visit(learner)
    reader.post(
        f"/learners/{learner.id}/leading/reflecting/mark", place="learner_driven", text="I do."
    )
    answer = reader.get(url(learner, "json")).response
    assert answer.mimetype == "application/json"
    told = json.loads(answer.get_data(as_text=True))
    assert not [leaf for leaf in leaves(told) if type(leaf) in {int, float}]
    keys = {key for thread in told["threads"] for key in thread}
    assert not keys & {"position", "score", "rank", "order", "total", "level", "index"}
    by_key = {thread["key"]: thread for thread in told["threads"]}
    assert by_key["reflecting"]["learner"]["column"] == "learner_driven"
    assert by_key["reflecting"]["learner"]["words"] == "I do."
    placed = [thread["record"] for thread in told["threads"] if thread["record"]]
    assert placed
    assert all(set(one.values()) <= set(Column) for one in placed)


def test_the_table_has_a_row_for_the_record_and_for_each_mark(
    learner: Person, visit: Visit
) -> None:
    reader = visit(learner)
    reader.post(
        f"/learners/{learner.id}/leading/reflecting/mark", place="learner_driven", text="=1+1"
    )
    answer = reader.get(url(learner, "csv")).response
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert tuple(rows[0]) == CSV_FIELDS
    (mark,) = [row for row in rows if row["says"] == "learner"]
    assert (mark["thread"], mark["marker"]) == ("reflecting", "learner_driven")
    assert mark["words"] == "'=1+1", "a spreadsheet reads words, not a formula"
    places = {row[part] for row in rows for part in ("from", "marker", "to")}
    assert places <= {*Column, ""}


def test_a_mark_of_an_evening_has_the_day_that_it_was_at_school(
    learner: Person, visit: Visit
) -> None:
    with clock.standing_at(datetime.fromisoformat("2025-11-19T02:30:00+00:00")):
        me = visit(learner)
        place = f"/learners/{learner.id}/leading/reflecting/mark"
        assert me.post(place, place="learner_driven", text="I do.").status == 303
        taken = json.loads(me.get(url(learner, "json")).response.get_data(as_text=True))
        table = me.get(url(learner, "csv")).response.get_data(as_text=True)
    marks = [one["learner"]["day"] for one in taken["threads"] if one["learner"]]
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["says"] == "learner"]
    assert marks == [row["day"] for row in rows] == ["2025-11-18"]


def test_the_pdf_is_tagged_and_says_what_the_drawings_show(learner: Person, visit: Visit) -> None:
    answer = visit(learner).get(url(learner, "pdf")).response
    assert answer.content_type == "application/pdf"
    body = answer.get_data()
    assert body.startswith(b"%PDF-")
    plain = _plain(body)
    assert b"/StructTreeRoot" in plain
    told = re.findall(rb"/Alt (?:\((.*?)\)|<feff([0-9a-f]*)>)", plain, re.DOTALL)
    words = [
        one.decode("ascii") if one else bytes.fromhex(coded.decode()).decode("utf-16-be")
        for one, coded in told
    ]
    assert len(words) == 5
    assert all("three places" in one for one in words)


def _plain(body: bytes) -> bytes:
    parts = [body]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", body, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_paper_keeps_one_drawing_with_its_words() -> None:
    html = (
        '<svg class="band leading-wide" viewBox="0 0 9 9" role="img" aria-label="A &amp; b"></svg>'
        '<svg class="band leading-narrow" role="img" aria-label="A"></svg>'
    )
    made = for_paper(html)
    assert made.count("<svg") == 1
    assert "<title>A &amp; b</title>" in made


def test_who_may_not_read_the_page_may_not_take_it(
    learner: Person, visit: Visit, session: Session
) -> None:
    guardian = builders.a_guardian_of(session, learner, "Rosa")
    other = builders.a_learner(session)
    session.commit()
    for person in (guardian, other):
        assert {visit(person).get(url(learner, kind)).status for kind in KINDS} == {404}


def test_the_page_leads_to_what_can_be_taken_along(learner: Person, visit: Visit) -> None:
    page = visit(learner).get(f"/learners/{learner.id}/leading")
    links = [str(a["href"]).partition("?")[0] for a in page.soup.select("main a")]
    assert all(url(learner, kind) in links for kind in KINDS)
    assert visit(learner).get(f"/learners/{learner.id}/leading/page.exe").status == 404
