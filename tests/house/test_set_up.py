"""Setting up on a machine that cannot: one line says why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SET_UP = ROOT / "scripts" / "set_up.py"
SYSTEM = ROOT / "scripts" / "system.py"


def _run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 8, 1); sys.version = '3.8.1 (old)'; "
        f"sys.argv[1:] = [{str(tmp_path / 'venv')!r}, 'requirements.lock']; "
        f"runpy.run_path({str(SET_UP)!r}, run_name='__main__')"
    )
    ended = _run("-c", pretend)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"needs Python 3.11 or newer; {sys.executable} is 3.8.1." in ended.stderr
    assert not (tmp_path / "venv").exists()


def test_a_folder_that_cannot_be_written_is_refused() -> None:
    ended = _run(SET_UP, "/dev/null/venv", "requirements.lock")
    assert (ended.returncode, ended.stderr) == (1, "The folder /dev/null cannot be written.\n")


def test_a_browser_that_is_not_there_is_said() -> None:
    ended = _run(SYSTEM, "chromium", LEARNPATH_CHROMIUM="/no/such/browser")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "LEARNPATH_CHROMIUM: /no/such/browser cannot be run.\n"


def test_the_browser_that_is_named_is_used() -> None:
    ended = _run(SYSTEM, "chromium", LEARNPATH_CHROMIUM=sys.executable)
    assert (ended.returncode, ended.stdout) == (0, f"{sys.executable}\n")


def test_the_vendored_files_are_the_ones_that_were_checked() -> None:
    ended = _run(ROOT / "scripts" / "vendor.py", "--check")
    assert (ended.returncode, ended.stderr) == (0, "")
