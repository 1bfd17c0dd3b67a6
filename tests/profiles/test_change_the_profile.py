"""Changing the profile: block by block, by the learner only, every save a revision that stays."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import ChangedMeanwhile, NotFound, WrongInput
from learnpath.people.models import Hat
from learnpath.profiles import revise, share
from learnpath.profiles.models import BLOCKS, Audience, ProfileBlock, ProfileRevision
from learnpath.profiles.queries import entries_of, shown_blocks, start_of
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.record.queries import payload_of
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.conftest import counted
from tests.profiles.build import a_profile, a_reader, an_inventory_run


def test_a_learner_writes_in_my_words(session: Session, visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    url = f"/learners/{learner.id}/profile/in_my_words"
    assert visitor.get(url).heading == "In my words"
    saved = visitor.post(url, lines="I like to try first.\n\nThen I ask.", seen=0)
    assert saved.status == 303
    assert "I like to try first." in saved.follow().words


def test_every_save_is_a_revision_with_what_changed(any_session: Session) -> None:
    learner = a_learner(any_session)
    doer, learner_id = by(learner, Relation.LEARNER), key_of(learner)
    revise.revise(any_session, doer, learner_id, "strengths", ["Writing"], "", 0, MONDAY)
    revise.revise(
        any_session, doer, learner_id, "strengths", ["Writing", "Music"], "I sing now.", 1, MONDAY
    )
    rows = any_session.exec(select(ProfileRevision).order_by(ProfileRevision.number)).all()
    assert [(row.number, row.lines, row.what_changed) for row in rows] == [
        (1, ["Writing"], ""),
        (2, ["Writing", "Music"], "I sing now."),
    ]
    told = any_session.exec(select(Event).where(Event.verb == Verb.PROFILE_REVISED)).all()
    assert [payload_of(event)["reason"] for event in told] == [False, True]


def test_saving_the_same_again_changes_nothing(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    before = any_session.exec(select(Event.id)).all()
    block = any_session.exec(select(ProfileBlock).where(ProfileBlock.key == "strengths")).one()
    revise.revise(
        any_session, by(learner, Relation.LEARNER), key_of(learner), "strengths", block.lines, "",
        block.number, MONDAY,
    )  # fmt: skip
    assert any_session.exec(select(Event.id)).all() == before


def test_two_devices_the_later_one_is_told_and_sees_both(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    session.commit()
    url = f"/learners/{learner.id}/profile/strengths"
    assert visit(learner).post(url, lines="From the tablet", seen=1).status == 303
    late = visit(learner).post(url, lines="From the phone", seen=1)
    assert late.status == 409
    assert "From the tablet" in late.text
    assert "From the phone" in late.text


def test_a_stale_save_names_both_sides(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    doer, learner_id = by(learner, Relation.LEARNER), key_of(learner)
    with pytest.raises(ChangedMeanwhile) as told:
        revise.revise(any_session, doer, learner_id, "strengths", ["Mine"], "", 0, MONDAY)
    assert told.value.mine == {"I lean on": "Mine"}
    assert "Explaining" in told.value.theirs["I lean on"]


def test_too_much_is_said_at_the_field_and_kept(session: Session, visit) -> None:
    learner = a_learner(session)
    session.commit()
    url = f"/learners/{learner.id}/profile/hopes"
    page = visit(learner).post(url, lines="\n".join(f"Line {n}" for n in range(13)), seen=0)
    assert page.status == 422
    assert "Use 12 lines or fewer." in page.words
    assert "Line 12" in page.text
    page = visit(learner).post(url, lines="x" * 301, seen=0)
    assert "Use 300 letters or fewer in a line." in page.words


def test_a_block_that_there_is_not_is_not_there(session: Session, visit) -> None:
    learner = a_learner(session)
    session.commit()
    assert visit(learner).get(f"/learners/{learner.id}/profile/diagnosis").status == 404
    with pytest.raises(NotFound):
        revise.block_of(session, key_of(learner), "diagnosis", MONDAY)
    with pytest.raises(WrongInput):
        revise.checked(["x" * 301])


def test_nobody_else_can_change_a_learners_words(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    others = [a_teacher_of(session, learner), a_guardian_of(session, learner), a_learner(session)]
    session.commit()
    for other in others:
        for block in BLOCKS:
            url = f"/learners/{learner.id}/profile/{block}"
            assert visit(other).get(url).status == 404
            assert visit(other).post(url, lines="Not mine", seen=1).status == 404
            assert visit(other).post(f"{url}/who-can-see", audience="family").status == 404
    session.expire_all()
    assert all("Not mine" not in block.lines for block in session.exec(select(ProfileBlock)))


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("hat", [Hat.LEARNER, Hat.TEACHER, Hat.FAMILY])
def test_each_reader_sees_exactly_what_is_allowed(
    session: Session, visit, audience: Audience, hat: Hat
) -> None:
    learner = a_profile(session, a_learner(session), audience=audience)
    readers = {
        Hat.LEARNER: learner,
        Hat.TEACHER: a_teacher_of(session, learner),
        Hat.FAMILY: a_guardian_of(session, learner),
    }
    session.commit()
    page = visit(readers[hat]).get(f"/learners/{learner.id}/profile")
    sees = hat is not Hat.FAMILY or audience is not Audience.TEACHERS
    assert page.status == 200
    assert ("I try first and ask later." in page.words) is sees


def test_a_new_block_is_private_first(session: Session) -> None:
    learner = a_learner(session)
    revise.revise(
        session, by(learner, Relation.LEARNER), key_of(learner), "hopes", ["Fly"], "", 0, MONDAY
    )
    assert session.exec(select(ProfileBlock)).one().audience is Audience.TEACHERS
    assert shown_blocks(session, key_of(learner), a_reader(learner, Hat.FAMILY)) == []


def test_choosing_who_can_see_is_told_once(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    session.commit()
    url = f"/learners/{learner.id}/profile/strengths/who-can-see"
    visitor = visit(learner)
    assert visitor.get(url).heading == "Who can see this?"
    assert visitor.post(url, audience="family").status == 303
    assert visitor.post(url, audience="family").status == 303
    told = session.exec(select(Event).where(Event.verb == Verb.PROFILE_SHARED)).all()
    session.commit()
    assert [payload_of(event) for event in told] == [{"audience": "family", "block": "strengths"}]
    assert visitor.post(url, audience="everybody").status == 422


def test_the_page_says_truthfully_who_can_see(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/profile")
    assert "You and the teachers who work with you can see this." in page.words


def test_looking_back_shows_every_revision(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    doer = by(learner, Relation.LEARNER)
    revise.revise(session, doer, key_of(learner), "strengths", ["Music"], "I sing now.", 1, MONDAY)
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/profile/strengths/history")
    assert "I sing now." in page.words
    assert "Explaining" in page.words
    assert len(page.soup.select("[aria-labelledby^=revision]")) == 2


def test_an_empty_profile_says_how_to_start(session: Session, visit) -> None:
    learner = a_learner(session, "Lucía", grade=3)
    teacher, guardian = a_teacher_of(session, learner), a_guardian_of(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile"
    assert "Start with some quick questions about you" in visit(learner).get(url).words
    assert "Lucía has not written anything yet." in visit(teacher).get(url).words
    assert visit(guardian).get(url).status == 200


def test_entries_have_keys_that_stay_with_their_words(session: Session) -> None:
    learner = a_profile(session, a_learner(session))
    before = {
        entry.text: entry.key for entry in entries_of(session, key_of(learner), a_reader(learner))
    }
    doer = by(learner, Relation.LEARNER)
    revise.revise(session, doer, key_of(learner), "strengths", ["Keeping at it"], "", 1, MONDAY)
    after = {
        entry.text: entry.key for entry in entries_of(session, key_of(learner), a_reader(learner))
    }
    assert after["Keeping at it"] == before["Keeping at it"]


def test_the_start_of_a_profile_is_read_in_one_query(session: Session, engine) -> None:
    learner = a_learner(session)
    run = an_inventory_run(session, learner, answered=1)
    session.commit()
    with counted(engine) as counter:
        start = start_of(session, key_of(learner))
    assert counter.count == 1
    assert (start.has_profile, start.run_id) == (False, run.id)


def test_choosing_the_same_audience_again_writes_nothing(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session), audience=Audience.FAMILY)
    before = len(any_session.exec(select(Event.id)).all())
    share.choose_audience(
        any_session,
        by(learner, Relation.LEARNER),
        key_of(learner),
        "strengths",
        Audience.FAMILY,
        MONDAY,
    )
    assert len(any_session.exec(select(Event.id)).all()) == before
