"""A built wheel is complete: installed where nothing of this folder is, it serves the first page."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.running import run, serving

ROOT = Path(__file__).parents[2]
SHIPPED = ("templates", "static", "migrations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel that was built from this folder."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of an empty environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index",
            "--no-deps", "--disable-pip-version-check", "--no-compile", wheel,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    # What the wheel depends on is taken from here. Its own name is found in the environment first.
    ours = sysconfig.get_path("purelib")
    theirs = next(folder.glob("lib/python*/site-packages"))
    (theirs / "dependencies.pth").write_text(f"{ours}\n")
    return folder / "bin" / "learnpath"


def _committed(folder: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


def test_every_file_that_pages_need_is_in_it(wheel: Path) -> None:
    inside = set(ZipFile(wheel).namelist())
    wanted = {f"learnpath/_shipped/{name}" for folder in SHIPPED for name in _committed(folder)}
    wanted |= _committed("learnpath")
    assert wanted - inside == set()
    assert "learnpath/_shipped/translations/es/LC_MESSAGES/messages.mo" in inside


def test_nothing_else_is_in_it(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"learnpath", "learnpath-0.1.0.dist-info"}
    assert not [name for name in names if name.endswith((".pyc", ".po", ".db", ".key"))]
    licences = [name for name in names if "/licenses/" in name]
    assert len(licences) >= 5, "our own licence and notice, and those of the vendored files"


def test_it_makes_a_database_and_serves_the_first_page_in_both_languages(
    installed: Path, tmp_path: Path
) -> None:
    command = (str(installed),)
    assert run(tmp_path, "db", "upgrade", command=command).code == 0
    with serving(tmp_path, command=command) as server:
        english = server.get("/sign-in", Accept_Language="en")
        spanish = server.get("/sign-in", Accept_Language="es")
        ended = server.stop()
    assert (english.status, spanish.status) == (200, 200)
    assert '<html lang="en"' in english.body
    assert '<html lang="es"' in spanish.body
    assert "Entrar" in spanish.body
    assert (ended.code, ended.err) == (0, "")


def test_it_runs_from_its_own_place(installed: Path, tmp_path: Path) -> None:
    python = installed.parent / "python"
    shown = subprocess.run(
        [python, "-c", "from learnpath import resources; print(resources.ROOT)"],
        cwd=tmp_path, check=True, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert Path(shown.stdout.strip()).is_relative_to(installed.parent.parent)
