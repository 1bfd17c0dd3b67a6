"""What stands in one cell of a file: a day in a named format, a number with a named decimal sign, plain words.

Pure. Nothing is guessed: a format that was not named is not tried.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from learnpath.outcomes.models import LARGEST
from learnpath.wording import lazy as _l

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What a date format may name, and how it looks in a cell. Only year, month and day are read.
PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short_year>[0-9]{2})",
    "MMM": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"[0-9]{2}",
    "h": r"[0-9]{1,2}",
    "mm": r"[0-9]{2}",
    "ss": r"[0-9]{2}(?:\.[0-9]{1,9})?",
    "AM": r"[AaPp]\.?[Mm]\.?",
    "Z": r"(?:Z|[+-][0-9]{2}:?[0-9]{2})",
}
PART = re.compile("|".join(sorted(PARTS, key=len, reverse=True)))
# The words of a format beside its parts: signs, spaces, and the T of ISO times.
BETWEEN = re.compile(r"[-/. :,T]*")
LONGEST_FORMAT = 40
DIGITS = {
    ".": re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?"),
    ",": re.compile(r"[+-]?[0-9]{1,12}(?:,[0-9]{1,9})?"),
}


class NotRead(Exception):
    """A cell, or the name of a format, is not what it should be. ``reason`` says why."""

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))
        self.reason = reason


@lru_cache(maxsize=64)
def date_pattern(named: str) -> re.Pattern[str]:
    """Return what a day looks like in the format ``named``, such as MM/DD/YYYY. Raises NotRead."""
    pattern, seen, at = "", [], 0
    for part in PART.finditer(named[:LONGEST_FORMAT]):
        pattern += _between(named[at : part.start()], named) + PARTS[part.group()]
        seen.append(part.group()[0] if part.group()[0] in "YMD" else "")
        at = part.end()
    pattern += _between(named[at:], named)
    if sorted(filter(None, seen)) != ["D", "M", "Y"]:
        raise NotRead(
            _l(
                "the date format %(format)s must name a year, a month and a day, once each",
                format=shown(named),
            )
        )
    return re.compile(pattern)


def _between(text: str, named: str) -> str:
    if not BETWEEN.fullmatch(text):
        raise NotRead(
            _l(
                "the date format %(format)s holds %(part)s, which is no part of a date",
                format=shown(named),
                part=shown(text),
            )
        )
    return re.escape(text)


def read_day(text: str, named: str) -> date:
    """Return the day that ``text`` says in the format ``named``. Raises NotRead."""
    found = date_pattern(named).fullmatch(text)
    if found is None:
        raise NotRead(
            _l("%(cell)s is not a day in the format %(format)s", cell=shown(text), format=named)
        )
    said = found.groupdict()
    year = int(said.get("year") or f"20{said['short_year']}")
    try:
        return date(year, _month(said), int(said["day"]))
    except ValueError as error:
        raise NotRead(_l("there is no day %(cell)s", cell=shown(text))) from error


def _month(said: dict[str, str | None]) -> int:
    name = said.get("name")
    if name is None:
        return int(said["month"] or 0)
    return MONTHS.index(name.casefold()) + 1 if name.casefold() in MONTHS else 0


def read_number(text: str, decimal: str) -> Decimal:
    """Return the number that ``text`` says, with ``decimal`` before its fraction. Raises NotRead."""
    if not DIGITS[decimal].fullmatch(text):
        if decimal == ".":
            raise NotRead(_l("%(cell)s is not a number such as 4 or 4.5", cell=shown(text)))
        raise NotRead(_l("%(cell)s is not a number such as 4 or 4,5", cell=shown(text)))
    value = Decimal(text.replace(",", "."))
    if abs(value) > LARGEST:
        raise NotRead(_l("%(cell)s is larger than a million", cell=shown(text)))
    return value


def plain(text: str) -> str:
    """Return a cell's words on one line, in one Unicode form, without signs that nobody sees."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (
        c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", text)
    )
    return " ".join("".join(kept).split())


def shown(text: str) -> str:
    """Return a cell as a message shows it: in quotation marks, and short."""
    words = plain(text)
    return f'"{words[:39]}…"' if len(words) > 40 else f'"{words}"'
