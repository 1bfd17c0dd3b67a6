"""Files come only where a view takes them, and what is too big is refused before it is read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, request
from sqlmodel import Session

from learnpath.web.rules import public, signed_in
from learnpath.web.uploads import takes_files
from tests import builders
from tests.visiting import Visitor

MOST = 40_000


def _count() -> str:
    return str(sum(len(file.read()) for file in request.files.values()))


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app(max_body_bytes=20_000)
    takes = takes_files(most_bytes=MOST)
    app.add_url_rule("/takes", "takes", takes(signed_in()(_count)), methods=["POST"])
    app.add_url_rule("/takes-any", "takes_any", takes(public(_count)), methods=["POST"])
    app.add_url_rule("/takes-none", "takes_none", public(_count), methods=["POST"])
    return app


@pytest.fixture
def visitor(session: Session, visit: Callable[..., Visitor]) -> Visitor:
    learner = builders.a_learner(session)
    session.commit()
    return visit(learner)


class Watched(BytesIO):
    """A body that tells how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and count."""
        got = super().read(size)
        self.taken += len(got)
        return got

    def readinto(self, room: Any, /) -> int:
        """Read into a buffer, and count."""
        size = super().readinto(room)
        self.taken += size
        return size


def _file(size: int) -> tuple[BytesIO, str]:
    return BytesIO(b"x" * size), "work.txt"


def test_a_view_that_takes_files_gets_them(visitor: Visitor) -> None:
    page = visitor.post("/takes", work=_file(30_000))
    assert (page.status, page.text) == (200, "30000")


def test_a_form_elsewhere_takes_no_files(visitor: Visitor) -> None:
    page = visitor.post("/takes-none", work=_file(10))
    assert page.status == 400
    assert page.heading


@pytest.mark.parametrize("path", ["/takes", "/takes-any"])
def test_a_body_that_is_too_big_is_refused_before_it_is_read(visitor: Visitor, path: str) -> None:
    body = Watched(b"x" * (MOST + 1))
    kind = "multipart/form-data; boundary=b"
    answer = visitor.client.post(
        path, input_stream=body, content_length=MOST + 1, content_type=kind
    )
    assert answer.status_code == 413
    assert body.taken == 0


def test_nobody_unknown_sends_more_than_a_form_of_words_may_have(
    visitor: Visitor, visit: Callable[..., Visitor]
) -> None:
    assert visit(None).post("/takes-any", work=_file(30_000)).status == 413
    assert visitor.post("/takes-any", work=_file(30_000)).status == 200


def test_a_body_that_hides_its_size_is_read_no_further_than_it_may_be(visitor: Visitor) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n'
    body = Watched(head + b"x" * 10 * MOST)
    answer = visitor.client.post(
        "/takes",
        input_stream=body,
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert answer.status_code == 413
    assert body.taken <= 2 * MOST
