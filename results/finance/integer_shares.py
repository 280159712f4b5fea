"""Shares of whole cents and points that add up: nothing is lost to rounding and nothing appears.

Serves every statement that splits an amount. Remainders go to the largest fractions, of equal ones to the first
(largest remainder; Hare, 1859).
"""

from __future__ import annotations

from collections.abc import Sequence


def rounded(numerator: int, denominator: int) -> int:
    """Return the whole number nearest to a fraction; half of one is rounded up. `denominator` is positive."""
    return (2 * numerator + denominator) // (2 * denominator)


def apportioned(amount: int, weights: Sequence[int]) -> list[int]:
    """Return `amount` split in proportion to `weights`, in whole units that add up to it.

    Where the weights add up to 0 the first one takes all. Raises ValueError for an amount without weights.
    """
    if not weights:
        if amount:
            raise ValueError(f"{amount} cannot be split among nobody")
        return []
    total = sum(weights)
    if total == 0:
        return [amount, *[0] * (len(weights) - 1)]
    sign = 1 if total > 0 else -1
    parts = [divmod(amount * weight * sign, total * sign) for weight in weights]
    shares = [whole for whole, _ in parts]
    left = amount - sum(shares)
    for place in sorted(range(len(weights)), key=lambda place: -parts[place][1])[:left]:
        shares[place] += 1
    return shares
