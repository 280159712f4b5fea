"""What a comparison is when it is done: its arms, their figures as tidy tables, and what holds for all of them at once.

Serves whoever reads a comparison; `compare` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memberlab.policies import Policy
from memberlab.results import KPIS, Uplift
from memberlab.scenarios import Scenario

from ..break_even import BREAK_EVEN_COLUMNS, MARGIN_COLUMNS, BreakEven, break_even_rows, margin_rows
from .joint_statistics import JointStatistics
from .over_scenarios import over_scenarios
from .precision import Looks
from .verdicts import ArmVerdict, verdict_of

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.results import RunBooks


@dataclass(frozen=True, slots=True)
class Arm:
    """One policy in one scenario: its uplifts against the first policy, and its bridge in cents, mean of
    replications.
    """

    policy: Policy
    scenario: Scenario
    uplifts: tuple[Uplift, ...]
    bridge: dict[str, int]
    break_even: BreakEven | None = None
    """Where the margin turns; None for the first policy, and where it was not asked for."""
    books: RunBooks | None = None
    """The first replication's books, with the first policy's shoppers as twins; None where they were not asked for."""

    def uplift(self, kpi: str) -> Uplift:
        """Return the uplift of a KPI by name."""
        return next(one for one in self.uplifts if one.kpi == kpi)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All arms, scenario by scenario, in the order of the policies given."""

    replications: int
    arms: tuple[Arm, ...]
    across_worlds: bool = False
    """Whether each replication had assumptions of its own, and intervals are taken across them."""
    joint: JointStatistics = field(default_factory=JointStatistics)
    """What holds for all differences at once, and the weights of the scenarios."""
    looks: Looks | None = None
    """How replications were added until a precision was reached; None where their number was given."""
    breakdowns: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Tables of breakdowns, curves, flows and cohorts by name; empty where they were not asked for."""

    @property
    def table(self) -> pd.DataFrame:
        """Return the figures as a tidy table: one row for each scenario, policy and KPI; money in cents."""
        import pandas as pd

        rows = []
        for arm in self.arms:
            for uplift in arm.uplifts:
                low, high = self.joint.band(arm.scenario.name, arm.policy.name, uplift)
                rows.append({
                    "scenario": arm.scenario.name, "policy": arm.policy.name, "kpi": uplift.kpi,
                    "unit": KPIS[uplift.kpi].unit, "baseline": uplift.baseline, "value": uplift.value,
                    "difference": uplift.difference, "low": uplift.low, "high": uplift.high,
                    "simultaneous_low": low, "simultaneous_high": high,
                })  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def over_scenarios(self) -> pd.DataFrame:
        """Return the figures over all scenarios by their weights, with each policy's worst case and regret."""
        uplifts = {(arm.scenario.name, arm.policy.name): arm.uplifts for arm in self.arms}
        weights = self.joint.weights or {name: 1 / len(self.scenarios) for name in self.scenarios}
        return over_scenarios(uplifts, weights, self.joint)

    @property
    def verdicts(self) -> pd.DataFrame:
        """Return for every scenario and policy but the first the verdict in words, and whether one may be given."""
        import pandas as pd

        rows = [
            {"scenario": arm.scenario.name, "policy": arm.policy.name, "is_due": one.is_due, "verdict": str(one)}
            for arm in self.arms if (one := self.verdict(arm)) is not None
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["scenario", "policy", "is_due", "verdict"])

    def verdict(self, arm: Arm) -> ArmVerdict | None:
        """Return the verdict on an arm; None for the first policy."""
        first = next(one for one in self.arms if one.scenario is arm.scenario)
        if arm is first:
            return None
        return verdict_of(arm.policy, first.policy, arm.scenario, arm.uplifts, self.joint)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Return the names of the scenarios, in order."""
        return tuple(dict.fromkeys(arm.scenario.name for arm in self.arms))

    @property
    def margin_table(self) -> pd.DataFrame:
        """Return the margin's uplift by attrition effect: a row for each scenario, policy and value; money in cents.

        `is_own` marks the scenario's own value. Empty where no break-even was asked for.
        """
        import pandas as pd

        rows = [
            {"scenario": arm.scenario.name, "policy": arm.policy.name, **row}
            for arm in self.arms if arm.break_even is not None for row in margin_rows(arm.break_even)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["scenario", "policy", *MARGIN_COLUMNS])

    @property
    def break_even_table(self) -> pd.DataFrame:
        """Return the break-even values: a row for each scenario, policy and crossing, one without where there is none.

        `pays` names the outcome and `told` says it; an interval that reaches beyond the values looked at has no end.
        """
        import pandas as pd

        rows = [
            {"scenario": arm.scenario.name, "policy": arm.policy.name, **row}
            for arm in self.arms if arm.break_even is not None for row in break_even_rows(arm.break_even)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["scenario", "policy", *BREAK_EVEN_COLUMNS])

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table of the catalogue that this comparison has, by name."""
        return {
            "comparison": self.table, "over_scenarios": self.over_scenarios, "verdicts": self.verdicts,
            **self.breakdowns,
        }  # fmt: skip

    @property
    def by_tier(self) -> pd.DataFrame:
        """Return the uplift by tier at launch."""
        return self.breakdown("by_tier")

    @property
    def by_decile(self) -> pd.DataFrame:
        """Return the uplift by decile of prior spend."""
        return self.breakdown("by_decile")

    @property
    def by_segment(self) -> pd.DataFrame:
        """Return the uplift by kind of buyer."""
        return self.breakdown("by_segment")

    @property
    def by_stage(self) -> pd.DataFrame:
        """Return the uplift by stage of the relation."""
        return self.breakdown("by_stage")

    @property
    def by_rfm(self) -> pd.DataFrame:
        """Return the uplift by RFM cell."""
        return self.breakdown("by_rfm")

    @property
    def winners(self) -> pd.DataFrame:
        """Return who gains and who loses."""
        return self.breakdown("winners")

    @property
    def retention(self) -> pd.DataFrame:
        """Return the retention curves."""
        return self.breakdown("retention")

    @property
    def tier_flows(self) -> pd.DataFrame:
        """Return the migration between tiers."""
        return self.breakdown("tier_flows")

    @property
    def weekly_flow(self) -> pd.DataFrame:
        """Return the flow of active members by week."""
        return self.breakdown("weekly_flow")

    @property
    def cohorts(self) -> pd.DataFrame:
        """Return the cohorts by month of first order."""
        return self.breakdown("cohorts")

    @property
    def habits(self) -> pd.DataFrame:
        """Return repurchase, active share and what else people ask for."""
        return self.breakdown("habits")

    def breakdown(self, name: str) -> pd.DataFrame:
        """Return a table of `breakdowns`. Raises KeyError where the comparison was made without them."""
        if name not in self.breakdowns:
            there = ", ".join(self.breakdowns) or "none; ask for them with compare(..., tables=True)"
            raise KeyError(f"no table {name}; there are {there}")
        return self.breakdowns[name]

    def arm(self, policy: str, scenario: str) -> Arm:
        """Return the arm of a policy and a scenario by name. Raises KeyError with both names."""
        for arm in self.arms:
            if arm.policy.name == policy and arm.scenario.name == scenario:
                return arm
        raise KeyError(f"no arm of policy {policy} in scenario {scenario}")
