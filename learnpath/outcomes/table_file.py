"""Reading a file of comma-separated cells: its header, and one row after another, with the line of each.

The separator and the encoding are named, never guessed. The file is read as a stream; a line or a cell
that is larger than anything a person wrote is refused before it is taken in.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from learnpath.outcomes.cells import shown
from learnpath.outcomes.mapping import ENCODINGS, SEPARATORS, normal
from learnpath.wording import lazy as _l

LONGEST_LINE = 256 * 1024
MOST_COLUMNS, MOST_ROWS = 400, 1_000_000
LARGEST_CELL = 4_000
# What the first bytes of a file say that is no text.
OTHER_KINDS = {
    b"PK\x03\x04": _l("it is a workbook or a ZIP file; save the sheet as CSV first"),
    b"\xd0\xcf\x11\xe0": _l("it is an old workbook; save the sheet as CSV first"),
    b"%PDF": _l("it is a PDF"),
    b"\x1f\x8b": _l("it is compressed"),
    b"SQLite format 3": _l("it is a database"),
}


class NotATable(Exception):
    """A file cannot be read as the table it should be. ``line`` is 0 when no line is to blame."""

    def __init__(self, reason: object, line: int = 0, column: str = "") -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.line = line
        self.column = column
        self.file = ""  # where several files are read, the one that is to blame


@dataclass(frozen=True)
class Row:
    """One row: the line that it begins at, and its cells by their columns' names."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Header:
    """The names of the columns as they are written, blank ones too."""

    names: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The names in the form that they are compared in, less blank ones."""
        return frozenset(filter(None, map(normal, self.names)))


class Table:
    """A file with a header. ``rows`` gives the rest, once."""

    def __init__(self, file: BinaryIO, separator: str = "comma", encoding: str = "utf-8") -> None:
        refuse_what_is_no_text(file, encoding)
        self._at = 0
        lines = _Lines(file, encoding)
        self._reader = csv.reader(lines, delimiter=SEPARATORS[separator], strict=True)
        self.header = self._header()

    def _header(self) -> Header:
        for cells in self._lines():
            names = tuple(cell.strip() for cell in cells)
            if any(names):
                if len(names) > MOST_COLUMNS:
                    raise NotATable(
                        _l("there are more than %(most)s columns", most=MOST_COLUMNS), self._at
                    )
                return Header(names)
        raise NotATable(_l("the file is empty"))

    def _lines(self) -> Iterator[list[str]]:
        """Give the cells of each row, and remember where it began."""
        while True:
            self._at = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise NotATable(_broken(error), self._at) from error
            yield cells

    def rows(self, wanted: frozenset[str]) -> Iterator[Row | NotATable]:
        """Give each row with its ``wanted`` columns; a row that has too many or too few cells is told.

        Raises NotATable for a column that is not there or there twice, and where the file cannot be read.
        """
        names = [normal(name) for name in self.header.names]
        places = {name: self._place(names, name) for name in wanted}
        for count, cells in enumerate(self._lines()):
            if count >= MOST_ROWS:
                raise NotATable(_l("there are more than %(most)s rows", most=MOST_ROWS), self._at)
            if any(cell.strip() for cell in cells):
                yield self._row(cells, places, len(names))

    def _place(self, names: Sequence[str], name: str) -> int:
        if names.count(name) != 1:
            if name in names:
                reason = _l("the column %(name)s is in the header twice", name=shown(name))
            else:
                reason = _l("the column %(name)s is not in the header", name=shown(name))
            raise NotATable(reason, 1, name)
        return names.index(name)

    def _row(self, cells: list[str], places: dict[str, int], wide: int) -> Row | NotATable:
        while len(cells) > wide and not cells[-1].strip():
            cells.pop()  # a separator at the end of a row
        if len(cells) != wide:
            reason = _l(
                "the row has %(cells)s cells, the header has %(columns)s",
                cells=len(cells),
                columns=wide,
            )
            return NotATable(reason, self._at)
        taken = {name: cells[place].strip() for name, place in places.items()}
        for name, cell in taken.items():
            if len(cell) > LARGEST_CELL:
                reason = _l("a cell has more than %(most)s letters", most=LARGEST_CELL)
                return NotATable(reason, self._at, name)
        return Row(self._at, taken)


def _broken(error: csv.Error) -> object:
    if "limit" in str(error):
        return _l("a cell has more than %(most)s letters", most=csv.field_size_limit())
    return _l("the quotation marks in this row do not match up")


class _Lines:
    """The lines of a file as text, each no longer than it may be."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        raw = io.BufferedReader(_Uncloseable(file))
        self._text = io.TextIOWrapper(raw, encoding=ENCODINGS[encoding], newline="")
        self._encoding = encoding
        self._line = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self._line += 1
        try:
            line = self._text.readline(LONGEST_LINE + 1)
        except UnicodeError as error:
            reason = _l("the text is not in the encoding %(name)s", name=self._encoding)
            raise NotATable(reason, self._line) from error
        if len(line) > LONGEST_LINE:
            raise NotATable(
                _l("a line has more than %(most)s letters", most=LONGEST_LINE), self._line
            )
        if not line:
            raise StopIteration
        if "\0" in line:
            raise NotATable(_l("the file is not a text of cells"), self._line)
        return line


class _Uncloseable(io.RawIOBase):
    """A file that the wrapper around it does not close: whoever opened it does."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read some bytes."""
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def refuse_what_is_no_text(file: BinaryIO, encoding: str) -> None:
    """Raise NotATable for a file that begins like something else than text; the file is at its start."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    for mark, reason in OTHER_KINDS.items():
        if start.startswith(mark):
            raise NotATable(reason)
    if encoding != "utf-16" and start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotATable(_l("the text is in the encoding utf-16, not in the named one"), 1)
    if encoding == "utf-16" and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotATable(_l("the text is not in the encoding %(name)s", name="utf-16"), 1)
    if encoding != "utf-16" and b"\0" in start:
        raise NotATable(_l("the file is not a text of cells"), 1)
    if not start.strip():
        raise NotATable(_l("the file is empty"))
