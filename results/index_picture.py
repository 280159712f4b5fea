"""The picture of a global sensitivity: how far each factor moves the difference between two policies, beside chance.

Serves the strategist. What does not reach beyond the grey band is not told apart from other random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from .picture_style import BAND, COLOURS, QUIET
from .pictures import head, new_figure, save_picture, write_notes

LABEL_LETTERS = 36
"""Letters under one of two panels."""


@dataclass(frozen=True, slots=True)
class IndexBar:
    """A factor or group: its index with its 95 % interval, whether that stands above chance, and a second figure."""

    name: str
    index: float
    low: float
    high: float
    is_above_chance: bool
    second: float


def index_picture(
    bars: Sequence[IndexBar], chance: IndexBar, path: Path, title: str, labels: tuple[str, str], *,
    notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw `bars`, largest on top, with the reach of `chance` as a band; `labels` name index and second figure."""
    figure, (left, right) = new_figure(2, height=0.36 * len(bars) + 1.9)
    rows = range(len(bars))
    colours = [COLOURS["up"] if bar.is_above_chance else QUIET for bar in bars]
    left.axvspan(0, max(chance.high, 0.0), color=BAND, zorder=0, label="reach of chance alone")
    left.barh(rows, [bar.index for bar in bars], color=colours, height=0.62)
    errors = [[max(0.0, bar.index - max(bar.low, 0.0)) for bar in bars], [bar.high - bar.index for bar in bars]]
    left.errorbar([bar.index for bar in bars], list(rows), xerr=errors, fmt="none", ecolor=COLOURS["total"], capsize=3)
    right.barh(rows, [bar.second for bar in bars], color=colours, height=0.62)
    for axis, label in zip((left, right), labels, strict=True):
        axis.set_xlabel(fill(label, LABEL_LETTERS))
        axis.set_xlim(left=0)
        axis.grid(axis="y", visible=False)
    if not any(bar.second for bar in bars):
        right.set_xlim(0, 1)
    left.set_yticks(list(rows), [bar.name for bar in bars])
    left.invert_yaxis()
    left.legend(loc="lower right")
    head(figure, title)
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)
