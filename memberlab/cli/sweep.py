"""`memberlab sweep`: what one or two levers do to a policy's key figures, value by value.

Serves the strategist who asks "and if it were 18 months?" before a search is worth its time.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .migrations import fail_if_launches_do_not_fit
from .names import KPI, POLICY
from .option_groups import GivenWorld, Work, given_world_options, replications_option, scenario_option, work_options
from .options import progress_bar
from .output_options import print_json
from .report_options import leaves_report
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.optimize import Axis, Sweep
    from memberlab.policies import Policy
    from memberlab.results import SweepAxis

SHOWN = ("margin", "gmv", "retention", "benefit_cost")
"""KPIs of a sweep over one lever, unless others are asked for; over two it is the first alone."""


@click.command()
@click.argument("policy", type=POLICY)
@click.option("--lever", "levers", multiple=True, required=True, metavar="ADDRESS=VALUES",
              help="What is varied, and its values: FROM:TO:STEP or VALUE,VALUE; once or twice.")  # fmt: skip
@click.option("--against", type=POLICY, metavar="NAME|FILE",
              help="Policy that every value is held against.  [default: the incumbent]")  # fmt: skip
@scenario_option()
@click.option("--kpi", "kpis", multiple=True, type=KPI, metavar="KPI",
              help="Key figure in the table and the picture; may be given several times.  [default: margin, gmv, "
              "retention, benefit_cost; over two levers margin]")  # fmt: skip
@replications_option(2)
@given_world_options()
@work_options()
@leaves_report
def sweep(
    policy: str, levers: tuple[str, ...], against: str | None, scenario: str, kpis: tuple[str, ...],
    replications: int, given: GivenWorld, work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Vary one or two levers of POLICY and hold every value against today's policy.

    \b
    memberlab sweep four-tiers-simple --lever points.expiry.months=6:24:6
    memberlab sweep jd-plus --lever membership.fee=49:199:50 --lever "membership.discount=2 %:8 %:2 %" --out DIR
    memberlab sweep jd-plus --lever assumptions.attrition_effect=0:0.6:0.1
    memberlab sweep jd-plus --lever "gross_margin=30 %:48 %:6 %" --scenario recession

    A lever is an address in the policy; where the policy has no such address, it is a figure of the scenario or an
    assumption, which then changes under both policies (`scenario.` before an address means the scenario in any case;
    shocks go by their names: shocks.recession.visits). Assumptions hold from launch on, after one warm-up.

    All values meet the same shoppers with the same chances. Differences are paired by shopper, with 95 % intervals.
    A value that the policy's own checks refuse is shown with the reason. With --out the folder holds the table (CSV and
    Parquet; a row for each value and KPI), a picture and the policy.
    """
    from memberlab.optimize import axes_of, open_executor, question
    from memberlab.optimize import sweep as live

    started = time.time()
    chosen = checked_kpis(kpis)
    names = (policy,) if against is None else (policy, against)
    inputs = given.load(names, (scenario,))
    fail_if_launches_do_not_fit(names, inputs)
    world = inputs.scenarios[0]
    held = inputs.policies[1] if against is not None else inputs.incumbent or incumbent_of(world.incumbent)
    axes = axes_of(levers, inputs.policies[0], (world,))
    if len(axes) > 2:
        raise click.UsageError(f"{len(axes)} levers; give one or two, or search over more with `memberlab optimize`")
    work.fail_if_not_usable()
    shown = chosen or (SHOWN if len(axes) == 1 else SHOWN[:1])
    asked = question(
        [inputs.policies[0]], inputs.scenarios, inputs.incumbent, inputs.population, replications=replications,
        held_against=f"{held.digest()} {held.name}", levers=", ".join(levers),
    )  # fmt: skip
    points = math.prod(len(axis.levels) for axis in axes)
    tell_of_lives(world, work.workers, replications=replications, lives=points + 1)
    with work.kept(asked) as keeper:
        with progress_bar("living") as progress, open_executor(work.workers) as pool:
            found = live(
                inputs.policies[0], world, axes, against=held, replications=replications,
                executor=keeper.remembering(pool), incumbent=inputs.incumbent, population=inputs.population,
                progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, found, shown, started, work.force)
    if as_json:
        print_json(as_data(found))
        return
    show(found, shown)
    work.tell_where("Sweep")


def incumbent_of(name: str) -> Policy:
    """Return the policy of a scenario's warm-up."""
    from memberlab.policies import load_policy

    return load_policy(name)


