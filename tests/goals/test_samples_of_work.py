"""Samples of work as files: what is taken, what stays behind, who gets them, and how they go again."""

from __future__ import annotations

import importlib
import json
import os
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlmodel import Session, col, select

from learnpath.errors import WrongInput
from learnpath.goals import checkins, close, evidence, file_store, work_file
from learnpath.goals.checkins import Entry
from learnpath.goals.file_store import FolderStore
from learnpath.goals.models import CheckIn, Evidence, FileKind, GapReason, Goal
from learnpath.people.models import Hat
from learnpath.record import Relation
from learnpath.record.models import Event
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.goals.build import a_goal, every_week, learner_of, school_day
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
WEEK = "2025-11-17"
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def a_picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **extra: Any) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "teal").save(kept, form, **extra)
    return kept.getvalue()


def a_photo() -> bytes:
    """A photo as phones make them: lying on its side, with the place and the maker in it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Spyphone"
    exif.get_ifd(GPS).update({1: "N", 2: (39.0, 44.0, 21.0), 3: "W", 4: (104.0, 59.0, 25.0)})
    return a_picture(size=(80, 40), exif=exif, comment=b"at home")


def a_pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_bomb() -> bytes:
    """A picture of 60,000 by 60,000 in a few hundred bytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    lines = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")
    )


def _send(visitor: Visitor, goal: Goal, *files: tuple[str, bytes], **typed: Any) -> Page:
    said = {
        "week": WEEK,
        "seen_id": "",
        "value": "36",
        "feel": "smooth",
        "line": "My words",
    } | typed
    sent = [(BytesIO(content), name) for name, content in files]
    return visitor.post(f"/goals/{goal.id}/check-in", files=sent, **said)


def _samples(session: Session, goal: Goal) -> list[Evidence]:
    query = select(Evidence).where(Evidence.goal_id == goal.id).order_by(col(Evidence.id))
    found = list(session.exec(query.execution_options(populate_existing=True)))
    session.commit()
    return found


