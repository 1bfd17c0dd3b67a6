"""Messages to families: without names or content, each sent once, and nothing is lost when mail fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from learnpath.conferences import links, mail, messages, outbox
from learnpath.conferences.models import Message, MessageKind
from learnpath.conferences.outbox import Letter, Report
from learnpath.db import open_session, unit_of_work
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build


class Postbox:
    """A mail server that takes letters, or fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.letters: list[Letter] = []
        self.failures = failures

    def __call__(self, letter: Letter) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError("the mail server is down")
        self.letters.append(letter)


@pytest.fixture
def shared(any_engine):
    """A shared summary; the mother has an address, the father has none, an uncle may not be told."""
    with unit_of_work(any_engine) as session:
        learner = builders.a_learner(session, "Mateo")
        mother = builders.a_guardian_of(session, learner, "Rosa")
        father = builders.a_guardian_of(session, learner, "Ken", as_called="Papá")
        builders.a_guardian_of(session, learner, "Uncle", no_contact=True)
        messages.keep_contact(session, mother.id, "rosa@example.org", True, MONDAY)
        conference = build.a_conference(session, learner)
        ids = learner.id, mother.id, father.id, conference.id
    return any_engine, *ids


def all_messages(engine) -> list[Message]:
    with open_session(engine, writing=False) as session:
        return list(session.exec(select(Message).order_by(Message.id)).all())


def test_sharing_puts_a_message_in_for_each_guardian_who_may_be_told(shared):
    engine, _learner, mother, father, _conference = shared
    assert [m.guardian_id for m in all_messages(engine)] == [mother, father]


def test_each_is_sent_once(shared):
    engine, *_ids = shared
    box = Postbox()
    assert outbox.send_waiting(engine, box, MONDAY) == Report(1, 0, 0)
    assert outbox.send_waiting(engine, box, MONDAY) == Report(0, 0, 0)
    assert [letter.to for letter in box.letters] == ["rosa@example.org"]
    with open_session(engine, writing=False) as session:
        assert links.find(session, box.letters[0].token, MONDAY) is not None


def test_a_mail_server_that_is_down_loses_nothing(shared):
    engine, *_ids = shared
    box = Postbox(failures=2)
    assert outbox.send_waiting(engine, box, MONDAY) == Report(0, 1, 1)
    assert all_messages(engine)[0].trouble == "ConnectionRefusedError"
    assert outbox.send_waiting(engine, box, MONDAY) == Report(0, 1, 1)
    assert outbox.send_waiting(engine, box, MONDAY) == Report(1, 0, 0)
    assert len(box.letters) == 1


def test_after_many_tries_it_goes_out_on_paper(shared):
    engine, learner, mother, father, _conference = shared
    for _number in range(outbox.MOST_TRIES):
        outbox.send_waiting(engine, Postbox(failures=1), MONDAY)
    with open_session(engine, writing=False) as session:
        paper = [m.guardian_id for m in outbox.on_paper(session, [learner], MONDAY, by_mail=True)]
    assert paper == [mother, father]


def test_one_that_died_on_its_way_is_not_sent_again(shared):
    engine, *_ids = shared

    class PowerCut(BaseException):
        pass

    def post(_letter: Letter) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        outbox.send_waiting(engine, post, MONDAY)
    assert outbox.send_waiting(engine, Postbox(), MONDAY) == Report(0, 0, 0)
    first = all_messages(engine)[0]
    assert first.claimed_at is not None
    assert first.sent_at is None


def test_a_mark_of_no_contact_stops_a_message_that_waits(shared):
    engine, *_ids = shared
    with unit_of_work(engine) as session:
        import sqlalchemy as sa

        session.execute(sa.text("UPDATE guardianship SET no_contact = true"))
    box = Postbox()
    outbox.send_waiting(engine, box, MONDAY)
    assert box.letters == []


def test_the_look_back_goes_once_to_those_who_asked_for_it(shared):
    engine, _learner, mother, _father, _conference = shared
    six = MONDAY + timedelta(weeks=6)
    with unit_of_work(engine) as session:
        assert messages.put_in_look_backs(session, six - timedelta(days=1)) == 0
        assert messages.put_in_look_backs(session, six) == 1
    with unit_of_work(engine) as session:
        assert messages.put_in_look_backs(session, six) == 0
    back = [m for m in all_messages(engine) if m.kind is MessageKind.PROMISE_LOOK_BACK]
    assert [m.guardian_id for m in back] == [mother]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_message_names_nobody_and_has_text_and_html(kind, language):
    letter = Letter(
        "rosa@example.org", language, kind, "Ridgeline <School>", "303-555-0100", "T0ken"
    )
    message = mail.compose(letter, "office@example.org", "https://paths.example.org")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "https://paths.example.org/f/T0ken" in text
    assert "Ridgeline &lt;School&gt;" in html
    assert "303-555-0100" in text
    assert message["To"] == "rosa@example.org"


def test_a_teacher_prints_what_cannot_be_sent(visit, session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    builders.a_guardian_of(session, learner, "Rosa")
    build.a_conference(session, learner, teacher)
    class_id = builders.class_of(session, learner).id
    session.commit()
    visitor = visit(teacher)
    assert "1 message to a family waits" in visitor.get(f"/classes/{class_id}/conferences").words
    sheets = visitor.post(f"/classes/{class_id}/conferences/messages")
    address = sheets.soup.select_one(".long-address").get_text(strip=True)
    assert visit(None).post(address.removeprefix("http://localhost")).status == 303
    assert "waits to be printed" not in visitor.get(f"/classes/{class_id}/conferences").words


def test_an_address_that_is_none_is_told(visit, session):
    from tests.conferences.test_windows import Opened

    opened = Opened(session)
    session.commit()
    page = visit(opened.guardian).post(
        f"/learners/{opened.learner.id}/conferences/choose",
        slot=str(opened.slots[0].id), email="rosa at home",
    )  # fmt: skip
    assert page.status == 422


def test_the_command_says_when_no_mail_server_is_set(settings, monkeypatch, engine):
    from click.testing import CliRunner

    from learnpath import cli, config

    monkeypatch.setattr(config, "load", lambda *_: settings)
    result = CliRunner().invoke(cli.main, ["send"])
    assert result.exit_code == 0
    assert "printed" in result.output


def test_the_command_sends_and_tells_what_did_not_work(settings, monkeypatch, engine):
    from click.testing import CliRunner

    from learnpath import cli, config

    with unit_of_work(engine) as session:
        learner = builders.a_learner(session)
        mother = builders.a_guardian_of(session, learner)
        messages.keep_contact(session, mother.id, "rosa@example.org", False, MONDAY)
        build.a_conference(session, learner)
    # Nobody listens on this port of this machine.
    nowhere = replace(
        settings, smtp_url="smtp://127.0.0.1:9", mail_from="office@example.org",
        public_url="https://paths.example.org",
    )  # fmt: skip
    monkeypatch.setattr(config, "load", lambda *_: nowhere)
    result = CliRunner().invoke(cli.main, ["send"])
    assert result.exit_code == 1
    assert "Sent: 0. Not sent: 1. Waiting: 1." in result.output
