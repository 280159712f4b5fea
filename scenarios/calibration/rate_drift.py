"""How a customer's rate drifts: the covariance of weekly visits at growing distances, as a sum of blocks.

Serves the fit. With rates that are a permanent part times exp(drift), the ratio of mean products of weekly counts at a
distance of h weeks to the squared mean is (1 + cv^2 of the permanent part) x exp(covariance of log drift at h); chance
adds nothing at h above 0. A normal that is constant for blocks of B weeks at a random phase has the triangular
covariance spread^2 x max(0, 1 - h/B).
"""

from __future__ import annotations

import numpy as np
from scipy import optimize

from .visit_log import FloatArray, VisitLog
from .visit_statistics import weekly_residuals

BLOCKS = (2, 8, 26, 52)
"""Lengths of the blocks, weeks: from a busy fortnight to a new habit of a year."""


def usable_blocks(weeks: int) -> tuple[int, ...]:
    """Return the block lengths that a window of so many weeks can tell: it must hold two thirds of a block."""
    return tuple(block for block in BLOCKS if 3 * weeks >= 2 * block)


def log_ratios(log: VisitLog) -> FloatArray:
    """Return the logarithm of the mean product ratio at 1, 2, ... weeks' distance, up to two thirds of the window.

    Counts are divided by the index of the week over all customers.
    """
    counts = log.weekly_counts()
    index = counts.sum(axis=0) / counts.sum() * log.weeks
    scaled = counts / np.maximum(index, 1e-9)
    mean = scaled.mean()
    longest = max(log.weeks * 2 // 3, 1)
    products = [float((scaled[:, lag:] * scaled[:, :-lag]).mean()) for lag in range(1, longest + 1)]
    return np.asarray(np.log(np.maximum(products, 1e-12) / mean**2), dtype=np.float64)


def kernels(blocks: tuple[int, ...], lags: int) -> FloatArray:
    """Return the covariance of a unit drift of each block length at 1 to `lags` weeks (shape: lags, blocks)."""
    distance = np.arange(1, lags + 1)[:, None]
    return np.maximum(0.0, 1 - distance / np.asarray(blocks, dtype=np.float64)[None, :])


def fit_kernels(curve: FloatArray, blocks: tuple[int, ...], weeks: int) -> tuple[FloatArray, float]:
    """Return the variances of the blocks (not negative) and the constant that fit a curve of log ratios best.

    A distance weighs by the number of pairs of weeks that it is seen in.
    """
    lags = len(curve)
    weight = np.sqrt(weeks - np.arange(1, lags + 1, dtype=np.float64))
    design = np.column_stack([kernels(blocks, lags), np.ones(lags)])
    found, _ = optimize.nnls(design * weight[:, None], np.maximum(curve, 0.0) * weight)
    return np.asarray(found[:-1]), float(found[-1])


def residual_curve(log: VisitLog) -> FloatArray:
    """Return the covariance of weekly visits at 1, 2, ... weeks' distance relative to the own mean, over customers.

    Each customer's residuals are divided by the root of the own mean, so that customers weigh by their visits and not
    by their square: light shoppers drift as well. The own mean, which is taken out, leaves a constant behind.
    """
    residual, expected = weekly_residuals(log, 0.0)
    scaled = residual / np.sqrt(np.maximum(expected.mean(axis=1, keepdims=True), 1e-12))
    longest = max(log.weeks * 2 // 3, 1)
    total = float(expected.mean(axis=1).sum())
    return np.asarray(
        [float((scaled[:, lag:] * scaled[:, :-lag]).mean(axis=1).sum()) / total for lag in range(1, longest + 1)]
    )


def correction(gap: FloatArray, blocks: tuple[int, ...], weeks: int, variances: FloatArray) -> FloatArray:
    """Return the variances after adding what explains a remaining `gap` between two curves (least squares, >= 0)."""
    lags = len(gap)
    weight = np.sqrt(weeks - np.arange(1, lags + 1, dtype=np.float64))
    design = np.column_stack([kernels(blocks, lags), np.ones(lags)])
    low = np.append(-variances, -np.inf)
    high = np.full(len(low), np.inf)
    answer = optimize.lsq_linear(design * weight[:, None], gap * weight, (low - 1e-12, high))
    return np.maximum(variances + answer.x[:-1], 0.0)
