"""Natural experiments of real programmes as what-if comparisons: what was changed, and what the lab says it did.

Run them with `python examples/natural_experiments.py`, or one of them by its name. Each compares the programme before
and after on the same shoppers. These are assumed: read the signs and the sizes, not the last digit.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from memberlab import Policy, compare, load_policy, load_scenario

BEFORE_AUGUST_2023 = {
    "shipping.free_from": 99, "membership.free_shipping": False,
    "membership.free_shipping_vouchers": {"count": 60, "per": "year"}, "membership.earn_multiplier": 1.5,
}  # fmt: skip
"""JD PLUS before 2023-08-23: a threshold of 99 yuan, 60 vouchers a year, a smaller rebate (assumed)."""

VALID_FOR_THREE_MONTHS = {
    "campaigns.birthday.when": "birthday and 90 days after",
    "campaigns.anniversary.when": "joining anniversary and 90 days after",
}
"""Starbucks China's birthday and anniversary rewards while they were good for three months."""

WITHOUT_A_SCORE = {"membership.gate": None, "qualification": None}
"""88VIP with one fee for everybody: without a gate nothing asks for the score that `qualification` weighs."""

ONE_LEVEL = {
    "tiers": {}, "qualification": None, "points.expiry": {"inactivity": {"days": 182}},
}  # fmt: skip
"""Starbucks US before its levels of 2026: 1 star a dollar for everybody, gone after 6 months without activity."""


SHOWN = ("gmv", "orders", "retention", "margin", "benefit_cost", "paid_members")


@dataclass(frozen=True)
class Experiment:
    """One change of a real programme: `before` and `after` are changes to the preset `policy`."""

    policy: str
    scenario: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    story: str

    def policies(self, name: str) -> tuple[Policy, Policy]:
        """Return the policy before and the one after, each under a name of its own."""
        policy = load_policy(self.policy)
        before = policy.with_({"name": f"{name}-before", **self.before})
        return before, policy.with_({"name": f"{name}-after", **self.after})


EXPERIMENTS = {
    "prime-fee": Experiment(
        "amazon-prime", "us-marketplace", {"membership.plans": {}, "membership.fee": 99},
        {"membership.plans": {}, "membership.fee": 119},
        "Prime's fee rose from 99 to 119 dollars (2018)",
    ),
    "jd-shipping": Experiment(
        "jd-plus", "china-marketplace", BEFORE_AUGUST_2023, {},
        "JD PLUS gave unlimited free delivery and a larger rebate, and others a lower threshold (2023)",
    ),
    "starbucks-price": Experiment(
        "starbucks-us-2026", "us-coffee-house", {**ONE_LEVEL, "points.redeem": {"points": 50, "value": 2}},
        {**ONE_LEVEL, "points.redeem": {"points": 100, "value": 2}},
        "Starbucks asked 100 stars for what had cost 50 (2023; the reward's value is assumed)",
    ),
    "starbucks-tiers": Experiment(
        "starbucks-us-2026", "us-coffee-house", ONE_LEVEL, {},
        "Starbucks brought levels back: more stars, which never expire, from Gold on (2026)",
    ),
    "88vip-gate": Experiment(
        "taobao-88vip", "china-marketplace", WITHOUT_A_SCORE, {},
        "88VIP asks 88 yuan of whoever has a score of 1,000, and 888 of others; before, 888 of everybody",
    ),
    "reward-validity": Experiment(
        "starbucks-china", "china-coffee-house", VALID_FOR_THREE_MONTHS, {},
        "Starbucks China cut the life of birthday and anniversary rewards from three months to seven days",
    ),
}  # fmt: skip


def main() -> None:
    """Run the experiments named on the command line, or all of them."""
    for name in sys.argv[1:] or EXPERIMENTS:
        experiment = EXPERIMENTS[name]
        before, after = experiment.policies(name)
        scenario = load_scenario(experiment.scenario).with_({"population.shoppers": 3000, "horizon.months": 18})
        comparison = compare([before, after], [scenario], replications=2, break_even=True)
        table = comparison.table
        print(f"\n{experiment.story}\n")
        shown = table[(table["policy"] == after.name) & table["kpi"].isin(SHOWN)]
        print(shown.drop(columns=["scenario", "policy"]).to_string(index=False, float_format="{:,.4g}".format))
        print(f"By attrition_effect, {after.name} {comparison.arms[1].break_even}.")


if __name__ == "__main__":
    main()
