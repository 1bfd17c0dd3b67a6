"""An office for each test: on SQLite, or on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tests.roster.build import Office


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    """Return an office with an empty SQLite database."""
    return Office(engine, tmp_path)


@pytest.fixture
def any_office(any_engine: Engine, tmp_path: Path) -> Office:
    """Return an office, once on SQLite and once on PostgreSQL."""
    return Office(any_engine, tmp_path)
