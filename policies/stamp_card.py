"""The stamp card: points are collected on a card that members take up or leave, with a head start perhaps.

Serves the points currency. What a full card gives is the automatic reward of `rewards`.
"""

from __future__ import annotations

from typing import Annotated

from .model import Section
from .number import CountNotation


class StampCard(Section):
    """A card that has to be taken up, on paper or in the app: who leaves it collects nothing."""

    head_start: Annotated[int, CountNotation("points", maximum=1_000_000_000)] = 0
    """Points on a member's first card when it is handed out, with an order; further cards begin empty."""
