"""Random numbers with an address: (seed, shopper, day, purpose) gives the same number under every policy.

Serves every rule that draws. A SplitMix64 mixer (Steele, Lea and Flood, 2014) is applied to the hashed seed, the
shopper, the day and the purpose in turn, so that no two seeds are shifted copies of each other and no draw depends on
an earlier one.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .compiled import kernel, rule, uncompiled

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
DAY_STEP = np.uint64(0xD1B54A32D192ED03)
REPLICATION_STEP = np.uint64(0x8CB92BA72F3D8DD7)
MULTIPLIER_1 = np.uint64(0xBF58476D1CE4E5B9)
MULTIPLIER_2 = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
ONE = np.uint64(1)
ATTEMPT_STEP = 64
TRAITS_DAY = -1
"""The day that addresses what is drawn once a life."""


class Purpose(IntEnum):
    """What a random number decides; a number's purpose never changes, so new purposes are added at the end.

    The gap to the next candidate visit has no number: it is the hashed day itself (`as_share(day_key(...))`), which
    saves a hash in the one chain of draws that the processor has to wait for.
    """

    ATTENDANCE = 1
    BASKET = 2
    BASKET_ACCEPTANCE = 3
    BUY = 4
    PADDING = 5
    PADDING_OVERSHOOT = 6
    REDEMPTION = 7
    CANCELLATION = 8
    CONSIDER_MEMBERSHIP = 9
    JOIN_MEMBERSHIP = 10
    RENEW_MEMBERSHIP = 11
    # drawn once a life, on TRAITS_DAY
    PURCHASE_RATE = 32
    SPEND_LEVEL = 33
    DROPOUT_RATE = 34
    LIFETIME = 35
    REDEMPTION_INERTIA = 36
    PERK_VALUE = 37
    FIRST_ORDER_DAY = 38
    RIVAL = 39
    FIRST_ORDER_PERIOD = 40
    # drawn on a day of business
    BASKET_BOOST = 41
    # drawn once a life
    INVITATION = 42
    # drawn on a day of business
    RETURN = 44
    RETURN_DAY = 45
    CHECK_IN = 46
    REVIEW = 47
    SHARE = 48
    PROFILE = 49
    REWARD = 90
    LOTTERY_PLAY = 91
    LOTTERY_PRIZE = 92
    POINTS_REMINDER = 93
    CLAIM_COUPONS = 70
    COUPON_PADDING = 71
    COUPON_PADDING_OVERSHOOT = 72
    # drawn once a life, one for each category
    CATEGORY_TASTE = 73
    # after an order: failures and the service desk, referral, the special-price pool, price protection
    FAILURE = 52
    COMPLAINT = 53
    TICKET_TIME = 54
    TICKET_HANDLING = 55
    REFERRAL = 56
    REFERRAL_DELAY = 57
    SPECIAL_PRICE = 110
    PRICE_PROTECTION = 111
    FIRST_BUYER_OF_THE_DAY = 112
    # campaigns and contact: once a life
    BIRTHDAY = 58
    PREFERENCE = 59
    CONSENT = 60
    RESPONSE_SCORE = 61
    TEST_ARM = 62
    # on a day of business
    MESSAGE_VISIT = 63
    OPT_OUT = 120
    PERSONAL_HIT = 121
    EVENT_REACH = 122
    EVENT_VISIT = 123
    WIN_BACK = 124
    SALE_VISIT = 126
    SECOND_LIFE = 125
    TRIAL = 113
    INSTALMENTS = 114
    # the paid membership, on a day of business
    PLAN = 100
    CHARGE_ATTENTION = 101
    MONEY_BACK = 102
    MONEY_BACK_DECISION = 103
    CANCELLATION_THOUGHT = 104
    CANCELLATION_DECISION = 105
    GIFT = 106
    # of a returned order
    GOODS_NEVER_BACK = 140
    # of a stamp card, once a life
    CARD_TAKE_UP = 141
    # of a shopper who leaves
    SPONTANEOUS_RETURN = 142
    # of the drift of a shopper's rate, by component (150 to 153): the phase once a life, a normal for each block
    DRIFT = 150
    # what a simulated log shows of a shopper, once a life
    DEAL_SHARE = 154
    COUPON_USE = 155
    # of a member of a member file, once: what the file does not say of the life before
    MEMBER_IS_HERE = 160
    MEMBER_LEFT = 161
    MEMBER_RATE = 162
    MEMBER_DROPOUT = 163
    MEMBER_LIFE = 164
    MEMBER_SPEND = 165
    MEMBER_NEXT_VISIT = 166
    MEMBER_ORDER_DAY = 167
    MEMBER_TOTAL = 168
    # of a rollout, once a life, from the rollout's own seed
    ROLLOUT_PLACE = 180
    ROLLOUT_ARM = 181
    # bonus-hunters: who hunts, once a life; whether an order that has earned a bonus goes back
    BONUS_HUNTER = 182
    HUNTER_RETURN = 183
    # on the day on which a devaluation is announced
    DEVALUATION_NEWS = 184
    DEVALUATION_VISIT_DAY = 185
    # shocks: newcomers, and goods out of stock
    NEWCOMER_COMES = 170
    STOCK_OUT = 171
    STOCK_OUT_CHOICE = 172


@rule
def mix(word: np.uint64) -> np.uint64:
    """Return the SplitMix64 finaliser of a 64-bit word."""
    word = (word ^ (word >> SHIFT_30)) * MULTIPLIER_1
    word = (word ^ (word >> SHIFT_27)) * MULTIPLIER_2
    return word ^ (word >> SHIFT_31)


@rule
def shopper_key(hashed_seed: np.uint64, shopper: int) -> np.uint64:
    """Return the key of one shopper; `hashed_seed` is `mix(seed)` and `shopper` counts from 0 over all regions."""
    return mix(hashed_seed + np.uint64(shopper + 1) * GOLDEN)


@rule
def day_key(key: np.uint64, day: int) -> np.uint64:
    """Return the key of one shopper's day; `TRAITS_DAY` addresses what is drawn once a life."""
    return mix(key ^ (np.uint64(day + 1) * DAY_STEP))


