"""Rosters that wait in the data folder until their plan was read: under a random name, a day at most."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

LONGEST_WAIT = timedelta(days=1)
KEY = re.compile(r"[0-9a-f]{32}")
# In bytes: a letter of another script takes up to four of the 255 that a file's name may have.
LONGEST_NAME = 120


def keep(folder: Path, person_id: int, name: str, save: Callable[[Path], None]) -> str:
    """Keep a file for a person and return the key under which this person finds it again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_hex(16)
    plain = re.sub(r"[^\w.-]+", "-", Path(name.replace("\\", "/")).name)
    plain = plain.encode()[-LONGEST_NAME:].decode(errors="ignore").lstrip(".-")
    path = folder / f"{person_id}-{key}-{plain or 'roster.zip'}"
    path.touch(mode=0o600)
    save(path)
    return key


def find(folder: Path, person_id: int, key: str) -> Path | None:
    """Return the file that a person left under ``key``, or None when it is not there (any more)."""
    if not KEY.fullmatch(key):
        return None
    return next(folder.glob(f"{person_id}-{key}-*"), None)


def name_of(path: Path) -> str:
    """Return the name that the file had where it came from."""
    return path.name.split("-", 2)[2]


def folder_in(data_dir: Path) -> Path:
    """Return where rosters wait."""
    return data_dir / "rosters-waiting"


def let_all_go(folder: Path) -> None:
    """Throw away all that waits: somebody who is erased may stand in it."""
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)


def sweep(folder: Path, now: datetime) -> None:
    """Throw away what waited for more than a day."""
    oldest = (now - LONGEST_WAIT).timestamp()
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):  # another process goes round as well
            if path.stat().st_mtime < oldest:
                path.unlink()
