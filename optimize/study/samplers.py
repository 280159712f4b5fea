"""The samplers that a search may follow, by name, and which of them is taken where the study leaves it open.

Serves the proposals. Samplers are pinned by name, because what Optuna takes by default has changed between versions.
docs/search-quality.md shows how they do at equal budgets on a problem whose truth is known.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler

Sampler = Literal["surrogate", "mixed", "tpe", "nsga-ii", "gp"]
"""Surrogate is our own model of every figure (surrogate.py); the others are Optuna's: a tree-structured Parzen
estimator, a genetic algorithm, a Gaussian process; mixed is half TPE, half moves from the front."""
SamplerChoice = Literal["auto", "surrogate", "mixed", "tpe", "nsga-ii", "gp"]
"""A sampler by name, or `auto` for the one that suits the number of policies."""

MOST_FOR_SURROGATE = 600
"""Policies up to which `auto` takes the surrogate; beyond, NSGA-II, which asks for next to no time."""
GENERATION = 40
"""Policies of a generation of NSGA-II."""


def sampler_for(choice: SamplerChoice, policies: int) -> Sampler:
    """Return the sampler for a search of so many policies."""
    if choice == "auto":
        return "surrogate" if policies <= MOST_FOR_SURROGATE else "nsga-ii"
    return choice


def is_installed(choice: SamplerChoice) -> bool:
    """Return whether the sampler's libraries are there; the Gaussian process needs the extra `gp`."""
    return choice != "gp" or importlib.util.find_spec("torch") is not None


def new_sampler(name: Sampler, seed: int) -> BaseSampler:
    """Return a sampler as Optuna has it.

    TPE samples each lever by itself: on a loyalty problem its multivariate form collapsed (reference/optimization.md,
    2.3).
    """
    import optuna

    if name == "nsga-ii":
        return optuna.samplers.NSGAIISampler(population_size=GENERATION, seed=seed)
    if name == "gp":
        return optuna.samplers.GPSampler(n_startup_trials=10, deterministic_objective=False, seed=seed)
    return optuna.samplers.TPESampler(n_startup_trials=10, multivariate=False, constant_liar=True, seed=seed)


def marks_of(name: Sampler, number: int) -> dict[str, Any] | None:
    """Return what a finished policy must carry for the sampler: NSGA-II asks for its generation.

    Optuna notes it under this key when it proposes a trial itself; ours come from the ledger. A test notices if a
    version of Optuna calls it otherwise.
    """
    return {"NSGAIISampler:generation": number // GENERATION} if name == "nsga-ii" else None
