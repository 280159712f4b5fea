"""The rival: another shop that launches a programme of its own."""

from __future__ import annotations

from typing import Annotated

from memberlab.policies import CountNotation, Percent, Section

from .shocks import HorizonMonth


class Rival(Section):
    """A rival programme that some of the shoppers join in time."""

    launch_month: HorizonMonth
    """Month of the launch; 1 = the first month of the horizon."""
    adoption: Percent
    """Share of shoppers who will have joined in the end. In code: basis points."""
    ramp_months: Annotated[int, CountNotation("months", maximum=120)] = 0
    """Months from the launch until all of them have joined; 0 = at once."""
    reaction: Percent = 0
    """Share of what our programme gives back that the rival matches for those who have joined; 50 % and 100 % are worth
    a look. In code: basis points."""
    reaction_days: Annotated[int, CountNotation("days", maximum=3_650)] = 90
    """Days from our launch until it does."""
