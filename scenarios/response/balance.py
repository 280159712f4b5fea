"""Whether the arms of a trial were alike before it: their sizes, and what they bought.

Serves the lift of a randomised table. A trial whose arms differ before the campaign was not assigned as it says, and
no difference afterwards means anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from .arms import Arms
from .estimate import Estimate

USUAL_SHARES = (0.5, 0.1, 0.2, 0.25, 1 / 3, 0.3, 0.4, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99, 0.05, 0.01)
LEAST_P = 0.001
"""p-value below which arms count as unlike; a sound trial fails one of the three tests in 0.3 % of cases."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Sizes against the planned share, and purchases before the campaign, target less control."""

    treated: int
    controls: int
    planned_share: float
    is_share_given: bool
    """Whether the share was stated; else it is the usual one that is nearest."""
    sizes_p: float
    """p-value of the sample-ratio test (chi-square, 1 degree of freedom)."""
    prior: dict[str, tuple[Estimate, float]]
    """Difference a customer and week before, and the same in standard deviations, by `spend` and `visits`."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the arms, in words; empty if they are alike."""
        found = []
        if self.sizes_p < LEAST_P:
            found.append(
                f"{self.treated:,} targets and {self.controls:,} controls do not fit a planned share of "
                f"{self.planned_share:.4g} (p {self.sizes_p:.1g})"
            )
        for name, (difference, deviations) in self.prior.items():
            if difference.p_value < LEAST_P:
                found.append(
                    f"targets and controls differed in {name} before the offer by {deviations:+.2f} standard "
                    f"deviations (p {difference.p_value:.1g})"
                )
        return tuple(found)


def balance_of(arms: Arms, planned_share: float | None = None) -> Balance:
    """Return the balance of the arms; without a planned share (0 to 1) of targets the nearest usual one is tested."""
    treated, controls = int(arms.treated.sum()), int((~arms.treated).sum())
    total = treated + controls
    share = planned_share or min(USUAL_SHARES, key=lambda usual: abs(usual - treated / total))
    expected = np.array([share, 1 - share]) * total
    chi_square = float((((treated, controls) - expected) ** 2 / expected).sum())
    prior = {}
    for name in ("spend", "visits") if arms.prior_days else ():
        target, control = arms.before[name][arms.treated], arms.before[name][~arms.treated]
        error = float(np.sqrt(target.var(ddof=1) / treated + control.var(ddof=1) / controls))
        difference = float(target.mean() - control.mean())
        spread = float(arms.before[name].std()) or 1.0
        prior[name] = Estimate(difference, error), difference / spread
    return Balance(treated, controls, share, planned_share is not None, float(stats.chi2.sf(chi_square, 1)), prior)
