"""The mappings of a school: saved ones and the presets that are shipped, found by name or by a file's header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.errors import WrongInput
from learnpath.outcomes.mapping import Mapping, WrongMapping, from_json, from_text, header_digest
from learnpath.outcomes.models import SavedMapping
from learnpath.outcomes.table_file import Header, NotATable, Table
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

PRESETS = Path(__file__).parent / "presets"


@cache
def presets() -> dict[str, Mapping]:
    """Return the presets by their keys. Each is made from a public description: check it with your own export."""
    return {
        file.stem: from_text(file.read_text(encoding="utf-8"))
        for file in sorted(PRESETS.glob("*.json"))
    }


def saved(session: Session, school_id: int) -> Sequence[SavedMapping]:
    """Return the mappings of a school by name."""
    query = select(SavedMapping).where(SavedMapping.school_id == school_id)
    return session.exec(query.order_by(col(SavedMapping.name))).all()


def named(session: Session, school_id: int, name: str) -> Mapping | None:
    """Return the saved mapping of that name, else the preset of that key."""
    query = select(SavedMapping).where(
        SavedMapping.school_id == school_id, SavedMapping.name == name
    )
    found = session.exec(query).first()
    return from_json(found.content) if found else presets().get(name)


def save(
    session: Session, by: By, mapping: Mapping, header: Header | None, now: datetime
) -> SavedMapping:
    """Keep a mapping under its name, and the header that it is recognised by; an older one gives way."""
    if mapping.name in presets():
        raise WrongInput("name", _l("A preset has this name. Choose another one."))
    query = select(SavedMapping).where(
        SavedMapping.school_id == by.school_id, SavedMapping.name == mapping.name
    )
    kept = session.exec(query).first() or SavedMapping(
        school_id=by.school_id, name=mapping.name, content={}, saved_at=now
    )
    digest = header_digest(header.names) if header else kept.header_sha256
    if kept.id and kept.content == mapping.as_json() and kept.header_sha256 == digest:
        return kept
    kept.content, kept.header_sha256 = mapping.as_json(), digest
    kept.saved_by, kept.saved_at = by.person_id, now
    session.add(kept)
    session.flush()
    record.write(
        session, by, Verb.OUTCOME_MAPPING_SAVED, learner_id=None,
        about=("outcome_mapping", kept.id), at=now,
    )  # fmt: skip
    return kept


def recognise(
    session: Session, school_id: int, opening: Callable[[], BinaryIO]
) -> tuple[Mapping | None, list[str]]:
    """Return the saved mapping whose header a file has, and the keys of presets that would fit.

    Each mapping reads the file with its own separator and encoding. A preset is only offered: the
    school says first that it fits its export.
    """
    headers = _Headers(opening)
    newest = sorted(saved(session, school_id), key=lambda one: one.saved_at, reverse=True)
    for one in newest:
        mapping = _usable(one)
        header = headers.by(mapping) if mapping else None
        if header and header_digest(header.names) == one.header_sha256:
            return mapping, []
    fitting = [
        key
        for key, preset in presets().items()
        if (header := headers.by(preset)) and preset.columns <= header.columns
    ]
    return None, fitting


def _usable(one: SavedMapping) -> Mapping | None:
    try:
        return from_json(one.content)
    except WrongMapping:
        return None


def header_of(file: BinaryIO, mapping: Mapping) -> Header | None:
    """Return the header of a file, read as the mapping says, or None when it cannot be."""
    try:
        return Table(file, mapping.separator, mapping.encoding).header
    except NotATable:
        return None


class _Headers:
    """The headers of one file, read with each separator and encoding once."""

    def __init__(self, opening: Callable[[], BinaryIO]) -> None:
        self._opening = opening
        self._read: dict[tuple[str, str], Header | None] = {}

    def by(self, mapping: Mapping) -> Header | None:
        """Return the header as the mapping would read it."""
        key = (mapping.separator, mapping.encoding)
        if key not in self._read:
            with self._opening() as file:
                self._read[key] = header_of(file, mapping)
        return self._read[key]
