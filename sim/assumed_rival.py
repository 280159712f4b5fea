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
    Assumption(
        "rival_join",
        unit="logit",
        default=-2.2,
        low=-4.0,
        high=-0.5,
        grade="C",
        learnt_from="nothing",
        meaning="Inclination to join a rival's programme that gives nothing, once it is known to all",
        source="set so that 5 % given back for nothing brings a quarter of shoppers, as in `rival-launch`; the range "
        "holds 44 % of US consumers in Prime after 12 years (Prosper Insights, 2017)",
    ),
    Assumption(
        "rival_join_slope",
        unit="logit for all of the spend",
        default=22.0,
        low=5.0,
        high=60.0,
        grade="prior",
        learnt_from="nothing",
        meaning="How inclination grows with what a rival gives back of the spend, after its fee",
        source="no evidence of size; with `rival_join`, 0, 5 and 10 % given back bring 10, 25 and 50 % of shoppers",
    ),
    Assumption(
        "rival_visits",
        unit="share",
        default=0.05,
        low=0.0,
        high=0.3,
        grade="prior",
        learnt_from="change of policy",
        meaning="Part of visits that shoppers in the programme of a rival who gives 5 % back make there",
        source="sign only: experienced online shoppers who joined Prime spent less elsewhere, novices more (Liu, Zhang "
        "and Zhu, 2024, a panel of bank cards); a rival without `strength` takes none",
    ),
)
"""Assumptions of this family, in the order of the reference page."""
