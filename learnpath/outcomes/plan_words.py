"""A plan in words, line by line, for the command. The page says the same in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

from learnpath.outcomes.compare import Does, Value
from learnpath.outcomes.plan import OutcomePlan
from learnpath.outcomes.rows import Wrong
from learnpath.outcomes.wording import reason_words


def lines(plan: OutcomePlan, *, applied: bool) -> Iterator[str]:
    """Give the plan as lines of text; with ``applied``, what was done."""
    yield f"{plan.file} by the mapping {plan.mapping}: {plan.rows} rows."
    verb = ("Added", "Replaced") if applied else ("To add", "To replace")
    yield (
        f"{verb[0]}: {plan.counts[Does.ADD]}. {verb[1]}: {plan.counts[Does.REPLACE]}. "
        f"Unchanged: {plan.counts[Does.KEEP]}. In conflict: {plan.counts[Does.CONFLICT]}."
    )
    for (kind, measure, source), seen in sorted(plan.measures.items()):
        days = f"{seen.first.isoformat()} to {seen.last.isoformat()}"
        yield (
            f"  {kind}: {measure} ({source}): {seen.values} values of "
            f"{len(seen.learners)} learners, {days}"
        )
    for reason, count in sorted(plan.left_out.items()):
        yield f"Left out, {reason_words(reason)}: {count}."
    for (column, code), unknown in plan.unknown_codes.items():
        yield (
            f"Say what the code {code!r} in the column {column!r} means: "
            f"{unknown.values} times, first in line {unknown.line}."
        )
    for key, count in plan.unknown_learners.items():
        yield f"No learner here has the key {key!r}: {count} values."
    yield from map(_conflict_line, plan.conflicts)
    yield from map(_wrong_line, plan.wrong)
    if plan.wrong_count > len(plan.wrong):
        yield f"... and {plan.wrong_count - len(plan.wrong)} more that are wrong."
    if not applied:
        yield "This can be applied." if plan.can_apply else "This cannot be applied as it is."


def _conflict_line(value: Value) -> str:
    read = value.read
    return (
        f"{read.file}, line {read.line}: {read.measure} on {read.day.isoformat()} of {read.key!r} "
        f"is {value.before} here and {read.value} in the file."
    )


def _wrong_line(wrong: Wrong) -> str:
    where = f", line {wrong.line}" if wrong.line else ""
    column = f", column {wrong.column!r}" if wrong.column else ""
    stops = " This stops the whole file." if wrong.stops else ""
    return f"{wrong.file}{where}{column}: {wrong.reason}.{stops}"
