"""`memberlab trace`: one shopper's life under two policies side by side, with what was behind each decision.

Serves whoever asks why a shopper bought more under one policy than under the other.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .exit_codes import ExitCode
from .migrations import fail_if_launches_do_not_fit
from .names import POLICY
from .option_groups import scenario_option
from .options import assumptions_option, load_inputs, progress_bar, world_options
from .output_options import print_json, result_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from memberlab.policies import Policy
    from memberlab.scenarios import Population, Scenario
    from memberlab.sim import Calendar, Condition, Life, Moment

DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("shopper", type=click.IntRange(min=0))
@click.argument("policies", type=POLICY, nargs=-1, required=True, metavar="POLICY [POLICY]")
@scenario_option("The world to live in.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed that replaces the scenario's, as in `run`.")
@click.option("--replication", type=click.IntRange(1, 1000),
              help="Population number N of `compare` in place of that of `run`.")  # fmt: skip
@click.option("--from", "since", type=DATE, metavar="DATE", help="Tell the life from this day on (2027-03-01).")
@click.option("--until", type=DATE, metavar="DATE", help="Live up to and including this day only.")
@assumptions_option()
@world_options
@click.option("--all-visits", is_flag=True, help="Also tell the visits on which nothing came of it.")
@result_options("the lives as JSON (money in cents, utilities as log odds)")
@click.pass_context
def trace(
    ctx: click.Context, shopper: int, policies: tuple[str, ...], scenario: str, seed: int | None,
    replication: int | None, since: datetime.datetime | None, until: datetime.datetime | None,
    incumbent: str | None, population: str | None, members: str | None, shoppers: int | None,
    disturbances: tuple[str, ...], assumptions: str | None,
    all_visits: bool, as_json: bool,
) -> None:  # fmt: skip
    """Tell the life of one shopper, by number, under two policies side by side: from launch on, with the utilities
    behind each decision.

    With one POLICY, the other is the scenario's incumbent. Both lives go on from one warm-up with the same random
    numbers, so that they are the same until a policy makes a difference. Everybody lives in a full run; then the
    shopper lives again alone, with every rule listened to, and is held against the full run to the last bit.
    """
    from memberlab.policies import load_policy
    from memberlab.sim import calendar_of

    if len(policies) > 2:
        raise click.UsageError(f"trace compares two policies at most, not {len(policies)}")
    if seed is not None and replication is not None:
        raise click.UsageError("--seed and --replication both choose the population; give one of them")
    sets = () if assumptions is None else (assumptions,)
    inputs = load_inputs(policies, (scenario,), incumbent, population, shoppers, sets, members, disturbances)
    fail_if_launches_do_not_fit(policies, inputs)
    world = inputs.scenarios[0]
    old_policy = inputs.incumbent or load_policy(world.incumbent)
    traced = inputs.policies if len(policies) == 2 else [old_policy, *inputs.policies]
    calendar = calendar_of(world)
    last = last_day(calendar, None if until is None else until.date())
    first = first_day(calendar, None if since is None else since.date(), last)
    fail_if_nobody(world, shopper)
    number = seed_of(world, seed, replication)
    with progress_bar("tracing") as progress:
        lives = live(world, old_policy, inputs.population, traced, shopper, number, last, progress)
    if as_json:
        told = [
            life_as_json(policy, old_policy, life, calendar, first) for policy, life in zip(traced, lives, strict=True)
        ]
        head = {"shopper": shopper, "scenario": world.name, "seed": number, "currency": world.currency}
        print_json({**head, "lives": told})
    else:
        show(world, traced, old_policy, lives, first, last, all_visits)
    if not all(life.is_the_full_runs for life in lives):
        click.echo(
            "the shopper who lived alone is not the one of the full run: a fault of memberlab, please report it",
            err=True,
        )
        ctx.exit(ExitCode.ANSWER_IS_NO)


def last_day(calendar: Calendar, until: datetime.date | None) -> int:
    """Return the day after the last that is lived. Raises BadParameter when it lies outside the horizon."""
    if until is None:
        return calendar.end
    launch, end = calendar.date_of(calendar.launch), calendar.date_of(calendar.end - 1)
    if not launch <= until <= end:
        raise click.BadParameter(f"{until} is outside the horizon, {launch} to {end}", param_hint="--until")
    return (until - calendar.start).days + 1


def first_day(calendar: Calendar, since: datetime.date | None, last: int) -> int:
    """Return the first day that is told. Raises BadParameter when it lies before launch or after the last day."""
    if since is None:
        return calendar.launch
    launch, end = calendar.date_of(calendar.launch), calendar.date_of(last - 1)
    if not launch <= since <= end:
        raise click.BadParameter(f"{since} is outside the days lived, {launch} to {end}", param_hint="--from")
    return (since - calendar.start).days


def fail_if_nobody(world: Scenario, shopper: int) -> None:
    """Raise BadParameter when the scenario has no shopper of this number."""
    from memberlab.sim import regions_of

    count = sum(region.count for region in regions_of(world))
    if shopper >= count:
        raise click.BadParameter(
            f"{shopper} is nobody: the shoppers of {world.name} are 0 to {count - 1}", param_hint="SHOPPER"
        )


def seed_of(world: Scenario, seed: int | None, replication: int | None) -> int:
    """Return the seed asked for: the scenario's own, as in `run`, another one, or one of those of `compare`."""
    from memberlab.optimize import replication_seeds

    if replication is not None:
        return replication_seeds(world, 1, first=replication - 1)[0]
    return world.seed if seed is None else seed


