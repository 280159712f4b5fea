"""The page of a log's campaign and discount response, in Markdown.

Serves strategists and whoever checks them; made by `memberlab lift`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memberlab.scenarios import response

from .rows import LiftRow, lift_rows

HEAD = """\
# {title}

What the log tells about campaigns and discounts. A difference between customers who were sent an offer and others is
called a lift only where chance decided who was sent it (`assigned_by: random`, with controls). Everything else is shown
beside the same method on a fake date, when nobody was sent anything: a method that finds an effect there finds
targeting, not a campaign.

Made by `{command}`.
"""

METHODS = """\
## How these figures are made

- **Exposed weeks** are those that an offer touches. Their ratio to the others has a standard error by whole customers.
- **Matched**: each customer who was sent the offer meets the 5 who bought most alike in the 8 weeks before, of those
  whom nothing touched until its end; before is taken off after for both. On **fake dates** the same is done where
  nobody had been sent anything. Standard errors allow for controls that serve several (Abadie and Imbens, 2006).
- **First exposure**: effects of customer and week, the weeks around a customer's first exposure alone, beside customers
  never exposed; standard errors by customer. Customers who did not buy in the first 4 weeks are left out, because who
  enters late is not yet targeted, and the unexposed would grow by entries alone.
- The comparison around the first exposure **holds** if the fake date shows no effect (p from 0.01) and its own interval
  includes 0. It is right for customers chosen by a lasting trait, and too low for those chosen by their purchases so
  far; for these a matched comparison is right, which for those is too high: the two bracket the truth (Ding and Li,
  2019). Where it does not hold, the interval reaches from the one to the other, and by the effect of the fake date to
  either side (Rambachan and Roth, 2023). Campaigns without effect, simulated with either way of choosing, are covered.
- What is **ruled out** is what lies above the upper ends of all its variants.
"""


def lift_page(
    found: response.CampaignResponse, title: str, command: str, *, picture: str | None = None,
    beside: Mapping[str, str] | None = None, beside_title: str = "elsewhere",
) -> str:  # fmt: skip
    """Return the page; `picture` is the picture's address, `beside` figures of another analysis by key of a row."""
    parts = [HEAD.format(title=title, command=command)]
    if picture is not None:
        parts.append(f"![Answers from the naive to the controlled]({picture})\n")
    for lift in found.randomised:
        parts.append(f"## Offer {lift.offer}: a trial\n\n{_list(response.lift_in_words(lift, found.log))}")
        parts.append(_trial(lift, found.log.currency))
    rows = [row for row in lift_rows(found) if row.kind not in ("trial", "unsound")]
    if found.observational is not None:
        words = _list(response.observational_in_words(found.observational))
        parts.append(f"## Offers whose customers were not chosen by chance\n\n{words}")
        parts.append(_answers(rows, beside or {}, beside_title))
        parts.append(METHODS)
    if found.price is not None:
        parts.append(f"## Price response\n\n{_list(response.price_in_words(found.price))}")
        parts.append(_price(found.price, beside or {}, beside_title))
    if found.deals is not None:
        parts.append(_deals(found.deals))
    if found.redemption is not None:
        parts.append(_redemption(found.redemption, beside or {}, beside_title))
    if found.notices:
        parts.append(f"## What this log cannot tell\n\n{_list(found.notices)}")
    return "\n".join(parts)


def _list(sentences: Sequence[str]) -> str:
    return "".join(f"- {sentence}\n" for sentence in sentences)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: int = 1) -> str:
    """Return a table whose columns from `right` on are aligned to the right."""
    rule = ["---" if place < right else "--:" for place in range(len(heads))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *rows))


def _with_beside(
    heads: list[str], rows: list[tuple[str, list[str]]], beside: Mapping[str, str], title: str, place: int
) -> str:
    """Return a table with figures of another analysis in a column at `place`, if there are any for its rows."""
    if any(key in beside for key, _ in rows):
        heads = [*heads[:place], title, *heads[place:]]
        rows = [(key, [*cells[:place], beside.get(key, ""), *cells[place:]]) for key, cells in rows]
    return _table(heads, [cells for _, cells in rows])


def _answers(rows: Sequence[LiftRow], beside: Mapping[str, str], beside_title: str) -> str:
    cells = [
        (row.key, [row.says, *(response.share_told(row.effects[name]) for name in ("spend", "visits", "orders")),
                   f"{row.exposed:,} / {row.others:,}", row.remark])
        for row in rows
    ]  # fmt: skip
    heads = ["method", "spend a week", "visits", "orders", "exposed / others", "remark"]
    return _with_beside(heads, cells, beside, beside_title, 2)


