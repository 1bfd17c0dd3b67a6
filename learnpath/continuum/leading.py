"""The page "Who is leading?" as its reader gets it: the words chosen, the facts gathered, nothing left to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from learnpath.continuum import fact_words
from learnpath.continuum.columns import Column
from learnpath.continuum.counted_words import Clause, sentences, shortly
from learnpath.continuum.driver_model import DriverModel, Strand, Thread, driver_model
from learnpath.continuum.facts import Fact
from learnpath.continuum.leading_shapes import (
    AnswerView,
    ColumnLine,
    FactLine,
    IndicatorView,
    KeyFact,
    LeadingPage,
    MarkView,
    Seen,
    SeenView,
    StrandView,
    ThreadView,
)
from learnpath.continuum.models import PositionMark
from learnpath.continuum.place import Band, Gathered, Placed, Placement
from learnpath.people.models import Person
from learnpath.record.verbs import Relation

FACTS_AT_FIRST, FACTS_BEHIND = 3, 6
NOT_YET = {
    "en": "We have not seen enough yet.",
    "es": "Todavía no hemos visto lo suficiente.",
}


@dataclass(frozen=True)
class Reader:
    """Who reads the page: in which language, and whether it is about themself."""

    language: str
    is_learner: bool
    person_id: int | None

    @property
    def voice(self) -> str:
        """In which words of the data this reader is spoken to."""
        return "learner" if self.is_learner else "educator"

    def sentence(self, thread: Thread, band: Band | None, name: str) -> str:
        """Return the one sentence of a thread."""
        if band is None:
            return NOT_YET[self.language]
        words = thread.sentences[band.marker][self.voice][self.language]
        return words if self.is_learner else words % {"name": name}

    def column(self, column: Column) -> str:
        """Return what a column is called for this reader."""
        names = driver_model().columns[column]
        return (names.learner if self.is_learner else names.drivers)[self.language]


@dataclass(frozen=True)
class _Desk:
    """All that is needed to put facts into the words of one reader."""

    learner: Person
    actors: Mapping[int, int | None]
    called: Mapping[int, str]
    reader: Reader
    model: DriverModel

    @property
    def language(self) -> str:
        return self.reader.language

    def who(self, relation: Relation, person_id: int | None) -> object:
        """Return who did a thing, as the reader would say it."""
        if relation is Relation.LEARNER:
            return fact_words.YOU if self.reader.is_learner else self.learner.called
        if relation is Relation.TOGETHER:
            return fact_words.YOU_AND_TEACHER if self.reader.is_learner else fact_words.BOTH
        if relation is Relation.FAMILY and self.reader.is_learner:
            return fact_words.YOUR_FAMILY
        named = self.called.get(person_id) if person_id is not None else None
        own = person_id == self.learner.id
        return named if named and not own else fact_words.DONE_BY[relation]


def lead_page(
    learner: Person,
    placement: Placement,
    before: Placement | None,
    marks: Mapping[tuple[str, Relation], PositionMark],
    seen: Sequence[Seen],
    actors: Mapping[int, int | None],
    called: Mapping[int, str],
    reader: Reader,
) -> LeadingPage:
    """Return the page in the reader's words."""
    model = driver_model()
    desk = _Desk(learner, actors, called, reader, model)
    earlier = {one.key: one.band for one in before.threads} if before else {}
    threads = {thread.key: thread for thread in model.threads}
    return LeadingPage(
        learner_id=learner.id or 0,
        called=learner.called,
        as_of=placement.as_of,
        then=before.as_of if before else None,
        weeks=placement.weeks,
        enough_weeks=placement.weeks >= model.gates["weeks_of_record"].number,
        gates=tuple(gate.told[reader.voice][reader.language] for gate in model.gates.values()),
        threads=tuple(
            _thread(threads[one.key], one, earlier.get(one.key), marks, desk)
            for one in placement.threads
        ),
        strands=tuple(_strand(model.strands[one.key], one, desk) for one in placement.strands),
        seen=tuple(_seen(one, desk) for one in seen),
    )


def _thread(
    thread: Thread,
    gathered: Gathered,
    before: Band | None,
    marks: Mapping[tuple[str, Relation], PositionMark],
    desk: _Desk,
) -> ThreadView:
    own = _mark(marks.get((thread.key, Relation.LEARNER)), desk)
    teachers = _mark(marks.get((thread.key, Relation.TEACHER)), desk)
    places = {mark.column for mark in (own, teachers) if mark}
    if gathered.band and places:
        places.add(gathered.band.marker)
    return ThreadView(
        key=thread.key,
        name=thread.name[desk.language],
        about=thread.about[desk.language],
        sentence=desk.reader.sentence(thread, gathered.band, desk.learner.called),
        band=gathered.band,
        before=before,
        learner_mark=own,
        teacher_mark=teachers,
        differ=len(places) > 1,
        facts=_key_facts(gathered.indicators, desk),
        to_try=_to_try(gathered.indicators, desk),
        indicators=tuple(_indicator(one, desk) for one in gathered.indicators),
    )


