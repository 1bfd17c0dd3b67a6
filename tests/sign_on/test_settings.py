"""The file of issuers is read and checked at start, and its examples are ready to use."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from learnpath import config
from learnpath.errors import SettingsError
from learnpath.people.sign_on.commands import sign_on
from learnpath.people.sign_on.providers import Provider
from tests.sign_on.conftest import LocalProvider

EXAMPLES = Path(__file__).parents[2] / "docs" / "sign-on"
PLAIN = """
[google]
label = "Google"
issuer = "https://accounts.google.com"
client_id = "ours"
"""
SECRET = "not for any log"


def load(folder: Path, text: str | bytes, **settings: str) -> tuple[Provider, ...]:
    """Load the settings with ``text`` as the file of issuers."""
    file = folder / "sign-on.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    named = {
        "DATA_DIR": str(folder), "SIGN_ON": str(file), "SIGN_ON_SECRET_GOOGLE": SECRET, **settings
    }  # fmt: skip
    return config.load({f"LEARNPATH_{name}": value for name, value in named.items()}).sign_on


def test_an_issuer_is_read_with_what_is_usual_for_the_rest(tmp_path: Path) -> None:
    (google,) = load(tmp_path, PLAIN)
    assert (google.key, google.label, google.issuer) == (
        "google", "Google", "https://accounts.google.com",
    )  # fmt: skip
    assert (google.client_id, google.client_secret) == ("ours", SECRET)
    assert (google.scopes, google.subject, google.verified) == (
        ("openid", "email"), "sub", "email_verified",
    )  # fmt: skip
    assert (google.domains, google.must, google.ask) == ((), {}, {})


def test_without_the_setting_there_is_no_issuer(tmp_path: Path) -> None:
    assert config.load({"LEARNPATH_DATA_DIR": str(tmp_path)}).sign_on == ()


@pytest.mark.parametrize("name", ["google", "entra", "clever", "classlink"])
def test_the_examples_are_ready_to_use_and_shown_in_the_document(tmp_path: Path, name: str) -> None:
    text = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    (key,) = tomllib.loads(text)
    (tmp_path / "secret").write_text("x\n")
    environ = {
        "LEARNPATH_DATA_DIR": str(tmp_path), "LEARNPATH_SIGN_ON": str(EXAMPLES / f"{name}.toml"),
        f"LEARNPATH_SIGN_ON_SECRET_{key.upper()}": SECRET,
    }  # fmt: skip
    (provider,) = config.load(environ).sign_on
    assert provider.issuer.startswith("https://")
    assert bool(provider.domains) == (name in {"google", "entra"})
    document = (EXAMPLES.parent / "sign-on.md").read_text(encoding="utf-8")
    assert f"sign-on/{name}.toml" in document
    assert provider.issuer.split("/")[2] in document


def test_several_issuers_keep_their_order_and_a_secret_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "their-secret").write_text("from a file\n")
    text = (
        PLAIN
        + """
