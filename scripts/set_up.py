#!/usr/bin/env python3
"""Make the virtual environment and install exactly what a lock file names: set_up.py VENV LOCK.

Runs under whatever ``python3`` the machine has, so it keeps to words that old ones understand and needs
nothing installed. Each thing that can go wrong ends in one line.
"""

import os
import subprocess
import sys
from pathlib import Path

NEEDED = (3, 11)


def main(venv: str, lock: str) -> int:
    """Make what is missing; 0 when the environment stands."""
    if sys.version_info < NEEDED:
        return stop(
            f"Learner Paths needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. "
            "Name a newer one, for example: make PYTHON=python3.12 run"
        )
    folder = Path(venv).absolute()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    home = folder if folder.exists() else folder.parent
    if not (home.is_dir() and os.access(str(home), os.W_OK)):
        return stop(f"The folder {home} cannot be written.")
    if not python.exists() and not make(folder):
        return stop(
            "No virtual environment can be made here. On Debian: apt-get install python3-venv"
        )
    print(f"Installing what {lock} names into {venv} ...", flush=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install"]
    for step in (
        ["--require-hashes", "-r", lock],
        ["--quiet", "--no-deps", "--no-build-isolation", "--editable", "."],
    ):
        if subprocess.call([*pip, *step]) != 0:
            return stop("The packages cannot be installed; pip says above why.")
    return 0


def make(folder: Path) -> bool:
    """Make the virtual environment; tell whether it worked."""
    print(f"Making a virtual environment in {folder.name} ...", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(folder)]
    quiet = subprocess.DEVNULL
    return subprocess.call(command, stdin=quiet, stdout=quiet, stderr=quiet) == 0


def stop(message: str) -> int:
    """Say in one line what is wrong."""
    sys.stderr.write(message + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
