"""Messages over TLS with a name and a password, to a real server: nothing of them goes over the wire in the open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from learnpath.conferences import mail, messages, outbox
from learnpath.conferences.outbox import Report
from learnpath.db import open_session, unit_of_work
from tests.builders import MONDAY
from tests.conferences.smtp import a_certificate, a_mail_server
from tests.conferences.test_windows import Opened

NAME, PASSWORD = "office@example.org", "three:calm/st@nes%"
IN_A_SETTING = "office%40example.org:three%3Acalm%2Fst%40nes%25@"


@pytest.fixture
def invited(engine):
    """A family with an address, to whom an invitation waits."""
    with unit_of_work(engine) as session:
        opened = Opened(session)
        messages.keep_contact(session, opened.guardian.id, "rosa@example.org", False, MONDAY)
        family = [(opened.learner.id, opened.guardian.id)]
        messages.put_in_invitations(session, opened.window, family, MONDAY)
    return engine, opened


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate that this machine trusts for the length of a test."""
    path = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def send(engine, settings, server, sign_in=IN_A_SETTING):
    settings = replace(
        settings, smtp_url=server.url_with(sign_in), mail_from=NAME,
        public_url="https://paths.example.org",
    )  # fmt: skip
    return outbox.send_waiting(engine, mail.post_by(settings), MONDAY)


@pytest.mark.parametrize("secure", [True, False], ids=["smtps", "starttls"])
def test_a_letter_goes_in_secret_after_signing_in(invited, settings, certificate, secure):
    engine, _opened = invited
    with a_mail_server(certificate, secure=secure) as server:
        server.password = PASSWORD
        assert send(engine, settings, server) == Report(1, 0, 0)
    assert server.signed_in == [NAME]
    assert len(server.taken) == 1
    assert all(word.startswith(("ehlo", "STARTTLS")) for word in server.in_the_open)


def test_a_wrong_password_loses_nothing_and_is_told_to_nobody(invited, settings, certificate):
    engine, opened = invited
    with a_mail_server(certificate) as server:
        server.password = "another one"
        assert send(engine, settings, server) == Report(0, 1, 1)
        server.password = PASSWORD
        assert server.taken == []
        with open_session(engine, writing=False) as session:
            waits = outbox.waiting_for_mail(session, [opened.learner.id], MONDAY)
        assert (waits.count, waits.not_taken) == (1, 1)
        assert send(engine, settings, server) == Report(1, 0, 0)
    assert len(server.taken) == 1


@pytest.mark.parametrize("secure", [True, False], ids=["smtps", "starttls"])
def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(
    invited, settings, tmp_path, secure
):
    engine, _opened = invited
    with a_mail_server(a_certificate(tmp_path), secure=secure) as server:
        server.password = PASSWORD
        assert send(engine, settings, server) == Report(0, 1, 1)
    assert (server.signed_in, server.taken) == ([], [])


def test_nobody_signs_in_where_all_could_read_it(invited, settings):
    engine, _opened = invited
    with a_mail_server() as server:
        assert send(engine, settings, server) == Report(0, 1, 1)
        assert server.taken == []
        assert not any("AUTH" in word for word in server.in_the_open)
        assert send(engine, settings, server, sign_in="") == Report(1, 0, 0)
