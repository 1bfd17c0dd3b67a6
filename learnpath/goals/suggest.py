"""Another wording for one part of a goal: made by somebody else, decided by the learner."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from learnpath import record
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, NotFound, WrongInput
from learnpath.goals import basis, draft, parts, propose, states
from learnpath.goals.models import (
    Answer,
    ChangeReason,
    Goal,
    GoalPart,
    GoalState,
    GoalSuggestion,
    GoalVersion,
)
from learnpath.goals.propose import Reason
from learnpath.goals.states import Act
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l

LONGEST_SENTENCE = 300


def suggest(
    session: Session,
    by: By,
    goal: Goal,
    part: GoalPart,
    words: str,
    sentence: str,
    seen_number: int,
    now: datetime,
) -> GoalSuggestion:
    """Suggest other words for one part of the newest version, with one sentence that says why.

    Raises WrongInput for words that the part cannot take, ChangedMeanwhile when the goal is at another
    version than the one that was read, NotAllowedNow when the goal cannot be talked about now.
    """
    version = _version_seen(session, goal, part, words, seen_number)
    if parts.value_of(version, part) == words.strip():
        raise WrongInput("words", _l("That is what the goal says now."))
    _could_be_used(version, part, words)
    suggestion = GoalSuggestion(
        goal_id=goal.key, learner_id=goal.learner_id, number=version.number, part=part,
        relation=by.relation, author_id=by.person_id, at=now, text=words.strip(),
        sentence=sentence.strip()[:LONGEST_SENTENCE],
    )  # fmt: skip
    if by.relation is Relation.TEACHER:
        states.move(goal, Act.SUGGEST, now)
    session.add_all([goal, suggestion])
    session.flush()
    payload = {"number": version.number, "part": str(part)}
    record.write(
        session, by, Verb.GOAL_SUGGESTED, learner_id=goal.learner_id, about=("goal", goal.id),
        payload=payload, at=now,
    )  # fmt: skip
    return suggestion


def _version_seen(
    session: Session, goal: Goal, part: GoalPart, words: str, seen_number: int
) -> GoalVersion:
    if goal.newest_number == 0 or goal.state not in states.OPEN or goal.state is GoalState.DRAFT:
        raise NotAllowedNow(_l("This goal cannot be changed now."))
    version = draft.newest(session, goal)
    if version.number != seen_number:
        raise ChangedMeanwhile(
            {str(part): words},
            {str(part): parts.value_of(version, part)},
            _l("The goal changed while you were reading. Read it again."),
        )
    return version


def _could_be_used(version: GoalVersion, part: GoalPart, words: str) -> None:
    """Raise WrongInput now rather than when the learner takes the suggestion."""
    if not words.strip():
        raise WrongInput("words", _l("Write what you suggest."))
    field = parts.FIELD_OF[part]
    try:
        parts.read({**parts.as_draft(version), field: words}, version.starts)
    except WrongInput as error:
        raise WrongInput("words", error.message) from error


def answer(
    session: Session,
    by: By,
    goal: Goal,
    suggestion_id: int,
    choice: Answer,
    today: date,
    now: datetime,
    *,
    own_words: str = "",
    language: str = "en",
) -> GoalSuggestion:
    """Answer a suggestion: keep mine, use this, or write a new one (``own_words``).

    Keeping changes nothing; the two others make the next version, to be signed anew.
    Raises NotFound for a suggestion of another goal, NotAllowedNow for one that is answered,
    WrongInput for own words that the part cannot take.
    """
    suggestion = _open_suggestion(session, goal, suggestion_id)
    if choice is Answer.KEPT_MINE:
        if states.can(goal, Act.KEEP_MINE):
            states.move(goal, Act.KEEP_MINE, now)
        session.add(goal)
    else:
        _take(session, by, goal, suggestion, choice, own_words, today, now, language)
    suggestion.answer, suggestion.answered_at = choice, now
    session.add(suggestion)
    return suggestion


def _open_suggestion(session: Session, goal: Goal, suggestion_id: int) -> GoalSuggestion:
    suggestion = session.get(GoalSuggestion, suggestion_id)
    if suggestion is None or suggestion.goal_id != goal.id:
        raise NotFound
    if suggestion.answer is not None:
        raise NotAllowedNow(_l("You answered this idea already."))
    if goal.state in states.ENDED:
        raise NotAllowedNow(_l("This goal is closed. You can start a new one from it."))
    return suggestion


def _take(
    session: Session,
    by: By,
    goal: Goal,
    suggestion: GoalSuggestion,
    choice: Answer,
    own_words: str,
    today: date,
    now: datetime,
    language: str,
) -> None:
    used = choice is Answer.USED_IT
    words = suggestion.text if used else own_words.strip()
    if not words:
        raise WrongInput("own_words", _l("Write your own words first."))
    version = draft.newest(session, goal)
    typed = {**basis.as_whole_draft(session, version), parts.FIELD_OF[suggestion.part]: words}
    try:
        propose.revise(
            session, by, goal, typed, today, now, reason=Reason(ChangeReason.IDEA),
            with_words_of=[suggestion.relation] if used else [], language=language,
        )  # fmt: skip
    except WrongInput as error:
        raise WrongInput("own_words", error.message) from error
