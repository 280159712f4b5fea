"""`memberlab global-sensitivity`: what moves the difference between two policies, and which assumption decides.

Serves the strategist. `memberlab sensitivity` is finance's: one figure at a time around a policy's own values.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from .names import POLICY
from .option_groups import Work, work_options
from .options import progress_bar
from .output_options import print_json
from .report_options import leaves_report
from .uncertain_worlds import (
    asked_in_worlds,
    policy_options,
    read_policies,
    read_world,
    set_options,
    with_levers,
    write_set,
)
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    from memberlab.optimize import GlobalSensitivity

SAMPLES = {"morris": 10, "sobol": 64}


@click.command(name="global-sensitivity")
@click.argument("policy", type=POLICY)
@click.option("--method", type=click.Choice(["morris", "sobol"]), default="morris", show_default=True,
              help="Morris screening (cheap, which matter), or Sobol' indices (how much of the variance).")  # fmt: skip
@click.option("--by", type=click.Choice(["factor", "group"]),
              help="Index each factor, or groups of them.  [default: factor for morris, group for sobol]")  # fmt: skip
@click.option("--samples", type=click.IntRange(2, 65_536), metavar="N",
              help="Trajectories (morris) or base samples, a power of 2 (sobol).  [default: 10, or 64]")  # fmt: skip
@policy_options
@set_options
@work_options()
@leaves_report
def global_sensitivity(
    policy: str, method: str, by: str | None, samples: int | None, against: str | None, incumbent: str | None,
    levers: tuple[str, ...], kpi: str, replications: int, name: str, ranges: tuple[str, ...], shoppers: int | None,
    seed: int | None, disturbances: tuple[str, ...], work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Tell which uncertain figures move POLICY's advantage, and which one decides whether to have it.

    \b
    memberlab global-sensitivity mine.yaml --against four-tiers-simple
    memberlab global-sensitivity mine.yaml --method sobol --samples 128 --workers 2 --out DIR
    memberlab global-sensitivity jd-plus --set attrition-and-costs --lever membership.fee=49:199:50

    The outcome is the paired difference of one key figure, POLICY less the policy it is held against. Beside the
    figures of the scenario set there is one more, chance, which only changes the random numbers: its index is what
    replication noise alone gives, and only what stands clearly above it is named.

    Morris runs N x (figures + 2) cases and tells how far each figure moves the difference (mu*), with how much
    interaction (sigma). Sobol' runs N x (groups + 3) cases and tells shares of the variance: total, and first-order.
    Sobol's cases are also a plain sample, from which follows what it would be worth to know each figure before
    deciding: the one that is worth most decides the recommendation.
    """
    from memberlab.optimize import global_sensitivity as find
    from memberlab.optimize import open_executor

    started = time.time()
    number = samples or SAMPLES[method]
    if method == "sobol" and number & (number - 1):
        near = 1 << (number.bit_length() - 1)
        mend = f"write {near} or {2 * near}"
        raise click.UsageError(f"--samples {number} is no power of 2, which Sobol' indices need; {mend}")
    world = read_world(name, ranges, shoppers, disturbances)
    candidate, held, old = read_policies(world, policy, against, incumbent)
    world = with_levers(world, candidate, levers)
    work.fail_if_not_usable()
    asked = asked_in_worlds(
        world, candidate, held, old, ranges, method=method, by=by, samples=number, kpi=kpi, replications=replications,
        seed=seed, levers=", ".join(levers),
    )  # fmt: skip
    varied: Literal["factor", "group"] = (
        "group" if (by or ("group" if method == "sobol" else "factor")) == "group" else "factor"
    )
    moved = {one.group if varied == "group" else one.address for one in world.factors}
    runs = number * (len(moved) + (2 if method == "morris" else 3))  # chance itself is one more factor
    tell_of_lives(world.scenarios[0], work.workers, replications=replications, lives=2, worlds=runs)
    with work.kept(asked) as keeper:
        with progress_bar("living cases") as progress, open_executor(work.workers) as pool:
            found = find(
                candidate, world, against=held, method="morris" if method == "morris" else "sobol",
                by=varied,
                samples=number, kpi=kpi, replications=replications, seed=seed, executor=keeper.remembering(pool),
                incumbent=old, progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, found, disturbances, started, work.force)
    if as_json:
        print_json(as_data(found))
        return
    show(found)
    work.tell_where("Sensitivity")


def title_of(found: GlobalSensitivity) -> str:
    """Return what was asked, in one line."""
    from memberlab.results import KPIS

    return (f"{KPIS[found.kpi].title}, {found.policy.name} less {found.against.name}, in {found.world.document.name}: "
            f"{len(found.cases)} cases, {words_of(found)[0]}")  # fmt: skip


def words_of(found: GlobalSensitivity) -> tuple[str, str, str]:
    """Return the method, and the heads of its index and of the other figure."""
    if found.design.method == "morris":
        return f"Morris, {found.design.samples} trajectories", "mu*", "mu / sigma"
    return f"Sobol', {found.design.samples} base samples", "Total index", "First order"


