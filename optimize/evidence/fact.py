"""One published fact: what was found, how it is tried on simulated shoppers, and the band in which it has to come out.

Serves the evidence suite. A fact's use is frozen: C may be tuned on, H is held out and never is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal

Use = Literal["C", "H", "prior only"]
"""C: assumptions may be tuned on it; H: held out; prior only: shown, and not judged."""

Values = Mapping[str, float]
"""What one replication of a protocol measured, by quantity."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a protocol is run under: the seed of the replication, assumptions by name, and how many shoppers for one.

    `assumptions` replace the defaults; those that a protocol needs for its own world replace these.
    """

    seed: int
    assumptions: Mapping[str, float] = field(default_factory=dict[str, float])
    size: float = 1.0


Protocol = Callable[[Setting], Values]
"""Runs a fact's experiment once on simulated shoppers, and returns every quantity of the fact."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of a fact; it is in band from `low` to `high`.

    Where only a sign is published, `is_sign` asks that it be told from 0 as well: |t| above 3 over replications.
    """

    name: str
    published: str
    low: float
    high: float
    _: KW_ONLY
    is_sign: bool = False
    is_share: bool = False
    """Whether it is printed in percent."""
    on_log_scale: bool = False
    """Whether the mean and its interval are those of logarithms: for positive estimates with a long tail."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A published fact, by its number in the behaviour reference."""

    number: int
    title: str
    _: KW_ONLY
    source: str
    grade: Literal["A", "B", "C", "D"]
    use: Use
    how: str
    """The experiment on simulated shoppers, in words."""
    measured: tuple[Measured, ...]
    protocol: Protocol
    remark: str = ""
    """What the experiment leaves out or assumes, and why it misses where it does."""


def positive(name: str, published: str, *, is_share: bool = True) -> Measured:
    """Return a quantity of which only the sign is known: above 0."""
    return Measured(name, published, 0.0, float("inf"), is_sign=True, is_share=is_share)


def negative(name: str, published: str, *, is_share: bool = True) -> Measured:
    """Return a quantity of which only the sign is known: below 0."""
    return Measured(name, published, float("-inf"), 0.0, is_sign=True, is_share=is_share)


def around(name: str, value: float, spread: float, *, is_share: bool = False) -> Measured:
    """Return a quantity whose band is a published value give or take a share of it (band rule of the reference)."""
    ends = sorted((value * (1 - spread), value * (1 + spread)))
    return Measured(name, f"{value:.1%}" if is_share else f"{value:g}", ends[0], ends[1], is_share=is_share)
