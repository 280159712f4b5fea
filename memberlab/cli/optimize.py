"""`memberlab optimize`: search for a better policy, confirm it on fresh seeds, and write the recommendation.

Serves the strategist. It can be stopped at any time and goes on where it was when the same command is given again.
"""

from __future__ import annotations

import time
from concurrent.futures import BrokenExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .against_today import leave_against_today
from .exit_codes import ExitCode
from .faults import Stopped
from .interrupts import was_interrupted
from .names import STUDY_OR_POLICY
from .options import assumptions_option, ledger_option, with_option, workers_option
from .output_options import is_silent, print_json, result_options
from .question_options import question_options
from .report_options import leave_report, report_options, report_told
from .search_budget import SearchBudget
from .study_progress import one_interrupt, shown_progress
from .study_result import as_data, show_result

if TYPE_CHECKING:
    from memberlab.optimize import BudgetName, Plan, StudyResult, Workers
    from memberlab.scenarios import Population


@click.command()
@click.argument("study", type=STUDY_OR_POLICY, metavar="STUDY|POLICY")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR",
              help="Folder of the study; give it again to go on where it was stopped.")  # fmt: skip
@ledger_option(
    "Keep evaluations on this PostgreSQL server, shared by a team, instead of in DIR: docs/search-ledger.md."
)
@click.option("--ledger-patience", type=click.FloatRange(0, 86_400), default=60.0, show_default=True, metavar="SECONDS",
              help="How long a ledger's server that goes away is tried again before the search stops.")  # fmt: skip
@workers_option(all_processors=True)
@click.option(
    "--policies", type=click.IntRange(2, 100_000), metavar="N", help="Policies to try, instead of the study's."
)
@click.option("--budget", type=SearchBudget(), metavar="[quick|standard|thorough|N]",
              help="What to spend, instead of the study's own numbers; see above.")  # fmt: skip
@click.option("--trips", type=click.Path(path_type=Path), metavar="LOG.csv",
              help="Fit the shoppers of every scenario to this log of purchases first.")  # fmt: skip
@click.option("--currency", default="XXX", metavar="CODE",
              help="Currency of the log's amounts, such as CNY; without it, that of the scenarios.")  # fmt: skip
