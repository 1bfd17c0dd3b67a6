"""What an issuer says about itself: its addresses and its keys, kept a while by each process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from learnpath.people.sign_on import fetch
from learnpath.people.sign_on.fetch import IssuerSilent
from learnpath.people.sign_on.providers import Provider, is_safe

KEPT = timedelta(hours=1)
# A token with a key that nobody knows makes us look for new keys, but not again and again.
LOOK_AGAIN = timedelta(seconds=30)
MOST_KEYS = 50
SHORTEST_RSA = 2048 * 4 // 3 // 8  # letters of a modulus in base64
PublicKey = RSAKey | ECKey


@dataclass(frozen=True)
class About:
    """The addresses in an issuer's discovery document."""

    authorization: str
    token: str
    keys: str
    person: str  # where it tells about a person, or nothing
    client_auths: tuple[str, ...]
    names_itself: bool  # whether its answers carry the parameter ``iss``


@dataclass(frozen=True)
class _Kept:
    value: Any
    at: datetime


class Desk:
    """All that one process knows of one issuer.

    Two threads may ask the same at once: nobody waits for somebody else's answer with a lock in hand.
    """

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._about: _Kept | None = None
        self._keys: _Kept | None = None

    def about(self, now: datetime) -> About:
        """Return the issuer's addresses, asked anew each hour. Raises IssuerSilent, IssuerRefused."""
        kept = self._about
        if kept is None or not now - KEPT < kept.at <= now:
            found = _about(self.provider, fetch.ask(_discovery(self.provider.issuer)))
            self._about = kept = _Kept(found, now)
        about: About = kept.value
        return about

    def key(self, kid: str | None, now: datetime) -> PublicKey | None:
        """Return the issuer's key with that name (or its only one), or None when it has none such.

        An unknown name makes us ask for the keys again, twice a minute at most: issuers change keys,
        and anybody can make up a name. Raises IssuerSilent, IssuerRefused.
        """
        kept = self._keys
        old = kept is None or not now - KEPT < kept.at <= now
        found = None if old or kept is None else _named(kept.value, kid)
        if found is None and (old or kept is None or now - kept.at >= LOOK_AGAIN):
            kept = _Kept(_keys(fetch.ask(self.about(now).keys)), now)
            self._keys = kept
            found = _named(kept.value, kid)
        return found

    def keys_offered(self, now: datetime) -> int:
        """Return how many keys of the issuer can be used. Raises IssuerSilent, IssuerRefused."""
        return len(_keys(fetch.ask(self.about(now).keys)))


def _discovery(issuer: str) -> str:
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def _about(provider: Provider, document: dict[str, Any]) -> About:
    if document.get("issuer") != provider.issuer:
        raise IssuerSilent("the discovery document is another issuer's")
    methods = document.get("token_endpoint_auth_methods_supported")
    return About(
        _address(document, "authorization_endpoint"),
        _address(document, "token_endpoint"),
        _address(document, "jwks_uri"),
        _address(document, "userinfo_endpoint") if "userinfo_endpoint" in document else "",
        tuple(methods) if isinstance(methods, list) else ("client_secret_basic",),
        document.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(document: dict[str, Any], name: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise IssuerSilent(f"the discovery document has no {name}")
    return address


def _keys(document: dict[str, Any]) -> list[PublicKey]:
    """Return the keys that can check a signature: public and strong, and none meant for encryption."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise IssuerSilent("the issuer has no list of keys")
    keys: list[PublicKey] = []
    for one in listed[:MOST_KEYS]:
        if not isinstance(one, dict) or one.get("use", "sig") != "sig":
            continue
        try:
            if one.get("kty") == "EC":
                keys.append(ECKey.import_key(one))
            elif one.get("kty") == "RSA" and len(one["n"]) >= SHORTEST_RSA:
                keys.append(RSAKey.import_key(one))
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # a key that is broken: others may still serve
    return keys


def _named(keys: list[PublicKey], kid: str | None) -> PublicKey | None:
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.kid == kid), None)
