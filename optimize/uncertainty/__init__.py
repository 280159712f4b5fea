"""Uncertainty: scenario sets and their cases, sweeps, global sensitivity and scenario discovery."""

from .axis import Axis, axes_of, ranges_of
from .factor import Factor
from .pairs import Pair, live_pairs, pair_of
from .ranges import Range
from .sampling import latin_hypercube
from .scenario_set import ScenarioSet, load_scenario_set, scenario_set_names
from .sweep import Point, Sweep, sweep
from .uncertain import Case, UncertainWorld, fail_if_not_fitting, plan_set

__all__ = [
    "Axis",
    "Case",
    "Factor",
    "Pair",
    "Point",
    "Range",
    "ScenarioSet",
    "Sweep",
    "UncertainWorld",
    "axes_of",
    "fail_if_not_fitting",
    "latin_hypercube",
    "live_pairs",
    "load_scenario_set",
    "pair_of",
    "plan_set",
    "ranges_of",
    "scenario_set_names",
    "sweep",
]
