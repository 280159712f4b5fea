"""When all tests have run: one error budget for all statements, shared by Holm's step-down over statements and looks.

Serves the plugin. Each look is decided as in `memberlab check`: Student's interval at the level that the budget leaves;
looks share a statement's part equally, so that it may stop at any of them. Who is decided leaves its part to the rest;
false alarms and false passes have a budget each (Holm, 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .statement import Statement

if TYPE_CHECKING:
    from memberlab.optimize import CheckVerdict, Decision


@dataclass(frozen=True, slots=True)
class Settled:
    """A statement with its verdict and the decision of the look that it rests on (the last look where undecided)."""

    statement: Statement
    verdict: CheckVerdict
    decision: Decision


def look_at(statement: Statement, seeds: int, cells: int, budget: float) -> Settled:
    """Return what the first `seeds` say when `cells` statements share the budget of false alarms."""
    from memberlab.optimize import CheckVerdict, ErrorBudget, decide

    level = ErrorBudget(cells, statement.planned_looks, budget)
    decision = decide(statement.differences[:seeds], statement.margin, level, correlation=statement.correlation)
    margin, low, high = statement.margin, decision.low, decision.high
    verdict = {
        "both": decision.verdict,
        "below": _one_sided(beyond=high < -margin, within=low > -margin),
        "above": _one_sided(beyond=low > margin, within=high < margin),
    }[statement.sides]
    return Settled(statement, CheckVerdict(verdict), decision)


def look_by_look(statement: Statement, wanted: Sequence[CheckVerdict], cells: int, budget: float) -> Settled | None:
    """Return the first look at which the statement has one of the verdicts `wanted`; None if there is none."""
    looks = (look_at(statement, seeds, cells, budget) for seeds in statement.looks)
    return next((look for look in looks if look.verdict in wanted), None)


def settle(statements: Sequence[Statement], budget: float) -> list[Settled]:
    """Return the verdicts of all statements of a run, whose chance of any false alarm is at most `budget`."""
    from memberlab.optimize import CheckVerdict

    found: dict[int, Settled] = {}
    for wanted in (CheckVerdict.FAIL, CheckVerdict.PASS):
        for number, settled in _step_down(statements, wanted, budget).items():
            known = found.get(number)
            if known is None or settled.decision.replications < known.decision.replications:
                found[number] = settled
    return [
        found.get(number) or look_at(statement, statement.looks[-1], len(statements), budget)
        for number, statement in enumerate(statements)
    ]


def _one_sided(*, beyond: bool, within: bool) -> str:
    return "FAIL" if beyond else "PASS" if within else "INCONCLUSIVE"


def _step_down(statements: Sequence[Statement], wanted: CheckVerdict, budget: float) -> dict[int, Settled]:
    """Return the statements with the verdict `wanted`, by number."""
    decided: dict[int, Settled] = {}
    while len(decided) < len(statements):
        cells = len(statements) - len(decided)
        open_ones = ((number, one) for number, one in enumerate(statements) if number not in decided)
        looks = {number: look_by_look(one, (wanted,), cells, budget) for number, one in open_ones}
        more = {number: look for number, look in looks.items() if look is not None}
        if not more:
            break
        decided |= more
    return decided
