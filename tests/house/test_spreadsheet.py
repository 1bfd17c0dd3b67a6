"""Tables for spreadsheets: no cell is taken for a formula, and one place writes them all."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, strategies as st

from learnpath import resources
from learnpath.spreadsheet import Table, cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1", "@x", "\tx", "\rx", "  =1", "\n=1", "-", "+"]
)
def test_what_could_be_a_formula_begins_with_a_quotation_mark(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["words", "", "-3", "-3.5", 7, -7, "a=b", "x@y"])
def test_everything_else_is_left_as_it_is(value: object) -> None:
    assert cell(value) == str(value)


@given(st.lists(st.text(), min_size=2))
def test_rows_can_be_read_again(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    Table(file).row(cells)
    (row,) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert row == [cell(one) for one in cells]
    assert not [one for one in row if re.match(r"[=+@\t\r]", one)]


def test_no_other_module_writes_a_table() -> None:
    writers = [
        file.name
        for file in (resources.ROOT / "learnpath").rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)", file.read_text(encoding="utf-8"))
    ]
    assert writers == ["spreadsheet.py"]
