"""A study: which policy to improve, by which levers, towards which key figures, in which worlds, as one document.

Serves strategists, who write it, and the search, which follows it. Names of policies, scenarios and populations are
resolved by `plan.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from memberlab.policies import (
    CountNotation,
    DecimalNotation,
    Notation,
    RuleDocument,
    Section,
    fault,
    hint,
    read_with_faults,
)
from memberlab.results import KPIS

from .levers import Address, Faults, Levers, readable
from .limits import Limit, check_limits, notation_fault
from .quantity import Amount, Choice, Level
from .robustness import Robustness
from .samplers import SamplerChoice

Reference = Annotated[str, Field(min_length=1, max_length=1_000)]
"""A name of what is shipped, or the path of a file."""

Direction = Literal["maximise", "minimise"]
MOST_OBJECTIVES = 3


@dataclass(frozen=True, slots=True)
class KpiNotation(Notation[str]):
    """The name of a key figure, such as `gmv`."""

    def read(self, written: object) -> str:
        """Return the name."""
        if written not in KPIS:
            raise fault(f"unknown KPI '{written}'{hint(str(written), list(KPIS), 'KPIs')}")
        return str(written)

    def write(self, value: str) -> str:
        """Return the name."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return the names as a choice."""
        return {"type": "string", "enum": list(KPIS)}


KpiName = Annotated[str, KpiNotation()]
"""Name of a key figure."""


@dataclass(frozen=True, slots=True)
class OrReference:
    """A section that may also be written as a bare name or path: for entries of `scenarios`."""

    key: str
    """The key that the bare text stands for."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def spelled_out(written: object) -> object:
            return {self.key: written} if isinstance(written, str) else written

        return core_schema.no_info_before_validator_function(spelled_out, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


class ScenarioUse(Section):
    """One world in which every policy is tried."""

    scenario: Reference
    """Name of a scenario, or the path of its .yaml file, seen from the study's folder."""
    weight: Annotated[Decimal, DecimalNotation(above=0, maximum=1_000_000, unit="parts of the mean")] = Decimal(1)
    """Its part in the mean over scenarios, beside the weights of the others."""


class AssumptionUse(Section):
    """One set of assumptions about shoppers under which every scenario is lived."""

    set: Reference
    """Name of a set of assumptions, or the path of its .yaml file, seen from the study's folder."""
    weight: Annotated[Decimal, DecimalNotation(above=0, maximum=1_000_000, unit="parts of the mean")] = Decimal(1)
    """Its part in the mean over sets, beside the weights of the others."""


class Aim(Section):
    """An objective: a direction, and a value that is worth reaching."""

    direction: Direction
    """`maximise` or `minimise`."""
    reference: Amount | None = None
    """Value worth reaching, as a limit is written; the criterion satisficing counts the scenarios that reach it."""


class SearchBudget(Section):
    """How much is tried in the search."""

    policies: Annotated[int, CountNotation("policies", minimum=2, maximum=100_000)] = 160
    """Policies to try, the incumbent among them."""
    replications: Annotated[int, CountNotation("replications", minimum=1, maximum=64)] = 2
    """Populations in each scenario; the same ones for every policy."""
    start: Annotated[int, CountNotation("policies", minimum=2, maximum=1_024)] = 32
    """Policies of the first wave: the incumbent, and points spread evenly over the space."""
    wave: Annotated[int, CountNotation("policies", minimum=1, maximum=256)] = 8
    """Policies proposed together in each later wave."""
    sampler: SamplerChoice = "auto"
    """What proposes: `surrogate`, `mixed`, `tpe`, `nsga-ii`, `gp` (needs the extra memberlab[gp]), or `auto`: the
    surrogate up to 600 policies, NSGA-II beyond."""


class RaceBudget(Section):
    """How much is raced on fresh seeds, so that the best of the search are not those with the most luck."""

    shortlist: Annotated[int, CountNotation("policies", minimum=1, maximum=256)] = 32
    """Policies that start, at most."""
    start: Annotated[int, CountNotation("replications", minimum=2, maximum=1_000)] = 8
    """Fresh populations in each scenario of the first round; each further round doubles them."""
    replications: Annotated[int, CountNotation("replications", minimum=2, maximum=1_000)] = 32
    """Fresh populations in each scenario of the last round."""

    @field_validator("replications")
    @classmethod
    def _are_not_fewer_than_at_the_start(cls, replications: int, info: ValidationInfo) -> int:
        start = info.data.get("start")
        if start is not None and replications < start:
            raise fault(f"{replications} is less than start, {start}; write {start} or more")
        return replications


