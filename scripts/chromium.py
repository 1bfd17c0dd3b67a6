#!/usr/bin/env python3
"""Print the path of a Chromium for the browser tests, after installing one where there is none.

In this order: the one that LEARNPATH_CHROMIUM names, one on the path, Playwright's own; else it is
installed, as root on Debian by apt-get, elsewhere by Playwright. What the installers say goes to
standard error. Ends with one line and exit code 1 when there is none to be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SETTING = "LEARNPATH_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
APT = ["apt-get", "-o", "Acquire::Retries=3"]
INSTALL = ["install", "--yes", "--no-install-recommends", "chromium"]


def find() -> str | None:
    """Return the path of a Chromium that is there, or None."""
    named = os.environ.get(SETTING)
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Install one, by whichever way this machine has."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        _run([*APT, "update"], environment)
        _run([*APT, *INSTALL], environment)
    else:
        _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> None:
    print("Installing a browser for the tests:", " ".join(command), file=sys.stderr)
    subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )


def main() -> int:
    """Find or install one, try it, and print its path."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        print(f"There is no Chromium and none could be installed. Set {SETTING}.", file=sys.stderr)
        return 1
    if not shutil.which(path):
        print(f"{SETTING}: {path} cannot be run.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
