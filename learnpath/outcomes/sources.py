"""What can be brought in: one file of cells with its mapping, or the results of a OneRoster set."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from learnpath.outcomes.mapping import Key, Mapping
from learnpath.outcomes.oneroster import Results, is_set
from learnpath.outcomes.rows import Found, Wrong, read_rows
from learnpath.outcomes.table_file import NotATable, Row, Table
from learnpath.wording import lazy as _l

LONGEST_FILE_NAME = 80


@dataclass
class Source:
    """Something to bring in. ``rows`` counts what was read the last time."""

    name: str
    mapping: str
    key: Key
    newer_replaces: bool
    open: Callable[[], BinaryIO | Path]
    read: Callable[[Source, BinaryIO | Path, date], Iterator[Found]]
    rows: int = field(default=0)

    def findings(self, today: date) -> Iterator[Found]:
        """Give all that the source says. What keeps it from being read comes as one Wrong that stops."""
        self.rows = 0
        try:
            opened = self.open()
            try:
                yield from self.read(self, opened, today)
            finally:
                if not isinstance(opened, Path):
                    opened.close()
            if not self.rows:
                yield Wrong(
                    self.name, 0, "", _l("there is a header, and no row below it"), stops=True
                )
        except NotATable as error:
            yield Wrong(error.file or self.name, error.line, error.column, error.reason, stops=True)

    def counted(self, rows: Iterator[Row | NotATable]) -> Iterator[Row | NotATable]:
        """Give the rows and count them."""
        for row in rows:
            self.rows += 1
            yield row


def from_bytes(name: str, content: bytes, mapping: Mapping | None) -> Source:
    """Return what an uploaded file holds. Without a mapping it must be a OneRoster set."""
    return _source(name, lambda: io.BytesIO(content), mapping)


def from_path(path: Path, mapping: Mapping | None) -> Source:
    """Return what a file or a folder holds. Without a mapping it must be a OneRoster set."""
    if path.is_dir():
        return _source(path.name, lambda: path, mapping)
    return _source(path.name, lambda: path.open("rb"), mapping)


def looks_like_oneroster(opened: BinaryIO | Path) -> bool:
    """Tell whether a folder or a ZIP file holds the results of a OneRoster set."""
    if isinstance(opened, Path):
        return is_set(opened)
    try:
        with zipfile.ZipFile(opened) as archive:
            return is_set(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        opened.seek(0)


def _source(name: str, opening: Callable[[], BinaryIO | Path], mapping: Mapping | None) -> Source:
    short = name[-LONGEST_FILE_NAME:]
    if mapping is None:
        return Source(
            short, "OneRoster", Key.SOURCED_ID, newer_replaces=True, open=opening, read=_set
        )

    def read(source: Source, opened: BinaryIO | Path, today: date) -> Iterator[Found]:
        if isinstance(opened, Path):
            raise NotATable(_l("it is a folder"))
        table = Table(opened, mapping.separator, mapping.encoding)
        rows = source.counted(table.rows(mapping.columns))
        yield from read_rows(source.name, rows, mapping, today)

    return Source(short, mapping.name, mapping.key, mapping.newer_replaces, opening, read)


def _set(source: Source, opened: BinaryIO | Path, today: date) -> Iterator[Found]:
    if isinstance(opened, Path):
        yield from Results(opened, source.counted).findings(today)
        return
    try:
        with zipfile.ZipFile(opened) as archive:
            yield from Results(archive, source.counted).findings(today)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise NotATable(_l("it is neither a folder nor a ZIP file that can be read")) from error
