"""The frames of a cut-over by name: title, what a row is, and each column with its unit and meaning.

Serves whoever reads a frame and docs/cutover.md. Money is integer cents, points are integers, shares run from 0 to 1.
"""

from __future__ import annotations

from ..finance.catalogue import Statement

YEAR = "the 12 calendar months before launch"
USUAL = "tier that the old policy's own review gives on that morning"
GIVES = "cents a year that the same orders give back"

FRAMES = (
    Statement("members", "Members", "a member on file", {
        "member": "number of the shopper, counted over all regions",
        "old_tier": "tier on the evening before, `-` without tiers",
        "usual_tier": USUAL, "new_tier": "tier after launch morning",
        "move": "up, down or same: the new tier against the one that stands for the old",
        "moved_anyway": "whether the old policy's own review would have moved the member the same way that morning",
        "paid_membership": "what becomes of the paid membership: none, runs on, converted, refunded, ends that "
        "day, renews that day, begins that day",
        "orders": f"orders in {YEAR}", "spend": f"cents of goods in {YEAR}",
        "tenth": "tenth of the members who ordered, by spend: 1 least, 10 most; 0 without an order",
        "points_before": "points owed on the evening before", "points_converted": "points after the exchange",
        "points_expired_anyway": "points (new) that go by the old rules on the same morning",
        "points_forced": "points that are too old for the new rule", "points_forfeited": "points taken",
        "points_after": "points owed after launch morning",
        "points_worth_lost": "cents at face value, without what the old rules take anyway; negative: gained",
        "refund": "cents of the fee given back", "deferred_before": "cents of the fee not yet earned",
        "deferred_after": "cents of the fee not yet earned",
        "discount_before": GIVES, "points_give_back_before": GIVES, "delivery_before": GIVES,
        "vouchers_before": GIVES, "coupons_before": GIVES, "give_back_before": f"{GIVES}, all kinds",
        "discount_after": GIVES, "points_give_back_after": GIVES, "delivery_after": GIVES, "vouchers_after": GIVES,
        "coupons_after": GIVES, "give_back_after": f"{GIVES}, all kinds", "change": "cents a year, after less before",
        "falls": "whether the give-back falls by more than the threshold, as a share of what it was",
    }),
    Statement("tier_flows", "Tiers on launch day", "an old and a new tier", {
        "old_tier": "tier on the evening before", "new_tier": "tier after launch morning", "move": "up, down or same",
        "members": "members on file", "share": "of the old tier's members",
        "spend": f"cents of goods in {YEAR}", "moved_anyway": "members whom the old policy would have moved as well",
    }),
    Statement("points_steps", "Points liability, cause by cause", "a cause; the first and the last are totals", {
        "step": "cause", "points": "points added; negative: taken", "members": "members whom it touches",
        "face_value": "cents at face value", "liability": "cents of points liability",
    }),
    Statement("memberships", "Paid memberships", "what becomes of them", {
        "paid_membership": "as in members", "members": "members", "refunded": "cents given back",
        "deferred_before": "cents of fees not yet earned", "deferred_after": "cents of fees not yet earned",
        "old_fee": "members who renew at the old fee for a while, because it is lower",
    }),
    Statement("losers", "Whose give-back falls", "a tier and a tenth by spend", {
        "usual_tier": USUAL, "tenth": "tenth by spend: 1 least, 10 most",
        "members": "members with a give-back before", "falling": "of these, those whose give-back falls by more than "
        "the threshold", "share": "falling of members",
        "give_back_before": "cents a year of those who fall", "give_back_after": "cents a year of those who fall",
        "lost": "cents a year of those who fall",
    }),
    Statement("changes", "Change of the give-back", "a step of the change", {
        "from_share": "lower end of the step, the change as a share of what was given back", "to_share": "upper end",
        "members": "members with a give-back before", "change": "cents a year",
    }),
    Statement("worst_kinds", "The kinds of member hit hardest", "a kind, by what one of them loses", {
        "kind": "in words", "usual_tier": USUAL, "new_tier": "tier after", "paid_membership": "as in members",
        "tenth": "tenth by spend", "members": "members of the kind", "give_back_before": "cents a year and member",
        "give_back_after": "cents a year and member", "points_worth_lost": "cents a member on launch day",
        "lost_each": "cents a member: give-back of a year, and points", "lost": "cents of the kind",
    }),
    Statement("checks", "What ties out", "a figure", {
        "figure": "what is compared", "told": "as told here", "world": "in the world after its first morning",
        "holds": "whether both are equal",
    }),
)  # fmt: skip
"""Every frame, in the order of the report."""

COLUMNS = {frame.name: tuple(frame.columns) for frame in FRAMES}
"""Columns of each frame, in order."""
