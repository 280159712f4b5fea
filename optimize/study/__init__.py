"""What is asked: a study's document, its levers and limits, their space, and all it refers to, loaded and checked."""

from .ask_one_thing import Question, plan_question
from .draft import draft_levers, draft_study, draft_text, round_step
from .levers import Faults, Lever, Place, choice_faults, readable
from .limits import FromToday, LimitNotation, LimitValue
from .plan import Plan, assumptions_digest, load_study, plan_study, plan_text, study_names, world_key
from .presets import PRESETS, BudgetName, Preset
from .quantity import Amount, Choice, Level, Quantity, as_written, level_of, level_told
from .references import References
from .robustness import FEWEST_FOR_TAIL, Criterion, Robustness, counted
from .samplers import Sampler, SamplerChoice, marks_of, new_sampler, sampler_for
from .shares import LEAST_BUDGET, shares_of
from .space import Point, SearchSpace
from .space_checks import NOT_A_PROMISE
from .study import KpiName, OrReference, Reference, ScenarioUse, Study

__all__ = [
    "FEWEST_FOR_TAIL",
    "LEAST_BUDGET",
    "NOT_A_PROMISE",
    "PRESETS",
    "Amount",
    "BudgetName",
    "Choice",
    "Criterion",
    "Faults",
    "FromToday",
    "KpiName",
    "Level",
    "Lever",
    "LimitNotation",
    "LimitValue",
    "OrReference",
    "Place",
    "Plan",
    "Point",
    "Preset",
    "Quantity",
    "Question",
    "Reference",
    "References",
    "Robustness",
    "Sampler",
    "SamplerChoice",
    "ScenarioUse",
    "SearchSpace",
    "Study",
    "as_written",
    "assumptions_digest",
    "choice_faults",
    "counted",
    "draft_levers",
    "draft_study",
    "draft_text",
    "level_of",
    "level_told",
    "load_study",
    "marks_of",
    "new_sampler",
    "plan_question",
    "plan_study",
    "plan_text",
    "readable",
    "round_step",
    "sampler_for",
    "shares_of",
    "study_names",
    "world_key",
]
