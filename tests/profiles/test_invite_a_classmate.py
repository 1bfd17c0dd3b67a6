"""A learner lets a classmate read one block, and takes it back: it ends at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.profiles import peers, suggest
from learnpath.profiles.models import PeerInvitation
from learnpath.record import By, Relation, Verb
from learnpath.record.models import Event
from learnpath.record.queries import payload_of
from learnpath.school import enrol
from learnpath.school.models import School
from tests.builders import (
    MONDAY,
    a_class,
    a_guardian_of,
    a_learner,
    a_teacher_of,
    by,
    by_school,
    class_of,
    enrolment_of,
)
from tests.profiles.build import a_profile


def invited(session: Session, learner: Person, peer: Person) -> PeerInvitation:
    """Return an invitation to read the strengths."""
    doer, peer_id = by(learner, Relation.LEARNER), key_of(peer)
    return peers.invite(session, doer, key_of(learner), "strengths", peer_id, {peer_id}, MONDAY)


def test_a_classmate_reads_that_block_only_and_suggests(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session, "Ana"))
    peer = a_learner(session, "Leo", in_class=class_of(session, learner))
    session.commit()
    mine = visit(learner)
    page = mine.post(f"/learners/{learner.id}/profile/strengths/invite", peer=peer.id).follow()
    assert "Leo can read it." in page.words
    assert "Also: Leo." in mine.get(f"/learners/{learner.id}/profile").words
    theirs = visit(peer)
    link = theirs.get(f"/learners/{peer.id}/profile").soup.select_one(
        "a[href^='/profile-invitations/']"
    )["href"]
    shown = theirs.get(link)
    assert "Explaining" in shown.words
    assert "Planning" not in shown.text
    assert theirs.post(link, text="You listen well").status == 303
    assert "You listen well" in mine.get(f"/learners/{learner.id}/profile").words
    made = session.exec(select(Event).where(Event.verb == Verb.SUGGESTION_MADE)).one()
    assert made.relation is Relation.PEER


def test_taking_it_back_ends_it_at_once(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    peer = a_learner(session, in_class=class_of(session, learner))
    invitation = invited(session, learner, peer)
    session.commit()
    theirs = visit(peer)
    url = f"/profile-invitations/{invitation.id}"
    assert theirs.get(url).status == 200
    assert visit(learner).post(f"{url}/end").status == 303
    assert theirs.get(url).status == 404
    assert theirs.post(url, text="Still here").status == 404
    with pytest.raises(NotFound):
        suggest.suggest(session, by(peer, Relation.PEER), key_of(learner), "strengths", "x", MONDAY)


def test_it_is_told_as_shown_and_ended(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    peer = a_learner(any_session, in_class=class_of(any_session, learner))
    invitation = invited(any_session, learner, peer)
    assert invited(any_session, learner, peer) is invitation
    for _again in range(2):
        peers.take_back(any_session, by(learner, Relation.LEARNER), invitation, MONDAY)
    events = any_session.exec(select(Event).where(Event.verb == Verb.PROFILE_SHARED)).all()
    assert [payload_of(event)["audience"] for event in events] == ["peer", "peer_ended"]


@pytest.mark.parametrize("peer", ["", "0", "x", "9" * 30, "²", "-1"])
def test_whoever_is_no_classmate_cannot_be_invited(session: Session, visit, peer: str) -> None:
    learner = a_profile(session, a_learner(session))
    stranger = a_learner(session, "Stranger")
    session.commit()
    url = f"/learners/{learner.id}/profile/strengths/invite"
    for chosen in (peer, stranger.id, learner.id):
        page = visit(learner).post(url, peer=chosen).follow()
        assert "Choose somebody from your class." in page.words
    assert session.exec(select(PeerInvitation)).all() == []


def test_an_empty_block_and_a_sixth_reader_are_refused(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    room = class_of(any_session, learner)
    doer, learner_id = by(learner, Relation.LEARNER), key_of(learner)
    many = [key_of(a_learner(any_session, in_class=room)) for _ in range(6)]
    with pytest.raises(WrongInput):
        peers.invite(any_session, doer, learner_id, "hopes", many[0], set(many), MONDAY)
    for one in many[:5]:
        peers.invite(any_session, doer, learner_id, "strengths", one, set(many), MONDAY)
    with pytest.raises(WrongInput):
        peers.invite(any_session, doer, learner_id, "strengths", many[5], set(many), MONDAY)


def test_nobody_but_the_peer_opens_it(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    peer = a_learner(session, in_class=class_of(session, learner))
    invitation = invited(session, learner, peer)
    others = [
        learner, a_teacher_of(session, learner), a_guardian_of(session, learner),
        a_guardian_of(session, peer), a_learner(session, in_class=class_of(session, learner)),
    ]  # fmt: skip
    session.commit()
    for other in others:
        assert visit(other).get(f"/profile-invitations/{invitation.id}").status == 404
    assert visit(peer).post(f"/profile-invitations/{invitation.id}/end").status == 404


def test_it_ends_when_the_two_share_no_class_any_more(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session, "Ana"))
    peer = a_learner(session, "Leo", in_class=class_of(session, learner))
    invitation = invited(session, learner, peer)
    session.commit()
    url = f"/profile-invitations/{invitation.id}"
    mine, theirs = visit(learner), visit(peer)
    assert theirs.get(url).status == 200
    moved = enrolment_of(session, peer)
    enrol.end_enrolment(session, _office(session, peer), moved, LAST_WEEK, MONDAY)
    _enrolled_elsewhere(session, peer)
    session.commit()
    assert theirs.get(url).status == 404
    assert theirs.post(url, text="Still here").status == 404
    assert "/profile-invitations/" not in theirs.get(f"/learners/{peer.id}/profile").text
    assert "Also: Leo." not in mine.get(f"/learners/{learner.id}/profile").words
    assert "Leo" not in mine.get(f"/learners/{learner.id}/profile/strengths/who-can-see").words


def test_who_left_the_class_takes_no_place_among_five(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    left = [a_learner(any_session) for _ in range(5)]
    for one in left:
        invited(any_session, learner, one)
    stays = a_learner(any_session, in_class=class_of(any_session, learner))
    assert invited(any_session, learner, stays).peer_id == stays.id


LAST_WEEK = (MONDAY - timedelta(days=7)).date()


def _office(session: Session, person: Person) -> By:
    return by_school(session.get_one(School, person.school_id))


def _enrolled_elsewhere(session: Session, learner: Person) -> None:
    elsewhere = a_class(session, name="Room 9")
    enrol.enrol(session, _office(session, learner), learner, elsewhere, MONDAY.date(), MONDAY)
