#!/usr/bin/env python3
"""Fetch the files that are not ours (letters, icons, Chart.js) from the npm registry, and check them.

``vendor.py`` fetches each pinned package with npm, checks it and copies the few files that pages need,
with their licences, below static/vendor/. ``vendor.py --check`` only says whether the files that lie
there are the ones that were checked; it needs no network.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

ICONS = (
    "arrow-down arrow-left arrow-right arrow-up book-open calendar calendar-check calendar-clock "
    "calendar-days calendar-off calendar-plus calendar-x check chevron-down chevron-left "
    "chevron-right chevron-up circle circle-alert circle-check circle-dot circle-help "
    "circle-question-mark clipboard-check clipboard-list clock clock-alert compass copy download "
    "ear expand external-link eye eye-off file file-text flag footprints graduation-cap "
    "hand hand-heart hand-helping handshake headphones heart heart-handshake history house image "
    "info key-round languages laptop leaf life-buoy lightbulb link list list-checks list-plus "
    "lock lock-open log-out mail map map-pin menu message-circle message-circle-question-mark "
    "messages-square "
    "message-square-plus mic milestone minus mountain move-down move-up music notebook-pen "
    "paperclip party-popper pause pen-line pencil play plus presentation printer puzzle qr-code "
    "quote refresh-cw repeat rotate-ccw route save school scissors search send settings share-2 "
    "shapes shield shield-check signature signpost sparkles sprout square-check square-pen star "
    "sun sun-moon target text thumbs-up timer trash-2 triangle-alert trending-up undo-2 unlink "
    "upload user-plus user-round users users-round volume-2 volume-x waves wind x zap "
    # the cards of the inventories
    "bike book-open-text brain brush calculator coffee cooking-pot drama flask-conical gamepad-2 "
    "globe hammer palette paw-print rocket shuffle smile speech telescope tree-pine video "
    "volleyball wrench"
).split()


@dataclass(frozen=True)
class Package:
    """One package of the registry: what is taken from it, and what each file must hash to."""

    name: str
    folder: str
    integrity: str  # of the packed package, as the registry states it
    files: dict[str, str]  # path in the package -> file name below ``folder``
    hashes: dict[str, str]  # file name -> SHA-384, where pages name it


PACKAGES = (
    Package(
        "chart.js@4.6.1",
        "chartjs",
        "hJyniucsFmq//EvXYvJ6c6mahPoI3kaxdjVH8awTaJ/fDNWeSqqqArixMJWkWNN6fcYvPU3HneSANFNYtRi61g==",
        {"dist/chart.umd.min.js": "chart.umd.min.js", "LICENSE.md": "LICENSE.md"},
        {"chart.umd.min.js": "Emf5ZVIUiarAdhkgtqK+5/Z5qIvM6QoVrS+qAVtfyZVuD5lIHrac0me485+Antp0"},
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next@5.3.0",
        "atkinson",
        "UnLzNUy1RWoLDfydAatP4NaRm99X/WbQEph7q/PymJnCFIOOwKOx3pBmp5ys8trO0dM+CKGuJgeZP9fAR4mQpA==",
        {
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "latin.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "latin-ext.woff2",
            "LICENSE": "LICENSE",
        },
        {},
    ),
    Package(
        "lucide-static@1.62.0",
        "lucide",
        "WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
        {"LICENSE": "LICENSE"} | {f"icons/{name}.svg": f"{name}.svg" for name in ICONS},
        {},
    ),
)


def digest(content: bytes, method: str) -> str:
    """Return the hash of ``content`` as web pages and npm spell it."""
    return base64.b64encode(hashlib.new(method, content).digest()).decode()


def fetch(package: Package, into: Path) -> None:
    """Fetch one package with npm, check it, and copy what pages need below ``into``."""
    with tempfile.TemporaryDirectory() as room:
        command = ["npm", "pack", "--silent", "--pack-destination", room, package.name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        packed = next(Path(room).glob("*.tgz"))
        found = digest(packed.read_bytes(), "sha512")
        if found != package.integrity:
            raise SystemExit(
                f"{package.name}: the package is not the one that was checked ({found})."
            )
        _unpack(package, packed, into / package.folder)


def _unpack(package: Package, packed: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(packed) as archive:
        for path, name in package.files.items():
            try:
                member = archive.extractfile(f"package/{path}")
            except KeyError:
                member = None
            if member is None:
                raise SystemExit(f"{package.name} has no file {path}.")
            (folder / name).write_bytes(member.read())


def write_sums(folder: Path) -> None:
    """Write down the hash of every vendored file, so that ``--check`` needs no network."""
    lines = [
        f"{digest(file.read_bytes(), 'sha384')}  {_inside(folder, file)}\n"
        for file in _files(folder)
    ]
    (folder / "SHA384SUMS").write_text("".join(lines), encoding="ascii")


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA384SUMS")


def _inside(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()


def wrong_files(folder: Path) -> list[str]:
    """Return the vendored files that are missing, changed or unknown."""
    sums = (folder / "SHA384SUMS").read_text(encoding="ascii").splitlines()
    known = {name: found for found, _, name in (line.partition("  ") for line in sums)}
    there = {_inside(folder, file): digest(file.read_bytes(), "sha384") for file in _files(folder)}
    pinned = {f"{p.folder}/{name}": sum for p in PACKAGES for name, sum in p.hashes.items()}
    expected = known | pinned
    return sorted(name for name in expected | there if expected.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    """Fetch or check; 0 when every file is as it should be."""
    if "--check" not in arguments:
        for package in PACKAGES:
            print(f"fetching {package.name}")
            fetch(package, VENDOR)
        write_sums(VENDOR)
    wrong = wrong_files(VENDOR)
    for name in wrong:
        print(f"{name}: not the file that was checked", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
