"""Partners' content that tiers carry, recomputed by hand: who is paid for, by whom, and whom it pleases how much."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from memberlab.policies import (
    Customers,
    DocumentError,
    Finding,
    Policy,
    TypicalShopper,
    differences,
    give_back,
    lint,
    load_policy,
    promise,
    told,
)
from memberlab.sim import LAPSED, MEMBER, Snapshot, World, read_snapshot, warm_up

from .memberships import keen_world, perks
from .worlds import (
    LAUNCH_MONTH,
    brisk_population,
    days_with,
    full_policy,
    let_baskets_be,
    let_buy,
    opening,
    quiet_snapshot,
    small_scenario,
)

VIDEO: dict[str, object] = {"cost": 5, "perceived_value": 15, "sponsor_share": "20 %"}
MUSIC: dict[str, object] = {"cost": 1.25, "perceived_value": 4, "sponsor_share": "50 %"}
NET_VIDEO, NET_MUSIC = 400, 63
"""Cents after the partners' share; half a cent is rounded up."""


def tiers(gold: Mapping[str, object], basic: Mapping[str, object] | None = None, **changes: object) -> Policy:
    """Return a policy of two tiers with these perks, gold from 50.00, and `changes` by address."""
    ladder = {"basic": {"threshold": 0, "perks": basic or {}}, "gold": {"threshold": 50, "perks": gold}}
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "tiers": ladder, **named})


def shoppers_in(policy: Policy, levels: list[int], *, month: int = LAUNCH_MONTH - 1, **assumptions: float) -> Snapshot:
    """Return launch morning of shoppers in these tiers, by what they spent in `month`; baskets are worth 100.00."""
    snapshot = quiet_snapshot(policy, len(levels), assumptions={"membership_consideration": 0, **assumptions})
    let_baskets_be(snapshot, 10_000)
    shoppers = snapshot.shoppers
    shoppers["tier"] = levels
    shoppers["window_spend"] = shoppers["month_spend"][:, month % 12] = 5_000 * np.array(levels)
    shoppers["last_order_day"] = snapshot.day - 200
    return snapshot


def let_be_member(snapshot: Snapshot, shopper: int) -> None:
    """Let a shopper have a paid membership for 300 days to come."""
    snapshot.shoppers["status"][shopper] |= MEMBER
    snapshot.shoppers["term_end"][shopper] = snapshot.day + 300
    snapshot.shoppers["fee_paid"][shopper] = 9_900
    snapshot.cards["member_since"][shopper] = snapshot.day


# what it costs


def test_partners_are_paid_as_each_month_opens_for_every_member_of_the_tier() -> None:
    """Also for whoever has left the shop without a word, as they are for paid members."""
    snapshot = shoppers_in(tiers({"video": VIDEO, "music": MUSIC}), [0, 1, 1])
    snapshot.shoppers["status"][2] |= LAPSED
    outcome = World.resume(snapshot).run(snapshot.day + 70)
    each = NET_VIDEO + NET_MUSIC
    days = [opening(snapshot, LAUNCH_MONTH + month) for month in range(3)]
    assert days_with(outcome, "tier_content") == dict.fromkeys(days, 2 * each)
    assert outcome.ledger["tier_content"].sum(axis=0).tolist() == [0, 0, 6 * each] + [0] * 14  # gold, not paid members
    assert outcome.total("partner_content") == 0
    assert outcome.shoppers["benefit_cost"].tolist() == [0, 3 * each, 3 * each]
    assert outcome.shoppers["margin"].tolist() == [0, -3 * each, -3 * each]
    assert all(result.holds for result in outcome.identities())


