"""Checking what an issuer says about a person: the signature first, then every claim that guards something.

OpenID Connect Core 1.0, section 3.1.3.7, with the checks of authlib's ``CodeIDToken``.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError

from learnpath.people.sign_on import fetch
from learnpath.people.sign_on.desk import Desk, PublicKey
from learnpath.people.sign_on.fetch import IssuerRefused, IssuerSilent
from learnpath.people.sign_on.providers import Provider

# Signatures with a public key only: with "none" or a shared secret anybody could write a token.
ALGORITHMS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
}
LEEWAY = 120  # seconds that two clocks may differ
OLDEST = 600  # seconds: a token of the code flow is made while the browser comes back
LONGEST_TOKEN = 64 * 1024
YES = (True, 1, "1", "true")


class NotProven(Exception):
    """What came back does not prove who somebody is. The text is for the log and names no person."""


@dataclass(frozen=True)
class Account:
    """An account at an issuer, proven just now by the answer to ``nonce``.

    ``email`` is there only when the issuer verified it and the school allows its domain. ``shown`` is for the
    eyes of who sits there: whatever address the issuer says, with all but a letter of its name covered.
    """

    issuer: str
    subject: str
    nonce: str
    email: str = ""
    shown: str = ""


def account_of(desk: Desk, answer: Mapping[str, Any], nonce: str, now: datetime) -> Account:
    """Return the account that the token endpoint's ``answer`` proves.

    Raises NotProven, and IssuerSilent or IssuerRefused when the keys cannot be had.
    """
    text = answer.get("id_token")
    if not isinstance(text, str) or len(text) > LONGEST_TOKEN:
        raise NotProven("there is no token")
    header, key = _signing_key(desk, text, now)
    try:
        read = jwt.decode(text, key, algorithms=[header["alg"]])
        claims = _checked(desk.provider, read.header, read.claims, answer, nonce, now)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotProven(" ".join(f"{type(error).__name__} {error}".split())[:200]) from error
    return _account(desk.provider, {**claims, **_told_apart(desk, answer, claims, now)})


def _told_apart(
    desk: Desk, answer: Mapping[str, Any], claims: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return what the issuer tells of the address where the token says nothing, as some do.

    It is about the same person, or it is about nobody (section 5.3.2). Without it a code on paper is left.
    """
    where, access = desk.about(now).person, answer.get("access_token")
    if not desk.provider.domains or "email" in claims or not where or not isinstance(access, str):
        return {}
    try:
        told = fetch.ask(where, {"Authorization": f"Bearer {access}"})
    except (IssuerSilent, IssuerRefused):
        return {}
    if told.get("sub") != claims["sub"]:
        return {}
    return {name: told.get(name) for name in ("email", desk.provider.verified)}


def _signing_key(desk: Desk, text: str, now: datetime) -> tuple[dict[str, Any], PublicKey]:
    header = _header(text)
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise NotProven("the key has no name")
    if header.get("alg") not in {name for names in ALGORITHMS.values() for name in names}:
        raise NotProven("the token is not signed with a public key")
    key = desk.key(kid, now)
    if key is None:
        raise NotProven("no such key")
    if header["alg"] not in ALGORITHMS[key.key_type] or key.alg not in (None, header["alg"]):
        raise NotProven("the key is for another kind of signature")
    return header, key


def _header(text: str) -> dict[str, Any]:
    """Return a token's header, which nobody has vouched for yet."""
    part = text.split(".", 1)[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise NotProven("the token has no header") from error
    if not isinstance(header, dict):
        raise NotProven("the token has no header")
    return header


def _checked(
    provider: Provider, header: Mapping[str, Any], claims: Mapping[str, Any],
    answer: Mapping[str, Any], nonce: str, now: datetime,
) -> Mapping[str, Any]:  # fmt: skip
    seconds = int(now.timestamp())
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
        **{name: {"essential": True, "value": value} for name, value in provider.must.items()},
    }
    params = {
        "client_id": provider.client_id,
        "nonce": nonce,
        "access_token": answer.get("access_token"),
    }
    CodeIDToken(claims, header, options, params).validate(now=seconds, leeway=LEEWAY)
    if claims["iat"] < seconds - OLDEST - LEEWAY:
        raise NotProven("the token is old")
    # The library takes any list with the value in it; these are said once, and exactly.
    exact = {"iss": provider.issuer, "nonce": nonce, **provider.must}
    for name, value in exact.items():
        said = claims.get(name)
        if not isinstance(said, str) or not hmac.compare_digest(said.encode(), value.encode()):
            raise NotProven(f"the claim {name} is another one")
    return claims


def _account(provider: Provider, claims: Mapping[str, Any]) -> Account:
    subject = claims.get(provider.subject)
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise NotProven("the token names nobody")
    address = _verified_address(provider, claims)
    return Account(provider.issuer, subject, claims["nonce"], address, masked(claims.get("email")))


def masked(address: Any) -> str:
    """Return an address by its first letter and its domain ("m•••@school.org"), or nothing."""
    if not isinstance(address, str) or len(address) > 254:
        return ""
    name, _, domain = address.rpartition("@")
    if not (name and domain and address.isprintable()):
        return ""
    return f"{name[0]}•••@{domain}"


def _verified_address(provider: Provider, claims: Mapping[str, Any]) -> str:
    """Return the address that the issuer verified, in small letters, or nothing.

    Letters outside ASCII are refused: some of them turn into others when made small.
    """
    address, verified = claims.get("email"), claims.get(provider.verified)
    if not isinstance(address, str) or verified not in YES:
        return ""
    if not (address.isascii() and address.isprintable()) or len(address) > 254 or " " in address:
        return ""
    local, _, domain = address.lower().rpartition("@")
    return f"{local}@{domain}" if local and domain in provider.domains else ""
