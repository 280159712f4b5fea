"""What is behind a difference between two groups of shoppers: effect, selection and spill-over, exactly, from twins.

Serves whoever has been shown that members buy more than others. A shopper's twin is the same shopper, with the same
random numbers, in a market without the programme. Means are fractions of integers, so that the identity
naive = effect on the labelled + selection - spill-over leaves no residual.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .uplift import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The mean outcomes of labelled and other shoppers in both markets; cents, orders, or shares of shoppers.

    The label is fixed in the market with the programme before the outcomes are counted.
    """

    labelled: int
    others: int
    labelled_with: Fraction
    labelled_without: Fraction
    others_with: Fraction
    others_without: Fraction
    half_width: float
    """Half of the 95 % interval of `effect`, paired by shopper; 0 where no shopper differs in anything."""

    @property
    def naive(self) -> Fraction:
        """Return what a comparison of the two groups shows in the market with the programme."""
        return self.labelled_with - self.others_with

    @property
    def effect(self) -> Fraction:
        """Return what the programme has changed for the labelled: the average treatment effect on the treated."""
        return self.labelled_with - self.labelled_without

    @property
    def selection(self) -> Fraction:
        """Return how far the same two groups are apart without any programme."""
        return self.labelled_without - self.others_without

    @property
    def spill_over(self) -> Fraction:
        """Return what the programme has changed for the others."""
        return self.others_with - self.others_without

    @property
    def residual(self) -> Fraction:
        """Return naive less effect, less selection, plus spill-over: 0."""
        return self.naive - (self.effect + self.selection - self.spill_over)

    @property
    def effect_on_all(self) -> Fraction:
        """Return the mean change over both groups, which is what a shop is paid on."""
        return (self.effect * self.labelled + self.spill_over * self.others) / (self.labelled + self.others)

    @property
    def naive_lift(self) -> float | None:
        """Return the naive difference relative to the others, as slides quote it."""
        return _relative(self.naive, self.others_with)

    @property
    def selection_lift(self) -> float | None:
        """Return selection relative to the others, as a part of the naive lift."""
        return _relative(self.selection, self.others_with)

    @property
    def effect_part(self) -> float | None:
        """Return the effect relative to the others, as a part of the naive lift."""
        return _relative(self.effect, self.others_with)

    @property
    def spill_over_part(self) -> float | None:
        """Return spill-over relative to the others, which the naive lift is short of."""
        return _relative(self.spill_over, self.others_with)

    @property
    def causal_lift(self) -> float | None:
        """Return the effect relative to what the labelled would have done without the programme."""
        return _relative(self.effect, self.labelled_without)

    @property
    def causal_interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval of `causal_lift`; what the labelled would have done is taken as known."""
        if self.causal_lift is None:
            return None
        half = self.half_width / float(self.labelled_without)
        return self.causal_lift - half, self.causal_lift + half

    @property
    def lift_of_all(self) -> float | None:
        """Return the mean change over both groups, relative to what both would have done without the programme."""
        without = (self.labelled_without * self.labelled + self.others_without * self.others) / (
            self.labelled + self.others
        )
        return _relative(self.effect_on_all, without)


def decompose(
    labelled: NDArray[np.bool_],
    with_programme: NDArray[np.int64],
    without: NDArray[np.int64],
    *,
    are_same: bool = False,
) -> Decomposition:
    """Return the decomposition of shoppers' outcomes in both markets (shape: shoppers; cents, orders, or 1 and 0).

    `are_same` says that the markets do not differ in anything, so that an effect of 0 is certain. Raises
    ValueError when one of the two groups is empty or the arrays do not hold the same shoppers.
    """
    if not len(labelled) == len(with_programme) == len(without):
        raise ValueError("twins must be the same shoppers")
    count = int(labelled.sum())
    if not 0 < count < len(labelled):
        raise ValueError(f"{count} of {len(labelled)} shoppers have the label; both groups must have some")
    return Decomposition(
        count,
        len(labelled) - count,
        _mean(with_programme[labelled]),
        _mean(without[labelled]),
        _mean(with_programme[~labelled]),
        _mean(without[~labelled]),
        0.0
        if are_same
        else _half_width(with_programme[labelled] - without[labelled], _are_counts(with_programme, without)),
    )


def _mean(values: NDArray[np.int64]) -> Fraction:
    return Fraction(int(values.sum()), len(values))


def _are_counts(*outcomes: NDArray[np.int64]) -> bool:
    """Return whether outcomes are 1 or 0 for each shopper."""
    return all(values.min() >= 0 and values.max() <= 1 for values in outcomes)


def _half_width(differences: NDArray[np.int64], are_counts: bool) -> float:
    """Return half of Student's interval of the mean difference.

    Where shoppers are counted, one pair that moved half up and half down is added, so that a group in which few moved
    does not claim certainty (Agresti and Min, 2005), as in `paired_uplift`.
    """
    count = len(differences)
    if count < 2:
        return float("inf")
    variance = float(differences.var(ddof=1)) / count + (1 / count**2 if are_counts else 0.0)
    return float(special.stdtrit(count - 1, 0.5 + CONFIDENCE / 2) * np.sqrt(variance))


def _relative(amount: Fraction, base: Fraction) -> float | None:
    return float(amount / base) if base else None