def show(found: GlobalSensitivity) -> None:
    """Print the indices, what knowing each figure is worth, and what decides."""
    from rich.table import Table

    from memberlab.results import KPIS, written

    from .tables import console

    screen = console()
    unit = KPIS[found.kpi].unit
    morris = found.design.method == "morris"

    def figure(value: float | None) -> str:
        if value is None:
            return "-"
        return written(value, unit) if morris else f"{value:.2f}"

    table = Table(title=title_of(found), title_justify="left", title_style="bold")
    _, index, other = words_of(found)
    table.add_column("Group" if found.by == "group" else "Figure")
    for head in (index, "95 % interval", other, "Changes the\nbetter policy", "Above chance"):
        table.add_column(head, justify="right")
    for one in found.ranked:
        second = figure(one.first) if not morris or one.first is None else f"{figure(one.first)} / {figure(one.spread)}"
        table.add_row(one.name, figure(one.index), f"{figure(one.low)} to {figure(one.high)}", second,
                      f"{one.flips:.0%}", "yes" if one.is_above_chance else "no",
                      style="bold" if one.is_above_chance else "")  # fmt: skip
    screen.print(table)
    if found.worths:
        screen.print(worth_table(found))
    for sentence in found.told:
        screen.verdict(sentence, highlight=False, markup=False)


def worth_table(found: GlobalSensitivity) -> Any:
    """Return what knowing each figure before deciding is worth."""
    from rich.table import Table

    from memberlab.results import KPIS, written

    unit = KPIS[found.kpi].unit
    table = Table(title="What knowing it before deciding would be worth", title_justify="left", title_style="bold")
    for head in ("Figure", "Worth", "95 % interval", "Variance\nexplained", "Better policy changes at"):
        table.add_column(head, justify="left" if head == "Figure" else "right")
    for one in sorted(found.worths, key=lambda worth: -worth.value):
        table.add_row(one.name, written(one.value, unit), f"{written(one.low, unit)} to {written(one.high, unit)}",
                      f"{one.explained:.0%}", " and ".join(one.turns) or "-")  # fmt: skip
    return table


def as_data(found: GlobalSensitivity) -> dict[str, Any]:
    """Return the sensitivity as plain data."""
    return {
        "policy": found.policy.name, "against": found.against.name, "set": found.world.document.name,
        "kpi": found.kpi, "method": found.design.method, "by": found.by, "samples": found.design.samples,
        "cases": len(found.cases), "replications": found.replications,
        "indices": json.loads(found.index_table.to_json(orient="records")),
        "worth_of_knowing": json.loads(found.worth_table.to_json(orient="records")),
        "worth_of_all": found.worth_of_all, "told": found.told,
    }  # fmt: skip


def write(
    out: Path, found: GlobalSensitivity, disturbances: tuple[str, ...], started: float, force: bool
) -> None:  # fmt: skip
    """Write the folder: tables, picture, set, policies and a manifest."""
    from memberlab.results import new_run, write_manifest

    with new_run(out, force=force) as folder:
        tables = {"cases": found.case_table, "indices": found.index_table}
        if found.worths:
            tables["worth-of-knowing"] = found.worth_table
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False)
            table.to_parquet(folder / f"{name}.parquet", index=False)
        write_set(folder, found.world)
        for role, one in (("policy", found.policy), ("against", found.against)):
            (folder / f"{role}.yaml").write_text(one.to_yaml(), encoding="utf-8")
        draw(folder / "sensitivity.png", found)
        write_manifest(
            folder, started, kind="global sensitivity", policy=found.policy.digest(), against=found.against.digest(),
            set=found.world.document.digest(), disturbances=list(disturbances),
            method=found.design.method, samples=found.design.samples,
            seed=found.design.seed, replications=found.replications, kpi=found.kpi, by=found.by,
            told=found.told, currency=found.world.scenarios[0].currency,
            chance=[found.indices[-1].name, found.indices[-1].index, found.indices[-1].flips],
            names={"policy": found.policy.name, "against": found.against.name, "set": found.world.document.name},
        )  # fmt: skip


def draw(path: Path, found: GlobalSensitivity) -> None:
    """Draw the indices beside chance, and how often each changes the better policy."""
    from memberlab.results import KPIS, IndexBar, axis_scale, index_picture

    morris = found.design.method == "morris"
    factor, unit = 1.0, "share of the variance (total index)"
    if morris:
        factor, money = axis_scale(found.ranked[0].high, found.world.scenarios[0].currency)
        shown = money if KPIS[found.kpi].unit == "money" else "in its own unit"
        factor = factor if KPIS[found.kpi].unit == "money" else 1.0
        unit = f"mean size of its effect over its range (mu*), {shown}"
    bars = {
        one.name: IndexBar(one.name, one.index / factor, one.low / factor, one.high / factor, one.is_above_chance,
                           100 * one.flips) for one in found.ranked
    }  # fmt: skip
    labels = (unit, "steps along it alone that change the better policy, %")
    index_picture(list(bars.values()), bars[found.indices[-1].name], path, title_of(found), labels, notes=found.told)