class ConfirmationBudget(Section):
    """How much is tried once more, on seeds that neither search nor race has used."""

    replications: Annotated[int, CountNotation("replications", minimum=2, maximum=1_000)] = 24
    """Populations in each scenario, held out until then."""
    shortlist: Annotated[int, CountNotation("policies", minimum=1, maximum=64)] = 12
    """Policies that are confirmed beside the incumbent, at most."""


def check_objectives(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read objectives, and report a wrong number of them."""
    faults: Faults = {}
    if isinstance(written, Mapping) and not 1 <= len(written) <= MOST_OBJECTIVES:
        faults[()] = f"{len(written)} objectives; write 1 to {MOST_OBJECTIVES}"
    for name, aim in written.items() if isinstance(written, Mapping) else ():
        reference = aim.get("reference") if isinstance(aim, Mapping) else None
        if name in KPIS and (text := notation_fault(KPIS[name], readable(reference))) is not None:
            faults[name, "reference"] = text
    return read_with_faults(written, read, faults)


DEFAULT_OBJECTIVES: Mapping[str, Aim] = {name: Aim(direction="maximise") for name in ("gmv", "retention", "margin")}


class Study(RuleDocument):
    """A search for a better policy, version 1."""

    policy: Reference
    """The incumbent: name of a policy, or the path of its .yaml file, seen from the study's folder."""
    scenarios: Annotated[
        tuple[Annotated[ScenarioUse, OrReference("scenario")], ...], Field(strict=False, min_length=1, max_length=64)
    ]
    """The worlds in which every policy is tried: names or paths, or `{scenario: recession, weight: 0.5}`."""
    levers: Levers
    """What the search may change, by address in the policy."""
    fixed: Mapping[Address, Choice] = Field(default_factory=dict[str, Level])
    """Values that every proposal has, by address, whatever the incumbent has there."""
    assumptions: Annotated[
        tuple[Annotated[AssumptionUse, OrReference("set")], ...], Field(strict=False, max_length=16)
    ] = ()
    """Sets of assumptions: `[default, sceptical]`, or `{set: sceptical, weight: 0.5}`. Each scenario is a world under
    each set, with the product of both weights; left out, scenarios are lived under their own assumptions."""
    population: Reference | None = None
    """Population that replaces that of every scenario: a name, or the path of a .yaml file."""
    shoppers: Annotated[int, CountNotation("shoppers", minimum=1, maximum=20_000_000)] | None = None
    """Shoppers in each scenario, instead of the scenario's own number."""
    objectives: Annotated[
        Mapping[KpiName, Annotated[Aim, OrReference("direction")]], WrapValidator(check_objectives)
    ] = Field(default_factory=lambda: dict(DEFAULT_OBJECTIVES))
    """Key figures to maximise or minimise, one to three: `margin: maximise`, or with a reference."""
    constraints: Annotated[Mapping[KpiName, Limit], WrapValidator(check_limits)] = Field(
        default_factory=dict[str, Limit]
    )
    """Limits on key figures that a recommended policy must keep."""
    robustness: Robustness = Robustness()
    """How the figures of several scenarios become one; left out, by their mean."""
    search: SearchBudget = SearchBudget()
    """Budget of the search."""
    race: RaceBudget = RaceBudget()
    """Budget of the race on fresh seeds."""
    confirmation: ConfirmationBudget = ConfirmationBudget()
    """Budget of the confirmation on seeds held out."""
    seed: Annotated[int, CountNotation("any whole number", maximum=2**63 - 1)] = 1
    """Start of the proposals; the shoppers follow the scenarios' own seeds."""

    @field_validator("robustness")
    @classmethod
    def _has_its_references(cls, robustness: Robustness, info: ValidationInfo) -> Robustness:
        aims: Mapping[str, Aim] = info.data.get("objectives", {})
        missing = [name for name, aim in aims.items() if aim.reference is None]
        if robustness.criterion == "satisficing" and missing:
            raise fault(
                f"satisficing counts the scenarios that reach a reference, and {', '.join(missing)} has none; "
                f"write objectives.{missing[0]}: {{direction: maximise, reference: ...}}"
            )
        return robustness
