"""Files of school data as schools send them, made for tests."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping as Map
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlmodel import Session

from learnpath.outcomes.mapping import Mapping, from_json
from learnpath.outcomes.sources import Source, from_bytes
from learnpath.people.models import Person
from learnpath.school.models import OutsideId, OutsideKind, RosterEntry

LONG: dict[str, Any] = {
    "name": "Quizzes",
    "learner": {"column": "Student", "by": "identifier"},
    "date": {"column": "Day", "format": "MM/DD/YYYY"},
    "source": "Quiz book",
    "values": [
        {
            "column": "Points",
            "measure": "{Quiz}",
            "kind": "academic",
            "maximum": "20",
            "scale": "of 20",
        }
    ],
}
ATTENDANCE: dict[str, Any] = {
    "name": "Our attendance",
    "learner": {"column": "Student", "by": "identifier"},
    "date": {"column": "Day", "format": "YYYY-MM-DD"},
    "source": "Attendance list",
    "newer_replaces": True,
    "values": [
        {
            "column": "Code", "measure": "Days at school", "kind": "attendance", "maximum": "1",
            "codes": {
                "P": {"value": "1"}, "A": {"value": "0", "words": "Away"},
                "H": {"value": "0.5", "words": "Half a day"}, "X": "leave out",
            },
        }
    ],
}  # fmt: skip


def mapping(base: Map[str, Any] = LONG, **changes: Any) -> Mapping:
    """Return a mapping, with some of its parts changed."""
    return from_json({**base, **changes})


def quizzes(*rows: str, header: str = "Student,Day,Quiz,Points", end: str = "\n") -> bytes:
    """Return a long file of quizzes."""
    return end.join([header, *rows, ""]).encode()


def source(content: bytes, by: Mapping | None = None, name: str = "quizzes.csv") -> Source:
    """Return a file with its mapping, to be brought in."""
    return from_bytes(name, content, by or mapping())


def known_as(session: Session, learner: Person, number: str) -> Person:
    """Let the school know a learner by a number, as a roster would."""
    session.add(RosterEntry(person_id=learner.id or 0, identifier=number))
    session.add(
        OutsideId(
            source=f"oneroster {learner.id}", kind=OutsideKind.PERSON, outside_id=f"sid-{number}",
            object_id=learner.id or 0,
        )
    )  # fmt: skip
    session.flush()
    return learner


MANIFEST = (
    "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.lineItems,bulk\n"
    "file.results,bulk\nsource.systemName,Grade Book\n"
)
ITEMS = (
    "sourcedId,status,dateLastModified,title,resultValueMin,resultValueMax\n"
    "li-1,active,,Fractions,0,20\nli-2,tobedeleted,,Old,0,10\n"
)
RESULTS_HEADER = "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment"


GOOD_RESULT = "r-1,active,,li-1,sid-4711,fully graded,18,2025-10-03,"


def oneroster(*results: str, **files: str) -> dict[str, str]:
    """Return the files of a OneRoster set with these results."""
    whole = {
        "manifest.csv": MANIFEST,
        "lineItems.csv": ITEMS,
        "results.csv": "\n".join([RESULTS_HEADER, *results, ""]),
    }
    return whole | {f"{name}.csv": text for name, text in files.items()}


def in_folder(folder: Path, files: Map[str, str]) -> Path:
    """Write files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def zipped(files: Map[str, str], under: str = "") -> bytes:
    """Return files as a ZIP."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(under + name, text)
    return packed.getvalue()
