"""What is worth knowing of a sound log: noticed by the import, told in the data report, and no reason to refuse.

Serves whoever will trust a fit to the log. Each observation is a function of the database that returns notices.
"""

from __future__ import annotations

from collections.abc import Callable

from .customer_observations import shared_cards, short_windows, wholesale
from .database import LogDatabase
from .manifest import LogManifest
from .notices import Notice, Window
from .sales_observations import (
    anonymous_sales,
    days_without_sales,
    negative_sales,
    returns,
    returns_without_a_sale,
)
from .table_observations import late_redemptions, receipts_that_lines_miss, strangers

Observation = Callable[[LogDatabase, LogManifest, Window], list[Notice]]

OBSERVATIONS: tuple[Observation, ...] = (
    anonymous_sales,
    returns,
    returns_without_a_sale,
    negative_sales,
    days_without_sales,
    shared_cards,
    short_windows,
    wholesale,
    receipts_that_lines_miss,
    strangers,
    late_redemptions,
)
"""Every observation, in the order of the data report."""


def observe(database: LogDatabase, manifest: LogManifest, window: Window) -> list[Notice]:
    """Return everything that is worth knowing of the log."""
    return [notice for observation in OBSERVATIONS for notice in observation(database, manifest, window)]
