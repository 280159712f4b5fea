"""What is assumed about word of mouth: who refers, and how the referred behave.

Serves the registry, `assumptions.py`; what each field says is told in `assumption.py`.
"""

from __future__ import annotations

from .assumption import Assumption

REFERRAL: tuple[Assumption, ...] = (
    Assumption(
        "referral_rate",
        symbol="q0",
        unit="share of orders",
        default=0.005,
        low=0.0,
        high=0.05,
        grade="prior",
        learnt_from="order log",
        meaning="Orders after which a shopper refers somebody without a reward",
        source="reference model, 2.9",
    ),
    Assumption(
        "referral_reward_response",
        symbol="q1",
        unit="per reward of a usual basket",
        default=1.0,
        low=0.0,
        high=5.0,
        grade="prior",
        learnt_from="change of policy",
        meaning="How much likelier a reward worth a usual basket makes it",
        source="no evidence of size",
    ),
    Assumption(
        "referral_goodwill",
        unit="logit",
        default=0.1,
        low=0.0,
        high=0.3,
        grade="B",
        mechanism="goodwill",
        learnt_from="change of policy",
        facts=(43,),
        meaning="Goodwill from having referred somebody",
        source="fact 43, an upper bound",
    ),
    Assumption(
        "referred_attrition",
        symbol="gamma_R",
        unit="log hazard",
        default=0.2,
        low=0.0,
        high=0.4,
        grade="B",
        learnt_from="order log",
        facts=(43,),
        meaning="How much more slowly a referred shopper's life runs out while the referrer stays",
        source="fact 43 (Schmitt et al. 2011): 18 % less churn while the referrer stays",
    ),
    Assumption(
        "referral_delay",
        unit="days",
        default=7.0,
        low=1.0,
        high=60.0,
        grade="prior",
        learnt_from="order log",
        meaning="Time from the referral to the friend's first order",
        source="from the referral to the friend's first order",
    ),
)
"""Assumptions of this family, in the order of the reference page."""
