"""Checks that no outcome seen so far could make fail: margins wider than any outcome, claims far away from it.

Serves `run_checks.py`. What is told from the file alone is refused when it is read; this needs figures.
"""

from __future__ import annotations

from collections.abc import Iterator

from memberlab.policies import DocumentError
from memberlab.results import KPIS

from .baseline import Baseline
from .checks_plan import ChecksPlan
from .decision import CheckVerdict
from .judged import ClaimFound

FAR = 10
"""How many times a limit may be away from the figure before it is worth a word."""


def fail_if_margins_are_all(plan: ChecksPlan, baseline: Baseline) -> None:
    """Raise DocumentError for a margin as large as the figure itself in every cell: it could fall to 0 unnoticed."""
    problems = []
    for kpi, tolerance in plan.checks.margins.items():
        means = [mean for _, _, mean in _means(plan, baseline, kpi)]
        if not means or not any(means):
            continue
        unit = KPIS[kpi].unit
        all_of_it = [max(abs(mean), 1 - mean) if unit == "share" else abs(mean) for mean in means]
        sizes = [tolerance.size(KPIS[kpi], mean) for mean in means]
        if all(size >= most for size, most in zip(sizes, all_of_it, strict=True)):
            message = f"{tolerance} is wider than any outcome; the check could never fail, write a smaller margin"
            problems.append(plan.problem(("margins", kpi), message))
    if problems:
        raise DocumentError(problems)


def margin_notices(plan: ChecksPlan, baseline: Baseline) -> Iterator[str]:
    """Give a sentence for every margin wider than what lies between any two policies of a scenario."""
    for kpi, tolerance in plan.checks.margins.items():
        found = list(_means(plan, baseline, kpi))
        wide = []
        for world in plan.worlds:
            means = [mean for _, name, mean in found if name == world.name]
            spread = max(means, default=0.0) - min(means, default=0.0)
            if len(means) > 1 and 0 < spread < min(tolerance.size(KPIS[kpi], mean) for mean in means):
                wide.append(world.name)
        if wide:
            line = plan.document.line_of(("margins", kpi))
            yield (
                f"{plan.file.name}:{line} margins.{kpi}: {tolerance} is wider than what lies between any two policies "
                f"in {', '.join(wide)}; one could take the place of another unnoticed"
            )


def claim_notices(claims: list[ClaimFound], file: str) -> Iterator[str]:
    """Give a sentence for every limit that is kept by more than ten times the figure."""
    told: set[int] = set()
    for one in claims:
        statement = one.cell.statement
        if statement.against is not None or one.verdict is not CheckVerdict.PASS or one.cell.number in told:
            continue
        near, far = (abs(one.figure), one.bound) if statement.sign < 0 else (one.bound, abs(one.figure))
        if 0 < near * FAR < far:
            told.add(one.cell.number)
            yield (
                f"{file}:{one.cell.line} claims.{one.cell.number}: the limit is more than {FAR} times away from every "
                "figure; the claim may be in another unit or for another number of shoppers"
            )


def _means(plan: ChecksPlan, baseline: Baseline, kpi: str) -> Iterator[tuple[str, str, float]]:
    for policy in plan.policies:
        for world in plan.worlds:
            if baseline.knows(policy.name, world.name):
                yield policy.name, world.name, float(baseline.figures(policy.name, world.name, kpi).mean())