def checked_kpis(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of key figures, each once. Raises DocumentError for one that does not exist."""
    from memberlab.policies import DocumentError, Problem, hint
    from memberlab.results import KPIS

    wrong = [Problem("--kpi", None, one, f"unknown KPI{hint(one, list(KPIS), 'KPIs')}") for one in names
             if one not in KPIS]  # fmt: skip
    if wrong:
        raise DocumentError(wrong)
    return tuple(dict.fromkeys(names))


def show(found: Sweep, kpis: tuple[str, ...]) -> None:
    """Print the differences at every value, and what follows for the margin."""
    from rich.table import Table

    from memberlab.optimize import level_told
    from memberlab.results import KPIS

    from .tables import console, interval

    screen = console()
    table = Table(title=title_of(found), title_justify="left", title_style="bold")
    for axis in found.axes:
        table.add_column(axis.address, no_wrap=True)
    for kpi in kpis:
        table.add_column(KPIS[kpi].title, justify="right")
    for point in found.points:
        cells = [level_told(level) for level in point.levels]
        if point.outcome is None:
            table.add_row(*cells, f"refused: {point.refusal}".replace("[", r"\["))
        else:
            table.add_row(*cells, *(interval(point.outcome[kpi]) for kpi in kpis))
    screen.print(table)
    for sentence in verdict(found, kpis[0]):
        screen.verdict(sentence, highlight=False, markup=False)


def title_of(found: Sweep) -> str:
    """Return what the sweep is, in one line."""
    runs = "1 replication" if found.replications == 1 else f"{found.replications} replications"
    levers = " and ".join(axis.address for axis in found.axes)
    return (f"{found.policy.name} by {levers} against {found.against.name}: {found.scenario.name}, "
            f"{found.scenario.currency}, {runs}")  # fmt: skip


def verdict(found: Sweep, kpi: str) -> list[str]:
    """Return in words where a KPI is highest and where its difference is zero."""
    from memberlab.optimize import level_told
    from memberlab.results import KPIS, written_difference

    lived = [point for point in found.points if point.outcome is not None]
    figure = KPIS[kpi]
    best = max(lived, key=lambda point: point.outcome[kpi].difference if point.outcome else 0.0)
    assert best.outcome is not None
    top = best.outcome[kpi]
    near = sum(point.outcome[kpi].high >= top.low for point in lived if point.outcome) - 1
    where = ", ".join(
        f"{axis.address} {level_told(level)}" for axis, level in zip(found.axes, best.levels, strict=True)
    )
    others = f"the intervals of {near} other value{'' if near == 1 else 's'} reach it"
    reach = others if near else "no other value's interval reaches it"
    size = "as it is" if top.is_zero else written_difference(figure, top.difference)
    told = [f"{figure.title} is highest at {where}: {size}; {reach}."]
    for one in found.crossings(kpi):
        low, high = ("open" if end is None else f"{end:.4g}" for end in (one.low, one.high))
        ends = "as it is" if one.low == one.high else f"{low} to {high}"
        told.append(f"{figure.title} is above that of {found.against.name} {'from' if one.rising else 'up to'} about "
                    f"{one.value:.4g} ({ends}).")  # fmt: skip
    refused = len(found.points) - len(lived)
    if refused:
        told.append(f"{refused} of {len(found.points)} values cannot be promised.")
    return told


def as_data(found: Sweep) -> dict[str, Any]:
    """Return the sweep as plain data."""
    table: pd.DataFrame = found.table
    return {
        "policy": found.policy.name, "against": found.against.name, "scenario": found.scenario.name,
        "currency": found.scenario.currency, "replications": found.replications,
        "levers": [axis.address for axis in found.axes], "figures": json.loads(table.to_json(orient="records")),
    }  # fmt: skip


def write(out: Path, found: Sweep, kpis: tuple[str, ...], started: float, force: bool) -> None:
    """Write the folder: table, picture, policies and a manifest."""
    from memberlab.results import new_run, write_manifest

    with new_run(out, force=force) as folder:
        found.table.to_csv(folder / "sweep.csv", index=False)
        found.table.to_parquet(folder / "sweep.parquet", index=False)
        for role, one in (("policy", found.policy), ("against", found.against)):
            (folder / f"{role}.yaml").write_text(one.to_yaml(), encoding="utf-8")
        draw(folder / "sweep.png", found, kpis)
        write_manifest(
            folder, started, kind="sweep", policy=found.policy.digest(), against=found.against.digest(),
            scenario=found.scenario.digest(), replications=found.replications,
            levers={axis.address: len(axis.levels) for axis in found.axes}, kpis=list(kpis),
            percent=[axis.address for axis in found.axes if axis.is_ordered and in_percent(axis)],
            currency=found.scenario.currency, turns=turns_of(found, kpis[0]),
            names={"policy": found.policy.name, "against": found.against.name, "scenario": found.scenario.name},
        )  # fmt: skip


def in_percent(axis: Axis) -> bool:
    """Return whether the values of an axis are percentages."""
    from memberlab.optimize import Quantity

    return any(isinstance(level, Quantity) and level.percent for level in axis.levels)


def turns_of(found: Sweep, kpi: str) -> list[dict[str, Any]]:
    """Return where a KPI's difference is zero, as plain data; an end that is open is null."""
    return [{"value": one.value, "low": one.low, "high": one.high, "rising": one.rising}
            for one in found.crossings(kpi)]  # fmt: skip


def draw(path: Path, found: Sweep, kpis: tuple[str, ...]) -> None:
    """Draw the sweep: lines for one lever, a map for two."""
    from memberlab.results import sweep_line_picture, sweep_map_picture

    outcomes = [point.outcome for point in found.points]
    axes = [drawn(found, axis) for axis in found.axes]
    currency, title, notes = found.scenario.currency, title_of(found), verdict(found, kpis[0])
    if len(axes) == 1:
        sweep_line_picture(axes[0], outcomes, kpis, path, currency, title, notes=[*notes, "Bands are 95 % intervals."])
    else:
        key = "Black line: zero. In brackets: not told apart from zero. Hatched: refused by the policy's own checks."
        sweep_map_picture(axes[0], axes[1], outcomes, kpis, path, currency, title, notes=[*notes, key])


def drawn(found: Sweep, axis: Axis) -> SweepAxis:
    """Return an axis as it is drawn."""
    from memberlab.optimize import Quantity, level_told
    from memberlab.results import SweepAxis

    words = [level_told(level) for level in axis.levels]
    own = found.own(axis)
    if not axis.is_ordered:
        return SweepAxis(axis.address, words, list(range(len(words))),
                         float(axis.levels.index(own)) if own in axis.levels else None)  # fmt: skip
    at = [float(level.number) for level in axis.levels if isinstance(level, Quantity)]
    same = isinstance(own, Quantity) and isinstance(axis.levels[0], Quantity) and own.percent == axis.levels[0].percent
    return SweepAxis(axis.address, words, at, float(own.number) if same and isinstance(own, Quantity) else None)
