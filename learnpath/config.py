"""Every setting, read from environment variables and checked once, at start."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from learnpath.errors import SettingsError
from learnpath.people.sign_on import providers
from learnpath.people.sign_on.providers import Provider

PREFIX = "LEARNPATH_"
CHARTJS_CHOICES = ("cdn", "local")
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Hours:
    """A part of every day, in whole hours."""

    first: int
    last: int

    def __contains__(self, moment: datetime) -> bool:
        return self.first <= moment.hour < self.last


@dataclass(frozen=True)
class Settings:
    """What the app needs to know about where it runs. One field for each environment variable."""

    data_dir: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 1
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    https: bool = False
    proxies: int = 0
    chartjs: str = "cdn"
    time_zone: str = "America/Denver"
    max_body_bytes: int = 2 * 1024 * 1024
    idle_minutes: int = 30
    shared_timeout: int = 10
    badge_hours: Hours = Hours(0, 24)
    session_hours: int = 8
    sign_in_tries: int = 10
    sign_in_tries_address: int = 300
    access_log_days: int = 730
    files_dir: Path | None = None
    file_bytes: int = 10 * 1024 * 1024
    demo: bool = False
    inventories: Path | None = None
    smtp_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    sign_on: tuple[Provider, ...] = ()
    now: datetime | None = None


KNOWN = {
    "DATA_DIR", "DATABASE_URL", "SECRET_KEY", "HOST", "PORT", "WORKERS", "TRUSTED_HOSTS", "HTTPS",
    "PROXIES", "CHARTJS", "TIME_ZONE", "MAX_BODY_BYTES", "IDLE_MINUTES", "SHARED_TIMEOUT", "BADGE_HOURS", "SESSION_HOURS", "SIGN_IN_TRIES",
    "SIGN_IN_TRIES_ADDRESS", "ACCESS_LOG_DAYS", "DEMO", "INVENTORIES", "NOW",
    "FILES_DIR", "FILE_BYTES",
    "SMTP_URL", "MAIL_FROM", "PUBLIC_URL", "SIGN_ON",
}  # fmt: skip
# Read by the tests and the make targets, not by the app.
ELSEWHERE = {"CHROMIUM"}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    Raises SettingsError, naming the variable and what it takes, for the first one that is wrong.
    """
    env = _ours(os.environ if environ is None else environ)
    data_dir = _folder(env.get("DATA_DIR", "instance"))
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(env.get("DATABASE_URL"), data_dir),
        secret_key=_secret(env.get("SECRET_KEY"), data_dir),
        host=env.get("HOST", Settings.host),
        port=_number(env, "PORT", Settings.port, 1, 65535),
        workers=_number(env, "WORKERS", Settings.workers, 1, 64),
        trusted_hosts=_hosts(env.get("TRUSTED_HOSTS"), Settings.trusted_hosts),
        https=_yes_no(env, "HTTPS", Settings.https),
        proxies=_number(env, "PROXIES", Settings.proxies, 0, 5),
        chartjs=_choice(env, "CHARTJS", Settings.chartjs, CHARTJS_CHOICES),
        time_zone=_time_zone(env.get("TIME_ZONE", Settings.time_zone)),
        max_body_bytes=_number(env, "MAX_BODY_BYTES", Settings.max_body_bytes, 16_384, 2**31),
        idle_minutes=_number(env, "IDLE_MINUTES", Settings.idle_minutes, 1, 24 * 60),
        shared_timeout=_number(env, "SHARED_TIMEOUT", Settings.shared_timeout, 3, 24 * 60),
        badge_hours=_hours_of_day(env, "BADGE_HOURS", Settings.badge_hours),
        session_hours=_number(env, "SESSION_HOURS", Settings.session_hours, 1, 24 * 14),
        sign_in_tries=_number(env, "SIGN_IN_TRIES", Settings.sign_in_tries, 1, 1000),
        sign_in_tries_address=_number(
            env, "SIGN_IN_TRIES_ADDRESS", Settings.sign_in_tries_address, 1, 100_000
        ),
        access_log_days=_number(env, "ACCESS_LOG_DAYS", Settings.access_log_days, 30, 3660),
        files_dir=_folder(env["FILES_DIR"], "FILES_DIR") if "FILES_DIR" in env else None,
        file_bytes=_number(env, "FILE_BYTES", Settings.file_bytes, 16_384, 100 * 1024 * 1024),
        demo=_yes_no(env, "DEMO", Settings.demo),
        inventories=_folder_there(env, "INVENTORIES"),
        smtp_url=_address(env, "SMTP_URL", ("smtp", "smtps")),
        mail_from=_mail_from(env),
        public_url=_address(env, "PUBLIC_URL", ("http", "https")).rstrip("/"),
        sign_on=_sign_on(env),
        now=_moment(env.get("NOW")),
    )


