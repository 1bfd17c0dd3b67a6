"""From a file to rows: bytes, encodings, quotes and headers, and nothing of what they mean."""

from __future__ import annotations

import csv
import difflib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from learnpath.school.roster.scratch import Scratch, Weight
from learnpath.school.roster.tables import TableFile

MANIFEST = "manifest.csv"
LONGEST_LINE = 16 * 1024**2
LONGEST_QUOTED = 8 * 1024
LONGEST_CELL = 4 * 1024
ABSENT, BULK, DELTA = "absent", "bulk", "delta"

# The five bytes that Windows-1252 gives no character.
UNDEFINED = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
STRAY = re.compile("[\udc80-\udcff]")

# The limit belongs to the whole process, and others rely on theirs: it is lifted for one row at a time.
USUAL_LIMIT = csv.field_size_limit()


@dataclass
class Row:
    """One row: where it begins, and the text of each column that we take."""

    line: int
    cells: dict[str, str]
    # Why it cannot be used, when it was noted already.
    broken: bool = False


@dataclass
class RosterSet:
    """A set on the disk: its files by their proper name, its version, and how each file is meant."""

    path: Path
    scratch: Scratch
    version: str = ""
    source: str = "oneroster"
    modes: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    # Files of which not every row could be understood, so that nobody knows what is not in them.
    unsure: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)

    def mode_of(self, file: str) -> str:
        """Return ``absent``, ``bulk`` or ``delta``."""
        return self.modes.get(file, ABSENT)

    def ends_what_is_gone(self, file: str) -> bool:
        """Tell whether something ends because it is not in this file any more."""
        return self.mode_of(file) == BULK and file not in self.unsure

    @property
    def mode(self) -> str:
        """The one mode of all files, or ``mixed``."""
        said = {mode for mode in self.modes.values() if mode != ABSENT}
        return said.pop() if len(said) == 1 else ("mixed" if said else "")

    # -- bytes ------------------------------------------------------------------------------------

    @contextmanager
    def open(self, file: str) -> Iterator[IO[bytes]]:
        """Open one file of the set."""
        inside = self.found[file]
        if self.path.is_dir():
            with (self.path / inside).open("rb") as stream:
                yield stream
        else:
            with zipfile.ZipFile(self.path) as packed, packed.open(inside) as stream:
                yield stream


def rows_of(roster: RosterSet, table: TableFile) -> Iterator[Row]:
    """Return the rows of a file, one at a time. What is wrong with the file or its header is noted."""
    file = table.name
    if roster.mode_of(file) == ABSENT or file not in roster.found:
        return
    lines = rows_of_text(roster, file)
    heading = next(lines, None)
    if heading is None:
        if not roster.scratch.stopped:
            weight = Weight.STOPS if table.needed else Weight.LEFT_OUT
            roster.scratch.wrong(file, 1, "", "empty_file", weight)
            roster.unsure.add(file)
        return
    header = heading[1]
    places = _places(roster, table, header)
    if places is None:
        roster.unsure.add(file)
        return
    count = 0
    for line, cells in lines:
        count += 1
        yield _row(roster, file, line, cells, places, len(header))
    roster.rows[file] = count


def _row(
    roster: RosterSet, file: str, line: int, cells: list[str], places: dict[str, int], width: int
) -> Row:
    """Cut one row into the columns that we take. A password is not among them, and is never looked at."""
    scratch, have = roster.scratch, len(cells)
    taken = {name: cells[at].strip() if at < have else "" for name, at in places.items()}
    row = Row(line, taken)
    if have < width:
        scratch.noted(file, line, "", "too_few_cells")
    elif have > width and any(cell.strip() for cell in cells[width:]):
        scratch.wrong(file, line, "", "too_many_cells")
        row.broken = True
    for name, text in taken.items():
        if len(text) > LONGEST_CELL:
            scratch.wrong(file, line, name, "too_long", most=LONGEST_CELL)
            taken[name] = ""
            row.broken = True
        elif not text.isascii() and STRAY.search(text):
            taken[name] = _as_windows_1252(roster, row, file, name, text)
    return row


def _as_windows_1252(roster: RosterSet, row: Row, file: str, name: str, text: str) -> str:
    """Return a text whose stray bytes are read as Windows-1252. It is named, so that somebody looks."""
    stray = {ord(char) - 0xDC00 for char in STRAY.findall(text)}
    if stray & UNDEFINED:
        roster.scratch.wrong(file, row.line, name, "bad_bytes")
        row.broken = True
        return STRAY.sub("?", text)
    plain = STRAY.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252"), text)
    shown = plain[:40] if name in NAMES else "…"
    roster.scratch.wrong(file, row.line, name, "windows_1252", Weight.NOTED, value=shown)
    return plain


