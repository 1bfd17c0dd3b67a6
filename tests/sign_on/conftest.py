"""A provider in a process of its own, an app that trusts it, and people who go there and come back."""

from __future__ import annotations

import json
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

from learnpath.people.sign_on.providers import Provider
from tests.builders import MONDAY
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
    provider_process.tell("start-anew")
    return provider_process


def trusted(url: str, **changes: Any) -> Provider:
    """Return the local provider as a school's settings name it."""
    facts: dict[str, Any] = {
        "key": "ridgeline", "label": "Ridgeline", "issuer": url, "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET, "domains": (DOMAIN,),
    }  # fmt: skip
    return Provider(**{**facts, **changes})


@pytest.fixture
def app(make_app: Callable[..., Flask], provider: LocalProvider) -> Flask:
    """Return an app that trusts the local provider."""
    return make_app(sign_on=(trusted(provider.url),))


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
