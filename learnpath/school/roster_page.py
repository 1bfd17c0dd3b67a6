"""A plan as its page shows it: the same counts and the same words as the command prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import LazyString

from learnpath.school.roster.plan import RosterPlan
from learnpath.school.roster.scratch import Wrong
from learnpath.wording import lazy as _l

ON_A_PAGE = 100
NAMES_SHOWN = 10
KINDS = {
    "orgs": _l("Schools"), "sessions": _l("Years and terms"), "classes": _l("Classes"),
    "users": _l("People"), "enrollments": _l("Learning and teaching in classes"),
    "guardians": _l("Family ties"),
}  # fmt: skip
ACCOUNTS = {
    "closed": _l("Account closed, so that nobody signs in with it"),
    "opened": _l("Account open again"),
}
ACTS = {"add": _l("New"), "change": _l("Changed"), "end": _l("Ended")}


@dataclass(frozen=True)
class CountLine:
    """How many things of a kind are added, changed and ended."""

    words: LazyString
    add: int
    change: int
    end: int


@dataclass(frozen=True)
class Names:
    """Some of the people who are new, changed or leave."""

    words: LazyString
    names: Sequence[str]
    more: int


@dataclass(frozen=True)
class PlanPage:
    """What the page says."""

    file_name: str
    version: str
    mode: str
    counts: Sequence[CountLine]
    names: Sequence[Names]
    left_out: Sequence[tuple[str, int]]
    wrong: Sequence[Wrong]
    wrong_count: int
    page: int
    pages: int
    changes: int
    refused: bool


def page_of(plan: RosterPlan, number: int) -> PlanPage:
    """Return the plan for its page, with one part of the rows that are wrong."""
    acts = {act: plan.counts(act) for act in ACTS}
    lines = [
        CountLine(words, acts["add"][kind], acts["change"][kind], acts["end"][kind])
        for kind, words in KINDS.items()
    ]
    found = plan.wrong_count()
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(1, number), pages)
    return PlanPage(
        file_name=plan.file_name, version=plan.roster.version, mode=plan.roster.mode,
        counts=[line for line in lines if line.add or line.change or line.end],
        names=[
            *(_names(plan, act, acts[act]["users"]) for act in ACTS if acts[act]["users"]),
            *_accounts(plan),
        ],
        left_out=list(plan.left_out().items()),
        wrong=list(plan.wrong(ON_A_PAGE, (page - 1) * ON_A_PAGE)),
        wrong_count=found, page=page, pages=pages, changes=plan.changes(), refused=plan.refused,
    )  # fmt: skip


def _accounts(plan: RosterPlan) -> Iterator[Names]:
    for act, words in ACCOUNTS.items():
        count, names = plan.accounts(act, NAMES_SHOWN)
        if count:
            yield Names(words, names, count - len(names))


def _names(plan: RosterPlan, act: str, count: int) -> Names:
    names = plan.names(act, NAMES_SHOWN)
    return Names(ACTS[act], names, count - len(names))
