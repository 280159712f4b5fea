"""What a figure is worth when several worlds are possible: its mean, its worst case, its tail, its regret, its odds.

Serves study files that say how to weigh scenarios, and search, race and report, which all count by the same criterion.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo, field_validator

from memberlab.policies import CountNotation, Section, fault

Criterion = Literal["mean", "worst", "cvar", "regret", "satisficing"]
"""How the figures of several scenarios become one."""

FEWEST_FOR_TAIL = 10
"""Scenarios below which a tail of them is a label, not a statistic (reference/optimization.md, 2.6)."""


class Robustness(Section):
    """How the figures of several scenarios become one, in each replication.

    `mean` weighs them by the scenarios' weights. `worst` takes the worst scenario. `cvar` takes the mean of the worst
    part (Rockafellar and Uryasev, 2000). `regret` takes the largest loss against the best policy known in the same
    scenario (Savage, 1951). `satisficing` takes the share of the scenarios, by weight, in which the objective reaches
    its reference (Simon, 1956).
    """

    criterion: Criterion = "mean"
    """`mean`, `worst`, `cvar`, `regret` or `satisficing`; the last needs a reference for every objective."""
    tail: Annotated[int, CountNotation("percent", minimum=1, maximum=100)] | None = None
    """Part of the scenarios, by weight, that `cvar` takes the mean of: a number of percent."""

    @field_validator("tail")
    @classmethod
    def _goes_with_cvar(cls, tail: int | None, info: ValidationInfo) -> int | None:
        criterion = info.data.get("criterion")
        if tail is not None and criterion not in (None, "cvar"):
            raise fault(f"tail is for the criterion cvar, and this is {criterion}; leave it out")
        return tail

    @property
    def tail_share(self) -> float:
        """Return the part that `cvar` takes, 0 to 1; a fifth where none is written."""
        return (self.tail or 20) / 100


def counted(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    robustness: Robustness,
    *,
    sign: int,
    reference: float | None = None,
    best: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return what `values` (scenarios x replications) count for in each replication.

    `sign` is 1 where more is better, -1 where less is; `weights` add up to 1. `best` has the shape of `values`: the
    best value known in the same scenario and replication, for regret, which is 0 or more. Raises ValueError for a
    satisficing objective without a reference and for a regret without the best.
    """
    criterion = robustness.criterion
    if criterion == "mean":
        found = weights @ values
    elif criterion == "worst":
        found = sign * (sign * values).min(axis=0)
    elif criterion == "cvar":
        found = _tail(values, weights, sign, robustness.tail_share)
    elif criterion == "regret":
        if best is None:
            raise ValueError("regret needs the best value of each scenario and replication")
        found = np.maximum(sign * (best - values), 0.0).max(axis=0)
    else:
        if reference is None:
            raise ValueError("satisficing needs a reference")
        found = weights @ (sign * (values - reference) >= 0).astype(np.float64)
    counted_values: NDArray[np.float64] = np.asarray(found, np.float64)
    return counted_values


def _tail(values: NDArray[np.float64], weights: NDArray[np.float64], sign: int, share: float) -> NDArray[np.float64]:
    """Return the mean of the worst `share` of the scenarios by weight, in each replication; a part of one may count."""
    order = np.argsort(sign * values, axis=0, kind="stable")
    sorted_values = np.take_along_axis(values, order, axis=0)
    sorted_weights = weights[order]
    before = np.cumsum(sorted_weights, axis=0) - sorted_weights
    taken = np.clip(share - before, 0.0, sorted_weights)
    means: NDArray[np.float64] = (taken * sorted_values).sum(axis=0) / taken.sum(axis=0)
    return means
