"""All tables of all rooms: importing this module makes the metadata complete (migrations need it)."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from learnpath.db import harden

ROOMS_WITH_TABLES = (
    "people", "people.sign_on", "school", "record", "profiles", "goals", "outcomes", "conferences", "continuum",
    "today",
)  # fmt: skip


def complete_metadata() -> MetaData:
    """Return the metadata with every table of every room, as strict as the database is to be."""
    for room in ROOMS_WITH_TABLES:
        import_module(f"learnpath.{room}.models")
    harden(SQLModel.metadata)
    return SQLModel.metadata
