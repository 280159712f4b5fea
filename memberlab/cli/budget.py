"""`memberlab budget`: a budget's ceilings against what a policy costs and owes, day by day.

Serves finance before a programme is signed off, and whoever changes a policy under a budget.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from .exit_codes import ExitCode
from .migrations import fail_if_launches_do_not_fit
from .names import FILE, POLICY
from .option_groups import GivenWorld, Work, given_world_options, replications_option, scenario_option, work_options
from .options import (
    Inputs,
    attempt,
    progress_bar,
)
from .output_options import print_json
from .work_ahead import tell_of_lives
from .worker_options import Keeper

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.optimize import Workers
    from memberlab.policies import Problem
    from memberlab.results import Budget, BudgetCheck, CeilingCheck, PeriodCheck


@click.command()
@click.argument("budget", type=FILE, metavar="BUDGET")
@click.argument("policy", type=POLICY, metavar="POLICY|RUN")
@scenario_option()
@replications_option(4, "Independent populations in which each ceiling is tried.")
@click.option("--periods", is_flag=True, help="Show every period of every ceiling, not only the tightest.")
@given_world_options()
@work_options("the check as JSON (money in cents, shares 0 to 1)")
@click.pass_context
def budget(
    context: click.Context, budget: str, policy: str, scenario: str, replications: int, periods: bool,
    given: GivenWorld, work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Hold the ceilings of BUDGET (a .yaml file) against POLICY (a name or a .yaml file) in one scenario, or against a
    RUN that `memberlab run --out` has left in a folder.

    Each ceiling passes or fails, with the earliest day on which it breaks in any replication, the median of those days,
    and the probability that it breaks with its 95 % interval: replications are independent populations, so 4 of them
    say little about a rare break, and 60 in which it holds leave at most 6 %.

    With --out the check is written, ceiling by ceiling and period by period; a check that was stopped goes on with
    --resume.

    Exit code 0 when every ceiling passes, 1 when one fails, 2 when a file cannot be used.
    """
    started = time.time()
    work.fail_if_not_usable()
    if Path(policy).is_dir():
        check, where = check_stored(read_budget(budget), budget, fail_if_lived_again(context, Path(policy)))
        if work.out is not None:
            write(work.out, check, where, started, work.force)
    else:
        loaded, inputs = read_documents(budget, policy, scenario, given)
        where = inputs.scenarios[0].name
        with work.kept(question_of(loaded, inputs, replications)) as keeper:
            check = live(loaded, inputs, replications, work.workers, keeper)
            if work.out is not None:
                write(work.out, check, where, started, work.force)
    if as_json:
        print_json({"scenario": where, **as_data(check)})
    else:
        show(check, f"{check.policy.name} in {where}", periods=periods)
        work.tell_where("Check")
    if not check.is_kept:
        context.exit(ExitCode.ANSWER_IS_NO)


def fail_if_lived_again(context: click.Context, run: Path) -> Path:
    """Return the stored run; raise UsageError for an option that would live it again."""
    options = (
        "scenario", "replications", "assumptions", "incumbent", "population", "members", "disturbances", "shoppers",
        "workers", "cluster", "resume",
    )  # fmt: skip
    said = [one for one in options if context.get_parameter_source(one) is ParameterSource.COMMANDLINE]
    if said:
        spoken = "with" if said[0] == "disturbances" else said[0]
        raise click.UsageError(f"a stored run has been lived already; leave out --{spoken}")
    return run


def read_budget(file: str) -> Budget:
    """Return the budget. Raises DocumentError for one that cannot be used."""
    from memberlab.results import load_budget

    return load_budget(file)


def read_documents(file: str, policy: str, scenario: str, given: GivenWorld) -> tuple[Budget, Inputs]:
    """Return the budget, and the policy and scenario that it is held against.

    Raises one DocumentError with the faults of all of them.
    """
    from memberlab.policies import DocumentError
    from memberlab.results import fail_if_budget_does_not_fit

    problems: list[Problem] = []
    loaded = attempt(read_budget, file, problems)
    try:
        inputs = given.load((policy,), (scenario,))
    except DocumentError as fault:
        raise DocumentError([*problems, *fault.problems]) from None
    if loaded is None:
        raise DocumentError(problems)
    fail_if_launches_do_not_fit((policy,), inputs)
    fail_if_budget_does_not_fit(loaded, file, inputs.policies[0], inputs.scenarios[0])
    return loaded, inputs


