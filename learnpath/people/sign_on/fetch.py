"""Asking an issuer something over HTTP: briefly, without following it elsewhere, and never much at a time."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Mapping
from functools import cache
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from learnpath.people.sign_on.providers import LOOPBACK, is_safe

SECONDS = 5.0  # to answer altogether, and for each wait on the way
MOST_BYTES = 512 * 1024
# An issuer that does not answer must not hold all threads of this process, which has four: two may ask at
# once, the others wait a moment for them, and whoever did not answer is left alone for a while.
_AT_ONCE = threading.BoundedSemaphore(2)
TURN = 2.0  # seconds to wait for one's turn
REST = 10.0  # seconds
_resting: dict[str, float] = {}


class IssuerSilent(Exception):
    """The issuer cannot be reached, takes too long, or answers with nothing that can be used."""


class IssuerRefused(Exception):
    """The issuer answered, and the answer is no."""


class _StayHere(HTTPRedirectHandler):
    """Follow nobody: an answer comes from the address that was asked, or there is none."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@cache
def _opener(*, here: bool) -> OpenerDirector:
    """Return what opens addresses; a proxy of the environment is for the world outside only."""
    return build_opener(
        ProxyHandler({} if here else None),
        _StayHere,
        HTTPSHandler(context=ssl.create_default_context()),
    )


def ask(
    address: str, headers: Mapping[str, str] | None = None, form: str | None = None
) -> dict[str, Any]:
    """Return the JSON object at ``address``; with ``form`` it is posted there.

    Raises IssuerSilent and IssuerRefused.
    """
    if not is_safe(address):
        raise IssuerSilent("the address is not HTTPS")
    host = urlsplit(address).netloc
    _check_rest(host)
    if not _AT_ONCE.acquire(timeout=TURN):
        raise IssuerSilent("the issuer keeps others waiting")
    try:
        _check_rest(host)
        return _object(_answer(address, headers or {}, form))
    finally:
        _AT_ONCE.release()


def _check_rest(host: str) -> None:
    if time.monotonic() < _resting.get(host, 0.0):
        raise IssuerSilent("the issuer did not answer a moment ago")


def _answer(address: str, headers: Mapping[str, str], form: str | None) -> bytes:
    body = None if form is None else form.encode()
    request = Request(address, body, {"Accept": "application/json", **headers})  # noqa: S310 - checked above
    until = time.monotonic() + SECONDS
    try:
        with _opener(here=urlsplit(address).hostname in LOOPBACK).open(
            request, timeout=SECONDS
        ) as answer:
            return _read(answer, until)
    except HTTPError as error:
        with error:
            if error.code >= 500 or error.code < 400 or error.code == 429:
                raise IssuerSilent(f"status {error.code}") from None
            raise IssuerRefused(f"status {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        _resting[urlsplit(address).netloc] = time.monotonic() + REST
        raise IssuerSilent(type(error).__name__) from error


def _read(answer: Any, until: float) -> bytes:
    pieces = bytearray()
    while piece := answer.read1(65_536):
        pieces += piece
        if len(pieces) > MOST_BYTES:
            raise IssuerSilent("the answer is too long")
        if time.monotonic() > until:
            raise IssuerSilent("the answer takes too long")
    return bytes(pieces)


def _object(answer: bytes) -> dict[str, Any]:
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise IssuerSilent("the answer is not JSON") from error
    if not isinstance(value, dict):
        raise IssuerSilent("the answer is no object")
    return value