def _mark(mark: PositionMark | None, desk: _Desk) -> MarkView | None:
    if mark is None:
        return None
    return MarkView(
        mark.place, desk.reader.column(mark.place), mark.text,
        str(desk.called.get(mark.marked_by, "")), mark.marked_at,
        mark.marked_by == desk.reader.person_id,
    )  # fmt: skip


def _key_facts(placed: Sequence[Placed], desk: _Desk) -> tuple[KeyFact, ...]:
    """Return what can be seen, in at most three lines: those with the newest facts first.

    Where nothing happened, that is said: so many weeks without a talk tell something too.
    """
    shown = [one for one in placed if one.seen] or [one for one in placed if one.column]
    shown.sort(key=lambda one: one.facts[-1].is_about_day if one.facts else date.min, reverse=True)
    lines, linked = [], set()
    for one in shown[:FACTS_AT_FIRST]:
        # The same thing is linked once: two lines may rest on one talk.
        fresh = [fact for fact in one.facts if fact.event_id not in linked]
        newest = fresh[-1] if fresh else None
        linked.add(newest.event_id if newest else None)
        lines.append(
            KeyFact(
                shortly(_clauses(one, desk), one.counted), _line(newest, desk) if newest else None
            )
        )
    return tuple(lines)


def furthest_back(placed: Sequence[Placed], reader: str) -> Placed | None:
    """Return the indicator whose next step is the one to try: the furthest back, first in the model's order.

    An indicator of which not enough was seen comes after those that were placed.
    """
    order = list(Column)
    open_ones = [one for one in placed if one.next_words(reader)]
    open_ones.sort(key=lambda one: (one.column is None, order.index(one.column or order[0])))
    return open_ones[0] if open_ones else None


def _to_try(placed: Sequence[Placed], desk: _Desk) -> str | None:
    chosen = furthest_back(placed, desk.reader.voice)
    words = chosen.next_words(desk.reader.voice) if chosen else None
    return words[desk.language] if words else None


def _clauses(placed: Placed, desk: _Desk) -> tuple[Clause, ...]:
    return placed.indicator.says[desk.reader.voice][desk.language]


def _indicator(placed: Placed, desk: _Desk) -> IndicatorView:
    one, language = placed.indicator, desk.language
    told = one.told[desk.reader.voice]
    newest = placed.facts[::-1]
    words = placed.next_words(desk.reader.voice)
    return IndicatorView(
        key=one.key,
        name=told.name[language],
        asks=told.asks[language],
        column=desk.reader.column(placed.seen) if placed.seen else None,
        says=sentences(_clauses(placed, desk), placed.counted),
        facts=tuple(_line(fact, desk) for fact in newest[:FACTS_BEHIND]),
        more=max(0, len(newest) - FACTS_BEHIND),
        columns=tuple(
            ColumnLine(desk.reader.column(column), text[language], column is placed.seen)
            for column, text in told.columns.items()
        ),
        reasons=tuple(
            threshold.told[desk.reader.voice][language] for threshold in one.thresholds.values()
        ),
        next=words[language] if words else None,
    )


def _line(fact: Fact, desk: _Desk) -> FactLine:
    actor = desk.actors.get(fact.event_id) if fact.event_id is not None else None
    text: object = fact_words.called(fact.verb, fact.said("kind"))
    return FactLine(
        text, desk.who(fact.by, actor), fact.is_about_day, fact.about[0], int(fact.about[1]),
        bool(fact.observed_for),
    )  # fmt: skip


def _strand(strand: Strand, gathered: Gathered, desk: _Desk) -> StrandView:
    return StrandView(
        strand.key, strand.name[desk.language], strand.about[desk.language], gathered.band,
        tuple(_indicator(one, desk) for one in gathered.indicators),
    )  # fmt: skip


def _seen(seen: Seen, desk: _Desk) -> SeenView:
    one = seen.observation
    indicator, voice = desk.model.indicators[one.indicator], desk.reader.voice
    return SeenView(
        id=one.id or 0,
        what=indicator.seen[one.seen].told[voice][desk.language],
        about=indicator.told[voice].name[desk.language],
        text=one.text,
        who=desk.who(one.relation, one.observed_by),
        day=one.day,
        answers=tuple(
            AnswerView(reply.text, desk.who(reply.relation, reply.answered_by), reply.answered_at)
            for reply in seen.answers
        ),
    )
