"""What all pictures share, figures with their title, legend and notes, and the margin bridge.

Serves strategists and finance; pictures are PNG files for the README, reports and slides. Matplotlib and seaborn are
loaded only when a picture is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from .bridge import BridgeLine, margin_bridge
from .money import axis_scale
from .picture_style import COLOURS, DOTS, NOTE, TITLE, WIDTH, apply_style, warn_of_missing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOTE_LETTERS, TITLE_LETTERS = 128, 90
"""Letters of a note and of a title that fit into a picture's width."""


def new_figure(
    panels: int, *, height: float, share_rows: bool = True, rows: int = 1, heights: Sequence[float] | None = None
) -> tuple[Figure, list[Axes]]:
    """Return a figure of the house's width with `panels` panels side by side; `height` of one panel in inches.

    With `share_rows` all panels have the same rows. Panels over several `rows`, each of the `height` or of `heights`,
    are given row by row; a place without a panel stays empty.
    """
    apply_style()
    from matplotlib import pyplot as plt

    columns = -(-panels // rows)
    tall = list(heights or [height] * rows)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, sum(tall)), sharey=share_rows, squeeze=False, height_ratios=tall
    )
    for axis in axes.flat[panels:]:
        axis.set_visible(False)
    return figure, list(axes.flat[:panels])


def head(figure: Figure, title: str) -> None:
    """Write the title of a whole picture over its panels; each of its lines over several where it is long."""
    lines = [line for part in title.splitlines() for line in wrap(part, TITLE_LETTERS)]
    figure.text(
        0.01, 1 + 0.06 / figure.get_figheight(), "\n".join(lines), fontsize=TITLE, fontweight="bold",
        verticalalignment="bottom",
    )  # fmt: skip


def save_picture(figure: Figure, path: Path) -> None:
    """Write the figure to `path` as PNG, whole or not at all, and close it.

    Signs that no installed font has are drawn as boxes, and a `MissingSigns` warning says so.
    """
    from matplotlib import pyplot as plt

    warn_of_missing(figure, path.name)
    temporary = path.with_name(f".{path.name}.tmp")
    figure.savefig(temporary, format="png", dpi=DOTS, bbox_inches="tight")
    plt.close(figure)
    temporary.replace(path)


def write_notes(figure: Figure, notes: Sequence[str], *, below: float = 0.1) -> None:
    """Write `notes` under everything that is drawn, each over as many lines as it needs; `below` is inches of room."""
    lines = [line for note in notes for line in wrap(note, NOTE_LETTERS)]
    if lines:
        top = -below / figure.get_figheight()
        figure.text(0.01, top, "\n".join(lines), fontsize=NOTE, verticalalignment="top")


def legend_below(figure: Figure, axis: Axes, *, columns: int, notes: Sequence[str] = ()) -> None:
    """Write the legend of `axis` under everything that is drawn, and the notes under it."""
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.0, 0.0), ncols=columns)
    write_notes(figure, notes, below=0.24 * -(-len(labels) // columns) + 0.2)


def margin_bridge_picture(
    bridges: Mapping[str, Mapping[str, int]], path: Path, currency: str, *, notes: Sequence[str] = ()
) -> None:
    """Draw the margin bridge of each policy (name to totals in cents, as of `bridge_totals`) side by side.

    `notes` stand under the picture, a line each.
    """
    lines = {name: margin_bridge(totals) for name, totals in bridges.items()}
    factor, unit = axis_scale(max(line.amount for steps in lines.values() for line in steps), currency)
    shown = [
        i for i in range(len(next(iter(lines.values())))) if any(s[i].amount or s[i].is_total for s in lines.values())
    ]
    figure, axes = new_figure(len(lines), height=0.42 * len(shown) + 1.3, rows=-(-len(lines) // 2))
    longest = max(line.amount for steps in lines.values() for line in steps) / factor
    for axis, (name, steps) in zip(axes, lines.items(), strict=True):
        _draw_bridge(axis, [steps[i] for i in shown], factor)
        axis.set_title(name)
        axis.set_xlabel(unit)
        axis.set_xlim(0, longest * 1.18)
    axes[0].invert_yaxis()
    figure.tight_layout()
    write_notes(figure, notes)
    save_picture(figure, path)


def _draw_bridge(axis: Axes, steps: list[BridgeLine], factor: float) -> None:
    """Draw the steps from top to bottom: totals from zero, changes from where the last step ended."""
    running = 0.0
    for row, step in enumerate(steps):
        amount = step.amount / factor
        start = 0.0 if step.is_total else running
        running = amount if step.is_total else running + amount
        colour = COLOURS["total" if step.is_total else "up" if amount >= 0 else "down"]
        axis.barh(row, running - start, left=start, color=colour, edgecolor=colour, linewidth=0.8, height=0.68)
        digits = 2 if abs(amount) >= 0.1 else 3
        label = "0" if not step.amount else f"{amount:,.2f}" if step.is_total else f"{amount:+,.{digits}f}"
        axis.annotate(
            label, (max(start, running), row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=NOTE
        )
    axis.set_yticks(range(len(steps)), [step.title for step in steps])
    axis.grid(axis="y", visible=False)
