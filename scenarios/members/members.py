"""The members of a retailer on one morning, as arrays: what a world can open with.

Serves the simulation, which lays them down, and the check that what it lays down ties out with the file.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .not_given import Integers

Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Members and lots in the order of the file.

    Days are proleptic Gregorian ordinals, 0 where not given; amounts are cents, points the policy's, -1 where not
    given. `expires_on` and `ends_on` are last days. Arrays from `id` to `paid_since` have one entry a member, those of
    lots one a lot; `lot_member` is the member's place.
    """

    name: str
    as_of: datetime.date
    currency: str
    id: Texts
    last_order_on: Integers
    orders_last_12_months: Integers
    spend_last_12_months: Integers
    first_order_on: Integers
    enrolled_on: Integers
    lifetime_orders: Integers
    lifetime_spend: Integers
    tier: Texts
    tier_since: Integers
    tier_until: Integers
    points_balance: Integers
    plan: Texts
    started_on: Integers
    ends_on: Integers
    fee_paid: Integers
    auto_renew: Integers
    paid_since: Integers
    lot_member: Integers
    lot_points: Integers
    lot_expires_on: Integers
    lot_earned_on: Integers
    has_lots: bool
    """Whether the file has a table of lots; without one balances stand for themselves."""
    files: tuple[tuple[str, str], ...] = ()
    """File name and SHA-256 of each file that was read."""
    notices: tuple[str, ...] = ()
    """What was left out, or is worth knowing."""

    def __len__(self) -> int:
        return len(self.id)

    @property
    def sha256(self) -> str:
        """SHA-256 of what the file says, without ids and names: equal for equal members, however they are written."""
        digest = hashlib.sha256(f"{self.as_of} {self.currency} {self.has_lots}".encode())
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray) and field.name != "id":
                digest.update(field.name.encode())
                texts = value.dtype == object
                digest.update("\n".join(value).encode() if texts else np.ascontiguousarray(value, "<i8").tobytes())
        return digest.hexdigest()

    def part(self, rows: Integers) -> Members:
        """Return the members at `rows`, rising, with their lots."""
        place = np.full(len(self), -1)
        place[rows] = np.arange(len(rows))
        kept = place[self.lot_member] >= 0 if len(self.lot_member) else np.zeros(0, bool)
        changes: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                changes[field.name] = value[kept] if field.name.startswith("lot_") else value[rows]
        changes["lot_member"] = place[changes["lot_member"]]
        return replace(self, **changes)

    @property
    def points(self) -> Integers:
        """Points of each member: the balance where it is given, else what the lots add up to, else 0."""
        return np.where(self.points_balance >= 0, self.points_balance, self.points_in_lots)

    @property
    def points_in_lots(self) -> Integers:
        """Points of each member's lots."""
        return np.bincount(self.lot_member, self.lot_points, len(self)).astype(np.int64)
