"""The budget: ceilings on benefits by month, quarter, year and horizon, and on the points liability, as a document.

Serves finance, who write it. It is read, checked and told of like every other document.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ValidatorFunctionWrapHandler, field_validator, model_validator

from memberlab.policies import (
    CountNotation,
    Currency,
    Document,
    DocumentError,
    Label,
    Money,
    Percent,
    Policy,
    Problem,
    RuleDocument,
    Section,
    fault,
    hint,
    load_model,
    read_document,
    read_with_faults,
)
from memberlab.scenarios import Scenario
from memberlab.sim import calendar_of

from .benefits import CAPPED_BENEFITS, is_promised, promised_by
from .fiscal_periods import FORMS, Horizon, PeriodKind, kind_of_label, periods_of


class Ceiling(Section):
    """What a benefit may cost at most. Give one of the keys or more."""

    month: Money | None = None
    """In each calendar month. In code: cents."""
    quarter: Money | None = None
    """In each quarter of the fiscal year. In code: cents."""
    year: Money | None = None
    """In each fiscal year. In code: cents."""
    horizon: Money | None = None
    """Over the whole horizon. In code: cents."""
    by_period: Mapping[Annotated[str, Field(min_length=1)], Money] = Field(default_factory=dict[str, Money])
    """In single periods, in place of the ceiling above: `2026-11` is a month, `2026-Q4` a quarter, `FY2026` a year; a
    fiscal year is called by the calendar year in which it ends. In code: cents."""

    @field_validator("by_period", mode="wrap")
    @classmethod
    def _names_periods(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        keys = [key for key in written if isinstance(key, str)] if isinstance(written, Mapping) else []
        wrong: dict[tuple[str | int, ...], str] = {
            (key,): f"'{key}' is no period; {FORMS}" for key in keys if not kind_of_label(key)
        }
        return read_with_faults(written, read, wrong)

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if all(one is None for one in (self.month, self.quarter, self.year, self.horizon)) and not self.by_period:
            raise fault("the ceiling has no amount; write one of month, quarter, year, horizon and by_period")
        return self

    def amount_for(self, kind: PeriodKind) -> int | None:
        """Return the ceiling in cents for every period of a kind, None if there is none."""
        amounts = {
            PeriodKind.MONTH: self.month, PeriodKind.QUARTER: self.quarter, PeriodKind.YEAR: self.year,
            PeriodKind.HORIZON: self.horizon,
        }  # fmt: skip
        return amounts[kind]


class LiabilityCeiling(Section):
    """What may be owed for points and reward credits at most. Give one of the keys or both."""

    year_end: Money | None = None
    """On the last day of each fiscal year. In code: cents."""
    any_day: Money | None = None
    """On every day of the horizon. In code: cents."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.year_end is None and self.any_day is None:
            raise fault("the ceiling has no amount; write year_end, any_day or both")
        return self


class Budget(RuleDocument):
    """What a programme may cost and owe, version 1. Money inside is int cents, shares are basis points."""

    currency: Currency
    """Currency of every amount; the one of the policy and the scenario."""
    fiscal_year_starts: Annotated[int, CountNotation("the number of a month", minimum=1, maximum=12)] = 1
    """Month in which the fiscal year opens: 1 is January, 4 April."""
    accepted_risk: Percent = 0
    """Share of the replications in which a ceiling may break and still counts as kept. In code: basis points."""
    ceilings: Mapping[Label, Ceiling] = Field(
        default_factory=dict[str, Ceiling], json_schema_extra={"propertyNames": {"enum": list(CAPPED_BENEFITS)}}
    )
    """Ceilings by benefit: `benefit_cost` for all benefits together, or the name of a benefit's line in the ledger,
    such as `coupon_discount`, `points_paid` or `service_labour`."""
    points_liability: LiabilityCeiling | None = None
    """Ceilings on the points liability: expected cost of the points outstanding, and reward credits."""

    @field_validator("ceilings", mode="wrap")
    @classmethod
    def _are_on_benefits(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        names = [name for name in written if isinstance(name, str)] if isinstance(written, Mapping) else []
        wrong: dict[tuple[str | int, ...], str] = {
            (name,): f"there is no benefit '{name}'{hint(name, tuple(CAPPED_BENEFITS), 'benefits')}"
            for name in names if name not in CAPPED_BENEFITS
        }  # fmt: skip
        return read_with_faults(written, read, wrong)

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if not self.ceilings and self.points_liability is None:
            raise fault("the budget has no ceiling; write ceilings, points_liability or both")
        return self


def load_budget(path: str | os.PathLike[str]) -> Budget:
    """Return the budget of a .yaml file. Raises DocumentError with every fault, each with file, line and field."""
    return load_model(Budget, path)


def fail_if_budget_does_not_fit(
    budget: Budget, path: str | os.PathLike[str], policy: Policy, scenario: Scenario
) -> None:
    """Raise DocumentError, with the lines of the budget's file, for what cannot be held against this run.

    That is another currency, a ceiling on a benefit that the policy lacks, and a period or a year end that is not in
    the horizon.
    """
    document = read_document(path)
    problems = list(_misfits(budget, document, policy, scenario))
    if problems:
        raise DocumentError(problems)


def _misfits(budget: Budget, document: Document, policy: Policy, scenario: Scenario) -> list[Problem]:
    wrong: dict[tuple[str, ...], str] = {}
    for kind, name, currency in (("policy", policy.name, policy.currency), ("scenario", scenario.name,
                                                                            scenario.currency)):  # fmt: skip
        if currency not in (None, budget.currency):
            wrong["currency",] = f"the budget is in {budget.currency}, {kind} {name} in {currency}"
    calendar = calendar_of(scenario)
    horizon = Horizon(calendar.date_of(calendar.launch), calendar.date_of(calendar.end), budget.fiscal_year_starts)
    for name, ceiling in budget.ceilings.items():
        if not is_promised(name, policy):
            rules = " or ".join(one.replace("*", "<name>") for one in promised_by(name))
            wrong["ceilings", name] = (
                f"policy {policy.name} has no such benefit ({CAPPED_BENEFITS[name]}); "
                f"it would come from {rules}; leave the ceiling out"
            )
        for label in ceiling.by_period:
            kind_of_period = kind_of_label(label)
            known = [] if kind_of_period is None else [one.label for one in periods_of(kind_of_period, horizon)]
            if label not in known:
                wrong["ceilings", name, "by_period", label] = (
                    f"lies outside the horizon, {horizon.told}; write one of {', '.join(known)}"
                )
    owed = budget.points_liability
    if owed is not None and policy.points is None:
        wrong["points_liability",] = f"policy {policy.name} has no points; leave the ceiling out"
    if owed is not None and owed.year_end is not None and not horizon.year_ends:
        no_end = f"the horizon, {horizon.told}, has no end of a fiscal year; write any_day"
        wrong["points_liability", "year_end"] = no_end
    return [Problem(document.name, document.line_of(at), ".".join(at), text) for at, text in wrong.items()]
