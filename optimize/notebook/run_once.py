"""One policy lived once in one scenario, in Python: what `memberlab run` does, as an object that shows itself.

Serves notebooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memberlab.policies import Policy, html_card, load_policy
from memberlab.results import KPIS, bridge_totals, shopper_measures, written
from memberlab.scenarios import Population, Scenario
from memberlab.sim import Outcome, World, merge_regions, regions_of, warm_up

from ..break_even import own_value
from .comparison_charts import bridge_chart

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a policy: `kpis` by name (money in cents, shares from 0 to 1), and the margin bridge in cents."""

    outcome: Outcome
    kpis: Mapping[str, float]
    bridge: Mapping[str, int]

    @property
    def table(self) -> pd.DataFrame:
        """Return the key figures: kpi, title, unit, value (cents, pieces or shares from 0 to 1)."""
        import pandas as pd

        return pd.DataFrame(
            [{"kpi": one.name, "title": one.title, "unit": one.unit, "value": self.kpis[one.name]}
             for one in KPIS.values()]
        )  # fmt: skip

    @property
    def daily(self) -> pd.DataFrame:
        """Return the ledger as a tidy table: date, tier, paid_membership, measure, value."""
        return self.outcome.daily

    def chart(self) -> Figure:
        """Return the margin bridge as a Plotly figure."""
        return bridge_chart(self.bridge, None, self.outcome.scenario.currency, (self.outcome.policy.name, ""))

    def _repr_html_(self) -> str:
        """Return the key figures as HTML, for notebooks."""
        policy, scenario = self.outcome.policy, self.outcome.scenario
        held = self.outcome.identities()
        notes = [
            f"Money in {scenario.currency}. The margin hangs on the attrition effect, here {own_value([scenario]):g}: "
            "compare with break_even=True for the value at which it turns.",
            f"{sum(one.holds for one in held)} of {len(held)} accounting identities hold, to the cent.",
        ]
        rows = [[one.title, written(self.kpis[one.name], one.unit)] for one in KPIS.values()]
        heading = (
            f"{policy.name} in {scenario.name}: {len(self.outcome.shoppers):,} shoppers, "
            f"{scenario.horizon.months} months"
        )
        return html_card(heading, (), ["", "value"], rows, notes)


def run_policy(
    policy: Policy,
    scenario: Scenario,
    *,
    incumbent: Policy | None = None,
    population: Population | None = None,
    seed: int | None = None,
) -> Run:
    """Return what comes of `policy` in `scenario`, after a warm-up under the scenario's incumbent or the one given.

    `population` and `seed` replace the scenario's. Raises DocumentError where they do not fit.
    """
    before = incumbent or load_policy(scenario.incumbent)
    outcomes = []
    for region in regions_of(scenario):
        morning = warm_up(scenario, incumbent=before, seed=seed, region=region.number, population=population)
        world = World.resume(morning, policy)
        outcomes.append(world.run(world.end))
    outcome = merge_regions(outcomes)
    sums = shopper_measures(outcome, before).sum(axis=0)
    return Run(outcome, {kpi.name: kpi.value(sums) for kpi in KPIS.values()}, bridge_totals(outcome))
