"""`memberlab pilot`: how many shoppers, how long, which hold-out, and what such a pilot would find.

Serves whoever decides on a policy by experiment, before the experiment is paid for.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .migrations import fail_if_take_overs_do_not_fit
from .names import FILE, KPI, POLICY, POPULATION
from .option_groups import Work, replications_option, scenario_option, work_options
from .options import (
    assumptions_option,
    load_inputs,
    progress_bar,
    with_option,
)
from .output_options import print_json
from .report_options import leaves_report
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.optimize import PilotPlan, PilotQuestion, PilotWords
    from memberlab.scenarios import Population

_PERCENT = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%\s*", re.ASCII)


def percent(context: click.Context, parameter: click.Parameter, written: str | None) -> float | None:
    """Return a share written such as `10 %` as a part of 1."""
    if written is None:
        return None
    match = _PERCENT.fullmatch(written)
    if match is None:
        raise click.BadParameter(f"'{written}' is no share; write it with its sign, such as '10 %'")
    return float(match[1]) / 100


def durations(context: click.Context, parameter: click.Parameter, written: str) -> tuple[int, ...]:
    """Return weeks separated by commas, each once, in rising order."""
    try:
        return tuple(sorted({int(part) for part in written.split(",")}))
    except ValueError:
        raise click.BadParameter(f"'{written}' are no weeks; write whole numbers, such as 12,26,52") from None


@click.command()
@click.argument("incumbent", type=POLICY)
@click.argument("candidate", type=POLICY)
@click.option("--kpi", default="margin", show_default=True, type=KPI, metavar="NAME",
              help="Figure that decides: margin, gmv, orders, retention, average_order_value, benefit_cost, "
                   "benefit_cost_share, points_liability, paid_members or top_tier_share.")  # fmt: skip
@click.option("--effect", metavar="SIZE",
              help="Effect to detect: '2 %' of the incumbent's figure, '1.5 pp' of a share, or an amount a shopper; "
                   "left out, as large as the simulated one.")  # fmt: skip
@click.option("--power", type=float, default=0.8, show_default=True,
              help="Share of such pilots that shall see the effect.")  # fmt: skip
@click.option("--alpha", type=float, default=0.05, show_default=True,
              help="Share of pilots without any effect that may see one (two-sided).")  # fmt: skip
@click.option("--weeks", default="12,26,52", show_default=True, callback=durations, metavar="N,N,...",
              help="Durations to plan for.")  # fmt: skip
@click.option("--holdout", callback=percent, metavar="SHARE",
              help="Share of the shoppers who stay with the incumbent, such as '10 %'; left out, half, with a tenth "
                   "beside it.")  # fmt: skip
@click.option("--share", callback=percent, metavar="SHARE", help="The same, as the share who get the candidate.")
@click.option("--customers", type=click.IntRange(min=1),
              help="Shoppers there are for the pilot; left out, as many as it needs.")  # fmt: skip
@click.option("--cost-ratio", type=float, default=1.0, show_default=True,
              help="What a shopper with the candidate costs over one in the hold-out; moves the split.")  # fmt: skip
@click.option("--segment", default="known", show_default=True,
              help="Who takes part: known (ordered before launch), active (in the year before), or tiers of the "
                   "incumbent, such as gold,diamond.")  # fmt: skip
@click.option("--replays", type=click.IntRange(100, 1_000_000), default=2_000, show_default=True,
              help="Times that the planned pilot is played.")  # fmt: skip
@click.option("--no-attrition", "skip_attrition", is_flag=True,
              help="Leave out which attrition_effect the pilot can see; takes a fifth of the time.")  # fmt: skip
@click.option("--peeking", is_flag=True,
              help="Also look at the pilot every week: the false alarms of that, and bounds to look by.")  # fmt: skip
@scenario_option("The world of the pilot.")
@replications_option(8, "Independent populations from which the pilot's shoppers are drawn.")
@assumptions_option()
@click.option("--population", type=POPULATION, metavar="NAME|FILE", help="Population that replaces the scenario's.")
@click.option("--shoppers", type=click.IntRange(1, 20_000_000), help="Shoppers in each population.")
@click.option("--members", type=FILE, metavar="FILE.yaml",
              help="Open each world with the members of this file in place of the warm-up.")  # fmt: skip
@with_option()
@work_options("the plan as JSON (money in cents, shares 0 to 1)")
@leaves_report
def pilot(
    incumbent: str, candidate: str, kpi: str, effect: str | None, power: float, alpha: float, weeks: tuple[int, ...],
    holdout: float | None, share: float | None, customers: int | None, cost_ratio: float, segment: str, replays: int,
    skip_attrition: bool, peeking: bool, scenario: str, replications: int, assumptions: str | None,
    population: str | None, shoppers: int | None, members: str | None, disturbances: tuple[str, ...], work: Work,
    as_json: bool,
) -> None:  # fmt: skip
    """Plan a pilot of CANDIDATE among shoppers of INCUMBENT, and play it many times.

    How many shoppers, for how many weeks, and which hold-out, so that an effect on a key figure is seen with the power
    asked for: read as the plain difference of the arms, and adjusted by what each shopper spent in the year before
    (CUPED), which saves shoppers. The variance is the simulated one.

    Every shopper lives under both policies with the same chances, so the true effect is known. The planned pilot is
    played with shoppers drawn anew each time, seen in one arm only: how its estimates scatter around the truth, how
    often it sees the effect, and how often it sees one where there is none (placebo).

    At the end stands the smallest attrition_effect that the pilot can see, in retention and in margin. No order log
    tells it and most margins hang on it.

    Pilots of less than half a year are shown, and recommended only where nothing longer was asked for.
    """
    from memberlab.optimize import fail_if_pilot_does_not_fit, open_executor, pilot_words, plan_pilot
    from memberlab.optimize import question as asked_for

    started = time.time()
    question = question_of(kpi, effect, power, alpha, weeks, holdout, share, customers, cost_ratio, segment, replays)
    sets = () if assumptions is None else (assumptions,)
    inputs = load_inputs((incumbent, candidate), (scenario,), None, population, shoppers, sets, members, disturbances)
    before, after = inputs.policies
    fail_if_take_overs_do_not_fit([(candidate, after, before)])
    world = inputs.scenarios[0]
    try:
        fail_if_pilot_does_not_fit(question, before, world)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    work.fail_if_not_usable()
    asked = asked_for(
        inputs.policies, inputs.scenarios, None, inputs.population, replications=replications,
        attrition=not skip_attrition, peeking=peeking, the_pilot=question,
    )  # fmt: skip
    tell_of_lives(world, work.workers, replications=replications, lives=2)
    with work.kept(asked) as keeper:
        with progress_bar("planning") as progress, open_executor(work.workers) as pool:
            plan = plan_pilot(
                before, after, world, question, replications=replications, attrition=not skip_attrition,
                peeking=peeking, executor=keeper.remembering(pool), population=inputs.population,
                progress=keeper.heeding(progress),
            )  # fmt: skip
        words = pilot_words(plan)
        if work.out is not None:
            write(work.out, plan, words, inputs.population, started, work.force)
    if as_json:
        print_json(as_data(plan, words))
        return
    show(plan, words)
    work.tell_where("Pilot")


def question_of(
    kpi: str, effect: str | None, power: float, alpha: float, weeks: tuple[int, ...], holdout: float | None,
    share: float | None, customers: int | None, cost_ratio: float, segment: str, replays: int,
) -> PilotQuestion:  # fmt: skip
    """Return what the options ask; raise a usage error that names what cannot be asked."""
    from memberlab.optimize import Certainty, PilotQuestion, read_effect
    from memberlab.results import KPIS

    if holdout is not None and share is not None:
        raise click.UsageError("--holdout and --share say the same; give one of them")
    if holdout is not None:
        if not 0.0 < holdout < 1.0:
            left = "nobody to hold out" if holdout <= 0 else "nobody with the candidate"
            raise click.UsageError(f"--holdout {100 * holdout:g} % leaves {left}; write 1 % to 99 %")
        share = 1.0 - holdout
    try:
        asked = PilotQuestion(
            kpi, None, Certainty(alpha, power), weeks, share, cost_ratio, customers, segment, replays
        )  # fmt: skip
        size = None if effect is None else read_effect(effect, KPIS[kpi])
        return PilotQuestion(
            kpi, size, asked.certainty, weeks, share, cost_ratio, customers, segment, replays
        )  # fmt: skip
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None


def show(plan: PilotPlan, words: PilotWords) -> None:
    """Print the plan, its replays, the attrition effects that it sees, and what to beware of."""
    from memberlab.optimize import NO_INTERFERENCE

    from .pilot_tables import ATTRITION_EXPLAINED, attrition_table, plan_table, replays_table
    from .tables import console

    screen = console()
    screen.print(plan_table(plan))
    if any(row.is_too_short for row in plan.rows):
        screen.print("* shorter than half a year, for comparison only", highlight=False)
    screen.verdict(words.recommendation, style="bold", highlight=False)
    screen.verdict(words.saving, highlight=False)
    screen.print()
    screen.print(replays_table(plan))
    for sentence in words.replays:
        screen.print(sentence, highlight=False)
    if words.looks:
        screen.print(words.looks, highlight=False)
    screen.print()
    if plan.attrition:
        for name in dict.fromkeys(point.kpi for point in plan.attrition):
            screen.print(attrition_table(plan, name))
        screen.print(ATTRITION_EXPLAINED, highlight=False)
        for sentence in words.attrition:
            screen.print(sentence, style="bold", highlight=False)
        screen.print()
    screen.print(NO_INTERFERENCE, highlight=False)
    for warning in words.warnings:
        screen.print(f"Beware: {warning}", style="yellow", highlight=False)


def as_data(plan: PilotPlan, words: PilotWords) -> dict[str, Any]:
    """Return the plan as plain data; single replays stand in the folder that `--out` writes."""
    from memberlab.optimize import pilot_tables

    question = plan.question
    tables = {name: records(table) for name, table in pilot_tables(plan).items() if name != "replays"}
    return {
        "incumbent": plan.incumbent.name, "candidate": plan.candidate.name, "scenario": plan.scenario.name,
        "currency": plan.scenario.currency, "kpi": question.kpi, "power": question.certainty.power,
        "alpha": question.certainty.alpha, "segment": question.segment, "customers": question.customers,
        "replications": plan.replications, "pool": plan.pool, "told": asdict(words), **tables,
    }  # fmt: skip


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table; what is not there is null."""
    rows = table.to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(
    out: Path, plan: PilotPlan, words: PilotWords, population: Population | None, started: float, force: bool
) -> None:
    """Write the folder: the tables with their columns explained, the picture, the documents and a manifest."""
    from memberlab.optimize import PILOT_TABLES, pilot_tables
    from memberlab.results import new_run, write_manifest
    from memberlab.scenarios import members_record, write_world

    from .pilot_picture import draw_pilot

    with new_run(out, force=force) as folder:
        tables = pilot_tables(plan)
        for name, table in tables.items():
            table.to_parquet(folder / f"{name}.parquet", index=False)
            if name != "replays":
                table.to_csv(folder / f"{name}.csv", index=False)
        for policy in (plan.incumbent, plan.candidate):
            (folder / f"policy-{policy.name}.yaml").write_text(policy.to_yaml(), encoding="utf-8")
        draw_pilot(folder / "pilot.png", plan, words)
        write_world(folder, plan.scenario, plan.incumbent, population, seed=plan.scenario.seed)
        write_manifest(
            folder, started, kind="pilot", incumbent=plan.incumbent.digest(), candidate=plan.candidate.digest(),
            scenario=plan.scenario.digest(), replications=plan.replications, pool=plan.pool, told=asdict(words),
            currency=plan.scenario.currency, segment=plan.question.segment, power=plan.question.certainty.power,
            alpha=plan.question.certainty.alpha, customers=plan.question.customers,
            names={"incumbent": plan.incumbent.name, "candidate": plan.candidate.name, "scenario": plan.scenario.name},
            columns={name: dict(PILOT_TABLES[name]) for name in tables}, **members_record(plan.scenario),
        )  # fmt: skip
