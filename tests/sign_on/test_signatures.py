"""Signatures of every kind that issuers use, checked without any network."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from learnpath.people.sign_on.desk import About
from learnpath.people.sign_on.providers import Provider
from learnpath.people.sign_on.token import NotProven, account_of
from tests.builders import MONDAY
from tests.sign_on.conftest import trusted

NOW = int(MONDAY.timestamp())
RSA, EC, EC_384 = (
    RSAKey.generate_key(2048),
    ECKey.generate_key("P-256"),
    ECKey.generate_key("P-384"),
)


@dataclass
class OneKey:
    """An issuer with a single key."""

    known: Key
    provider: Provider = field(default_factory=lambda: trusted("https://login.example.org"))

    def key(self, kid: str | None, now: datetime) -> Key:
        return self.known

    def about(self, now: datetime) -> About:
        return About("", "", "", "", (), names_itself=False)


def a_token(alg: str, key: Key, **claims: Any) -> dict[str, str]:
    """Return the answer of a token endpoint."""
    said = {
        "iss": "https://login.example.org", "aud": "learner-paths", "sub": "s-1", "nonce": "n",
        "iat": NOW, "exp": NOW + 300, **claims,
    }  # fmt: skip
    return {"id_token": jwt.encode({"alg": alg}, said, key, [alg])}


@pytest.mark.parametrize(
    ("alg", "key"), [("RS256", RSA), ("RS512", RSA), ("PS256", RSA), ("ES256", EC), ("ES384", EC_384)]
)  # fmt: skip
def test_a_signature_with_a_public_key_counts_and_with_another_key_it_does_not(
    alg: str, key: Key
) -> None:
    assert account_of(OneKey(key), a_token(alg, key), "n", MONDAY).subject == "s-1"
    other = type(key).generate_key({"RS": 2048, "PS": 2048}.get(alg[:2], "P-" + alg[2:]))
    for known in (other, EC if key is RSA else RSA):
        with pytest.raises(NotProven):
            account_of(OneKey(known), a_token(alg, key), "n", MONDAY)


def test_a_key_that_is_meant_for_one_kind_signs_no_other() -> None:
    strict = RSAKey.import_key({**RSA.as_dict(private=True), "alg": "RS256"})
    assert account_of(OneKey(strict), a_token("RS256", RSA), "n", MONDAY).subject == "s-1"
    with pytest.raises(NotProven, match="another kind"):
        account_of(OneKey(strict), a_token("PS256", RSA), "n", MONDAY)


def test_every_letter_of_a_token_counts() -> None:
    whole = a_token("ES256", EC)["id_token"]
    for place in range(0, len(whole) - 1, 7):  # the last letter has bits that say nothing
        changed = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
        with pytest.raises(NotProven):
            account_of(OneKey(EC), {"id_token": changed}, "n", MONDAY)
    for broken in (
        "",
        ".",
        "..",
        "a.b.c",
        whole[:-1],
        whole + ".x",
        "[" * 70_000,
        "\ud800.a.b",
        None,
    ):
        with pytest.raises(NotProven):
            account_of(OneKey(EC), {"id_token": broken}, "n", MONDAY)