def _payloads(session: Session, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    events = session.exec(select(Event).order_by(col(Event.id))).all()
    session.commit()
    return [(str(e.verb), json.loads(e.payload)) for e in events if e.verb.startswith(prefix)]


def _files(app: Flask) -> list[Path]:
    folder = app.extensions["learnpath.settings"].data_dir / "files"
    return sorted(path for path in folder.rglob("*") if path.is_file())


# -- what is taken, and how it is kept ---------------------------------------------------------------


def test_a_photo_is_kept_upright_and_without_the_place_where_it_was_taken() -> None:
    kept = work_file.read("IMG_1.jpg", a_photo())
    assert kept.kind is FileKind.JPEG
    for content in (kept.content, kept.small or b""):
        assert b"Spyphone" not in content
        assert b"at home" not in content
        with Image.open(BytesIO(content)) as picture:
            assert dict(picture.getexif()) == {}
            assert picture.height > picture.width


@pytest.mark.parametrize(
    ("form", "kind"), [("JPEG", FileKind.JPEG), ("PNG", FileKind.PNG), ("WEBP", FileKind.JPEG)]
)
def test_a_picture_is_drawn_anew_and_what_hangs_behind_it_is_gone(
    form: str, kind: FileKind
) -> None:
    script = b"<script>alert(document.cookie)</script>"
    kept = work_file.read("note.html", a_picture(form) + script)
    assert kept.kind is kind
    assert kept.name == "note" + work_file.ENDINGS[kind]
    assert script not in kept.content
    assert kept.small is not None


def test_a_large_photo_gets_as_large_as_a_screen_and_a_see_through_one_stays_so() -> None:
    with Image.open(BytesIO(work_file.read("a", a_picture(size=(4000, 3000))).content)) as picture:
        assert max(picture.size) == work_file.LONGEST_EDGE
    glass = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(glass, "WEBP", lossless=True)
    kept = work_file.read("a.webp", glass.getvalue())
    assert kept.kind is FileKind.PNG


def test_a_pdf_is_kept_as_it_is() -> None:
    kept = work_file.read("C:\\work\\Essay.PDF", a_pdf())
    assert (kept.kind, kept.content, kept.small) == (FileKind.PDF, a_pdf(), None)
    assert kept.name == "Essay.pdf"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "You can add a picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "You can add a picture"),
        (b"GIF89a" + b"\0" * 40, "You can add a picture"),
        (b"MZ" + b"\0" * 40, "You can add a picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (a_bomb(), "cannot be read|too big"),
        (a_picture("PNG", (8000, 7000)), "too big"),
        (a_picture(size=(400, 400))[:300], "cannot be read"),
        (a_picture("PNG", (400, 400))[:60], "cannot be read"),
        (b"\xff\xd8\xff" + b"<script>" * 20, "cannot be read"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "cannot be read"),
        (b"%PDF-1.7 cut off", "cannot be read"),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused_whatever_its_name(
    content: bytes, says: str
) -> None:
    with pytest.raises(WrongInput) as refused:
        work_file.read("holiday.png", content)
    assert any(part in str(refused.value) for part in says.split("|"))


def test_half_a_picture_is_refused_also_after_a_pdf_was_made() -> None:
    importlib.import_module("weasyprint")
    with pytest.raises(WrongInput):
        work_file.read("holiday.png", a_picture("PNG", (400, 400))[:60])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("..\\..\\boot.ini", "boot.png"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie x=1.png"),
        ('"><img src=x>.png', "img src=x.png"),
        ("gpj.\u202eexe", "gpj.png"),
        ("....", "My work.png"),
        ("Año nuevo №1.png", "Año nuevo №1.png"),
        ("x" * 300 + ".png", "x" * 80 + ".png"),
    ],
)
def test_a_name_is_only_for_people_to_read(name: str, shown: str) -> None:
    assert work_file.shown_name(name, FileKind.PNG) == shown


# -- giving them, seeing them ------------------------------------------------------------------------


def test_a_learner_adds_files_and_gets_them_back_as_downloads(
    app: Flask, session: Session, visit: Visit
) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    form = (
        mine.get(f"/goals/{goal.id}/check-in")
        .soup.find("input", {"name": "files"})
        .find_parent("form")
    )
    assert form["enctype"] == "multipart/form-data"
    sent = _send(mine, goal, ("../My quiz.jpg", a_photo()), ("essay.pdf", a_pdf()))
    assert sent.status == 303
    photo, essay = _samples(session, goal)
    assert {path.name for path in _files(app)} == {
        photo.file_key, f"{photo.file_key}-small", essay.file_key
    }  # fmt: skip
    page = sent.follow()
    assert "My quiz.jpg" in page.words
    small = page.soup.select_one(".work img")
    assert small is not None
    assert mine.get(small["src"]).response.mimetype == "image/jpeg"
    given = mine.get(f"/goals/{goal.id}/work/{photo.id}").response
    assert (
        given.get_data()
        == (
            _files(app)[0].parent.parent / (photo.file_key or "")[:2] / (photo.file_key or "")
        ).read_bytes()
    )
    assert given.headers["Content-Disposition"] == 'attachment; filename="My quiz.jpg"'
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert given.headers["Cache-Control"] == "private, no-store"
    assert given.mimetype == "image/jpeg"
    assert mine.get(f"/goals/{goal.id}/work/{essay.id}").response.mimetype == "application/pdf"
    assert mine.get(f"/goals/{goal.id}/work/{essay.id}/small").status == 404


def test_the_record_tells_of_a_file_without_its_name(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    _send(visit(learner_of(session, goal)), goal, ("Secret.jpg", a_picture()))
    assert _payloads(session, "work_") == [("work_added", {"week": WEEK, "kind": "jpeg"})]


def test_a_file_that_comes_later_corrects_nothing(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    _send(mine, goal)
    row = session.exec(select(CheckIn).where(CheckIn.goal_id == goal.id)).one()
    session.commit()
    assert _send(mine, goal, ("a.png", a_picture("PNG")), seen_id=str(row.id)).status == 303
    assert len(session.exec(select(CheckIn).where(CheckIn.goal_id == goal.id)).all()) == 1
    session.commit()
    assert _samples(session, goal)[0].check_in_id == row.id


def test_a_wrong_file_or_too_many_or_too_big_ones_keep_what_was_typed(
    make_app: Callable[..., Flask], session: Session
) -> None:
    app = make_app(file_bytes=20_000)
    goal = a_goal(session)
    mine = Visitor(app, learner_of(session, goal))
    tries: list[tuple[str, list[tuple[str, bytes]]]] = [
        ("page.png: You can add a picture", [("page.png", b"<html>")]),
        ("Choose 4 files at the most.", [("a.jpg", a_picture())] * 5),
        ("megabytes at the most", [("a.pdf", a_pdf() + b" " * 20_000)]),
    ]
    for says, files in tries:
        page = _send(mine, goal, *files)
        assert page.status == 422
        assert says in page.words
        assert page.soup.find("input", {"name": "line"})["value"] == "My words"
        assert page.soup.find("input", {"name": "value"})["value"] == "36"
    assert _samples(session, goal) == []
    assert _files(app) == []


def test_a_week_has_four_files_and_no_more(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    _send(mine, goal, *[("a.png", a_picture("PNG"))] * 3)
    row = session.exec(select(CheckIn).where(CheckIn.goal_id == goal.id)).one()
    session.commit()
    page = _send(mine, goal, *[("b.png", a_picture("PNG"))] * 2, seen_id=str(row.id))
    assert page.status == 422
    assert "4 files at the most" in page.words
    assert len(_samples(session, goal)) == 3


def test_other_mistakes_say_that_the_file_has_to_be_chosen_once_more(
    app: Flask, session: Session, visit: Visit
) -> None:
    goal = a_goal(session)
    page = _send(visit(learner_of(session, goal)), goal, ("a.png", a_picture("PNG")), value="many")
    assert page.status == 422
    assert "Choose your file once more." in page.words
    assert _files(app) == []


def test_a_full_disk_keeps_the_words_and_no_half_of_a_file(
    app: Flask, session: Session, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    whole = FolderStore.put

    def full(self: FolderStore, key: str, content: bytes) -> None:
        whole(self, key, content)
        if key.endswith("-small"):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderStore, "put", full)
    page = _send(mine, goal, ("a.png", a_picture("PNG")))
    assert page.status == 422
    assert "Your words are still here." in page.words
    assert page.soup.find("input", {"name": "line"})["value"] == "My words"
    assert _samples(session, goal) == []
    monkeypatch.undo()
    assert [path.name for path in _files(app) if not path.name.endswith("-small")] == []


def test_a_disk_that_fails_in_the_middle_of_a_file_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    store = FolderStore(tmp_path)
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input"):
        store.put(file_store.new_key(), b"words")
    assert list(store.listed()) == []


# -- who gets them -----------------------------------------------------------------------------------


def test_a_file_is_for_the_learner_the_teacher_and_the_family_while_the_goal_is_shared(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    teacher, guardian = a_teacher_of(session, learner), a_guardian_of(session, learner)
    other = a_learner(session, "Teo")
    goal = a_goal(session, learner=learner, teacher=teacher)
    others = a_goal(session, learner=other)
    session.commit()
    _send(visit(learner), goal, ("a.png", a_picture("PNG")))
    session.commit()
    (sample,) = _samples(session, goal)
    paths = [f"/goals/{goal.id}/work/{sample.id}{tail}" for tail in ("", "/small")]

    def seen(person: Any, hat: Hat | None = None) -> list[int]:
        visitor = visit(person, hat)
        return [visitor.get(path).status for path in paths]

    assert seen(learner) == seen(teacher) == [200, 200]
    assert seen(other) == [404, 404]
    assert seen(None) == [303, 303]
    assert seen(guardian, Hat.FAMILY) == [404, 404]
    close.share(session, by(learner, Relation.LEARNER), goal, True, MONDAY)
    session.commit()
    assert seen(guardian, Hat.FAMILY) == [200, 200]
    assert "a.png" in visit(guardian, Hat.FAMILY).get(f"/goals/{goal.id}").words
    close.share(session, by(learner, Relation.LEARNER), goal, False, MONDAY)
    session.commit()
    assert seen(guardian, Hat.FAMILY) == [404, 404]
    # An id of one goal opens nothing below another one.
    assert visit(other).get(f"/goals/{others.id}/work/{sample.id}").status == 404


def test_nobody_makes_us_read_a_file_for_a_goal_that_is_not_theirs(
    session: Session, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal, other = a_goal(session), a_learner(session, "Teo")
    session.commit()
    read: list[str] = []
    monkeypatch.setattr(work_file, "read", lambda name, _content: read.append(name))
    assert _send(visit(other), goal, ("a.png", a_picture("PNG"))).status == 404
    assert read == []


# -- how they go -------------------------------------------------------------------------------------


def test_a_learner_removes_a_file_for_good_and_the_record_still_says_there_was_one(
    app: Flask, session: Session, visit: Visit
) -> None:
    goal = a_goal(session)
    learner = learner_of(session, goal)
    teacher = a_teacher_of(session, learner)
    session.commit()
    mine = visit(learner)
    _send(mine, goal, ("a.png", a_picture("PNG")))
    (sample,) = _samples(session, goal)
    path = f"/goals/{goal.id}/work/{sample.id}"
    assert visit(teacher).post(f"{path}/remove").status == 404
    assert "It is gone for good." in mine.get(f"{path}/remove").words
    assert len(_files(app)) == 2
    assert mine.post(f"{path}/remove").status == 303
    assert _files(app) == []
    assert mine.get(path).status == 404
    assert "a.png" not in mine.get(f"/goals/{goal.id}").words
    assert [verb for verb, _ in _payloads(session, "work_")] == ["work_added", "work_removed"]
    (gone,) = _samples(session, goal)
    assert (gone.file_name, gone.file_key, gone.file_sha256) == ("", None, "")


def test_files_of_a_change_that_is_undone_go_with_it(session: Session, tmp_path: Path) -> None:
    goal = a_goal(session)
    learner = session.get_one(type(learner_of(session, goal)), goal.learner_id)
    store, here = FolderStore(tmp_path / "files"), every_week(session, learner)
    entry = Entry(school_day(MONDAY), gap=GapReason.SICK, files=(work_file.read("a", a_pdf()),))
    arguments = (
        session,
        by(learner, Relation.LEARNER),
        goal,
        entry,
        here,
        school_day(MONDAY),
        MONDAY,
    )
    checkins.check_in(*arguments, store=store)
    assert len(list(store.listed())) == 1
    session.rollback()
    assert list(store.listed()) == []
    checkins.check_in(*arguments, store=store)
    session.close()
    assert list(store.listed()) == []
    checkins.check_in(*arguments, store=store)
    session.commit()
    assert len(list(store.listed())) == 1
    # And what is erased goes when the erasure is committed, not before.
    assert evidence.erase_all(session, goal.learner_id, store, MONDAY) == 1
    session.rollback()
    assert len(list(store.listed())) == 1
    evidence.erase_all(session, goal.learner_id, store, MONDAY)
    session.commit()
    assert list(store.listed()) == []


def test_a_key_is_never_a_path(tmp_path: Path) -> None:
    for key in ("../secret.key", "/etc/passwd", "", "a" * 31, "a" * 32 + "/../x"):
        with pytest.raises(ValueError, match="no key"):
            FolderStore(tmp_path).get(key)
