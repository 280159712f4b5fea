"""Policy outcomes under test: the decision rule, `checks.yaml`, baselines, and the run that judges by them."""

from .accept import Accepted, ShiftRow, live_baseline
from .as_json import check_json
from .baseline import (
    BASELINE_FOLDER,
    BASELINE_PAGE,
    Baseline,
    BaselineError,
    baseline_folder,
    fail_if_foreign,
    read_baseline,
    sources_changed,
)
from .baseline_files import baseline_page, fail_if_not_a_baseline, shift_told, write_baseline
from .checks_file import CHECKS_FILE, LEAST_BETTER, CheckLooks, Checks, DigestWorlds, OutcomeClaim, never_missed
from .checks_plan import CheckedWorld, ChecksPlan, ClaimCell, checks_file, load_checks, plan_checks
from .claims_tier import try_claim
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
from .judged import BridgeShift, BrokenLife, Checked, CheckTier, ClaimFound, DigestCell, Exit, PairedCell
from .junit import check_junit
from .lived import CheckLives, LifeAsked, LivedPolicy, ledger_digest, live_population
from .markdown import check_markdown
from .run_checks import run_checks
from .statement import Statement, statements_of
from .tolerance import Tolerance, ToleranceNotation, unit_fault
from .words import (
    cell_names,
    claim_figure,
    correlation_told,
    correlation_warning,
    digest_told,
    margin_told,
    now_of,
    replays,
    shift_of,
    verdict_line,
)

__all__ = [
    "BASELINE_FOLDER",
    "BASELINE_PAGE",
    "CHECKS_FILE",
    "FALSE_ALARMS",
    "LEAST_BETTER",
    "LEAST_CORRELATION",
    "Accepted",
    "Baseline",
    "BaselineError",
    "BridgeShift",
    "BrokenLife",
    "CheckLives",
    "CheckLooks",
    "CheckTier",
    "CheckVerdict",
    "Checked",
    "CheckedWorld",
    "Checks",
    "ChecksPlan",
    "ClaimCell",
    "ClaimFound",
    "Decision",
    "DigestCell",
    "DigestWorlds",
    "ErrorBudget",
    "Exit",
    "LifeAsked",
    "LivedPolicy",
    "OutcomeClaim",
    "PairedCell",
    "ShiftRow",
    "Statement",
    "Tolerance",
    "ToleranceNotation",
    "baseline_folder",
    "baseline_page",
    "cell_names",
    "check_json",
    "check_junit",
    "check_markdown",
    "checks_file",
    "claim_figure",
    "correlation_told",
    "correlation_warning",
    "decide",
    "decide_in_looks",
    "decide_pairs",
    "digest_told",
    "fail_if_foreign",
    "fail_if_not_a_baseline",
    "ledger_digest",
    "live_baseline",
    "live_population",
    "load_checks",
    "looks_between",
    "margin_told",
    "never_missed",
    "now_of",
    "plan_checks",
    "read_baseline",
    "replays",
    "run_checks",
    "shift_of",
    "shift_told",
    "sources_changed",
    "statements_of",
    "try_claim",
    "unit_fault",
    "verdict_line",
    "write_baseline",
]
