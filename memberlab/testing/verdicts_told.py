"""What the statements of a run came to, in words: for the failing test, and for the end of the terminal's report.

Serves whoever changed a policy and now reads why the run is red.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .settling import Settled

if TYPE_CHECKING:
    from memberlab.results import Kpi

WORDS = {"PASS": "HOLDS", "FAIL": "FAILS", "INCONCLUSIVE": "UNDECIDED"}
"""Verdicts as a test run calls them."""


def verdict_told(one: Settled) -> str:
    """Return one statement with its figures in a sentence."""
    from memberlab.results import KPIS, written, written_difference

    said, decision = one.statement, one.decision
    kpi = KPIS[said.kpi]
    level = f"{written(said.level, kpi.unit)} under {said.against}"
    side = "higher" if decision.shift > 0 else "lower"
    moved = f"is {_size(kpi, decision.shift)} {side} than {level}" if decision.shift else f"stays at {level}"
    words = {
        "PASS": "which is within what is allowed",
        "FAIL": "which is more than is allowed",
        "INCONCLUSIVE": f"and {decision.replications} seeds do not tell whether that is within what is allowed",
    }[one.verdict]
    interval = f"{written_difference(kpi, decision.low)} to {written_difference(kpi, decision.high)}"
    return f"{kpi.title} of {said.policy} in {said.scenario} {moved}, {words}: {interval}, allowed {_allowed(one)}"


def details_told(one: Settled) -> list[str]:
    """Return seeds, correlation, and the command that shows both figures again."""
    said, decision = one.statement, one.decision
    correlation = "" if said.correlation is None else f", correlation of the pairs {said.correlation:.3f}"
    lines = [f"{decision.replications} seeds, look {said.looks.index(decision.replications) + 1} of "
             f"{said.planned_looks}{correlation}"]  # fmt: skip
    if decision.is_badly_paired:
        lines.append("pairing hardly helps here: the same seeds no longer meet the same luck")
    if one.verdict == "INCONCLUSIVE" and len(said.looks) < said.planned_looks:
        lines.append("there were more statements than foreseen: give their number with --policy-statements")
    return [*lines, *([f"again: {said.replay}"] if said.replay else [])]


def counts_told(settled: Sequence[Settled], budget: float) -> str:
    """Return how many statements hold, fail or are undecided, and the chance of a false alarm."""
    number = {verdict: sum(one.verdict == verdict for one in settled) for verdict in WORDS}
    tests = len({one.statement.test for one in settled})
    of = f"{len(settled)} statement{'' if len(settled) == 1 else 's'} in {tests} test{'' if tests == 1 else 's'}"
    return (
        f"{of}, judged together: {number['PASS']} hold, {number['FAIL']} fail, {number['INCONCLUSIVE']} undecided "
        f"(the chance that any fails without cause is at most {budget * 100:g} %)"
    )


def _size(kpi: Kpi, difference: float) -> str:
    from memberlab.results import written

    size = abs(difference)
    return f"{size * 100:.2f} pp" if kpi.unit == "share" else written(size, kpi.unit)


def _allowed(one: Settled) -> str:
    from memberlab.results import KPIS, written_difference

    kpi, said = KPIS[one.statement.kpi], one.statement
    lower, upper = written_difference(kpi, -said.margin), written_difference(kpi, said.margin)
    return {
        "both": f"{lower} to {upper} ({said.allowed})",
        "below": f"{lower} or better ({said.allowed})",
        "above": f"{upper} or less ({said.allowed})",
    }[said.sides]
