"""One app for all these tests, each on a database of its own: putting an app together takes longer than most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from learnpath import clock, create_app
from learnpath.config import Settings
from learnpath.db import make_engine
from tests.builders import MONDAY
from tests.conftest import SECRET


@pytest.fixture(scope="session")
def one_app(
    compiled_templates: FileSystemBytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """Return the app, with no database yet."""
    nowhere: Path = tmp_path_factory.mktemp("badges")
    app = create_app(Settings(nowhere, f"sqlite:///{nowhere}/none.db", SECRET, chartjs="local"))
    app.jinja_env.bytecode_cache = compiled_templates
    app.testing = False  # errors become pages, as they do for people
    return app


@pytest.fixture
def make_app(one_app: Flask, settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Return what gives the app this test's database, and some other settings."""
    engine = make_engine(settings.database_url)
    clock.install(MONDAY)

    def make(**changes: object) -> Flask:
        one_app.extensions["learnpath.engine"] = engine
        one_app.extensions["learnpath.settings"] = replace(settings, **changes)  # type: ignore[arg-type]
        one_app.extensions.pop("learnpath.access_log", None)
        return one_app

    yield make
    engine.dispose()
