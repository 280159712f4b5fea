"""The verdict on an arm in words: what it certainly does to GMV, retention and margin, or why there is no verdict yet.

Serves comparisons. A change is certain where the simultaneous interval excludes zero, so that of all verdicts of a
comparison together one in twenty comparisons at most says too much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memberlab.policies import Policy
from memberlab.results import KPIS, Uplift, written_difference
from memberlab.scenarios import Scenario

from .horizon_rule import TooEarly, too_early
from .joint_statistics import JointStatistics

JUDGED = ("gmv", "retention", "margin")
"""KPIs of a verdict."""


@dataclass(frozen=True, slots=True)
class ArmVerdict:
    """What is said of a policy: `parts` of the sentence, or the campaigns that forbid a verdict."""

    policy: str
    parts: tuple[str, ...]
    too_early: tuple[TooEarly, ...] = ()

    @property
    def is_due(self) -> bool:
        """Return whether a verdict may be given."""
        return not self.too_early

    def __str__(self) -> str:
        """Say it in one sentence."""
        if self.too_early:
            return f"{self.policy}: no verdict: {'; '.join(str(one) for one in self.too_early)}."
        return f"{self.policy} {', '.join(self.parts[:-1])} and {self.parts[-1]}."


def verdict_of(
    policy: Policy, baseline: Policy, scenario: Scenario, uplifts: Sequence[Uplift], joint: JointStatistics
) -> ArmVerdict:
    """Return the verdict on `policy` against `baseline` in a scenario."""
    found = too_early(policy, baseline, scenario)
    if found:
        return ArmVerdict(policy.name, (), found)
    parts = []
    for uplift in uplifts:
        if uplift.kpi not in JUDGED:
            continue
        kpi = KPIS[uplift.kpi]
        name = kpi.title if kpi.title.isupper() else kpi.title.lower()
        change = "raises" if uplift.difference > 0 else "lowers"
        if uplift.is_zero:
            parts.append(f"leaves {name} exactly as it is")
        elif not joint.is_certain(scenario.name, policy.name, uplift):
            parts.append(f"shows no certain change of {name}")
        else:
            parts.append(f"{change} {name} by {written_difference(kpi, abs(uplift.difference)).lstrip('+')}")
    return ArmVerdict(policy.name, tuple(parts))
