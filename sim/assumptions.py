"""What the shoppers are assumed to be like: every behavioural parameter with unit, default, range, grade and source.

Serves the rules (as one flat record), the strategist who overrides an assumption in a scenario, and whoever asks where
a number comes from. "Behaviour" in a source names the facts of the reference table that the default answers for.
Grades: A experiment, B quasi-experiment or structural model, C correlation or survey, D laboratory, "prior" no
evidence.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem


@dataclass(frozen=True, slots=True)
class Assumption:
    """One behavioural parameter: `symbol` and `unit` as in the reference, `low` to `high` its plausible range."""

    name: str
    symbol: str
    unit: str
    default: float
    low: float
    high: float
    grade: str
    source: str


ASSUMPTIONS: tuple[Assumption, ...] = (
    # attrition
    Assumption(
        "attrition_effect",
        "gamma_L",
        "log hazard",
        0.15,
        0.0,
        0.85,
        "B",
        "prior N+(.15, .20); a service chain's programme implies up to .6 (Gopalakrishnan et al. 2021)",
    ),
    Assumption(
        "full_give_back",
        "-",
        "share of spend",
        0.05,
        0.02,
        0.10,
        "prior",
        "the attrition effect was measured at a give-back of 5 % (Gopalakrishnan et al. 2021)",
    ),
    Assumption(
        "half_give_back",
        "-",
        "share of spend",
        0.01,
        0.0,
        0.05,
        "prior",
        "saturation, so that a token benefit does not buy the whole attrition effect",
    ),
    Assumption("membership_attrition", "gamma_M", "log hazard", 0.15, 0.0, 0.5, "prior", "reference model"),
    Assumption("goodwill_attrition", "gamma_S", "log hazard per logit", 1.0, 0.0, 2.0, "prior", "reference model"),
    Assumption("goodwill_memory", "tau_S", "days", 120.0, 60.0, 250.0, "B", "facts 29 and 30 disagree"),
    # price
    Assumption("price_response", "eta_a", "elasticity", 1.3, 0.6, 2.0, "B", "fact 8 (Bijmolt et al. 2005), part"),
    Assumption("reference_response", "eta_r", "elasticity", 1.0, 0.0, 2.0, "B", "facts 8 and 9"),
    Assumption("reference_speed", "-", "share per order", 0.05, 0.0, 0.3, "prior", "reference model"),
    Assumption("basket_elasticity", "psi", "elasticity", 0.5, 0.0, 1.0, "B", "fact 8"),
    Assumption(
        "forward_buying", "phi_fb", "orders per deal order", 0.15, 0.0, 0.4, "B", "fact 9 (van Heerde et al. 2004)"
    ),
    Assumption("shipping_weight", "kappa_s", "ratio", 1.3, 0.7, 2.0, "B", "fact 35 (Lewis et al. 2006)"),
    Assumption(
        "earning_weight", "omega_e", "share of face value", 0.35, 0.0, 0.5, "prior", "with redeeming at most 1; fact 19"
    ),
    Assumption(
        "redeeming_weight", "omega_r", "share of face value", 0.35, 0.0, 0.5, "prior", "with earning at most 1; fact 19"
    ),
    # top-up to the free-shipping threshold
    Assumption("padding_gap_weight", "c_p", "ratio", 0.7, 0.3, 1.2, "A", "fact 36"),
    Assumption("padding_spread", "s_p", "share of fee", 0.8, 0.3, 1.5, "A", "fact 36"),
    Assumption("padding_overshoot", "-", "share of threshold", 0.06, 0.0, 0.2, "prior", "reference model"),
    Assumption("padding_debt", "phi_p", "orders per padded order", 0.3, 0.0, 1.0, "prior", "reference model"),
    # coupons
    Assumption(
        "coupon_take_up",
        "-",
        "share of members a month",
        0.4,
        0.05,
        1.0,
        "prior",
        "claimed and kept in mind; set so that 3 to 15 % of app coupons are redeemed (fact 13)",
    ),
    # points, goals and tiers
    Assumption("redemption_inertia_mean", "theta", "logit", -1.0, -3.0, 1.0, "B", "facts 33 and 34"),
    Assumption("redemption_inertia_spread", "sd theta", "logit", 2.0, 0.5, 3.0, "B", "facts 33 and 34"),
    Assumption("redemption_slope", "-", "logit per log value", 1.2, 0.5, 2.0, "B", "fact 33"),
    Assumption("expiry_urgency", "-", "logit", 2.0, 0.0, 4.0, "prior", "facts 20 and 32"),
    Assumption("expiry_horizon", "-", "days", 30.0, 10.0, 90.0, "prior", "reference model"),
    Assumption("reward_goodwill", "-", "logit", 0.15, 0.0, 0.3, "B", "facts 17 to 19"),
    Assumption(
        "goal_gradient",
        "gamma_g",
        "log odds",
        0.05,
        0.0,
        0.4,
        "A",
        "retail world; a cafe card implies .28 (Kivetz et al. 2006)",
    ),
    Assumption("check_in", "-", "share of visits", 0.25, 0.0, 0.8, "prior", "no evidence; who comes and checks in"),
    Assumption("reviewing", "-", "share of orders", 0.06, 0.0, 0.3, "prior", "no evidence; rewarded reviews"),
    Assumption("sharing", "-", "share of orders", 0.02, 0.0, 0.2, "prior", "no evidence; rewarded shares"),
    Assumption("profile_completion", "-", "share of visits", 0.10, 0.0, 0.5, "prior", "no evidence; until completed"),
    Assumption(
        "challenge_pull", "-", "log odds", 0.05, 0.0, 0.4, "prior", "as the goal gradient of a retail world; fact 15"
    ),
    Assumption("lottery_play", "-", "share of visits", 0.05, 0.0, 0.5, "prior", "no evidence; with points to play"),
    Assumption("reminder_visit_app", "c0", "probability", 0.05, 0.0, 0.2, "prior", "reference model; fact 45"),
    Assumption("reminder_visit_email", "c0", "probability", 0.03, 0.0, 0.2, "prior", "fewer are read; fact 45"),
    Assumption("reminder_visit_sms", "c0", "probability", 0.08, 0.0, 0.2, "prior", "more are read; fact 45"),
    Assumption("tier_pressure", "gamma_T", "log odds", 0.20, 0.0, 0.4, "B", "fact 23"),
    Assumption(
        "tier_pressure_days", "-", "days", 90.0, 30.0, 365.0, "prior", "how far ahead a member looks at the next tier"
    ),
    Assumption("tier_goodwill", "-", "logit per tier", 0.08, 0.0, 0.2, "D", "fact 25"),
    Assumption("demotion_ratio", "-", "ratio", 2.25, 1.5, 3.0, "D", "fact 25"),
    Assumption(
        "task_pull",
        "-",
        "log odds",
        0.20,
        0.0,
        0.4,
        "prior",
        "pull of a make-up or sprint task at its best pace, taken to be that of a tier (facts 23 and 24: signs)",
    ),
    Assumption("task_goodwill", "-", "logit", 0.15, 0.0, 0.3, "prior", "a task fulfilled; fact 24 gives the sign"),
    Assumption(
        "task_missed_goodwill", "-", "logit", 0.03, 0.0, 0.1, "prior", "missed after 70 % of it; fact 24: the sign"
    ),
    Assumption(
        "content_goodwill",
        "-",
        "logit a month",
        0.05,
        0.0,
        0.15,
        "prior",
        "no direct evidence; a month of a tier's partner content worth half a usual basket or more, taken to please a "
        "third as much as a reward of that worth, at most as much (reward_goodwill)",
    ),
    # paid membership
    Assumption("membership_consideration", "-", "share of visits", 0.15, 0.02, 0.5, "prior", "reference model"),
    Assumption("fee_sensitivity", "k", "logit", 2.0, 1.0, 4.0, "C", "facts 38, 40 and 42"),
    Assumption("join_intercept", "a", "logit", -3.5, -5.0, -2.0, "C", "facts 38, 40 and 42"),
    Assumption("optimism", "o", "ratio", 1.2, 1.0, 1.5, "prior", "reference model"),
    Assumption("renewal_intercept", "-", "logit", 2.0, 1.0, 3.0, "C", "fact 40"),
    Assumption("renewal_tenure", "-", "logit", 0.3, 0.0, 1.0, "C", "fact 40"),
    Assumption("benefit_learning", "-", "share per term", 0.6, 0.2, 1.0, "prior", "reference model"),
    Assumption("perk_value_mean", "w", "population currency a year", 20.0, 0.0, 60.0, "prior", "no evidence"),
    Assumption("perk_value_spread", "sd log w", "log", 0.8, 0.3, 1.2, "prior", "no evidence"),
    Assumption("sunk_cost", "gamma_K", "log odds", 0.20, 0.0, 0.4, "B", "fact 38 (Iyengar et al. 2022)"),
    Assumption("sunk_cost_memory", "-", "days", 400.0, 100.0, 800.0, "prior", "reference model"),
    # order failures and the service desk
    Assumption("order_failure", "-", "logit", 0.08, 0.0, 0.2, "prior", "reference model, 2.7; sign from fact 44"),
    Assumption("serious_failure_ratio", "-", "ratio", 2.0, 1.0, 4.0, "prior", "no evidence of size"),
    Assumption(
        "complaint_share", "-", "share of failures", 0.5, 0.05, 1.0, "prior", "most who are unhappy never complain"
    ),
    Assumption("recovery", "-", "share of the failure", 0.75, 0.0, 1.2, "prior", "what an answer in time gives back"),
    Assumption(
        "make_good_recovery",
        "-",
        "share of the failure",
        0.35,
        0.0,
        1.0,
        "prior",
        "of an instant refund of a tenth of the order or more; smaller ones in proportion",
    ),
    Assumption("answer_patience", "-", "minutes", 240.0, 15.0, 2880.0, "prior", "wait that is accepted unpromised"),
    Assumption(
        "late_answer", "-", "logit per doubling", 0.04, 0.0, 0.1, "prior", "of the wait; three doublings at most"
    ),
    # word of mouth
    Assumption("referral_rate", "q0", "share of orders", 0.005, 0.0, 0.05, "prior", "reference model, 2.9"),
    Assumption(
        "referral_reward_response",
        "q1",
        "per reward of a usual basket",
        1.0,
        0.0,
        5.0,
        "prior",
        "no evidence of size",
    ),
    Assumption("referral_goodwill", "-", "logit", 0.10, 0.0, 0.3, "B", "fact 43, an upper bound"),
    Assumption(
        "referred_attrition",
        "gamma_R",
        "log hazard",
        0.20,
        0.0,
        0.4,
        "B",
        "fact 43 (Schmitt et al. 2011): 18 % less churn while the referrer stays",
    ),
    Assumption("referral_delay", "-", "days", 7.0, 1.0, 60.0, "prior", "from the referral to the friend's first order"),
    # the special-price pool
    Assumption(
        "special_price_interest", "-", "share of orders", 0.10, 0.0, 0.6, "prior", "orders that would have a unit"
    ),
    Assumption("sold_out_disappointment", "-", "logit", 0.02, 0.0, 0.1, "prior", "no evidence of size"),
    Assumption("price_protection_take_up", "-", "share of price falls", 0.3, 0.0, 1.0, "prior", "who notices and asks"),
    # campaigns and contact
    Assumption("contact_visit", "c0", "share of messages", 0.05, 0.0, 0.2, "prior", "an extra visit; fact 45"),
    Assumption("contact_fatigue", "c1", "log per message in 7 days", 0.2, 0.0, 1.0, "prior", "fact 45"),
    Assumption(
        "opt_out", "-", "share of messages", 0.002, 0.0, 0.05, "prior", "no evidence of size; sign from fact 45"
    ),
    Assumption("opt_out_growth", "-", "log per message in 7 days", 0.3, 0.0, 1.0, "prior", "no evidence of size"),
    Assumption("gift_weight", "-", "share of perceived value", 0.5, 0.0, 1.0, "prior", "no evidence"),
    Assumption(
        "prediction_quality", "-", "correlation", 0.5, 0.0, 0.95, "prior", "how well a response score hits; no evidence"
    ),
    Assumption(
        "personal_hit", "-", "share of messages", 0.4, 0.0, 1.0, "prior", "personal offers that hit; no evidence"
    ),
    Assumption("personal_lift", "-", "ratio", 1.5, 1.0, 3.0, "prior", "pull of a personal offer that hits"),
    Assumption("event_visit", "-", "share of those reached", 0.05, 0.0, 0.3, "prior", "a visit on the day of an event"),
    Assumption("event_goodwill", "-", "logit", 0.02, 0.0, 0.1, "prior", "of those reached; no evidence"),
    Assumption("win_back_intercept", "-", "logit", -3.0, -6.0, 0.0, "prior", "reference model, 2.9; sign from fact 45"),
    Assumption("win_back_discount", "-", "logit per share", 6.0, 0.0, 12.0, "prior", "reference model, 2.9"),
    Assumption("win_back_rate", "-", "logit per log rate", 0.5, 0.0, 1.0, "prior", "reference model, 2.9"),
    Assumption("win_back_fading", "-", "logit a year", 1.0, 0.0, 3.0, "prior", "reference model, 2.9"),
    Assumption("second_life", "-", "days", 240.0, 60.0, 720.0, "prior", "mean life of a shopper won back; no evidence"),
    # paying later
    Assumption("trial_use", "-", "share of orders it is open to", 0.15, 0.0, 0.6, "prior", "no evidence"),
    Assumption("trial_pull", "-", "logit", 0.06, 0.0, 0.2, "prior", "no evidence of size"),
    Assumption("instalment_use", "-", "share of orders it is open to", 0.20, 0.0, 0.6, "prior", "no evidence"),
    Assumption("instalment_pull", "-", "logit", 0.08, 0.0, 0.25, "prior", "no evidence of size"),
    # instant refunds
    Assumption(
        "instant_refund_loss",
        "-",
        "share of returns refunded at once",
        0.02,
        0.0,
        0.10,
        "prior",
        "goods that never come back, or worthless, because the money was paid before: assumed, no public figure; of "
        "all returns in the US 10.3 % by value were fraudulent (National Retail Federation survey, 2021)",
    ),
    Assumption(
        "instant_refund_goodwill",
        "-",
        "logit",
        0.03,
        0.0,
        0.1,
        "prior",
        "of a refund that spares a wait of 7 days or more; size assumed; sign from Martínez-López, Feng, Li and "
        "López-López (2022, scenario experiments: more satisfied) and Griffis, Rao, Goldsby and Niranjan (2012, "
        "an online shop's records: more is bought again after a quick credit)",
    ),
    # terms, trials and renewals of a paid membership
    Assumption(
        "charge_attention",
        "-",
        "share of members a month",
        0.36,
        0.25,
        1.0,
        "A",
        "53-75 % of auto-renewing subscribers do not act within a month though they would (Miller, Sahni and "
        "Strulov-Shlain 2022); terms of a year are always looked at",
    ),
    Assumption(
        "by_hand_effort",
        "-",
        "logit",
        2.0,
        0.5,
        2.6,
        "A",
        "renewing by hand takes the inertia of renewal_intercept away; after a promotion auto-renewing subscribers "
        "stay 7 times as often, 2.6 logit (Miller, Sahni and Strulov-Shlain 2022)",
    ),
    Assumption(
        "by_hand_appeal",
        "-",
        "logit",
        0.36,
        0.0,
        0.45,
        "A",
        "24-36 % do not take a subscription because it renews itself (Miller, Sahni and Strulov-Shlain 2022)",
    ),
    Assumption(
        "trial_conversion",
        "-",
        "logit",
        0.25,
        -2.0,
        2.0,
        "C",
        "fact 40: 62-73 % of Prime's free trials became paid (CIRP surveys, 2014 to 2021)",
    ),
    Assumption(
        "commitment_relief",
        "-",
        "logit a year",
        0.5,
        0.0,
        1.0,
        "C",
        "19 % (2016) and over 25 % (2017) of Prime members paid 10.99 a month and not 99 a year (CIRP surveys)",
    ),
    Assumption(
        "gift_rate",
        "-",
        "gifts a year per shopper without",
        0.01,
        0.0,
        0.1,
        "prior",
        "no evidence of size; whether the giver shops here makes no difference",
    ),
    Assumption("plan_difference", "lambda", "ratio", 0.5, 0.1, 1.0, "prior", "how unlike two plans are (nested logit)"),
    Assumption("reminder_against_inertia", "-", "logit", 0.3, 0.0, 1.0, "prior", "no evidence of size"),
    Assumption("reminder_against_forgetting", "-", "logit", 0.7, 0.0, 1.5, "prior", "no evidence of size"),
    Assumption("cancellation_consideration", "-", "share of members a month", 0.05, 0.0, 0.25, "prior", "no evidence"),
    Assumption("money_back_consideration", "-", "share of terms", 0.2, 0.0, 0.5, "prior", "no evidence"),
    # a rival's programme
    Assumption(
        "rival_attrition", "eta_x", "log hazard", 0.25, 0.0, 0.6, "prior", "no evidence of size; sign from fact 29"
    ),
    Assumption("rival_pull", "beta_x", "logit", 0.15, 0.0, 0.5, "prior", "no evidence of size; sign from fact 31"),
    Assumption("rival_damping", "-", "ratio", 0.7, 0.4, 1.0, "prior", "weakens our own programme's pull; fact 31"),
)
"""Every behavioural parameter, in the order of the rules that read it."""


class Behaviour(Protocol):
    """The assumptions as the rules read them, by name."""

    def __getattr__(self, assumption: str) -> float: ...


BEHAVIOUR = np.dtype([(assumption.name, "f8") for assumption in ASSUMPTIONS])


def behaviour_record(overrides: Mapping[str, Any] | None = None, *, file: str = "assumptions") -> NDArray[np.void]:
    """Return the assumptions as one record (shape: 1), with `overrides` by name in place of defaults.

    Raises DocumentError for a name that does not exist and for a value outside the assumption's range.
    """
    record = np.zeros(1, BEHAVIOUR)
    known = {assumption.name: assumption for assumption in ASSUMPTIONS}
    for assumption in ASSUMPTIONS:
        record[assumption.name] = assumption.default
    problems = []
    for name, value in (overrides or {}).items():
        field = f"assumptions.{name}"
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f", did you mean '{close[0]}'?" if close else f"; known are {', '.join(known)}"
            problems.append(Problem(file, None, field, f"unknown assumption '{name}'{hint}"))
        elif not is_plausible(known[name], float(value)):
            assumption = known[name]
            problems.append(Problem(file, None, field, f"{value} is outside {assumption.low:g} to {assumption.high:g}"))
        else:
            record[name] = float(value)
    if problems:
        raise DocumentError(tuple(problems))
    return record


def is_plausible(assumption: Assumption, value: float) -> bool:
    """Return whether `value` may stand for the assumption; 0 switches a mechanism off, save where it divides (days)."""
    switched_off = value == 0.0 and assumption.unit not in {"days", "minutes"}
    return switched_off or assumption.low <= value <= assumption.high
