"""The points of a front over two aims as a small picture; the table beside it says the same in figures.

Serves the front panel. Plain SVG, which follows light and dark by the page's own colours and needs no script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from memberlab.results import KPIS, written_difference

from .fronts import Front, FrontPoint

WIDTH, HEIGHT = 460, 250
LEFT, RIGHT, TOP, BOTTOM = 86, 446, 16, 200
"""Edges of the plane, in the picture's own units."""

MARGIN = 0.12
"""Part of each axis that is left free at its ends, so that no point stands on an edge."""


def front_picture(front: Front) -> str:
    """Return the points over the first two aims as an SVG picture, the incumbent at nought on both."""
    x, y = (front.aims * 2)[:2]
    across = _scale([one.differences[x] for one in front.points], LEFT, RIGHT)
    up = _scale([one.differences[y] for one in front.points], BOTTOM, TOP)
    nought = (
        f'<path class="nought" fill="none" d="M{across(0):.1f} {TOP}V{BOTTOM}M{LEFT} {up(0):.1f}H{RIGHT}"/>'
        f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>'
    )
    spots = [(across(one.differences[x]), up(one.differences[y]), one) for one in front.points]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{nought}'
        f"{_ticks(front, x, across, is_across=True)}{_ticks(front, y, up, is_across=False)}"
        f'<text x="{RIGHT}" y="{HEIGHT - 12}" text-anchor="end">{escape(KPIS[x].title)}, difference</text>'
        f'<text text-anchor="end" transform="rotate(-90 12 {TOP}) translate(12 {TOP})">{escape(KPIS[y].title)}</text>'
        f"{''.join(_spot(a, b, one) for a, b, one in spots)}</svg>"
    )


def _spot(a: float, b: float, point: FrontPoint) -> str:
    """Return a point and the end of its name, on the side where there is room."""
    is_today = point.role == "incumbent"
    look = f"point{' on' if point.is_on_front else ''}{' today' if is_today else ''}"
    name = "today" if is_today else point.policy.name.rpartition("-")[2]
    place = f'x="{a + 9:.1f}"' if a < RIGHT - 60 else f'x="{a - 9:.1f}" text-anchor="end"'
    return (
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="5" class="{look}"/>'
        f'<text class="who" {place} y="{b - 6:.1f}">{escape(name)}</text>'
    )


def _ticks(front: Front, aim: str, place: Callable[[float], float], *, is_across: bool) -> str:
    """Return the lowest and the highest difference at their places on an axis."""
    values = [one.differences[aim] for one in front.points]
    told = ""
    for value in sorted({min(values), max(values)}):
        at = f'x="{place(value):.1f}" y="{BOTTOM + 16}" text-anchor="middle"'
        if not is_across:
            at = f'x="{LEFT - 6}" y="{place(value) + 4:.1f}" text-anchor="end"'
        told += f"<text {at}>{escape(written_difference(KPIS[aim], value))}</text>"
    return told


def _scale(values: Sequence[float], start: float, end: float) -> Callable[[float], float]:
    """Return where a value stands between `start` and `end`; nought is always within."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    first, last = start + MARGIN * (end - start), end - MARGIN * (end - start)
    return lambda value: first + (last - first) * (0.5 if high == low else (value - low) / span)
