"""What is assumed about a rival's programme.

Serves the registry, `assumptions.py`; what each field says is told in `assumption.py`.
"""

from __future__ import annotations

from .assumption import Assumption

RIVAL: tuple[Assumption, ...] = (
    Assumption(
        "rival_attrition",
        symbol="eta_x",
        unit="log hazard",
        default=0.25,
        low=0.0,
        high=0.6,
        grade="prior",
        learnt_from="change of policy",
        facts=(29,),
        meaning="How much faster life runs out in a rival's programme",
        source="no evidence of size; sign from fact 29",
    ),
    Assumption(
        "rival_pull",
        symbol="beta_x",
        unit="logit",
        default=0.15,
        low=0.0,
        high=0.5,
        grade="prior",
        learnt_from="change of policy",
        facts=(31,),
        meaning="What a rival's programme takes off the odds of an order",
        source="no evidence of size; sign from fact 31",
    ),
    Assumption(
        "rival_damping",
        unit="ratio",
        default=0.7,
        low=0.4,
        high=1.0,
        grade="prior",
        learnt_from="change of policy",
        facts=(31,),
        meaning="What a rival's programme leaves of the pull of ours",
        source="weakens our own programme's pull; fact 31",
    ),
)
"""Assumptions of this family, in the order of the reference page."""
