"""The language of a report: its sentences from one catalogue, numbers, money and dates as that language has them.

Serves every section. English is the source; `translations/LANGUAGE.po` holds the others (gettext, read by Babel). What
`text("...")` and `to_translate("...")` are given literally is found by Babel, what comes from a registry stands in
`vocabulary.py`; CONTRIBUTING.md says how the catalogue is brought up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from memberlab.policies import Listing, Sentence

from ..kpis import Unit

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = {"en": "en", "zh": "zh_Hans_CN"}
"""Languages of the report, and the locale that writes their numbers."""


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """Return the translated sentences of a language; empty for English, which is the source."""
    file = TRANSLATIONS / f"{language}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as lines:
        return {str(one.id): str(one.string) for one in read_po(lines) if one.id and one.string}


def to_translate(sentence: str) -> str:
    """Return a sentence as it is, and mark it for the catalogue: for tables whose titles are translated later."""
    return sentence


HYPHEN_FOR_MINUS = re.compile(r"(?<![\w-])-(?=\d)")
"""A hyphen in a sentence that is a number's sign; not those of names, dates and options."""


def with_minus(figure: str) -> str:
    """Return a figure with the minus that the axes of charts have (U+2212): unlike a hyphen, no line ends after it."""
    return figure.replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Wording:
    """One language, and the currency of the run."""

    language: str = "en"
    currency: str = "CNY"

    @property
    def locale(self) -> Locale:
        """Return the locale whose numbers are written."""
        return Locale.parse(LANGUAGES[self.language])

    def text(self, sentence: str, /, **gaps: object) -> str:
        """Return a sentence in this language with its gaps filled; a gap may hold a `Sentence` itself.

        Without gaps nothing is filled, so that a term of a registry may hold braces.
        """
        found = catalogue(self.language).get(sentence, sentence)
        if not gaps:
            return found
        return found.format(**{name: self._filling(gap) for name, gap in gaps.items()})

    def told(self, sentence: Sentence) -> str:
        """Return a sentence that a lower room has made, in this language."""
        return HYPHEN_FOR_MINUS.sub(with_minus("-"), self.text(sentence.pattern, **sentence.gaps))

    def _filling(self, gap: object) -> object:
        """Return what fills a gap in this language: sentences and lists of them, anything else as it is."""
        if isinstance(gap, Sentence):
            return self.told(gap)
        if isinstance(gap, Listing):
            return str(gap) if self.language == "en" else self.listed(self.told(one) for one in gap.items)
        return gap

    def listed(self, items: Iterable[str]) -> str:
        """Return items as a list within a sentence."""
        return self.text(", ").join(items)

    def joined(self, *sentences: str) -> str:
        """Return sentences one after the other; Chinese has no space between them."""
        return ("" if self.language == "zh" else " ").join(sentences)

    def moment(self, written: str) -> str:
        """Return an ISO date or date and time as this language writes it; anything else as it is."""
        try:
            at = datetime.fromisoformat(written)
        except ValueError:
            return written
        if "T" not in written:
            return str(dates.format_date(at, "long", locale=self.locale))
        told = self.text("{date}, {time}", date=dates.format_date(at, "long", locale=self.locale),
                         time=at.strftime("%H:%M"))  # fmt: skip
        return f"{told} {at.tzname()}" if at.tzinfo else told

    def figure(self, value: float, unit: Unit) -> str:
        """Return a figure: cents as money, shares in percent, counts whole."""
        if unit == "money":
            whole = abs(value) >= 1e5
            return with_minus(
                numbers.format_currency(
                    round(value / 100) if whole else value / 100, self.currency, locale=self.locale,
                    format="¤#,##0" if whole else None, currency_digits=not whole,
                )
            )  # fmt: skip
        if unit == "share":
            return with_minus(numbers.format_percent(value, locale=self.locale, format="#,##0.0%"))
        return with_minus(numbers.format_decimal(round(value), locale=self.locale))

    def difference(self, value: float, unit: Unit) -> str:
        """Return a difference with its sign; shares differ in percentage points."""
        if unit == "share":
            points = numbers.format_decimal(round(100 * value, 1) + 0.0, locale=self.locale, format="+#,##0.0;-#,##0.0")
            return self.text("{points} pp", points=with_minus(points))
        sign = "+" if value > 0 else ""
        return sign + self.figure(value, unit)

    def interval(self, low: float, high: float, unit: Unit) -> str:
        """Return an interval of a difference."""
        return self.text("{low} to {high}", low=self.difference(low, unit), high=self.difference(high, unit))

    def percent(self, share: float) -> str:
        """Return a relative change with its sign."""
        return with_minus(numbers.format_percent(share, locale=self.locale, format="+#,##0.0%;-#,##0.0%"))

    def short(self, cents: float, *, sign: bool = False) -> str:
        """Return money in few letters, for the bars of a chart: `CN¥12.3K`; with a `sign` that of a rise as well."""
        plus = "+" if sign and cents > 0 else ""
        if abs(cents) < 1e5:
            return plus + with_minus(numbers.format_currency(cents / 100, self.currency, locale=self.locale,
                                                             format="¤#,##0", currency_digits=False))  # fmt: skip
        return plus + with_minus(
            numbers.format_compact_currency(
                cents / 100, self.currency, format_type="short", locale=self.locale, fraction_digits=1
            )
        )
