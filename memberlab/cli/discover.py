"""`memberlab discover`: where does this policy lose? A readable rule over everything that is uncertain.

Serves the strategist and finance, who want to know which worlds to fear, and what to watch after the launch.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from memberlab.optimize import Discovery
    from memberlab.results import BoxAxis


@click.command()
@click.argument("policy", type=POLICY)
@click.option("--cases", type=click.IntRange(40, 1_000_000), default=200, show_default=True,
              help="Concrete worlds; half of them teach the rule, half judge it.")  # fmt: skip
@click.option("--most-limits", type=click.IntRange(1, 10), default=3, show_default=True,
              help="Figures that the rule names at most.")  # fmt: skip
@policy_options
@set_options
@work_options()
@leaves_report
def discover(
    policy: str, cases: int, most_limits: int, against: str | None, incumbent: str | None, levers: tuple[str, ...],
    kpi: str, replications: int, name: str, ranges: tuple[str, ...], shoppers: int | None, seed: int | None,
    disturbances: tuple[str, ...], work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Find where POLICY loses against today's policy, as a rule of a few limits.

    \b
    memberlab discover mine.yaml
    memberlab discover mine.yaml --against no-programme --cases 400 --workers 2 --out DIR
    memberlab discover jd-plus --range "gross_margin=25 %:45 %" --lever membership.fee=49:199:10

    Concrete worlds are drawn from the scenario set by Latin hypercube and lived under both policies, by the same
    shoppers with the same chances. Half of them teach a box (PRIM); what it is worth is told from the other half:
    coverage (share of the losing worlds inside), density (share of those inside that lose), and for each limit the
    probability that it is there by chance. Also told: by world the share that loses and what is at stake, and which
    uncertain figure would be worth most to know.
    """
    from memberlab.optimize import discover as find
    from memberlab.optimize import open_executor

    started = time.time()
    world = read_world(name, ranges, shoppers, disturbances)
    candidate, held, old = read_policies(world, policy, against, incumbent)
    world = with_levers(world, candidate, levers)
    if not world.factors:
        raise click.UsageError(f"nothing is uncertain in {name}; add ranges to it, or --range")
    work.fail_if_not_usable()
    asked = asked_in_worlds(
        world, candidate, held, old, ranges, cases=cases, kpi=kpi, most_limits=most_limits, replications=replications,
        seed=seed, levers=", ".join(levers),
    )  # fmt: skip
    tell_of_lives(
        world.scenarios[0], work.workers, replications=replications, lives=2, worlds=cases
    )  # fmt: skip
    with work.kept(asked) as keeper:
        with progress_bar("living cases") as progress, open_executor(work.workers) as pool:
            found = find(
                candidate, world, against=held, cases=cases, kpi=kpi, most_limits=most_limits,
                replications=replications, seed=seed, executor=keeper.remembering(pool), incumbent=old,
                progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, found, disturbances, started, work.force)
    if as_json:
        print_json(as_data(found))
        return
    show(found)
    work.tell_where("Discovery")


def title_of(found: Discovery) -> str:
    """Return what was asked, in one line."""
    from memberlab.results import KPIS

    return (f"{KPIS[found.kpi].title}, {found.policy.name} less {found.against.name}, in {found.world.document.name}: "
            f"{len(found.cases)} cases")  # fmt: skip


def show(found: Discovery) -> None:
    """Print what is at stake by world, the rule with its limits, and what decides."""
    from rich.table import Table

    from memberlab.results import KPIS, written

    from .tables import console

    screen = console()
    unit = KPIS[found.kpi].unit
    table = Table(title=title_of(found), title_justify="left", title_style="bold")
    heads = ("World", "Probability", "Cases", "Lose", "Mean", "5 % quantile", "Worst", "Regret of\nadopting",
             "Regret of\nnot adopting")  # fmt: skip
    for head in heads:
        table.add_column(head, justify="left" if head == "World" else "right")
    for row in found.world_table.to_dict("records"):
        money = [written(row[name], unit) if row["cases"] else "-" for name in (
            "mean", "quantile_5", "worst", "regret_of_adopting", "regret_of_not_adopting")]  # fmt: skip
        loses = f"{row['loses']:.0%}" if row["cases"] else "-"
        table.add_row(str(row["world"]), f"{row['weight']:.0%}", str(row["cases"]), loses, *money)
    screen.print(table)
    if found.box is not None:
        table = Table(title="The rule: it loses where all of this holds", title_justify="left", title_style="bold")
        for head in ("Limit", "Chance alone, learning half", "held-out half"):
            table.add_column(head, justify="left" if head == "Limit" else "right")
        for row in found.limit_table.to_dict("records"):
            table.add_row(str(row["limit"]), f"{row['quasi_p_learning']:.2g}", f"{row['quasi_p_held_out']:.2g}")
        screen.print(table)
    for sentence in found.told:
        screen.verdict(sentence, highlight=False, markup=False)


