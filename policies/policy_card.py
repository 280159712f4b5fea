"""A policy as a notebook shows it: what it promises in words, and its tiers side by side.

Serves `Policy._repr_html_`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .addresses import flattened
from .html_card import html_card
from .plain_language import told
from .writer import notable

if TYPE_CHECKING:
    from .policy import Policy


def policy_card(policy: Policy) -> str:
    """Return the policy as HTML."""
    heads, rows = tier_rows(policy)
    currency = [f"Amounts in {policy.currency}."] if policy.currency and rows else []
    source = [f"Source: {policy.source}"] if policy.source else []
    return html_card(f"{policy.title or policy.name} ({policy.name})", told(policy), heads, rows, [*currency, *source])


def tier_rows(policy: Policy) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the tiers, a column for each benefit that any of them has; nothing without tiers."""
    tiers = {name: flattened(notable(tier)) for name, tier in policy.tiers.items()}
    keys = list(dict.fromkeys(key for said in tiers.values() for key in said))
    if not keys:
        return [], []
    rows = [[name, *(_told(said.get(key)) for key in keys)] for name, said in tiers.items()]
    return ["tier", *(key.replace("_", " ").replace(".", ": ") for key in keys)], rows


def _told(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
