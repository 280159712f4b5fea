"""Experiments: comparing policies, searching for better ones, and the executors that do the work."""

from .arms import ArmResult, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, simulate_arm
from .attribution import WITHOUT_REACTION, Attribution, Part, attribute, shapley_values
from .break_even import (
    DECISIVE_ASSUMPTION,
    TOLERANCE,
    VALUES_SHOWN,
    BreakEven,
    Crossing,
    Pays,
    find_break_even,
    own_value,
    values_shown,
)
from .break_even_rows import break_even_rows, margin_rows
from .budget_runs import live_budget, live_costs
from .claim_programmes import PROGRAMMES, control_of, programme_of
from .claims import CLAIMS, Claim, Label, Measure
from .claims_page import claims_page, claims_told, figures_told
from .claims_tried import ClaimsTried, Finding, Trial, decomposition_of, placebo_of, trials_of, try_claims
from .compare import Arm, Comparison, compare, fail_if_not_comparable
from .confirm import FRESH, Confirmed, confirm, weighted_uplift
from .evaluations import LEDGER_FILE, EvaluationLedger, Identity
from .evidence import (
    FACTS,
    LEAST_T,
    Evidence,
    Fact,
    band_told,
    estimate_told,
    evidence_page,
    evidence_points,
    evidence_summary,
    load_ensemble,
    try_facts,
    verdict_told,
)
from .executor import SerialExecutor, open_executor
from .goals import Bound, Estimate, Goals, Objective, estimate_of, goals_of
from .levers import Lever
from .lives import Lives, Stop, lives_from, merge_lives, simulate_lives, stops_of
from .model_version import model_version
from .pareto import front, layers, shortlist
from .plan import Plan, load_study, plan_study, study_names
from .proposals import Known, first_points, next_points
from .quantity import Quantity
from .recommend import Recommendation, Standing, Verdict, recommend
from .search import Candidate, Tried, search
from .sensitivity import DoublingRate, Sensitivity, Swing, sensitivity
from .sensitivity_settings import Setting, Variation, variations_of
from .space import SearchSpace
from .study import Study
from .study_break_even import Tested, try_values
from .study_by_value import break_evens_note, value_rows
from .study_folder import open_study_folder, write_results
from .study_report import report
from .study_run import StudyResult, run_study, shortlist_of
from .study_summary import break_even_of, effect, held_at, named, shown, summary
from .study_tables import by_value_table, pareto_table, role_of, scenario_table, search_table

__all__ = [
    "CLAIMS",
    "DECISIVE_ASSUMPTION",
    "FACTS",
    "FRESH",
    "LEAST_T",
    "LEDGER_FILE",
    "PROGRAMMES",
    "TOLERANCE",
    "VALUES_SHOWN",
    "WITHOUT_REACTION",
    "Arm",
    "ArmResult",
    "Attribution",
    "Bound",
    "BreakEven",
    "Candidate",
    "Claim",
    "ClaimsTried",
    "Comparison",
    "Confirmed",
    "Crossing",
    "DoublingRate",
    "Estimate",
    "EvaluationLedger",
    "Evidence",
    "Fact",
    "Finding",
    "Goals",
    "Identity",
    "Known",
    "Label",
    "Lever",
    "Lives",
    "Measure",
    "Objective",
    "Part",
    "Pays",
    "Plan",
    "Quantity",
    "Recommendation",
    "SearchSpace",
    "Sensitivity",
    "SerialExecutor",
    "Setting",
    "Standing",
    "Stop",
    "Study",
    "StudyResult",
    "Swing",
    "Tested",
    "Trial",
    "Tried",
    "Variation",
    "Verdict",
    "WarmUp",
    "attribute",
    "band_told",
    "break_even_of",
    "break_even_rows",
    "break_evens_note",
    "by_value_table",
    "claims_page",
    "claims_told",
    "compare",
    "confirm",
    "control_of",
    "decomposition_of",
    "effect",
    "estimate_of",
    "estimate_told",
    "evidence_page",
    "evidence_points",
    "evidence_summary",
    "fail_if_not_comparable",
    "figures_told",
    "find_break_even",
    "first_points",
    "front",
    "goals_of",
    "held_at",
    "layers",
    "live_budget",
    "live_costs",
    "lives_from",
    "load_ensemble",
    "load_study",
    "margin_rows",
    "merge_arms",
    "merge_lives",
    "model_version",
    "named",
    "next_points",
    "open_executor",
    "open_study_folder",
    "own_value",
    "pareto_table",
    "placebo_of",
    "plan_study",
    "prepare_warm_ups",
    "programme_of",
    "recommend",
    "replication_seeds",
    "report",
    "role_of",
    "run_study",
    "scenario_table",
    "search",
    "search_table",
    "sensitivity",
    "shapley_values",
    "shortlist",
    "shortlist_of",
    "shown",
    "simulate_arm",
    "simulate_lives",
    "stops_of",
    "study_names",
    "summary",
    "trials_of",
    "try_claims",
    "try_facts",
    "try_values",
    "value_rows",
    "values_shown",
    "variations_of",
    "verdict_told",
    "weighted_uplift",
    "write_results",
]
