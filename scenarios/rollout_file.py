"""A rollout by path, with its policies loaded and everything held against the scenario before anything is simulated.

Serves the commands that live a rollout.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from memberlab.policies import (
    Document,
    DocumentError,
    Policy,
    Problem,
    is_path,
    load_model,
    load_policy,
    read_document,
)

from .catalogue import currency_problem
from .rollout import Rollout
from .scenario import Scenario


@dataclass(frozen=True, slots=True)
class LoadedRollout:
    """A rollout with the policies of its arms, in order, and the file that it was read from, for messages."""

    rollout: Rollout
    policies: tuple[Policy, ...]
    document: Document | None = None

    def problem(self, place: tuple[str | int, ...], message: str) -> Problem:
        """Return what is wrong at a place of the file, with its line."""
        address = ".".join(str(step) for step in place)
        if self.document is None:
            return Problem(self.rollout.name, None, address, message)
        return Problem(self.document.name, self.document.line_of(place), address, message)


def load_rollout(path: str | os.PathLike[str]) -> LoadedRollout:
    """Return the rollout in a .yaml file with its policies.

    Paths of policies are seen from the file's folder. Raises DocumentError for every fault of the file, and for a
    policy that cannot be loaded, with the faults of its file and the line that names it.
    """
    rollout, document = load_model(Rollout, path), read_document(path)
    folder = os.path.dirname(os.fspath(path))  # noqa: PTH120 - the path is kept as the user gave it
    problems: list[Problem] = []
    policies: list[Policy] = []
    loaded = LoadedRollout(rollout, (), document)
    for name, arm in rollout.arms.items():
        reference = os.path.join(folder, arm.policy) if is_path(arm.policy) else arm.policy  # noqa: PTH118
        try:
            policies.append(load_policy(reference))
        except DocumentError as error:
            problems += error.problems
            problems.append(loaded.problem(("arms", name, "policy"), f"'{arm.policy}' cannot be used as a policy"))
    if problems:
        raise DocumentError(problems)
    return LoadedRollout(rollout, tuple(policies), document)


def rollout_problems(loaded: LoadedRollout, scenario: Scenario, incumbent: Policy, days: int) -> list[Problem]:
    """Return what is wrong with a rollout in `scenario`, whose horizon has `days` days, after a life under
    `incumbent`.
    """
    rollout = loaded.rollout
    problems = [
        loaded.problem(place, f"day {day} is outside the horizon of scenario {scenario.name}, which has {days} days; "
                              f"write {days} or less")
        for place, day in _days_of(rollout).items() if day > days
    ]  # fmt: skip
    for name, policy in zip(rollout.arms, loaded.policies, strict=True):
        place = ("arms", name, "policy")
        if message := currency_problem(policy, scenario):
            problems.append(loaded.problem(place, message))
        if _desk_of(policy) != _desk_of(incumbent):
            problems.append(loaded.problem(place, DESK.format(policy=policy.name, incumbent=incumbent.name)))
    if scenario.word_of_mouth is not None:
        friends = (
            f"in scenario {scenario.name} shoppers come by referral, and a friend would live in another arm than who "
            "refers; take a scenario without word_of_mouth"
        )
        problems.append(loaded.problem(("arms",), friends))
    tiers = set(incumbent.tiers)
    wrong = [tier for tier in rollout.eligible.tiers if tier not in tiers]
    if wrong:
        known = ", ".join(incumbent.tiers) or "none"
        problems.append(
            loaded.problem(("eligible", "tiers"), f"{wrong[0]} is no tier of the incumbent, {incumbent.name}; "
                                                  f"it has {known}")
        )  # fmt: skip
    return problems


DESK = (
    "{policy} has another service desk than the incumbent, {incumbent}, and all arms write to one desk; write the same "
    "`service` in both, apart from its promises"
)


def _desk_of(policy: Policy) -> object:
    """Return what a policy says of the service desk, apart from what it promises."""
    return None if policy.service is None else policy.service.model_copy(update={"promises": {}})


def _days_of(rollout: Rollout) -> dict[tuple[str | int, ...], int]:
    """Return the last day of each stage, from 1, by its place in the file."""
    days: dict[tuple[str | int, ...], int] = {("pilot", "day"): rollout.pilot.day}
    if rollout.pilot.weeks is not None:
        days["pilot", "weeks"] = rollout.pilot.day + 7 * rollout.pilot.weeks - 1
    for number, ramp in enumerate(rollout.ramps):
        days["ramps", number, "day"] = ramp.day
        if ramp.weeks is not None and ramp.weeks > 1:
            days["ramps", number, "weeks"] = ramp.day + 7 * (ramp.weeks - 1)
    if rollout.launch is not None:
        days["launch", "day"] = rollout.launch.day
    if rollout.stop is not None:
        days["stop", "after"] = rollout.pilot.day + 7 * rollout.stop.after - 1
    return days
