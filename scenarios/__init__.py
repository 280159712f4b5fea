"""Scenarios: the worlds that policies meet, the populations that live in them, and how those are fitted to logs."""

import importlib
from typing import TYPE_CHECKING

from .catalogue import currency_problem, load_scenario, scenario_names
from .failures import Failures
from .member_worlds import members_in, with_members
from .own_prices import UNKNOWN_CURRENCY, at_own_prices
from .population import BGNBD, GammaGamma, ParetoNBD, Population, load_population, population_names
from .population_fit import Fit
from .returns import Returns
from .rival import Rival
from .scenario import Horizon, MembersUse, Payment, PopulationUse, Scenario, WarmUp
from .season import MONTHS
from .shocks import Shock
from .typical_shoppers import customers_of
from .word_of_mouth import WordOfMouth

if TYPE_CHECKING:
    from . import calibration, members
    from .calibration import TransactionLog, calibrate, read_transaction_log, transaction_log_of
    from .members import MemberManifest, Members, load_members, members_from, write_members

__all__ = [
    "BGNBD",
    "MONTHS",
    "UNKNOWN_CURRENCY",
    "Failures",
    "Fit",
    "GammaGamma",
    "Horizon",
    "MemberManifest",
    "Members",
    "MembersUse",
    "ParetoNBD",
    "Payment",
    "Population",
    "PopulationUse",
    "Returns",
    "Rival",
    "Scenario",
    "Shock",
    "TransactionLog",
    "WarmUp",
    "WordOfMouth",
    "at_own_prices",
    "calibrate",
    "calibration",
    "currency_problem",
    "customers_of",
    "load_members",
    "load_population",
    "load_scenario",
    "members",
    "members_from",
    "members_in",
    "population_names",
    "read_transaction_log",
    "scenario_names",
    "transaction_log_of",
    "with_members",
    "write_members",
]

_LATER = {
    "calibration": ("TransactionLog", "calibrate", "read_transaction_log", "transaction_log_of"),
    "members": ("MemberManifest", "Members", "load_members", "members_from", "write_members"),
}


def __getattr__(name: str) -> object:
    """Return a name of what reads a retailer's own data, which brings pandas and SciPy, when it is first asked for."""
    for part, names in _LATER.items():
        if name == part or name in names:
            room = importlib.import_module(f".{part}", __name__)
            return room if name == part else getattr(room, name)
    raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