@assumptions_option()
@with_option()
@question_options
@click.option(
    "--rival-reaction/--no-rival-reaction",
    "reactions",
    default=True,
    help="Choose again under other reactions of the rival, where a scenario has one (default: yes).",
)
@click.option(
    "--simpler/--no-simpler",
    "simpler",
    default=True,
    help="Take back single changes of the best policy, to find a simpler one as good (default: yes).",
)
@report_options
@result_options("the result as JSON (money in cents, shares 0 to 1)")
@click.pass_context
def optimize(
    context: click.Context, /, study: str, out: Path, ledger: str | None, ledger_patience: float, workers: Workers,
    policies: int | None, budget: BudgetName | int | None, trips: Path | None, currency: str, assumptions: str | None,
    disturbances: tuple[str, ...], reactions: bool, simpler: bool, language: str,
    with_report: bool, as_json: bool, **asked: Any,
) -> None:  # fmt: skip
    """Search for a better policy, as STUDY (a name or a .yaml file) describes, or about one thing of POLICY.

    \b
    memberlab optimize fashion-thresholds --out DIR
    memberlab optimize fashion-thresholds --out DIR --fix tiers.gold.threshold=1500 --free points.earn.points
    memberlab optimize jd-plus --out DIR --free membership.fee=49:299:25
    memberlab optimize jd-plus --out DIR --maximise margin --keep "retention >= today - 1 pt"

    The search proposes policies in waves and tries each on the same shoppers in every scenario. The best of them race
    on fresh seeds, and those that are left are run once more beside the incumbent on seeds held out until then; only
    these figures are shown. DIR then holds the recommended policy, the Pareto set, pictures, and
    report.html, a page in which every policy found can be looked into.
    Press Ctrl-C to stop; the same command goes on from there, with the same result. With --ledger evaluations are
    kept on a server, where a team shares them: nobody simulates what a colleague has.

    A budget counts policies and the populations that each meets in every scenario; how many shoppers these have is the
    study's (or the scenario's) own number. The best are lived some more under other attrition effects.

    \b
      quick     200 policies on 2, 20 raced on 4, 8 held out on 8
      standard  320 policies on 2, 32 raced on 4 to 8, 12 held out on 16
      thorough  600 policies on 3, 48 raced on 8 to 16, 16 held out on 32
      800       as many simulations (a policy on one population), shared as was found best: 400 on 1, 64 raced
                on 2, 37 held out on 7; docs/search-quality.md

    Most margins hang on one assumption that no order log can tell, attrition_effect. So the best are also run under
    other values of it, and each is shown with the value from which it adds margin; what would be recommended is told
    for each value, and for several reactions of the rival. At the end single changes of the best policy are taken
    back, which tells what each does and finds the simplest policy that is as good within one standard error. How many
    lives all of it takes is told at the start.

    Without a study a policy's own numbers are the levers, from about half to about twice of today's, on a small budget;
    DIR/study.yaml holds what was asked. docs/search-questions.md has more.

    Exit codes: 0 a recommendation, which may be to keep today's policy; 2 bad input; 3 no policy found keeps the
    limits, today's included, and DIR holds the nearest one; 130 stopped by Ctrl-C.
    """
    from memberlab.optimize import Question, plan_question, unmet
    from memberlab.sim import load_assumption_set

    started = time.time()
    population = None if trips is None else calibrated(trips, currency)
    chosen = None if assumptions is None else load_assumption_set(assumptions)
    plan = plan_question(
        study, Question(**asked), population=population, policies=policies, budget=budget, assumptions=chosen,
        disturbances=disturbances,
    )  # fmt: skip
    result = searched(plan, out, ledger, ledger_patience, workers, started, reactions=reactions, simpler=simpler)
    page = leave_report(out, language, with_report=with_report)
    if as_json:
        print_json(as_data(result))
    else:
        show_result(result, out, time.time() - started)
        if page is not None:
            click.echo(report_told(page))
    if unmet(result) is not None:
        context.exit(ExitCode.UNDECIDED)


def searched(
    plan: Plan, out: Path, ledger: str | None, patience: float, workers: Workers, started: float, *, reactions: bool,
    simpler: bool,
) -> StudyResult:  # fmt: skip
    """Live the study, or what is left of it, and write what was found; the command began at `started`.

    Raises Stopped at Ctrl-C, and ClickException where the ledger's server or a worker is lost; each says how to go on.
    """
    from memberlab.optimize import (
        LostLedgerError,
        open_executor,
        open_study_folder,
        planned_told,
        run_study,
        write_results,
    )

    with (
        one_interrupt() as interrupt,
        open_study_folder(out, plan, server=ledger, patience=patience, tell=tell) as opened,
        shown_progress(interrupt) as progress,
    ):
        if not is_silent():
            click.echo(planned_told(plan, reactions=reactions, simpler=simpler), err=True)
        executor = open_executor(workers)
        try:
            result = run_study(plan, opened, out, executor, progress=progress, reactions=reactions, simpler=simpler)
            write_results(out, result, started)
            leave_against_today(out, result, executor, partial(progress, "comparing"))
        except (Exception, KeyboardInterrupt) as fault:
            reached = f"stopped after {progress.tried} of {plan.study.search.policies} policies"
            if isinstance(fault, LostLedgerError):
                raise click.ClickException(f"{fault}; {reached}; run the same command to go on") from None
            if isinstance(fault, BrokenExecutor):
                raise click.ClickException(f"{fault}; run the same command to go on") from None
            if was_interrupted(fault):
                raise Stopped(f"\n{reached}; run the same command to go on") from None
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
    return result


def tell(message: str) -> None:
    """Say something about the ledger, beside the result."""
    click.echo(message, err=True)


def calibrated(trips: Path, currency: str) -> Population:
    """Return the population fitted to a log, as `memberlab calibrate` does."""
    from memberlab.scenarios import calibrate, read_transaction_log

    log = read_transaction_log(trips)
    return calibrate(
        log, currency=currency, title=f"Fitted to {log.name}"[:200], source=f"transaction log {log.name}",
        command="memberlab optimize --trips",
    )  # fmt: skip