@rule
def uniform(key: np.uint64, purpose: int) -> float:
    """Return a number strictly between 0 and 1, so that its logarithm and its normal quantile always exist."""
    return as_share(mix(key + np.uint64(purpose + 1) * GOLDEN))


@rule
def as_share(word: np.uint64) -> float:
    """Return a hashed word as a number strictly between 0 and 1, from its upper 52 bits."""
    return (np.float64(word >> SHIFT_12) + 0.5) * 2.220446049250313e-16


@rule
def exponential(key: np.uint64, purpose: int) -> float:
    """Return a draw from the exponential distribution with mean 1."""
    return -math.log(uniform(key, purpose))


@rule
def normal(key: np.uint64, purpose: int) -> float:
    """Return a standard normal draw by inversion."""
    return normal_quantile(uniform(key, purpose))


@rule
def normal_quantile(share: float) -> float:
    """Return the standard normal quantile of `share`, to 1e-16 (algorithm AS 241, Wichura 1988)."""
    q = share - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        numerator = (
            (
                (
                    (
                        ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        denominator = (
            (
                (
                    (
                        ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * numerator / denominator
    tail = share if q < 0.0 else 1.0 - share
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        r -= 1.6
        value = (
            (
                (
                    (
                        (
                            ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                            + 1.27045825245236838258
                        )
                        * r
                        + 3.64784832476320460504
                    )
                    * r
                    + 5.7694972214606914055
                )
                * r
                + 4.6303378461565452959
            )
            * r
            + 1.42343711074968357734
        ) / (
            (
                (
                    (
                        (
                            ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966)
                            * r
                            + 0.14810397642748007459
                        )
                        * r
                        + 0.68976733498510000455
                    )
                    * r
                    + 1.6763848301838038494
                )
                * r
                + 2.05319162663775882187
            )
            * r
            + 1.0
        )
    else:
        r -= 5.0
        value = (
            (
                (
                    (
                        (
                            ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386)
                            * r
                            + 0.026532189526576123093
                        )
                        * r
                        + 0.29656057182850489123
                    )
                    * r
                    + 1.7848265399172913358
                )
                * r
                + 5.4637849111641143699
            )
            * r
            + 6.6579046435011037772
        ) / (
            (
                (
                    (
                        (
                            ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5)
                            * r
                            + 7.868691311456132591e-4
                        )
                        * r
                        + 0.0148753612908506148525
                    )
                    * r
                    + 0.13692988092273580531
                )
                * r
                + 0.59983220655588793769
            )
            * r
            + 1.0
        )
    return -value if q < 0.0 else value


@rule
def gamma(key: np.uint64, shape: float) -> float:
    """Return a draw from the gamma distribution with scale 1 (Marsaglia and Tsang, 2000).

    Attempt after attempt has its own address, so the draw of one day never moves the draw of another.
    """
    boost = 1.0
    if shape < 1.0:
        boost = math.exp(-exponential(key, Purpose.BASKET_BOOST) / shape)
        shape += 1.0
    d = shape - 0.3333333333333333
    c = 1.0 / math.sqrt(9.0 * d)
    attempt = 0
    while True:
        x = normal(key, Purpose.BASKET + ATTEMPT_STEP * attempt)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            u = uniform(key, Purpose.BASKET_ACCEPTANCE + ATTEMPT_STEP * attempt)
            squeeze = x * x * x * x
            if u < 1.0 - 0.0331 * squeeze or math.log(u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
                return boost * d * v
        attempt += 1


@kernel
def draw_uniforms(hashed_seed: np.uint64, first: int, count: int, day: int, purpose: int) -> NDArray[np.float64]:
    """Return one uniform per shopper for a day and purpose, for shoppers `first` to `first + count - 1`."""
    draws = np.empty(count)
    for i in range(count):
        draws[i] = uniform(day_key(shopper_key(hashed_seed, first + i), day), purpose)
    return draws


@kernel
def draw_gammas(hashed_seed: np.uint64, count: int, shape: float) -> NDArray[np.float64]:
    """Return one basket draw with scale 1 per shopper (shape: count)."""
    draws = np.empty(count)
    for i in range(count):
        draws[i] = gamma(day_key(shopper_key(hashed_seed, i), 0), shape)
    return draws


def trait_uniforms(hashed_seed: np.uint64, first: int, count: int, purpose: int) -> NDArray[np.float64]:
    """Return one lifelong uniform per shopper, for shoppers `first` to `first + count - 1` (shape: count)."""
    return draw_uniforms(hashed_seed, first, count, TRAITS_DAY, int(purpose))


def keyed_uniforms(seed: int, shoppers: range, day: int, purpose: Purpose) -> NDArray[np.float64]:
    """Return the uniforms of consecutive `shoppers` on a day, as the rules draw them; for tests and cross-checks."""
    return draw_uniforms(hashed(seed), shoppers.start, len(shoppers), day, int(purpose))


def gamma_draws(seed: int, count: int, shape: float) -> NDArray[np.float64]:
    """Return basket draws with scale 1, as the rules draw them; for tests and cross-checks."""
    return draw_gammas(hashed(seed), count, shape)


def hashed(seed: int) -> np.uint64:
    """Return the hashed seed that shopper keys start from."""
    with np.errstate(over="ignore"):
        return np.uint64(uncompiled(mix)(np.uint64(seed)))


def replication_seed(seed: int, replication: int) -> int:
    """Return the seed of one replication; replication 0 is not `seed` itself, so that runs and searches never share
    seeds.
    """
    with np.errstate(over="ignore"):
        return int(uncompiled(mix)(hashed(seed) ^ (np.uint64(replication + 1) * REPLICATION_STEP)) >> ONE)
