"""A learner's record together with the files: one ZIP, each file with its SHA-256 in the record's list."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from learnpath.goals.file_store import Store
from learnpath.goals.models import Evidence

PIECE = 256 * 1024


def listed(rows: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Return what the record says of its files: where each is in the ZIP, and how to check it."""
    return [
        {
            "evidence_id": row.id,
            "path": path_of(row),
            "kind": str(row.file_kind),
            "bytes": row.file_bytes,
            "sha256": row.file_sha256,
        }
        for row in rows
    ]


def path_of(row: Evidence) -> str:
    """Return the place of a file in the ZIP."""
    return f"files/{row.id}-{row.file_name}"


def packed(record: str, rows: Sequence[Evidence], store: Store) -> Iterator[bytes]:
    """Return the ZIP of a record and its files in pieces, with one file in memory at a time.

    A file that the store lost is left out: the record's list still names it.
    """
    with TemporaryFile() as made:
        _pack(made, record, rows, store)
        made.seek(0)
        while piece := made.read(PIECE):
            yield piece


def _pack(made: IO[bytes], record: str, rows: Sequence[Evidence], store: Store) -> None:
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.json", record)
        for row in rows:
            try:
                content = store.get(row.file_key or "")
            except OSError:
                continue
            # Pictures are packed already: packing them again takes time and saves nothing.
            archive.writestr(path_of(row), content, zipfile.ZIP_STORED)
