"""`memberlab assumptions`: what is assumed about shoppers, and on what evidence.

Serves whoever is asked "why should I believe this", and whoever writes a set of assumptions.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from .output_options import is_quiet, print_json, result_options

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.sim import Assumption


@click.command()
@click.argument("name", required=False)
@click.option("--page", is_flag=True, help="Print the reference page in Markdown instead.")
@result_options("every assumption, or NAME, as JSON")
def assumptions(name: str | None, page: bool, as_json: bool) -> None:
    """List every assumption about shoppers with default, range and grade, or tell all about NAME.

    Grades: A experiment, B quasi-experiment or structural model, C correlation or survey, D laboratory; "prior" stands
    for no evidence of the size. A scenario or a set of assumptions (`--assumptions` of run, compare and optimize) may
    write another value.
    """
    from memberlab.policies import DocumentError, Problem, hint
    from memberlab.results import assumptions_page
    from memberlab.sim import ASSUMPTIONS, FAMILIES

    from .tables import console

    if page:
        click.echo(assumptions_page(), nl=False)
        return
    known = {assumption.name: assumption for assumption in ASSUMPTIONS}
    if name is not None and name not in known:
        raise DocumentError([Problem(name, None, "", f"unknown assumption{hint(name, list(known), 'known are')}")])
    if as_json:
        print_json(as_data(known[name]) if name else [as_data(one) for one in ASSUMPTIONS])
        return
    if is_quiet():
        click.echo(name or "\n".join(known))
        return
    if name is None:
        for family, members in FAMILIES.items():
            console().print(_table(family, members))
        return
    for field, text in _told(known[name]):
        click.echo(f"{field:<13} {text}")


def as_data(assumption: Assumption) -> dict[str, object]:
    """Return an assumption as plain data."""
    return {**asdict(assumption), "default": float(assumption.default)}


def _table(family: str, members: tuple[Assumption, ...]) -> Table:
    from rich.table import Table

    table = Table("Assumption", "Default", "Range", "Unit", "Grade", title=family, title_justify="left")
    for one in members:
        table.add_row(one.name, f"{one.default:g}", f"{one.low:g} to {one.high:g}", one.unit, one.grade)
    return table


def _told(assumption: Assumption) -> list[tuple[str, str]]:
    from memberlab.results import facts_told

    return [
        (assumption.name, assumption.meaning),
        ("symbol", assumption.symbol),
        ("default", f"{assumption.default:g} {assumption.unit}"),
        ("range", f"{assumption.low:g} to {assumption.high:g}; 0 switches it off"
            if assumption.is_plausible(0) else f"{assumption.low:g} to {assumption.high:g}"),
        ("prior", str(assumption.prior)),
        ("grade", assumption.grade),
        ("source", assumption.source),
        ("facts", facts_told(assumption)),
        ("learnt from", assumption.learnt_from),
        ("mechanism", assumption.mechanism or "none that can be switched off"),
    ]  # fmt: skip
