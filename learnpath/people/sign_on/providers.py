"""The issuers that a school trusts: one table each in a TOML file, read and checked once, at start.

The file holds no secrets. A secret comes from its own file or from ``LEARNPATH_SIGN_ON_SECRET_<NAME>``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from learnpath.errors import SettingsError

SETTING = "LEARNPATH_SIGN_ON"
SECRET_PREFIX = "SIGN_ON_SECRET_"  # noqa: S105 - how the names of secrets begin
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CLIENT_AUTHS = ("client_secret_basic", "client_secret_post", "none")
# Parameters of the request that are ours to set: a file that could change them could switch checks off.
OURS = frozenset(
    "client_id client_secret code code_challenge code_challenge_method code_verifier nonce redirect_uri "
    "request request_uri response_mode response_type scope state".split()
)
# Claims that are checked anyway: a file that named them could only weaken that.
CHECKED = frozenset("aud at_hash azp email exp iat iss nbf nonce sub".split())
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


@dataclass(frozen=True)
class Provider:
    """One issuer, and how this school uses it."""

    key: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    client_auth: str = ""
    scopes: tuple[str, ...] = ("openid", "email")
    # Which claim names the account for ever. The standard says "sub"; Entra's "oid" is the same in all apps.
    subject: str = "sub"
    # Claims that must be there with exactly this value, such as the school's own tenant.
    must: Mapping[str, str] = field(default_factory=dict)
    # More parameters of the request, such as prompt = "select_account".
    ask: Mapping[str, str] = field(default_factory=dict)
    # A first link by address: in these domains, when this claim says that the address was verified.
    domains: tuple[str, ...] = ()
    verified: str = "email_verified"
    # Whether this account is used on devices that others use after: a sign-in by it rests sooner.
    shared: bool = False

    @property
    def back(self) -> str:
        """Our path that the issuer sends a browser back to."""
        return f"/sign-on/{self.key}/back"


def read(path: Path, secrets: Mapping[str, str]) -> tuple[Provider, ...]:
    """Return the providers in the file ``path``, in its order.

    ``secrets`` are our variables without their prefix. Raises SettingsError, naming the place, for the
    first thing that is wrong; no message repeats a secret.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{SETTING}: {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{SETTING}: {path} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{SETTING}: {path} is not TOML ({error}).") from error
    if not tables:
        raise SettingsError(f"{SETTING}: {path} names no issuer.")
    providers = tuple(_Table(path, key, table).provider(secrets) for key, table in tables.items())
    check_secrets_have_a_place(providers, secrets)
    return providers


def secret_name(key: str) -> str:
    """Return the name, without our prefix, of the variable that holds a provider's secret."""
    return SECRET_PREFIX + key.upper().replace("-", "_")


def check_secrets_have_a_place(providers: tuple[Provider, ...], secrets: Mapping[str, str]) -> None:
    """Refuse the secret of an issuer that is not there: it was meant for one with another name."""
    known = {secret_name(provider.key) for provider in providers}
    for name in sorted(secrets):
        if name.startswith(SECRET_PREFIX) and name not in known:
            raise SettingsError(f"LEARNPATH_{name}: no issuer in {SETTING} has that name.")


class _Table:
    """One table of the file, read key by key; what is left over at the end is refused."""

    def __init__(self, path: Path, key: str, table: Any) -> None:
        self._where = f"{SETTING}: [{key}]"
        self._folder = path.parent
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", key):
            raise SettingsError(f"{self._where} must be named in small letters, as in [google].")
        if not isinstance(table, dict):
            raise SettingsError(f"{self._where} must be a table.")
        self._key, self._left = key, dict(table)

    def provider(self, secrets: Mapping[str, str]) -> Provider:
        """Return the provider that the table describes."""
        issuer = self._issuer()
        client_auth = self._choice("client_auth", CLIENT_AUTHS)
        made = Provider(
            key=self._key,
            label=self._text("label", longest=40),
            issuer=issuer,
            client_id=self._text("client_id", longest=255),
            client_secret=self._secret(secrets, needed=client_auth != "none"),
            client_auth=client_auth,
            scopes=self._scopes(),
            subject=self._text("subject", default="sub", longest=60),
            must=self._without("must", CHECKED),
            ask=self._without("ask", OURS),
            domains=self._domains(),
            verified=self._text("verified", default="email_verified", longest=60),
            shared=self._yes_no("shared"),
        )
        if self._left:
            raise self._wrong(min(self._left), "is not known")
        return made

    def _wrong(self, name: str, what: str) -> SettingsError:
        return SettingsError(f"{self._where} {name} {what}.")

    def _text(self, name: str, *, default: str | None = None, longest: int) -> str:
        value = self._left.pop(name, default)
        if value is None:
            raise self._wrong(name, "is missing")
        if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
            raise self._wrong(name, f"must be text of 1 to {longest} characters")
        return value.strip()

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._left.pop(name, "")
        if value and value not in choices:
            raise self._wrong(name, f"must be one of: {', '.join(choices)}")
        return str(value)

    def _yes_no(self, name: str) -> bool:
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "must be true or false")
        return value

    def _issuer(self) -> str:
        issuer = self._text("issuer", longest=255)
        try:
            parts = urlsplit(issuer)
            _ = parts.port
        except ValueError:
            parts = urlsplit("")
        if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise self._wrong("issuer", "must be an address such as https://login.example.org")
        if not is_safe(issuer):
            raise self._wrong("issuer", "must begin with https://")
        if re.search(r"[{}<>\s]", issuer) or "/common/" in issuer or "/organizations/" in issuer:
            raise self._wrong("issuer", "must name the one tenant of the school")
        return issuer

    def _secret(self, secrets: Mapping[str, str], *, needed: bool) -> str:
        name = secret_name(self._key)
        file = self._left.pop("client_secret_file", None)
        if file is not None and not isinstance(file, str):
            raise self._wrong("client_secret_file", "must be the path of a file")
        if file is not None and name in secrets:
            raise self._wrong("client_secret_file", f"and LEARNPATH_{name} are both set")
        secret = self._read_secret(file) if file else secrets.get(name, "")
        if needed and not secret:
            raise self._wrong("has no secret:", f"set client_secret_file or LEARNPATH_{name}")
        if secret and not (secret.isascii() and secret.isprintable()):
            raise self._wrong("the secret", "must be one line of plain characters")
        return secret

    def _read_secret(self, file: str) -> str:
        try:
            return (self._folder / file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, RuntimeError, UnicodeDecodeError) as error:
            raise self._wrong("client_secret_file", f"{file} cannot be read") from error

    def _texts(self, name: str) -> tuple[str, ...] | None:
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(name, "must be a list of texts")
        return tuple(value)

    def _scopes(self) -> tuple[str, ...]:
        scopes = self._texts("scopes") or Provider.scopes
        if "openid" not in scopes or not all(re.fullmatch(r"[!#-\[\]-~]+", one) for one in scopes):
            raise self._wrong("scopes", 'must be a list with "openid" in it')
        return scopes

    def _domains(self) -> tuple[str, ...]:
        domains = self._texts("domains") or ()
        if not all(DOMAIN.fullmatch(one) for one in domains):
            raise self._wrong("domains", 'must be a list such as ["school.example.org"]')
        return domains

    def _mapping(self, name: str) -> dict[str, str]:
        value = self._left.pop(name, {})
        if not isinstance(value, dict) or not all(
            isinstance(one, str) and one for one in value.values()
        ):
            raise self._wrong(name, "must be a table of texts")
        return dict(value)

    def _without(self, name: str, taken: frozenset[str]) -> dict[str, str]:
        mapping = self._mapping(name)
        for key in sorted(mapping.keys() & taken):
            raise self._wrong(name, f"must not set {key}")
        return mapping


def is_safe(address: str) -> bool:
    """Tell whether an address may be asked: HTTPS, or plain HTTP on this very machine (for tests)."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
