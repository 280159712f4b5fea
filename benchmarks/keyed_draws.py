"""The engine's addressed random numbers in plain Python: SplitMix64, normals by inversion, gammas by rejection.

Serves the check of the SimPy model against the engine: with the same draws their totals must be equal. Nothing but the
constants of the addresses is shared with the engine, and the normal quantile is Python's own, so that slips show.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from memberlab.sim import Purpose
from memberlab.sim.keyed_random import ATTEMPT_STEP, DAY_STEP, GOLDEN

WORD = 2**64 - 1
golden, day_step = int(GOLDEN), int(DAY_STEP)
normal_quantile = NormalDist().inv_cdf


def mix(word: int) -> int:
    """Return the SplitMix64 finaliser of a 64-bit word (Steele, Lea and Flood, 2014)."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & WORD
    return word ^ (word >> 31)


def as_share(word: int) -> float:
    """Return the upper 52 bits as a number strictly between 0 and 1."""
    return ((word >> 12) + 0.5) * 2.0**-52


class KeyedDraws:
    """Draws by address; `begin_day` says whose day it is."""

    keyed = True

    def __init__(self, seed: int) -> None:
        self._hashed_seed = mix(seed)
        self._day_key = 0

    def begin_day(self, shopper: int, day: int) -> None:
        """Address the draws that follow to `shopper` on `day`."""
        shopper_key = mix(self._hashed_seed + (shopper + 1) * golden & WORD)
        self._day_key = mix(shopper_key ^ ((day + 1) * day_step & WORD))

    def uniform(self, purpose: int) -> float:
        """Return the uniform of the day for `purpose`."""
        return as_share(mix(self._day_key + (purpose + 1) * golden & WORD))

    def gap(self) -> float:
        """Return one less the uniform behind the gap to the next visit, which is the hashed day itself."""
        return 1.0 - as_share(self._day_key)

    def purchase(self) -> float:
        """Return the uniform that decides whether to buy."""
        return self.uniform(Purpose.BUY)

    def redemption(self) -> float:
        """Return the uniform that decides whether to pay by points."""
        return self.uniform(Purpose.REDEMPTION)

    def gammavariate(self, shape: float, scale: float) -> float:
        """Return a gamma draw (Marsaglia and Tsang, 2000); the shape must be at least 1."""
        d = shape - 0.3333333333333333
        c = 1.0 / math.sqrt(9.0 * d)
        attempt = 0
        while True:
            x = normal_quantile(self.uniform(Purpose.BASKET + ATTEMPT_STEP * attempt))
            v = (1.0 + c * x) ** 3 if 1.0 + c * x > 0.0 else 0.0
            if v > 0.0:
                u = self.uniform(Purpose.BASKET_ACCEPTANCE + ATTEMPT_STEP * attempt)
                if u < 1.0 - 0.0331 * x**4 or math.log(u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
                    return d * v * scale
            attempt += 1
