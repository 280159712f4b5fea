"""Points for what is no order: checking in, reviewing, sharing, completing the profile.

Serves the points currency. What each activity issues stands on its own line of the ledger. Referral is a family of its
own and credits its points the same way.
"""

from __future__ import annotations

from typing import Annotated

from .model import Section
from .number import CountNotation

Award = Annotated[int, CountNotation("points", minimum=1, maximum=1_000_000)]
"""Points for doing something once."""


class Activities(Section):
    """Points for activities that are no orders."""

    check_in: Award | None = None
    """Points for checking in at a visit, once a day."""
    review: Award | None = None
    """Points for reviewing an order; counted on the day of the order."""
    share: Award | None = None
    """Points for sharing an order with friends; counted on the day of the order."""
    profile: Award | None = None
    """Points for completing the profile, once in a life."""
    expire_after_days: Annotated[int, CountNotation("days", minimum=1, maximum=730)] | None = None
    """Days for which points of activities live; left out, they live as others do."""