def test_it_follows_the_tier_that_the_review_of_the_morning_has_given() -> None:
    """Spend of the month before last year's end counts for the reviews of the launch and the month after it."""
    policy = tiers({"video": VIDEO}, {"music": MUSIC})
    snapshot = shoppers_in(policy, [1], month=LAUNCH_MONTH - 11)
    outcome = World.resume(snapshot).run(opening(snapshot, LAUNCH_MONTH + 3) + 1)
    days = [opening(snapshot, LAUNCH_MONTH + month) for month in range(4)]
    assert list(days_with(outcome, "demotions")) == [days[2]]
    assert days_with(outcome, "tier_content") == dict(
        zip(days, [NET_VIDEO, NET_VIDEO, NET_MUSIC, NET_MUSIC], strict=True)
    )


def test_a_partner_is_paid_for_members_with_an_order_in_the_days_that_count_as_active() -> None:
    """The first month opens 40 days after the last order; the shopper orders 20 days after that and then no more."""
    policy = tiers({"video": {**VIDEO, "active_days": 40}, "music": {**MUSIC, "active_days": 39}})
    snapshot = shoppers_in(policy, [1])
    snapshot.shoppers["last_order_day"] = snapshot.day - 40
    let_buy(snapshot, 0, snapshot.day + 20)
    outcome = World.resume(snapshot).run(snapshot.day + 100)
    assert outcome.total("orders") == 1
    first, second = snapshot.day, opening(snapshot, LAUNCH_MONTH + 1)  # 11 days after the order; the third 39
    third = opening(snapshot, LAUNCH_MONTH + 2)
    assert third - snapshot.day - 20 == 39
    both = NET_VIDEO + NET_MUSIC
    assert days_with(outcome, "tier_content") == {first: NET_VIDEO, second: both, third: both}


# beside a paid membership


def test_what_a_paid_membership_has_under_the_same_name_is_paid_once() -> None:
    policy = tiers({"video": VIDEO, "music": MUSIC}, membership={"fee": 99, "perks": {"video": {"cost": 2}}})
    snapshot = shoppers_in(policy, [1, 1])
    let_be_member(snapshot, 0)
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    assert outcome.ledger["tier_content"][0].tolist() == [0, 0, NET_VIDEO + NET_MUSIC, NET_MUSIC] + [0] * 13
    assert outcome.ledger["partner_content"][0].tolist() == [0, 0, 0, 200] + [0] * 13
    assert outcome.shoppers["benefit_cost"].tolist() == [200 + NET_MUSIC, NET_VIDEO + NET_MUSIC]
    assert all(result.holds for result in outcome.identities())


def test_a_granted_tier_has_its_content_and_a_membership_in_place_of_tiers_has_none() -> None:
    membership = {"fee": 99, "grants_tier": "gold"}
    granted = tiers({"video": VIDEO}, membership=membership)
    replaced = tiers({"video": VIDEO}, membership={"fee": 99, "discount": "5 %", "replaces_tiers": True})
    for policy, levels, states in ((granted, [0, 0], {1: NET_VIDEO}), (replaced, [1, 1], {2: NET_VIDEO})):
        snapshot = shoppers_in(policy, levels)
        let_be_member(snapshot, 0)
        outcome = World.resume(snapshot).run(snapshot.day + 1)
        paid = outcome.ledger["tier_content"][0]
        assert {int(state): int(paid[state]) for state in np.flatnonzero(paid)} == states
        assert outcome.shoppers["goodwill"][0] == 0  # it is for the decision to pay the fee


@pytest.mark.parametrize(
    ("level", "membership", "added"),
    [
        (0, {}, 1_500 + 400),
        (1, {}, 400),  # gold has the video anyway
        (1, {"perks": {"video": {"cost": 2, "perceived_value": 16}, "music": MUSIC}}, 100 + 400),
        (0, {"perks": {}, "grants_tier": "gold", "discount": "1 %"}, 1_500),
        (1, {"replaces_tiers": True, "perks": {"music": {"cost": 1, "perceived_value": 40}}}, 4_000 - 1_500),
    ],
    ids=str,
)
def test_a_shopper_expects_of_a_membership_what_the_tier_does_not_give(
    level: int, membership: dict[str, object], added: int
) -> None:
    """Of perks alone, as nobody is thought to order; taste is for all of them."""
    policy = tiers(
        {"video": VIDEO}, membership={"fee": 0.01, "perks": {"video": VIDEO, "music": MUSIC}, **membership}
    )  # fmt: skip
    world = keen_world(policy, 60, perk_value_mean=0)
    snapshot = world.snapshot()
    snapshot.shoppers["tier"] = level
    snapshot.shoppers["window_spend"] = snapshot.shoppers["month_spend"][:, LAUNCH_MONTH - 1] = 5_000 * level
    world = World.resume(snapshot)
    outcome = world.run(world.launch + 5)
    joined = (outcome.shoppers["status"] & MEMBER) != 0
    assert joined.sum() > 5
    believed = 1.2 * perks(snapshot, 12 * added)
    np.testing.assert_allclose(outcome.shoppers["expected_benefit"][joined], believed[joined], rtol=1e-4, atol=1)


