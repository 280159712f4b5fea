"""All tables of a comparison from its arms, by name.

Serves comparisons; what needs the errors of all differences at once (key figures, verdicts) is made there.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .breakdown_table import breakdown_table
from .cells import BREAKDOWNS
from .compared_arm import ComparedScenario
from .flows import cohort_table, habit_table, tier_flow_table, weekly_flow_table
from .retention import retention_table
from .winners import winners_table


def breakdown_tables(scenarios: Sequence[ComparedScenario]) -> dict[str, pd.DataFrame]:
    """Return the tables of breakdowns, curves, flows and cohorts by their names in the catalogue."""
    tables = {
        f"by_{name}": breakdown_table(one, scenarios) for name, one in BREAKDOWNS.items()
        if name != "preference" or preferences_are_known(scenarios)
    }  # fmt: skip
    return {**tables, "winners": winners_table(scenarios), **lived_tables(scenarios)}


def lived_tables(scenarios: Sequence[ComparedScenario]) -> dict[str, pd.DataFrame]:
    """Return what each policy's shoppers lived through, which makes sense of one policy alone as well."""
    return {
        "retention": retention_table(scenarios),
        "tier_flows": tier_flow_table(scenarios),
        "weekly_flow": weekly_flow_table(scenarios),
        "cohorts": cohort_table(scenarios),
        "habits": habit_table(scenarios),
    }


def preferences_are_known(scenarios: Sequence[ComparedScenario]) -> bool:
    """Return whether any shopper's preference is known: the incumbent promises something on categories."""
    histories = (history for scenario in scenarios for history in scenario.baseline.histories)
    return any((history.launch["preference"] >= 0).any() for history in histories)
