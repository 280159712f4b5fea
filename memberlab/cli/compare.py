"""`memberlab compare`: the same shoppers under several policies, with intervals.

Serves the strategist's "what if".
"""

from __future__ import annotations

import datetime
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .comparison_files import by_scenario, write_comparison
from .comparison_tables import TABLE_OF
from .migrations import fail_if_launches_do_not_fit
from .options import (
    Inputs,
    assumptions_option,
    load_inputs,
    out_option,
    workers_option,
    world_options,
)
from .report_options import leave_report, report_options, report_told
from .work_ahead import tell_what_lies_ahead, warn_of_small_workers, work_bar
from .worker_options import kept_when_interrupted, resume_option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    import pandas as pd

    from memberlab.optimize import Attribution, Comparison, Precision, Workers
    from memberlab.scenarios import Scenario


class PrecisionType(click.ParamType[Any]):
    """A precision on the command line: `margin=0.5%`."""

    name = "precision"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Precision:
        """Return the precision, or fail with what is wrong."""
        from memberlab.optimize import Precision, read_precision

        if isinstance(value, Precision):
            return value
        try:
            return read_precision(str(value))
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


@click.command()
@click.argument("policies", nargs=-1, required=True, metavar="POLICY...")
@click.option("--scenario", "scenarios", multiple=True, default=("baseline",), show_default=True,
              metavar="NAME|FILE[=P]",
              help="A world to compare in; may be given several times. P is its probability (recession=0.3); scenarios "
              "without one share the rest evenly.")  # fmt: skip
@click.option("--replications", type=click.IntRange(1, 1000), default=None,
              help="Independent populations in each scenario; with --until-precision the most.  [default: 4; 64 with "
              "--until-precision]")  # fmt: skip
@click.option("--until-precision", "--precision", "until", multiple=True, metavar="KPI=HALF-WIDTH",
              type=PrecisionType(),
              help="Double the replications until the interval of every policy's difference is this narrow: "
              "`margin=0.5%` of the first policy's margin, `gmv=20000` in currency units, `retention=0.2pp`. May be "
              "given several times.")  # fmt: skip
@click.option("--breakdown", "breakdowns", multiple=True, type=click.Choice(tuple(TABLE_OF)),
              help="Print one more table: uplift by cell, winners and losers, curves, flows. May be given several "
              "times; --out writes all of them.")  # fmt: skip
@click.option("--attribute", is_flag=True,
              help="Split each difference by mechanism (price, points pressure, goal, tier, ...).")  # fmt: skip
@click.option("--no-break-even", "skip_break_even", is_flag=True,
              help="Leave out under which attrition_effect each margin pays; takes a quarter of the time.")  # fmt: skip
@click.option("--ensemble", is_flag=True,
              help="Take intervals across all assumptions that the calibration facts leave open.")  # fmt: skip