# whom it pleases


def test_each_month_pleases_by_its_worth_against_a_usual_basket_and_by_taste() -> None:
    """Goodwill fades by exp(-1 / 150) a day; a month never pleases more than one worth half a basket."""
    policy = tiers({"video": VIDEO, "music": MUSIC})
    snapshot = shoppers_in(policy, [1] * 40 + [0] * 2)
    snapshot.shoppers["basket_scale"][:10] /= 20  # baskets of 5.00
    taste = perks(snapshot, 1.0)
    basket = np.array([500.0] * 10 + [10_000.0] * 30)
    pleased = 0.05 * np.minimum(1, 2 * 1_900 * taste[:40] / basket)
    assert (pleased == 0.05).sum() > 5
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    np.testing.assert_allclose(outcome.shoppers["goodwill"], [*pleased, 0, 0], rtol=1e-5)
    days = [opening(snapshot, LAUNCH_MONTH + month) for month in range(3)]
    outcome = World.resume(snapshot).run(days[2] + 1)
    faded = sum(np.exp(-(days[2] - day) / 150) for day in days)
    np.testing.assert_allclose(outcome.shoppers["goodwill"], [*(faded * pleased), 0, 0], rtol=1e-5)


def test_it_does_not_please_who_has_left_and_what_the_membership_pays_pleases_as_before() -> None:
    policy = tiers({"video": VIDEO}, membership={"fee": 99, "perks": {"video": {"cost": 2, "perceived_value": 90}}})
    snapshot = shoppers_in(policy, [1, 1, 1])
    snapshot.shoppers["status"][0] |= LAPSED
    let_be_member(snapshot, 1)
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    taste = perks(snapshot, 1.0)
    expected = 0.05 * np.minimum(1, 2 * 1_500 * taste / 10_000)
    np.testing.assert_allclose(outcome.shoppers["goodwill"], [0, *expected[1:]], rtol=1e-5)
    unmoved = World.resume(shoppers_in(policy, [1], content_goodwill=0)).run(snapshot.day + 1)
    assert unmoved.shoppers["goodwill"].tolist() == [0]


def test_content_of_no_worth_costs_and_moves_nobody_and_content_of_worth_does(tmp_path: Path) -> None:
    """A living market; a stop, a saved world and the other driver give the same bits."""
    launch = warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population())
    content: dict[str, object] = {"cost": 2, "sponsor_share": "25 %", "active_days": 60}
    arms = [
        full_policy().with_({"tiers.silver.perks": {"video": {**content, "perceived_value": value}}})
        for value in (0, 50)
    ]  # fmt: skip
    plain = World.resume(launch).run(launch.day + 300)
    idle, pleasing = (World.resume(launch, arm).run(launch.day + 300) for arm in arms)
    cost = idle.total("tier_content")
    assert cost > 0
    assert cost % 150 == 0
    for name in plain.shoppers.dtype.names or ():
        if name not in {"margin", "benefit_cost"}:
            assert (plain.shoppers[name] == idle.shoppers[name]).all(), name
    assert (plain.shoppers["margin"] - idle.shoppers["margin"]).sum() == cost
    assert (idle.shoppers["benefit_cost"] - plain.shoppers["benefit_cost"]).sum() == cost
    assert pleasing.total("orders") > plain.total("orders")
    other = World.resume(launch, arms[1])
    other.run(launch.day + 100, day_by_day=True)
    other.save(tmp_path / "world.npz")
    rest = World.resume(read_snapshot(tmp_path / "world.npz")).run(launch.day + 300, day_by_day=True)
    for name in ("goodwill", "lifetime_left", "tier", "points_balance", "window_spend"):
        assert (rest.shoppers[name] == pleasing.shoppers[name]).all(), name


