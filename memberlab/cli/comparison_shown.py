"""A comparison on the terminal: a table and the verdicts for each scenario, and what was asked of besides.

Serves `memberlab compare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.optimize import Attribution, Comparison


def show_comparison(result: Comparison, split: list[Attribution], breakdowns: Sequence[str], out: Path | None) -> None:
    """Print a table and the verdicts for each scenario, what was asked of besides, and where the rest is."""
    from memberlab.optimize import by_scenario

    from .break_even_tables import EXPLANATION, margins_table
    from .comparison_tables import breakdown_views, scenarios_view
    from .tables import attribution_table, comparison_table, console

    screen = console()
    for arms in by_scenario(result):
        screen.print(comparison_table(result, arms))
        if any(arm.break_even is not None for arm in arms):
            screen.print(margins_table(arms))
            screen.print(EXPLANATION, highlight=False)
            screen.print()
        for arm in arms[1:]:
            screen.verdict(str(result.verdict(arm)), highlight=False)
            if arm.break_even is not None:
                screen.print(f"  By attrition_effect, {arm.policy.name} {arm.break_even}.", highlight=False)
        screen.print()
        for one in split:
            if one.scenario is arms[0].scenario:
                screen.print(attribution_table(one))
                if one.idle:
                    screen.print(f"Without effect here: {', '.join(one.idle)}.")
                screen.print()
    if len(result.scenarios) > 1 and "scenarios" not in breakdowns:
        screen.print(scenarios_view(result))
    for name in breakdowns:
        for view in breakdown_views(result, name):
            screen.print(view, highlight=False)
        screen.print()
    if result.joint.family > 1:
        screen.print(family_told(result), highlight=False)
    if result.looks is not None:
        screen.print(str(result.looks), highlight=False)
    if out is not None:
        screen.verdict(f"Comparison written to {out}; breakdowns, curves and flows are in {out / 'tables'}.")


def family_told(result: Comparison) -> str:
    """Return what the bold differences have in common."""
    family = result.joint.family
    if result.across_worlds:
        return f"Bold: 95 % of the worlds lie on one side of zero, in a band that holds for all {family} differences."
    wider = result.joint.simultaneous / result.joint.pointwise
    return (
        f"Intervals hold with 95 % each. Bold and verdicts hold for all {family} differences of this comparison at "
        f"once, by intervals {wider:.2f} times as wide."
    )
