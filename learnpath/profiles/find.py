"""Finding a word in what the learners of a class let their teacher see."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.people.models import Person
from learnpath.profiles.models import BLOCKS, ProfileBlock
from learnpath.profiles.queries import TITLES
from learnpath.profiles.resting import rests_of
from learnpath.profiles.visible import Reader, sees
from learnpath.school.models import Enrolment

SHORTEST, MOST_FOUND = 2, 60


@dataclass(frozen=True)
class Hit:
    """A line of a learner's profile with the word in it."""

    learner: Person
    block: str
    text: str

    @property
    def title(self) -> LazyString:
        """In which block it stands."""
        return TITLES[self.block]


def find(session: Session, class_id: int, word: str, reader: Reader) -> Sequence[Hit]:
    """Return the lines with ``word`` in them, by the names of the learners, in at most four queries.

    Large and small letters and accents are alike. The words are compared here and not in the database:
    a class is small, and two engines would fold letters in two ways.
    """
    wanted = folded(word)
    if len(wanted) < SHORTEST:
        return []
    query = (
        select(Person, ProfileBlock)
        .join(ProfileBlock, col(ProfileBlock.learner_id) == col(Person.id))
        .join(Enrolment, col(Enrolment.learner_id) == col(Person.id))
        .where(Enrolment.class_id == class_id, current(Enrolment, reader.today))
        .order_by(col(Person.called), col(Person.id))
    )
    rows = session.exec(query).all()
    rests = rests_of(session, {learner.id or 0 for learner, _block in rows}, reader)
    hits = [
        Hit(learner, block.key, line)
        for learner, block in rows
        if sees(reader.hat, block.audience)
        for line in rests[block.learner_id].seen(block.key, block.lines)
        if wanted in folded(line)
    ]
    hits.sort(key=lambda hit: (hit.learner.called, hit.learner.id, BLOCKS.index(hit.block)))
    return hits[:MOST_FOUND]


def folded(text: str) -> str:
    """Return a text without accents and with small letters, for comparing."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
