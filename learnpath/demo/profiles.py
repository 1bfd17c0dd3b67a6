"""The profiles of the demo school: questions answered, words found and changed, shown to whom they choose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import select

from learnpath.demo.story import Raw, Story, read
from learnpath.profiles import inventories, inventory, note, revise, share, suggest, tips
from learnpath.profiles.inventories import Inventory, Kind, Question
from learnpath.profiles.models import (
    Answer,
    Audience,
    InventoryRun,
    ProfileBlock,
    ProfileNote,
    ProfileSuggestion,
    TipResult,
)
from learnpath.profiles.queries import entries_of
from learnpath.profiles.visible import Reader

NO_PROFILE = ("lucia", "asha")
STOPPED_HALFWAY = ("zuri", "hana", "cruz", "bao")
# A teacher's idea for a block, what the learner did with it, and one line back.
IDEAS: dict[str, tuple[str, str, Answer | None, str]] = {
    "omar": ("strengths", "You make hard things simple", Answer.TAKEN, "Thank you. I did not see that."),
    "mateo": ("what_helps", "Ten minutes with me on Tuesdays", Answer.TAKEN, "Yes, that helps."),
    "linh": ("strengths", "You see patterns before I name them", None, ""),
    "amara": ("strengths", "You listen before you answer", Answer.TAKEN, "I like that."),
    "naomi": ("challenges", "Stopping a draft in time", Answer.DECLINED, "I see it differently."),
}  # fmt: skip
# What a teacher noticed, about which block and in which week, and the learner's line back.
NOTES: dict[str, tuple[int, str, str, str]] = {
    "mateo": (7, "strengths", "Asked Talia for her reason before giving his own", "I wanted to hear it first."),
    "linh": (6, "what_helps", "Drew the problem before the first try", ""),
}  # fmt: skip
# Who tried which kind of tip, in which week, and how it went.
TIPS: dict[str, tuple[tuple[int, TipResult, str], ...]] = {
    "omar": (
        (3, TipResult.HELPED, "I did not look down once."),
        (6, TipResult.A_BIT, "Better in the morning."),
        (9, TipResult.HELPED, ""),
    ),
    "mateo": ((5, TipResult.HELPED, "I read two chapters."), (8, TipResult.NOT_THIS_TIME, "It was too loud.")),
    "linh": ((6, TipResult.HELPED, "The drawing showed it."),),
    "amara": ((7, TipResult.HELPED, ""),),
}  # fmt: skip
# Who comes back to the profile, in which weeks, and what changed in them.
GROWTH: dict[str, tuple[tuple[int, str, str, str], ...]] = {
    "omar": (
        (2, "what_helps", "One person who asks hard questions", "I noticed that easy questions do not help me."),
        (5, "strengths", "Staying calm with a timer", "The timer does not scare me any more."),
        (8, "needs", "A place to practise out loud", "I am louder than I thought."),
        (10, "hopes", "Lead the physics club", "I want to explain things every week."),
    ),
    "mateo": (
        (4, "what_helps", "My phone in the kitchen", "I read longer when I cannot see it."),
        (9, "strengths", "Saying why my evidence fits", "I can explain it now."),
    ),
    "linh": ((7, "strengths", "Doing the hard ones first", "I am not afraid of the sevens."),),
    "naomi": ((6, "what_helps", "Two days between drafts", "I see more after a night."),),
    "amara": ((8, "strengths", "Speaking first in group", "My voice is louder."),),
}  # fmt: skip
SHARED: dict[str, tuple[tuple[str, Audience], ...]] = {
    "omar": (("in_my_words", Audience.CONFERENCE), ("strengths", Audience.CONFERENCE)),
    "mateo": (("in_my_words", Audience.CONFERENCE), ("interests", Audience.FAMILY)),
    "sofia": (("in_my_words", Audience.FAMILY),),
    "linh": (("what_helps", Audience.FAMILY),),
}


def tell_profiles(story: Story) -> None:
    """Let the learners answer their questions, find their words and change them."""
    raw = read("goals")
    for number, one in enumerate(story.cast.learners):
        key = one["key"]
        if key in NO_PROFILE:
            continue
        teller = _Teller(story, key)
        if key in STOPPED_HALFWAY:
            story.on(9, 1, teller.stop_halfway, 10)
            continue
        story.on(0, 0, teller.answer, 8, 10 + number % 20)
        words = (
            raw["profiles"].get(key) or raw["light_profiles"][number % len(raw["light_profiles"])]
        )
        story.on(0, 0, teller.saying(words), 9, number % 40)
        for week, block, line, reason in GROWTH.get(key, ()):
            story.on(week, 2, teller.adding(block, line, reason), 10)
        for block, audience in SHARED.get(key, ()):
            story.on(1, 1, teller.showing(block, audience), 11)
        for week, result, told in TIPS.get(key, ()):
            story.on(week, 3, teller.trying(result, told), 12)
        if key in NOTES:
            story.on(NOTES[key][0], 2, teller.is_noticed, 15)
            story.on(NOTES[key][0], 3, teller.answers_the_note, 9)
        if key in IDEAS:
            story.on(3, 1, teller.hears_an_idea, 15)
            story.on(4, 0, teller.answers_it, 9)


class _Teller:
    """One learner's way with the profile."""

    def __init__(self, story: Story, key: str) -> None:
        self.story, self.key, self.session = story, key, story.session
        self.by, self.learner_id = story.cast.learner(key), story.cast.id(key)

    @property
    def whole(self) -> Inventory:
        """The inventory that fits the learner's grade."""
        return inventories.for_grade(self.story.cast.people[self.key].grade)[0]

    def answer(self, now: datetime) -> None:
        """Answer all questions and finish."""
        run = self._start(now)
        for question in self.whole.questions:
            inventory.keep(self.session, run, question.key, self._value(question), now)
        language = self.story.cast.people[self.key].language
        inventory.finish(self.session, self.by, run, now, language)

    def stop_halfway(self, now: datetime) -> None:
        """Answer the first half, and leave."""
        run = self._start(now)
        half = max(1, len(self.whole.steps) // 2)
        for step in self.whole.steps[:half]:
            for question in step.questions:
                inventory.keep(self.session, run, question.key, self._value(question), now)
        inventory.go_to(self.session, run, half + 1)

    def saying(self, words: Raw) -> Any:
        """Return the happening in which the learner writes the blocks in own words."""

        def say(now: datetime) -> None:
            for block, lines in words.items():
                self._add(block, lines, "", now)

        return say

    def adding(self, block: str, line: str, reason: str) -> Any:
        """Return the happening in which the learner adds a line, and says what changed."""
        return lambda now: self._add(block, [line], reason, now)

    def showing(self, block: str, audience: Audience) -> Any:
        """Return the happening in which the learner lets others see a block."""
        return lambda now: share.choose_audience(
            self.session, self.by, self.learner_id, block, audience, now
        )

    def trying(self, result: TipResult, note: str) -> Any:
        """Return the happening in which the learner tries what the profile says, and tells how it went."""

        def tried(now: datetime) -> None:
            reader = Reader.the_learner(self.learner_id, now.date())
            entries = entries_of(self.session, self.learner_id, reader)
            tip = next(entry for entry in entries if entry.block == "what_helps")
            tips.tell(self.session, self.by, self.learner_id, tip.key, result, note, now)

        return tried

    def hears_an_idea(self, now: datetime) -> None:
        """Let the teacher suggest a line."""
        block, text, _answer, _reply = IDEAS[self.key]
        teacher = self.story.cast.teacher(self.key)
        suggest.suggest(self.session, teacher, self.learner_id, block, text, now)

    def answers_it(self, now: datetime) -> None:
        """Let the learner answer the teacher's idea, where the story says so."""
        _block, text, answer, reply = IDEAS[self.key]
        if answer is None:
            return
        query = select(ProfileSuggestion).where(ProfileSuggestion.learner_id == self.learner_id)
        found = self.session.exec(query).one()
        suggest.answer(self.session, self.by, found, answer, text, reply, now)

    def is_noticed(self, now: datetime) -> None:
        """Let the teacher write down what they saw."""
        _week, block, text, _reply = NOTES[self.key]
        teacher, day = self.story.cast.teacher(self.key), now.date()
        note.note(self.session, teacher, self.learner_id, block, text, day, day, now)

    def answers_the_note(self, now: datetime) -> None:
        """Let the learner answer the teacher's note, where the story says so."""
        reply = NOTES[self.key][3]
        query = select(ProfileNote).where(ProfileNote.learner_id == self.learner_id)
        if reply:
            note.reply(self.session, self.by, self.session.exec(query).one(), reply, now)

    def _start(self, now: datetime) -> InventoryRun:
        return inventory.start(self.session, self.by, self.learner_id, self.whole.id, now)

    def _value(self, question: Question) -> dict[str, Any]:
        chance = self.story.chance(self.key, question.key)
        if question.kind is Kind.WORDS or chance.random() < 0.1:
            return {}
        keys = [card.key for card in question.cards]
        if question.kind is Kind.PICK:
            return {"cards": chance.sample(keys, min(question.most, 2))}
        return {key: chance.choice(question.answers) for key in keys if chance.random() < 0.6}

    def _add(self, block: str, lines: list[str], reason: str, now: datetime) -> None:
        query = select(ProfileBlock).where(
            ProfileBlock.learner_id == self.learner_id, ProfileBlock.key == block
        )
        row = self.session.exec(query).first()
        before = row.lines if row else []
        joined = [*lines, *(line for line in before if line not in lines)][: revise.MOST_LINES]
        seen = row.number if row else 0
        revise.revise(self.session, self.by, self.learner_id, block, joined, reason, seen, now)
