"""Contact: the channels on which members are written to, what a message costs, and how often one may come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from .model import Section
from .names import Label
from .notation import fault
from .number import CountNotation
from .problems import hint
from .quantities import Money, Multiplier, Percent
from .validation import read_with_faults
from .words import WordsNotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .policy import Policy
    from .yaml_reader import Path

MOST_CHANNELS = 4
MOST_MESSAGES = 8
"""Messages in 30 days that are remembered of a member."""


class Channel(Section):
    """One way of reaching members: app push, text message, letter, call."""

    cost: Money = 0
    """Cost of one message or call. In code: cents."""
    consent: Percent = 10_000
    """Share of members who may be contacted on it. In code: basis points."""
    pull: Multiplier = 100
    """How well a message brings a visit, times a plain push message; a call pulls harder. In code: percent."""


def _check_channels(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    too_many = isinstance(written, Mapping) and len(written) > MOST_CHANNELS
    wrong = f"{len(written)} channels are too many; write {MOST_CHANNELS} or fewer" if too_many else ""  # type: ignore[arg-type]
    return read_with_faults(written, read, {(): wrong} if wrong else {})


Channels = Annotated[Mapping[Label, Channel], WrapValidator(_check_channels)]
"""Channels by name, at most 4."""

MessageCount = Annotated[int, CountNotation("messages", minimum=1, maximum=MOST_MESSAGES)]


class Whitelist(Section):
    """Members to whom the frequency caps do not apply (whitelist, 白名单); consent and opting out hold for them too."""

    tiers: Annotated[tuple[str, ...], WordsNotation("tier")] = ()
    """Tiers whose members may be written to beyond the caps."""
    paid_members: bool = False
    """Whether paid members may be written to beyond the caps."""

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.tiers and not self.paid_members:
            raise fault("names nobody; write tiers or paid_members: true, or leave it out")
        return self


class Contact(Section):
    """How members are reached; a campaign that names a channel is announced on its first day."""

    channels: Channels
    """Channels by name."""
    most_in_7_days: MessageCount = 2
    """Most messages to one member in 7 days, over all channels; more are not sent."""
    most_in_30_days: Annotated[MessageCount, Field(validate_default=True)] = 6
    """Most messages to one member in 30 days, over all channels; more are not sent."""
    whitelist: Whitelist | None = None
    """Members to whom the two caps do not apply, if there are any."""

    @field_validator("most_in_30_days")
    @classmethod
    def _is_not_below_the_week(cls, month: int, info: ValidationInfo) -> int:
        week = info.data.get("most_in_7_days")
        if week is not None and month < week:
            raise fault(f"{month} in 30 days is below most_in_7_days, {week}; write {week} or more")
        return month


def contact_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield tiers and paid members on the whitelist that do not exist."""
    listed = None if policy.contact is None else policy.contact.whitelist
    if listed is None:
        return
    known = tuple(policy.tiers)
    for tier in listed.tiers:
        if tier not in known:
            has = hint(tier, known) if known else "; the policy has no tiers"
            yield ("contact", "whitelist", "tiers"), f"unknown tier '{tier}'{has}"
    if listed.paid_members and policy.membership is None:
        yield (
            ("contact", "whitelist", "paid_members"),
            "means paid members, but the policy has no membership; write one, or leave it out",
        )