[our-district]
label = "District"
issuer = "https://login.example.org/realms/district"
client_id = "paths"
client_secret_file = "their-secret"
[open]
label = "Open"
issuer = "http://127.0.0.1:9000"
client_id = "paths"
client_auth = "none"
"""
    )
    found = load(tmp_path, text)
    assert [one.key for one in found] == ["google", "our-district", "open"]
    assert [one.client_secret for one in found] == [SECRET, "from a file", ""]


def test_no_secret_is_in_what_is_printed_of_the_settings(tmp_path: Path) -> None:
    assert SECRET not in repr(load(tmp_path, PLAIN))
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, PLAIN, SIGN_ON_SECRET_GOOGLE=f"{SECRET}\nsecond line")
    assert SECRET not in str(caught.value)


WRONG = {
    "": "names no issuer",
    "[google": "is not TOML",
    "google = 1": "must be a table",
    "[Google]": "small letters",
    "[google]": "issuer is missing",
    '[google]\nissuer = ""': "issuer must be text of 1 to 255 characters",
    '[google]\nissuer = "accounts.google.com"': "issuer must be an address",
    '[google]\nissuer = "https://"': "issuer must be an address",
    '[google]\nissuer = "https://x.example/?tenant=1"': "issuer must be an address",
    '[google]\nissuer = "https://me:pw@x.example"': "issuer must be an address",
    '[google]\nissuer = "https://x.example:port"': "issuer must be an address",
    '[google]\nissuer = "http://x.example"': "must begin with https://",
    '[google]\nissuer = "ftp://127.0.0.1"': "must begin with https://",
    '[google]\nissuer = "https://login.microsoftonline.com/common/v2.0"': "the one tenant",
    '[google]\nissuer = "https://login.microsoftonline.com/{tenantid}/v2.0"': "the one tenant",
    PLAIN.replace('"ours"', "7"): "client_id must be text",
    PLAIN.replace("Google", "G" * 41): "label must be text of 1 to 40 characters",
    PLAIN + 'client_auth = "password"': "client_auth must be one of: client_secret_basic",
    PLAIN + 'scopes = ["email"]': 'scopes must be a list with "openid"',
    PLAIN + 'scopes = "openid"': "scopes must be a list of texts",
    PLAIN + 'scopes = ["openid", "e mail"]': "scopes must be a list",
    PLAIN + 'domains = ["@school.example.org"]': "domains must be a list such as",
    PLAIN + 'domains = ["School.example.org"]': "domains must be a list such as",
    PLAIN + 'domains = ["org"]': "domains must be a list such as",
    PLAIN + 'domains = ["*.example.org"]': "domains must be a list such as",
    PLAIN + "domains = [1]": "domains must be a list of texts",
    PLAIN + 'must = "hd"': "must must be a table of texts",
    PLAIN + "must = {hd = 1}": "must must be a table of texts",
    PLAIN + 'must = {hd = ""}': "must must be a table of texts",
    PLAIN + 'must = {aud = "another app"}': "must must not set aud",
    PLAIN + 'ask = {nonce = "mine"}': "ask must not set nonce",
    PLAIN + 'ask = {redirect_uri = "https://evil.example"}': "ask must not set redirect_uri",
    PLAIN + 'shared = "yes"': "shared must be true or false",
    PLAIN + 'allow_unverified = "yes"': "allow_unverified is not known",
    PLAIN + 'client_secret = "x"': "client_secret is not known",
    PLAIN + 'client_secret_file = "nowhere"': "are both set",
}


def test_whatever_is_wrong_is_named_in_one_line(tmp_path: Path) -> None:
    for text, says in WRONG.items():
        with pytest.raises(SettingsError) as caught:
            load(tmp_path, text)
        message = str(caught.value)
        assert message.startswith("LEARNPATH_SIGN_ON: "), text
        assert says in message, (text, message)
        assert "\n" not in message
        assert SECRET not in message


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not UTF-8"):
        load(tmp_path, b"\xff\xfe")
    for path in (tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(SettingsError, match=r"LEARNPATH_SIGN_ON: .* cannot be read"):
            load(tmp_path, PLAIN, SIGN_ON=str(path))


def test_each_secret_has_an_issuer_and_each_issuer_its_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[google\] has no secret: set client_secret_file or"):
        load(tmp_path, PLAIN, SIGN_ON_SECRET_GOOGLE="")
    with pytest.raises(SettingsError, match="LEARNPATH_SIGN_ON_SECRET_GOGLE: no issuer"):
        load(tmp_path, PLAIN, SIGN_ON_SECRET_GOGLE="x")
    with pytest.raises(SettingsError, match="LEARNPATH_SIGN_ON_SECRET_GOOGLE: no issuer"):
        load(tmp_path, PLAIN, SIGN_ON="")
    with pytest.raises(SettingsError, match="client_secret_file nowhere cannot be read"):
        load(tmp_path, PLAIN + 'client_secret_file = "nowhere"', SIGN_ON_SECRET_GOOGLE="")


def test_the_command_asks_each_issuer_and_tells_what_to_register(
    tmp_path: Path, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sign-on.toml"
    here = f'label = "R"\nclient_id = "x"\nclient_auth = "none"\nissuer = "{provider.url}'
    file.write_text(f'[ridgeline]\n{here}"\n[lost]\n{here}/lost"\ndomains = ["r.example.org"]')
    for name, value in {
        "DATA_DIR": str(tmp_path), "SIGN_ON": str(file), "PUBLIC_URL": "https://paths.example.org"
    }.items():  # fmt: skip
        monkeypatch.setenv(f"LEARNPATH_{name}", value)
    told = CliRunner().invoke(sign_on)
    assert told.exit_code == 1
    good, lost = told.output.splitlines()
    assert f"ridgeline: {provider.url} is there (keys: 1)." in good
    assert "First link: code." in good
    assert "https://paths.example.org/sign-on/ridgeline/back" in good
    assert "lost" in lost
    assert "cannot be used (status 404)" in lost
    assert json.loads(CliRunner().invoke(sign_on, ["--json"]).output)[1]["problem"] == "status 404"
    monkeypatch.delenv("LEARNPATH_SIGN_ON")
    nobody = CliRunner().invoke(sign_on)
    assert (nobody.exit_code, nobody.output) == (0, "No issuer is set (LEARNPATH_SIGN_ON).\n")