def question_of(budget: Budget, inputs: Inputs, replications: int) -> dict[str, str]:
    """Return what is asked, for a check that can go on."""
    from memberlab.optimize import question

    return question(
        inputs.policies, inputs.scenarios, inputs.incumbent, inputs.population, replications=replications,
        the_budget=budget.digest(),
    )  # fmt: skip


def live(budget: Budget, inputs: Inputs, replications: int, workers: Workers, keeper: Keeper) -> BudgetCheck:
    """Live the policy by independent populations, and hold the budget against it."""
    from memberlab.optimize import live_budget, open_executor

    tell_of_lives(inputs.scenarios[0], workers, replications=replications, lives=1)
    with progress_bar("living") as progress, open_executor(workers) as pool:
        return live_budget(
            budget, inputs.policies[0], inputs.scenarios[0], replications=replications,
            executor=keeper.remembering(pool), incumbent=inputs.incumbent, population=inputs.population,
            progress=keeper.heeding(progress),
        )  # fmt: skip


def write(out: Path, check: BudgetCheck, where: str, started: float, force: bool) -> None:
    """Write the folder: ceilings and periods as tables (money in cents, shares 0 to 1), the documents, a manifest."""
    import pandas as pd

    from memberlab.results import new_run, write_manifest

    told = as_data(check)["ceilings"]
    assert isinstance(told, list)
    ceilings = pd.DataFrame(told)
    periods = ceilings[["ceiling", "periods"]].explode("periods", ignore_index=True)
    spread = pd.DataFrame(periods["periods"].tolist())
    with new_run(out, force=force) as folder:
        ceilings.drop(columns="periods").to_csv(folder / "ceilings.csv", index=False)
        pd.concat([periods[["ceiling"]], spread], axis=1).to_csv(folder / "periods.csv", index=False)
        (folder / "budget.yaml").write_text(check.budget.to_yaml(), encoding="utf-8")
        (folder / f"policy-{check.policy.name}.yaml").write_text(check.policy.to_yaml(), encoding="utf-8")
        write_manifest(
            folder, started, kind="budget", budget=check.budget.digest(), policy=check.policy.digest(),
            scenario=where, replications=check.replications, kept=check.is_kept,
        )  # fmt: skip


def check_stored(budget: Budget, file: str, run: Path) -> tuple[BudgetCheck, str]:
    """Hold the budget of `file` against the one run that `memberlab run --out` left in a folder; return the check and
    the scenario's name.
    """
    import pandas as pd

    from memberlab.policies import DocumentError, Problem
    from memberlab.results import check_budget, fail_if_budget_does_not_fit, read_books, stored_costs
    from memberlab.scenarios import scenario_of_run

    books = read_books(run)
    world, ledger = scenario_of_run(run, books.scenario), run / "daily.parquet"
    if world is None or not ledger.is_file():
        missing = "scenario" if world is None else ledger.name
        again = "write it again with memberlab run --out; of a comparison, name policy and scenario instead"
        raise DocumentError(
            [Problem(str(run), None, "", f"has no {missing} that a budget can be held against; {again}")]
        )
    fail_if_budget_does_not_fit(budget, file, books.policy, world)
    opening = books.balances[books.balances["month"] == books.opening_month]
    first, after = books.months[0].date(), (books.months[-1] + pd.DateOffset(months=1)).date()
    costs = stored_costs(
        pd.read_parquet(ledger),
        first,
        (after - first).days,
        int(opening["points"].sum()),
        int(opening["credits"].sum()),
    )
    return check_budget(budget, books.policy, [costs]), books.scenario


