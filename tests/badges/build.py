"""Builders of badges and of what goes with them, through the same verbs as the app."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlmodel import Session

from learnpath.people import badges, pictures
from learnpath.people.badges import Card
from learnpath.people.models import Person
from learnpath.record import Relation
from tests.builders import MONDAY, by
from tests.goals.build import the_teacher
from tests.visiting import Page, Visitor

MINE, OTHERS = ("sun", "bike", "key"), ("tree", "paw", "star")


def a_card(
    session: Session, learner: Person, *, picks: tuple[str, ...] | None = MINE,
    now: datetime = MONDAY,
) -> Card:  # fmt: skip
    """Return a fresh card of a learner, who has chosen ``picks`` unless they are None."""
    teacher = by(the_teacher(session, learner), Relation.TEACHER)
    [card] = badges.issue_badges(session, teacher, [learner], now)
    if picks and not pictures.chosen_by(session, [learner.id]):
        doer = by(learner, Relation.LEARNER)
        pictures.choose(session, doer, pictures.make_hash(learner.id, picks), now)
    session.flush()
    return card


def show(visitor: Visitor, scanned: str) -> Page:
    """Send what a camera or a keyboard read off a badge."""
    visitor.forget_token()
    return visitor.post("/b", badge=scanned)


def press(visitor: Visitor, picks: tuple[str, ...] = MINE, **fields: str) -> Page:
    """Press pictures, as a browser without scripts does: one after the other."""
    page = None
    for number in range(len(picks)):
        page = visitor.post(
            "/b/pictures", picked=",".join(picks[:number]), pick=picks[number], **fields
        )
    assert page is not None
    visitor.forget_token()
    return page


def comes_in(app: Flask, card: Card, picks: tuple[str, ...] = MINE) -> Visitor:
    """Return the browser of somebody who came in with a badge."""
    visitor = Visitor(app)
    assert show(visitor, card.token).status == 303
    assert press(visitor, picks).status == 303
    return visitor


def read_token(visitor: Visitor, path: str = "/routine/turn") -> None:
    """Take the token of the next form from a page that the visitor can open."""
    field = visitor.get(path).soup.select_one("main [name=csrf_token]")
    visitor._token = str(field["value"]) if field else "none"
