"""What is assumed about leaving the shop: how a programme, goodwill and a paid membership make a relation last longer.

Serves the registry, `assumptions.py`; what each field says is told in `assumption.py`.
"""

from __future__ import annotations

from .assumption import Assumption, Bell

ATTRITION: tuple[Assumption, ...] = (
    Assumption(
        "attrition_effect",
        symbol="gamma_L",
        unit="log hazard",
        default=0.15,
        low=0.0,
        high=0.85,
        prior=Bell(0.15, 0.20),
        grade="B",
        mechanism="attrition effect",
        learnt_from="change of policy",
        facts=(28, 30),
        meaning="How much more slowly a member's life at the shop runs out under a programme that gives back in full",
        source="prior N+(.15, .20); a service chain's programme implies up to .6 (Gopalakrishnan et al. 2021)",
    ),
    Assumption(
        "full_give_back",
        unit="share of spend",
        default=0.05,
        low=0.02,
        high=0.1,
        grade="prior",
        learnt_from="nothing",
        facts=(30,),
        meaning="Give-back at which a programme earns the whole attrition effect",
        source="the attrition effect was measured at a give-back of 5 % (Gopalakrishnan et al. 2021)",
    ),
    Assumption(
        "half_give_back",
        unit="share of spend",
        default=0.01,
        low=0.0,
        high=0.05,
        grade="prior",
        learnt_from="nothing",
        meaning="Give-back at which half of the effect's rise is reached, before it is capped",
        source="saturation, so that a token benefit does not buy the whole attrition effect",
    ),
    Assumption(
        "headroom",
        symbol="h",
        unit="exponent",
        default=0.7,
        low=0.0,
        high=1.0,
        prior="uniform",
        grade="prior",
        learnt_from="nothing",
        facts=(26, 27, 39),
        meaning="How much less heavy buyers can respond than light ones: responses to prices, points, goals and tiers, "
        "goodwill from rewards and the attrition effect fall with base spend to this power",
        source="reference model: 0.7, prior U(0, 1); only a survey or a panel could tell it; the set "
        "`no-headroom` switches it off",
    ),
    Assumption(
        "membership_attrition",
        symbol="gamma_M",
        unit="log hazard",
        default=0.15,
        low=0.0,
        high=0.5,
        grade="prior",
        mechanism="attrition effect",
        learnt_from="change of policy",
        facts=(38,),
        meaning="How much more slowly life runs out during a paid membership",
        source="reference model",
    ),
    Assumption(
        "goodwill_attrition",
        symbol="gamma_S",
        unit="log hazard per logit",
        default=1.0,
        low=0.0,
        high=2.0,
        grade="prior",
        mechanism="goodwill",
        learnt_from="change of policy",
        facts=(43, 44),
        meaning="How much more slowly life runs out for each unit of goodwill",
        source="reference model",
    ),
    Assumption(
        "goodwill_memory",
        symbol="tau_S",
        unit="days",
        default=150.0,
        low=60.0,
        high=250.0,
        prior="uniform",
        grade="B",
        learnt_from="change of policy",
        facts=(29, 30),
        meaning="Time in which goodwill fades to 37 % of what it was",
        source="tuned on fact 29; facts 29 and 30 disagree, and the reference model has 120",
    ),
)
"""Assumptions of this family, in the order of the reference page."""
