"""The budget check: ceilings on benefits and on what is owed, held against simulated days."""

from .benefits import CAPPED_BENEFITS, TOTAL, is_promised, promised_by
from .costs import DailyCosts, daily_costs, merge_costs, stored_costs
from .document import Budget, Ceiling, LiabilityCeiling, fail_if_budget_does_not_fit, load_budget
from .limits import Limit, breaks_on, limits_of, reached
from .verdict import BudgetCheck, CeilingCheck, PeriodCheck, Verdict, check_budget

__all__ = [
    "CAPPED_BENEFITS",
    "TOTAL",
    "Budget",
    "BudgetCheck",
    "Ceiling",
    "CeilingCheck",
    "DailyCosts",
    "LiabilityCeiling",
    "Limit",
    "PeriodCheck",
    "Verdict",
    "breaks_on",
    "check_budget",
    "daily_costs",
    "fail_if_budget_does_not_fit",
    "is_promised",
    "limits_of",
    "load_budget",
    "merge_costs",
    "promised_by",
    "reached",
    "stored_costs",
]
