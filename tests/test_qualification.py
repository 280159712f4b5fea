"""Qualification as a document: how thresholds are read, what is refused with its mend, how it is told and linted."""

from __future__ import annotations

import pytest

from memberlab.policies import (
    UNREACHABLE,
    Customers,
    DocumentError,
    Policy,
    TypicalShopper,
    differences,
    lint,
    load_model_text,
    load_policy,
    promise,
    told,
)

FILE = """
version: 1
name: growing
currency: CNY
qualification:
  basis: growth
  growth: {spend: 1, order: 10, social: 50, point: 0.5}
  window: year
  promotion: instant
  review: period end
  kept: next period end
  grace_days: 7
  observation: {days: 30, make_up_spend: 200}
  soft_landing: {months: 3}
  sprint: {within: 10 %, spend: 300, days: 14, points: 500}
tiers:
  ordinary: {threshold: 0}
  gold: {threshold: 1000, orders: 2, discount: 5 %, never_demoted: true}
  vip: {threshold: never, discount: 8 %}
  black: {threshold: never, discount: 9 %, invitation: {value: 5000, after_months: 6, share: 5 %}}
points: {earn: {points: 1, per: 1}, redeem: {points: 1000, value: 10}}
membership: {fee: 99, grants_tier: vip}
"""


def growing(**changes: object) -> Policy:
    base = load_model_text(Policy, FILE, "growing.yaml")
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def test_a_qualification_is_read_written_and_read_again() -> None:
    policy = growing()
    assert [tier.threshold for tier in policy.tiers.values()] == [0, 100_000, UNREACHABLE, UNREACHABLE]
    assert policy.qualification is not None
    weights = {"spend": 100, "order": 1000, "activity": 0, "social": 5000, "month": 0, "point": 50}
    assert policy.qualification.weights() == weights
    assert load_model_text(Policy, policy.to_yaml(), "again") == policy
    assert "invitation: null" not in policy.to_yaml()


