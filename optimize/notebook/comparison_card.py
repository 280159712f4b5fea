"""A comparison as a notebook shows it: the verdicts, and every figure with its difference and interval.

Serves `Comparison._repr_html_`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memberlab.policies import html_card
from memberlab.results import KPIS, written, written_difference

if TYPE_CHECKING:
    from ..comparison import Arm, Comparison


def comparison_card(comparison: Comparison) -> str:
    """Return the comparison as HTML, a table for each scenario; bold differences are certain for all at once."""
    return "".join(_scenario(comparison, name) for name in comparison.scenarios)


def _scenario(comparison: Comparison, scenario: str) -> str:
    first, *others = (arm for arm in comparison.arms if arm.scenario.name == scenario)
    verdicts = [str(one) for arm in others if (one := comparison.verdict(arm)) is not None]
    verdicts += [f"By attrition effect, {arm.policy.name} {arm.break_even}." for arm in others if arm.break_even]
    heads = [
        "",
        f"{first.policy.name} (today)",
        *(title for arm in others for title in (arm.policy.name, "difference")),
    ]
    rows, bold = [], set()
    for number, uplift in enumerate(first.uplifts):
        kpi = KPIS[uplift.kpi]
        cells = [kpi.title, written(uplift.value, kpi.unit)]
        for place, arm in enumerate(others):
            own = arm.uplift(uplift.kpi)
            cells += [written(own.value, kpi.unit), _difference(comparison, arm, uplift.kpi)]
            if comparison.joint.is_certain(scenario, arm.policy.name, own):
                bold.add((number, 3 + 2 * place))
        rows.append(cells)
    many = f"{comparison.replications} populations" if comparison.replications > 1 else "1 population"
    note = f"Money in {first.scenario.currency}; {many}. "
    note += "Intervals hold for all differences at once, with 95 %; bold ones exclude zero." if others else ""
    return html_card(f"Scenario {scenario}", verdicts, heads, rows, [note], bold=frozenset(bold))


def _difference(comparison: Comparison, arm: Arm, name: str) -> str:
    kpi, uplift = KPIS[name], arm.uplift(name)
    if uplift.is_zero:
        return "0"
    low, high = comparison.joint.band(arm.scenario.name, arm.policy.name, uplift)
    ends = [written_difference(kpi, end) for end in (low, high)]
    return f"{written_difference(kpi, uplift.difference)} [{ends[0]} to {ends[1]}]"
