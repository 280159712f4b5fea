"""From a log to a population: fit every model on the calibration window, score it on the rest, choose, record."""

from __future__ import annotations

import datetime
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from memberlab.policies import Currency, DocumentError, Problem, Slug

from ..own_prices import UNKNOWN_CURRENCY
from ..population import Conversion, Population
from . import bg_nbd, gamma_gamma, nbd, pareto_nbd
from .choice import Candidate, choose
from .frequency_and_spend import Correlation, correlation_of_frequency_and_spend
from .holdout import score_purchases, score_spend
from .maximum_likelihood import Fitted
from .purchase_history import PurchaseHistory, PurchaseModel
from .records import correlation_record, log_record, model_record, rounded, significant, spend_record
from .transaction_log import TransactionLog
from .windows import Window, calibration_end, fail_if_too_short, mean_amount_after, window_of

PURCHASE_MODELS: tuple[PurchaseModel, ...] = (pareto_nbd, bg_nbd, nbd)
"""Every purchase model that is fitted, in the order of the report."""


def calibrate(
    log: TransactionLog,
    *,
    until: datetime.date | None = None,
    whole_log: bool = False,
    new_customers: bool = False,
    name: str | None = None,
    currency: str = UNKNOWN_CURRENCY,
    conversion: str = "10 %",
    title: str = "",
    description: str = "",
    source: str = "",
    command: str = "",
) -> Population:
    """Fit a population to a log: purchase models and spend by maximum likelihood, the former scored on a hold-out.

    The calibration window ends at `until`, by default half-way through the log; `whole_log` keeps no hold-out.
    `new_customers` states that each customer's first purchase in the log is the first ever. `conversion` is an
    assumption, in file notation. Raise DocumentError for a log too short to fit, or a name, currency or date that
    cannot be.
    """
    head = _head(log, name, currency, conversion)
    end = calibration_end(log, until, whole_log)
    window = window_of(log, end)
    fail_if_too_short(log, window)
    whole = window_of(log, log.days - 1, window.members) if end < log.days - 1 else None
    candidates = fit_candidates(window, whole)
    choice = choose(candidates)
    spend = gamma_gamma.fit(window.spend)
    _fail_if_mean_is_infinite(log, spend)
    spend_scores = score_spend(spend, window.spend, mean_amount_after(log, end, window.members[window.spenders]))
    correlation = _correlation(choice.candidate, window, spend)
    fit = {
        "program": f"memberlab {version('memberlab')}",
        "command": command,
        "log": log_record(log, window, whole),
        "purchases": {key: model_record(one.fitted, one.scores) for key, one in candidates.items()},
        "chosen": choice.candidate.model.NAME,
        "reason": choice.reason,
        "spend": model_record(spend, None),
        "spend_holdout": spend_record(spend_scores),
        "correlation": correlation_record(correlation),
        "caveats": _caveats(window, new_customers, currency, correlation),
    }
    return Population.model_validate(
        {
            **head,
            "title": title,
            "description": description,
            "source": source,
            "purchases": purchases_section(choice.candidate),
            "spend": rounded(spend.estimates),
            "frequency_spend_correlation": significant(correlation.estimate, 4) if correlation.identified else 0.0,
            "fit": fit,
        }
    )


def fit_candidates(window: Window, whole: Window | None) -> dict[str, Candidate]:
    """Return every purchase model fitted to a window, by name, with its scores on the rest if `whole` holds it."""
    return {model.NAME: _candidate(model, window, whole) for model in PURCHASE_MODELS}


def _candidate(model: PurchaseModel, window: Window, whole: Window | None) -> Candidate:
    fitted = model.fit(window.history)
    if whole is None:
        return Candidate(model, fitted)
    weeks = (whole.end - window.end) / 7.0
    scores = score_purchases(model, fitted, window.history, whole.history, weeks)
    before, after = (model.log_likelihood(fitted.parameters, one.history) for one in (window, whole))
    return Candidate(model, fitted, scores, after - before)


def _correlation(candidate: Candidate, window: Window, spend: Fitted) -> Correlation:
    """Fit the correlation of rate and spend over the customers with paid repeat purchases."""
    rows = window.spenders
    history = PurchaseHistory(window.history.repeats[rows], window.history.recency[rows], window.history.age[rows])
    posterior = candidate.model.rate_posterior(candidate.fitted.parameters, history)
    r, alpha = (float(value) for value in candidate.fitted.parameters[:2])
    return correlation_of_frequency_and_spend(posterior, (r, alpha), window.spend, spend.parameters)


def _fail_if_mean_is_infinite(log: TransactionLog, spend: Fitted) -> None:
    if spend.estimates["q"] <= 1:
        message = (
            f"the amounts differ so much between customers (q = {spend.estimates['q']:.3g}, not above 1) that no mean "
            "exists; look for amounts in mixed units or business customers, and leave them out"
        )
        raise DocumentError([Problem(log.name, None, "net_amount", message)])


def _head(log: TransactionLog, name: str | None, currency: str, conversion: str) -> dict[str, object]:
    """Return the head of the population in file notation, checked: everything wrong with the options at once."""
    chosen = name if name is not None else _slug(log.name)
    checks: tuple[tuple[str, Any, str], ...] = (
        ("--name", Slug, chosen),
        ("--currency", Currency, currency),
        ("--conversion", Conversion, conversion),
    )
    problems = []
    for option, kind, value in checks:
        try:
            TypeAdapter(kind).validate_python(value)
        except ValidationError as error:
            problems.append(Problem(log.name, None, option, error.errors()[0]["msg"]))
    if problems:
        raise DocumentError(problems)
    return {"name": chosen, "currency": currency, "conversion": conversion}


def _slug(file_name: str) -> str:
    """Return a population name made from a file name: `CDNOW sample.csv` becomes `cdnow-sample`."""
    words = re.findall(r"[a-z0-9]+", Path(file_name).stem.lower())
    return "-".join(words)[:60].strip("-") or "population"


def purchases_section(candidate: Candidate) -> dict[str, object]:
    """Return the population's purchase section; NBD is Pareto/NBD without dropout."""
    name = pareto_nbd.NAME if candidate.model.NAME == nbd.NAME else candidate.model.NAME
    return {"model": name, **rounded(candidate.fitted.estimates)}


def _caveats(window: Window, new_customers: bool, currency: str, correlation: Correlation) -> tuple[str, ...]:
    """Say what the log cannot tell about its customers."""
    found = []
    if not new_customers:
        found.append(
            "The log has no customer_since, so a customer's first purchase in it counts as the first ever. For "
            "customers older than the log dropout is not identified: those who left before it began are not in it, and "
            "the fitted dropout is only that seen within the window (--new-customers states that all are new)."
        )
    if window.end + 1 < 52 * 7:
        found.append(f"The window is {(window.end + 1) / 7:.0f} weeks long, under a year: season is not identified.")
    if not correlation.identified:
        found.append("The log does not tell whether frequent customers spend more: no correlation is assumed.")
    if currency == UNKNOWN_CURRENCY:
        found.append("The currency was not given (--currency); XXX stands for it.")
    return tuple(found)
