"""The options by which `memberlab optimize` is asked about one thing: what is fixed, what is free, what is wanted.

Serves the strategist with one question; `memberlab.optimize.plan_question` makes a study of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .names import KPI, SCENARIO

Command = TypeVar("Command", bound=Callable[..., Any])


def question_options(command: Command) -> Command:
    """Add the options of a question; their names are the fields of `Question`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


OPTIONS = (
    click.option("--fix", multiple=True, metavar="ADDRESS[=VALUE]",
                 help="Hold a promise at VALUE, or at the policy's own; may be given several times."),
    click.option("--free", multiple=True, metavar="ADDRESS[=VALUES]",
                 help="Vary only this promise (and others named so), by the study's range or FROM:TO:STEP or "
                 "VALUE,VALUE; what is not named stays as it is."),
    click.option("--maximise", multiple=True, type=KPI, metavar="KPI",
                 help="The figure wanted, in place of the study's objectives; up to three."),
    click.option("--minimise", multiple=True, type=KPI, metavar="KPI", help="The same, where less is better."),
    click.option("--keep", multiple=True, metavar="LIMIT",
                 help="A limit beside the study's: \"retention >= today - 1 pt\", \"gmv >= today - 2 %\", "
                 "\"benefit_cost_share <= 6 %\"; today's figure is met by the same shoppers with the same draws. "
                 "\"... in 90 % of worlds\" asks that of each scenario and population rather than of their mean."),
    click.option("--scenario", "scenarios", multiple=True, type=SCENARIO, metavar="NAME|FILE",
                 help="World in which a POLICY is asked; may be given several times.  [default: baseline]"),
    click.option("--shoppers", type=click.IntRange(1, 20_000_000), help="Shoppers in each scenario."),
)  # fmt: skip
