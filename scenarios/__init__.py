"""Scenarios: the worlds that policies meet, the populations that live in them, and how those are fitted to logs."""

import importlib
from typing import TYPE_CHECKING

from .bonus_hunters import BonusHunters
from .catalogue import currency_problem, load_scenario, scenario_names
from .disturbance import Disturbance, Effects, ShareSize, Size, disturbance_names, load_disturbance
from .disturbed import disturbed
from .entry import Entry
from .failures import Failures
from .in_words import SHOCK_WORDS, scenario_told, shock_in_words, shock_told
from .member_worlds import fail_if_incumbent_does_not_fit, members_in, with_members
from .own_prices import UNKNOWN_CURRENCY, at_own_prices
from .population import BGNBD, ParetoNBD, Population, load_population, population_names
from .population_fit import Fit
from .regulation import Regulation
from .returns import Returns
from .rhythm import DAYS_A_YEAR, MOST_DRIFTS, MOST_GAPS, Drift, Rhythm, with_mean_one
from .rival import Rival
from .rollout import Eligible, Rollout, StopRule
from .rollout_file import LoadedRollout, load_rollout, rollout_problems
from .rollout_schedule import Step
from .scenario import Horizon, MembersUse, Payment, PopulationUse, Scenario, WarmUp
from .scenario_page import effects_told, lasts, scenario_page
from .season import MONTHS
from .shock_dates import Span, span_of
from .shocks import SHARES, SIZES, Shock
from .spend import MOST_QUANTILES, GammaGamma, SpendQuantiles, mean_exponential
from .traits import CouponUse, DealShare, Traits
from .typical_shoppers import customers_of
from .word_of_mouth import WordOfMouth
from .world_files import members_record, scenario_of_run, write_world

if TYPE_CHECKING:
    from . import calibration, members, response, retail_log
    from .calibration import TransactionLog, calibrate, read_transaction_log, transaction_log_of
    from .members import MemberManifest, Members, load_members, members_from, write_members
    from .retail_log import (
        ADAPTERS,
        ImportedLog,
        Lesson,
        LogFacts,
        LogManifest,
        Notice,
        RetailLog,
        hashed,
        importing,
        log_page,
        open_retail_log,
        read_salt,
        what_can_be_learnt,
    )

__all__ = [
    "ADAPTERS",
    "BGNBD",
    "DAYS_A_YEAR",
    "MONTHS",
    "MOST_DRIFTS",
    "MOST_GAPS",
    "MOST_QUANTILES",
    "SHARES",
    "SHOCK_WORDS",
    "SIZES",
    "UNKNOWN_CURRENCY",
    "BonusHunters",
    "CouponUse",
    "DealShare",
    "Disturbance",
    "Drift",
    "Effects",
    "Eligible",
    "Entry",
    "Failures",
    "Fit",
    "GammaGamma",
    "Horizon",
    "ImportedLog",
    "Lesson",
    "LoadedRollout",
    "LogFacts",
    "LogManifest",
    "MemberManifest",
    "Members",
    "MembersUse",
    "Notice",
    "ParetoNBD",
    "Payment",
    "Population",
    "PopulationUse",
    "Regulation",
    "RetailLog",
    "Returns",
    "Rhythm",
    "Rival",
    "Rollout",
    "Scenario",
    "ShareSize",
    "Shock",
    "Size",
    "Span",
    "SpendQuantiles",
    "Step",
    "StopRule",
    "Traits",
    "TransactionLog",
    "WarmUp",
    "WordOfMouth",
    "at_own_prices",
    "calibrate",
    "calibration",
    "currency_problem",
    "customers_of",
    "disturbance_names",
    "disturbed",
    "effects_told",
    "fail_if_incumbent_does_not_fit",
    "hashed",
    "importing",
    "lasts",
    "load_disturbance",
    "load_members",
    "load_population",
    "load_rollout",
    "load_scenario",
    "log_page",
    "mean_exponential",
    "members",
    "members_from",
    "members_in",
    "members_record",
    "open_retail_log",
    "population_names",
    "read_salt",
    "read_transaction_log",
    "response",
    "retail_log",
    "rollout_problems",
    "scenario_names",
    "scenario_of_run",
    "scenario_page",
    "scenario_told",
    "shock_in_words",
    "shock_told",
    "span_of",
    "transaction_log_of",
    "what_can_be_learnt",
    "with_mean_one",
    "with_members",
    "write_members",
    "write_world",
]

_LAZY = {
    "calibration": ("TransactionLog", "calibrate", "read_transaction_log", "transaction_log_of"),
    "members": ("MemberManifest", "Members", "load_members", "members_from", "write_members"),
    "response": (),
    "retail_log": (
        "ADAPTERS",
        "ImportedLog",
        "Lesson",
        "LogFacts",
        "LogManifest",
        "Notice",
        "RetailLog",
        "hashed",
        "importing",
        "log_page",
        "open_retail_log",
        "read_salt",
        "what_can_be_learnt",
    ),
}
"""Folders that bring pandas and SciPy, and their names on this face."""


def __getattr__(name: str) -> object:
    """Return a name of what reads a retailer's own data, which brings pandas and SciPy, when it is first asked for."""
    for folder, names in _LAZY.items():
        if name == folder or name in names:
            room = importlib.import_module(f".{folder}", __name__)
            return room if name == folder else getattr(room, name)
    raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
