"""Looking for better policies: proposals, waves of trials, goals, the front, and the race on fresh seeds."""

from .fresh_race import heats_of, race_policies
from .front_odds import Odds, front_odds, knee_of
from .gaussian_process import Encoding, fit_figure
from .goals import (
    CONFIRMATION_CAUTION,
    SEARCH_CAUTION,
    Bound,
    Estimate,
    Figures,
    Goals,
    Objective,
    Values,
    best_values,
    counted_by_replication,
    estimate_of,
    figures_of,
    goals_of,
    heats_from,
    values_of,
)
from .lever_importance import LeverImportance, lever_importances
from .optuna_export import Exported, export_study, fail_if_own_ledger
from .pareto import front, layers, shortlist
from .promising import promising
from .proposals import Known, first_points, next_points
from .race import Fallen, Heats, RaceResult, race, rounds_of
from .search import Candidate, Tried, recorded, run_search
from .trials import Trials

__all__ = [
    "CONFIRMATION_CAUTION",
    "SEARCH_CAUTION",
    "Bound",
    "Candidate",
    "Encoding",
    "Estimate",
    "Exported",
    "Fallen",
    "Figures",
    "Goals",
    "Heats",
    "Known",
    "LeverImportance",
    "Objective",
    "Odds",
    "RaceResult",
    "Trials",
    "Tried",
    "Values",
    "best_values",
    "counted_by_replication",
    "estimate_of",
    "export_study",
    "fail_if_own_ledger",
    "figures_of",
    "first_points",
    "fit_figure",
    "front",
    "front_odds",
    "goals_of",
    "heats_from",
    "heats_of",
    "knee_of",
    "layers",
    "lever_importances",
    "next_points",
    "promising",
    "race",
    "race_policies",
    "recorded",
    "rounds_of",
    "run_search",
    "shortlist",
    "values_of",
]
