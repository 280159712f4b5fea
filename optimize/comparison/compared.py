"""What the tables of a comparison are made of: its arms by scenario, with what sorts their shoppers.

Serves comparisons; the tables themselves are made by results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from memberlab.policies import Policy, load_policy
from memberlab.results import ComparedArm, ComparedScenario, Sorting
from memberlab.scenarios import Scenario
from memberlab.sim import calendar_of

from ..lives import ArmResult

if TYPE_CHECKING:
    import pandas as pd


def tables_of(
    lived: Mapping[tuple[int, int], Sequence[ArmResult]], policies: Sequence[Policy], scenarios: Sequence[Scenario],
    incumbent: Policy | None,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return the tables of breakdowns, curves and flows of arms that kept measures and histories."""
    from memberlab.results import breakdown_tables  # here, because it needs pandas

    return breakdown_tables([
        compared_scenario({p: lived[s, p] for p in range(len(policies))}, policies, scenario, incumbent)
        for s, scenario in enumerate(scenarios)
    ])  # fmt: skip


def compared_scenario(
    lived: Mapping[int, Sequence[ArmResult]], policies: Sequence[Policy], scenario: Scenario, incumbent: Policy | None
) -> ComparedScenario:
    """Return one scenario's arms as its tables see them; `lived` by the place of the policy."""
    calendar = calendar_of(scenario)
    old = incumbent or load_policy(scenario.incumbent)
    arms = [
        ComparedArm(
            scenario.name, policy.name, tuple(policy.tiers),
            [one.measures for one in lived[p] if one.measures is not None],
            [one.history for one in lived[p] if one.history is not None],
        )
        for p, policy in enumerate(policies)
    ]  # fmt: skip
    sorting = Sorting(calendar.launch, tuple(old.tiers), tuple(scenario.categories))
    return ComparedScenario(sorting, arms, np.datetime64(calendar.start, "M"))