def _ours(environ: Mapping[str, str]) -> dict[str, str]:
    """Return our variables without their prefix; an empty one counts as not set."""
    ours = {key.removeprefix(PREFIX): v for key, v in environ.items() if key.startswith(PREFIX)}
    for name in sorted(ours.keys() - KNOWN - ELSEWHERE):
        if name.startswith(providers.SECRET_PREFIX):
            continue  # checked with the issuer that it belongs to
        raise SettingsError(f"{PREFIX}{name} is not a setting. The README lists them all.")
    return {name: value for name, value in ours.items() if value}


def _folder(text: str, name: str = "DATA_DIR") -> Path:
    try:
        folder = Path(text).expanduser().absolute()
        # Nobody else on this machine has any business in there.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".writable-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"{PREFIX}{name}: the folder {text} cannot be written ({reason})."
        ) from error
    return folder


def _folder_there(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name)
    if text is None:
        return None
    folder = Path(text).expanduser().absolute()
    if not folder.is_dir():
        raise SettingsError(f"{PREFIX}{name}: there is no folder {text}.")
    return folder


def _database_url(text: str | None, data_dir: Path) -> str:
    if text is None:
        return f"sqlite:///{data_dir / 'learnpath.db'}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"{PREFIX}DATABASE_URL is not a database address.") from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.render_as_string(hide_password=False)
    raise SettingsError(f"{PREFIX}DATABASE_URL must begin with sqlite:///FILE or postgresql://.")


def _secret(text: str | None, data_dir: Path) -> str:
    if text is None:
        return _kept_secret(data_dir / "secret.key")
    if len(text) < SHORTEST_SECRET:
        raise SettingsError(f"{PREFIX}SECRET_KEY needs at least {SHORTEST_SECRET} characters.")
    return text


def _kept_secret(path: Path) -> str:
    """Return the secret of this installation, made once and kept beside the data, not in it."""
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            secret = path.read_text(encoding="utf-8", errors="replace").strip()
        else:
            secret = secrets.token_urlsafe(48)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(secret + "\n")
    except OSError as error:
        raise SettingsError(f"The secret in {path} cannot be read ({error.strerror}).") from error
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"The secret in {path} is too short. Delete the file to make a new one."
        )
    return secret


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name)
    if text is None:
        return default
    if not (re.fullmatch(r"[0-9]{1,10}", text) and low <= int(text) <= high):
        raise SettingsError(f"{PREFIX}{name} must be a whole number from {low} to {high}.")
    return int(text)


def _hours_of_day(env: Mapping[str, str], name: str, default: Hours) -> Hours:
    text = env.get(name)
    if text is None:
        return default
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", text)
    hours = Hours(int(found[1]), int(found[2])) if found else Hours(0, 0)
    if not 0 <= hours.first < hours.last <= 24:
        raise SettingsError(f"{PREFIX}{name} must be two hours of a day, as in 6-20.")
    return hours


def _yes_no(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "1" if default else "0").lower()
    if text not in {"0", "1", "yes", "no", "true", "false"}:
        raise SettingsError(f"{PREFIX}{name} must be 1 or 0.")
    return text in {"1", "yes", "true"}


def _choice(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = env.get(name, default)
    if text not in choices:
        raise SettingsError(f"{PREFIX}{name} must be one of: {', '.join(choices)}.")
    return text


def _hosts(text: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return default
    hosts = tuple(part.strip() for part in text.split(",") if part.strip())
    # A leading dot means a domain and all below it. Anything else than a name would match nothing.
    if not hosts or not all(
        re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\]", h) for h in hosts
    ):
        raise SettingsError(
            f"{PREFIX}TRUSTED_HOSTS must be host names, as in paths.example.org,localhost."
        )
    return hosts


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"{PREFIX}TIME_ZONE: there is no time zone {text!r}.") from error
    return text


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f"{PREFIX}NOW must be a time such as 2026-11-16T09:00-07:00."
        ) from error
    if moment.tzinfo is None:
        raise SettingsError(f"{PREFIX}NOW needs its time zone, as in 2026-11-16T09:00-07:00.")
    if not 2000 <= moment.year <= 2100:
        raise SettingsError(f"{PREFIX}NOW must lie between the years 2000 and 2100.")
    return moment


def _address(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    text = env.get(name, "")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes or not parts.hostname:
        kinds = " or ".join(f"{scheme}://HOST" for scheme in schemes)
        raise SettingsError(f"{PREFIX}{name} must begin with {kinds}.")
    return text


def _sign_on(env: Mapping[str, str]) -> tuple[Provider, ...]:
    path = env.get("SIGN_ON")
    if path is None:
        providers.check_secrets_have_a_place((), env)
        return ()
    return providers.read(Path(path).expanduser().absolute(), env)


def _mail_from(env: Mapping[str, str]) -> str:
    text = env.get("MAIL_FROM", "")
    if env.get("SMTP_URL") and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise SettingsError(f"{PREFIX}MAIL_FROM must be the school's e-mail address.")
    if env.get("SMTP_URL") and not env.get("PUBLIC_URL"):
        raise SettingsError(f"{PREFIX}PUBLIC_URL must say where families find the app.")
    return text
