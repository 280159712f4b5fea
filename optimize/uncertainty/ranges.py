"""Ranges: within which limits a figure of the world is uncertain, as a scenario set writes it.

Serves whoever writes a set. A range says how plausible values are only where the registry of assumptions does
(`prior`); between `low` and `high` all values are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from memberlab.policies import Section, read_with_faults

from ..study import Amount, Choice, Faults, choice_faults, readable

PRIOR = "prior"
"""The word for the range and plausibility that the registry of assumptions has."""


class Range(Section):
    """Where a figure may lie: `low` and `high`, `choices`, or `prior` for an assumption of the registry."""

    low: Amount | None = None
    """Least value, in the notation of the figure: `32 %`, `8`, `0.85`."""
    high: Amount | None = None
    """Largest value."""
    choices: Annotated[tuple[Choice, ...], Field(strict=False)] = ()
    """The values themselves, all alike, where there is no range: numbers, percentages, true, false or words."""
    prior: bool = False
    """True for the registry's own range and plausibility of an assumption; `ADDRESS: prior` says the same."""
    group: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """Group in which it is counted in a sensitivity by groups; left out, that of the registry or of the section."""

    @model_validator(mode="wrap")
    @classmethod
    def _says_one_thing(cls, written: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        return read_with_faults(written, read, range_faults(written))


class PriorWord:
    """The word `prior` in place of a range."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def spelled_out(written: object) -> object:
            return {PRIOR: True} if written == PRIOR else written

        return core_schema.no_info_before_validator_function(spelled_out, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"const": PRIOR}, handler(schema)]}


Ranges = Mapping[Annotated[str, Field(min_length=1, max_length=200)], Annotated[Range, PriorWord()]]
"""Ranges by the address of the figure: `assumptions.goal_gradient`, `gross_margin`, `shocks.recession.visits`."""


def range_faults(written: object) -> Faults:
    """Return what is wrong between the parts of a range, by path below it; parts that cannot be read are left out."""
    if not isinstance(written, Mapping):
        return {}
    ends = [key for key in ("low", "high") if written.get(key) is not None]
    ways = [bool(ends), bool(written.get("choices")), written.get(PRIOR) is True]
    if sum(ways) != 1:
        wrong = "no range" if not any(ways) else "several ranges in one"
        return {(): f"{wrong}; write low and high, or choices, or the word prior"}
    if ways[1]:
        return choice_faults(written["choices"])
    if ways[2]:
        return {}
    if len(ends) == 1:
        return {(): f"{'high' if ends == ['low'] else 'low'} missing; write low and high"}
    low, high = readable(written["low"]), readable(written["high"])
    if low is None or high is None:
        return {}
    if low.percent != high.percent:
        return {("high",): f"{high} and low, {low}, are not of the same kind; write both with % or both without"}
    if low.number == high.number:
        return {("high",): f"{high} is low as well: an empty range; write a larger high, or leave the range out"}
    if low.number > high.number:
        return {("high",): f"{high} is below low, {low}; write the lower value as low"}
    return {}
