"""A scenario with disturbances of the catalogue added to it: what the command line's `--with` asks for.

Serves whoever wants to see a policy under a recession, a strike or both without writing a scenario first.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from memberlab.policies import DocumentError, Problem, notation_of

from .disturbance import WAYS_TO_TIME, Disturbance, load_disturbance, shock_of
from .scenario import Scenario
from .shock_dates import DAY, Span, span_of

LONGEST_NAME = 64
"""Characters of a scenario's name."""

_MONTH = re.compile("[0-9]{1,3}")
_FIELD = re.compile(r"shocks\.([0-9]+)(?:\.|$)")


def disturbed(scenario: Scenario, asked: Sequence[str]) -> Scenario:
    """Return `scenario` with the disturbances asked for added to its shocks; its name says so.

    Each is the name of a disturbance of the catalogue or the path of its file, and after an @ its start, a month of the
    horizon or a day: `recession-2009`, `carrier-strike@2026-07-01`, `outage@7`. Raise DocumentError for every one that
    does not exist or does not fit the horizon, and where one is on twice at a time.
    """
    if not asked:
        return scenario
    problems: list[Problem] = []
    added: list[tuple[str, Disturbance, dict[str, Any]]] = []
    for text in asked:
        try:
            added.append((text, *_shock_asked(text, scenario)))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    names = {shock.name for shock in scenario.shocks}
    shocks: list[object] = [notation_of(shock) for shock in scenario.shocks]
    for _, _, shock in added:
        shock["name"] = _free(shock["name"], names)
        names.add(shock["name"])
        shocks.append(shock)
    name = _named(scenario.name, list(dict.fromkeys(disturbance.name for _, disturbance, _ in added)))
    try:
        world = scenario.with_({"name": name, "shocks": shocks})
    except DocumentError as error:
        texts = [text for text, _, _ in added]
        raise DocumentError(_as_asked(problem, texts, len(scenario.shocks)) for problem in error.problems) from None
    _fail_if_on_twice(world, [(text, disturbance.name) for text, disturbance, _ in added], len(scenario.shocks))
    return world


def _shock_asked(text: str, scenario: Scenario) -> tuple[Disturbance, dict[str, Any]]:
    """Return a disturbance that was asked for and the shock that it is, in file notation."""
    name, _, start = text.partition("@")
    try:
        disturbance = load_disturbance(name)
    except DocumentError as error:
        if name.lower().endswith((".yaml", ".yml")):
            raise
        raise DocumentError([_wrong(text, error.problems[0].message)]) from None
    shock = shock_of(disturbance)
    if not start:
        if shock["from_month"] > scenario.horizon.months:
            shock["from_month"] = 1
        if "@" in text:
            raise DocumentError([_wrong(text, "no start after the @; write a month, such as @7, or a day")])
        return disturbance, shock
    for key in WAYS_TO_TIME["start"]:
        shock.pop(key, None)
    if _MONTH.fullmatch(start):
        shock["from_month"] = int(start)
    else:
        try:
            shock["from_date"] = datetime.date.fromisoformat(start)
        except ValueError:
            wrong = f"'{start}' is no start; write a month of the horizon, such as 7, or a day, such as 2026-07-01"
            raise DocumentError([_wrong(text, wrong)]) from None
    return disturbance, shock


def _fail_if_on_twice(world: Scenario, added: Sequence[tuple[str, str]], before: int) -> None:
    """Raise DocumentError where a disturbance overlaps an earlier one of the same name: twice is rarely meant."""
    spans = [span_of(shock, world.start, world.horizon.months) for shock in world.shocks]
    known: list[tuple[str, Span]] = [(world.shocks[place].name, spans[place]) for place in range(before)]
    problems = []
    for (text, name), span in zip(added, spans[before:], strict=True):
        for other, earlier in known:
            if other == name and span.first < earlier.over and earlier.first < span.over:
                days = f"{max(span.first, earlier.first)} to {min(span.over, earlier.over) - DAY}"
                problems.append(_wrong(text, f"{name} would be on twice from {days}; start one of them later"))
        known.append((name, span))
    if problems:
        raise DocumentError(problems)


def _as_asked(problem: Problem, asked: Sequence[str], before: int) -> Problem:
    """Return a problem of the disturbed scenario as one of what was asked for."""
    found = _FIELD.match(problem.field)
    if found is None or int(found[1]) < before:
        return problem
    return _wrong(asked[int(found[1]) - before], problem.message)


def _wrong(text: str, message: str) -> Problem:
    return Problem(f"--with {text}", None, "", message)


def _free(name: str, taken: set[str]) -> str:
    """Return `name`, with a number if it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _named(scenario: str, disturbances: Sequence[str]) -> str:
    name = f"{scenario}-with-{'-and-'.join(disturbances)}"
    if len(name) <= LONGEST_NAME:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: LONGEST_NAME - 7].rstrip('-')}-{mark}"
