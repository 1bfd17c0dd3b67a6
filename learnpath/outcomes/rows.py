"""From the rows of a file to values, as a mapping says. Pure: who the learners are is asked later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from learnpath.outcomes.cells import NotRead, plain, read_day, read_number, shown
from learnpath.outcomes.mapping import DECIMALS, Code, Mapping, ValueColumn, filled, normal
from learnpath.outcomes.models import LONGEST_NAME, OLDEST, OutcomeKind
from learnpath.outcomes.table_file import NotATable, Row
from learnpath.wording import lazy as _l


@dataclass(frozen=True)
class Read:
    """A value as the file says it: about whom (by the file's own key), and all that is known of it."""

    file: str
    line: int
    key: str
    day: date
    kind: OutcomeKind
    measure: str
    value: Decimal
    source: str
    maximum: Decimal | None = None
    scale: str = ""
    reference: str = ""
    words: str = ""


@dataclass(frozen=True)
class Wrong:
    """Something in the file that is not taken: where it stands and why. ``stops`` holds up all the rest."""

    file: str
    line: int
    column: str
    reason: object
    stops: bool = False


@dataclass(frozen=True)
class Unknown:
    """A code that the mapping does not tell the meaning of."""

    column: str
    code: str
    line: int


@dataclass(frozen=True)
class Passed:
    """Something that is left out on purpose: an empty cell, a code to leave out, a score not yet given."""

    reason: str


Found = Read | Wrong | Unknown | Passed


class _Refused(Exception):
    """One cell of a row is wrong."""

    def __init__(self, column: str, reason: object) -> None:
        super().__init__(str(reason))
        self.column, self.reason = column, reason


def read_rows(
    file: str, rows: Iterable[Row | NotATable], mapping: Mapping, today: date
) -> Iterator[Found]:
    """Give what each row says, in order."""
    for row in rows:
        if isinstance(row, NotATable):
            yield Wrong(file, row.line, row.column, row.reason)
            continue
        try:
            whole = _about(file, row, mapping, today)
        except _Refused as refused:
            yield Wrong(file, row.line, refused.column, refused.reason)
            continue
        for value in mapping.values:
            yield from _value(whole, row, value, mapping)


def _about(file: str, row: Row, mapping: Mapping, today: date) -> Read:
    """Return what holds for all values of a row: the learner's key, the day, the source."""
    key = row.cells[normal(mapping.learner)]
    if not key or len(key) > 255:
        raise _Refused(mapping.learner, _l("no student is named"))
    source = _short(filled(mapping.source, row.cells), mapping.source)
    if not source:
        raise _Refused(mapping.source, _l("nothing says where it comes from"))
    return Read(
        file, row.line, key, _day(row, mapping, today), OutcomeKind.ACADEMIC, "", Decimal(0), source
    )


def _day(row: Row, mapping: Mapping, today: date) -> date:
    day = mapping.fixed_day
    if day is None:
        cell = row.cells[normal(mapping.day)]
        if not cell:
            raise _Refused(mapping.day, _l("no day is named"))
        try:
            day = read_day(cell, mapping.date_format)
        except NotRead as error:
            raise _Refused(mapping.day, error.reason) from error
    check_day(day, mapping.day, today)
    return day


def check_day(day: date, column: str, today: date) -> None:
    """Refuse a day that is to come, or longer ago than any record goes."""
    if day > today:
        raise _Refused(column, _l("%(day)s is still to come", day=day.isoformat()))
    if day < today - OLDEST:
        raise _Refused(column, _l("%(day)s is more than 15 years ago", day=day.isoformat()))


def _value(whole: Read, row: Row, value: ValueColumn, mapping: Mapping) -> Iterator[Found]:
    cell = plain(row.cells[normal(value.column)]) if value.column else ""
    if value.column and not cell:
        yield Passed("empty")
        return
    try:
        code = _number_or_code(cell, value, mapping)
        if code is None:
            yield Passed("code")
        elif isinstance(code, Unknown):
            yield replace(code, line=row.line)
        else:
            kind = _kind(row, value, mapping)
            yield (
                kind
                if isinstance(kind, Unknown)
                else _filled(whole, row, value, mapping, kind, code)
            )
    except _Refused as refused:
        yield Wrong(whole.file, row.line, refused.column, refused.reason)


def _number_or_code(cell: str, value: ValueColumn, mapping: Mapping) -> Code | Unknown | None:
    if value.constant is not None:
        return Code(value.constant)
    if value.codes is not None:
        return value.codes[cell] if cell in value.codes else Unknown(value.column, cell[:80], 0)
    try:
        return Code(read_number(cell, DECIMALS[mapping.decimal]))
    except NotRead as error:
        raise _Refused(value.column, error.reason) from error


def _kind(row: Row, value: ValueColumn, mapping: Mapping) -> OutcomeKind | Unknown:
    if value.kind is not None:
        return value.kind
    word = plain(row.cells[normal(mapping.kind)])
    return mapping.kinds.get(word) or Unknown(mapping.kind, word[:80], row.line)


def _filled(
    whole: Read, row: Row, value: ValueColumn, mapping: Mapping, kind: OutcomeKind, code: Code
) -> Read:
    measure = _short(filled(value.measure, row.cells), value.measure)
    if not measure:
        raise _Refused(value.measure, _l("nothing says what was looked at"))
    return replace(
        whole, kind=kind, measure=measure, value=code.value, words=code.words,
        maximum=_maximum(filled(value.maximum, row.cells), value, mapping),
        scale=_short(filled(value.scale, row.cells), value.scale),
        reference=_short(filled(value.reference, row.cells), value.reference),
    )  # fmt: skip


def _maximum(text: str, value: ValueColumn, mapping: Mapping) -> Decimal | None:
    if not text:
        return None
    # What the mapping itself says has a point; what stands in a cell has the file's own sign.
    sign = DECIMALS[mapping.decimal] if "{" in value.maximum else "."
    try:
        number = read_number(text, sign)
    except NotRead as error:
        raise _Refused(value.maximum, error.reason) from error
    if number <= 0:
        raise _Refused(
            value.maximum, _l("the highest possible value is %(cell)s", cell=shown(text))
        )
    return number


def _short(text: str, column: str) -> str:
    if len(text) > LONGEST_NAME:
        reason = _l("%(cell)s has more than %(most)s letters", cell=shown(text), most=LONGEST_NAME)
        raise _Refused(column, reason)
    return text
