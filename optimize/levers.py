"""Levers: which promises of a policy the search may change, how far, and which of them stand above another.

Serves whoever writes a study. A ladder is in order by construction: `above` makes low to high the increment over the
lever of the tier below, so that no proposal has to be thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from memberlab.policies import Section, read_with_faults

from .quantity import Amount, Choice, Level, LevelNotation, Quantity, QuantityNotation, level_told

Path = tuple[str | int, ...]
Faults = dict[Path, str]
MOST_LEVELS = 10_000
RANGE = ("low", "high", "step")


class Lever(Section):
    """One promise that the search may change: either `low`, `high` and `step`, or `choices`."""

    low: Amount | None = None
    """Least value, or least increment over the lever named by `above`."""
    high: Amount | None = None
    """Largest value or increment."""
    step: Amount | None = None
    """Distance between neighbouring values; it divides `high - low`."""
    above: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Address that this lever stands above, such as the tier below's threshold; low to high are then increments."""
    choices: Annotated[tuple[Choice, ...], Field(strict=False)] = ()
    """The values themselves, where there is no even step: numbers, percentages, true, false, or words like never."""

    @model_validator(mode="wrap")
    @classmethod
    def _spans_several_values(cls, written: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        return read_with_faults(written, read, lever_faults(written))

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return all values (with `above`: all increments), in the order of the file."""
        if self.low is None or self.high is None or self.step is None:
            return self.choices
        count = int((self.high.number - self.low.number) / self.step.number) + 1
        return tuple(self.low.plus(self.step, times) for times in range(count))

    @property
    def is_ordered(self) -> bool:
        """Return whether the levels rise or fall evenly in kind, so that neighbours are alike to the sampler."""
        numbers = [level.number for level in self.levels if isinstance(level, Quantity)]
        return len(numbers) == len(self.levels) and numbers in (sorted(numbers), sorted(numbers, reverse=True))


def lever_faults(written: object) -> Faults:
    """Return what is wrong between the parts of a lever, by path below it; parts that cannot be read are left out."""
    if not isinstance(written, Mapping):
        return {}
    given = [key for key in RANGE if written.get(key) is not None]
    if written.get("choices"):
        ranged = [key for key in (*given, "above") if written.get(key) is not None]
        wrong: Faults = {(key,): "a lever with choices has no range; leave it out" for key in ranged}
        return wrong | choice_faults(written["choices"])
    if len(given) < len(RANGE):
        missing = [key for key in RANGE if key not in given]
        return {(): f"{' and '.join(missing)} missing; write low, high and step, or choices"}
    low, high, step = (readable(written[key]) for key in RANGE)
    if low is None or high is None or step is None:
        return {}
    return range_faults(low, high, step)


def range_faults(low: Quantity, high: Quantity, step: Quantity) -> Faults:
    """Return what is wrong with a range, by key."""
    for key, other in (("high", high), ("step", step)):
        if other.percent != low.percent:
            return {(key,): f"{other} and low, {low}, are not of the same kind; write both with % or both without"}
    if step.number <= 0:
        return {("step",): f"{step} is not above 0; write the distance between neighbouring values"}
    if low.number >= high.number:
        return {("high",): f"{high} is not above low, {low}; write a larger high, or leave the lever out"}
    steps, rest = divmod(high.number - low.number, step.number)
    if rest:
        below = low.plus(step, int(steps))
        mend = f"write {below} or {below.plus(step)} for high, or another step"
        return {("step",): f"{step} does not lead from low, {low}, to high, {high}; {mend}"}
    if steps >= MOST_LEVELS:
        return {("step",): f"{step} makes {int(steps) + 1:,} values; write a larger step, for {MOST_LEVELS:,} at most"}
    return {}


def check_levers(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read levers, and report those that stand above each other in a circle together with the faults of each."""
    faults: Faults = {}
    if isinstance(written, Mapping):
        if not written:
            faults[()] = (
                "no levers; name at least one address, such as tiers.gold.threshold: {low: …, high: …, step: …}"
            )
        for address in written:
            if (circle := _circle(address, written)) is not None:
                faults[address, "above"] = f"stands above itself: {' above '.join(circle)}; name the tier below"
    return read_with_faults(written, read, faults)


Levers = Annotated[Mapping[str, Lever], WrapValidator(check_levers)]
"""Levers by the address of the field in the policy that they move."""


def _circle(address: str, written: Mapping[str, Any]) -> list[str] | None:
    """Return the way from a lever along `above` back to itself; None if it does not come back."""
    way = [address]
    while (below := _above(written.get(way[-1]))) is not None:
        if below == address:
            return [*way, below]
        if below in way:
            return None
        way.append(below)
    return None


def _above(lever: object) -> str | None:
    above = lever.get("above") if isinstance(lever, Mapping) else getattr(lever, "above", None)
    return above if isinstance(above, str) else None


def choice_faults(choices: object) -> Faults:
    """Return what is wrong with written choices: those that are there twice, or a single one."""
    if not isinstance(choices, list | tuple):
        return {}
    read = [_readable_choice(choice) for choice in choices]
    faults: Faults = {}
    for position, level in enumerate(read):
        if level is not None and level in read[:position]:
            faults["choices", position] = f"{level_told(level)} is there twice; write each choice once"
    if len(choices) < 2:
        faults["choices",] = (
            f"{len(choices)} choice leaves nothing to search; write at least two, or leave the lever out"
        )
    return faults


def readable(written: object) -> Quantity | None:
    """Return a written quantity; None where it is none, which its own field reports."""
    try:
        return QuantityNotation().read(written)
    except PydanticCustomError:
        return None


def _readable_choice(written: object) -> Level | None:
    try:
        return LevelNotation().read(written)
    except PydanticCustomError:
        return None
