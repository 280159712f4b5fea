"""Regulation: what the law of this world forbids a programme to do, from a day on, whatever its policy says.

Serves the scenario. The model of a ban on expiry is Ontario's, where points must not go by the passage of time alone
(Consumer Protection Act, amended 2016, in force since 2018) while expiry by inactivity stays allowed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from memberlab.policies import CountNotation, Day, Section, fault


class Regulation(Section):
    """What is forbidden; the world obeys it, and a policy that promises otherwise does not get its way."""

    since: Day
    """First day on which it holds; may lie before the world begins."""
    points_expiry: Literal["allowed", "forbidden", "by_inactivity_only"] = "allowed"
    """Whether points may expire: not at all, or only after a time without activity."""
    shortest_life_months: Annotated[int, CountNotation("months", minimum=1, maximum=24)] | None = None
    """Months that points must live at least, where the policy tells their life in months or days."""

    @model_validator(mode="after")
    def _rules_something(self) -> Regulation:
        if self.points_expiry == "allowed" and self.shortest_life_months is None:
            raise fault("nothing is regulated; write points_expiry: forbidden, or shortest_life_months: 12")
        if self.points_expiry == "forbidden" and self.shortest_life_months is not None:
            raise fault("points that must not expire have no shortest life; leave shortest_life_months out")
        return self