@assumptions_option(several=True)
@world_options
@workers_option()
@out_option()
@report_options
@resume_option
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON (money in cents, shares 0 to 1).")
def compare(
    policies: tuple[str, ...], scenarios: tuple[str, ...], replications: int | None,
    until: tuple[Precision, ...], breakdowns: tuple[str, ...], incumbent: str | None, population: str | None,
    members: str | None, shoppers: int | None, disturbances: tuple[str, ...], assumptions: tuple[str, ...],
    attribute: bool, skip_break_even: bool, ensemble: bool, workers: Workers, out: Path | None, language: str,
    with_report: bool, resume: bool, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Compare policies: the first POLICY named is the one that the others are held against.

    All arms go on from one shared warm-up with the same shoppers and the same random numbers, so a difference is what
    the policy caused. Intervals are 95 % each, paired by shopper. Bold differences and verdicts are certain for all
    differences of the comparison at once (docs/comparison.md).

    There is no verdict on a policy whose campaigns differ until six months after them lie in the horizon: a campaign
    borrows sales from the months that follow.

    With --members all arms open with the same real members in place of a warm-up; these became what they are under the
    incumbent, or the first POLICY if none is given.

    Most margins hang on one assumption that no order log can tell: how much a programme slows attrition
    (attrition_effect). So each margin is shown at four values of it, with the value from which the policy pays. That
    takes about four times as long as the comparison alone; --no-break-even leaves it out.

    With --ensemble every replication is a world of its own: it has assumptions, attrition_effect among them, that
    the published facts do not rule out (docs/evidence.md), and an interval holds the middle 95 % of these worlds.

    With --out a run that was stopped, by Ctrl-C or otherwise, leaves what it had finished in DIR.partial; the same
    command with --resume goes on from there, with the same result.
    """
    from memberlab.optimize import (
        WatchedExecutor,
        fail_if_not_comparable,
        load_ensemble,
        open_executor,
        question,
        work_of,
    )
    from memberlab.optimize import compare as compare_policies
    from memberlab.results import fail_if_not_usable

    if ensemble and (attribute or assumptions):
        raise click.UsageError("--ensemble brings assumptions of its own; leave out --attribute and --assumptions")
    if ensemble and until:
        raise click.UsageError("--ensemble has a replication for each set of assumptions; leave out --until-precision")
    if ensemble and set(breakdowns) - {"scenarios"}:
        raise click.UsageError("--ensemble takes intervals across worlds, not shoppers; leave out --breakdown")
    vectors = load_ensemble() if ensemble else ()
    replications = len(vectors) or replications or (64 if until else 4)
    started = time.time()
    names, given = split_weights(scenarios)
    inputs = load_inputs(policies, names, incumbent, population, shoppers, assumptions, members, disturbances)
    fail_if_launches_do_not_fit(policies, inputs)
    if out is not None:
        fail_if_not_usable(out, force=force)
    weights = weights_by_name(inputs.scenarios, given)
    with_tables = (out is not None or bool(set(breakdowns) - {"scenarios"})) and not ensemble
    fail_if_not_comparable(inputs.policies, inputs.scenarios, inputs.incumbent)
    ahead = work_of(
        inputs.policies, inputs.scenarios, replications, break_even=not (skip_break_even or ensemble)
    )  # fmt: skip
    asked = question(
        inputs.policies, inputs.scenarios, inputs.incumbent, inputs.population, replications=replications,
        break_even=not skip_break_even, attribute=attribute, ensemble=ensemble, weights=weights,
        until=[str(one) for one in until], tables=with_tables,
    )  # fmt: skip
    with kept_when_interrupted(out, asked, resume=resume, force=force) as keeper:
        tell_what_lies_ahead(ahead, workers, quiet=as_json)
        with work_bar("comparing", quiet=as_json) as bar, open_executor(workers) as pool:
            warn_of_small_workers(ahead, pool)
            executor = WatchedExecutor(keeper.remembering(pool), ahead, bar)
            progress = keeper.heeding()
            result = compare_policies(
                inputs.policies,
                inputs.scenarios,
                replications=replications,
                executor=executor,
                incumbent=inputs.incumbent,
                population=inputs.population,
                break_even=not (skip_break_even or ensemble),
                ensemble=vectors,
                books=out is not None and not ensemble,
                tables=with_tables,
                weights=weights,
                until=until,
                progress=progress,
            )
            split = attributions(result, inputs, executor, progress) if attribute else []
        if out is not None:
            write_comparison(out, result, split, inputs, started, force)
    page = None if out is None else leave_report(out, language, with_report=with_report)
    if as_json:
        parts = [{str(name): _or_null(value) for name, value in row.items()}
                 for one in split for row in one.table.to_dict("records")]  # fmt: skip
        more: dict[str, object] = {"attribution": parts} if attribute else {}
        if not (skip_break_even or ensemble):
            more["break_even"] = break_evens_of(result)
        more |= {name: records_of(result.breakdowns[TABLE_OF[name]]) for name in breakdowns
                 if TABLE_OF[name] in result.breakdowns}  # fmt: skip
        if result.looks is not None:
            more["precision"] = {"reached": result.looks.is_reached, "told": str(result.looks)}
        report = {
            "replications": result.replications, "family": result.joint.family, "figures": records_of(result.table),
            "over_scenarios": records_of(result.over_scenarios), "verdicts": records_of(result.verdicts), **more,
        }  # fmt: skip
        click.echo(json.dumps(report, indent=2))
        return
    show_comparison(result, split, breakdowns, out)
    if page is not None:
        click.echo(report_told(page))


def attributions(
    result: Comparison, inputs: Inputs, executor: Executor, progress: Callable[[int, int], None]
) -> list[Attribution]:
    """Return what the differences of each policy from the first are made of, scenario by scenario."""
    from memberlab.optimize import attribute

    return [
        attribute(
            inputs.policies[0], arm.policy, arm.scenario, replications=result.replications, executor=executor,
            incumbent=inputs.incumbent, population=inputs.population, progress=progress,
        )
        for arm in result.arms
        if arm.policy is not inputs.policies[0]
    ]  # fmt: skip


def split_weights(scenarios: Sequence[str]) -> tuple[tuple[str, ...], list[str | None]]:
    """Return the scenarios' names or files, and what stands behind the `=` of each; None where nothing does."""
    names, given = [], []
    for text in scenarios:
        name, mark, weight = ("", "", text) if Path(text).is_file() else text.rpartition("=")
        names.append(name if mark else text)
        given.append(weight if mark else None)
    return tuple(names), given


def weights_by_name(scenarios: Sequence[Scenario], given: Sequence[str | None]) -> dict[str, float]:
    """Return the probabilities given, by name of scenario. Raises DocumentError for what is no probability, and where
    they do not come to 1.

    Under several sets of assumptions each scenario is so many worlds, which share its probability.
    """
    from memberlab.optimize import fill_weights
    from memberlab.policies import DocumentError, Problem

    worlds = len(scenarios) // max(1, len(given))
    found: dict[str, float] = {}
    for place, text in enumerate(given):
        for scenario in scenarios[worlds * place : worlds * (place + 1)] if text is not None else ():
            try:
                found[scenario.name] = float(text or "") / worlds
            except ValueError:
                message = f"{text!r} is no number; write the probability of a scenario as 0.3"
                raise DocumentError((Problem(scenario.name, None, "weight", message),)) from None
    fill_weights([scenario.name for scenario in scenarios], found)
    return found


def records_of(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table for JSON; a bound without limit, as a single shopper gives, is null, and so is what
    is not told; months are dates.
    """
    return [{str(name): _or_null(value) for name, value in row.items()} for row in table.to_dict("records")]


def break_evens_of(result: Comparison) -> list[dict[str, object]]:
    """Return for JSON where the margin of each policy turns, and its uplift at the values shown, in cents."""
    from memberlab.optimize import break_even_rows, margin_rows

    return [
        {
            "scenario": arm.scenario.name, "policy": arm.policy.name, "own_attrition_effect": arm.break_even.own,
            "pays": arm.break_even.pays.name.lower(), "told": str(arm.break_even),
            "crossings": [] if not arm.break_even.crossings else [
                {name: row[name] for name in ("break_even", "low", "high", "pays_above")}
                for row in break_even_rows(arm.break_even)
            ],
            "margins": [{name: _or_null(value) for name, value in row.items()} for row in margin_rows(arm.break_even)],
        }
        for arm in result.arms if arm.break_even is not None
    ]  # fmt: skip


def _or_null(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def show_comparison(result: Comparison, split: list[Attribution], breakdowns: Sequence[str], out: Path | None) -> None:
    """Print a table and the verdicts for each scenario, what was asked of besides, and where the rest is."""
    from .break_even_tables import EXPLANATION, margins_table
    from .comparison_tables import breakdown_views, scenarios_view
    from .tables import attribution_table, comparison_table, console

    screen = console()
    for arms in by_scenario(result):
        screen.print(comparison_table(result, arms))
        if any(arm.break_even is not None for arm in arms):
            screen.print(margins_table(arms))
            screen.print(EXPLANATION, highlight=False)
            screen.print()
        for arm in arms[1:]:
            screen.print(str(result.verdict(arm)), highlight=False)
            if arm.break_even is not None:
                screen.print(f"  By attrition_effect, {arm.policy.name} {arm.break_even}.", highlight=False)
        screen.print()
        for one in split:
            if one.scenario is arms[0].scenario:
                screen.print(attribution_table(one))
                if one.idle:
                    screen.print(f"Without effect here: {', '.join(one.idle)}.")
                screen.print()
    if len(result.scenarios) > 1 and "scenarios" not in breakdowns:
        screen.print(scenarios_view(result))
    for name in breakdowns:
        for view in breakdown_views(result, name):
            screen.print(view, highlight=False)
        screen.print()
    if result.joint.family > 1:
        screen.print(family_told(result), highlight=False)
    if result.looks is not None:
        screen.print(str(result.looks), highlight=False)
    if out is not None:
        screen.print(f"Comparison written to {out}; breakdowns, curves and flows are in {out / 'tables'}.")


def family_told(result: Comparison) -> str:
    """Return what the bold differences have in common."""
    family = result.joint.family
    if result.across_worlds:
        return f"Bold: 95 % of the worlds lie on one side of zero, in a band that holds for all {family} differences."
    wider = result.joint.simultaneous / result.joint.pointwise
    return (
        f"Intervals hold with 95 % each. Bold and verdicts hold for all {family} differences of this comparison at "
        f"once, by intervals {wider:.2f} times as wide."
    )
