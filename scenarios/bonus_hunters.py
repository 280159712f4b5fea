"""Bonus-hunters: shoppers who look for what a programme can be made to pay, each way with a size of its own.

Serves the scenario. Who hunts is a lifelong draw, the same under every policy; what it costs depends on the policy's
caps, its claw-back and the return window.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from memberlab.policies import CountNotation, Percent, PercentNotation, Section, fault


class BonusHunters(Section):
    """A share of shoppers who split orders, return goods after a bonus, and farm reviews; leave out what they do not
    do.
    """

    share: Annotated[int, PercentNotation(minimum=1)]
    """Share of shoppers who hunt. In code: basis points."""
    split_into: Annotated[int, CountNotation("orders", minimum=2, maximum=10)] | None = None
    """Orders into which one is split where each order is rewarded and splitting costs no more in delivery."""
    returns: Percent = 0
    """Share of the orders that have taken them over a tier's threshold, or earned a campaign's points, which they send
    back as soon as the reward is theirs, if the return window still lets them. In code: basis points."""
    farming: Annotated[int, CountNotation("times", minimum=2, maximum=100)] | None = None
    """Times that they check in at a visit, and review and share an order, where others do so once at most."""

    @model_validator(mode="after")
    def _do_something(self) -> BonusHunters:
        if self.split_into is None and self.returns == 0 and self.farming is None:
            raise fault("nothing is hunted; write split_into: 3, returns: 50 % or farming: 5")
        return self
