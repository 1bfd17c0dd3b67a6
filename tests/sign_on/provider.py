"""A provider of OpenID Connect, made with Authlib's server side: a process of its own, honest until it is told otherwise.

``python -m tests.sign_on.provider SECONDS`` prints its port. ``POST /test/mood`` tells it how to misbehave from then on,
``POST /test/account`` who sits in front of it, ``POST /test/new-key`` to sign with another key.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP, on this machine only

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, UserInfo
from authlib.oidc.core.grants import OpenIDCode
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from flask import Flask, Response, jsonify, redirect, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "learner-paths", "a secret between the two of us"


@dataclass
class Account:
    """Who sits in front of the provider."""

    sub: str = "u-1"
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code that was handed out."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    account: Account

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Client(ClientMixin):  # type: ignore[misc]
    """The one app that is registered here."""

    client_id = CLIENT_ID

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(one for one in scope.split() if one in {"openid", "email", "profile"})

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-on/ridgeline/back")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"} and endpoint == "token"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class House:
    """All that the provider remembers."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.issuer = ""
        self.codes: dict[str, Code] = {}
        self.asked: list[str] = []
        self.access = ""
        self.start_anew()

    def start_anew(self) -> None:
        """Be honest again, with the first person and the first key."""
        self.mood: dict[str, Any] = {}
        self.account = Account()
        self.keys = [_key("first")]
        self.asked.clear()

    def keep(self, token: dict[str, Any], _request: Any) -> None:
        """Remember the newest access token: with it the app may ask about the person."""
        self.access = token["access_token"]


def _key(name: str) -> RSAKey:
    if name not in _KEYS:
        _KEYS[name] = RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})
    return _KEYS[name]


_KEYS: dict[str, RSAKey] = {}


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Hands codes out and takes each back once, unless it was told to be careless."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post"]
    house: House

    def save_authorization_code(self, code: str, request: Any) -> Code:
        asked = request.payload.data
        made = Code(
            code, request.payload.redirect_uri, request.payload.scope, asked.get("nonce", ""),
            asked["code_challenge"], asked["code_challenge_method"], request.user,
        )  # fmt: skip
        self.house.codes[code] = made
        return made

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return self.house.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        if not self.house.mood.get("careless"):
            self.house.codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> Account:
        return authorization_code.account


class Tokens(OpenIDCode):  # type: ignore[misc]
    """Writes tokens as the mood is."""

    def __init__(self, house: House) -> None:
        super().__init__(require_nonce=True)
        self.house = house

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def generate_user_info(self, user: Account, scope: str) -> UserInfo:
        return UserInfo(sub=user.sub, **user.claims)

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        house, now = self.house, self.house.seconds
        claims = {
            "iss": house.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            **self.get_authorization_code_claims(request.authorization_code),
            **self.generate_user_info(request.user, token["scope"]),
            **house.mood.get("claims", {}),
        }  # fmt: skip
        for name in house.mood.get("without", []):
            claims.pop(name, None)
        return _signed(house, claims)


def _signed(house: House, claims: dict[str, Any]) -> str:
    """Sign by hand: a library would refuse most of what a test wants to see refused."""
    alg, key = house.mood.get("alg", "RS256"), house.keys[-1]
    header = {"alg": alg, "kid": key.kid, "typ": "JWT", **house.mood.get("header", {})}
    text = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
    if alg == "none":
        return f"{text}."
    if alg == "HS256":  # with the public key as the secret, as if it were one
        return f"{text}.{_b64(hmac.digest(key.as_pem(private=False), text.encode(), 'sha256'))}"
    signer = _key("stranger") if house.mood.get("stranger") else key
    digest = hashes.SHA512() if alg == "RS512" else hashes.SHA256()
    return f"{text}.{_b64(signer.private_key.sign(text.encode(), PKCS1v15(), digest))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


PAGE = """<!doctype html><html lang="en"><title>Ridgeline accounts</title>
<h1>Who is there?</h1><form method="post"><button>Go on as {sub}</button></form></html>"""


def make_app(house: House) -> Flask:
    """Return the provider."""
    app = Flask(__name__)
    server = AuthorizationServer(
        app, lambda _id: Client() if _id == CLIENT_ID else None, house.keep
    )
    CodeGrant.house = house
    server.register_grant(CodeGrant, [CodeChallenge(required=True), Tokens(house)])

    _misbehave(app, house)

    @app.get("/.well-known/openid-configuration")
    def about() -> Response:
        return jsonify({
            "issuer": house.issuer,
            "authorization_endpoint": f"{house.issuer}/authorize",
            "token_endpoint": f"{house.issuer}/token",
            "jwks_uri": f"{house.issuer}/keys",
            "userinfo_endpoint": f"{house.issuer}/person",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **house.mood.get("about", {}),
        })  # fmt: skip

    @app.get("/keys")
    def keys() -> Response:
        return jsonify({"keys": [key.as_dict(private=False) for key in house.keys]})

    @app.get("/person")
    def person() -> Response:
        known = request.headers.get("Authorization") == f"Bearer {house.access}"
        told = {"sub": house.account.sub, **house.account.claims, **house.mood.get("person", {})}
        return jsonify(told) if known else Response(status=401)

    @app.get("/authorize")
    def authorize_page() -> str:
        server.get_consent_grant(end_user=house.account)
        return PAGE.format(sub=house.account.sub)

    @app.post("/authorize")
    def authorize() -> Any:
        if house.mood.get("cancelled"):
            state = request.args["state"]
            return redirect(
                f"{request.args['redirect_uri']}?error=access_denied&state={state}&iss={house.issuer}"
            )
        answer = server.create_authorization_response(grant_user=house.account)
        iss = house.mood.get("iss", house.issuer)
        if iss:
            answer.headers["Location"] += f"&iss={iss}"
        return answer

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    _let_tests_talk(app, house)
    return app


def _misbehave(app: Flask, house: House) -> None:
    @app.before_request
    def _note() -> Response | None:
        if request.path.startswith("/test/"):
            return None
        house.asked.append(request.path)
        time.sleep(house.mood.get("slow", {}).get(request.path, 0))
        answer = house.mood.get("answers", {}).get(request.path)
        return Response(answer[1], answer[0], answer[2]) if answer else None


def _let_tests_talk(app: Flask, house: House) -> None:
    @app.post("/test/<what>")
    def told(what: str) -> Any:
        said = request.get_json(silent=True) or {}
        if what == "start-anew":
            house.start_anew()
        elif what == "mood":
            house.mood.update(said)
        elif what == "account":
            house.account = Account(said.pop("sub"), said)
        elif what == "new-key":
            house.keys = [_key(said.get("name", "second"))]
        return jsonify({"asked": house.asked})


def main() -> None:
    """Serve on a free port until the process is ended."""
    house = House(int(sys.argv[1]))
    server = make_server("127.0.0.1", 0, make_app(house), threaded=True)
    house.issuer = f"http://127.0.0.1:{server.server_port}"
    print(server.server_port, flush=True)  # noqa: T201 - the test waits for it
    server.serve_forever()


if __name__ == "__main__":
    main()
