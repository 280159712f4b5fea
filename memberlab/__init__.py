"""memberlab: a flight simulator for membership and loyalty programmes.

>>> from memberlab import load_policy, load_scenario, compare
>>> comparison = compare([load_policy("four-tiers-simple"), load_policy("jd-plus")], [load_scenario("baseline")])
>>> comparison.table  # one row for each scenario, policy and KPI
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.optimize import Comparison, Preview, Run, StudyResult, compare, find_better, run_policy
    from memberlab.policies import DocumentError, Policy, load_policy
    from memberlab.scenarios import Population, Scenario, load_population, load_scenario
    from memberlab.sim import Outcome, World, warm_up

__all__ = [
    "Comparison",
    "DocumentError",
    "Outcome",
    "Policy",
    "Population",
    "Preview",
    "Run",
    "Scenario",
    "StudyResult",
    "World",
    "compare",
    "find_better",
    "load_policy",
    "load_population",
    "load_scenario",
    "run_policy",
    "warm_up",
]

_ROOMS = {
    "optimize": ("Comparison", "Preview", "Run", "StudyResult", "compare", "find_better", "run_policy"),
    "policies": ("DocumentError", "Policy", "load_policy"),
    "scenarios": ("Population", "Scenario", "load_population", "load_scenario"),
    "sim": ("Outcome", "World", "warm_up"),
}


def __getattr__(name: str) -> object:
    """Return a name of the public face, importing its room when it is first asked for."""
    import importlib

    for room, names in _ROOMS.items():
        if name in names:
            return getattr(importlib.import_module(f"memberlab.{room}"), name)
    raise AttributeError(f"module 'memberlab' has no attribute {name!r}")
