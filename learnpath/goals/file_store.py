"""Where files are kept: under random names, outside of everything that is served.

A file is whole on the disk before the change that names it is committed, and goes when that change is undone.
A file that no row names (the machine stopped in between) is found by ``tidy``.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from learnpath.config import Settings

KEY = re.compile(r"[0-9a-f]{32}(-small)?(\.half-[0-9a-f]{8})?")
# What was put down just now may belong to a change that is not committed yet.
YOUNG = timedelta(hours=1)


class Store(Protocol):
    """What keeps files: a folder today, something else for a district perhaps."""

    def put(self, key: str, content: bytes) -> None:
        """Keep a file for good, or raise OSError and keep nothing."""

    def get(self, key: str) -> bytes:
        """Return a file. Raises FileNotFoundError when it is not there."""

    def remove(self, key: str) -> None:
        """Erase a file; one that is not there is as good as erased."""

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Return each key that is kept, and since when."""


class FolderStore:
    """Files in a folder of this machine, readable for nobody else on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Keep a file: whole and on the disk, or not at all."""
        target = self._path(key)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_name(f"{key}.half-{secrets.token_hex(4)}")
        try:
            with os.fdopen(
                os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
            _sync(target.parent)
            _sync(self._folder)
        except BaseException:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes:
        """Return a file."""
        return self._path(key).read_bytes()

    def remove(self, key: str) -> None:
        """Erase a file."""
        self._path(key).unlink(missing_ok=True)

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Return what is kept, halves of files that were never whole among them."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("this is no key of ours")
        return self._folder / key[:2] / key


def _sync(folder: Path) -> None:
    """Make sure that a folder remembers its new file when the power goes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_of(settings: Settings) -> Store:
    """Return where this installation keeps its files."""
    return FolderStore(settings.files_dir or settings.data_dir / "files")


def new_key() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(16)


# -- files and transactions --------------------------------------------------------------------------


@dataclass
class _Pending:
    """What this transaction put down, and what it wants gone."""

    put: list[tuple[Store, str]] = field(default_factory=list)
    gone: list[tuple[Store, str]] = field(default_factory=list)


def put_with(session: Session, store: Store, key: str, content: bytes) -> None:
    """Keep a file together with the change that the session makes: undone with it. Raises OSError."""
    store.put(key, content)
    _pending(session).put.append((store, key))


def remove_with(session: Session, store: Store, key: str) -> None:
    """Erase a file when the session's change is committed, and not before."""
    _pending(session).gone.append((store, key))


def _pending(session: Session) -> _Pending:
    pending: _Pending | None = session.info.get("files")
    if pending is None:
        pending = session.info["files"] = _Pending()
        event.listen(session, "after_commit", _kept)
        event.listen(session, "after_transaction_end", _ended)
    return pending


def _kept(session: Session) -> None:
    pending: _Pending = session.info["files"]
    pending.put.clear()
    _remove(pending.gone)


def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        pending: _Pending = session.info["files"]
        pending.gone.clear()
        _remove(pending.put)


def _remove(files: list[tuple[Store, str]]) -> None:
    while files:
        store, key = files.pop()
        with suppress(OSError):  # ``tidy`` finds what could not be erased now
            store.remove(key)


def tidy(store: Store, known: Collection[str], now: datetime) -> int:
    """Erase the files that no row names, less those of the last hour; return how many there were."""
    strays = [key for key, since in store.listed() if key not in known and now - since > YOUNG]
    for key in strays:
        store.remove(key)
    return len(strays)
