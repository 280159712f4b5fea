"""`memberlab study`: a first study file from the numbers that a policy promises, the prices that a study found, and its
search for tools that read Optuna's storages.

Serves whoever begins a search, whoever has to choose on its front, and whoever looks at one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .names import KPI, POLICY, SCENARIO
from .options import ledger_option
from .output_options import print_json, result_options
from .progress import work_bar

if TYPE_CHECKING:
    import pandas as pd


@click.group()
def study() -> None:
    """Write study files, which `memberlab optimize` follows, read what it found, and hand it to other tools."""


@study.command()
@click.argument("policy", type=POLICY, metavar="POLICY")
@click.option("--scenario", "scenarios", multiple=True, default=("baseline",), show_default=True, type=SCENARIO,
              metavar="NAME|FILE", help="A world to search in; may be given several times.")  # fmt: skip
@click.option("--lever", "levers", multiple=True, metavar="ADDRESS",
              help="Only this promise, such as tiers.gold.threshold; may be given several times.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.yaml",
              help="Write the study here instead of printing it.")  # fmt: skip
@result_options("the draft and its levers as JSON")
def new(policy: str, scenarios: tuple[str, ...], levers: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Draft a study of POLICY (a name or a .yaml file): each of its numbers becomes a lever.

    Ranges run from about half to about twice of today's value; tiers stay in order, because a tier's lever stands above
    that of the tier below. Strike out what must not change, and add limits.
    """
    from memberlab.optimize import draft_study, draft_text
    from memberlab.policies import DocumentError, Problem, load_policy
    from memberlab.scenarios import load_scenario

    if out is not None and out.exists():
        raise DocumentError([Problem(str(out), None, "", "is there already; name another file")])
    incumbent = load_policy(policy)
    for address in levers:
        incumbent.value_at(address)
    for scenario in scenarios:
        load_scenario(scenario)
    try:
        drafted = draft_study(incumbent, policy, scenarios, levers)
    except ValueError as fault:
        raise DocumentError([Problem(policy, None, "", str(fault))]) from None
    text = draft_text(drafted, incumbent)
    try:
        if out is not None:
            out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise DocumentError([Problem(str(out), None, "", f"cannot be written: {fault.strerror or fault}")]) from None
    if as_json:
        levers_found = list(drafted.levers)
        print_json({"study": text, "levers": levers_found, "file": None if out is None else str(out)})
    elif out is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"{len(drafted.levers)} levers written to {out}; search with: memberlab optimize {out} --out DIR")


@study.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--price", type=KPI, metavar="KPI", help="The figure that is bought.  [default: retention, if it was an aim]"
)
@result_options("all prices as JSON (money in cents, shares 0 to 1)")
def tradeoffs(folder: Path, price: str | None, as_json: bool) -> None:
    """Tell what a point of retention (or of another figure) costs, in the study that `memberlab optimize` left in DIR.

    \b
    memberlab study tradeoffs DIR
    memberlab study tradeoffs DIR --price gmv

    Policies that keep every limit and are beaten in both figures by no other stand in a row; between neighbours the
    table says what is bought, what is given up for it, and the price: of a point, where a share is bought, or of one
    percent of today's figure. Intervals are 95 %, paired by the populations held out.
    """
    from rich.table import Table

    from memberlab.optimize import TRADE_OFF_NOTE, local_prices, trade_off_rows, unit_told

    from .tables import console

    table, recommended = trade_offs_of(folder)
    bought = chosen_price(table, price, folder)
    if as_json:
        click.echo(table.to_json(orient="records", indent=2))
        return
    if bought is None:
        click.echo("nothing is traded: no two confirmed policies keep the limits and have more of one aim and less of "
                   "another; aim at two figures, or limit one of them")  # fmt: skip
        return
    heads, rows = trade_off_rows(table, bought)
    shown = Table(title=f"What {unit_told(table, bought)} costs", title_justify="left", title_style="bold")
    for head in heads:
        shown.add_column(head)
    for row in rows:
        shown.add_row(*(cell.replace(" (", "\n(").replace("[", r"\[") for cell in row))
    screen = console()
    screen.print(shown)
    for sentence in [*local_prices(table, bought, recommended), TRADE_OFF_NOTE]:
        screen.verdict(sentence, highlight=False, markup=False)


def trade_offs_of(folder: Path) -> tuple[pd.DataFrame, str]:
    """Return the trade-offs of a finished study and the name of the policy that it recommends.

    Raises DocumentError where there is none.
    """
    import pandas as pd

    from memberlab.policies import DocumentError, Problem, load_policy

    file = folder / "trade-offs.csv"
    if not file.is_file():
        text = "holds no finished study; name the folder of `memberlab optimize STUDY --out DIR`"
        raise DocumentError([Problem(str(folder), None, "", text)])
    try:
        table = pd.read_csv(file, keep_default_na=True)
        table["role"] = table["role"].fillna("")
        return table, load_policy(folder / "recommended-policy.yaml").name
    except (ValueError, KeyError) as fault:
        if isinstance(fault, DocumentError):
            raise
        raise DocumentError([Problem(str(file), None, "", f"cannot be read: {fault}")]) from None


def chosen_price(table: pd.DataFrame, asked: str | None, folder: Path) -> str | None:
    """Return the figure whose price is told; None where the table is empty. Raises DocumentError for another one."""
    from memberlab.optimize import bought_in
    from memberlab.policies import DocumentError, Problem, hint

    known = bought_in(table)
    if asked is None or not known:
        return known[0] if known else None
    if asked not in known:
        text = f"has no price in {folder}{hint(asked, known, 'prices')}"
        raise DocumentError([Problem("--price", None, asked, text)])
    return asked


@study.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", required=True, metavar="URL|FILE",
              help="Storage to write to: sqlite:///search.db, postgresql://..., or the file of a journal, search.log.",
              )  # fmt: skip
@ledger_option(
    "How to reach the server of a search that keeps its evaluations on one; DIR says which, without password."
)
@result_options("what was written as JSON")
def export(folder: Path, to: str, ledger: str | None, as_json: bool) -> None:
    """Write the search in DIR into a storage of Optuna's, for optuna-dashboard and notebooks.

    Every policy becomes a trial: its levers as parameters, the objectives as values, the limits as named constraints.
    It may be done while the search goes on, and again later: what is there already is not doubled. These are the
    figures of the search, on which the best look better than they are; report.md has those that count.

    \b
    memberlab study export first-run --to sqlite:///first-run.db
    optuna-dashboard sqlite:///first-run.db
    """
    from memberlab.optimize import export_study, fail_if_own_ledger, plan_in, recorded, recorded_ledger

    fail_if_own_ledger(folder, to)
    plan = plan_in(folder)
    with recorded_ledger(folder, plan, ledger) as opened:
        tried = recorded(plan, opened)
    with work_bar("exporting") as told:
        found = export_study(plan, tried, to, progress=lambda done, total: told(done, total, done, total))
    if as_json:
        print_json({"study": found.study, "policies": found.trials, "new": found.fresh})
        return
    click.echo(f"{found.trials} policies in {to} as the study {found.study}, {found.fresh} of them new; "
               f"look at them with: optuna-dashboard {to}")  # fmt: skip
