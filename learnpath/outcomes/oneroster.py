"""Scores from a OneRoster set, 1.1 or 1.2: ``lineItems.csv`` says what was scored, ``results.csv`` the scores.

A score counts when the sender says that it is final. All other states are left out and counted. Nothing is
unpacked to a disk, and no more of a file is read than a school could have written.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, cast

from learnpath.outcomes.cells import NotRead, plain, read_day, read_number, shown
from learnpath.outcomes.models import LONGEST_NAME, OLDEST, OutcomeKind
from learnpath.outcomes.rows import Found, Passed, Read, Wrong
from learnpath.outcomes.table_file import NotATable, Row, Table
from learnpath.wording import lazy as _l

MANIFEST, ITEMS, RESULTS = "manifest.csv", "lineItems.csv", "results.csv"
MOST_BYTES = 512 * 1024 * 1024
MOST_ITEMS = 500_000
FINAL = "fully graded"
GONE = "tobedeleted"
# Days as the standard writes them, and with the time of day that many senders add.
DAY_FORMATS = ("YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DDThh:mm:ss", "YYYY-MM-DD hh:mm:ss")
SOURCE = "OneRoster"

Rows = Iterator[Row | NotATable]
Container = Path | zipfile.ZipFile


@dataclass(frozen=True)
class Item:
    """A thing that was scored."""

    title: str
    maximum: Decimal | None


def _names(container: Container) -> dict[str, str]:
    """Return the members of a set by their names without folder, in small letters."""
    if isinstance(container, Path):
        inside = [entry.name for entry in container.iterdir() if entry.is_file()]
        return {name.casefold(): name for name in inside}
    found: Counter[str] = Counter()
    names = {}
    for info in container.infolist():
        short = info.filename.rsplit("/", 1)[-1].casefold()
        # A member is read where it lies and never written anywhere, whatever its name says of folders.
        if short and info.filename.count("/") <= 1:
            found[short] += 1
            names[short] = info.filename
    return {short: name for short, name in names.items() if found[short] == 1}


def is_set(container: Container) -> bool:
    """Tell whether it holds line items and results."""
    return {ITEMS.casefold(), RESULTS.casefold()} <= _names(container).keys()


class Results:
    """The results of a set. ``counted`` is told of each row of ``results.csv``."""

    def __init__(self, container: Container, counted: Callable[[Rows], Rows]) -> None:
        self._container, self._counted = container, counted
        self._names = _names(container)
        self._items: dict[str, Item | Wrong] = {}
        self._source = SOURCE

    def findings(self, today: date) -> Iterator[Found]:
        """Give each score that is final, and everything that is wrong."""
        self._source = self._sender()
        with self._open(ITEMS) as file:
            self._read_items(file)
        with self._open(RESULTS) as file:
            for row in self._counted(_rows(file, RESULTS, *RESULT_COLUMNS)):
                yield self._result(row, today)

    def _sender(self) -> str:
        """Return how the sender calls its system, if its manifest says so."""
        if MANIFEST.casefold() not in self._names:
            return SOURCE
        with self._open(MANIFEST) as file:
            said = {
                row.cells["propertyname"].strip().casefold(): plain(row.cells["value"])
                for row in _rows(file, MANIFEST, ("propertyName", "value"))
                if isinstance(row, Row)
            }
        for name in ("file.lineitems", "file.results"):
            if said.get(name) == "absent":
                raise NotATable(_l("the manifest says that %(file)s is absent", file=name))
        return (said.get("source.systemname") or SOURCE)[:LONGEST_NAME]

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        inside = self._names.get(name.casefold())
        if inside is None:
            raise NotATable(_l("there is no %(file)s, or more than one", file=name))
        if isinstance(self._container, Path):
            with (self._container / inside).open("rb") as file:
                yield file
            return
        info = self._container.getinfo(inside)
        if info.flag_bits & 1:
            raise NotATable(_l("%(file)s is locked by a password", file=name))
        if info.file_size > MOST_BYTES:
            raise NotATable(_l("%(file)s is larger than that of any school", file=name))
        with self._container.open(info) as packed:
            yield cast(BinaryIO, packed)  # it gives no more than its size says

    def _read_items(self, file: BinaryIO) -> None:
        for row in _rows(file, ITEMS, *ITEM_COLUMNS):
            if len(self._items) >= MOST_ITEMS:
                raise NotATable(_l("there are more than %(most)s rows", most=MOST_ITEMS), row.line)
            if isinstance(row, Row) and row.cells["status"].casefold() != GONE:
                self._items[row.cells["sourcedid"]] = _item(row)

    def _result(self, row: Row | NotATable, today: date) -> Found:
        if isinstance(row, NotATable):
            return Wrong(RESULTS, row.line, row.column, row.reason)
        cells = row.cells
        if cells["status"].casefold() == GONE:
            return Passed("taken_back")
        state = plain(cells["scorestatus"]).casefold()
        if state != FINAL:
            return Passed(f"state_{state.replace(' ', '_')[:30] or 'unnamed'}")
        if not cells["score"]:
            return Passed("no_number")
        item = self._items.get(cells["lineitemsourcedid"])
        if item is None:
            reason = _l("there is no line item %(cell)s", cell=shown(cells["lineitemsourcedid"]))
            return Wrong(RESULTS, row.line, "lineItemSourcedId", reason)
        if isinstance(item, Wrong):
            return Wrong(RESULTS, row.line, "lineItemSourcedId", item.reason)
        try:
            return self._score(row, item, today)
        except NotRead as error:
            return Wrong(RESULTS, row.line, "score", error.reason)

    def _score(self, row: Row, item: Item, today: date) -> Read:
        day = _day(row.cells["scoredate"])
        if not today - OLDEST <= day <= today:
            raise NotRead(
                _l("%(day)s is still to come, or more than 15 years ago", day=day.isoformat())
            )
        if not row.cells["studentsourcedid"]:
            raise NotRead(_l("no student is named"))
        return Read(
            RESULTS, row.line, row.cells["studentsourcedid"], day, OutcomeKind.ACADEMIC, item.title,
            read_number(row.cells["score"], "."), self._source, item.maximum,
            reference=row.cells["sourcedid"][-LONGEST_NAME:],
        )  # fmt: skip


# Of each file: the columns it must have, and those that it may have.
ITEM_COLUMNS = (("sourcedId", "title"), ("status", "resultValueMax"))
RESULT_COLUMNS = (
    ("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate"),
    ("status",),
)


def _rows(file: BinaryIO, name: str, must: tuple[str, ...], may: tuple[str, ...] = ()) -> Rows:
    """Give the rows of a member; a column that it may have and has not is empty in every row."""
    try:
        table = Table(file)
        absent = {one.casefold() for one in may} - table.header.columns
        for row in table.rows(frozenset(one.casefold() for one in (*must, *may)) - absent):
            if isinstance(row, Row):
                row.cells.update(dict.fromkeys(absent, ""))
            yield row
    except NotATable as error:
        error.file = name
        raise


def _item(row: Row) -> Item | Wrong:
    title, most = plain(row.cells["title"])[:LONGEST_NAME], row.cells["resultvaluemax"]
    if not title:
        return Wrong(ITEMS, row.line, "title", _l("its line item has no title"))
    try:
        maximum = read_number(most, ".") if most else None
    except NotRead as error:
        return Wrong(ITEMS, row.line, "resultValueMax", error.reason)
    return Item(title, maximum if maximum is not None and maximum > 0 else None)


def _day(text: str) -> date:
    for named in DAY_FORMATS:
        try:
            return read_day(text, named)
        except NotRead:
            continue
    raise NotRead(
        _l("%(cell)s is not a day as the standard writes it, such as 2026-09-15", cell=shown(text))
    )
