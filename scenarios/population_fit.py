"""How a population was fitted: the log, every model's estimates and scores, and why one was chosen; kept in its file.

Written by `memberlab calibrate`, read by people and reports. It rules nothing: a simulation reads the population's own
fields.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from memberlab.policies import CountNotation, Day, Number, PositiveNumber, Section

Customers = Annotated[int, CountNotation("customers")]
Purchases = Annotated[int, CountNotation("purchases")]
Remarks = Annotated[tuple[str, ...], Field(strict=False)]


class LogRecord(Section):
    """The transaction log a population was fitted on, and the part of it that was used."""

    name: str
    """File name."""
    sha256: str
    """SHA-256 of the file, which tells whether another file of this name is the same."""
    customers: Customers
    """Customers who bought in the calibration window."""
    first_day: Day
    """First day of the log and of the calibration window."""
    calibration_end: Day
    """Last day of the calibration window."""
    last_day: Day
    """Last day of the log; the days after `calibration_end` are the hold-out."""
    repeat_purchases: Purchases
    """Purchases after a customer's first, in the calibration window; purchases of one day count once."""
    holdout_purchases: Purchases = 0
    """Purchases of the same customers in the hold-out."""
    notices: Remarks = ()
    """What was left out of the log, or read in a particular way."""


class HoldoutRecord(Section):
    """How a model fitted on the calibration window predicts the same customers' purchases in the hold-out."""

    weeks: PositiveNumber
    """Length of the hold-out, weeks."""
    expected_purchases: Number
    """Sum of the customers' conditional expectations."""
    total_error: Number | None = None
    """Expected over actual purchases, less 1 (0.1 = 10 % too many)."""
    mean_error_by_repeats: Number
    """Customers grouped by repeat purchases (0 to 6, 7 and more): weighted mean error of the group means, purchases."""
    mean_absolute_error: Number
    """Mean absolute error a customer, purchases."""
    root_mean_square_error: Number
    """Root mean square error a customer, purchases."""
    correlation: Number | None = None
    """Correlation of expected and actual purchases over customers."""
    predictive_log_likelihood: Number
    """Log-likelihood of the hold-out given the calibration window, at the estimates of the latter (nats); a proper
    score.
    """


class ModelRecord(Section):
    """One model fitted by maximum likelihood."""

    estimates: dict[str, PositiveNumber]
    """Estimates by parameter; times in weeks, money in currency units."""
    standard_errors: dict[str, PositiveNumber] = Field(default_factory=dict[str, float])
    """Standard errors by parameter, from the inverse Hessian; left out where the log does not identify the
    parameter.
    """
    log_likelihood: Number
    """Log-likelihood of the calibration window (nats)."""
    customers: Customers
    """Customers the likelihood runs over."""
    remarks: Remarks = ()
    """What is doubtful about the estimates."""
    holdout: HoldoutRecord | None = None
    """Scores on the hold-out; absent when the whole log was used, and for spend."""


class SpendHoldoutRecord(Section):
    """How the spend model predicts mean amounts of customers who paid in both windows (currency units)."""

    customers: Customers
    """Customers with paid repeat purchases in the calibration window and paid purchases in the hold-out."""
    mean_absolute_error: Number
    """Mean absolute error of a customer's mean amount."""
    bias: Number
    """Mean expected over mean actual amount, less 1."""


class CorrelationRecord(Section):
    """Copula correlation of purchase rate and spend, as fitted."""

    estimate: Number
    """Correlation of the normal scores of the two traits."""
    standard_error: PositiveNumber | None = None
    """Its standard error, the traits' own distributions held at their estimates."""
    sample: Number
    """Plain correlation of purchases and mean amount over the customers, which short histories dilute."""


class Fit(Section):
    """Where a population's figures come from: enough to judge them, and to make the file again."""

    program: str
    """Program and version."""
    command: str = ""
    """Command that made the file."""
    log: LogRecord
    """The transaction log."""
    purchases: dict[str, ModelRecord]
    """Every purchase model fitted, by name."""
    chosen: str
    """Name of the purchase model the population uses."""
    reason: str
    """Why this one, in a sentence."""
    spend: ModelRecord
    """The spend model."""
    spend_holdout: SpendHoldoutRecord | None = None
    """Scores of the spend model on the hold-out."""
    correlation: CorrelationRecord
    """Correlation of purchase rate and spend."""
    caveats: Remarks = ()
    """What the log cannot tell, which a reader of any result should know."""
