"""The soft landing: which terms a demoted member has while part of the old benefits is kept.

Serves the drivers, which look up a shopper's terms. The terms of soft landings stand behind those of the ledger states,
two for each fall from one tier to another: without and with paid membership.
"""

from __future__ import annotations

import numpy as np

from .card import Card
from .compiled import rule
from .programme_table import Programme
from .shopper import ENROLLED, MEMBER, STATES, Shopper


@rule
def terms_of(s: Shopper, c: Card, p: Programme, state: np.uint64) -> np.uint64:
    """Return the place of the shopper's terms: that of the ledger `state`, or of the fall that is softened."""
    if p.landing_months == 0 or c.fallen_from <= s.tier or s.status & ENROLLED == 0:
        return state
    fall = c.fallen_from * (c.fallen_from - 1) // 2 + s.tier
    return np.uint64(STATES + 2 * fall + (1 if s.status & MEMBER else 0))
