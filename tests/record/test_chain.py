"""The hash chain alone: whatever is done to it afterwards is found at the first place where it was done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from learnpath.record import chain
from learnpath.record.chain import Link, first_break

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PAYLOADS = st.lists(TEXT, min_size=2, max_size=8)


def links_of(payloads: list[str]) -> list[Link]:
    """Return a chain that holds, with one link for each payload."""
    links, previous = [], chain.START
    for seq, text in enumerate(payloads, start=1):
        facts: dict[str, Any] = {
            "chain": "learner:1",
            "seq": seq,
            "verb": "reflected",
            "actor_id": None,
        }
        payload_sha256 = chain.digest(text)
        whole = chain.event_hash(facts, payload_sha256, previous)
        links.append(Link(seq * 10, facts, text, payload_sha256, previous, whole))
        previous = whole
    return links


@given(PAYLOADS)
def test_a_chain_that_nobody_touched_holds(payloads: list[str]) -> None:
    assert first_break(links_of(payloads)) is None


def test_an_empty_chain_holds() -> None:
    assert first_break([]) is None


@given(PAYLOADS, st.data())
def test_a_changed_payload_is_found_where_it_was_changed(
    payloads: list[str], data: st.DataObject
) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(0, len(links) - 1))
    words = data.draw(TEXT.filter(lambda text: text not in (payloads[at], chain.ERASED)))
    links[at] = replace(links[at], payload=words)
    broken = first_break(links)
    assert broken is not None
    assert (broken.event_id, broken.reason) == (links[at].id, "its payload was changed")


@given(PAYLOADS, st.data())
def test_a_payload_changed_together_with_its_digest_is_found(
    payloads: list[str], data: st.DataObject
) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(0, len(links) - 1))
    words = data.draw(TEXT.filter(lambda text: text != payloads[at]))
    links[at] = replace(links[at], payload=words, payload_sha256=chain.digest(words))
    broken = first_break(links)
    assert broken is not None
    assert (broken.event_id, broken.reason) == (links[at].id, "its facts were changed")


@pytest.mark.parametrize(
    ("fact", "value"), [("verb", "checked_in"), ("actor_id", 7), ("chain", "learner:2")]
)
@given(payloads=PAYLOADS, data=st.data())
def test_a_changed_fact_is_found(
    fact: str, value: object, payloads: list[str], data: st.DataObject
) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], facts={**links[at].facts, fact: value})
    broken = first_break(links)
    assert broken is not None
    assert broken.event_id == links[at].id


@given(PAYLOADS, st.data())
def test_a_forged_link_breaks_the_one_behind_it(payloads: list[str], data: st.DataObject) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(0, len(links) - 2))
    old = links[at]
    facts = {**old.facts, "verb": "checked_in"}
    forged = chain.event_hash(facts, old.payload_sha256, old.previous_hash)
    links[at] = replace(old, facts=facts, hash=forged)
    broken = first_break(links)
    assert broken is not None
    assert (broken.event_id, broken.reason) == (
        links[at + 1].id,
        "it does not follow from the event before it",
    )


@given(PAYLOADS, st.data())
def test_a_link_taken_out_of_the_middle_is_missed(payloads: list[str], data: st.DataObject) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    broken = first_break(links)
    assert broken is not None
    assert broken.reason == f"event {at + 1} of this chain is not there"


@given(PAYLOADS, st.data())
def test_two_links_that_changed_places_are_found(payloads: list[str], data: st.DataObject) -> None:
    links = links_of(payloads)
    one = data.draw(st.integers(0, len(links) - 2))
    two = data.draw(st.integers(one + 1, len(links) - 1))
    links[one], links[two] = links[two], links[one]
    broken = first_break(links)
    assert broken is not None
    assert broken.event_id == links[one].id


@given(PAYLOADS, st.data())
def test_a_link_put_in_between_is_found(payloads: list[str], data: st.DataObject) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(1, len(links) - 1))
    facts = {**links[at].facts}
    digest = chain.digest("never happened")
    previous = links[at - 1].hash
    new = Link(
        1, facts, "never happened", digest, previous, chain.event_hash(facts, digest, previous)
    )
    broken = first_break([*links[:at], new, *links[at:]])
    assert broken is not None
    assert broken.event_id == links[at].id


@given(PAYLOADS, st.data())
def test_an_erased_payload_leaves_the_chain_whole(payloads: list[str], data: st.DataObject) -> None:
    links = links_of(payloads)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], payload=chain.ERASED)
    assert first_break(links) is None


@given(PAYLOADS)
def test_a_chain_with_its_tail_cut_off_looks_whole_which_is_why_heads_are_kept(
    payloads: list[str],
) -> None:
    assert first_break(links_of(payloads)[:-1]) is None


def test_two_spellings_of_one_letter_give_one_hash() -> None:
    facts = {"seq": 1, "object_type": "caf\u00e9"}
    other = {"seq": 1, "object_type": "cafe\u0301"}
    assert chain.event_hash(facts, "a", "b") == chain.event_hash(other, "a", "b")


def test_the_hash_of_an_event_stays_the_same_in_every_version() -> None:
    facts = {"chain": "learner:1", "seq": 1, "verb": "reflected", "actor_id": None}
    assert chain.event_hash(facts, chain.digest("{}"), chain.START) == (
        "f605730d653f81eb6b6452bed2a92ac6f99725265b6f61acdac3944a3dcc2be5"
    )
