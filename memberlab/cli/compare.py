"""`memberlab compare`: the same shoppers under several policies, with intervals.

Serves the strategist's "what if".
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .comparison_data import comparison_data
from .comparison_shown import show_comparison
from .comparison_tables import TABLE_OF
from .comparison_wanted import Wanted
from .migrations import fail_if_launches_do_not_fit
from .names import POLICY, SCENARIO
from .option_groups import GivenWorld, Work, given_world_options, work_options
from .output_options import print_json
from .report_options import leave_report, report_options, report_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memberlab.optimize import Precision
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
@click.argument("policies", type=POLICY, nargs=-1, required=True, metavar="POLICY...")
@click.option("--scenario", "scenarios", multiple=True, default=("baseline",), show_default=True,
              type=SCENARIO, metavar="NAME|FILE[=P]",
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
@given_world_options(several=True)
@report_options
@work_options()
def compare(
    policies: tuple[str, ...], scenarios: tuple[str, ...], replications: int | None, until: tuple[Precision, ...],
    breakdowns: tuple[str, ...], attribute: bool, skip_break_even: bool, ensemble: bool, given: GivenWorld,
    language: str, with_report: bool, work: Work, as_json: bool,
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
    from memberlab.optimize import write_comparison

    started = time.time()
    fail_if_ensemble_cannot(ensemble, attribute, given.assumptions, until, breakdowns)
    names, chances = split_weights(scenarios)
    inputs = given.load(policies, names)
    fail_if_launches_do_not_fit(policies, inputs)
    work.fail_if_not_usable()
    wanted = Wanted(
        inputs, replications, weights_by_name(inputs.scenarios, chances), until, attribute=attribute,
        ensemble=ensemble, break_even=not (skip_break_even or ensemble), books=work.out is not None and not ensemble,
        tables=(work.out is not None or bool(set(breakdowns) - {"scenarios"})) and not ensemble,
    )  # fmt: skip
    wanted.fail_if_not_comparable()
    with work.kept(wanted.question()) as keeper:
        result, split = wanted.live(work.workers, keeper)
        if work.out is not None:
            write_comparison(
                work.out, result, started=started, split=split, incumbent=inputs.incumbent,
                population=inputs.population, force=work.force,
            )  # fmt: skip
    page = None if work.out is None else leave_report(work.out, language, with_report=with_report)
    if as_json:
        print_json(comparison_data(result, breakdowns, split if attribute else None))
        return
    show_comparison(result, split, breakdowns, work.out)
    if page is not None:
        click.echo(report_told(page))


def fail_if_ensemble_cannot(
    ensemble: bool, attribute: bool, assumptions: Sequence[str], until: Sequence[Precision], breakdowns: Sequence[str]
) -> None:
    """Raise UsageError for what does not go together with `--ensemble`."""
    if not ensemble:
        return
    if attribute or assumptions:
        raise click.UsageError("--ensemble brings assumptions of its own; leave out --attribute and --assumptions")
    if until:
        raise click.UsageError("--ensemble has a replication for each set of assumptions; leave out --until-precision")
    if set(breakdowns) - {"scenarios"}:
        raise click.UsageError("--ensemble takes intervals across worlds, not shoppers; leave out --breakdown")


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
