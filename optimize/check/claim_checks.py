"""What can be wrong with claims though each could be read: unknown names, nothing stated, no chance to fail or to hold.

Serves `checks_plan.py`. Each fault stands under its path in the document, so that its line can be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from memberlab.policies import Policy, hint
from memberlab.results import KPIS, Kpi

from ..study import Quantity
from .checks_file import LEAST_BETTER, NEITHER_BETTER, OutcomeClaim
from .tolerance import Tolerance, unit_fault

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

NEVER_NEGATIVE = frozenset(KPIS) - {"margin", "benefit_cost", "benefit_cost_share"}
NEVER_ABOVE_ALL = frozenset({"retention", "top_tier_share"})
LIMITS, DISTANCES = ("at_least", "at_most"), ("rises_by", "falls_by", "no_worse_by")


def claim_faults(claim: OutcomeClaim, policies: Mapping[str, Policy], scenarios: Sequence[str]) -> Iterator[Fault]:
    """Give the faults of one claim, each under its path within the claim."""
    yield from _name_faults(claim, policies, scenarios)
    yield from _form_faults(claim)
    kpi = KPIS[claim.kpi]
    for key in LIMITS:
        if (limit := getattr(claim, key)) is not None and (text := _limit_fault(kpi, key, limit)):
            yield (key,), text
    for key in DISTANCES:
        distance = getattr(claim, key)
        if distance is None:
            continue
        if text := unit_fault(kpi, distance):
            yield (key,), text
        elif key == "no_worse_by" and _is_all(distance, kpi):
            yield (key,), f"{distance} is all there is to lose; the check could never fail, write less"
    if claim.at_least is not None and claim.at_most is not None and claim.at_least.number > claim.at_most.number:
        yield ("at_most",), f"{claim.at_most} is below at_least, {claim.at_least}; no outcome can be both"
    for name in dict.fromkeys((claim.policy or "", *(claim.ranking or ()))):
        if name in policies and (text := always_zero(claim.kpi, policies[name])) and claim.against is None:
            yield ("kpi",), f"{text}; the check could never fail" if claim.ranking is None else text


def _is_all(distance: Tolerance, kpi: Kpi) -> bool:
    """Return whether a distance for the worse is all of the figure."""
    if distance.kind == "amount" or distance.number < 100:
        return False
    return distance.kind == "points" or kpi.name not in LEAST_BETTER


def always_zero(kpi: str, policy: Policy) -> str | None:
    """Return why a key figure of a policy is always 0; None if it need not be."""
    if kpi == "paid_members" and policy.membership is None:
        return f"{policy.name} has no paid membership, so that {kpi} is always 0"
    if kpi == "points_liability" and policy.points is None:
        return f"{policy.name} has no points, so that {kpi} is always 0"
    if kpi == "top_tier_share" and len(policy.tiers) < 2:
        return f"{policy.name} has no two tiers, so that {kpi} is always 0"
    return None


def _name_faults(claim: OutcomeClaim, policies: Mapping[str, Policy], scenarios: Sequence[str]) -> Iterator[Fault]:
    named: list[tuple[Path, str | None]] = [(("policy",), claim.policy), (("against",), claim.against)]
    named += [(("ranking", place), name) for place, name in enumerate(claim.ranking or ())]
    for path, name in named:
        if name is not None and name not in policies:
            yield path, f"no policy is called '{name}'{hint(name, list(policies), 'policies')}"
    for place, name in enumerate(() if claim.scenarios == "all" else claim.scenarios):
        if name not in scenarios:
            yield ("scenarios", place), f"no scenario is called '{name}'{hint(name, list(scenarios), 'scenarios')}"
    pairs: list[tuple[Path, str, str]] = [(("against",), claim.policy or "", claim.against or "")]
    ranked = claim.ranking or ()
    pairs += [(("ranking", place + 1), ranked[place], ranked[place + 1]) for place in range(len(ranked) - 1)]
    for path, one, other in pairs:
        if one in policies and other in policies and policies[one].digest() == policies[other].digest():
            told = "is the policy itself" if one == other else f"promises the same as {one}"
            yield path, f"{other} {told}; the difference is always 0, name another"


def _form_faults(claim: OutcomeClaim) -> Iterator[Fault]:
    limits = [key for key in LIMITS if getattr(claim, key) is not None]
    distances = [key for key in DISTANCES if getattr(claim, key) is not None]
    if claim.ranking is not None:
        for key in ("policy", "against", *limits, *distances):
            if getattr(claim, key) is not None:
                yield (key,), "a ranking says who is better than whom; leave this out, or write a claim of its own"
        if claim.kpi in NEITHER_BETTER:
            yield ("ranking",), f"neither more nor less {claim.kpi} is better; write rises_by or falls_by"
        return
    if claim.policy is None:
        yield (), "no policy; name the one that it is about with policy, or several with ranking"
    if claim.against is None:
        for key in distances:
            yield (key,), f"{key} is a distance from another policy; name it with against"
        if not limits and not distances:
            yield (), "nothing is stated; write at_least or at_most, or against with rises_by, falls_by or no_worse_by"
        return
    for key in limits:
        mend = "rises_by" if key == "at_least" else "falls_by"
        yield (key,), f"with against, the difference is tried; write {mend}, or leave out against"
    if not distances and not limits:
        yield (), "nothing is stated of the difference; write rises_by, falls_by or no_worse_by"
    if len(distances) > 1:
        yield (distances[1],), f"there is {distances[0]} already; write a claim for each"
    if claim.no_worse_by is not None and claim.kpi in NEITHER_BETTER:
        yield ("no_worse_by",), f"neither more nor less {claim.kpi} is better; write rises_by or falls_by"


def _limit_fault(kpi: Kpi, key: str, limit: Quantity) -> str | None:
    if limit.percent != (kpi.unit == "share"):
        if kpi.unit == "share":
            return f"{limit} has no unit, and {kpi.name} is a share; write for example {limit} %"
        wanted = "an amount in currency units" if kpi.unit == "money" else "a number"
        return f"{limit} is a percentage, and {kpi.name} is not a share; write {wanted}"
    if kpi.name in NEVER_NEGATIVE and limit.number <= 0 and key == "at_least":
        return f"{kpi.name} is never below 0; the check could never fail, write a larger limit"
    if kpi.name in NEVER_NEGATIVE and limit.number < 0:
        return f"{kpi.name} is never below 0; the check could never hold, write a larger limit"
    if kpi.unit == "share" and key == "at_most" and limit.number >= 100:
        return f"{kpi.name} is never above {limit}; the check could never fail, write a smaller limit"
    if kpi.name in NEVER_ABOVE_ALL and key == "at_least" and limit.number > 100:
        return f"{kpi.name} is never above 100 %; the check could never hold, write a smaller limit"
    return None
