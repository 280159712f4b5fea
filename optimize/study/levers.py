"""Levers: which promises of a policy the search may change, how far, and which of them stand above another.

Serves whoever writes a study. A ladder is in order by construction: `above` makes low to high the increment over the
lever of the tier below, so that no proposal has to be thrown away. A tie makes one lever move with another.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from memberlab.policies import CountNotation, DecimalNotation, Section, read_with_faults

from .quantity import LARGEST, Amount, Choice, Level, LevelNotation, Quantity, QuantityNotation, level_told

Place = tuple[str | int, ...]
"""Keys and list places that lead to a value in a document."""

Faults = dict[Place, str]
"""What is wrong at which places."""

MOST_LEVELS = 10_000
RANGE = ("low", "high", "step")
LOG_VALUES = 12
"""Values of a lever on a log scale, unless others are asked for."""

Address = Annotated[str, Field(min_length=1, max_length=200)]


class Lever(Section):
    """One promise that the search may change: `low`, `high` and `step`; or `choices`; or `tied_to` another lever."""

    low: Amount | None = None
    """Least value, or least increment over the lever named by `above`."""
    high: Amount | None = None
    """Largest value or increment."""
    step: Amount | None = None
    """Distance between neighbouring values; it divides `high - low`. On a log scale and of a tie: values are whole
    numbers of it."""
    scale: Literal["linear", "log"] = "linear"
    """`log` sets neighbouring values apart by a ratio: 100, 200, 400. Each is moved to the nearest step."""
    values: Annotated[int, CountNotation("values", minimum=2, maximum=1_000)] | None = None
    """How many values a log scale has, at most; 12 where left out."""
    above: Address | None = None
    """Address that this lever stands above, such as the tier below's threshold; low to high are then increments."""
    choices: Annotated[tuple[Choice, ...], Field(strict=False)] = ()
    """The values themselves, where there is no even step: numbers, percentages, true, false, or words like never."""
    tied_to: Address | None = None
    """Address of another lever of the study with which this one moves: equal to it, or `times` its value."""
    times: Annotated[Decimal, DecimalNotation(above=0, maximum=1_000_000, unit="times the other lever")] | None = None
    """Fixed ratio to the lever named by `tied_to`; 1 where left out."""

    @model_validator(mode="wrap")
    @classmethod
    def _spans_several_values(cls, written: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        return read_with_faults(written, read, lever_faults(written))

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return all values (with `above`: all increments), in the order of the file; none for a lever that is tied."""
        if self.low is None or self.high is None or self.step is None:
            return self.choices
        if self.scale == "log":
            return log_levels(self.low, self.high, self.step, self.values or LOG_VALUES)
        count = int((self.high.number - self.low.number) / self.step.number) + 1
        return tuple(self.low.plus(self.step, times) for times in range(count))

    @property
    def base(self) -> str | None:
        """Return the address on which this lever's value rests: what it stands above, or is tied to."""
        return self.above if self.tied_to is None else self.tied_to

    def tied_value(self, other: Level) -> Level:
        """Return the value beside that of the lever it is tied to, at the nearest whole number of `step` if there is
        one. Raises ValueError for a ratio to a word.
        """
        if not isinstance(other, Quantity):
            if self.times in (None, 1):
                return other
            raise ValueError(f"{level_told(other)} has no multiple")
        number = other.number * (self.times or 1)
        if self.step is not None and self.step.number:
            number = (number / self.step.number).to_integral_value() * self.step.number
        return Quantity(number, other.percent)

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
    if written.get("tied_to") is not None:
        return tie_faults(written)
    if written.get("times") is not None:
        return {("times",): "a ratio is to another lever; write tied_to beside it, or leave it out"}
    if written.get("choices"):
        ranged = [key for key in (*given, "above", "scale", "values") if written.get(key) not in (None, "linear")]
        wrong: Faults = {(key,): "a lever with choices has no range; leave it out" for key in ranged}
        return wrong | choice_faults(written["choices"])
    if len(given) < len(RANGE):
        missing = [key for key in RANGE if key not in given]
        return {(): f"{' and '.join(missing)} missing; write low, high and step, or choices"}
    low, high, step = (readable(written[key]) for key in RANGE)
    is_log = written.get("scale") == "log"
    if written.get("values") is not None and not is_log:
        return {("values",): "an even step says how many values there are; leave values out, or write scale: log"}
    if low is None or high is None or step is None:
        return {}
    if is_log and low.number <= 0:
        return {("low",): f"{low} has no logarithm; write a low above 0, or leave scale out"}
    return range_faults(low, high, step, LARGEST if is_log else MOST_LEVELS)


def tie_faults(written: Mapping[str, Any]) -> Faults:
    """Return what is wrong with the parts of a lever that is tied to another."""
    own = [key for key in ("low", "high", "scale", "values", "above", "choices")
           if written.get(key) and written[key] != "linear"]  # fmt: skip
    wrong: Faults = {(key,): "a lever that is tied to another has no values of its own; leave it out" for key in own}
    step = readable(written.get("step"))
    if step is not None and step.number <= 0:
        wrong["step",] = f"{step} is not above 0; write what the values are whole numbers of, or leave it out"
    return wrong


def log_levels(low: Quantity, high: Quantity, step: Quantity, count: int) -> tuple[Quantity, ...]:
    """Return up to `count` values from low to high, a fixed ratio apart, each moved to the nearest step from low."""
    ratio, first = float(high.number / low.number), float(low.number)
    places = [round((first * ratio ** (one / (count - 1)) - first) / float(step.number)) for one in range(count - 1)]
    last = int((high.number - low.number) / step.number)
    return tuple(low.plus(step, place) for place in dict.fromkeys([*places, last]))


def range_faults(low: Quantity, high: Quantity, step: Quantity, most: int = MOST_LEVELS) -> Faults:
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
    if steps >= most:
        return {("step",): f"{step} makes {int(steps) + 1:,} values; write a larger step, for {most:,} at most"}
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
                faults[(address, *_link_key(written[address]))] = circle
    return read_with_faults(written, read, faults)


Levers = Annotated[Mapping[str, Lever], WrapValidator(check_levers)]
"""Levers by the address of the field in the policy that they move."""


def _circle(address: str, written: Mapping[str, Any]) -> str | None:
    """Return how a lever leads back to itself along `above` and `tied_to`, in words; None if it does not."""
    way = [address]
    while (base := base_of(written.get(way[-1]))) is not None:
        if base == address:
            circle = [*way, base]
            if any(_link_key(written[one]) == ("tied_to",) for one in way):
                return f"is tied to itself: {' to '.join(circle)}; let one of them have values of its own"
            return f"stands above itself: {' above '.join(circle)}; name the tier below"
        if base in way:
            return None
        way.append(base)
    return None


def base_of(lever: object) -> str | None:
    """Return what a lever, as written or read, stands above or is tied to; None where it is nothing."""
    for key in ("tied_to", "above"):
        base = lever.get(key) if isinstance(lever, Mapping) else getattr(lever, key, None)
        if isinstance(base, str):
            return base
    return None


def _link_key(lever: object) -> tuple[str, ...]:
    """Return the key by which a lever rests on another."""
    tied = lever.get("tied_to") if isinstance(lever, Mapping) else getattr(lever, "tied_to", None)
    return ("tied_to",) if isinstance(tied, str) else ("above",)


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
