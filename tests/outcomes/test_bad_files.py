"""Files that cannot be taken, or not all of them: each says clearly where and why, and nothing is guessed."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, strategies as st
from sqlmodel import Session, select

from learnpath.outcomes import bring_in, compare
from learnpath.outcomes.cells import NotRead, date_pattern, read_day, read_number
from learnpath.outcomes.mapping import WrongMapping, from_json, from_text, header_digest
from learnpath.outcomes.models import Outcome
from learnpath.outcomes.plan import OutcomePlan
from learnpath.outcomes.rows import Read, Wrong
from learnpath.outcomes.sources import from_bytes
from tests.builders import MONDAY, a_learner, by_school, the_school
from tests.outcomes import files
from tests.outcomes.files import LONG, known_as, mapping, quizzes, source

TODAY = date(2025, 11, 17)
ROW = "4711,09/05/2025,Fractions,15"


def plan(session: Session, content: bytes, **changes: Any) -> OutcomePlan:
    what = source(content, mapping(**changes))
    return bring_in.plan_of(session, by_school(the_school(session)), what, MONDAY)


def found(content: bytes, **changes: Any) -> list[Any]:
    return list(source(content, mapping(**changes)).findings(TODAY))


def values(content: bytes, **changes: Any) -> list[Decimal]:
    read = found(content, **changes)
    assert all(isinstance(one, Read) for one in read), read
    return [one.value for one in read]


def stop(content: bytes, **changes: Any) -> Wrong:
    last = found(content, **changes)[-1]
    assert isinstance(last, Wrong)
    assert last.stops
    return last


# -- files that are no table -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"%PDF-1.7 rest", "PDF"),
        (b"Student\0Day\0", "not a text of cells"),
        (b"\xff\xfeS\0t\0", "utf-16"),
        (quizzes(), "no row below it"),
        (b"just some words\n", "is not in the header"),
        (quizzes(ROW, header="Student,Day,Quiz"), '"points" is not in the header'),
        (quizzes(ROW, header="Student,Day,Quiz,Points,points"), '"points" is in the header twice'),
        (quizzes('4711,09/05/2025,"open,15'), "do not match up"),
        (quizzes('4711,09/05/2025,"a"b,15'), "do not match up"),
        (quizzes(ROW, "4711,09/05/2025," + "x" * 10_000_000 + ",15"), "a line has more than"),
        (quizzes("Jos\u00e9,09/05/2025,Fractions,15").decode().encode("cp1252"), "encoding utf-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_stops_the_whole_file(content: bytes, reason: str) -> None:
    assert reason in str(stop(content).reason)


def test_a_file_that_is_cut_off_in_the_middle_of_its_encoding_says_so() -> None:
    assert "utf-16" in str(stop(quizzes(ROW), encoding="utf-16").reason)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_mark_at_the_start_do_not_matter(end: str, mark: bytes) -> None:
    assert values(mark + quizzes(ROW, ROW, end=end)) == [Decimal(15), Decimal(15)]


def test_columns_may_come_in_another_order_with_others_between_and_empty_headers() -> None:
    content = quizzes("x,15,4711,,Fractions,09/05/2025,", header="Name,Points,student,, QUIZ ,Day,")
    assert values(content) == [Decimal(15)]


@pytest.mark.parametrize(("separator", "sign"), [("semicolon", ";"), ("tab", "\t")])
def test_the_separator_is_named_and_not_guessed(separator: str, sign: str) -> None:
    content = quizzes(ROW.replace(",", sign), header="Student,Day,Quiz,Points".replace(",", sign))
    assert values(content, separator=separator) == [Decimal(15)]
    assert "not in the header" in str(stop(content).reason)


@pytest.mark.parametrize(("encoding", "name"), [("windows-1252", "cp1252"), ("utf-16", "utf-16")])
def test_the_encoding_is_named_and_not_guessed(encoding: str, name: str) -> None:
    content = quizzes("4711,09/05/2025,Mañana,15").decode().encode(name)
    (read,) = found(content, encoding=encoding)
    assert read.measure == "Mañana"


# -- rows and cells that are wrong -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",09/05/2025,Fractions,15", "Student"),
        ("x" * 300 + ",09/05/2025,Fractions,15", "Student"),
        ("4711,,Fractions,15", "Day"),
        ("4711,02/30/2025,Fractions,15", "Day"),
        ("4711,13/05/2025,Fractions,15", "Day"),
        ("4711,9/5/2025,Fractions,15", "Day"),
        ("4711,2025-09-05,Fractions,15", "Day"),
        ("4711,09/05/2099,Fractions,15", "Day"),
        ("4711,09/05/1925,Fractions,15", "Day"),
        ("4711,00/00/0000,Fractions,15", "Day"),
        ("4711,09/05/2025,,15", "{Quiz}"),
        ("4711,09/05/2025," + "x" * 81 + ",15", "{Quiz}"),
        ("4711,09/05/2025," + "x" * 5_000 + ",15", "quiz"),
        ("4711,09/05/2025,Fractions", ""),
        ("4711,09/05/2025,Fractions,15,16", ""),
        *((f"4711,09/05/2025,Fractions,{value}", "Points") for value in (
            "NaN", "inf", "-inf", "1e5", "9" * 40, "1000001", "0x10", "fifteen", "15%", "1'000",
            '"1,000"', '"15,5"', "=1+1", "+", "-", "٣",
        )),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_the_rest_is_taken(row: str, column: str) -> None:
    good, wrong = found(quizzes(ROW, row))
    assert isinstance(good, Read)
    assert isinstance(wrong, Wrong)
    assert (wrong.line, wrong.column, wrong.stops) == (3, column, False)
    assert 0 < len(str(wrong.reason)) < 200


def test_lines_are_counted_over_line_breaks_inside_of_cells() -> None:
    content = quizzes('4711,09/05/2025,"Fractions\nand rates",15', "", "4711,02/30/2025,x,15")
    read, wrong = found(content)
    assert (read.line, read.measure) == (2, "Fractions and rates")
    assert wrong.line == 5


def test_a_decimal_comma_is_taken_where_the_mapping_names_it() -> None:
    assert values(quizzes('4711,09/05/2025,Rates,"15,5"'), decimal="comma") == [Decimal("15.5")]
    (wrong,) = found(quizzes("4711,09/05/2025,Rates,15.5"), decimal="comma")
    assert isinstance(wrong, Wrong)


def test_the_same_row_again_is_unchanged_and_another_value_is_wrong(session: Session) -> None:
    known_as(session, a_learner(session), "4711")
    told = plan(session, quizzes(ROW, ROW, "4711,09/05/2025,Fractions,16"))
    assert (told.counts["add"], told.counts["unchanged"]) == (1, 1)
    assert [wrong.line for wrong in told.wrong] == [4]


def test_words_that_a_spreadsheet_takes_for_a_formula_stay_words() -> None:
    (read,) = found(quizzes("4711,09/05/2025,=HYPERLINK(1),15"))
    assert read.measure == "=HYPERLINK(1)"


def test_hidden_signs_do_not_make_two_measures_of_one() -> None:
    (read,) = found(quizzes("4711,09/05/2025,Frac\u200btions\u202e ,15"))
    assert read.measure == "Frac tions"


def test_nothing_is_kept_of_a_file_that_stops_late(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "PORTION", 10)
    known_as(session, a_learner(session), "4711")
    session.commit()
    rows = [f"4711,09/05/2025,Quiz {n},15" for n in range(25)]
    what = source(quizzes(*rows, '4711,09/05/2025,"open,15'))
    with pytest.raises(bring_in.PlanStops):
        bring_in.apply(session, by_school(the_school(session)), what, MONDAY)
    session.rollback()
    assert session.exec(select(Outcome)).all() == []


# -- archives ----------------------------------------------------------------------------------------


def in_plan(session: Session, content: bytes) -> Wrong:
    what = from_bytes("set.zip", content, None)
    told = bring_in.plan_of(session, by_school(the_school(session)), what, MONDAY)
    assert not told.can_apply
    return told.wrong[0]


def test_a_zip_that_grows_without_end_is_not_read_to_its_end(session: Session) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lineItems.csv", files.ITEMS)
        with archive.open("results.csv", "w", force_zip64=True) as member:
            member.write(f"{files.RESULTS_HEADER}\n".encode())
            for _ in range(40):
                member.write(b"\0" * 1_000_000)
    assert in_plan(session, packed.getvalue()).file == "results.csv"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04broken", files.zipped({"results.csv": "a"}), files.zipped({"lineItems.csv": ""})],
)  # fmt: skip
def test_a_broken_or_empty_archive_is_refused(session: Session, content: bytes) -> None:
    assert in_plan(session, content).stops


def test_a_manifest_that_says_there_are_no_results_is_believed(session: Session) -> None:
    said = files.MANIFEST.replace("results,bulk", "results,absent")
    packed = files.zipped(files.oneroster(manifest=said))
    assert "absent" in str(in_plan(session, packed).reason)


# -- mappings ----------------------------------------------------------------------------------------

WRONG_PARTS: list[tuple[dict[str, Any], str]] = [
    ({"learner": None}, "learner"),
    ({"learner": {"column": "Student", "by": "name"}}, "sourced_id, identifier, username"),
    ({"learner": {"column": "", "by": "identifier"}}, "learner: column is missing"),
    ({"date": {"column": "Day"}}, "date: format is missing"),
    ({"date": {"column": "Day", "format": "MM/DD"}}, "must name a year, a month and a day"),
    ({"date": {"column": "Day", "format": "MM/DD/YYYY, week W"}}, "is no part of a date"),
    ({"date": {"day": "yesterday"}}, "2026-09-15"),
    ({"values": []}, "values"),
    ({"values": [{"measure": "x", "kind": "academic"}]}, "values[0]"),
    ({"values": [{"column": "P", "measure": "x", "kind": "sport"}]}, "social_emotional"),
    ({"values": [{"column": "P", "kind": "academic"}]}, "measure is missing"),
    ({"values": [{"value": "NaN", "measure": "x", "kind": "academic"}]}, "values[0]: value"),
    ({"values": [{"column": "P", "measure": "x", "kind": "academic", "codes": {"A": 1}}]}, "A"),
    ({"separator": "|"}, "comma, semicolon, tab"),
    ({"encoding": "latin"}, "utf-8, windows-1252, utf-16"),
    ({"decimal": "dot"}, "point, comma"),
    ({"newer_replaces": "yes"}, "true or false"),
    ({"source": ""}, "source"),
    ({"name": 7}, "name"),
    ({"name": "x" * 81}, "name: at most 80"),
    ({"surprise": 1}, "'surprise'"),
]


@pytest.mark.parametrize(("part", "says"), WRONG_PARTS, ids=range(len(WRONG_PARTS)))
def test_a_wrong_mapping_says_which_part_and_what_it_takes(part: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongMapping) as refused:
        from_json({**LONG, **part})
    assert says in str(refused.value)


@pytest.mark.parametrize("text", ["", "[1]", "{", "null", '"a"', "[" * 100_000])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(WrongMapping):
        from_text(text)


def test_a_mapping_can_be_written_down_and_read_again() -> None:
    for base in (LONG, files.ATTENDANCE):
        assert mapping(mapping(base).as_json()) == mapping(base)


def test_headers_are_the_same_whatever_their_order_case_and_spaces() -> None:
    assert header_digest([" Student", "Day", ""]) == header_digest(["day", "STUDENT "])
    assert header_digest(["Student"]) != header_digest(["Student", "Day"])


# -- cells -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named", "day"),
    [
        ("09/05/2025", "MM/DD/YYYY", date(2025, 9, 5)),
        ("09/05/2025", "DD/MM/YYYY", date(2025, 5, 9)),
        ("9/5/25", "M/D/YY", date(2025, 9, 5)),
        ("5.9.2025", "D.M.YYYY", date(2025, 9, 5)),
        ("20250905", "YYYYMMDD", date(2025, 9, 5)),
        ("05-Sep-2025", "DD-MMM-YYYY", date(2025, 9, 5)),
        ("2025-09-05T18:25:43.511Z", "YYYY-MM-DDThh:mm:ssZ", date(2025, 9, 5)),
        ("9/5/2025 1:07:00 PM", "M/D/YYYY h:mm:ss AM", date(2025, 9, 5)),
    ],
)
def test_a_day_is_read_in_the_format_that_is_named(text: str, named: str, day: date) -> None:
    assert read_day(text, named) == day


def _said(read: Callable[[], object], kind: type) -> bool:
    """Tell whether reading gave what it should, or a refusal in few words."""
    try:
        return isinstance(read(), kind)
    except NotRead as refused:
        return 0 < len(str(refused)) < 160


@given(st.text(max_size=30), st.sampled_from(["MM/DD/YYYY", "D.M.YY", "DD-MMM-YYYY", "YYYYMMDD"]))
def test_any_text_is_a_day_or_is_refused(text: str, named: str) -> None:
    assert _said(lambda: read_day(text, named), date)


@given(st.text(max_size=60))
def test_any_format_names_a_day_or_is_refused(named: str) -> None:
    assert _said(lambda: date_pattern(named), re.Pattern)


@given(st.text(max_size=30), st.sampled_from([".", ","]))
def test_any_text_is_a_finite_number_or_is_refused(text: str, sign: str) -> None:
    assert _said(lambda: read_number(text, sign).is_finite() or None, bool)


@given(st.binary(max_size=400))
def test_any_bytes_end_in_an_answer(content: bytes) -> None:
    for one in source(content).findings(TODAY):
        assert isinstance(one, Wrong)


# -- size --------------------------------------------------------------------------------------------


class _Endless(BytesIO):
    """A file of rows that are made while they are read."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._parts = self._made(rows)
        self._left = b""

    def _made(self, rows: int) -> Iterator[bytes]:
        yield b"Student,Day,Quiz,Points\n"
        for n in range(rows):
            yield f"{n % 1000},09/{n % 28 + 1:02}/2025,Quiz {n % 40},15\n".encode()

    def read(self, size: int | None = -1, /) -> bytes:
        while len(self._left) < (size or 0):
            part = next(self._parts, b"")
            if not part:
                break
            self._left += part
        taken, self._left = self._left[:size], self._left[size or 0 :]
        return taken

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if self._left:
            self._parts = self._made(5_000)
            self._left = b""
        return 0


def test_a_long_file_is_read_as_a_stream() -> None:
    what = source(b"")
    what.open = lambda: _Endless(5_000)
    tracemalloc.start()
    count = sum(isinstance(one, Read) for one in what.findings(TODAY))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5_000
    assert peak < 1_000_000
