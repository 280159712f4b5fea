"""The figures of the search benchmark on the terminal and as docs/search-quality.md.

Serves search_quality.py; the text around the tables is written here and nowhere else.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from rich.table import Table

OURS = "ours"
TITLES = ("method", "policies told", "true hypervolume", "ours less this one", "curse", "covered", "infeasible")

PAGE = """# How well the search finds, and how honestly it tells

This page is written by `{command}`; do not edit it. Figures follow from seeds alone.

The methods search a *programme on paper* (`benchmarks/paper_programme.py`): eleven levers, {size:,} policies, four
segments of shoppers whose expectations stand for their chances, so the truth of every policy is known. A replication
adds noise as a simulation has it: {shared:.0%} of the deviation is shared by all policies under one seed. Objectives
are GMV, retention and margin; benefit cost must stay below 7.5 % of GMV and the top tier below 15 % of the active,
which one policy in ten does. The reference front has {front} policies, found without noise.

A *budget* is a number of simulations (policy x replication), and all of it counts: ours spends two thirds on the
search, a fifth on the race, the rest on seeds held out; the others spend all on searching and report the feasible front
of what they saw with its own means.

- **True hypervolume**: the part of the reference front's hypervolume that the reported policies truly have, those that
  truly break a limit left out. Mean over seeds and its standard error.
- **Ours less this one**: mean of the differences by seed, with two standard errors; bold where they exclude zero.
- **Curse**: hypervolume as reported less the true one. What is above zero is luck that was taken for merit.
- **Covered**: share of reported objectives whose 95 % interval holds the truth.
- **Infeasible**: share of reported policies that truly break a limit.

{tables}
"""


def summary(runs: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows of a table over the seeds of one budget, ours first."""
    ours = runs[runs["method"] == OURS].set_index("seed")["true"]
    rows = []
    for name, own in runs.groupby("method", sort=False):
        count = len(own)
        leads = ours - own.set_index("seed")["true"]
        two = 2 * float(leads.std(ddof=1)) / np.sqrt(count) if count > 1 else float("nan")
        lead = "" if name == OURS else f"{leads.mean():+.3f} ± {two:.3f}"
        if lead and abs(leads.mean()) > two:
            lead = f"**{lead}**"
        error = own["true"].std(ddof=1) / np.sqrt(count) if count > 1 else float("nan")
        covered = own["covered"].mean()
        told = float(own["policies"].sum())
        infeasible = float((own["infeasible"] * own["policies"]).sum()) / told if told else 0.0
        rows.append((
            str(name), f"{own['policies'].mean():.1f}", f"{own['true'].mean():.3f} ± {error:.3f}", lead,
            f"{(own['told'] - own['true']).mean():+.3f}", "-" if np.isnan(covered) else f"{covered:.1%}",
            f"{infeasible:.1%}",
        ))  # fmt: skip
    return rows


def table(runs: pd.DataFrame) -> Table:
    """Return the table of one budget for the terminal."""
    budget, seeds = int(runs["budget"].iloc[0]), runs["seed"].nunique()
    shown = Table(title=f"{budget:,} simulations, {seeds} seeds", title_justify="left", title_style="bold")
    for number, title in enumerate(TITLES):
        shown.add_column(title, justify="right" if number else "left")
    for row in summary(runs):
        shown.add_row(*(cell.replace("**", "") for cell in row))
    return shown


def page(runs: pd.DataFrame, front: int, command: str) -> str:
    """Return the page in Markdown."""
    from paper_programme import SHARED, SPACE

    parts = []
    for budget, own in runs.groupby("budget"):
        seeds = own["seed"].nunique()
        lines = [f"## {int(str(budget)):,} simulations, {seeds} seeds", "", f"| {' | '.join(TITLES)} |"]
        lines += [f"|{' --- |' * len(TITLES)}", *(f"| {' | '.join(row)} |" for row in summary(own))]
        parts.append("\n".join(lines))
    return PAGE.format(command=command, size=SPACE.size, shared=SHARED, front=front, tables="\n\n".join(parts))

def picture(runs, path): pass
