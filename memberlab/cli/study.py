"""`memberlab study new`: a first study file, written from the numbers that a policy promises; `memberlab study export`:
a search for tools that read Optuna's storages.

Serves whoever begins a search, and whoever looks at one.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from .options import ledger_option
from .work_ahead import work_bar


@click.group()
def study() -> None:
    """Write study files, which `memberlab optimize` follows, and hand its searches to other tools."""


@study.command()
@click.argument("policy", metavar="POLICY")
@click.option("--scenario", "scenarios", multiple=True, default=("baseline",), show_default=True, metavar="NAME|FILE",
              help="A world to search in; may be given several times.")  # fmt: skip
@click.option("--lever", "levers", multiple=True, metavar="ADDRESS",
              help="Only this promise, such as tiers.gold.threshold; may be given several times.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.yaml",
              help="Write the study here instead of printing it.")  # fmt: skip
def new(policy: str, scenarios: tuple[str, ...], levers: tuple[str, ...], out: Path | None) -> None:
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
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise DocumentError([Problem(str(out), None, "", f"cannot be written: {fault.strerror or fault}")]) from None
    click.echo(f"{len(drafted.levers)} levers written to {out}; search with: memberlab optimize {out} --out DIR")


@study.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", required=True, metavar="URL|FILE",
              help="Storage to write to: sqlite:///search.db, postgresql://..., or the file of a journal, search.log.",
              )  # fmt: skip
@ledger_option(
    "How to reach the server of a search that keeps its evaluations on one; DIR says which, without password."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
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
    with work_bar("exporting", quiet=as_json) as told:
        found = export_study(plan, tried, to, progress=lambda done, total: told(done, total, done, total))
    if as_json:
        click.echo(json.dumps({"study": found.study, "policies": found.trials, "new": found.fresh}))
        return
    click.echo(f"{found.trials} policies in {to} as the study {found.study}, {found.fresh} of them new; "
               f"look at them with: optuna-dashboard {to}")  # fmt: skip
