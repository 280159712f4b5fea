"""Pilot planning: how many shoppers, how long, which hold-out, and what such a pilot would find."""

from .arms import PilotArm, simulate_pilot_arm
from .attrition import AttritionPoint, SmallestSeen, attrition_points, attrition_power, smallest_seen
from .experiment import assigned_by_key, read_pilot
from .interference import NO_INTERFERENCE, interferences
from .looks import WeeklyLooks, spending_bounds, weekly_looks
from .plan import PilotPlan, plan_pilot
from .plan_rows import PilotChoice, PlanRow, choose, plan_rows
from .question import Effect, PilotQuestion, fail_if_pilot_does_not_fit, read_effect
from .replays import Readings, Replays, replay_pilot
from .sample_size import Certainty, Spread, best_share, power_of, shoppers_needed, smallest_effect
from .tables import PILOT_TABLES, pilot_tables
from .twin_outcomes import ArmOutcome, TwinOutcomes, lived_by
from .verification import Rate, Verified, verify_pilot
from .words import PilotWords, figure_of_pilot, pilot_difference_told, pilot_value_told, pilot_words

__all__ = [
    "NO_INTERFERENCE",
    "PILOT_TABLES",
    "ArmOutcome",
    "AttritionPoint",
    "Certainty",
    "Effect",
    "PilotArm",
    "PilotChoice",
    "PilotPlan",
    "PilotQuestion",
    "PilotWords",
    "PlanRow",
    "Rate",
    "Readings",
    "Replays",
    "SmallestSeen",
    "Spread",
    "TwinOutcomes",
    "Verified",
    "WeeklyLooks",
    "assigned_by_key",
    "attrition_points",
    "attrition_power",
    "best_share",
    "choose",
    "fail_if_pilot_does_not_fit",
    "figure_of_pilot",
    "interferences",
    "lived_by",
    "pilot_difference_told",
    "pilot_tables",
    "pilot_value_told",
    "pilot_words",
    "plan_pilot",
    "plan_rows",
    "power_of",
    "read_effect",
    "read_pilot",
    "replay_pilot",
    "shoppers_needed",
    "simulate_pilot_arm",
    "smallest_effect",
    "smallest_seen",
    "spending_bounds",
    "verify_pilot",
    "weekly_looks",
]