def as_data(found: Discovery) -> dict[str, Any]:
    """Return the discovery as plain data."""
    from dataclasses import asdict

    scores = {name: None if one is None else asdict(one)
              for name, one in (("learning", found.learnt), ("held_out", found.held_out))}  # fmt: skip
    return {
        "policy": found.policy.name, "against": found.against.name, "set": found.world.document.name,
        "kpi": found.kpi, "cases": len(found.cases), "replications": found.replications,
        "losing": int(found.loses.sum()), "rule": found.rule or None,
        "limits": json.loads(found.limit_table.to_json(orient="records")), "scores": scores,
        "worlds": json.loads(found.world_table.to_json(orient="records")), "told": found.told,
    }  # fmt: skip


def write(
    out: Path, found: Discovery, disturbances: tuple[str, ...], started: float, force: bool
) -> None:  # fmt: skip
    """Write the folder: tables, picture, set, policies and a manifest."""
    from dataclasses import asdict

    from memberlab.results import new_run, write_manifest

    with new_run(out, force=force) as folder:
        for name, table in (("cases", found.case_table), ("rule", found.limit_table), ("worlds", found.world_table)):
            table.to_csv(folder / f"{name}.csv", index=False)
            table.to_parquet(folder / f"{name}.parquet", index=False)
        write_set(folder, found.world)
        for role, one in (("policy", found.policy), ("against", found.against)):
            (folder / f"{role}.yaml").write_text(one.to_yaml(), encoding="utf-8")
        draw(folder / "discovery.png", found)
        write_manifest(
            folder, started, kind="discovery", policy=found.policy.digest(), against=found.against.digest(),
            set=found.world.document.digest(), disturbances=list(disturbances),
            cases=len(found.cases), replications=found.replications, kpi=found.kpi,
            rule=found.rule, told=found.told, currency=found.world.scenarios[0].currency,
            worth_of_knowing=[[one.name, one.value, one.low, one.high] for one in found.worths],
            scores={name: None if one is None else asdict(one)
                    for name, one in (("learning", found.learnt), ("held_out", found.held_out))},
            names={"policy": found.policy.name, "against": found.against.name, "set": found.world.document.name},
        )  # fmt: skip


def draw(path: Path, found: Discovery) -> None:
    """Draw the cases over the two figures that the rule limits first, or that are worth most to know."""
    from memberlab.results import box_picture

    count = len(found.world.factors)
    limits = sorted(found.box.limits, key=lambda one: found.learnt.quasi_p[found.box.limits.index(one)]
                    if found.learnt and found.box else 0.0) if found.box else []  # fmt: skip
    by_worth = sorted(range(count), key=lambda place: (-found.worths[place].value, -found.worths[place].explained))
    places = list(dict.fromkeys([*(one.column for one in limits), *by_worth]))[:2]
    axes = [axis_of(found, place) for place in (places * 2)[:2]]
    box_picture(axes[0], axes[1], found.loses, found.learning, path, title_of(found), has_rule=found.box is not None,
                notes=found.told)  # fmt: skip


def axis_of(found: Discovery, place: int) -> BoxAxis:
    """Return one factor as an axis of the picture."""
    from memberlab.optimize import Chosen, Limit, columns_of, level_told
    from memberlab.results import BoxAxis

    factor = found.world.factors[place]
    values = columns_of(found.world.factors, found.cases)[:, place]
    limit = Limit(place) if found.box is None else found.box.of(place)
    title = f"{factor.address}, %" if factor.is_percent else factor.address
    words = tuple(map(level_told, factor.spread.levels)) if isinstance(factor.spread, Chosen) else ()
    words = () if factor.is_ordered else words
    return BoxAxis(title, values, limit.low, limit.high, words, limit.kept)
