"""How much work a comparison is: its warm-ups and the lives of its arms.

Serves whoever waits for one, before it begins.
"""

from __future__ import annotations

from collections.abc import Sequence

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from ..break_even import arms_at_values_shown
from ..execution import WorkAhead, work_ahead


def work_of(
    policies: Sequence[Policy], scenarios: Sequence[Scenario], replications: int, *, break_even: bool = False
) -> WorkAhead:
    """Return what a comparison takes; beyond it goes what the search for a break-even asks for."""
    wanted = break_even and len(policies) > 1
    arms = {
        scenario.name: len(policies) + (arms_at_values_shown(scenario, policies) if wanted else 0)
        for scenario in scenarios
    }
    return work_ahead(scenarios, replications, arms=arms)
