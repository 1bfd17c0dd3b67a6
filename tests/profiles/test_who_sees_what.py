"""The whole table of block, visibility and reader: on the page, on paper, in a PDF, in a search, in a copy.

Every line of every profile here is a word of its own, so that it is recognised wherever it turns up. What
each reader should see is written down once more below, by hand, and not read from the code.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from learnpath import clock, create_app, pdf
from learnpath.config import Settings
from learnpath.db import key_of, make_engine, open_session
from learnpath.people.models import Hat, Person
from learnpath.profiles import carry, peers, revise, share
from learnpath.profiles.models import BLOCKS, Audience
from learnpath.profiles.visible import entry_key
from learnpath.record import Relation
from learnpath.school import enrol
from tests.builders import (
    MONDAY,
    a_class,
    a_guardian_of,
    a_leader,
    a_learner,
    a_person,
    a_school,
    a_teacher,
    an_administrator,
    by,
    by_school,
    weeks_before,
)
from tests.conftest import SECRET
from tests.visiting import Visitor

LAST_YEAR, LAST_AUGUST, LAST_MAY = weeks_before(MONDAY, 30), date(2024, 8, 19), date(2025, 5, 30)
HARD = ("challenges", "needs")
INVITED = ("strengths", "challenges")
# Two things may have become of what was hard last year: nobody spoke of it, or learner and teacher said yes.
WAITS, AGREED = "waits", "agreed"
LEARNERS = [*((audience, WAITS) for audience in Audience), (Audience.FAMILY, AGREED)]
MEDIA = ("page", "print", "pdf", "search", "copy", "history")
READERS = (
    "self", "teacher", "teacher who knew", "ended teacher", "family", "family without contact",
    "invited peer", "revoked peer", "former classmate", "leader", "administrator", "other teacher",
)  # fmt: skip


def may_see(
    reader: str, medium: str, audience: Audience, state: str, block: str, old: bool
) -> bool:
    """Say by hand who sees a line."""
    if medium == "history" and block not in HARD:
        return False  # the look back is tried where something may be held back
    told = not old or state == AGREED
    open_to_family = audience in (Audience.FAMILY, Audience.CONFERENCE)
    match reader:
        case "self":
            return medium != "search"
        case "teacher":
            return told
        case "teacher who knew":
            return True
        case "family":
            return medium in ("page", "print", "pdf") and open_to_family and told
        case "invited peer":
            return medium == "page" and block in INVITED and told
        case _:
            return False


@dataclass
class Reading:
    """Who reads whom, and the words by which the lines are recognised."""

    app: Flask
    learners: dict[tuple[Audience, str], int] = field(default_factory=dict)
    words: dict[tuple[Audience, str, str, bool], str] = field(default_factory=dict)
    people: dict[tuple[str, Audience, str], tuple[Visitor, list[str]]] = field(default_factory=dict)
    room: dict[str, int] = field(default_factory=dict)


def _word(reading: Reading, audience: Audience, state: str, block: str, old: bool) -> str:
    word = f"zq{len(reading.words):03d}qz"
    return reading.words.setdefault((audience, state, block, old), word)


@pytest.fixture(scope="module")
def reading(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, compiled_templates
) -> Iterator[Reading]:
    """Return four learners with all their readers, signed in."""
    folder = tmp_path_factory.mktemp("who-sees-what")
    shutil.copyfile(migrated_file, folder / "learnpath.db")
    url = f"sqlite:///{folder / 'learnpath.db'}"
    with clock.standing_at(MONDAY):
        app = create_app(
            Settings(
                data_dir=folder, database_url=url, secret_key=SECRET, chartjs="local", now=MONDAY
            )
        )
        app.testing, app.jinja_env.bytecode_cache = False, compiled_templates
        made = Reading(app)
        engine = make_engine(url)
        with open_session(engine, writing=True) as session:
            readers = _everybody(session, made)
            session.commit()
        for (name, *whose), (person, hat, own_addresses) in readers.items():
            made.people[name, whose[0], whose[1]] = (Visitor(app, person, hat), own_addresses)
        engine.dispose()
        yield made
    app.extensions["learnpath.engine"].dispose()


def _everybody(session, made: Reading):
    school = a_school(session)
    office = by_school(school)
    room, before, elsewhere = (a_class(session, name=name) for name in ("Now", "Then", "Else"))
    made.room = {"teacher": key_of(room), "teacher who knew": key_of(before)}
    made.room |= {"other teacher": key_of(elsewhere), "ended teacher": key_of(elsewhere)}
    teacher, stranger = a_teacher(session, room), a_teacher(session, elsewhere)
    knew, ended = a_person(session), a_teacher(session, elsewhere)
    enrol.start_teaching(session, office, knew, before, LAST_AUGUST, LAST_YEAR)
    taught = enrol.start_teaching(session, office, ended, before, LAST_AUGUST, LAST_YEAR)
    taught.ends = LAST_MAY
    leader, administrator = a_leader(session), an_administrator(session)
    peer, revoked = a_learner(session, in_class=room), a_learner(session, in_class=room)
    former = a_learner(session, in_class=elsewhere)
    there = enrol.enrol(session, office, former, room, LAST_AUGUST, LAST_YEAR)
    there.ends = LAST_MAY
    session.add_all([taught, there])
    readers: dict[tuple[str, Audience, str], tuple[Person, Hat, list[str]]] = {}
    for audience, state in LEARNERS:
        learner = a_learner(session, in_class=room)
        enrol.enrol(session, office, learner, before, LAST_AUGUST, LAST_YEAR)
        made.learners[audience, state] = key_of(learner)
        _profile(session, made, learner, audience, state, knew)
        family = a_guardian_of(session, learner)
        apart = a_guardian_of(session, learner, no_contact=True)
        enrol.link_guardian(session, office, apart, peer, "Papá", LAST_AUGUST, LAST_YEAR)
        invited = {
            name: [_invitation(session, learner, one, block) for block in INVITED]
            for name, one in (
                ("invited peer", peer), ("revoked peer", revoked), ("former classmate", former)
            )
        }  # fmt: skip
        for invitation in invited["revoked peer"]:
            peers.take_back(session, by(learner, Relation.LEARNER), invitation, MONDAY)
        who: dict[str, tuple[Person, Hat]] = {
            "self": (learner, Hat.LEARNER), "teacher": (teacher, Hat.TEACHER),
            "teacher who knew": (knew, Hat.TEACHER), "ended teacher": (ended, Hat.TEACHER),
            "family": (family, Hat.FAMILY), "family without contact": (apart, Hat.FAMILY),
            "invited peer": (peer, Hat.LEARNER), "revoked peer": (revoked, Hat.LEARNER),
            "former classmate": (former, Hat.LEARNER), "leader": (leader, Hat.LEADER),
            "administrator": (administrator, Hat.ADMINISTRATOR),
            "other teacher": (stranger, Hat.TEACHER),
        }  # fmt: skip
        for name, (person, hat) in who.items():
            own = [f"/profile-invitations/{one.id}" for one in invited.get(name, ())]
            readers[name, audience, state] = (person, hat, own)
    return readers


def _profile(session, made: Reading, learner: Person, audience: Audience, state: str, knew: Person):
    doer, id = by(learner, Relation.LEARNER), key_of(learner)
    for block in BLOCKS:
        lines = []
        if block in HARD:
            lines = [_word(made, audience, state, block, True)]
            revise.revise(session, doer, id, block, lines, "", 0, LAST_YEAR)
        new = _word(made, audience, state, block, False)
        revise.revise(session, doer, id, block, [*lines, new], "", len(lines), MONDAY)
        share.choose_audience(session, doer, id, block, audience, MONDAY)
        if lines and state == AGREED:
            key = entry_key(block, lines[0])
            carry.agree(session, by(knew, Relation.TEACHER), id, [key], [key], MONDAY)
            carry.say(session, doer, id, key, True, MONDAY)


def _invitation(session, learner: Person, peer: Person, block: str):
    doer, peer_id = by(learner, Relation.LEARNER), key_of(peer)
    return peers.invite(session, doer, key_of(learner), block, peer_id, {peer_id}, MONDAY)


@pytest.fixture
def read(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str, Audience, str], str]:
    """Return what a reader gets to read of a learner in a medium."""
    # The PDF is made of this page and of nothing else; that it is a PDF is tried apart.
    monkeypatch.setattr(pdf, "draw", lambda html, _sizes: html.encode())

    def told(reader: str, medium: str, audience: Audience, state: str) -> str:
        visitor, own = reading.people[reader, audience, state]
        home = f"/learners/{reading.learners[audience, state]}"
        if medium == "copy":
            return visitor.post(f"{home}/record/copy").text
        addresses = {
            "page": [f"{home}/profile", *own],
            "print": [f"{home}/profile/print"],
            "pdf": [f"{home}/profile.pdf"],
            "search": [f"/classes/{reading.room.get(reader, 1)}/profiles?word=zq"],
            "history": [f"{home}/profile/{block}/history" for block in HARD],
        }[medium]
        pages = [visitor.get(address) for address in addresses]
        return "\n".join(page.text for page in pages if page.status == 200)

    return told


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("audience", "state"), LEARNERS)
def test_each_reader_sees_exactly_what_is_theirs(
    reading: Reading, read, audience: Audience, state: str, reader: str, medium: str
) -> None:
    text = read(reader, medium, audience, state)
    mine = {key[2:]: word for key, word in reading.words.items() if key[:2] == (audience, state)}
    assert len(mine) == len(BLOCKS) + len(HARD)
    seen = {key for key, word in mine.items() if word in text}
    expected = {key for key in mine if may_see(reader, medium, audience, state, *key)}
    assert seen == expected
