"""The catalogue of disturbances: shocks by name, each size with the source it is read from.

Serves scenarios (`shocks: [{use: recession-2009, from_month: 7}]`) and the command line (`--with recession-2009`). An
entry is a document of its own; what a shock takes from it is copied when it is read, so that a scenario which is
written out holds its sizes and does not change with the catalogue.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from memberlab.policies import (
    Catalogue,
    CountNotation,
    DocumentError,
    Multiplier,
    MultiplierNotation,
    Percent,
    RuleDocument,
    Section,
    hint,
    notation_of,
)

WAYS_TO_TIME = {
    "start": ("from_month", "from_date"),
    "end": ("until_month", "until_date", "lasts_months", "lasts_days"),
    "ramp": ("ramp_months", "ramp_days"),
    "recovery": ("recovery_months", "recovery_days"),
}
"""Keys of a shock that tell the same time in several ways; of each row at most one is written."""

Faults = dict[tuple[str | int, ...], str]

Grade = Literal["published", "derived", "assumed"]
"""`published`: the figure is the source's own; `derived`: worked out from it, as the text says; `assumed`: no published
figure was found."""


class Size(Section):
    """How far a disturbance moves one thing, as a multiplier."""

    size: Multiplier
    """Times the usual. In code: percent."""
    grade: Grade
    """What stands behind it: `published`, `derived` from a published figure as the source tells, or `assumed`."""
    source: Annotated[str, Field(min_length=10, max_length=2_000)]
    """Author or agency, year and figure; of what is assumed, why that much."""


class PriceSize(Size):
    """The same for prices, which are above 0."""

    size: Annotated[int, MultiplierNotation(minimum=1)]
    """Times the usual. In code: percent."""


class StaffSize(Size):
    """The same for the part of the desk's hours that are worked."""

    size: Annotated[int, MultiplierNotation(maximum=100)]
    """Part of the usual. In code: percent."""


class ShareSize(Section):
    """How many orders a disturbance meets."""

    size: Percent
    """Share of orders. In code: basis points."""
    grade: Grade
    """What stands behind it: `published`, `derived` from a published figure as the source tells, or `assumed`."""
    source: Annotated[str, Field(min_length=10, max_length=2_000)]
    """Author or agency, year and figure; of what is assumed, why that much."""


class Effects(Section):
    """What a disturbance changes, each under the key of a shock, with its size and source."""

    visits: Size | None = None
    """Rate of visits."""
    baskets: Size | None = None
    """Value of baskets."""
    prices: PriceSize | None = None
    """List prices of the whole market."""
    price_sensitivity: Size | None = None
    """Response to prices."""
    cost_of_goods: Size | None = None
    """What goods cost the shop."""
    shipping_cost: Size | None = None
    """The shop's cost of delivery."""
    payment_cost: Size | None = None
    """The shop's cost of taking payments."""
    wages: Size | None = None
    """The hourly cost of the service desk."""
    gift_prices: Size | None = None
    """What gifts, catalogue rewards and prizes cost the shop."""
    partner_prices: Size | None = None
    """What partners ask for the content of tiers and memberships."""
    message_prices: Size | None = None
    """What messages and reminders cost."""
    newcomers: Size | None = None
    """Shoppers who come for the first time."""
    referrals: Size | None = None
    """Chance that a shopper refers a friend."""
    staff: StaffSize | None = None
    """Part of the service desk's hours that are worked."""
    missing_goods: ShareSize | None = None
    """Orders that find the goods out of stock."""
    minor_failures: ShareSize | None = None
    """Orders that have a minor failure, beside the usual."""
    serious_failures: ShareSize | None = None
    """Orders that have a serious failure, beside the usual."""
    questions: ShareSize | None = None
    """Orders without a failure about which the shopper asks, beside the usual."""

    def sizes(self) -> dict[str, Size | ShareSize]:
        """Return what is changed, by key, in the order of a shock."""
        found = {key: getattr(self, key) for key in type(self).model_fields}
        return {key: one for key, one in found.items() if one is not None}


class Disturbance(RuleDocument):
    """A named disturbance, version 1: how long it lasts, what it changes, and how anybody knows."""

    starts_in: Annotated[int, CountNotation("month of the horizon", minimum=1, maximum=120)] = 4
    """Month of the horizon in which it starts where nothing else is said."""
    lasts_months: Annotated[int, CountNotation("months", minimum=1, maximum=120)] | None = None
    """Months that it lasts with its ramp; left out, with no days either, to the end of the horizon."""
    lasts_days: Annotated[int, CountNotation("days", minimum=1, maximum=3_650)] | None = None
    """The same in days."""
    ramp_months: Annotated[int, CountNotation("months", minimum=1, maximum=120)] | None = None
    """Months in which it grows to its full size; left out, it is there at once."""
    ramp_days: Annotated[int, CountNotation("days", minimum=1, maximum=3_650)] | None = None
    """The same in days."""
    recovery_months: Annotated[int, CountNotation("months", minimum=1, maximum=120)] | None = None
    """Months after its end in which it fades away; left out, it is over at once."""
    recovery_days: Annotated[int, CountNotation("days", minimum=1, maximum=3_650)] | None = None
    """The same in days."""
    timing: Annotated[str, Field(min_length=10, max_length=2_000)]
    """Where these times come from."""
    effects: Effects
    """What it changes, with size and source of each."""


_DISTURBANCES = Catalogue("disturbance", Disturbance, Path(__file__).parent / "disturbances")


def disturbance_names() -> tuple[str, ...]:
    """Return the names of the disturbances that ship with memberlab."""
    return _DISTURBANCES.names()


def load_disturbance(name_or_path: str | os.PathLike[str]) -> Disturbance:
    """Return a disturbance by its name in the catalogue (`recession-2009`) or by the path of a .yaml file.

    Raise DocumentError for an unknown name, listing what exists, and for every fault of the file.
    """
    return _DISTURBANCES.load(name_or_path)


def shock_of(disturbance: Disturbance) -> dict[str, Any]:
    """Return a disturbance as a shock is written, with every time and size."""
    written = notation_of(disturbance)
    times = {key: written[key] for keys in WAYS_TO_TIME.values() for key in keys if written.get(key) is not None}
    sizes = {key: effect["size"] for key, effect in written["effects"].items() if effect is not None}
    return {"name": disturbance.name, "from_month": disturbance.starts_in, **times, **sizes}


def taken_from_catalogue(written: Mapping[Any, Any]) -> tuple[dict[Any, Any], Faults]:
    """Return a written shock with what it does not say itself taken from the disturbance that it uses, and faults."""
    whole = dict(written)
    used = whole.pop("use", None)
    if used is None:
        return whole, {}
    if not isinstance(used, str) or used not in disturbance_names():
        known = disturbance_names()
        return _stand_in(whole), {("use",): f"unknown disturbance '{used}'{hint(str(used), known, 'known are')}"}
    try:
        taken = shock_of(load_disturbance(used))
    except DocumentError as error:
        return _stand_in(whole), {("use",): str(error)}
    for keys in WAYS_TO_TIME.values():
        if any(whole.get(key) is not None for key in keys):
            taken = {key: value for key, value in taken.items() if key not in keys}
    return {**taken, **whole}, {}


def _stand_in(written: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a shock with a name and a start in place of those that could not be taken, so that they are not missed."""
    start = {} if any(written.get(key) is not None for key in WAYS_TO_TIME["start"]) else {"from_month": 1}
    return {"name": "unknown", **start, **written}
