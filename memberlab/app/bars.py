"""Small charts as plain HTML: a bar for today and one for the variant on each line, with the amounts in words beside.

Serves the figures panel. They follow light and dark by the page's own colours, need no script, and a screen reader
reads them as lines of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class PairOfBars:
    """One line: cents today and under the variant, and the amount to show at its end."""

    name: str
    today: float
    variant: float
    told: str
    """What the end of the line says."""
    spoken: str
    """The same for those who hear it: both amounts."""
    is_total: bool = False


def bars(rows: Sequence[PairOfBars]) -> str:
    """Return the chart as HTML, all bars on one scale around zero."""
    low = min(0.0, *(min(row.today, row.variant) for row in rows)) if rows else 0.0
    high = max(0.0, *(max(row.today, row.variant) for row in rows)) if rows else 0.0
    span = (high - low) or 1.0
    zero = -low / span * 100
    lines = [
        '<div class="key"><span><i class="today"></i>Today</span><span><i class="variant"></i>Variant</span>'
        '<span>At the end: the difference</span></div><div class="bars" role="list">'
    ]
    for row in rows:
        total = " total" if row.is_total else ""
        drawn = "".join(
            _bar(kind, value, span, zero) for kind, value in (("today", row.today), ("variant", row.variant))
        )
        lines.append(
            f'<div class="name{total}" role="listitem">{escape(row.name)}'
            f'<span class="sr">: {escape(row.spoken)}</span></div>'
            f'<div class="track" aria-hidden="true"><span class="zero" style="left:{zero:.2f}%"></span>{drawn}</div>'
            f'<div class="amount{total}" aria-hidden="true">{escape(row.told)}</div>'
        )
    return "".join(lines) + "</div>"


def _bar(kind: str, value: float, span: float, zero: float) -> str:
    width = abs(value) / span * 100
    left = zero if value >= 0 else zero - width
    return f'<span class="bar {kind}" style="left:{left:.2f}%;width:{width:.2f}%"></span>'
