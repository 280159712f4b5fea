"""Pictures of a run: one style for all of them, and the margin bridge.

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

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"total": "#33475b", "up": "#0173b2", "down": "#de8f05"}
"""Colours that stay apart for colour-blind readers (seaborn's colorblind palette)."""


def new_figure(
    panels: int, *, height: float, width: float = 7.0, share_rows: bool = True, rows: int = 1
) -> tuple[Figure, list[Axes]]:
    """Return a figure with `panels` panels side by side in the house style; sizes in inches, `width` of one panel.

    With `share_rows` all panels have the same rows. Panels over several `rows`, each of the `height`, are given row by
    row.
    """
    import matplotlib as mpl
    import seaborn as sns

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    sns.set_theme(context="notebook", style="whitegrid", font_scale=0.9)
    columns = -(-panels // rows)
    size = (width * columns, height * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, sharey=share_rows, squeeze=False)
    return figure, list(axes.flat)


def save_picture(figure: Figure, path: Path) -> None:
    """Write the figure to `path` as PNG, whole or not at all, and close it."""
    from matplotlib import pyplot as plt

    temporary = path.with_name(f".{path.name}.tmp")
    figure.savefig(temporary, format="png", dpi=150, bbox_inches="tight")
    plt.close(figure)
    temporary.replace(path)


def write_notes(figure: Figure, notes: Sequence[str], *, width: int | None = None) -> None:
    """Write `notes` under everything that is drawn, a line each; with `width` longer ones go over several lines of so
    many characters.
    """
    lines = [line for note in notes for line in ([note] if width is None else wrap(note, width))]
    if lines:
        figure.text(0.01, -0.01, "\n".join(lines), fontsize=9, verticalalignment="top")


def legend_below(figure: Figure, axis: Axes, *, columns: int, notes: Sequence[str] = (), width: int = 130) -> None:
    """Write the legend of `axis` under everything that is drawn, and the notes under it, wrapped at `width`."""
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.0, 0.0), ncols=columns, frameon=False, fontsize=9
    )  # fmt: skip
    inches = 0.26 * -(-len(labels) // columns) + 0.15
    lines = [line for note in notes for line in wrap(note, width)]
    if lines:
        top = -inches / figure.get_figheight()
        figure.text(0.01, top, "\n".join(lines), fontsize=9, verticalalignment="top")


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
    figure, axes = new_figure(len(lines), height=0.42 * len(shown) + 1.3)
    longest = max(line.amount for steps in lines.values() for line in steps) / factor
    for axis, (name, steps) in zip(axes, lines.items(), strict=True):
        _draw_bridge(axis, [steps[i] for i in shown], factor)
        axis.set_title(name, loc="left", fontweight="bold")
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
        axis.barh(row, running - start, left=start, color=colour, height=0.68)
        digits = 2 if abs(amount) >= 0.1 else 3
        label = "0" if not step.amount else f"{amount:,.2f}" if step.is_total else f"{amount:+,.{digits}f}"
        axis.annotate(
            label, (max(start, running), row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9
        )
    axis.set_yticks(range(len(steps)), [step.title for step in steps])
    axis.grid(axis="y", visible=False)
