"""Comparing policies: the same shoppers under each promise, and what holds for all differences at once."""

from .attribution import WITHOUT_REACTION, Attribution, Part, attribute, shapley_values
from .compare import Runs, compare, fail_if_not_comparable, live_arms
from .comparison import Arm, Comparison
from .files import by_scenario, write_comparison
from .horizon_rule import DAYS_AFTER, TooEarly, too_early
from .joint_statistics import JointStatistics, joint_statistics
from .over_scenarios import fill_weights, over_scenarios
from .precision import Looks, Precision, confidence_a_look, looks_at, read_precision
from .verdicts import ArmVerdict, verdict_of
from .work import work_of

__all__ = [
    "DAYS_AFTER",
    "WITHOUT_REACTION",
    "Arm",
    "ArmVerdict",
    "Attribution",
    "Comparison",
    "JointStatistics",
    "Looks",
    "Part",
    "Precision",
    "Runs",
    "TooEarly",
    "attribute",
    "by_scenario",
    "compare",
    "confidence_a_look",
    "fail_if_not_comparable",
    "fill_weights",
    "joint_statistics",
    "live_arms",
    "looks_at",
    "over_scenarios",
    "read_precision",
    "shapley_values",
    "too_early",
    "verdict_of",
    "work_of",
    "write_comparison",
]