def _trial(lift: response.RandomisedLift, currency: str) -> str:
    rows = []
    for name, unit in (("spend", currency), ("visits", "days"), ("orders", "receipts")):
        one = lift.outcomes[name]
        rows.append([
            f"{name} a customer and week ({unit})", f"{one.control:.3f}",
            f"{one.difference.value:+.3f} [{one.difference.low:+.3f}, {one.difference.high:+.3f}]",
            response.share_told(one.share), f"{one.raw.value:+.3f} ({one.raw.standard_error:.3f})",
            f"{100 * one.variance_saved:.0f} %",
        ])  # fmt: skip
    heads = ["outcome", "controls", "lift", "share", "unadjusted (se)", "variance saved"]
    table = _table(heads, rows)
    balance = lift.balance
    planned = "planned" if balance.is_share_given else "nearest usual"
    facts = [
        f"{balance.treated:,} targets and {balance.controls:,} controls, followed for {lift.arms.days} days from "
        f"assignment; sample-ratio test against the {planned} share {balance.planned_share:.4g}: p "
        f"{balance.sizes_p:.2g}"
    ]
    facts += [
        f"{name} in the {lift.arms.prior_days} days before: {deviations:+.3f} standard deviations "
        f"(p {difference.p_value:.2g})"
        for name, (difference, deviations) in balance.prior.items()
    ]
    if lift.redeemed is not None:
        used = lift.redeemed
        facts.append(
            f"{100 * used.redeeming_share:.1f} % of the targets redeemed, {used.per_target:.2f} redemptions a target; "
            f"{used.by_controls:,} controls redeemed as well"
        )
    return table + "\n" + _list(facts)


def _price(price: response.PriceResponse, beside: Mapping[str, str], beside_title: str) -> str:
    def told(estimate: response.Estimate) -> str:
        return f"{estimate.value:.2f} ({estimate.standard_error:.2f})"

    rows = [("price", [f"own paid price, {price.products:,} products", told(price.own_price)])]
    if price.deal is not None:
        rows.append(("price-deal", ["depth of the deal", told(price.deal)]))
    if price.shelf_price is not None:
        rows.append(("price-shelf", ["shelf price", told(price.shelf_price)]))
    if price.spread is not None:
        low, middle, high = price.spread.quantiles
        rows.append(
            (
                "price-quantiles",
                [f"10 / 50 / 90 % of {price.spread.products:,} products", f"{low:.1f} / {middle:.1f} / {high:.1f}"],
            )
        )
        rows.append(("price-sd", ["true standard deviation over products", f"{price.spread.true_sd:.2f}"]))
        rows.append(("price-negative", ["negative", f"{100 * price.spread.negative:.0f} %"]))
    return _with_beside(["elasticity of units", "estimate (se)"], rows, beside, beside_title, 2)


def _deals(deals: response.BasketDeals) -> str:
    rows = [[name, response.share_told(estimate)] for name, estimate in
            (("spend", deals.spend), ("visits", deals.visits), ("weeks with a visit", deals.any_visit))]  # fmt: skip
    head = (
        f"## Deals on what one usually buys\n\nTen points more of discount on the products of a customer's first "
        f"weeks, {deals.customers:,} customers, {deals.weeks} weeks, effects of customer and week:\n\n"
    )
    return head + _table(["a week", "change"], rows)


def _redemption(traits: response.RedemptionTraits, beside: Mapping[str, str], beside_title: str) -> str:
    rows = [
        (f"redeem-{one.name}", [f"{one.name}: {one.campaigns} campaigns, {one.targeted:,} customers targeted",
                                f"{100 * one.redeeming_share:.1f} % redeem, {one.per_redeemer:.1f} each"])
        for one in traits.kinds
    ]  # fmt: skip
    for one in traits.kinds:
        told = " / ".join(f"{100 * share:.1f}" for share in one.by_fifth)
        rows.append((f"fifths-{one.name}", [f"{one.name}: redeeming by fifth of spend, lowest first (%)", told]))
    rows.append(("redeem-ever", ["targeted customers who ever redeem", f"{100 * traits.ever:.0f} %"]))
    rows.append(("redeem-rank", ["rank correlation with spend", f"{traits.rank_correlation:.2f}"]))
    if traits.repeat is not None:
        never, once, twice, more = (f"{100 * share:.0f}" for share in traits.repeat)
        rows.append(
            (
                "redeem-repeat",
                ["in 3 campaigns or more: never / once / twice / more (%)", f"{never} / {once} / {twice} / {more}"],
            )
        )
    quarters = " / ".join(f"{100 * moment:.0f} %" for moment in traits.timing)
    rows.append(("redeem-timing", ["quarters of the redemptions come by this part of the campaign", quarters]))
    rows.append(("redeem-last", ["in the last fifth of it", f"{100 * traits.last_fifth:.0f} %"]))
    return "## Redemption is a trait\n\n" + _with_beside(["redemption", "figure"], rows, beside, beside_title, 2)
