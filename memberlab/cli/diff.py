"""`memberlab diff`: the levers in which two policies differ, in words.

Serves whoever reviews a change of a policy.
"""

from __future__ import annotations

import click

from .names import POLICY
from .options import attempt
from .output_options import is_quiet, print_json, result_options


@click.command()
@click.argument("before", type=POLICY, metavar="A")
@click.argument("after", type=POLICY, metavar="B")
@result_options("the differences as JSON")
def diff(before: str, after: str, as_json: bool) -> None:
    """Tell in words what policy B (a name or a .yaml file) changes against policy A."""
    from memberlab.policies import DocumentError, Problem, differences, load_policy

    problems: list[Problem] = []
    old, new = attempt(load_policy, before, problems), attempt(load_policy, after, problems)
    if old is None or new is None:
        raise DocumentError(problems)
    found = differences(old, new)
    if as_json:
        rows = [
            {
                "address": one.change.address,
                "before": _plain(one.change.before),
                "after": _plain(one.change.after),
                "words": one.words,
                "meaning": one.meaning,
            }
            for one in found
        ]
        print_json(rows)
        return
    count = {0: "no lever differs", 1: "1 lever differs"}.get(len(found), f"{len(found)} levers differ")
    click.echo(f"{before} -> {after}: {count}")
    for one in () if is_quiet() else found:
        click.echo(f"  {one}")


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | str | None) else str(value)
