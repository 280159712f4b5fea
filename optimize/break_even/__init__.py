"""The break-even of the decisive assumption: at which attrition effect a policy's margin turns, and how it is lived."""

from typing import TYPE_CHECKING

from memberlab.policies import lazy_face

if TYPE_CHECKING:
    from .break_even import (
        DECISIVE_ASSUMPTION,
        HIGHEST,
        LOWEST,
        MARGIN,
        TOLERANCE,
        VALUES_SHOWN,
        BreakEven,
        Crossing,
        MarginUplift,
        Pays,
        find_break_even,
        own_value,
        own_value_told,
        values_shown,
    )
    from .margin_runs import arms_at_values_shown, break_evens
    from .rows import BREAK_EVEN_COLUMNS, MARGIN_COLUMNS, break_even_rows, margin_rows
else:
    lazy_face(__name__)

__all__ = [
    "BREAK_EVEN_COLUMNS",
    "DECISIVE_ASSUMPTION",
    "HIGHEST",
    "LOWEST",
    "MARGIN",
    "MARGIN_COLUMNS",
    "TOLERANCE",
    "VALUES_SHOWN",
    "BreakEven",
    "Crossing",
    "MarginUplift",
    "Pays",
    "arms_at_values_shown",
    "break_even_rows",
    "break_evens",
    "find_break_even",
    "margin_rows",
    "own_value",
    "own_value_told",
    "values_shown",
]
