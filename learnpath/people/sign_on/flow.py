"""The way to an issuer and back: authorization code with PKCE, state and nonce."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from learnpath.people.sign_on import fetch
from learnpath.people.sign_on.desk import About, Desk
from learnpath.people.sign_on.token import Account, NotProven, account_of

LONGEST_CODE = 4096


@dataclass(frozen=True)
class Journey:
    """What this browser took along when it left for an issuer. It stays with the browser."""

    nonce: str
    verifier: str


def set_out(
    desk: Desk, state: str, back: str, now: datetime, *, choose: bool = False
) -> tuple[str, Journey]:
    """Return the issuer's address to send a browser to, and what the browser keeps meanwhile.

    ``back`` is our address to come back to; with ``choose`` the issuer asks which account is meant. Raises IssuerSilent and IssuerRefused.
    """
    provider = desk.provider
    journey = Journey(nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))
    address = prepare_grant_uri(
        desk.about(now).authorization,
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=back,
        scope=" ".join(provider.scopes),
        state=state,
        nonce=journey.nonce,
        code_challenge=create_s256_code_challenge(journey.verifier),
        code_challenge_method="S256",
        **provider.ask,
        **({"prompt": "select_account"} if choose else {}),
    )
    return str(address), journey


def come_back(
    desk: Desk, journey: Journey | None, answer: Mapping[str, str], back: str, now: datetime
) -> Account:
    """Return the account that the browser comes back with; ``answer`` is what its address says.

    A browser without a ``journey`` did not ask. Raises NotProven, IssuerSilent and IssuerRefused.
    """
    if journey is None:
        raise NotProven("this browser did not ask")
    about = desk.about(now)
    _check_who_answers(desk, about, answer.get("iss"))
    code = answer.get("code", "")
    if "error" in answer or not 0 < len(code) <= LONGEST_CODE:
        raise NotProven("the issuer sent no code")
    return account_of(desk, _redeem(desk, about, code, journey, back), journey.nonce, now)


def _check_who_answers(desk: Desk, about: About, named: str | None) -> None:
    """Refuse the answer of another issuer (RFC 9207), and an unnamed one where names are the rule."""
    if named is None and not about.names_itself:
        return
    if named is None or not hmac.compare_digest(named.encode(), desk.provider.issuer.encode()):
        raise NotProven("another issuer answers")


def _redeem(
    desk: Desk, about: About, code: str, journey: Journey, back: str
) -> Mapping[str, object]:
    provider = desk.provider
    form = prepare_token_request(
        "authorization_code", code=code, redirect_uri=back, code_verifier=journey.verifier
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    auth = ClientAuth(provider.client_id, provider.client_secret, _client_auth(desk, about))
    address, headers, form = auth.prepare("POST", about.token, headers, form)
    return fetch.ask(address, headers, form)


def _client_auth(desk: Desk, about: About) -> str:
    """Return how we show the issuer that it is us: as the file says, else as the issuer prefers."""
    if desk.provider.client_auth:
        return desk.provider.client_auth
    basic = "client_secret_basic" in about.client_auths
    return "client_secret_basic" if basic else "client_secret_post"
