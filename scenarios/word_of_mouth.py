"""Word of mouth: shoppers tell others, with or without a programme, and new shoppers come."""

from __future__ import annotations

from typing import Annotated

from memberlab.policies import CountNotation, Section


class WordOfMouth(Section):
    """New shoppers who come because somebody referred them, beside those of the population's own arrivals."""

    reserve: Annotated[int, CountNotation("shoppers", minimum=1, maximum=20_000_000)]
    """Shoppers in addition to `population.shoppers` who come only when they are referred; none comes after them."""
