"""The base process written into a fitted population: rhythm, drift, amounts by quantiles, late entry, price deals.

Serves `memberlab calibrate` on logs of frequent visits. A log of few purchases a customer keeps the purchase model and
Gamma-Gamma alone, as it tells no rhythm.
"""

from __future__ import annotations

from ..population import Population
from .fit_base_process import fit_base_process
from .process_population import population_sections
from .visit_log import VisitLog

FEWEST_WEEKS = 26
FEWEST_VISITS = 10.0
FEWEST_CUSTOMERS = 50
"""Whole weeks, visits a customer and customers below which no rhythm is fitted."""


def why_no_rhythm(log: VisitLog, new_customers: bool = False) -> str | None:
    """Return why a log does not support the fit of a base process; None where it does."""
    if new_customers:
        return "all customers are new, so that purchases, leaving and acquisition are told by the purchase models"
    visits = log.visits / max(log.customers, 1)
    if log.customers < FEWEST_CUSTOMERS:
        return f"{log.customers} customers are too few for a rhythm; it needs {FEWEST_CUSTOMERS}"
    if log.weeks < FEWEST_WEEKS:
        return f"{log.weeks} whole weeks are too short for a rhythm; it needs {FEWEST_WEEKS}"
    if visits < FEWEST_VISITS:
        return f"{visits:.1f} visits a customer are too few for a rhythm; it needs {FEWEST_VISITS:g}"
    return None


def with_base_process(population: Population, log: VisitLog, *, seed: int = 1) -> Population:
    """Return a fitted population with the sections of the base process, at the population's conversion.

    The record of the other fits stays. Purchase rates, leaving and amounts are those of the base process.
    """
    process = fit_base_process(log, conversion=population.conversion / 10_000, seed=seed)
    return Population.model_validate({**population.model_dump(exclude_none=True), **population_sections(process)})
