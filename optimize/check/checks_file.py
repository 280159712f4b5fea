"""`checks.yaml`: what must hold of a team's policies, as one document.

Serves strategists, who write it, and `memberlab check`, which tries it. Names and paths are resolved by
`checks_plan.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, field_validator

from memberlab.policies import (
    CountNotation,
    Day,
    Percent,
    RuleDocument,
    Section,
    Slug,
    fault,
    read_with_faults,
)
from memberlab.results import KPIS

from ..study import Amount, KpiName, Reference
from .decision import FIRST_LOOK, LAST_LOOK
from .tolerance import Distance, Margin, Tolerance, ToleranceNotation, unit_fault

CHECKS_FILE = "checks.yaml"
"""Name of the file in a project's folder."""


class CheckLooks(Section):
    """How many populations each policy meets in each scenario before a cell is decided."""

    first: Annotated[int, CountNotation("replications", minimum=4, maximum=1_024)] = FIRST_LOOK
    """Populations of the first look; while a cell is undecided they are doubled."""
    most: Annotated[int, CountNotation("replications", minimum=4, maximum=1_024)] = LAST_LOOK
    """Populations of the last look, and those of which the baseline keeps the outcomes."""

    @field_validator("most")
    @classmethod
    def _are_not_fewer_than_at_first(cls, most: int, info: ValidationInfo) -> int:
        first = info.data.get("first")
        if first is not None and most < first:
            raise fault(f"{most} is less than first, {first}; write {first} or more")
        return most


class DigestWorlds(Section):
    """The small worlds whose ledgers are held against the baseline bit by bit."""

    shoppers: Annotated[int, CountNotation("shoppers", minimum=10, maximum=100_000)] = 500
    """Shoppers in each world."""
    months: Annotated[int, CountNotation("months", minimum=1, maximum=120)] = 6
    """Months lived under each policy; at most the scenario's horizon."""
    replications: Annotated[int, CountNotation("replications", minimum=1, maximum=64)] = 2
    """Populations in each scenario."""


class OutcomeClaim(Section):
    """One statement that must hold: about a policy alone, about a policy against another, or about a ranking."""

    claim: Annotated[str, Field(min_length=1, max_length=300)]
    """The statement as people say it; it is shown, and the keys below it are what is tried."""
    policy: Slug | None = None
    """Name of the policy that it is about, one of `policies`."""
    ranking: Annotated[tuple[Slug, ...], Field(strict=False, min_length=2, max_length=16)] | None = None
    """Names of policies, the best first: each must be better than the next; in place of `policy` and `against`."""
    against: Slug | None = None
    """Name of the policy that it is held against, on the same shoppers, one of `policies`."""
    kpi: KpiName
    """The key figure."""
    at_least: Amount | None = None
    """Least value of the figure itself: `8 %` for a share, currency units for money."""
    at_most: Amount | None = None
    """Largest value of the figure itself."""
    rises_by: Distance | None = None
    """The figure is higher than `against` by at least this: `1 %` of it, `1 pp` of a share, or an amount."""
    falls_by: Distance | None = None
    """The figure is lower than `against` by at least this."""
    no_worse_by: Distance | None = None
    """The figure is worse than `against` by less than this; for costs and liabilities, more is worse."""
    probability: Percent | None = None
    """Share of worlds in which it must hold, taken as normal; left out, it holds on average over them. In code: basis
    points."""
    scenarios: Literal["all"] | Annotated[tuple[Slug, ...], Field(strict=False, min_length=1, max_length=64)] = "all"
    """Names of the scenarios in each of which it must hold, or `all` of them."""
    assumptions: Reference | None = None
    """Set of assumptions about shoppers under which it must hold: a name such as `sceptical`, or the path of a file."""
    until: Day | None = None
    """Last day that counts, such as 2026-12-31 for a year's end; left out, the end of the horizon."""

    @field_validator("probability")
    @classmethod
    def _is_a_chance(cls, probability: int | None) -> int | None:
        if probability is not None and probability < 5_000:
            raise fault(
                f"{probability / 100:g} % would hold of almost anything, and the check could never fail; write 50 % "
                "or more, below 100 %"
            )
        if probability is not None and probability >= 10_000:
            raise fault("100 % cannot be shown by any number of worlds; write less, such as 99 %")
        return probability


