"""What the purchase models see of a customer: how often, how recently, for how long; for whoever fits or scores a
model.

A customer's *repeats* are the purchases after the first one in the log, *recency* is the time from the first to the
last of them, *age* the time from the first purchase to the end of the window (Schmittlein, Morrison and Colombo, 1987).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .maximum_likelihood import Fitted

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class PurchaseHistory:
    """One row a customer: repeat purchases (count), recency and age (weeks), all as float arrays of equal length."""

    repeats: FloatArray
    recency: FloatArray
    age: FloatArray

    @property
    def customers(self) -> int:
        """Number of customers, count."""
        return len(self.repeats)

    def distinct(self) -> tuple[PurchaseHistory, FloatArray]:
        """Return the different rows and how many customers share each: the likelihood of equals is computed once."""
        rows, counts = np.unique(np.stack([self.repeats, self.recency, self.age]), axis=1, return_counts=True)
        return PurchaseHistory(rows[0], rows[1], rows[2]), counts.astype(np.float64)

    def every(self, step: int) -> PurchaseHistory:
        """Return every `step`-th row."""
        return PurchaseHistory(self.repeats[::step], self.recency[::step], self.age[::step])


@dataclass(frozen=True)
class SpendHistory:
    """One row a customer with paid repeat purchases: how many (count) and their mean amount (currency units)."""

    purchases: FloatArray
    mean_amount: FloatArray

    @property
    def customers(self) -> int:
        """Number of customers, count."""
        return len(self.purchases)


@dataclass(frozen=True)
class RatePosterior:
    """What a customer's history says of the purchase rate: a mixture of Gamma(shape, rate in weeks), one row a
    customer.

    `weights` and `rates` have one column a component; the shape is common to the components of a customer.
    """

    shape: FloatArray
    rates: NDArray[np.float64] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)


class PurchaseModel(Protocol):
    """The verbs that every module of a purchase model has: `pareto_nbd`, `bg_nbd` and `nbd`."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """Name in files, such as `bg-nbd`."""
        ...

    @property
    def TITLE(self) -> str:  # noqa: N802
        """Name for people, such as `BG/NBD`."""
        ...

    @property
    def PARAMETERS(self) -> tuple[str, ...]:  # noqa: N802
        """Names of the parameters, in the order of the arrays."""
        ...

    def fit(self, history: PurchaseHistory) -> Fitted:
        """Fit the parameters by maximum likelihood."""
        ...

    def log_likelihood(self, parameters: FloatArray, history: PurchaseHistory) -> FloatArray:
        """Return each customer's log-likelihood (nats) of buying at exactly these times, then of the silence after."""
        ...

    def expected_purchases(self, parameters: FloatArray, history: PurchaseHistory, weeks: float) -> FloatArray:
        """Return each customer's expected purchases in the `weeks` after the window, given its history."""
        ...

    def rate_posterior(self, parameters: FloatArray, history: PurchaseHistory) -> RatePosterior:
        """Return what each customer's history says of its purchase rate."""
        ...
