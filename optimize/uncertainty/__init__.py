"""Uncertainty: scenario sets and their cases, sweeps, global sensitivity and scenario discovery."""

from .axis import Axis, axes_of, ranges_of
from .discovery import Discovery, columns_of, discover, rule_of
from .factor import Factor
from .global_sensitivity import GlobalSensitivity, global_sensitivity
from .indices import Design, Index
from .information import Worth, worth_of_all, worth_of_each
from .pairs import Pair, live_pairs, pair_of
from .prim import Box, Limit, Score, find_box, score
from .ranges import Range
from .sampling import latin_hypercube
from .scenario_set import ScenarioSet, load_scenario_set, scenario_set_names
from .spread import Chosen, Even, PriorOf, evenly
from .sweep import Sweep, SweepPoint, runs_of, sweep
from .uncertain import Case, UncertainWorld, fail_if_not_fitting, plan_set

__all__ = [
    "Axis",
    "Box",
    "Case",
    "Chosen",
    "Design",
    "Discovery",
    "Even",
    "Factor",
    "GlobalSensitivity",
    "Index",
    "Limit",
    "Pair",
    "PriorOf",
    "Range",
    "ScenarioSet",
    "Score",
    "Sweep",
    "SweepPoint",
    "UncertainWorld",
    "Worth",
    "axes_of",
    "columns_of",
    "discover",
    "evenly",
    "fail_if_not_fitting",
    "find_box",
    "global_sensitivity",
    "latin_hypercube",
    "live_pairs",
    "load_scenario_set",
    "pair_of",
    "plan_set",
    "ranges_of",
    "rule_of",
    "runs_of",
    "scenario_set_names",
    "score",
    "sweep",
    "worth_of_all",
    "worth_of_each",
]
