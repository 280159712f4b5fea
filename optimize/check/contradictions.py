"""Claims that no outcome can satisfy together: limits that cross, rankings that run in a circle.

Serves `checks_plan.py`. Claims on averages are read as bounds on differences, x - y >= c; a circle of them whose bounds
add up to more than 0 is a contradiction (Bellman, 1958). Nothing is named that is only unlikely.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .checks_file import OutcomeClaim
from .claim_checks import NEVER_NEGATIVE, Fault
from .statement import Statement, statements_of

NOTHING = ""
"""The figure that is 0, against which limits are bounds."""
A_LITTLE = 1e-9
"""What "is higher" asks for beyond 0."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """`upper` - `lower` >= `least`, as the claim of a number says."""

    upper: str
    lower: str
    least: float
    claim: int


def contradictions(
    claims: Mapping[int, OutcomeClaim], scenarios: Sequence[str], line_of: Mapping[int, int]
) -> Iterator[Fault]:
    """Give a fault at the last of every set of claims that contradict each other; claims by number in the file."""
    groups: dict[tuple[object, ...], list[_Bound]] = defaultdict(list)
    told: set[frozenset[int]] = set()
    for number, claim in claims.items():
        for scenario in scenarios if claim.scenarios == "all" else claim.scenarios:
            key = (claim.kpi, scenario, claim.assumptions, claim.until)
            if claim.probability is None:
                groups[key] += [_bound(one, number) for one in statements_of(claim) if _is_fixed(one)]
    for bounds in groups.values():
        found = frozenset(_circle(bounds))
        if len(found) > 1 and found not in told:
            told.add(found)
            yield _fault(sorted(found), claims, line_of)
    for one, other in combinations(claims, 2):
        if frozenset((one, other)) not in told and _exclude(claims[one], claims[other], scenarios):
            yield _fault([one, other], claims, line_of)


def _fault(numbers: list[int], claims: Mapping[int, OutcomeClaim], line_of: Mapping[int, int]) -> Fault:
    others = ", ".join(f"'{claims[number].claim}' (line {line_of[number]})" for number in numbers[:-1])
    return ("claims", numbers[-1]), f"contradicts {others}: no outcome can satisfy all of them; mend one"


def _is_fixed(statement: Statement) -> bool:
    """Return whether the bound is known before anything is lived: no share of a figure, but for "is higher" by one."""
    distance = statement.distance
    if distance is None or distance.kind != "percent" or distance.number == 0:
        return True
    return not statement.spare and statement.kpi in NEVER_NEGATIVE


def _bound(statement: Statement, claim: int) -> _Bound:
    other = statement.against or NOTHING
    upper, lower = (statement.policy, other) if statement.sign > 0 else (other, statement.policy)
    distance = statement.distance
    if distance is not None and not statement.spare and (distance.kind == "percent" or distance.number == 0):
        return _Bound(upper, lower, A_LITTLE, claim)
    return _Bound(upper, lower, statement.least(0.0), claim)


def _circle(bounds: Sequence[_Bound]) -> list[int]:
    """Return the claims of a circle whose bounds add up to more than 0; none if there is no circle."""
    names = {name for bound in bounds for name in (bound.upper, bound.lower)}
    least, through = dict.fromkeys(names, 0.0), dict[str, _Bound]()
    last = None
    for _ in names:
        last = None
        for bound in bounds:
            if least[bound.lower] + bound.least > least[bound.upper] + A_LITTLE / 2:
                least[bound.upper] = least[bound.lower] + bound.least
                through[bound.upper], last = bound, bound.upper
    if last is None:
        return []
    for _ in names:  # back into the circle
        last = through[last].lower
    here, found = last, []
    while True:
        found.append(through[here].claim)
        here = through[here].lower
        if here == last:
            return found


def _exclude(one: OutcomeClaim, other: OutcomeClaim, scenarios: Sequence[str]) -> bool:
    """Return whether two claims ask one figure to be below and above with probabilities of more than 1 together."""
    if one.probability is None or other.probability is None or one.probability + other.probability <= 10_000:
        return False
    worlds = [set(scenarios if claim.scenarios == "all" else claim.scenarios) for claim in (one, other)]
    about = [(claim.policy, claim.kpi, claim.assumptions, claim.until) for claim in (one, other)]
    if (
        about[0] != about[1]
        or not worlds[0] & worlds[1]
        or one.against
        or other.against
        or one.ranking
        or other.ranking
    ):
        return False
    pairs = ((one.at_least, other.at_most), (other.at_least, one.at_most))
    return any(low is not None and high is not None and low.number > high.number for low, high in pairs)
