"""`memberlab fee`: what the fee of a paid membership does to margin, members and retention, and which one to ask.

Serves the strategist who has to name a price.
"""

from __future__ import annotations

import json
import math
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .names import POLICY, SCENARIO
from .option_groups import GivenWorld, Work, given_world_options, replications_option, work_options
from .options import progress_bar
from .output_options import print_json
from .report_options import leaves_report
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    from memberlab.optimize import FeeFound

SYNTAX = "write FROM:TO:STEP or FEE,FEE in currency units, such as 49:299:25"
MOST = 200


@click.command()
@click.argument("policy", type=POLICY)
@click.argument("scenarios", type=SCENARIO, nargs=-1, metavar="[SCENARIO]...")
@click.option("--fees", metavar="FROM:TO:STEP|FEE,FEE",
              help="Fees that are tried first.  "
              "[default: ten, from a fifth to three times the policy's own]")  # fmt: skip
@click.option(
    "--against", type=POLICY, metavar="NAME|FILE", help="Today's policy.  [default: each scenario's incumbent]"
)
@click.option("--refine", type=click.IntRange(0, 10), default=3, show_default=True, metavar="N",
              help="Times that the fees half way to the neighbours of the best are tried as well.")  # fmt: skip
@click.option("--step", default="1", show_default=True, metavar="AMOUNT",
              help="What a refined fee is a multiple of, in currency units.")  # fmt: skip
