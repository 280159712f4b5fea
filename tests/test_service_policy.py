"""Service desk, referral, special-price pool and price protection in a file: what is refused, and what reads back."""

from __future__ import annotations

import pytest

from memberlab.policies import DocumentError, Policy, load_model_text, load_policy

DESK: dict[str, object] = {"shifts": {"day": {"starts": 9, "ends": 18, "agents": 2}}, "hourly_cost": 30}
OWN: dict[str, object] = {"starts": 8, "ends": 24, "agents": 1, "dedicated": True}
POOL: dict[str, object] = {"units": 100, "price": 99, "discount": "40 %"}
EVERYTHING: dict[str, object] = {
    "service": {
        **DESK, "shifts": {"day": {"starts": 9, "ends": 18, "agents": 2, "days": "weekdays"}, "own": OWN},
        "promises": {"diamond": {"minutes": 30, "priority": 1, "dedicated": True}, "gold": {"priority": 2}},
        "make_good": {"minor": 5.50, "serious": 20}, "contact_hours": {"starts": 9, "ends": 22},
    },
    "referral": {"rewarded": "every-purchase", "purchases": 3, "referrer": {"points": 500}, "friend": {"credit": 10},
                 "minimum_order": 50, "pending_days": 7, "yearly_cap": 12},
    "special_price_pool": {**POOL, "opens": 8, "early_access": {"diamond": 3}, "each": 2},
    "price_protection": {"days": 15, "refund": "80 %"},
}  # fmt: skip


def test_everything_reads_back_as_it_was_written() -> None:
    policy = load_policy("four-tiers-simple").with_(EVERYTHING)
    again = load_model_text(Policy, policy.to_yaml())
    assert again == policy
    assert again.digest() == policy.digest() != load_policy("four-tiers-simple").digest()
    service = again.service
    assert service is not None
    assert (service.make_good.minor, service.hourly_cost) == (550, 3000)
    assert policy.with_({"service": None, "referral": None, "special_price_pool": None, "price_protection": None}) == (
        load_policy("four-tiers-simple")
    )


@pytest.mark.parametrize(
    ("change", "address", "message"),
    [
        ({"service": {**DESK, "promises": {"golden": {"minutes": 3}}}}, "service.promises.golden", "no tier 'golden'"),
        ({"service": {**DESK, "members": {"minutes": 3}}}, "service.members", "there is no paid membership"),
        ({"service": {**DESK, "shifts": {}}}, "service.shifts", "0 shifts do not staff a desk"),
        ({"service": {**DESK, "shifts": {"night": {"starts": 22, "ends": 6, "agents": 1}}}},
         "service.shifts.night.ends", "two shifts, 22 to 24 and 0 to 6"),
        ({"service": {**DESK, "shifts": {"day": {"starts": 9, "ends": 25, "agents": 1}}}},
         "service.shifts.day.ends", "25 is above 24"),
        ({"service": {**DESK, "shifts": {"day": {"starts": -1, "ends": 5, "agents": 1}}}},
         "service.shifts.day.starts", "-1 is negative"),
        ({"service": {**DESK, "shifts": {"a": {"starts": 9, "ends": 12, "agents": 1},
                                         "b": {"starts": 9, "ends": 12, "agents": 2}}}},
         "service.shifts.b", "has the hours and days of a"),
        ({"service": {**DESK, "contact_hours": {"starts": 20, "ends": 8}}},
         "service.contact_hours.ends", "8 is not after"),
        ({"service": {**DESK, "promises": {"gold": {"dedicated": True}}}},
         "service.promises.gold.dedicated", "no shift is dedicated"),
        ({"service": {**DESK, "shifts": {"own": OWN, "day": {"starts": 9, "ends": 18, "agents": 2}}}},
         "service.shifts.own.dedicated", "nobody is promised dedicated service"),
        ({"service": {**DESK, "shifts": {"own": OWN}, "promises": {"gold": {"dedicated": True}}}},
         "service.shifts", "every shift is dedicated"),
        ({"referral": {"pending_days": 3}}, "referral.friend", "neither referrer nor friend gets anything"),
        ({"referral": {"purchases": 3, "friend": {"credit": 5}}},
         "referral.purchases", "goes with rewarded: every-purchase"),
        ({"referral": {"rewarded": "registration", "minimum_order": 3, "friend": {"credit": 5}}},
         "referral.minimum_order", "a registration has no order value"),
        ({"points": None, "referral": {"friend": {"points": 5}}}, "referral", "the policy has no points section"),
        ({"special_price_pool": {**POOL, "early_access": {"golden": 3}, "opens": 9}},
         "special_price_pool.early_access.golden", "no tier 'golden'"),
        ({"special_price_pool": {**POOL, "early_access": {"gold": 3}, "opens": 3}},
         "special_price_pool.early_access.gold", "3 days before day 3 lie in the month before; write 2 or less"),
        ({"special_price_pool": {**POOL, "discount": "0 %"}}, "special_price_pool.discount", "write 0.01 % or more"),
        ({"price_protection": {"days": 0}}, "price_protection.days", "0 is below 1"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_with_place_and_mend(change: dict[str, object], address: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_policy("four-tiers-simple").with_(change)
    assert [problem.field for problem in caught.value.problems] == [address]
    assert message in str(caught.value)


@pytest.mark.parametrize("section", ["service", "special_price_pool", "referral"])
def test_amounts_need_a_currency(section: str) -> None:
    written = {"service": DESK, "special_price_pool": POOL, "referral": {"friend": {"credit": 5}}}[section]
    with pytest.raises(DocumentError, match=f"currency: missing, although there are amounts of money in .*{section}"):
        load_policy("no-programme").with_({section: written, "shipping.fee": 0})


def test_a_fault_is_named_with_its_line() -> None:
    shifts = "  shifts:\n    day: {starts: 9, ends: 8, agents: 1}\n"
    text = f"version: 1\nname: x\ncurrency: CNY\nservice:\n  hourly_cost: 30\n{shifts}"
    with pytest.raises(DocumentError, match=r"x.yaml:7 service\.shifts\.day\.ends: 8 is not after starts, 9"):
        load_model_text(Policy, text, "x.yaml")
