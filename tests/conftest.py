"""What every test may ask for: a database, an app with its clock stopped, and visitors to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.engine import Engine
from sqlmodel import Session

from learnpath import clock, create_app, migrate, pdf
from learnpath.config import Settings
from learnpath.db import make_engine, open_session, unit_of_work
from learnpath.goals.file_store import FolderStore
from learnpath.people import passwords, printed
from learnpath.people.models import Hat, Person
from tests.browsing import LiveServer, launch, served
from tests.builders import MONDAY
from tests.counting import Counter
from tests.living import House
from tests.postgres import PostgresServer
from tests.quick import be_quick
from tests.visiting import Visitor
from tests.world import World, a_world

be_quick()

SECRET = "a secret that only the tests know, and long enough"


@pytest.fixture(autouse=True)
def _clock_stands_still() -> Iterator[None]:
    with clock.standing_at(MONDAY):
        yield
    clock.install(None)


_real_hasher = passwords.hasher
_quick_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hash passwords quickly: Argon2id is slow on purpose, and tests sign in thousands of times."""
    passwords.hasher = lambda: _quick_hasher  # type: ignore[assignment]
    printed.hasher = lambda: _quick_hasher  # type: ignore[assignment]
    yield
    passwords.hasher = _real_hasher


@pytest.fixture
def slow_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as for people."""
    monkeypatch.setattr(passwords, "hasher", _real_hasher)


# -- databases ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite database that the migrations made, to be copied for each test."""
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """Return the address of a fresh, migrated SQLite database."""
    copy = tmp_path / "learnpath.db"
    shutil.copyfile(migrated_file, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Return a PostgreSQL server of this worker's own, with a migrated database."""
    # Not below pytest's own folder: every pytest that starts closes that one to the server's user.
    with (
        TemporaryDirectory(prefix="learnpath-postgres-", ignore_cleanup_errors=True) as folder,
        PostgresServer.started(Path(folder)) as server,
    ):
        yield server


@pytest.fixture
def postgresql_url(postgres: PostgresServer) -> Iterator[str]:
    """Return the address of an empty, migrated PostgreSQL database."""
    with postgres.migrated_database() as url:
        yield url


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """Return an engine on a fresh SQLite database."""
    made = make_engine(sqlite_url)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Return an engine on a fresh database, once on SQLite and once on PostgreSQL."""
    made = make_engine(request.getfixturevalue(f"{request.param}_url"))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a writing session to arrange things with. Commit before a request comes in."""
    with open_session(engine, writing=True) as opened:
        yield opened


@pytest.fixture
def any_session(any_engine: Engine) -> Iterator[Session]:
    """Return a writing session, once on SQLite and once on PostgreSQL."""
    with open_session(any_engine, writing=True) as opened:
        yield opened


@contextmanager
def counted(engine: Engine) -> Iterator[Counter]:
    """Count the statements that ``engine`` runs inside the block."""
    counter = Counter()
    sa.event.listen(engine, "before_cursor_execute", counter)
    try:
        yield counter
    finally:
        sa.event.remove(engine, "before_cursor_execute", counter)


# -- the app and its visitors ----------------------------------------------------------------------


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """Return settings for an app on the test's own database."""
    return Settings(
        data_dir=tmp_path, database_url=sqlite_url, secret_key=SECRET, chartjs="local", now=MONDAY
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Return where compiled templates are kept, so that not each test's app compiles them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(
    settings: Settings, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Callable[..., Flask]]:
    """Return a maker of apps with some settings changed."""
    made: list[Flask] = []

    def make(**changes: object) -> Flask:
        app = create_app(replace(settings, **changes))  # type: ignore[arg-type]
        app.jinja_env.bytecode_cache = compiled_templates
        app.testing = False  # errors become pages, as they do for people
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["learnpath.engine"].dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """Return an app on the test's own database, its clock standing at ``MONDAY``."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client without a sign-in."""
    return app.test_client()


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Return a maker of visitors: ``visit(person)`` is signed in, ``visit(None)`` is not."""

    def make(person: Person | None, hat: Hat | None = None) -> Visitor:
        return Visitor(app, person, hat)

    return make


# -- real browsers -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium, one for each worker."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def live(app: Flask) -> Iterator[LiveServer]:
    """Return the app, listening on a port of this machine."""
    with served(app) as server:
        yield server


# -- a world with everything in it ------------------------------------------------------------------


@pytest.fixture(scope="session")
def built_world(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """Return an SQLite database with the whole world in it, and what is where."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copyfile(migrated_file, path)
    engine = make_engine(f"sqlite:///{path}")
    with clock.standing_at(MONDAY), unit_of_work(engine) as session:
        world = a_world(session, FolderStore(path.parent / "files"))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path, world


@pytest.fixture(scope="module")
def house(
    built_world: tuple[Path, World],
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[House]:
    """Return the app on a copy of the world. What goes on paper is not laid out: a PDF holds its page."""
    source, world = built_world
    folder = tmp_path_factory.mktemp("matrix")
    copy = folder / "world.db"
    shutil.copyfile(source, copy)
    shutil.copytree(source.parent / "files", folder / "files")
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{copy}",
        secret_key=SECRET,
        chartjs="local",
        now=MONDAY,
    )
    with clock.standing_at(MONDAY), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "draw", lambda html, _sizes: html.encode())
        app = create_app(settings)
        app.testing = False
        app.jinja_env.bytecode_cache = compiled_templates
        yield House(app, world, source, copy)
    app.extensions["learnpath.engine"].dispose()