def live(
    world: Scenario, incumbent: Policy, population: Population | None, policies: list[Policy], shopper: int, seed: int,
    until: int, progress: Callable[[int, int], None],
) -> tuple[Life, ...]:  # fmt: skip
    """Return the shopper's lives under `policies`, from one warm-up of the region in which the shopper lives."""
    from memberlab.sim import regions_of, warm_up
    from memberlab.sim import trace as trace_lives

    (region,) = (one for one in regions_of(world) if 0 <= shopper - one.first < one.count)
    progress(0, 2)
    start = warm_up(world, incumbent=incumbent, seed=seed, region=region.number, population=population)
    progress(1, 2)
    return trace_lives(start, policies, shopper, until)


def life_as_json(policy: Policy, former: Policy, life: Life, calendar: Calendar, first: int) -> dict[str, Any]:
    """Return a life for JSON: from day `first` on, with dates, and campaigns and tiers by name."""
    from .trace_words import month_told

    return {
        "policy": policy.name,
        "equals_full_run": life.is_the_full_runs,
        "turns_compared": life.turns,
        "differences": [asdict(difference) for difference in life.differences],
        "opening": condition_as_json(life.opening, former),
        "closing": condition_as_json(life.closing, policy),
        "lots": {month_told(calendar, month): points for month, points in sorted(life.lots.items())},
        "dated_lots": {str(calendar.date_of(day)): points for day, points in sorted(life.dated_lots.items())},
        "moments": [moment_as_json(one, policy, former, calendar) for one in life.moments if one.day >= first],
    }


def condition_as_json(condition: Condition, policy: Policy) -> dict[str, Any]:
    """Return what a shopper owns and feels for JSON; `policy` names the tiers."""
    from .trace_words import named

    tiers = list(policy.tiers)
    return {**asdict(condition), "tier": named(tiers, condition.tier) if tiers else None}


def moment_as_json(moment: Moment, policy: Policy, former: Policy, calendar: Calendar) -> dict[str, Any]:
    """Return a moment for JSON. Until the review of launch day the tier is one of the `former` ladder."""
    from .trace_words import month_told

    is_launch = moment.day == calendar.launch and moment.kind in ("campaign", "event", "month")
    campaigns = list(policy.campaigns)
    told = asdict(moment)
    del told["day"]
    told["before"] = condition_as_json(moment.before, former if is_launch else policy)
    told["after"] = condition_as_json(moment.after, former if is_launch and moment.kind != "month" else policy)
    told["lots"] = {month_told(calendar, month): points for month, points in moment.lots.items()}
    for contact in told["contacts"]:
        contact["campaign"] = campaigns[contact["campaign"]]
    if moment.visit is not None and moment.visit.basket is not None:
        told["visit"]["basket"]["campaigns"] = [campaigns[number] for number in moment.visit.basket.campaigns]
    return {"date": str(calendar.date_of(moment.day)), **told}


def show(
    world: Scenario, policies: list[Policy], former: Policy, lives: tuple[Life, ...], first: int, last: int,
    all_visits: bool,
) -> None:  # fmt: skip
    """Print the lives side by side, the sums, and how far the replay was held against the full run."""
    from .tables import console
    from .trace_tables import check_told, life_table, parting, summary_table

    screen = console()
    screen.print(life_table(world, policies, former, lives, first, last, all_visits))
    screen.verdict(parting(world, policies, lives), highlight=False, markup=False)
    screen.print(summary_table(world, policies, lives))
    for sentence in check_told(world, policies, lives):
        screen.print(sentence, highlight=False, markup=False)
