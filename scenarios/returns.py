"""Returns of goods: how many orders come back, when, and what the shop recovers."""

from __future__ import annotations

from typing import Annotated

from memberlab.policies import CountNotation, Money, Percent, Section


class Returns(Section):
    """Orders that come back. GMV counts them; refunds stand between GMV and net revenue."""

    share: Percent
    """Share of orders that are returned. In code: basis points."""
    days: Annotated[int, CountNotation("days", minimum=1, maximum=120)] = 14
    """Days after an order within which a return comes, each as likely as the others."""
    padded: Percent = 800
    """How much larger the share is for orders padded to reach free delivery; 8 % of what was added comes back
    (behaviour reference, fact 36). In code: basis points."""
    resale: Percent = 10_000
    """Part of the cost of returned goods that the shop recovers. In code: basis points."""
    handling: Money = 0
    """The shop's cost of a return. In code: cents."""
    refund_days: Annotated[int, CountNotation("days", maximum=60)] = 0
    """Days from sending goods back until the shopper has the money. They change how much an instant refund pleases, and
    nothing in the books: every refund is booked on the day of the return, when it is owed."""
