"""How like a friend is to whoever referred them: traits of newcomers, drawn anew on the evening of their referral.

Serves the evening. Who will refer a shopper of the reserve is known only then. Normal scores of the purchase rate, the
basket, the dropout rate and the readiness to use points are mixed with those of the referrer by a Gaussian copula
(behaviour reference, 2.9); a referrer who was referred has scores so mixed. The shopper's own scores are the keyed
draws of a life, so a friend of the same referrer is the same person in every arm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import Population, Scenario

from .arrivals import set_traits
from .compiled import kernel
from .dropout import lifetimes
from .keyed_random import TRAITS_DAY, Purpose, day_key, shopper_key, uniform


class Likeness:
    """The traits of the shoppers of one region, as far as friends take after each other."""

    def __init__(
        self, scenario: Scenario, population: Population, behaviour: NDArray[np.void], hashed_seed: np.uint64,
        first_shopper: int,
    ) -> None:  # fmt: skip
        """Remember from what the shoppers from number `first_shopper` on were drawn."""
        self._scenario, self._population, self._behaviour = scenario, population, behaviour
        self._hashed_seed, self._first = hashed_seed, first_shopper
        self._correlation = float(behaviour["referred_likeness"][0])

    def take_after(
        self, shoppers: NDArray[np.void], cards: NDArray[np.void], places: NDArray[np.int64],
        referrers: NDArray[np.int64],
    ) -> None:  # fmt: skip
        """Draw the traits of newcomers anew who are referred today.

        `places` are theirs in the region, and `referrers` those of who refers them, both of one length.
        """
        if self._correlation == 0.0 or len(places) == 0:
            return

        def scores(purpose: Purpose) -> NDArray[np.float64]:
            return self._mixed(self._own(places, purpose), self._scores(cards, referrers, purpose))

        newcomers = shoppers[places]
        set_traits(newcomers, self._scenario, self._population, self._behaviour, scores)
        exponential = -np.log(_lifelong(self._hashed_seed, places + self._first, int(Purpose.LIFETIME)))
        ranks = np.asarray(special.ndtr(scores(Purpose.DROPOUT_RATE)))
        newcomers["lifetime_left"] = lifetimes(self._population, exponential, ranks)
        shoppers[places] = newcomers

    def _scores(
        self, cards: NDArray[np.void], places: NDArray[np.int64], purpose: Purpose
    ) -> NDArray[np.float64]:  # fmt: skip
        """Return the scores of shoppers who have been here: mixed with the referrer's, if there was one."""
        scores = self._own(places, purpose)
        referrers = cards["referrer"][places].astype(np.int64) - 1 - self._first
        was_referred = referrers + self._first >= 0
        if was_referred.any():
            inherited = self._scores(cards, referrers[was_referred], purpose)
            scores[was_referred] = self._mixed(scores[was_referred], inherited)
        return scores

    def _mixed(self, own: NDArray[np.float64], inherited: NDArray[np.float64]) -> NDArray[np.float64]:
        rho = self._correlation
        return np.asarray(rho * inherited + np.sqrt(1 - rho * rho) * own)

    def _own(self, places: NDArray[np.int64], purpose: Purpose) -> NDArray[np.float64]:
        return np.asarray(special.ndtri(_lifelong(self._hashed_seed, places + self._first, int(purpose))))


@kernel
def _lifelong(hashed_seed: np.uint64, numbers: NDArray[np.int64], purpose: int) -> NDArray[np.float64]:
    """Return the lifelong uniforms of shoppers by number (shape of `numbers`)."""
    draws = np.empty(numbers.shape[0])
    for i in range(numbers.shape[0]):
        draws[i] = uniform(day_key(shopper_key(hashed_seed, numbers[i]), TRAITS_DAY), purpose)
    return draws
