"""A provider in a process of its own, an app that trusts it, and people who go there and come back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from learnpath import clock, create_app
from learnpath.config import Settings
from learnpath.people.sign_on import fetch
from learnpath.people.sign_on.desk import Desk
from learnpath.people.sign_on.providers import Provider
from tests.builders import MONDAY
from tests.conftest import SECRET
from tests.sign_on.provider import CLIENT_ID, CLIENT_SECRET
from tests.visiting import Page, Visitor

ROOT = Path(__file__).parents[2]
DOMAIN = "ridgeline.example.org"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


# Whatever proxy the machine has: this provider is on this machine.
_opener = build_opener(ProxyHandler({}), _Stay)


@dataclass(frozen=True)
class LocalProvider:
    """The provider's process, as tests talk to it."""

    url: str

    def tell(self, what: str, **said: Any) -> list[str]:
        """Tell the provider something; return what it was asked by the app so far."""
        body = json.dumps(said).encode()
        request = Request(
            f"{self.url}/test/{what}", body, {"Content-Type": "application/json"}, method="POST"
        )
        with _opener.open(request, timeout=5) as answer:
            return json.load(answer)["asked"]

    def mood(self, **said: Any) -> None:
        """Let the provider misbehave from now on."""
        self.tell("mood", **said)

    def somebody(self, sub: str, email: str = "", *, verified: Any = True, **claims: Any) -> None:
        """Let somebody sit in front of the provider."""
        self.tell("account", sub=sub, email=email, email_verified=verified, **claims)

    def go_on(self, address: str) -> str:
        """Press the button on the provider's page, and return where it sends the browser."""
        with (
            pytest.raises(HTTPError) as redirect,
            _opener.open(Request(address, b"", method="POST"), timeout=5),
        ):
            pass
        with redirect.value as answer:
            assert answer.headers["Location"], answer.read()
            return answer.headers["Location"]


@pytest.fixture(scope="session")
def provider_process() -> Iterator[LocalProvider]:
    """Return the provider, started once a worker."""
    command = [sys.executable, "-m", "tests.sign_on.provider", str(int(MONDAY.timestamp()))]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield LocalProvider(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


@pytest.fixture
def provider(provider_process: LocalProvider) -> LocalProvider:
    """Return the provider, honest, with nobody of the roster in front of it."""
    fetch._resting.clear()
    provider_process.tell("start-anew")
    return provider_process


def trusted(url: str, **changes: Any) -> Provider:
    """Return the local provider as a school's settings name it."""
    facts: dict[str, Any] = {
        "key": "ridgeline", "label": "Ridgeline", "issuer": url, "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET, "domains": (DOMAIN,),
    }  # fmt: skip
    return Provider(**{**facts, **changes})


@pytest.fixture(scope="session")
def one_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the database of these tests lies: each test finds a fresh one there."""
    return tmp_path_factory.mktemp("sign-on") / "learnpath.db"


@pytest.fixture
def sqlite_url(migrated_file: Path, one_place: Path) -> str:
    """Return the address of a fresh, migrated SQLite database, at the place that the app knows."""
    for old in one_place.parent.glob("learnpath.db*"):
        old.unlink()
    shutil.copyfile(migrated_file, one_place)
    return f"sqlite:///{one_place}"


@pytest.fixture(scope="session")
def one_app(
    one_place: Path, provider_process: LocalProvider, compiled_templates: FileSystemBytecodeCache
) -> Flask:
    """Return an app that trusts the local provider: to make one takes longer than most tests."""
    made = create_app(
        Settings(
            data_dir=one_place.parent, database_url=f"sqlite:///{one_place}", secret_key=SECRET,
            chartjs="local", now=MONDAY, sign_on=(trusted(provider_process.url),),
        )
    )  # fmt: skip
    made.jinja_env.bytecode_cache = compiled_templates
    made.testing = False
    return made


def meet_anew(app: Flask, url: str) -> None:
    """Let an app trust the provider at ``url`` as if it had never asked it anything."""
    app.extensions["learnpath.sign_on"] = {"ridgeline": Desk(trusted(url))}


@pytest.fixture
def app(one_app: Flask, sqlite_url: str, provider: LocalProvider) -> Iterator[Flask]:
    """Return the app on a fresh database, with nothing kept of the provider yet."""
    assert one_app.extensions["learnpath.settings"].database_url == sqlite_url
    one_app.extensions["learnpath.engine"].dispose()  # it may know the file that lay there before
    meet_anew(one_app, provider.url)
    clock.install(MONDAY)
    yield one_app
    one_app.extensions["learnpath.engine"].dispose()


@dataclass
class Traveller:
    """A browser that goes to the provider and comes back."""

    visitor: Visitor
    provider: LocalProvider

    def leave(self, after: str = "") -> str:
        """Choose the provider on the sign-in page; return the provider's address."""
        page = self.visitor.get(f"/sign-on/ridgeline{after}")
        assert page.status == 303, page.words
        return page.location

    def come_back(self, address: str) -> Page:
        """Open our address that the provider sent the browser to."""
        parts = urlsplit(address)
        page = self.visitor.get(f"{parts.path}?{parts.query}")
        self.visitor.forget_token()
        return page

    def sign_in(self, after: str = "") -> Page:
        """Go there and come back."""
        return self.come_back(self.provider.go_on(self.leave(after)))

    def is_in(self) -> bool:
        """Tell whether this browser is signed in."""
        return self.visitor.get("/").status == 200


def asked_of(address: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def traveller(visit: Callable[..., Visitor], provider: LocalProvider) -> Callable[[], Traveller]:
    """Return a maker of browsers."""
    return lambda: Traveller(visit(None), provider)
