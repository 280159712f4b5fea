"""Whether a policy's migration fits the policy that it takes over from: told with file and line, before a day is lived.

Serves every command that launches a policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.policies import Policy, Problem

    from .options import Inputs


def fail_if_launches_do_not_fit(names: Sequence[str], inputs: Inputs) -> None:
    """Raise DocumentError where a policy of `inputs`, read by its name or file in `names`, cannot be launched in a
    scenario, after the warm-up under the incumbent.
    """
    from memberlab.policies import load_policy

    launches = [(world, inputs.incumbent or load_policy(world.incumbent)) for world in inputs.scenarios]
    fail_if_take_overs_do_not_fit(
        (name, policy, former)
        for name, policy in zip(names, inputs.policies, strict=True)
        for world, former in launches
        if {policy.currency, former.currency} <= {None, world.currency}  # else that is the fault, and told later
    )  # fmt: skip


def fail_if_take_overs_do_not_fit(take_overs: Iterable[tuple[str, Policy, Policy]]) -> None:
    """Raise DocumentError for what a migration cannot take over: name or file of a policy, the policy, and the one
    before. A policy that goes on as it is takes over nothing.
    """
    from memberlab.policies import DocumentError, problems_in_file
    from memberlab.sim import migration_problems

    problems: list[Problem] = []
    for name, policy, former in take_overs:
        if policy.digest() != former.digest():
            problems += problems_in_file(name, policy, migration_problems(policy, former))
    if problems:
        raise DocumentError(dict.fromkeys(problems))
