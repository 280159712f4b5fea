"""The rows of a table, one after the other, with their columns as attributes.

Serves statements that walk through a table; pandas cannot tell a type checker what a row holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Give each row of a table as a named tuple without its index."""
    yield from table.itertuples(index=False)