@replications_option(2)
@given_world_options()
@work_options()
@leaves_report
def fee(
    policy: str, scenarios: tuple[str, ...], fees: str | None, against: str | None, refine: int, step: str,
    replications: int, given: GivenWorld, work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Find the fee of POLICY's paid membership, over one or more scenarios (baseline where none is named).

    \b
    memberlab fee jd-plus
    memberlab fee jd-plus baseline recession --fees 49:299:50 --out DIR
    memberlab fee jd-plus --against four-tiers-simple --shoppers 5000 --replications 8

    All fees meet the same shoppers with the same chances: first a grid, then nearer and nearer to the best, and beyond
    the grid where the best is at its end and --fees was not given. The table says for each fee how many members there
    are at the end, what fees bring, the margin against today's policy with a 95 % interval paired by shopper,
    retention, and how many members gain more than they pay: of those whose term has run 90 days, who saved more by
    discounts, shipping and points of the membership than the part of the fee that has gone.

    It ends with the fee of the largest margin, the range of fees within one standard error of it (paired), and the fees
    at which the margin is today's. With several scenarios that is about their mean, with each one's own best below.
    With --out the folder holds the table, a picture, and the policy at the best fee.
    """
    from memberlab.optimize import fee_grid, find_fee, open_executor, question
    from memberlab.policies import load_policy

    started = time.time()
    grid, multiple = read_fees(fees), read_amount(step, "--step")
    names = (policy,) if against is None else (policy, against)
    worlds = scenarios or ("baseline",)
    inputs = given.load(names, worlds)
    today = [
        inputs.policies[1] if against is not None else inputs.incumbent or load_policy(world.incumbent)
        for world in inputs.scenarios
    ]
    fail_if_twice([world.name for world in inputs.scenarios])
    work.fail_if_not_usable()
    asked = question(
        inputs.policies[:1], inputs.scenarios, inputs.incumbent, inputs.population, replications=replications,
        held_against=", ".join(f"{one.digest()} {one.name}" for one in today), fees=f"{fees} {refine} {step}",
    )  # fmt: skip
    lives = 1 + len(grid or fee_grid(inputs.policies[0]))
    for world in inputs.scenarios:
        tell_of_lives(world, work.workers, replications=replications, lives=lives)
    with work.kept(asked) as keeper:
        with progress_bar("living") as progress, open_executor(work.workers) as pool:
            found = find_fee(
                inputs.policies[0], inputs.scenarios, against=today, fees=grid, rounds=refine, step=multiple,
                replications=replications, executor=keeper.remembering(pool), incumbent=inputs.incumbent,
                population=inputs.population, progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, found, started, work.force)
    if as_json:
        print_json(as_data(found))
        return
    show(found)
    if work.out is not None:
        click.echo(f"Written to {work.out}: fee.csv, fee.png, best-fee.yaml")


def fail_if_twice(names: list[str]) -> None:
    """Raise DocumentError for a scenario that is named twice."""
    from memberlab.policies import DocumentError, Problem

    again = [name for place, name in enumerate(names) if name in names[:place]]
    if again:
        raise DocumentError([Problem("SCENARIO", None, again[0], "is there twice; name each scenario once")])


def read_amount(text: str, option: str) -> Decimal:
    """Return an amount above 0 in currency units. Raises DocumentError for anything else."""
    from memberlab.policies import DocumentError, Problem

    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(0)
    if not (amount.is_finite() and 0 < amount <= 1_000_000 and amount == amount.quantize(Decimal("0.01"))):
        message = f"'{text}' is no amount above 0 in whole cents; write for example 149 or 9.90"
        raise DocumentError([Problem(option, None, "", message)])
    return amount


def read_fees(text: str | None) -> tuple[Decimal, ...]:
    """Return the fees of `FROM:TO:STEP` or `FEE,FEE`; none where none are given. Raises DocumentError."""
    from memberlab.policies import DocumentError, Problem

    if text is None:
        return ()
    if ":" not in text:
        return tuple(sorted({read_amount(one, "--fees") for one in text.split(",")}))
    parts = text.split(":")
    if len(parts) != 3:
        raise DocumentError([Problem("--fees", None, "", f"'{text}' cannot be read; {SYNTAX}")])
    low, high, step = (read_amount(one, "--fees") for one in parts)
    if low >= high or (high - low) % step:
        raise DocumentError([Problem("--fees", None, "", f"{step} does not lead from {low} to {high}; {SYNTAX}")])
    count = int((high - low) / step) + 1
    if count > MOST:
        raise DocumentError([Problem("--fees", None, "", f"{count} fees; write a larger step, for {MOST} at most")])
    return tuple(low + step * number for number in range(count))


def show(found: FeeFound) -> None:
    """Print the table of fees, and what follows."""
    from rich.table import Table

    from memberlab.results import KPIS, written

    from .tables import console, interval

    screen, best = console(), found.best()
    table = Table(title=title_of(found), title_justify="left", title_style="bold")
    for head in ("Fee", "Members\nat the end", "Fees\nearned", "Contribution margin\nagainst today",
                 "Retention\nagainst today", "Gain more\nthan they pay"):  # fmt: skip
        table.add_column(head, justify="right")
    for point in found.points:
        if not point.outcomes:
            table.add_row(str(point.fee), f"refused: {point.refusal}".replace("[", r"\["))
            continue
        members = written(point.uplift("paid_members").value, KPIS["paid_members"].unit)
        gaining = "-" if math.isnan(point.gaining) else f"{point.gaining:.0%}"
        table.add_row(
            str(point.fee), members, written(point.fees_earned, "money"), interval(point.uplift("margin")),
            interval(point.uplift("retention")), gaining, style="bold" if point is best else "",
        )  # fmt: skip
    screen.print(table)
    for sentence in told(found):
        screen.verdict(sentence, highlight=False, markup=False)


def title_of(found: FeeFound) -> str:
    """Return what was asked, in one line."""
    runs = "1 replication" if found.replications == 1 else f"{found.replications} replications"
    worlds = ", ".join(scenario.name for scenario in found.scenarios)
    mean = "mean over " if len(found.scenarios) > 1 else ""
    today = ", ".join(dict.fromkeys(policy.name for policy in found.against))
    return f"Fee of {found.policy.name} against {today}: {mean}{worlds}, {found.scenarios[0].currency}, {runs}"


def told(found: FeeFound) -> list[str]:
    """Return in sentences the best fee, those as good, and the break-evens; by scenario too where there are several."""
    from memberlab.results import KPIS, written_difference

    best, (low, high) = found.best(), found.as_good()
    uplift = best.uplift("margin")
    currency = found.scenarios[0].currency
    reach = (
        ""
        if best.fee not in (found.lived[0].fee, found.lived[-1].fee)
        else (" It is at the end of the fees tried; try more with --fees.")
    )
    size = written_difference(KPIS["margin"], uplift.difference)
    ends = " to ".join(written_difference(KPIS["margin"], end) for end in (uplift.low, uplift.high))
    said = [f"Largest margin at a fee of {best.fee} {currency}: {size} ({ends}) against today.{reach}"]
    if uplift.high <= 0 or uplift.low <= 0 < uplift.high:
        worse = "is below" if uplift.high <= 0 else "is not surely above"
        said.append(f"Even there the margin {worse} that of today's policy.")
    said.append(f"Within one standard error of it: {low} to {high} {currency}." if low < high else
                "No other fee tried is within one standard error of it.")  # fmt: skip
    said.append(break_evens_told(found, None).replace("the", "The", 1))
    if len(found.scenarios) > 1:
        for place, scenario in enumerate(found.scenarios):
            ends = " to ".join(str(end) for end in found.as_good(place))
            said.append(f"In {scenario.name} {found.best(place).fee} is best ({ends} within one standard error); "
                        f"{break_evens_told(found, place)}")  # fmt: skip
    return said


def break_evens_told(found: FeeFound, scenario: int | None) -> str:
    """Return in a sentence at which fees the margin is today's."""
    crossings = found.break_evens(scenario)
    if not crossings:
        margins = [one.uplift("margin") if scenario is None else one.outcomes[scenario].uplifts["margin"]
                   for one in found.lived]  # fmt: skip
        above = all(one.difference > 0 for one in margins)
        return f"the margin is {'above' if above else 'below'} today's at every fee tried."
    parts = []
    for one in crossings:
        low, high = ("open" if end is None else f"{end:.4g}" for end in (one.low, one.high))
        parts.append(f"{'from' if one.rising else 'up to'} about {one.value:.4g} ({low} to {high})")
    return f"the margin is above today's {' and '.join(parts)}."


def break_evens_of(found: FeeFound) -> list[dict[str, Any]]:
    """Return the fees at which the mean margin is today's, as plain data; an end that is open is null."""
    return [{"fee": one.value, "low": one.low, "high": one.high, "rising": one.rising} for one in found.break_evens()]


def as_data(found: FeeFound) -> dict[str, Any]:
    """Return what was found as plain data."""
    low, high = found.as_good()
    return {
        "policy": found.policy.name, "against": [one.name for one in found.against],
        "scenarios": [one.name for one in found.scenarios], "currency": found.scenarios[0].currency,
        "replications": found.replications, "best_fee": float(found.best().fee),
        "within_one_standard_error": [float(low), float(high)],
        "break_even_fees": break_evens_of(found),
        "summary": told(found), "figures": json.loads(found.table.to_json(orient="records")),
    }  # fmt: skip


def write(out: Path, found: FeeFound, started: float, force: bool) -> None:
    """Write the folder: table, picture, policies and a manifest."""
    from memberlab.results import new_run, write_manifest

    with new_run(out, force=force) as folder:
        found.table.to_csv(folder / "fee.csv", index=False)
        found.table.to_parquet(folder / "fee.parquet", index=False)
        (folder / "policy.yaml").write_text(found.policy.to_yaml(), encoding="utf-8")
        (folder / "best-fee.yaml").write_text(found.at(found.best().fee).to_yaml(), encoding="utf-8")
        draw(folder / "fee.png", found)
        write_manifest(
            folder, started, kind="fee", policy=found.policy.digest(), best_fee=float(found.best().fee),
            against=[one.digest() for one in found.against], replications=found.replications,
            currency=found.scenarios[0].currency, break_even_fees=break_evens_of(found),
            within_one_standard_error=[float(end) for end in found.as_good()],
            names={"policy": found.policy.name,
                   "against": ", ".join(dict.fromkeys(one.name for one in found.against))},
            scenarios={one.name: one.digest() for one in found.scenarios},
        )  # fmt: skip


def draw(path: Path, found: FeeFound) -> None:
    """Draw the fees and what they bring, mean over scenarios."""
    from memberlab.optimize import own_fee
    from memberlab.results import FeeDrawn, Uplift, fee_picture

    def ends(uplift: Uplift) -> tuple[float, float, float]:
        return uplift.difference, uplift.low, uplift.high

    low, high = found.as_good()
    fees = [
        FeeDrawn(float(one.fee), ends(one.uplift("margin")), ends(one.uplift("retention")),
                 one.uplift("paid_members").value, one.fees_earned, one.gaining)
        for one in found.lived
    ]  # fmt: skip
    fee_picture(
        fees, path, found.scenarios[0].currency, title_of(found), best=float(found.best().fee),
        as_good=(float(low), float(high)), own=float(own_fee(found.policy)),
        notes=[*told(found), "Bands are 95 % intervals."],
    )  # fmt: skip
