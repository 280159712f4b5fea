"""Instant refund: the money for returned goods is paid when the return is announced, before they are back and checked.

Serves the member who need not wait for it; how long the others wait is the scenario's, `returns.refund_days`.
"""

from __future__ import annotations

from .entitlement import Entitlement


class InstantRefund(Entitlement):
    """Returned goods are refunded when the return is announced; some of them never come back, or worthless.

    What counts are the tier and the membership on the day of the return.
    """
