"""When all tests have run: one error budget for all statements, shared by Holm's step-down over statements and looks.

Serves the plugin. A look's interval is Student's at the level that is left for it; looks share a statement's part
equally (Bonferroni), so that a statement may stop at any of them. False alarms and false passes have a budget each
(Holm, 1979).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .statement import Look, Statement, Verdict


@dataclass(frozen=True, slots=True)
class Settled:
    """A statement with its verdict, and the look and interval that it rests on (the last one where undecided)."""

    statement: Statement
    verdict: Verdict
    look: Look
    lowest: float
    highest: float
    """Interval of the mean difference at the level of the verdict."""


def half_width(look: Look, error: float) -> float:
    """Return half of the interval outside which the mean lies with probability `error`: two-sided, Student's t."""
    if look.deviation == 0:
        return 0.0
    if look.seeds < 2:
        return math.inf
    from scipy import special

    quantile = float(special.stdtrit(look.seeds - 1, 1 - error / 2))
    return quantile * look.deviation / math.sqrt(look.seeds)


def verdict_at(look: Look, lower: float | None, upper: float | None, error: float) -> Verdict:
    """Return what one look says at probability `error`: the whole interval within bounds, outside, or neither."""
    width = half_width(look, error)
    least, most = look.mean - width, look.mean + width
    if (lower is not None and most < lower) or (upper is not None and least > upper):
        return Verdict.FAILS
    if (lower is None or least >= lower) and (upper is None or most <= upper):
        return Verdict.HOLDS
    return Verdict.UNDECIDED


def decided(statement: Statement, wanted: Verdict, error: float) -> Look | None:
    """Return the first look at which the statement is `wanted`, its looks sharing the probability of `error`."""
    share = error / statement.planned_looks
    for look in statement.looks:
        if verdict_at(look, statement.lower, statement.upper, share) is wanted:
            return look
    return None


def settle(statements: Sequence[Statement], budget: float) -> list[Settled]:
    """Return the verdicts of all statements of a run, whose probability of any false alarm is at most `budget`."""
    found: dict[int, tuple[Verdict, Look, float]] = {}
    for wanted in (Verdict.FAILS, Verdict.HOLDS):
        for number, (look, error) in _step_down(statements, wanted, budget).items():
            known = found.get(number)
            if known is None or look.seeds < known[1].seeds:
                found[number] = (wanted, look, error)
    settled = []
    for number, statement in enumerate(statements):
        last = (Verdict.UNDECIDED, statement.looks[-1], budget / len(statements))
        verdict, look, error = found.get(number, last)
        width = half_width(look, error / statement.planned_looks)
        settled.append(Settled(statement, verdict, look, look.mean - width, look.mean + width))
    return settled


def _step_down(statements: Sequence[Statement], wanted: Verdict, budget: float) -> dict[int, tuple[Look, float]]:
    """Return the statements that are `wanted`, by number: who is decided leaves its part of the budget to the rest."""
    decided_so_far: dict[int, tuple[Look, float]] = {}
    while len(decided_so_far) < len(statements):
        error = budget / (len(statements) - len(decided_so_far))
        more = {
            number: (look, error)
            for number, statement in enumerate(statements)
            if number not in decided_so_far and (look := decided(statement, wanted, error)) is not None
        }
        if not more:
            break
        decided_so_far |= more
    return decided_so_far