# the closed form


def test_the_give_back_counts_the_worth_and_what_the_shop_bears_the_cost() -> None:
    shopper = TypicalShopper("one", 6, 24_000, 6.25)
    policy = tiers({"video": VIDEO, "music": {**MUSIC, "active_days": 73}})
    ordered = np.random.default_rng(8).poisson(6 * 73 / 365, 400_000) > 0
    parts = give_back(policy, shopper, 1)
    assert parts.content == pytest.approx(12 * (1_500 + 400 * ordered.mean()) / (6 * 24_000), rel=0.01)
    assert parts.content_cost == pytest.approx(12 * (NET_VIDEO + NET_MUSIC * ordered.mean()) / (6 * 24_000), rel=0.01)
    assert parts.total == parts.content
    assert parts.borne == parts.content_cost
    assert give_back(policy, shopper, 0).total == 0
    both = tiers({"video": VIDEO}, membership={"fee": 99, "perks": {"video": {"cost": 2}}})
    member = give_back(both, shopper, 1, is_member=True)
    assert (member.content, member.content_cost) == (give_back(both, shopper, 1).content, 0)
    granted = tiers({"video": VIDEO}, membership={"fee": 99, "grants_tier": "gold"})
    assert give_back(granted, shopper, 0, is_member=True).content == 12 * 1_500 / (6 * 24_000)


def test_a_soft_landing_does_not_keep_it() -> None:
    policy = tiers({"video": VIDEO}, qualification={"soft_landing": {"months": 3}})
    assert list(promise(policy, 1).tier_perks) == ["video"]
    assert promise(policy, 0, fallen_from=1).tier_perks == {}


# what is said of it


def found(policy: Policy) -> dict[str, Finding]:
    """Return the linter's findings by rule, of each the first."""
    typical = TypicalShopper("one", 6, 24_000, 6.25)
    findings = lint(policy, Customers((typical, typical, typical), 1_000_000, 4_000))
    return {finding.rule: finding for finding in reversed(findings)}


def test_the_linter_knows_content_that_a_higher_tier_lacks() -> None:
    active: dict[str, object] = {**VIDEO, "active_days": 90}
    lost = found(tiers({}, {"video": active}))["benefit-lost"]
    assert lost.address == "tiers.gold.perks.video"
    assert lost.message == "none is worse than basic's 15 CNY a month for 90 days after an order"
    for gold in ({**active, "perceived_value": 14}, {**active, "active_days": 89}):
        assert found(tiers({"video": gold}, {"video": active}))["benefit-lost"].address == "tiers.gold.perks.video"
    for same in (active, VIDEO, {**active, "cost": 1}):
        assert "benefit-lost" not in found(tiers({"video": same}, {"video": active}))
    assert "dominated-tier" in found(tiers({"video": active}, {"video": active}))
    assert "dominated-tier" not in found(tiers({"video": VIDEO}))


