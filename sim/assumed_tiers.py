"""What is assumed about tiers: their pull, and what promotion, demotion, tasks and content do to goodwill.

Serves the registry, `assumptions.py`; what each field says is told in `assumption.py`.
"""

from __future__ import annotations

from .assumption import Assumption

TIERS: tuple[Assumption, ...] = (
    Assumption(
        "tier_pressure",
        symbol="gamma_T",
        unit="log odds",
        default=0.2,
        low=0.0,
        high=0.4,
        prior="uniform",
        grade="B",
        mechanism="tier",
        learnt_from="change of policy",
        facts=(23,),
        meaning="Pull of the next tier on a member who is on pace and all but there",
        source="fact 23",
    ),
    Assumption(
        "tier_pressure_days",
        unit="days",
        default=90.0,
        low=30.0,
        high=365.0,
        grade="prior",
        learnt_from="nothing",
        facts=(23,),
        meaning="How far ahead a member looks at the next tier",
        source="how far ahead a member looks at the next tier",
    ),
    Assumption(
        "tier_goodwill",
        unit="logit per tier",
        default=0.08,
        low=0.0,
        high=0.2,
        grade="D",
        mechanism="tier",
        learnt_from="change of policy",
        facts=(25,),
        meaning="Goodwill from a promotion by one tier",
        source="fact 25",
    ),
    Assumption(
        "demotion_ratio",
        unit="ratio",
        default=2.25,
        low=1.5,
        high=3.0,
        grade="D",
        learnt_from="change of policy",
        facts=(25,),
        meaning="How much more a demotion hurts than a promotion pleases",
        source="fact 25",
    ),
    Assumption(
        "task_pull",
        unit="log odds",
        default=0.2,
        low=0.0,
        high=0.4,
        grade="prior",
        mechanism="tier",
        learnt_from="change of policy",
        facts=(23, 24),
        meaning="Pull of a make-up or sprint task at its best pace",
        source="pull of a make-up or sprint task at its best pace, taken to be that of a tier (facts 23 and 24: signs)",
    ),
    Assumption(
        "task_goodwill",
        unit="logit",
        default=0.15,
        low=0.0,
        high=0.3,
        grade="prior",
        mechanism="tier",
        learnt_from="change of policy",
        facts=(24,),
        meaning="Goodwill from a task fulfilled",
        source="a task fulfilled; fact 24 gives the sign",
    ),
    Assumption(
        "task_missed_goodwill",
        unit="logit",
        default=0.03,
        low=0.0,
        high=0.1,
        grade="prior",
        mechanism="tier",
        learnt_from="change of policy",
        facts=(24,),
        meaning="Goodwill lost by a task that was missed after 70 % of it",
        source="missed after 70 % of it; fact 24: the sign",
    ),
    Assumption(
        "content_goodwill",
        unit="logit a month",
        default=0.05,
        low=0.0,
        high=0.15,
        grade="prior",
        mechanism="goodwill",
        learnt_from="change of policy",
        meaning="Goodwill from a month of a tier's partner content worth half a usual basket or more",
        source=(
            "no direct evidence; a month of a tier's partner content worth half a usual basket or more, taken "
            "to please a third as much as a reward of that worth, at most as much (reward_goodwill)"
        ),
    ),
)
"""Assumptions of this family, in the order of the reference page."""