def test_the_granted_tier_is_the_least_that_paid_members_have() -> None:
    policy = growing()
    assert [promise(policy, level, is_member=True).discount for level in range(4)] == [800, 800, 800, 900]
    assert [promise(policy, level).discount for level in range(4)] == [0, 500, 800, 900]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"qualification.basis": "orders"},
         "qualification.growth: weights nothing, as the basis is orders; write basis: growth, or leave it out"),
        ({"qualification.growth": None},
         "qualification.growth: missing, although the basis is growth; write weights such as {spend: 1, order: 10}"),
        ({"qualification.growth": {"spend": 0}},
         "qualification.growth: missing, although the basis is growth; write weights such as {spend: 1, order: 10}"),
        ({"qualification": {"basis": "tenure"}},
         "qualification.window: 'rolling' cannot hold the months since the first order; write lifetime"),
        ({"qualification.months": 6},
         "qualification.months: 6 months do not fit the window year; leave months out, or write window: rolling"),
        ({"qualification.window": "rolling", "qualification.kept": "until review"},
         "qualification.review: a rolling window has no end; write monthly or anniversary, or a window such as year"),
        ({"qualification.review": "anniversary"},
         "qualification.review: does not fit a window of a calendar year; write period end or monthly"),
        ({"qualification.kept": "period end", "qualification.promotion": "review"},
         "qualification.kept: a tier reached at the review that follows the period would be kept for no day; "
         "write promotion: instant, or kept: next period end"),
        ({"qualification.kept_months": 6},
         "qualification.kept_months: 6 months and kept: next period end cannot both hold; leave one of them out"),
        ({"qualification.review": "monthly", "qualification.kept": "until review"},
         "qualification.grace_days: 7 days put nothing off, as tiers are looked at every month; "
         "write review: anniversary or period end, or kept_months"),
        ({"qualification.demotion": "none", "qualification.observation": None},
         "qualification.soft_landing: never happens, as demotion is none; write demotion: one level, or leave it out"),
        ({"tiers.gold.threshold": 10.5},
         "tiers.gold.threshold: 10.50 is not a whole number of growth points; write 10 or 11"),
        ({"tiers.ordinary.threshold": "never"},
         "tiers.ordinary.threshold: 'never' is not 0; the first tier is everybody's, write 0"),
        ({"tiers.vip.threshold": 5000, "tiers.gold.threshold": "never"},
         "tiers.vip.threshold: stands above gold, which no threshold reaches; put gold above vip"),
        ({"tiers.gold.invitation": {"value": 1}},
         "tiers.gold.invitation: nobody needs one, as a threshold reaches the tier; "
         "write threshold: never, or leave it out"),
        ({"qualification": {"basis": "orders"}},
         "tiers.gold.orders: the basis counts orders already; write them as the threshold"),
        ({"tiers.vip.threshold": 2000, "tiers.vip.orders": 1},
         "tiers.vip.orders: 1 is below gold's 2; write 2 or more"),
        ({"membership.grants_tier": "vipp"}, "membership.grants_tier: 'vipp' is no tier, did you mean 'vip'?"),
        ({"points": None, "qualification.growth.point": 0},
         "points: missing, although qualification.sprint pays points; write a points section, or drop it"),
        ({"points": None, "qualification.sprint": None},
         "points: missing, although tiers count the points earned; write a points section or another basis"),
        ({"tiers": {}, "membership": None},
         "qualification: counts for nothing, as the policy has no tiers; write 2 tiers or more, or leave it out"),
        ({"tiers": {}, "membership": {"fee": 99, "gate": {"fee": 9, "score": 100}}},
         "qualification.sprint: is about tiers, and the policy has none; write tiers, or leave it out"),
        ({"qualification": {"basis": "balance", "window": "year"}},
         "qualification.window: 'year' counts nothing, as a balance is what a member has on the day; leave window out"),
        ({"qualification": {"basis": "balance", "months": 6}},
         "qualification.months: 6 months count nothing, as a balance is what a member has on the day; "
         "leave months out"),
        ({"qualification": {"basis": "balance", "review": "period end"}},
         "qualification.review: a balance has no period that ends; write monthly or anniversary"),
        ({"qualification": {"basis": "balance", "kept": "next period end"}},
         "qualification.kept: a balance has no period; write kept_months, or leave kept out"),
        ({"qualification": {"basis": "balance"}},
         "tiers.gold.orders: no window counts them, as the basis is the balance of the day; leave them out"),
        ({"qualification": {"basis": "balance"}, "points": None, "tiers.gold.orders": 0},
         "points: missing, although tiers follow the balance; write a points section or another basis"),
        ({"membership.gate": {"fee": 9, "score": 10.5}},
         "membership.gate.score: 10.50 is not a whole number of growth points; write 10 or 11"),
        ({"qualification": None, "membership.gate": {"fee": 9, "score": 10}},
         "membership.gate.score: nothing says what counts towards a score; write a qualification, or spend in place "
         "of score"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_contradiction_is_refused_with_its_mend(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        growing().with_(changes)
    assert message in [f"{problem.field}: {problem.message}" for problem in caught.value.problems]


def test_a_contradiction_in_a_file_has_its_line() -> None:
    with pytest.raises(DocumentError) as caught:
        load_model_text(Policy, FILE.replace("threshold: 1000", "threshold: 1000.25"), "growing.yaml")
    assert [(problem.line, problem.field) for problem in caught.value.problems] == [(18, "tiers.gold.threshold")]


def test_it_is_told_in_plain_sentences() -> None:
    sentences = told(growing())
    for sentence in [
        "Tiers follow the growth value (1 for each CNY paid, 10 for an order, 50 for a social contribution and 0.5 for "
        "each point earned) of the calendar year, looked at when the year has ended; a member rises at once:",
        "- gold, from 1,000 growth points and 2 orders: 5 % off list prices.",
        "- vip, with the paid membership: 8 % off list prices.",
        "- black, by invitation to 5 % of those who have been in the tier below for 6 months with 5,000 growth points "
        "or more: 9 % off list prices.",
        "A tier that was reached is kept to the end of the next calendar year, and 7 days of grace.",
        "Who has reached gold never falls below it.",
        "Before a demotion the tier is kept for 30 days of observation; a spend of 200 CNY in this time saves it for "
        "12 months.",
        "After a demotion 50 % of the old discount, 50 % of the extra points and free delivery are kept for 3 months.",
        "Who lacks no more than 10 % of the next tier as a month opens gets a task: a spend of 300 CNY within 14 days "
        "earns 500 points.",
        "The paid membership costs 99 CNY a year and gives no benefit of its own, on top of the tier, which is at "
        "least vip while the term runs.",
    ]:
        assert sentence in sentences


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({}, "Tiers follow the spend of the last 12 calendar months, looked at on the first day of each month:"),
        ({"basis": "tenure", "window": "lifetime", "review": "anniversary"},
         "Tiers follow the months since the first order, looked at on each anniversary of the first order:"),
        ({"basis": "orders", "months": 1},
         "Tiers follow the orders of the last 1 calendar month, looked at on the first day of each month:"),
        ({"basis": "balance"},
         "Tiers follow the balance of points on the day, looked at on the first day of each month:"),
        ({"kept_months": 12}, "A tier that was reached is kept for 12 months."),
        ({"demotion": "none"}, "Nobody ever falls to a lower tier."),
        ({"demotion": "one level"}, "Who no longer earns the tier falls one level at a review."),
    ],
)  # fmt: skip
def test_other_rules_are_told_too(rules: dict[str, object], sentence: str) -> None:
    assert sentence in told(load_policy("four-tiers-simple").with_({"qualification": rules}))


