"""Tables of `memberlab check` for the terminal: what moved, what fails, what stays open, and how to try it again.

Serves whoever runs a check at the desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from memberlab.optimize import Checked, PairedCell

STYLES = {"PASS": "green", "FAIL": "bold red", "INCONCLUSIVE": "yellow"}


def show_check(checked: Checked, options: str, *, populations: bool) -> None:
    """Print everything a reader needs to act; with `populations` every population of each cell."""
    from memberlab.optimize import correlation_warning, replays, verdict_line

    from .tables import console

    screen = console()
    for policy, told in checked.differences.items():
        screen.print(f"{policy} differs from the baseline:", highlight=False)
        for line in told:
            screen.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    if checked.digests and checked.tier == "digest":
        screen.print(digest_table(checked))
    if checked.paired:
        still = sum(not one.has_moved for one in checked.paired)
        if still < len(checked.paired):
            screen.print(paired_table(checked))
        if still:
            screen.print(f"{still} of {len(checked.paired)} figures have not moved in any population.")
        if populations:
            for cell in checked.paired:
                if cell.has_moved:
                    screen.print(f"[bold]{escape(cell.name)}, population by population[/]")
                    screen.print(population_table(cell))
    if checked.claims:
        screen.print(claims_table(checked))
    for one in checked.broken:
        screen.verdict(f"[bold red]broken[/] {escape(one.name)}, population {one.replication}: {escape(one.fault)}")
    for name in checked.missing:
        screen.print(f'{name} is not in the baseline; `memberlab baseline accept --reason "..."` takes it in',
                     markup=False, highlight=False, soft_wrap=True)  # fmt: skip
    for notice in checked.notices:
        screen.print(f"notice: {notice}", markup=False, highlight=False, soft_wrap=True)
    if (warning := correlation_warning(checked)) is not None:
        screen.print(f"warning: {warning}", markup=False, highlight=False, soft_wrap=True, style="yellow")
    commands = dict(replays(checked, options))
    if commands and not populations:
        screen.print("Try one again:")
        for command in commands.values():
            screen.print(f"  {command}", markup=False, highlight=False, soft_wrap=True)
    style = {0: "green", 3: "yellow"}.get(int(checked.exit), "bold red")
    screen.verdict(verdict_line(checked), style=style, markup=False, highlight=False, soft_wrap=True)


def paired_table(checked: Checked) -> Table:
    """Return every figure that has moved."""
    from memberlab.optimize import correlation_told, now_of, shift_of
    from memberlab.results import KPIS, written

    plan = checked.plan
    title = (
        f"Against the baseline, {plan.worlds[0].scenario.currency}; intervals miss an end with "
        f"{plan.budget.level:.2g} ({plan.checks.false_alarms / 100:g} % a run over {plan.cells} cells and "
        f"{len(plan.looks)} looks)"
    )
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True)
    for column in ("Policy", "Scenario", "KPI"):
        table.add_column(column)
    for column in ("Baseline", "Now", "Shift\n[interval]", "Margin", "Popu-\nlations", "Corre-\nlation"):
        table.add_column(escape(column), justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    for cell in checked.paired:
        if not cell.has_moved:
            continue
        kpi, decision = KPIS[cell.kpi], cell.decision
        shift = escape(shift_of(cell).replace(" [", "\n[", 1))
        table.add_row(
            cell.policy, cell.world, kpi.title, written(cell.before, kpi.unit), written(now_of(cell), kpi.unit),
            shift, f"± {cell.tolerance}", "-" if decision is None else str(decision.replications),
            correlation_told(None if decision is None else decision.correlation),
            f"[{STYLES[cell.verdict]}]{cell.verdict}[/]",
        )  # fmt: skip
    return table


def population_table(cell: PairedCell) -> Table:
    """Return old and new figure of every population of a cell."""
    from memberlab.results import KPIS, written, written_difference

    kpi = KPIS[cell.kpi]
    table = Table()
    for column in ("Population", "Baseline", "Now", "Difference"):
        table.add_column(column, justify="right")
    new, old = cell.pairs
    for number, (now, before) in enumerate(zip(new, old, strict=True)):
        values = written(before, kpi.unit), written(now, kpi.unit), written_difference(kpi, now - before)
        table.add_row(str(number), *values)
    return table


def claims_table(checked: Checked) -> Table:
    """Return every claim in every world in which it must hold."""
    from memberlab.optimize import claim_figure

    table = Table(title="Claims", title_justify="left", title_style="bold")
    for column in ("Line", "Claim", "Scenario"):
        table.add_column(column, justify="right" if column == "Line" else "left")
    for column in ("Figure", "Interval", "Must be", "Populations"):
        table.add_column(column, justify="right")
    table.add_column("Verdict", no_wrap=True)
    for one in checked.claims:
        figure, interval, bound = claim_figure(one)
        table.add_row(
            str(one.cell.line or "-"), escape(one.cell.claim.claim), one.cell.world.name, figure, escape(interval),
            bound, str(one.replications), f"[{STYLES[one.verdict]}]{one.verdict}[/]",
        )  # fmt: skip
    return table


def digest_table(checked: Checked) -> Table:
    """Return whether the ledgers of the small worlds are those of the baseline."""
    from memberlab.optimize import digest_told

    asked = checked.plan.checks.digest_worlds
    title = f"Ledgers of {asked.shoppers:,} shoppers over {asked.months} months, {asked.replications} populations each"
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in ("Policy", "Scenario", "Ledger"):
        table.add_column(column)
    for cell in checked.digests:
        style = {"equal": "green", "changed": "bold red"}.get(cell.verdict, "yellow")
        table.add_row(cell.policy, cell.world, f"[{style}]{escape(digest_told(cell))}[/]")
    return table