LEAST_BETTER = frozenset({"benefit_cost", "benefit_cost_share", "points_liability"})
"""Key figures of which less is better."""
NEITHER_BETTER = frozenset({"top_tier_share"})
"""Key figures of which neither more nor less is better by itself."""

DEFAULT_MARGINS: Mapping[str, Tolerance] = {
    name: ToleranceNotation().read(text)
    for name, text in {"gmv": "1 %", "retention": "1 pp", "margin": "2 %", "benefit_cost_share": "0.5 pp"}.items()
}
"""Largest shifts that do not matter, where the file names none."""


def check_margins(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read margins, and report those whose unit does not suit the figure, or that no outcome could miss."""
    faults: dict[tuple[str | int, ...], str] = {}
    for name, value in written.items() if isinstance(written, Mapping) else ():
        if name not in KPIS:
            continue
        try:
            margin = ToleranceNotation(above=0).read(value)
        except ValueError:
            continue
        if text := unit_fault(KPIS[name], margin) or never_missed(margin):
            faults[name,] = text
    if isinstance(written, Mapping) and not written:
        faults[()] = "no margin; name at least one key figure, such as margin: 1 %"
    return read_with_faults(written, read, faults)


def never_missed(margin: Tolerance) -> str | None:
    """Return what to say of a margin that is wider than any outcome; None if it is not."""
    if margin.kind != "amount" and margin.number >= 100:
        what = "all of the figure" if margin.kind == "percent" else "all of a share"
        return f"{margin} is {what}; the check could never fail, write a smaller margin"
    return None


class Checks(RuleDocument):
    """What must hold of a team's policies, version 1."""

    name: Slug = "checks"
    """Short name, used in reports."""
    policies: Annotated[tuple[Reference, ...], Field(strict=False, min_length=1, max_length=64)]
    """The policies under test: names, or paths of .yaml files, seen from this file's folder."""
    scenarios: Annotated[tuple[Reference, ...], Field(strict=False, min_length=1, max_length=64)]
    """The worlds in which every policy is tried: names, or paths of .yaml files."""
    incumbent: Reference | None = None
    """Policy of the warm-up that replaces that of every scenario: a name, or the path of a .yaml file."""
    shoppers: Annotated[int, CountNotation("shoppers", minimum=10, maximum=20_000_000)] | None = 2_000
    """Shoppers in each world; more make outcomes steadier and runs longer."""
    months: Annotated[int, CountNotation("months", minimum=1, maximum=120)] | None = None
    """Length of the horizon; left out, each scenario's own."""
    replications: CheckLooks = CheckLooks()
    """Populations in each scenario: the same ones for the baseline and for what is checked."""
    margins: Annotated[Mapping[KpiName, Margin], WrapValidator(check_margins)] = Field(
        default_factory=lambda: dict(DEFAULT_MARGINS)
    )
    """The largest shift of each key figure that does not matter: `0.5 %` of it, `0.5 pp` of a share, or an amount. Left
    out: `{gmv: 1 %, retention: 1 pp, margin: 2 %, benefit_cost_share: 0.5 pp}`."""
    false_alarms: Percent = 100
    """Chance that a whole run says anything wrong, split over all cells and looks. In code: basis points."""
    digest_worlds: DigestWorlds = DigestWorlds()
    """The small worlds that are held against the baseline bit by bit."""
    claims: Annotated[tuple[OutcomeClaim, ...], Field(strict=False, max_length=200)] = ()
    """Statements that must hold, whatever the baseline says."""

    @field_validator("false_alarms")
    @classmethod
    def _is_a_budget(cls, budget: int) -> int:
        if not 1 <= budget <= 2_000:
            raise fault(f"{budget / 100:g} % is out of range; write more than 0 %, at most 20 %")
        return budget
