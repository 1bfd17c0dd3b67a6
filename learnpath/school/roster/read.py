"""From a folder or a zip to rows: bytes, encodings, quotes and headers, and nothing of what they mean.

A zip is read where it lies. Nothing is unpacked to the disk, and names inside it lead nowhere.
"""

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
from pathlib import Path, PurePosixPath
from typing import IO

from learnpath.school.roster.scratch import Scratch, Weight
from learnpath.school.roster.tables import LEFT_CLOSED, VERSIONS, TableFile, files_of

MANIFEST = "manifest.csv"
MOST_FILES = 1000
MOST_BYTES = 8 * 1024**3
# A roster packs to a tenth or so; what packs far better is no roster.
BOMB_BYTES, BOMB_RATIO = 20 * 1024**2, 200
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


def open_set(path: Path, scratch: Scratch) -> RosterSet:
    """Return the set at ``path`` with its manifest read. What is wrong is noted in ``scratch``."""
    roster = RosterSet(path, scratch)
    names = _names_in(roster)
    if scratch.stopped:
        return roster
    _find_files(roster, names)
    if MANIFEST not in roster.found:
        scratch.wrong(MANIFEST, 0, "", "no_manifest", Weight.STOPS)
        return roster
    said = _manifest(roster)
    if not scratch.stopped:
        _take_manifest(roster, said)
    return roster


def _names_in(roster: RosterSet) -> list[str]:
    if roster.path.is_dir():
        return sorted(entry.name for entry in roster.path.iterdir() if entry.is_file())
    try:
        with zipfile.ZipFile(roster.path) as packed:
            return _names_in_zip(roster, packed.infolist())
    except zipfile.BadZipFile:
        zip_like = roster.path.suffix.lower() == ".zip"
        code = "broken_zip" if zip_like else "not_a_set"
        roster.scratch.wrong(roster.path.name, 0, "", code, Weight.STOPS)
    except (OSError, NotImplementedError, RuntimeError, ValueError, EOFError):
        roster.scratch.wrong(roster.path.name, 0, "", "broken_zip", Weight.STOPS)
    return []


def _names_in_zip(roster: RosterSet, entries: list[zipfile.ZipInfo]) -> list[str]:
    wrong = roster.scratch.wrong
    if len(entries) > MOST_FILES or sum(e.file_size for e in entries) > MOST_BYTES:
        wrong(roster.path.name, 0, "", "zip_too_big", Weight.STOPS)
        return []
    names = []
    for entry in entries:
        if _is_unsafe(entry):
            shown = entry.filename[:60].encode("ascii", "replace").decode()
            wrong(roster.path.name, 0, "", "unsafe_name", Weight.STOPS, name=shown)
        elif entry.file_size > BOMB_BYTES and entry.file_size > BOMB_RATIO * entry.compress_size:
            wrong(PurePosixPath(entry.filename).name, 0, "", "zip_too_big", Weight.STOPS)
        elif entry.flag_bits & 1:
            wrong(roster.path.name, 0, "", "broken_zip", Weight.STOPS)
        elif not entry.is_dir() and not entry.filename.startswith("__MACOSX/"):
            names.append(entry.filename)
    return names


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    parts = PurePosixPath(name).parts
    return link or name.startswith("/") or ".." in parts or ":" in name or "\0" in name


def _find_files(roster: RosterSet, names: list[str]) -> None:
    """Find the files by name, whatever the case; a zip may hold them in one folder."""
    known = {name.lower(): name for version in VERSIONS for name in _known(version)}
    for inside in names:
        name = PurePosixPath(inside.replace("\\", "/")).name
        if name.startswith(".") or not name.lower().endswith(".csv"):
            continue
        proper = known.get(name.lower())
        if proper is None:
            roster.scratch.noted(name, 0, "", "file_not_known")
        elif proper in roster.found:
            roster.scratch.wrong(proper, 0, "", "named_twice", Weight.STOPS)
        else:
            roster.found[proper] = inside


def _known(version: str) -> set[str]:
    return {MANIFEST, *LEFT_CLOSED, *(table.name for table in files_of(version))}


