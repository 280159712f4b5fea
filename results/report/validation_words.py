"""Words that a validation writes into its folder, found again so that a report can tell them in its own language.

Serves the report of validations. A sentence with figures in it is recognised by its pattern; anything else stays as it
is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .wording import Wording, to_translate

PATTERNS = (
    to_translate("mean of the training customers"), to_translate("own rate"), to_translate("NBD posterior mean"),
    to_translate("own rate, half-life {days} days"),
    to_translate("the log has no shelf prices"), to_translate("the log has {weeks} whole weeks; the year needs 52"),
    to_translate("the log has only {weeks} whole weeks"), to_translate("too few visits or customers for it"),
    to_translate("cumulative repeats, weeks {first} to {last}: mean error of the mean path"),
    to_translate("purchases in the hold-out: error of the mean market"),
    to_translate("customers by repeats in the window: chi-square"),
    to_translate("expected purchases by repeats: weighted mean error"),
    to_translate("expected purchases a customer: RMSE"),
    to_translate("expected purchases a customer: correlation"),
    to_translate("amounts in the hold-out: Kolmogorov-Smirnov distance"),
    to_translate("named by whoever asked (--model); a calibration would choose {model}"),
    to_translate("as a calibration chooses: {model}: its log-likelihood in the calibration window is {own} against "
                 "{second} of {other} and {plain} without dropout"),
    to_translate("as a calibration chooses: {model}: its log-likelihood in the calibration window is {own} against "
                 "{second} of {other} and {plain} without dropout; the hold-out agrees (predictive "
                 "log-likelihood {total}, standard error {error})"),
    to_translate("as a calibration chooses: {model}: its log-likelihood in the calibration window is {own} against "
                 "{second} of {other} and {plain} without dropout; the hold-out cannot tell the two apart (predictive "
                 "log-likelihood {total}, standard error {error})"),
    to_translate("as a calibration chooses: {model}: its log-likelihood in the calibration window is {own} against "
                 "{second} of {other} and {plain} without dropout; the hold-out disagrees (predictive "
                 "log-likelihood {total}, standard error {error})"),
    to_translate("as a calibration chooses: NBD: no dropout can be seen, as {model}, the better of the dropout models, "
                 "gains only {gain} log units over none (less than {least})"),
)  # fmt: skip
"""What optimize/validation and scenarios/calibration write, with their figures as gaps."""


@lru_cache
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(pattern))), pattern) for pattern in PATTERNS
    )


def written_words(words: str, wording: Wording) -> str:
    """Return words of a folder in the language of the report."""
    for shape, pattern in _shapes():
        if found := shape.fullmatch(words):
            return wording.text(pattern, **found.groupdict())
    return wording.text(words)