def as_data(check: BudgetCheck) -> dict[str, object]:
    """Return a check as plain data: money in cents, days as ISO 8601."""
    return {
        "budget": check.budget.name, "policy": check.policy.name, "currency": check.budget.currency,
        "replications": check.replications, "kept": check.is_kept,
        "ceilings": [
            {
                "ceiling": one.ceiling, "title": one.title, "verdict": one.verdict.value, "broken": one.broken,
                "probability": one.probability, "low": one.low, "high": one.high,
                "first_day": _iso(one.first_day), "usual_day": _iso(one.usual_day),
                "periods": [
                    {
                        "period": part.period, "whole": part.is_whole, "limit": part.limit, "mean": part.mean,
                        "most": part.most, "broken": part.broken, "first_day": _iso(part.first_day),
                        "usual_day": _iso(part.usual_day),
                    }
                    for part in one.periods
                ],
            }
            for one in check.ceilings
        ],
    }  # fmt: skip


def _iso(day: object) -> str | None:
    return None if day is None else str(day)


def show(check: BudgetCheck, where: str, *, periods: bool) -> None:
    """Print a row for each ceiling, every period if they are wanted, and how many ceilings pass."""
    from rich.table import Table

    from .tables import console

    runs = "1 replication" if check.replications == 1 else f"{check.replications} replications"
    title = f"{check.budget.title or check.budget.name}: {where}, {check.budget.currency}, {runs}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Ceiling", min_width=26)
    table.add_column("Tightest")
    for head in ("Limit", "Mean", "Of limit"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    for head in ("Breaks on", "Median"):
        table.add_column(head, no_wrap=True)
    table.add_column("Probability", no_wrap=True)
    for one in check.ceilings:
        table.add_row(one_title(one), *_figures(one.tightest), *_told(one))
    screen = console()
    screen.print(table)
    if periods:
        screen.print(periods_table(check))
    passed = sum(one.verdict.value == "pass" for one in check.ceilings)
    risk = check.budget.accepted_risk
    accepted = f"; a ceiling may break in {risk / 100:g} % of the replications" if risk else ""
    screen.print("Breaks on: the earliest day in any replication; the interval of the probability is 95 %, exact.")
    screen.verdict(f"{passed} of {len(check.ceilings)} ceilings pass{accepted}.")


def periods_table(check: BudgetCheck) -> Table:
    """Return a row for every period of every ceiling."""
    from rich.table import Table

    table = Table(title="Period by period", title_justify="left", title_style="bold")
    table.add_column("Ceiling")
    table.add_column("Period", no_wrap=True)
    for head in ("Limit", "Mean", "Of limit", "Most", "Broken in"):
        table.add_column(head, justify="right", no_wrap=True)
    for head in ("Breaks on", "Median"):
        table.add_column(head, no_wrap=True)
    for one in check.ceilings:
        for part in one.periods:
            days = (_iso(part.first_day) or "-", _iso(part.usual_day) or "-")
            broken = f"{part.broken} of {check.replications}"
            is_last = part is one.periods[-1]
            table.add_row(one_title(one), *_figures(part), _money(part.most), broken, *days, end_section=is_last)
    return table


def one_title(one: CeilingCheck) -> str:
    """Return what a ceiling is on and for which periods: `Coupons, each quarter`."""
    kind = one.kind if one.kind in ("horizon", "year end", "any day") else f"each {one.kind}"
    return f"{one.title}, {kind}"


def _figures(part: PeriodCheck) -> tuple[str, ...]:
    """Return a period's name, its limit, what was reached in the mean, and that over the limit."""
    partly = "" if part.is_whole else " (in part)"
    used = f"{part.share:.0%}" if part.limit else "-"
    return f"{part.period}{partly}", _money(part.limit), _money(part.mean), used


def _told(one: CeilingCheck) -> tuple[str, ...]:
    """Return the verdict, the days and the probability of a ceiling."""
    verdict = "[bold red]FAIL[/bold red]" if one.verdict.value == "fail" else "pass"
    share = f"{one.probability:.0%} ({one.low:.0%} to {one.high:.0%})"
    return verdict, _iso(one.first_day) or "-", _iso(one.usual_day) or "-", share


def _money(cents: float) -> str:
    return f"{cents / 100:,.2f}"
