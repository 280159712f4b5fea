"""What a member's own history says of how often they buy, whether they are still here, and what they spend: drawn.

Serves a world that opens with members. Purchase rate and dropout hazard are drawn together from their posterior given
the member's orders (Pareto/NBD: Schmittlein, Morrison and Colombo, 1987; BG/NBD: Fader, Hardie and Lee, 2005), the
spend level from that of Gamma-Gamma (Fader and Hardie, 2013). Draws are made by inverting distribution functions at
keyed uniforms, one for each decision, so that a member's draw moves with nothing but the member's own history.

Members have lived under a programme, which made them order more and leave later than the base rates say: time runs
`pace` times as fast for orders and `wear` times as fast for attrition. That is the same as dividing alpha by the one
and beta by the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import BGNBD, GammaGamma, ParetoNBD, SpendQuantiles

from .spend_level import own_ratios, own_scale

Floats = NDArray[np.float64]

LARGEST_FALL = 40.0
"""e^-40 is below the precision of a double."""

PANELS = 8
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
GRID = 256
"""Steps at which the time of leaving is tabulated."""

TOGETHER = 8_192
"""Members whose time of leaving is drawn in one go."""

LEVELS = 161
"""Scores of spend at which a posterior without closed form is tabulated."""

SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class History:
    """One row a member; times in weeks.

    `orders` are those after the beginning of the observation, `recency` the time from there to the last of them, `age`
    to the as-of date, and `lived` how long the member had been a customer before it, with orders that are not known.
    """

    orders: Floats
    recency: Floats
    age: Floats
    lived: Floats


@dataclass(frozen=True, slots=True)
class Draws:
    """Keyed uniforms, one a member: whether they are here, when they left, rate, dropout, and the life left."""

    here: Floats
    left: Floats
    rate: Floats
    dropout: Floats
    life: Floats


@dataclass(frozen=True, slots=True)
class Rates:
    """What was drawn for each member: orders a week at the base, the dropout rate (a week, or an order under BG/NBD),
    whether the member is still here, since how many weeks not, and the life left (days, or orders under BG/NBD).
    """

    orders_a_week: Floats
    dropout: Floats
    here: NDArray[np.bool_]
    weeks_gone: Floats
    life_left: Floats


def probability_here(purchases: ParetoNBD | BGNBD, history: History, pace: Floats, wear: Floats) -> Floats:
    """Return the probability that each member still buys on the as-of date, given the history."""
    if isinstance(purchases, BGNBD):
        return _bg_probability_here(purchases, history, pace, wear)
    if purchases.s is None or purchases.beta_weeks is None:
        return np.ones(len(history.orders))
    shape, alpha, beta = _scaled(purchases, history, pace, wear)
    stays = -shape * np.log(alpha + history.age) - purchases.s * np.log(beta + history.age)
    return np.asarray(
        special.expit(stays - np.log(purchases.s) - _log_integral(shape, alpha, purchases.s, beta, history))
    )


def draw_rates(purchases: ParetoNBD | BGNBD, history: History, draws: Draws, pace: Floats, wear: Floats) -> Rates:
    """Return rates and lives of members, drawn from the posterior given their histories.

    Of whoever is still here the hazard is memoryless, so the life left is exponential in the dropout rate drawn.
    """
    here = draws.here < probability_here(purchases, history, pace, wear)
    shape = purchases.r + history.orders
    alpha = purchases.alpha_weeks / pace
    if isinstance(purchases, BGNBD):
        left, worn = history.recency, history.orders * wear / pace
        share = special.betaincinv(
            purchases.a + ~here,
            np.where(here, purchases.b + worn, purchases.b + np.maximum(worn - 1, 0)),
            draws.dropout,
        )
        dropout = -np.log1p(-np.clip(share, SMALLEST, 1 - SMALLEST))
        life = np.where(here, -np.log(draws.life) / dropout, 0.0)
    elif purchases.s is None or purchases.beta_weeks is None:
        left, dropout, life = history.age, np.zeros(len(here)), np.full(len(here), np.inf)
    else:
        left = np.where(here, history.age, _time_of_leaving(purchases, history, draws.left, pace, wear))
        beta = purchases.beta_weeks / wear + history.lived
        dropout = special.gammaincinv(purchases.s + ~here, draws.dropout) / (beta + left) / wear
        dropout = np.maximum(dropout, SMALLEST)
        life = np.where(here, -np.log(draws.life) / dropout * 7.0, 0.0)
    watched = np.where(here, history.age, left)
    rate = special.gammaincinv(shape, draws.rate) / (alpha + watched) / pace
    return Rates(np.maximum(rate, SMALLEST), dropout, here, np.where(here, 0.0, history.age - watched), life)


def draw_spend_rate(spend: GammaGamma, orders: Floats, total: Floats, uniforms: Floats) -> Floats:
    """Return each member's nu, drawn from Gamma(q + p orders, v + total); `total` in the population's currency."""
    return np.asarray(special.gammaincinv(spend.q + spend.p * orders, uniforms) / (spend.v + total))


def draw_level_scores(
    spend: SpendQuantiles, orders: Floats, total: Floats, prior: Floats, spread: float, uniforms: Floats
) -> Floats:
    """Return each member's normal score of spend, drawn from its posterior where amounts come by quantiles.

    `total` is in the population's currency. A member's score is normal around `prior` with `spread` before anything is
    spent; of what `orders` come to only the sum is known, which counts as gamma with the amounts' own mean and
    variance.
    """
    scores = np.linspace(-4.0, 4.0, LEVELS)
    means = spend.shape * own_scale(spend) * own_ratios(spend, scores)
    found = np.empty(len(orders))
    for start in range(0, len(orders), TOGETHER):
        rows = slice(start, start + TOGETHER)
        log = -0.5 * ((scores - prior[rows, None]) / spread) ** 2
        log = log - spend.shape * (orders[rows, None] * np.log(means) + total[rows, None] / means)
        mass = np.cumsum(np.exp(log - log.max(axis=1, keepdims=True)), axis=1)
        wanted = uniforms[rows] * mass[:, -1]
        place = np.clip((mass < wanted[:, None]).sum(axis=1), 0, LEVELS - 1)
        row = np.arange(len(place))
        below = np.where(place > 0, mass[row, place - 1], 0.0)
        inside = (wanted - below) / (mass[row, place] - below)
        found[rows] = scores[place] + (inside - 0.5) * (scores[1] - scores[0])
    return found


def _scaled(purchases: ParetoNBD, history: History, pace: Floats, wear: Floats) -> tuple[Floats, Floats, Floats]:
    assert purchases.beta_weeks is not None
    shape = purchases.r + history.orders
    return shape, purchases.alpha_weeks / pace, purchases.beta_weeks / wear + history.lived


def _bg_probability_here(purchases: BGNBD, history: History, pace: Floats, wear: Floats) -> Floats:
    """Return the same under BG/NBD, where only orders that would have come without a programme wear, `wear` of one
    each: of `x` orders, x wear / pace.
    """
    x, alpha = history.orders, purchases.alpha_weeks / pace
    worn = x * wear / pace
    stays = special.betaln(purchases.a, purchases.b + worn) - (purchases.r + x) * np.log(alpha + history.age)
    left = special.betaln(purchases.a + 1, purchases.b + np.maximum(worn - 1, 0))
    left = left - (purchases.r + x) * np.log(alpha + history.recency)
    return np.asarray(np.where(x > 0, special.expit(stays - left), 1.0))


def _reach(shape: Floats, alpha: Floats, s: float, beta: Floats, history: History) -> tuple[Floats, Floats]:
    """Return `near` and the length in w = log((near + t) / (near + recency)) beyond which nothing of the density of
    leaving at t is left.
    """
    near, far = np.minimum(alpha, beta), np.maximum(alpha, beta)
    near_power, far_power = np.where(alpha <= beta, shape, s + 1), np.where(alpha <= beta, s + 1, shape)
    whole = np.log((near + history.age) / (near + history.recency))
    slope = near_power - 1 + far_power * (near + history.recency) / (far + history.recency)
    return near, np.where(slope * whole > LARGEST_FALL, LARGEST_FALL / np.maximum(slope, 1e-300), whole)


def _log_density(
    shape: Floats, alpha: Floats, s: float, beta: Floats, near: Floats, recency: Floats, w: Floats
) -> Floats:
    """Return the log density in w of leaving at that time, without its constant; arguments broadcast."""
    grown = (near + recency) * np.expm1(w)
    return np.asarray(
        w - shape * np.log(alpha + recency + grown) - (s + 1) * np.log(beta + recency + grown) + np.log(near + recency)
    )


def _log_integral(shape: Floats, alpha: Floats, s: float, beta: Floats, history: History) -> Floats:
    """Return log of the integral of (alpha + t)^-shape (beta + t)^-(s + 1) over t from recency to age."""
    near, reach = _reach(shape, alpha, s, beta, history)
    highest = _log_density(shape, alpha, s, beta, near, history.recency, np.zeros_like(reach))
    total = np.zeros_like(reach)
    for panel in range(PANELS):
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            w = reach * (panel + 0.5 * (node + 1)) / PANELS
            density = _log_density(shape, alpha, s, beta, near, history.recency, w)
            total += 0.5 * weight * reach / PANELS * np.exp(density - highest)
    with np.errstate(divide="ignore"):
        return highest + np.log(total)


def _time_of_leaving(purchases: ParetoNBD, history: History, uniforms: Floats, pace: Floats, wear: Floats) -> Floats:
    """Return when members left who have left (weeks since the observation began), by inversion on a grid."""
    assert purchases.s is not None
    found = np.empty(len(uniforms))
    for start in range(0, len(uniforms), TOGETHER):
        rows = slice(start, start + TOGETHER)
        own = History(history.orders[rows], history.recency[rows], history.age[rows], history.lived[rows])
        shape, alpha, beta = _scaled(purchases, own, pace[rows], wear[rows])
        near, reach = _reach(shape, alpha, purchases.s, beta, own)
        w = reach[:, None] * np.linspace(0, 1, GRID + 1)
        columns = [array[:, None] for array in (shape, alpha)]
        density = _log_density(columns[0], columns[1], purchases.s, beta[:, None], near[:, None],
                               own.recency[:, None], w)  # fmt: skip
        density = np.exp(density - density[:, :1])
        mass = np.zeros_like(density)
        np.cumsum(0.5 * (density[:, 1:] + density[:, :-1]), axis=1, out=mass[:, 1:])
        wanted = uniforms[rows] * mass[:, -1]
        step = np.clip((mass <= wanted[:, None]).sum(axis=1) - 1, 0, GRID - 1)
        row = np.arange(len(step))
        width = mass[row, step + 1] - mass[row, step]
        inside = np.where(width > 0, (wanted - mass[row, step]) / np.where(width > 0, width, 1.0), 0.5)
        found[rows] = own.recency + (near + own.recency) * np.expm1(reach * (step + inside) / GRID)
    return np.minimum(found, history.age)