NAMES = frozenset(
    {"givenName", "familyName", "preferredGivenName", "preferredFamilyName", "title", "name"}
)


def _places(roster: RosterSet, table: TableFile, header: list[str]) -> dict[str, int] | None:
    """Return where each column is, or None when a needed one is not there."""
    scratch, file = roster.scratch, table.name
    names = [cell.strip() for cell in header]
    lower = [name.lower() for name in names]
    if len(names) == 1 and re.search(r"\w[;\t|]\w", names[0]):
        scratch.wrong(file, 1, "", "other_delimiter", Weight.STOPS)
        return None
    taken = {column.name.lower(): column.name for column in table.columns}
    spare = [
        n for n, low in zip(names, lower, strict=True)
        if low not in taken and low not in {p.lower() for p in table.passed_over}
        and not low.startswith("metadata.")
    ]  # fmt: skip
    missing = _missing(roster, table, set(lower))
    for column in missing:
        like = difflib.get_close_matches(column, spare, 1, 0.75)
        code = "missing_column_like" if like else "missing_column"
        scratch.wrong(
            file, 1, column, code, Weight.STOPS, **({"name": like[0][:60]} if like else {})
        )
    for name in {taken[low] for low in lower if low in taken and lower.count(low) > 1}:
        scratch.wrong(file, 1, name, "column_twice", Weight.STOPS)
        missing.append(name)
    if missing:
        return None
    _note_spare(
        scratch, file, spare, sorted(set(taken.values()) - {taken.get(low) for low in lower})
    )
    return {taken[low]: at for at, low in enumerate(lower) if low in taken}


def _missing(roster: RosterSet, table: TableFile, there: set[str]) -> list[str]:
    needed = [column.name for column in table.columns if column.needed]
    if roster.mode_of(table.name) == DELTA:
        needed += ["status", "dateLastModified"]
    return [name for name in needed if name.lower() not in there]


def _note_spare(scratch: Scratch, file: str, spare: list[str], wanted: list[str]) -> None:
    for name in spare:
        if not name:
            scratch.noted(file, 1, "", "header_empty")
            continue
        like = difflib.get_close_matches(name, wanted, 1, 0.75)
        code = "unknown_column_like" if like else "unknown_column"
        scratch.noted(file, 1, name[:60], code, **({"name": like[0]} if like else {}))


def rows_of_text(roster: RosterSet, file: str) -> Iterator[tuple[int, list[str]]]:
    """Return each row with the line that it begins in; empty lines are passed over."""
    scratch = roster.scratch
    try:
        with roster.open(file) as stream:
            yield from _parsed(roster, file, stream)
    except _NotReadable as error:
        scratch.wrong(file, error.line, "", error.code, Weight.STOPS)
        roster.unsure.add(file)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        scratch.wrong(file, 0, "", "unreadable", Weight.STOPS)
        roster.unsure.add(file)


class _NotReadable(Exception):
    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code, self.line = code, line


def _parsed(roster: RosterSet, file: str, stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    head = stream.read(4)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _NotReadable("utf16", 1)
    if head[:4] in (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0"):
        raise _NotReadable("not_csv", 1)
    buffered = io.BufferedReader(_After(head.removeprefix(b"\xef\xbb\xbf"), stream))
    text = io.TextIOWrapper(buffered, encoding="utf-8", errors="surrogateescape", newline="")
    reader = csv.reader(_lines(text), strict=True)
    while True:
        begins = reader.line_num + 1
        csv.field_size_limit(LONGEST_LINE + 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error) or "field larger" in str(error):
                raise _NotReadable("open_quote", begins) from error
            roster.scratch.wrong(file, begins, "", "bad_quotes")
            roster.unsure.add(file)
            continue
        finally:
            csv.field_size_limit(USUAL_LIMIT)
        if reader.line_num > begins and any(len(c) > LONGEST_QUOTED and "\n" in c for c in cells):
            raise _NotReadable("open_quote", begins)
        if any(cells):
            yield begins, cells


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise _NotReadable("line_too_long", number)
        if "\0" in line:
            raise _NotReadable("not_csv", number)
        yield line


class _After(io.RawIOBase):
    """A stream with its first bytes put back: a stream in a zip cannot be wound back cheaply."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__()
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head or self._rest.read(len(buffer))
        self._head = data[len(buffer) :] if self._head else b""
        data = data[: len(buffer)]
        buffer[: len(data)] = data
        return len(data)
