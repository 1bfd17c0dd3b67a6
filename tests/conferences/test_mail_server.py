"""Messages over a real socket, to a mail server that takes them, refuses, or hangs up in the middle."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from learnpath.conferences import choose, links, mail, messages, outbox, windows
from learnpath.conferences.choose import Wish
from learnpath.conferences.models import Message, MessageKind
from learnpath.conferences.outbox import Report
from learnpath.db import open_session, unit_of_work
from learnpath.people.models import Language
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build
from tests.conferences.smtp import Mood, a_mail_server
from tests.conferences.test_windows import Opened

PUBLIC = "https://paths.example.org"


@pytest.fixture
def server():
    with a_mail_server() as running:
        yield running


@pytest.fixture
def post(settings, server):
    """What hands letters to the running server, as the command does."""
    return mail.post_by(
        replace(settings, smtp_url=server.url, mail_from="office@example.org", public_url=PUBLIC)
    )


@pytest.fixture
def invited(any_engine):
    """Two families without a time, invited: one has an address, the other has none."""
    with unit_of_work(any_engine) as session:
        opened = Opened(session)
        messages.keep_contact(session, opened.guardian.id, "rosa@example.org", False, MONDAY)
        families = [
            (opened.learner.id, opened.guardian.id), (opened.other.id, opened.other_guardian.id),
        ]  # fmt: skip
        messages.put_in_invitations(session, opened.window, families, MONDAY)
    return any_engine, opened


def message_of(engine, guardian) -> Message:
    with open_session(engine, writing=False) as session:
        return session.exec(select(Message).where(Message.guardian_id == guardian.id)).one()


def paper(engine, opened, now=MONDAY) -> list[int]:
    ids = [opened.learner.id, opened.other.id]
    with open_session(engine, writing=False) as session:
        return [m.guardian_id for m in outbox.on_paper(session, ids, now, by_mail=True)]


def test_an_invitation_goes_out_once_and_its_link_opens_the_choice(invited, server, post):
    engine, opened = invited
    assert outbox.send_waiting(engine, post, MONDAY) == Report(1, 0, 0)
    assert outbox.send_waiting(engine, post, MONDAY) == Report(0, 0, 0)
    (taken,) = server.taken
    message = email.message_from_string(taken, policy=email.policy.default)
    token = re.search(rf"{PUBLIC}/f/(\S+)", message.get_body(("plain",)).get_content())[1]
    assert token in message.get_body(("html",)).get_content()
    with open_session(engine, writing=False) as session:
        link = links.find(session, token, MONDAY)
        assert (link.window_id, link.learner_id) == (opened.window.id, opened.learner.id)
    assert paper(engine, opened) == [opened.other_guardian.id]


def test_an_invitation_names_nobody_and_tells_nothing(invited, server, post):
    engine, opened = invited
    outbox.send_waiting(engine, post, MONDAY)
    message = email.message_from_string(server.taken[0], policy=email.policy.default)
    words = " ".join([message["Subject"], *(part.get_content() for part in message.iter_parts())])
    for said in ("Mateo", "Rosa", "Baca", "Room", "Nov"):
        assert said not in words
    assert opened.guardian.language is Language.ES
    assert "Elija la hora" in words


@pytest.mark.parametrize(
    "mood",
    [
        Mood.REFUSES_THE_ADDRESS,
        Mood.REFUSES_THE_LETTER,
        Mood.HANGS_UP_AT_ONCE,
        Mood.HANGS_UP_BEFORE_THE_LETTER,
    ],
)
def test_what_the_server_did_not_take_waits_and_arrives_once(invited, server, post, mood):
    engine, opened = invited
    server.mood = mood
    assert outbox.send_waiting(engine, post, MONDAY) == Report(0, 1, 1)
    assert message_of(engine, opened.guardian).trouble.startswith("SMTP")
    ids = [opened.learner.id, opened.other.id]
    with open_session(engine, writing=False) as session:
        waiting = outbox.waiting_for_mail(session, ids, MONDAY)
    assert (waiting.count, waiting.not_taken) == (1, 1)
    server.mood = Mood.TAKES_IT
    assert outbox.send_waiting(engine, post, MONDAY) == Report(1, 0, 0)
    assert len(server.taken) == 1


def test_a_letter_in_doubt_is_not_sent_again_and_goes_out_on_paper(invited, server, post):
    engine, opened = invited
    server.mood = Mood.HANGS_UP_IN_THE_LETTER
    assert outbox.send_waiting(engine, post, MONDAY) == Report(0, 1, 0)
    server.mood = Mood.TAKES_IT
    assert outbox.send_waiting(engine, post, MONDAY) == Report(0, 0, 0)
    assert server.taken == []
    assert paper(engine, opened) == [opened.guardian.id, opened.other_guardian.id]


@pytest.mark.parametrize(
    "mood", [Mood.TAKES_IT_AND_HANGS_UP, Mood.TAKES_IT_AND_SAYS_A_STRANGE_GOODBYE]
)
def test_what_was_taken_is_sent_however_the_server_says_goodbye(invited, server, post, mood):
    engine, _opened = invited
    server.mood = mood
    assert outbox.send_waiting(engine, post, MONDAY) == Report(1, 0, 0)
    server.mood = Mood.TAKES_IT
    assert outbox.send_waiting(engine, post, MONDAY) == Report(0, 0, 0)
    assert len(server.taken) == 1


def test_a_process_that_died_on_the_way_leaves_it_for_paper(invited):
    engine, opened = invited
    with unit_of_work(engine) as session:
        message = session.get_one(Message, message_of(engine, opened.guardian).id)
        message.claimed_at = MONDAY
        session.add(message)
    assert opened.guardian.id not in paper(engine, opened, MONDAY + timedelta(minutes=30))
    assert opened.guardian.id in paper(engine, opened, MONDAY + timedelta(hours=2))


def test_nobody_is_invited_who_has_a_time_or_when_the_days_are_over(invited, server, post):
    engine, opened = invited
    with unit_of_work(engine) as session:
        family, learner, guardian_id = opened.family()
        choose.choose(session, family, learner, guardian_id, opened.slots[0].id, Wish(), MONDAY)
    assert outbox.send_waiting(engine, post, MONDAY) == Report(0, 0, 0)
    assert paper(engine, opened) == [opened.other_guardian.id]
    assert paper(engine, opened, MONDAY + timedelta(days=6)) == []
    assert server.taken == []


def test_putting_in_twice_is_once_and_again_is_for_lost_sheets(invited):
    engine, opened = invited
    pair = (opened.other.id, opened.other_guardian.id)
    with unit_of_work(engine) as session:
        messages.put_in_invitations(session, opened.window, [pair], MONDAY)
        (message,) = outbox.on_paper(session, [opened.other.id], MONDAY, by_mail=True)
        _guardian, first = outbox.print_one(session, opened.by, message, MONDAY)
    assert opened.other_guardian.id not in paper(engine, opened)
    with unit_of_work(engine) as session:
        messages.put_in_invitations(session, opened.window, [pair], MONDAY, again=True)
        (message,) = outbox.on_paper(session, [opened.other.id], MONDAY, by_mail=True)
        _guardian, second = outbox.print_one(session, opened.by, message, MONDAY)
    with open_session(engine, writing=False) as session:
        assert links.find(session, first, MONDAY) is None
        assert links.find(session, second, MONDAY) is not None


def test_a_second_window_invites_anew(invited, server, post):
    engine, opened = invited
    outbox.send_waiting(engine, post, MONDAY)
    with unit_of_work(engine) as session:
        later = opened.window.first_day + timedelta(days=14)
        window = windows.open_window(
            session, opened.by, opened.school_class.id, later, later, MONDAY
        )
        pair = (opened.learner.id, opened.guardian.id)
        messages.put_in_invitations(session, window, [pair], MONDAY)
    assert outbox.send_waiting(engine, post, MONDAY) == Report(1, 0, 0)
    assert len(server.taken) == 2


def test_a_summary_and_a_look_back_go_the_same_way(any_engine, server, post):
    with unit_of_work(any_engine) as session:
        learner = builders.a_learner(session, "Mateo")
        mother = builders.a_guardian_of(session, learner, "Rosa")
        messages.keep_contact(session, mother.id, "rosa@example.org", True, MONDAY)
        build.a_conference(session, learner)
    six = MONDAY + timedelta(weeks=6)
    assert outbox.send_waiting(any_engine, post, MONDAY) == Report(1, 0, 0)
    with unit_of_work(any_engine) as session:
        messages.put_in_look_backs(session, six)
    assert outbox.send_waiting(any_engine, post, six) == Report(1, 0, 0)
    assert len(server.taken) == 2
    assert not [taken for taken in server.taken if "Mateo" in taken]


# -- over the pages ------------------------------------------------------------------------------------


def test_the_button_invites_by_mail_and_on_paper_and_the_page_never_waits(
    make_app, session, engine, server, settings
):
    from tests.visiting import Visitor

    opened = Opened(session)
    messages.keep_contact(session, opened.guardian.id, "rosa@example.org", False, MONDAY)
    session.commit()
    app = make_app(smtp_url=server.url, mail_from="office@example.org", public_url=PUBLIC)
    visitor = Visitor(app, opened.teacher)
    address = f"/classes/{opened.school_class.id}/conferences"
    sheets = visitor.post(f"{address}/{opened.window.id}/invite")
    assert "1 message waits to go out by e-mail." in sheets.words
    assert [line.get_text() for line in sheets.soup.select(".cut-off")] != []
    letter = sheets.soup.select_one(".sheet .card").get_text()
    for name in ("Naomi", "Dee", "Mateo", "Rosa"):
        assert name not in letter
    # Nothing talked to the mail server yet: that is for ``learnpath send``.
    assert server.connections == 0
    assert "1 message waits to go out by e-mail." in visitor.get(address).words
    again = visitor.post(f"{address}/{opened.window.id}/invite")
    assert "Nothing is left to print." in again.words
    lost = visitor.post(f"{address}/{opened.window.id}/invite", again="1")
    assert len(lost.soup.select(".sheet")) == 1
    with open_session(engine, writing=False) as reading:
        rows = reading.exec(select(Message)).all()
        assert {row.kind for row in rows} == {MessageKind.INVITATION}
        assert len(rows) == 2


def test_without_a_mail_server_every_invitation_is_a_sheet(visit, session):
    opened = Opened(session)
    messages.keep_contact(session, opened.guardian.id, "rosa@example.org", False, MONDAY)
    session.commit()
    sheets = visit(opened.teacher).post(
        f"/classes/{opened.school_class.id}/conferences/{opened.window.id}/invite"
    )
    assert len(sheets.soup.select(".sheet")) == 2
    address = sheets.soup.select_one(".long-address").get_text(strip=True)
    assert visit(None).post(address.removeprefix("http://localhost")).status == 303


def test_the_command_sends_over_a_real_connection(settings, monkeypatch, engine, server):
    from click.testing import CliRunner

    from learnpath import cli, config

    with unit_of_work(engine) as session:
        opened = Opened(session)
        messages.keep_contact(session, opened.guardian.id, "rosa@example.org", False, MONDAY)
        pair = (opened.learner.id, opened.guardian.id)
        messages.put_in_invitations(session, opened.window, [pair], MONDAY)
    real = replace(settings, smtp_url=server.url, mail_from="office@example.org", public_url=PUBLIC)
    monkeypatch.setattr(config, "load", lambda *_: real)
    result = CliRunner().invoke(cli.main, ["send"])
    assert (result.exit_code, result.output) == (0, "Sent: 1. Not sent: 0. Waiting: 0.\n")
    assert len(server.taken) == 1
