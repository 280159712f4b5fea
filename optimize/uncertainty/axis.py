"""Axes: values of one lever of a policy, or of one figure of the world, as they are typed on a command line.

Serves sweeps, and sensitivity over levers. `points.expiry.months=6:24:6` goes from 6 to 24 in steps of 6,
`points.expiry.months=6,12,24` takes the values named. An address is the policy's if the policy has it, else the
scenario's; `scenario.` before it means the scenario in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.scenarios import Scenario

from ..study import NOT_A_PROMISE, Level, Lever, Quantity, level_of
from .factor import ASSUMED, BY_NAME, LEVERS, Factor, refused
from .places import fault_of
from .ranges import PRIOR, Range
from .spread import evenly

OPTION, RANGE_OPTION = "--lever", "--range"
WORLD_PREFIX = "scenario."
SYNTAX = "write ADDRESS=FROM:TO:STEP or ADDRESS=VALUE,VALUE, such as points.expiry.months=6:24:6"


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of one address, a lever of the policy or a figure of the world, in the order given."""

    address: str
    levels: tuple[Level, ...]
    is_lever: bool

    @property
    def is_ordered(self) -> bool:
        """Return whether its values are numbers of one kind."""
        return len({one.percent for one in self.levels if isinstance(one, Quantity)}) == 1 and all(
            isinstance(one, Quantity) for one in self.levels
        )

    @property
    def factor(self) -> Factor:
        """Return the axis as a factor, all values alike."""
        return Factor(self.address, evenly(self.levels), LEVERS, is_lever=self.is_lever)


def axes_of(texts: Sequence[str], policy: Policy, scenarios: tuple[Scenario, ...]) -> list[Axis]:
    """Return the axes that `texts` name. Raises DocumentError with every fault of them."""
    problems: list[Problem] = []
    axes: list[Axis] = []
    for text in texts:
        address, levels = _split(text, OPTION, problems)
        if address is None or levels is None:
            continue
        axis = _placed(address, levels, policy, scenarios, problems)
        if axis is None:
            continue
        if axis.address in [one.address for one in axes]:
            problems.append(Problem(OPTION, None, axis.address, "is there twice; name each lever once"))
        axes.append(axis)
    if problems:
        raise DocumentError(problems)
    return axes


def _placed(
    address: str, levels: tuple[Level, ...], policy: Policy, scenarios: tuple[Scenario, ...], problems: list[Problem]
) -> Axis | None:
    """Return the axis of an address in the policy or the worlds; note what is wrong with it."""
    if not address.startswith(WORLD_PREFIX):
        try:
            if address in NOT_A_PROMISE:
                raise DocumentError([Problem(policy.name, None, address, "describes the policy and promises nothing")])
            policy.value_at(address)
            return Axis(address, levels, is_lever=True)
        except DocumentError as error:
            unknown = error.problems[0].message
        if _is_figure(address, scenarios):
            return Axis(address, levels, is_lever=False)
        first = address.partition(".")[0]
        wrong = (
            _figure_fault(address, scenarios)
            if first in Scenario.model_fields and first not in Policy.model_fields
            else None
        )
        message = wrong or f"{unknown} ({policy.name}); figures of the scenario can be named too, such as gross_margin"
        problems.append(Problem(OPTION, None, address, message))
        return None
    figure = address.removeprefix(WORLD_PREFIX)
    if not _is_figure(figure, scenarios):
        problems.append(Problem(OPTION, None, address, _figure_fault(figure, scenarios)))
        return None
    return Axis(figure, levels, is_lever=False)


def _is_figure(address: str, scenarios: tuple[Scenario, ...]) -> bool:
    first, _, rest = address.partition(".")
    return rest in BY_NAME if first == ASSUMED else fault_of(scenarios, address) is None


def _figure_fault(address: str, scenarios: tuple[Scenario, ...]) -> str:
    if address.startswith(f"{ASSUMED}."):
        return refused(scenarios, address, Quantity(Decimal(0))) or "is no assumption"
    return fault_of(scenarios, address) or "is no figure"


def ranges_of(texts: Sequence[str]) -> dict[str, Range]:
    """Return the ranges that `texts` name: `ADDRESS=LOW:HIGH`, `ADDRESS=VALUE,VALUE` or `ADDRESS=prior`.

    Raises DocumentError with every fault of them; whether a world has the figure is the set's matter.
    """
    problems: list[Problem] = []
    ranges: dict[str, Range] = {}
    for text in texts:
        address, sign, rest = (part.strip() for part in text.partition("="))
        if not sign or not address or not rest:
            mend = "write ADDRESS=LOW:HIGH, ADDRESS=VALUE,VALUE or ADDRESS=prior"
            problems.append(Problem(RANGE_OPTION, None, text, f"is no range; {mend}"))
            continue
        if address in ranges:
            problems.append(Problem(RANGE_OPTION, None, address, "is there twice; name each figure once"))
        ends = [_written(one) for one in rest.split(":")]
        written: dict[str, Any]
        if rest == PRIOR:
            written = {PRIOR: True}
        elif len(ends) == 2:
            written = {"low": ends[0], "high": ends[1]}
        elif len(ends) == 1:
            written = {"choices": [_written(one) for one in rest.split(",")]}
        else:
            problems.append(Problem(RANGE_OPTION, None, address, f"{rest}: a range has no step; write LOW:HIGH"))
            continue
        try:
            ranges[address] = Range.model_validate(written)
        except ValidationError as error:
            problems += [Problem(RANGE_OPTION, None, address, _told(one)) for one in error.errors(include_url=False)]
    if problems:
        raise DocumentError(problems)
    return ranges


def _split(text: str, option: str, problems: list[Problem]) -> tuple[str | None, tuple[Level, ...] | None]:
    """Return address and levels of `ADDRESS=VALUES`, None for what cannot be read."""
    address, sign, rest = (part.strip() for part in text.partition("="))
    if not sign or not address or not rest:
        problems.append(Problem(option, None, text, f"names no values; {SYNTAX}"))
        return None, None
    parts = rest.split(":")
    if len(parts) == 2 or len(parts) > 3:
        problems.append(Problem(option, None, address, f"{rest}: {len(parts)} numbers; {SYNTAX}"))
        return None, None
    written: dict[str, Any]
    if len(parts) == 3:
        written = dict(zip(("low", "high", "step"), map(_written, parts), strict=True))
    else:
        written = {"choices": [_written(one) for one in rest.split(",")]}
    try:
        return address, Lever.model_validate(written).levels
    except ValidationError as error:
        problems += [Problem(option, None, address, _told(one)) for one in error.errors(include_url=False)]
        return None, None


def _written(text: str) -> object:
    """Return a typed value in file notation: a number, a percentage, true, false or a word."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    if isinstance(level := level_of(text), Quantity):
        return level.written
    try:
        return Decimal(text) if Decimal(text).is_finite() else text
    except InvalidOperation:
        return text


def _told(details: Any) -> str:
    return str(details.get("ctx", {}).get("message", details["msg"]))
