"""Tables for a spreadsheet: the one place that writes CSV, so that no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

# What a spreadsheet may take for a formula: the signs that begin one, also behind spaces or as wide as East Asian
# keyboards write them, and the characters that some drop before they look. A plain negative number is left as it is.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def cell(value: object) -> str:
    """Return a value as the text of a cell that a spreadsheet shows and does not run."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


class Table:
    """Rows of a CSV file, written one after another."""

    def __init__(self, file: TextIO) -> None:
        self._out = csv.writer(file)

    def row(self, cells: Iterable[object]) -> None:
        """Write one row."""
        self._out.writerow([cell(one) for one in cells])
