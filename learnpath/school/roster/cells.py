"""What the text of a cell means. Pure: generous in how a thing is written, strict in what it may mean."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

EARLIEST, LATEST = 1900, 2200
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DAY_WITH_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
AS_PEOPLE_WRITE = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}")
# One cell beside another is named by both: longer names than this would not fit.
LONGEST_ID = 120
NO_GRADE_OF_OURS = frozenset(
    {"it", "pr", "pk", "tk", "ps", "ug", "13", "other", "in", "ad", "pg", "na", "n/a", "-1", "-2"}
)
HIGHEST_GRADE = 12
LONGEST_USERNAME = 80
YES, NO = frozenset({"true", "1", "yes", "y"}), frozenset({"false", "0", "no", "n"})


class Odd(ValueError):
    """A cell cannot be understood. ``code`` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def day(text: str) -> tuple[date, bool]:
    """Return the day that ``text`` names, and whether a time was cut off. Raises Odd, never guesses."""
    timed = DAY_WITH_TIME.fullmatch(text)
    plain = timed[1] if timed else text
    if not DAY.fullmatch(plain):
        raise Odd("ambiguous_date" if AS_PEOPLE_WRITE.fullmatch(text) else "bad_date")
    try:
        found = date.fromisoformat(plain)
    except ValueError as error:
        raise Odd("bad_date") from error
    if not EARLIEST <= found.year <= LATEST:
        raise Odd("bad_date")
    return found, timed is not None


def ids(text: str) -> list[str]:
    """Return the sourcedIds of a list in one cell, each once, in their order."""
    if text[:1] == "[" and text[-1:] == "]":
        text = text[1:-1]
    parts = (part.strip().strip("\"'").strip() for part in re.split("[,;]", text))
    return list(dict.fromkeys(part for part in parts if part))


def is_id(text: str) -> bool:
    """Tell whether ``text`` can be a sourcedId: not too long, and all of it can be seen."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable()


def grade(text: str) -> tuple[int | None, str]:
    """Return the grade from 0 (kindergarten) to 12, or None; and the word that is no grade at all."""
    for word in ids(text):
        low = word.lower()
        if low in ("kg", "k", "kindergarten"):
            return 0, ""
        if low.isdecimal() and low.isascii() and 0 < int(low[:4]) <= HIGHEST_GRADE:
            return int(low[:4]), ""
        return None, "" if low in NO_GRADE_OF_OURS else word[:20]
    return None, ""


def yes_no(text: str) -> bool | None:
    """Return what ``text`` says, in the words that senders use for true and false; None for others."""
    low = text.lower()
    return True if low in YES else False if low in NO else None


def can_be_username(text: str) -> bool:
    """Tell whether people can type ``text`` as one word in the form that asks for a username."""
    return 0 < len(text) <= LONGEST_USERNAME and text.isprintable() and not re.search(r"\s", text)


def one_line(text: str) -> str:
    """Return ``text`` in one line, composed, without what cannot be seen or turns its direction."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in composed)
    return " ".join(plain.split())
