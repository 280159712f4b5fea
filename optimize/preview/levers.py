"""The levers of a policy: every number and choice that it promises, as a control would show it.

Serves the what-if page. Kind, unit, range and help come from the schema of policies; a slider goes from about nothing
to about twice today's value, in round steps on one of which today's value stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from memberlab.policies import Policy, json_schema, notation_of

from ..study import Quantity, round_step
from .schema_fields import NEVER, Field, fields_of

Kind = Literal["integer", "number", "percent", "money", "choice", "switch"]
"""How a lever is moved: whole numbers, other numbers, percentages, amounts of money, words, or on and off."""

FIRST_RANGES = {
    "percent": ("0", "20", "1"), "money": ("0", "200", "10"), "times": ("0", "3", "0.1"), "months": ("0", "24", "1"),
    "days": ("0", "90", "5"), "points": ("0", "1000", "50"), "orders": ("0", "12", "1"),
}  # fmt: skip
"""Low, high and step of a lever that stands at 0 or nothing, by unit: a beginning, as no value says how far to go."""
OTHER_RANGE = ("0", "10", "1")

LEVELS = 40
"""Steps of a slider, about."""
FINEST: Mapping[Kind, Decimal] = {
    "integer": Decimal(1), "number": Decimal("0.01"), "percent": Decimal("0.01"), "money": Decimal("0.01"),
}  # fmt: skip
"""The finest step that the notation of a kind allows."""

HEADS = (*Policy.HEAD, "version", "currency")
MONEY = "currency units, at most"
_SIGNED = re.compile(r"percent, ([0-9.]+) % to ([0-9.]+) %")


@dataclass(frozen=True, slots=True)
class PolicyLever:
    """One promise that can be moved; numbers in the notation of the file, percentages as 5 for `5 %`."""

    address: str
    """Where it stands: `tiers.gold.discount`."""
    label: str
    """Its key as words: `Discount`."""
    group: str
    """The section that it stands in, as words: `Tiers, gold`; empty at the top."""
    kind: Kind
    unit: str
    """`%`, the policy's currency, or what is counted; empty for words and switches."""
    help: str
    value: float | int | str | bool | None
    """Today's value; None where it is left out, `never` where it is that."""
    low: float | int | None = None
    """Where a slider begins; None for words and switches."""
    high: float | int | None = None
    step: float | int | None = None
    minimum: float | int | None = None
    """The least value that is allowed."""
    maximum: float | int | None = None
    choices: tuple[str, ...] = ()
    """The words that are allowed."""
    may_be_never: bool = False
    may_be_left_out: bool = False
    is_written: bool = False
    """Whether the policy says it; otherwise it stands at its default."""

    def written(self, value: object) -> object:
        """Return a value of the control in file notation: 5 of a percentage is `5 %`, 0.1 + 0.2 is 0.3.

        What is no value of this kind is returned as it is, for the policy to refuse.
        """
        if isinstance(value, str) and self.kind not in ("choice", "switch"):
            text = value.strip()
            if not re.fullmatch(r"[-+]?[0-9]{1,15}(\.[0-9]{1,10})?", text, re.ASCII):
                return text
            value = Decimal(text)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return value
        exact = Decimal(str(round(value, 6)))
        if not exact.is_finite():
            return value
        return Quantity(exact, percent=self.kind == "percent").written

    def as_json(self) -> dict[str, Any]:
        """Return the lever as plain data for `json.dumps`."""
        return asdict(self)


def levers_of(policy: Policy) -> list[PolicyLever]:
    """Return all levers of a policy in the order of its schema, those at their defaults too.

    Left out are its head, dates and other text, and lists of words.
    """
    written = set(policy.written_addresses())
    found = (_lever(field, policy) for field in fields_of(_schema(), notation_of(policy)) if field.keys[0] not in HEADS)
    return [lever if lever.address not in written else _said(lever) for lever in found if lever is not None]