# -- the manifest ---------------------------------------------------------------------------------


def _manifest(roster: RosterSet) -> dict[str, tuple[int, str]]:
    said: dict[str, tuple[int, str]] = {}
    table = _rows_of_text(roster, MANIFEST)
    for line, cells in table:
        if cells and cells[0].strip().lower() != "propertyname":
            value = cells[1].strip() if len(cells) > 1 else ""
            said[cells[0].strip().lower()] = (line, value)
    if not said and not roster.scratch.stopped:
        roster.scratch.wrong(MANIFEST, 1, "", "no_version", Weight.STOPS)
    return said


def _take_manifest(roster: RosterSet, said: dict[str, tuple[int, str]]) -> None:
    scratch = roster.scratch
    line, value = said.get("oneroster.version", (1, ""))
    match = re.fullmatch(r"v?(1)[.p]([12])([.p]\d+)*", value.lower())
    if match is None:
        code = "other_version" if value else "no_version"
        scratch.wrong(MANIFEST, line, "value", code, Weight.STOPS, value=value[:40])
        return
    roster.version = f"{match[1]}.{match[2]}"
    line, value = said.get("manifest.version", (1, "1.0"))
    if value != "1.0":
        scratch.noted(MANIFEST, line, "value", "odd_manifest_version", value=value[:40])
    code = said.get("source.systemcode", (0, ""))[1] or said.get("source.systemname", (0, ""))[1]
    plain = re.sub(r"[^\w.-]+", "-", code.strip().lower())[:50].strip("-")
    roster.source = f"oneroster {plain}" if plain else "oneroster"
    _take_modes(roster, said)


def _take_modes(roster: RosterSet, said: dict[str, tuple[int, str]]) -> None:
    """Find out how each file is meant; where the manifest is silent, the other files are asked."""
    unsaid: dict[str, int] = {}
    for table in files_of(roster.version):
        name = table.name
        line, value = said.get(f"file.{name.removesuffix('.csv').lower()}", (0, ""))
        mode = value.lower()
        there = name in roster.found
        if mode in (ABSENT, BULK, DELTA):
            roster.modes[name] = mode
            _compare(roster, table, line, mode, there)
        elif mode:
            weight = Weight.STOPS if table.needed and there else Weight.NOTED
            _tell(roster, weight, MANIFEST, line, "value", "odd_mode", value=value[:40])
        elif there:
            unsaid[name] = line
    others = {mode for mode in roster.modes.values() if mode != ABSENT}
    for name, line in unsaid.items():
        if len(others) == 1:
            (mode,) = others
            roster.modes[name] = mode
            roster.scratch.noted(name, line, "", "no_mode", value=mode)
        else:
            roster.scratch.wrong(name, line, "", "mode_unknown", Weight.STOPS)


def _compare(roster: RosterSet, table: TableFile, line: int, mode: str, there: bool) -> None:
    if mode == ABSENT and there:
        roster.scratch.noted(table.name, 0, "", "said_absent")
    if mode != ABSENT and not there:
        stops = table.needed and mode == BULK
        weight = Weight.STOPS if stops else Weight.NOTED
        _tell(roster, weight, MANIFEST, line, "value", "file_missing")
        if stops:
            roster.scratch.wrong(table.name, 0, "", "file_missing", Weight.STOPS)
        roster.modes[table.name] = ABSENT


def _tell(
    roster: RosterSet, weight: Weight, file: str, line: int, column: str, code: str, **parts: str
) -> None:
    if weight is Weight.NOTED:
        roster.scratch.noted(file, line, column, code, **parts)
    else:
        roster.scratch.wrong(file, line, column, code, weight, **parts)


# -- rows -------------------------------------------------------------------------------------------


def rows_of(roster: RosterSet, table: TableFile) -> Iterator[Row]:
    """Return the rows of a file, one at a time. What is wrong with the file or its header is noted."""
    file = table.name
    if roster.mode_of(file) == ABSENT or file not in roster.found:
        return
    lines = _rows_of_text(roster, file)
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


def _rows_of_text(roster: RosterSet, file: str) -> Iterator[tuple[int, list[str]]]:
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
