"""An estimate with its standard error: what every answer of this folder is, and how its interval is told.

Serves all estimators of campaign and discount response.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

NORMAL_95 = 1.959964
"""Standard errors to either side of an estimate in a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its standard error; the interval is the normal one of 95 %."""

    value: float
    standard_error: float

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.value - NORMAL_95 * self.standard_error

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + NORMAL_95 * self.standard_error

    @property
    def p_value(self) -> float:
        """Probability of a value at least as far from 0 if the truth is 0 (normal, two-sided)."""
        if self.standard_error == 0.0:
            return 1.0 if self.value == 0.0 else 0.0
        return float(special.erfc(abs(self.value) / self.standard_error / np.sqrt(2.0)))

    def covers(self, truth: float) -> bool:
        """Return whether the 95 % interval holds `truth`."""
        return self.low <= truth <= self.high

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit, `factor` of which make one of this."""
        return Estimate(self.value * factor, self.standard_error * abs(factor))