@cache
def _schema() -> dict[str, Any]:
    return json_schema(Policy)


def _said(lever: PolicyLever) -> PolicyLever:
    return PolicyLever(**{**asdict(lever), "is_written": True})


def _lever(field: Field, policy: Policy) -> PolicyLever | None:
    kind = _kind(field, policy)
    if kind is None:
        return None
    head: dict[str, Any] = {
        "address": ".".join(field.keys), "label": _words(field.keys[-1]), "group": _group(field.keys[:-1]),
        "kind": kind, "help": field.help, "may_be_never": field.may_be_never, "may_be_left_out": field.may_be_nothing,
    }  # fmt: skip
    if kind in ("choice", "switch"):
        choices = tuple(str(one) for one in field.schema.get("enum", ()))
        return PolicyLever(**head, unit="", value=_word(field.value), choices=choices)
    unit = _unit(field, kind, policy)
    minimum, maximum = _limits(field, kind)
    value = _number(field.value)
    low, high, step = _slider(value, kind, unit, minimum, maximum)
    return PolicyLever(
        **head, unit=unit, value=_plain(value) if value is not None else _word(field.value), low=_plain(low),
        high=_plain(high), step=_plain(step), minimum=_plain(minimum), maximum=_plain(maximum),
    )  # fmt: skip


def _kind(field: Field, policy: Policy) -> Kind | None:
    schema = field.schema
    if "enum" in schema:
        return "choice"
    if schema.get("type") == "boolean":
        return "switch"
    if schema.get("type") == "integer" and "const" not in schema:
        return "integer"
    if schema.get("type") == "number":
        is_spend = policy.qualification is None or policy.qualification.basis == "spend"
        return "money" if field.unit.startswith(MONEY if not is_spend else "currency units") else "number"
    return "percent" if field.unit.startswith("percent") else None


def _unit(field: Field, kind: Kind, policy: Policy) -> str:
    unit = field.unit.removesuffix(f", or {NEVER}")
    if kind == "percent":
        return "%"
    if kind == "money":
        return policy.currency or ""
    if unit.startswith("currency units") and policy.qualification is not None:
        return policy.qualification.basis
    return unit.removesuffix(", at most two decimals")


def _limits(field: Field, kind: Kind) -> tuple[Decimal | None, Decimal | None]:
    if kind == "percent":
        match = _SIGNED.match(field.unit)
        return (Decimal(match[1]), Decimal(match[2])) if match else (None, None)
    low, high = field.schema.get("minimum"), field.schema.get("maximum")
    return (None if low is None else Decimal(str(low)), None if high is None else Decimal(str(high)))


def _slider(
    value: Decimal | None, kind: Kind, unit: str, minimum: Decimal | None, maximum: Decimal | None
) -> tuple[Decimal, Decimal, Decimal]:
    """Return low, high and step of a slider, on whose steps today's value stands."""
    if not value or value < 0:
        first = FIRST_RANGES.get(kind if kind in ("percent", "money") else unit, OTHER_RANGE)
        low, high, step = map(Decimal, first)
        return max(low, minimum or low), high if maximum is None else min(high, maximum), step
    step = max(round_step(value * 2 / LEVELS), FINEST[kind])
    least = Decimal(0) if minimum is None or minimum < 0 else minimum
    high = value + step * max(1, int(value / step))
    return value - step * int((value - least) / step), high if maximum is None else min(high, maximum), step


def _number(value: object) -> Decimal | None:
    if isinstance(value, str) and value.endswith("%"):
        return Decimal(value.removesuffix("%").strip())
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _plain(number: Decimal | None) -> float | int | None:
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def _word(value: object) -> str | bool | None:
    return value if isinstance(value, str | bool) else None


def _words(key: str) -> str:
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]


def _group(keys: tuple[str, ...]) -> str:
    return _words(", ".join(str(int(key) + 1) if key.isdecimal() else key for key in keys))
