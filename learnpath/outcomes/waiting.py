"""A file between its upload and the moment when it is brought in or let go."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.errors import WrongInput
from learnpath.outcomes import mappings
from learnpath.outcomes.mapping import Mapping, from_json, normal
from learnpath.outcomes.models import WaitingFile
from learnpath.outcomes.sources import Source, from_bytes, looks_like_oneroster
from learnpath.outcomes.table_file import NotATable, Row, Table
from learnpath.record import By
from learnpath.school.models import ImportKind, ImportRun
from learnpath.wording import lazy as _l

KEPT_FOR = timedelta(days=1)
MOST_BYTES = 24 * 1024 * 1024
PREVIEW_ROWS, PREVIEW_LETTERS = 3, 24
LAST_RUNS = 30


@dataclass(frozen=True)
class Preview:
    """The header of a file and its first rows, no more than is needed to say what the columns mean."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    reason: object = ""


def take(session: Session, by: By, name: str, content: bytes, now: datetime) -> WaitingFile:
    """Keep an uploaded file until it is brought in; a mapping that knows its header is chosen at once."""
    sweep(session, now)
    if not name:
        raise WrongInput("file", _l("Choose a file."))
    if not content:
        raise WrongInput("file", _l("The file is empty."))
    if len(content) > MOST_BYTES:
        raise WrongInput("file", _l("The file is too large for the browser. Use the command."))
    known, _fitting = mappings.recognise(session, by.school_id, lambda: io.BytesIO(content))
    kept = WaitingFile(
        school_id=by.school_id, name=name[:200] or "file.csv", content=content,
        mapping=known.as_json() if known else None, brought_by=by.person_id or 0, brought_at=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept


def sweep(session: Session, now: datetime) -> None:
    """Throw away what has waited for a day, of all schools: rows of children lie in it."""
    session.execute(sa.delete(WaitingFile).where(col(WaitingFile.brought_at) <= now - KEPT_FOR))


def choose(session: Session, by: By, file: WaitingFile, mapping: Mapping, now: datetime) -> None:
    """Save a mapping, to be recognised by this file's header, and choose it for the file."""
    mappings.save(session, by, mapping, mappings.header_of(opened(file), mapping), now)
    file.mapping = mapping.as_json()
    session.add(file)
    session.flush()


def opened(file: WaitingFile) -> BinaryIO:
    """Return the file, to be read."""
    return io.BytesIO(file.content)


def is_oneroster(file: WaitingFile) -> bool:
    """Tell whether the file is a OneRoster set, which needs no mapping."""
    return looks_like_oneroster(opened(file))


def mapping_of(file: WaitingFile) -> Mapping | None:
    """Return the mapping that was chosen for the file."""
    return from_json(file.mapping) if file.mapping else None


def source_of(file: WaitingFile) -> Source:
    """Return the file as something to bring in."""
    return from_bytes(file.name, file.content, mapping_of(file))


def preview(file: WaitingFile, separator: str, encoding: str) -> Preview:
    """Return the header and the first rows as the named separator and encoding show them."""
    try:
        table = Table(opened(file), separator, encoding)
        columns = tuple(name for name in table.header.names if name)
        rows = []
        for row in table.rows(table.header.columns):
            if isinstance(row, Row):
                rows.append(tuple(_cell(row, name) for name in columns))
            if len(rows) == PREVIEW_ROWS:
                break
    except NotATable as error:
        return Preview((), (), error.reason)
    return Preview(columns, tuple(rows))


def _cell(row: Row, name: str) -> str:
    text = row.cells.get(normal(name), "")
    return text if len(text) <= PREVIEW_LETTERS else f"{text[: PREVIEW_LETTERS - 1]}…"


def waiting_files(session: Session, school_id: int) -> Sequence[tuple[int, str, datetime]]:
    """Return the files that wait, without what is in them."""
    query = select(WaitingFile.id, WaitingFile.name, WaitingFile.brought_at).where(
        WaitingFile.school_id == school_id
    )
    rows = session.exec(query.order_by(col(WaitingFile.id).desc())).all()
    return [(id or 0, name, at) for id, name, at in rows]


def last_runs(session: Session, school_id: int) -> Sequence[ImportRun]:
    """Return the newest imports of school data."""
    query = select(ImportRun).where(
        ImportRun.school_id == school_id, ImportRun.kind == ImportKind.OUTCOMES
    )
    return session.exec(query.order_by(col(ImportRun.id).desc()).limit(LAST_RUNS)).all()
