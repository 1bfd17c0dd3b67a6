#!/usr/bin/env python3
"""See to what the tests need from the machine itself, and install it where it is missing.

system.py chromium   print the path of a Chromium: the one that LEARNPATH_CHROMIUM names, one on the path,
                     or Playwright's own
system.py pango      the libraries that lay out text in PDFs

What is missing is installed, as root on Debian by apt-get; elsewhere Playwright brings the browser. What the
installers say goes to standard error. Ends with one line and exit code 1 when something is not to be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

SETTING = "LEARNPATH_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
APT = ("apt-get", "--option", "Acquire::Retries=3")


def find_chromium() -> str | None:
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


def chromium() -> str:
    """Return the path of a Chromium, installed if need be."""
    if find_chromium() is None:
        if can_apt():
            apt("chromium")
        else:
            run(sys.executable, "-m", "playwright", "install", "chromium")
    path = find_chromium()
    if path is None:
        sys.exit(f"There is no Chromium and none could be installed. Set {SETTING}.")
    if not shutil.which(path):
        sys.exit(f"{SETTING}: {path} cannot be run.")
    return path


def pango() -> str:
    """Return a word of success once PDFs can be laid out, with libraries installed if need be."""
    if not has_pango() and can_apt():
        apt(*PANGO)
    if not has_pango():
        sys.exit(
            f"Pango is missing, which lays out PDFs. On Debian: apt-get install {' '.join(PANGO)}"
        )
    return "Pango is there."


def has_pango() -> bool:
    """Tell whether a PDF can be made; asked in a process of its own, which loads the libraries anew."""
    asked = [sys.executable, "-c", "import weasyprint"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def can_apt() -> bool:
    """Tell whether packages of the system can be installed here."""
    return bool(shutil.which("apt-get")) and os.geteuid() == 0


def apt(*packages: str) -> None:
    """Install packages of the system."""
    run(*APT, "update")
    run(*APT, "install", "--yes", "--no-install-recommends", *packages)


def run(*command: str) -> None:
    """Run an installer, with all that it says on standard error."""
    print("Installing what the tests need:", " ".join(command), file=sys.stderr)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )


WANTED: dict[str, Callable[[], str]] = {"chromium": chromium, "pango": pango}

if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in WANTED]:
        sys.exit(f"Say one of: {', '.join(WANTED)}")
    print(WANTED[sys.argv[1]]())
