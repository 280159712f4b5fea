"""Shoppers in a report: who still orders, cohorts, tier flows, and whose margin a policy changes.

Serves strategists.
"""

from __future__ import annotations

from collections.abc import Sequence

from .by_scenario import by_scenario
from .parts import Chart, Section
from .retention_chart import cohort_chart, cohort_map, retention_chart
from .stored_run import StoredRun
from .tier_flow_chart import tier_flow_chart
from .uplift_chart import uplift_chart
from .wording import Wording


def people_sections(run: StoredRun, wording: Wording) -> list[Section]:
    """Return retention with cohorts, and tier flows, as far as the run has written their tables."""
    found = []
    curves: dict[str, list[Chart]] = {scenario: [] for scenario in run.scenarios}
    for name in ("retention", "cohorts"):
        table = run.table(name)
        if table is None:
            continue
        for scenario, charts in curves.items():
            own = table[table["scenario"] == scenario]
            if own.empty:
                continue
            if name == "retention":
                charts.append(retention_chart(own, wording, f"retention-{scenario}"))
            else:
                drawn = [cohort_chart(own, wording, f"cohorts-{scenario}")]
                if len(run.policies) == 1:
                    drawn.append(cohort_map(own, wording, f"cohort-map-{scenario}"))
                charts += [one for one in drawn if one is not None]
    if any(curves.values()):
        found.append(Section("retention", wording.text("Retention and cohorts"), (), by_scenario(curves, wording)))
    return found + tier_flow_section(run, wording)


def tier_flow_section(run: StoredRun, wording: Wording, note: Sequence[str] = ()) -> list[Section]:
    """Return the tier flows of every policy; empty where the run has not written them."""
    flows = run.table("tier_flows")
    if flows is None or not len(flows):
        return []
    drawn = {
        scenario: [
            tier_flow_chart(rows, wording, f"tiers-{scenario}-{policy}", policy)
            for policy in run.policies
            if len(rows := flows[(flows["scenario"] == scenario) & (flows["policy"] == policy)])
        ]
        for scenario in run.scenarios
    }
    return [Section("tier-flows", wording.text("Tier flows"), note, by_scenario(drawn, wording))]


def uplift_section(run: StoredRun, wording: Wording) -> list[Section]:
    """Return the uplift by decile of prior spend; empty where the comparison has not broken it down."""
    table = run.table("by_decile")
    if table is None or not len(table):
        return []
    title = wording.text("Decile of prior spend")
    parts = {
        scenario: [uplift_chart(own, "decile", wording, f"deciles-{scenario}", title)]
        for scenario in run.scenarios
        if len(own := table[table["scenario"] == scenario])
    }
    said = wording.text(
        "Whose margin the policy changes: shoppers by what they had spent in the year before launch, decile 1 least."
    )
    return [Section("by-decile", wording.text("Uplift by decile of prior spend"), [said], by_scenario(parts, wording))]
