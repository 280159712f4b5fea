"""Breakage estimators held against what the lots really did: chain-ladder and survival, each with an interval.

Serves whoever has to defend an expected redemption rate. (In preparation.)
"""

from __future__ import annotations

import pandas as pd

from .catalogue import STATEMENTS


def breakage(triangle: pd.DataFrame) -> pd.DataFrame:
    """Return an empty score for now."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in STATEMENTS["breakage"].columns})