def test_the_linter_knows_content_that_costs_too_much() -> None:
    dear = found(tiers({"video": {"cost": 5, "perceived_value": 3}}))
    assert dear["perk-dearer-than-its-worth"].address == "tiers.gold.perks.video"
    assert "perk-dearer-than-its-worth" not in found(tiers({"video": VIDEO}))
    for endless in (
        tiers({"video": VIDEO}, {"video": VIDEO}),
        tiers({"video": VIDEO}, tiers__gold__never_demoted=True),
        tiers({"video": VIDEO}, qualification={"demotion": "none"}),
    ):
        assert "48 CNY a year, for good" in str(found(endless)["content-without-end"])
    for ending in (tiers({"video": VIDEO}), tiers({}, {"video": {**VIDEO, "active_days": 90}})):
        assert "content-without-end" not in found(ending)
    rare = {"video": {"cost": 60, "perceived_value": 1}}  # 720 a year, of a spend of 1,440 at a margin of 40 %
    assert found(tiers(rare))["gives-more-than-it-earns"].address == "tiers.gold"
    assert "gives-more-than-it-earns" not in found(tiers({"video": {"cost": 1, "perceived_value": 60}}))


def test_a_membership_that_pays_for_the_tiers_content_is_not_charged_with_it_twice() -> None:
    """The shop pays 60.00 a year to partners in either case, so that the fee of 1.00 need not bring it."""
    same = {"video": {"cost": 5, "perceived_value": 15}}
    membership = {"fee": 1, "perks": same}
    assert "fee-below-its-benefits" not in found(tiers(same, same, membership=membership))
    assert "60 CNY" in str(found(tiers({}, membership=membership))["fee-below-its-benefits"])


def test_it_is_told_in_words() -> None:
    policy = tiers({"video": VIDEO, "music": {**MUSIC, "active_days": 90}}, {"video": VIDEO})
    sentences = told(policy)
    assert "- basic, from the first order: video." in sentences
    assert "- gold, from 50 CNY: video and music." in sentences
    assert sentences[-2:] == [
        "Members of basic and gold have video; it costs 5 CNY a member and month, of which the partner bears 20 %; it "
        "is held to be worth 15 CNY.",
        "Members of gold with an order in the last 90 days have music; it costs 1.25 CNY a member and month, of which "
        "the partner bears 50 %; it is held to be worth 4 CNY.",
    ]
    paid = policy.with_({"membership": {"fee": 99, "perks": {"video": VIDEO}}})
    assert "Paid members have video from the membership; it is not paid twice." in told(paid)


def test_differences_say_what_comes_and_what_rises() -> None:
    before = tiers({"video": VIDEO})
    changes = {"tiers.gold.perks.video.cost": 6, "tiers.basic.perks": {"music": {"cost": 1, "active_days": 90}}}
    gold, basic = (str(one) for one in differences(before, before.with_(changes)))
    assert basic.startswith("tiers.basic.perks is new: music.cost 1, music.active_days 90. Content and services")
    assert gold == "tiers.gold.perks.video.cost rises from 5 to 6 (+20 %). Wholesale cost of one member for one month."


HEAD = """\
version: 1
name: mine
currency: CNY
tiers:
  basic: {threshold: 0}
  gold:
    threshold: 50
    perks:
      video:
        cost: 5
"""


@pytest.mark.parametrize(
    ("more", "line", "message"),
    [
        ("        sponsor_share: 101 %\n", 11, "tiers.gold.perks.video.sponsor_share: 101 %"),
        ("        perceived_value: -1\n", 11, "tiers.gold.perks.video.perceived_value: -1"),
        ("        active_days: 0\n", 11, "tiers.gold.perks.video.active_days: 0"),
        ("        sponsor: 20 %\n", 11, "tiers.gold.perks.video.sponsor: unknown key 'sponsor', did you mean"),
        ("      video:\n        cost: 6\n", 11, "tiers.gold.perks.video"),
        (
            "".join(f"      more-{number}: {{cost: 1}}\n" for number in range(8)),
            8,
            "tiers.gold.perks: 9 perks are more",
        ),
        ("      music: {perceived_value: 4}\n", 11, "tiers.gold.perks.music.cost: missing"),
    ],
    ids=["share", "worth", "days", "unknown", "twice", "many", "cost"],
)
def test_a_fault_is_told_with_file_and_line(more: str, line: int, message: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + more, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_policy(str(file))
    (told_once,) = str(caught.value).splitlines()
    assert told_once.startswith(f"{file}:{line} {message}"), told_once
