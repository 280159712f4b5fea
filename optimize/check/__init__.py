"""Policy outcomes under test: the decision rule, `checks.yaml`, baselines, and the run that judges by them."""

from .checks_file import CHECKS_FILE, LEAST_BETTER, CheckLooks, Checks, DigestWorlds, OutcomeClaim, never_missed
from .checks_plan import CheckedWorld, ChecksPlan, ClaimCell, checks_file, load_checks, plan_checks
from .decision import (
    FALSE_ALARMS,
    LEAST_CORRELATION,
    CheckVerdict,
    Decision,
    ErrorBudget,
    decide,
    decide_in_looks,
    decide_pairs,
    looks_between,
)
from .statement import Statement, statements_of
from .tolerance import Tolerance, ToleranceNotation, unit_fault

__all__ = [
    "CHECKS_FILE",
    "FALSE_ALARMS",
    "LEAST_BETTER",
    "LEAST_CORRELATION",
    "CheckLooks",
    "CheckVerdict",
    "CheckedWorld",
    "Checks",
    "ChecksPlan",
    "ClaimCell",
    "Decision",
    "DigestWorlds",
    "ErrorBudget",
    "OutcomeClaim",
    "Statement",
    "Tolerance",
    "ToleranceNotation",
    "checks_file",
    "decide",
    "decide_in_looks",
    "decide_pairs",
    "load_checks",
    "looks_between",
    "never_missed",
    "plan_checks",
    "statements_of",
    "unit_fault",
]
