"""Late entry: when those shoppers come for the first time who are not there from the start.

Serves the population. How many they are is the scenario's matter (`population.established`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from memberlab.policies import NumberNotation, Section, fault

DECILES = 11

Moment = Annotated[float, NumberNotation(minimum=0, maximum=1, unit="share of the horizon")]


class Entry(Section):
    """First orders of those who come within the horizon; left out, they are spread evenly."""

    quantiles: Annotated[tuple[Moment, ...], Field(strict=False)]
    """Moments by which no, every tenth, two in ten ... and all of them have come, as shares of the horizon: 11 numbers
    from 0 to 1, none below the one before."""

    @field_validator("quantiles")
    @classmethod
    def _are_deciles(cls, quantiles: tuple[float, ...]) -> tuple[float, ...]:
        if len(quantiles) != DECILES:
            raise fault(f"{len(quantiles)} numbers; write {DECILES}, for 0 %, 10 % ... 100 % of those who come late")
        for place in range(1, DECILES):
            if quantiles[place] < quantiles[place - 1]:
                below = f"number {place + 1}, {quantiles[place]:g}, is below the one before, {quantiles[place - 1]:g}"
                raise fault(f"{below}; write moments from the earliest to the latest")
        return quantiles
