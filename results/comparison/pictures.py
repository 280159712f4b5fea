"""Pictures of a comparison: retention curves, tier flows and uplift by decile, each for one scenario.

Serves strategists; drawn from the tables alone, in the house style.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..kpis import KPIS
from ..money import axis_scale
from ..picture_style import COLOURS, DARKER, FACE, NOTE, Series, series
from ..pictures import new_figure, save_picture, write_notes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLAIN = COLOURS["total"]
TODAY = Series(PLAIN, "o", "-")


def retention_picture(table: pd.DataFrame, path: Path) -> None:
    """Draw the share of earlier buyers that orders in each month for all policies, and under it each difference with
    its 95 % interval; `table` is one scenario's part of `retention`.
    """
    shown = table[table["curve"] == "ordering"]
    policies = list(dict.fromkeys(shown["policy"]))
    figure, (left, right) = new_figure(2, height=4.4, share_rows=False)
    for place, policy in enumerate(policies):
        own = shown[shown["policy"] == policy]
        look = series(place - 1) if place else TODAY
        left.plot(own["month"], own["value"] * 100, color=look.colour, label=policy, marker=look.marker,
                  linestyle=look.line)  # fmt: skip
        if place:
            right.plot(own["month"], own["difference"] * 100, color=look.colour, marker=look.marker,
                       linestyle=look.line)  # fmt: skip
            right.fill_between(own["month"], own["low"] * 100, own["high"] * 100, color=look.colour, alpha=0.18)
    left.set_ylim(0)
    left.set_ylabel("% that orders in the month")
    right.set_ylabel(f"percentage points against {policies[0]}")
    right.axhline(0, color=PLAIN, linewidth=1)
    for axis, title in ((left, "Who orders again"), (right, "Difference, 95 % interval of each month")):
        axis.set_xlabel("month since launch")
        axis.set_title(title)
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    figure.tight_layout()
    scenario, count = shown["scenario"].iloc[0], shown["shoppers"].iloc[0]
    write_notes(figure, [f"{scenario}: {count:,.0f} shoppers who had bought in the year before launch, the same ones "
                         "under every policy."])  # fmt: skip
    save_picture(figure, path)


def tier_flow_picture(table: pd.DataFrame, path: Path) -> None:
    """Draw for each policy how many shoppers went from which tier at launch to which at the end; colour is the share of
    the tier at launch. `table` is one scenario's part of `tier_flows`; policies without tiers are left out, and where
    none has any nothing is drawn.
    """
    import seaborn as sns

    tiers = table.groupby("policy", sort=False)["closing_tier"].nunique()
    policies = list(tiers[tiers > 1].index)
    if not policies:
        return
    table = table[table["policy"].isin(policies)]
    opening = list(dict.fromkeys(table["opening_tier"]))
    figure, axes = new_figure(len(policies), height=0.62 * len(opening) + 1.7, rows=-(-len(policies) // 2))
    for axis, policy in zip(axes, policies, strict=True):
        own = table[table["policy"] == policy]
        closing = list(dict.fromkeys(own["closing_tier"]))
        grid = own.pivot_table(index="opening_tier", columns="closing_tier", values=["share", "shoppers"], sort=False)
        shares = grid["share"].reindex(index=opening, columns=closing).fillna(0)
        counts = grid["shoppers"].reindex(index=opening, columns=closing).fillna(0)
        labels = counts.map(lambda count: "" if not count else f"{count:,.0f}" if count >= 1 else "< 1")
        sns.heatmap(shares, ax=axis, annot=labels, fmt="", cmap=DARKER, vmin=0, vmax=1, cbar=False, linewidths=1,
                    annot_kws={"fontsize": NOTE})  # fmt: skip
        axis.set_title(policy)
        axis.set_xlabel("tier at the end")
        axis.set_ylabel("tier at launch" if axis in axes[::2] else "")
        axis.tick_params(axis="y", rotation=0)
        axis.tick_params(axis="x", rotation=25)
    figure.tight_layout()
    write_notes(figure, [f"{table['scenario'].iloc[0]}: shoppers, mean of replications; the darker, the larger the "
                         "share of the tier at launch."])  # fmt: skip
    save_picture(figure, path)


def decile_picture(table: pd.DataFrame, path: Path, currency: str) -> None:
    """Draw what each decile of prior spend adds or loses a shopper in GMV and margin, with 95 % intervals; `table` is
    one scenario's part of `by_decile`.
    """
    policies, cells = (list(dict.fromkeys(table[name])) for name in ("policy", "decile"))
    figure, axes = new_figure(2, height=4.6, share_rows=False)
    for axis, kpi in zip(axes, ("gmv", "margin"), strict=True):
        shown = table[table["kpi"] == kpi]
        factor, unit = axis_scale(float(shown["difference_each"].abs().max()), currency)
        for place, policy in enumerate(policies):
            own = shown[shown["policy"] == policy].set_index("decile")
            spread = 0.8 * ((place + 0.5) / len(policies) - 0.5)
            _draw_points(axis, own, [cells.index(cell) + spread for cell in own.index], factor, series(place), policy)
        axis.axhline(0, color=PLAIN, linewidth=1)
        axis.set_xticks(range(len(cells)), [textwrap.fill(cell, 8) for cell in cells], fontsize=NOTE)
        axis.set_ylabel(f"{unit} a shopper")
        axis.set_xlabel("decile of spend in the year before launch, 10 spent most")
        axis.set_title(KPIS[kpi].title)
        axis.grid(axis="x", visible=False)
    axes[0].legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    figure.tight_layout()
    write_notes(figure, [f"{table['scenario'].iloc[0]}: difference from the first policy, paired by shopper. Filled: "
                         "survives the simultaneous intervals of the whole breakdown."])  # fmt: skip
    save_picture(figure, path)


def _draw_points(axis: Axes, own: pd.DataFrame, x: list[float], factor: float, look: Series, label: str) -> None:
    """Draw the differences a shopper with their intervals; open where zero is not excluded."""
    shoppers = own["shoppers"].to_numpy()
    middle = own["difference_each"].to_numpy() / factor
    half = np.nan_to_num((own["high"] - own["low"]).to_numpy() / 2 / shoppers / factor)
    certain = ((own["simultaneous_low"] > 0) | (own["simultaneous_high"] < 0)).to_numpy()
    axis.errorbar(x, middle, yerr=half, fmt="none", ecolor=look.colour, elinewidth=1.4, capsize=2)
    faces = [look.colour if one else FACE for one in certain]
    axis.scatter(x, middle, s=34, marker=look.marker, facecolors=faces, edgecolors=[look.colour] * len(x), zorder=3,
                 label=label)  # fmt: skip
