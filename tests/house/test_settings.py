"""Every setting is checked at start, and the first wrong one is named in one sentence."""

from __future__ import annotations

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from learnpath import config
from learnpath.config import ELSEWHERE, KNOWN, Hours, Settings
from learnpath.errors import SettingsError

ROOT = Path(__file__).parents[2]
LONG_SECRET = "x" * 32


def load(folder: Path, **settings: str) -> Settings:
    """Load the settings with the data in ``folder``."""
    return config.load({"LEARNPATH_DATA_DIR": str(folder)} | named(settings))


def named(settings: dict[str, str]) -> dict[str, str]:
    """Return ``settings`` as environment variables."""
    return {f"LEARNPATH_{name}": value for name, value in settings.items()}


def test_without_settings_the_app_stands_on_a_file_of_its_own(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/learnpath.db"
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 5000, 1)
    assert settings.demo is False
    assert settings.now is None


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("PORT", "8080", "port", 8080),
        ("WORKERS", "4", "workers", 4),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("TRUSTED_HOSTS", "paths.example.org, .example.net", "trusted_hosts",
         ("paths.example.org", ".example.net")),
        ("HTTPS", "yes", "https", True),
        ("HTTPS", "FALSE", "https", False),
        ("CHARTJS", "local", "chartjs", "local"),
        ("TIME_ZONE", "Europe/Madrid", "time_zone", "Europe/Madrid"),
        ("SECRET_KEY", LONG_SECRET, "secret_key", LONG_SECRET),
        ("DATABASE_URL", "postgresql://u:p%40ss@db/paths", "database_url",
         "postgresql+psycopg://u:p%40ss@db/paths"),
        ("DATABASE_URL", "sqlite:////srv/paths.db", "database_url", "sqlite:////srv/paths.db"),
        ("IDLE_MINUTES", "5", "idle_minutes", 5),
        ("SHARED_TIMEOUT", "5", "shared_timeout", 5),
        ("BADGE_HOURS", "6-20", "badge_hours", Hours(6, 20)),
        ("PORT", "", "port", 5000),
    ],
)  # fmt: skip
def test_a_setting_is_taken(
    tmp_path: Path, name: str, value: str, field: str, expected: object
) -> None:
    assert getattr(load(tmp_path, **{name: value}), field) == expected


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "0", "whole number from 1 to 65535"),
        ("PORT", "65536", "whole number from 1 to 65535"),
        ("PORT", "-1", "whole number"),
        ("PORT", "5000.0", "whole number"),
        ("PORT", "٥٠٠٠", "whole number"),
        ("PORT", "9" * 5000, "whole number"),
        ("WORKERS", "many", "whole number from 1 to 64"),
        ("MAX_BODY_BYTES", "100", "whole number from 16384"),
        ("IDLE_MINUTES", "0", "whole number"),
        ("SHARED_TIMEOUT", "2", "whole number"),
        ("BADGE_HOURS", "20-6", "two hours of a day"),
        ("BADGE_HOURS", "6-25", "two hours of a day"),
        ("BADGE_HOURS", "morning", "two hours of a day"),
        ("SESSION_HOURS", "1000", "whole number"),
        ("SIGN_IN_TRIES", "0", "whole number"),
        ("SIGN_IN_TRIES_ADDRESS", "0", "whole number"),
        ("HTTPS", "on", "must be 1 or 0"),
        ("DEMO", "2", "must be 1 or 0"),
        ("CHARTJS", "jsdelivr", "must be one of: cdn, local"),
        ("TIME_ZONE", "Denver", "there is no time zone 'Denver'"),
        ("TIME_ZONE", "../../etc/passwd", "there is no time zone"),
        ("TIME_ZONE", "America", "there is no time zone"),
        ("DATABASE_URL", "nonsense", "is not a database address"),
        ("DATABASE_URL", "postgresql://host:port/paths", "is not a database address"),
        ("DATABASE_URL", "mysql://host/paths", "must begin with sqlite:///FILE or postgresql://"),
        ("DATABASE_URL", "sqlite://", "must begin with sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///:memory:", "must begin with sqlite:///FILE"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("TRUSTED_HOSTS", " , ", "must be host names"),
        ("TRUSTED_HOSTS", "https://paths.example.org", "must be host names"),
        ("TRUSTED_HOSTS", "*", "must be host names"),
        ("INVENTORIES", "/no/such/folder", "there is no folder"),
        ("NOW", "yesterday", "must be a time such as"),
        ("NOW", "2026-11-16T09:00", "needs its time zone"),
        ("NOW", "0001-01-01T00:00+00:00", "between the years 2000 and 2100"),
        ("PROT", "5000", "is not a setting"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **{name: value})
    assert str(caught.value).startswith(f"LEARNPATH_{name}")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("here")
    with pytest.raises(SettingsError, match=r"DATA_DIR: the folder .*taken.* cannot be written"):
        load(tmp_path / "taken")


def test_a_data_folder_of_nobody_is_refused() -> None:
    with pytest.raises(SettingsError, match="DATA_DIR: the folder ~no-such-user/x"):
        config.load({"LEARNPATH_DATA_DIR": "~no-such-user/x"})


def test_the_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    load(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_every_installation_has_another_secret(tmp_path: Path) -> None:
    assert load(tmp_path / "one").secret_key != load(tmp_path / "two").secret_key


@pytest.mark.parametrize("kept", [b"", b"short\n", b"\xff\xfe" * 10])
def test_a_spoilt_secret_is_not_used(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(kept)
    with pytest.raises(SettingsError, match=r"secret\.key is too short"):
        load(tmp_path)


def test_a_secret_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(SettingsError, match=r"secret\.key cannot be read"):
        load(tmp_path)


def test_other_programs_variables_are_left_alone(tmp_path: Path) -> None:
    environ = {"LEARNPATH_DATA_DIR": str(tmp_path), "PORT": "1", "PATH": "/bin"}
    assert config.load(environ).port == 5000


def test_every_field_has_its_variable() -> None:
    assert {field.name.upper() for field in fields(Settings)} == KNOWN


def test_the_readme_lists_every_setting_with_its_default() -> None:
    table = dict(
        re.findall(
            r"^\| `LEARNPATH_(\w+)` \| ([^|]*) \|", (ROOT / "README.md").read_text(), re.MULTILINE
        )
    )
    assert table.keys() == KNOWN | ELSEWHERE
    for field in fields(Settings):
        shown = table[field.name.upper()].strip().strip("`")
        if isinstance(field.default, tuple):
            assert shown == ",".join(field.default)
        elif isinstance(field.default, bool):
            assert shown == str(int(field.default))
        elif isinstance(field.default, int | str):
            assert shown == str(field.default)