def test_a_new_qualification_is_one_difference() -> None:
    plain = load_policy("four-tiers-simple")
    found = [str(one) for one in differences(plain, plain.with_({"qualification": {"basis": "orders"}}))]
    assert len(found) == 1
    assert found[0].startswith("qualification is new: basis orders. How tiers are reached, kept and lost")
    changed = differences(growing(), growing(qualification__grace_days=0))
    assert [str(one) for one in changed] == [
        "qualification.grace_days falls from 7 to 0 (-100 %). "
        "Days by which the end of a period, of a membership year or of `kept_months` is put off."
    ]


CUSTOMERS = Customers(
    tuple(TypicalShopper(name, orders, 24_000, 6.25) for name, orders in (("l", 1), ("m", 3), ("h", 15))),
    rare_spend=1_200_000, gross_margin=4_000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "address", "changes"),
    [
        ("unreachable-tier", "tiers.diamond.threshold", {"qualification": {"months": 3}}),
        ("unreachable-tier", "tiers.diamond.threshold",
         {"qualification": {"basis": "orders"}, "tiers.silver.threshold": 3, "tiers.gold.threshold": 9,
          "tiers.diamond.threshold": 51}),
        ("unreachable-tier", "tiers.black.invitation.value",
         {"tiers.black": {"threshold": "never", "discount": "8 %", "earn_multiplier": 3, "free_shipping": True,
                          "invitation": {"value": 12_001}}}),
        ("no-way-to-the-tier", "tiers.black.threshold",
         {"tiers.black": {"threshold": "never", "discount": "8 %", "earn_multiplier": 3, "free_shipping": True}}),
        ("dominated-tier", "tiers.black",
         {"tiers.black": {"threshold": "never", "discount": "6 %", "earn_multiplier": 2, "free_shipping": True,
                          "invitation": {"value": 1}}}),
        ("review-never-demotes", "qualification.observation",
         {"qualification": {"window": "lifetime", "observation": {"days": 30}}}),
        ("review-never-demotes", "qualification.demotion",
         {"qualification": {"demotion": "one level"}, "tiers.silver.never_demoted": True,
          "tiers.gold.never_demoted": True, "tiers.diamond.never_demoted": True}),
        ("soft-landing-of-nothing", "qualification.soft_landing",
         {"qualification": {"soft_landing": {"months": 3, "discount": "0 %", "earn_multiplier": "0 %",
                                             "free_shipping": False}}}),
        ("sprint-above-its-margin", "qualification.sprint.points",
         {"qualification": {"sprint": {"within": "10 %", "spend": 100, "days": 14, "points": 4001}}}),
        ("grants-the-lowest-tier", "membership.grants_tier",
         {"membership": {"fee": 300, "discount": "7 %", "grants_tier": "ordinary"}}),
    ],
)  # fmt: skip
def test_the_linter_finds_what_the_ladder_has_wrong(rule: str, address: str, changes: dict[str, object]) -> None:
    clean = load_policy("four-tiers-simple")
    assert lint(clean, CUSTOMERS) == []
    found = {(one.rule, one.address): one for one in lint(clean.with_(changes), CUSTOMERS)}
    assert found[rule, address].money
    assert found[rule, address].mend


def test_what_is_reachable_and_sound_is_not_found() -> None:
    clean = load_policy("four-tiers-simple")
    sound: list[dict[str, object]] = [
        {"qualification": {"months": 6}},
        {"qualification": {"basis": "orders"}, "tiers.silver.threshold": 3, "tiers.gold.threshold": 9,
         "tiers.diamond.threshold": 50},
        {"qualification": {"basis": "activity"}},
        {"qualification": {"soft_landing": {"months": 3}, "observation": {"days": 30}}},
        {"qualification": {"sprint": {"within": "10 %", "spend": 100, "days": 14, "points": 4000}}},
    ]  # fmt: skip
    for changes in sound:
        assert lint(clean.with_(changes), CUSTOMERS) == [], changes
