"""What one row may say, cell by cell; and what every file is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from learnpath.school.roster import cells
from learnpath.school.roster.present import Present
from learnpath.school.roster.rows import DELTA, RosterSet, Row, rows_of
from learnpath.school.roster.scratch import GONE, GOOD, LEFT, Weight
from learnpath.school.roster.tables import (
    ENDED,
    Cell,
    Column,
    TableFile,
)  # fmt: skip
from learnpath.school.roster.understood import Understood

Step = Callable[[int], None]
EVERY = 2000


class RowCheck:
    """Reads the rows of a file. ``scope`` are the schools that the plan is about; None means all."""

    def __init__(
        self, roster: RosterSet, present: Present, scope: set[str] | None, step: Step
    ) -> None:
        self.roster, self.present, self.scope = roster, present, scope
        self.scratch, self.step = roster.scratch, step
        self.all = Understood()

    def _rows(self, table: TableFile) -> Iterator[tuple[Row, dict[str, Any], int]]:
        """Return the rows whose sourcedId can be read: their values, and whether they can be used."""
        scratch, file = self.scratch, table.name
        for number, row in enumerate(rows_of(self.roster, table)):
            if number % EVERY == EVERY - 1:
                self.step(EVERY)
            values, odd = self._values(table, row)
            gone = values["status"] == ENDED
            # Of what ended only the name is asked for.
            counted = [found for found in odd if not gone or found[0] == "sourcedId"]
            for column, code, parts in counted:
                scratch.wrong(file, row.line, column, code, Weight.LEFT_OUT, **parts)
            good = not row.broken and not counted
            if not gone:
                self._day_of_change(file, row.line, values["dateLastModified"])
            if values["sourcedId"] is None:
                self.roster.unsure.add(file)
                continue
            if good and self.roster.mode_of(file) == DELTA:
                good = self._dated(file, row.line, values)
            state = GONE if gone else GOOD
            yield row, values, state if good else LEFT
        self._none_at_all(table)

    def _values(
        self, table: TableFile, row: Row
    ) -> tuple[dict[str, Any], list[tuple[str, str, dict[str, str]]]]:
        """Return what each cell means, and which of them mean nothing."""
        values: dict[str, Any] = {}
        odd: list[tuple[str, str, dict[str, str]]] = []
        for column in table.columns:
            text = row.cells.get(column.name, "")
            values[column.name] = [] if column.cell is Cell.IDS else None
            if not text and not column.needed:
                continue
            try:
                values[column.name] = self._value(table.name, row.line, column, text)
            except cells.Odd as found:
                odd.append((column.name, found.code, _parts(found.code, text)))
        return values, odd

    def _dated(self, file: str, line: int, values: dict[str, Any]) -> bool:
        for name in ("status", "dateLastModified"):
            if not values[name]:
                self.scratch.wrong(file, line, name, "delta_status")
                return False
        return True

    def _day_of_change(self, file: str, line: int, text: str | None) -> None:
        """Name a day of change that cannot be read. Nothing depends on it, so the row is read all the same."""
        if not text:
            return
        try:
            cells.day(text)
        except cells.Odd as found:
            self.scratch.noted(
                file, line, "dateLastModified", f"{found.code}_unused", value=text[:40]
            )

    def _value(self, file: str, line: int, column: Column, text: str) -> Any:
        if not text:
            raise cells.Odd("needed")
        if column.cell is Cell.ID:
            return _id(text)
        if column.cell is Cell.IDS:
            return [id for id in cells.ids(text) if cells.is_id(id)]
        if column.cell is Cell.DATE:
            found, timed = cells.day(text)
            if timed:
                self.scratch.noted(file, line, column.name, "date_with_time")
            return found
        if column.cell is Cell.CHOICE:
            return _choice(column, text)
        if column.cell is Cell.GRADES:
            found_grade, odd = cells.grade(text)
            if odd:
                self.scratch.noted(file, line, column.name, "odd_grade", value=odd)
            return found_grade
        if column.cell is Cell.YES_NO:
            return self._yes_no(file, line, column, text)
        return self._text(file, line, column, text)

    def _yes_no(self, file: str, line: int, column: Column, text: str) -> bool | None:
        said = cells.yes_no(text)
        if said is None:
            self.scratch.noted(file, line, column.name, "odd_enabled", value=text[:20])
        return said

    def _text(self, file: str, line: int, column: Column, text: str) -> str:
        plain = cells.one_line(text)
        if column.needed and not plain:
            raise cells.Odd("needed")
        if len(plain) > column.longest:
            self.scratch.wrong(
                file, line, column.name, "cut", Weight.NOTED, most=column.longest
            )  # fmt: skip
            plain = plain[: column.longest - 1].rstrip() + "…"
        return plain

    def _none_at_all(self, table: TableFile) -> None:
        """A file with a header and no row would end all that is there: nobody means that."""
        file = table.name
        if self.roster.rows.get(file) != 0:
            return
        ends = self.roster.ends_what_is_gone(file) and self.present.has_any(file)
        if ends or (table.name == "users.csv" and self.roster.mode_of(file) != DELTA):
            code = "header_only_ends" if ends else "header_only"
            self.scratch.wrong(file, 1, "", code, Weight.STOPS)
        else:
            self.scratch.wrong(file, 1, "", "header_only", Weight.NOTED)

    def _again(self, file: str, line: int, first: int) -> None:
        self.scratch.wrong(file, line, "sourcedId", "same_id", line=first)

    def _school_of(self, org: str) -> str | None:
        """Return the school that an organisation is, or is a part of."""
        at = org
        while at:
            if at in self.all.schools:
                return at
            at = self.all.orgs[at].parent if at in self.all.orgs else ""
        return None

    def _in_scope(self, school: str) -> bool:
        return self.scope is None or school in self.scope

    def _near(self, *schools: str) -> bool:
        return any(self._in_scope(school) for school in schools)


def _id(text: str) -> str:
    if not cells.is_id(text):
        raise cells.Odd("bad_id")
    return text


def _choice(column: Column, text: str) -> str:
    assert column.choices is not None
    word = column.choices.get(text.lower())
    if word is None:
        raise cells.Odd("odd_choice")
    return word


def _parts(code: str, text: str) -> dict[str, str]:
    return {"value": text[:40]} if code in ("odd_choice", "ambiguous_date", "bad_date") else {}
