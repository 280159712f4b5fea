"""Options of the plugin: how often a run may cry wolf, how many seeds it may use, and what it may write.

Serves `pytest --help` and the fixture.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

FALSE_ALARM, STATEMENTS, SEEDS = 0.01, 24, 64


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line said."""

    root: Path
    """Folder from which relative paths of policies and scenarios are seen."""
    false_alarm: float
    """Probability that a run in which nothing is worse fails all the same."""
    statements: int
    """Statements that a test foresees in the whole run, when it decides whether it needs more seeds."""
    seeds: int
    """Most seeds for one statement."""
    strict: bool
    """Whether an undecided statement fails its test."""
    update: bool
    """Whether digests are accepted as they are now."""
    digests: Path
    """File of the accepted digests."""


def add_options(parser: pytest.Parser) -> None:
    """Add the options to pytest's own."""
    group = parser.getgroup("policy", "outcomes of membership policies (memberlab)")
    group.addoption(
        "--policy-update", action="store_true",
        help="accept the digests of assert_digest as they are now; the file's difference is for review",
    )  # fmt: skip
    group.addoption(
        "--policy-false-alarm", type=_probability, default=FALSE_ALARM, metavar="SHARE",
        help="probability that a run fails by chance, over all its statistical statements together, such as 1%% or "
        "0.01 (default: 1%%)",
    )  # fmt: skip
    group.addoption(
        "--policy-seeds", type=_seeds, default=SEEDS, metavar="N",
        help=f"most seeds for one statement; a test begins with 8 and doubles until it knows (default: {SEEDS})",
    )  # fmt: skip
    group.addoption(
        "--policy-statements", type=_statements, default=STATEMENTS, metavar="N",
        help="statements to foresee in the whole run; with more than that some can end undecided for want of seeds "
        f"(default: {STATEMENTS})",
    )  # fmt: skip
    group.addoption(
        "--policy-strict", action="store_true", help="a statement that all seeds leave undecided fails its test"
    )
    group.addoption(
        "--policy-digests", default="tests/policy-digests.json", metavar="FILE",
        help="file of the accepted digests (default: %(default)s)",
    )  # fmt: skip


def settings_of(config: pytest.Config) -> Settings:
    """Return what the command line of a run said."""
    root = config.rootpath
    return Settings(
        root=root,
        false_alarm=config.getoption("--policy-false-alarm"),
        statements=config.getoption("--policy-statements"),
        seeds=config.getoption("--policy-seeds"),
        strict=config.getoption("--policy-strict"),
        update=config.getoption("--policy-update"),
        digests=root / config.getoption("--policy-digests"),
    )


def _probability(text: str) -> float:
    """Return a probability written as `1 %` or `0.01`."""
    number = text.strip().removesuffix("%")
    try:
        value = float(number) / (100 if number != text.strip() else 1)
    except ValueError:
        value = -1.0
    if not 0 < value <= 0.5:
        raise argparse.ArgumentTypeError(f"'{text}' is no probability above 0 and up to 50 %; write 1 % or 0.01")
    return value


def _seeds(text: str) -> int:
    """Return a number of seeds: with one there is no interval."""
    return _whole(text, 2)


def _statements(text: str) -> int:
    """Return a number of statements."""
    return _whole(text, 1)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from {least} on")
    return int(text)
