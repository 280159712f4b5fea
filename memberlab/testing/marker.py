"""The `policy` marker of a test: which policies, in which worlds, with how many seeds.

Serves `policy_check`. Markers of module, class and test add up; the nearest one wins.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from .misuse import MisuseError

if TYPE_CHECKING:
    import pytest

HELP = (
    "policy(policy, against=, scenarios=, seeds=, shoppers=, months=): policies and small worlds of policy_check; "
    "paths are seen from pytest's root folder"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """What the markers of a test say; None where they say nothing."""

    policy: Any = None
    """Name, path or Policy that is tested."""
    against: Any = None
    """Name, path or Policy that it is held against."""
    scenarios: tuple[Any, ...] = field(default=("baseline",))
    """Names, paths or Scenarios."""
    seeds: int | None = None
    """Most seeds for one statement."""
    shoppers: int | None = None
    """Shoppers in each world; None leaves the scenario's."""
    months: int | None = None
    """Months of the horizon; None leaves the scenario's."""


KEYS = tuple(one.name for one in fields(Marked))


def marked(item: pytest.Item) -> Marked:
    """Return what the markers of a test say; raise MisuseError for a marker that says something else."""
    found = Marked()
    for marker in reversed(list(item.iter_markers("policy"))):
        found = replace(found, **_checked(marker))
    return found


def _checked(marker: pytest.Mark) -> dict[str, Any]:
    from memberlab.policies import hint

    given: dict[str, Any] = dict(marker.kwargs)
    if len(marker.args) > 1 or (marker.args and "policy" in given):
        raise MisuseError("pytest.mark.policy takes one policy; name the other with against=")
    if marker.args:
        given["policy"] = marker.args[0]
    for key, value in given.items():
        if key not in KEYS:
            raise MisuseError(f"pytest.mark.policy knows no {key}{hint(key, KEYS)}")
        least = {"seeds": 2, "shoppers": 1, "months": 1}.get(key)
        if least is not None and (not isinstance(value, int) or value < least):
            raise MisuseError(f"pytest.mark.policy({key}={value!r}): write a whole number from {least} on")
    if "scenarios" in given:
        scenarios = given["scenarios"]
        given["scenarios"] = (scenarios,) if isinstance(scenarios, str) else tuple(scenarios)
        if not given["scenarios"]:
            raise MisuseError("pytest.mark.policy(scenarios=[]): a test without a world could not fail; name one")
    return given
