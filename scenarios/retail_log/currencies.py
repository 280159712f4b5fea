"""One currency for a log that has several: one of them chosen, or all converted at the manifest's rates.

Serves the import; amounts of several currencies are never added up.
"""

from __future__ import annotations

from dataclasses import dataclass

from memberlab.policies import Problem

from .database import LogDatabase
from .manifest import LogManifest
from .notices import counted


@dataclass(frozen=True, slots=True)
class CurrencyPlan:
    """What to do: `keep` is the SQL condition of rows that stay, `rate` the SQL factor of their amounts, where any."""

    currency: str
    keep: str | None = None
    rate: str | None = None
    notice: str | None = None


def plan_currency(database: LogDatabase, manifest: LogManifest, chosen: str | None) -> CurrencyPlan | Problem:
    """Return how the amounts become those of one currency, or the problem that they cannot."""
    source = database.tables["trips"].source
    if not database.has("trips", "currency"):
        if chosen is not None and chosen != manifest.currency:
            message = (
                f"trips have no column 'currency', and the manifest says {manifest.currency}; leave out --currency"
            )
            return Problem(source.file, None, "--currency", message)
        return CurrencyPlan(manifest.currency)
    counts = {
        row["currency"]: int(row["rows"])
        for row in database.rows("SELECT currency, count(*) AS rows FROM trips GROUP BY 1 ORDER BY 2 DESC, 1")
    }
    told = ", ".join(f"{currency} {counted(rows, 'row')}" for currency, rows in counts.items())
    if chosen is not None:
        if chosen not in counts:
            return Problem(source.file, None, "--currency", f"no row is in {chosen}; the log has {told}")
        left = sum(counts.values()) - counts[chosen]
        notice = (
            f"only rows in {chosen} are kept; {counted(left, 'row')} in other currencies left out" if left else None
        )
        return CurrencyPlan(chosen, keep=f"currency = '{chosen}'", notice=notice)
    unknown = [currency for currency in counts if currency != manifest.currency and currency not in manifest.rates]
    if unknown:
        mend = f"write the rate of {', '.join(unknown)} into the manifest (rates), or choose one with --currency"
        return Problem(source.file, None, "currency", f"amounts are in several currencies ({told}); {mend}")
    others = [currency for currency in counts if currency != manifest.currency]
    if not others:
        return CurrencyPlan(manifest.currency)
    cases = " ".join(f"WHEN '{currency}' THEN {manifest.rates[currency]}::DOUBLE" for currency in others)
    rates = ", ".join(f"{currency} at {manifest.rates[currency]}" for currency in others)
    notice = f"{counted(sum(counts[one] for one in others), 'row')} converted to {manifest.currency}: {rates}"
    return CurrencyPlan(manifest.currency, rate=f"CASE currency {cases} ELSE 1.0 END", notice=notice)
