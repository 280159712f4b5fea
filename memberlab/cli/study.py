"""`memberlab study new`: a first study file, written from the numbers that a policy promises.

Serves whoever begins a search.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def study() -> None:
    """Write study files, which `memberlab optimize` follows."""


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
