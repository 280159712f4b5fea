"""The reference page of scenarios: the catalogue of disturbances as tables, and every key of a scenario.

Serves `memberlab schema scenario --page` and docs/scenarios.md, which a test keeps equal to it.
"""

from __future__ import annotations

from memberlab.policies import reference_page

from .disturbance import Disturbance, ShareSize, Size, disturbance_names, load_disturbance
from .in_words import size_told
from .scenario import Scenario

INTRODUCTION = """\
# Scenarios

A scenario is the world that a policy meets. `memberlab explain recession-and-recovery` tells one in words, `memberlab
catalog` lists those that ship. A scenario of your own can be short: it extends another and writes what differs.

```yaml title="my-autumn.yaml"
name: my-autumn
extends: baseline
population: {shoppers: 5000}
shocks:
  - {use: late-parcels-2021, from_date: 2026-11-28}     # of the catalogue below
  - name: sale-next-door                                # one of your own
    from_date: 2026-09-15
    lasts_days: 20
    ramp_days: 5
    recovery_days: 10
    visits: 0.9
```

<!-- before:
memberlab run four-tiers-simple --scenario my-autumn.yaml
-->

Sections (`population`) are merged key by key; lists (`shocks`) and single values take the place of the base's. On the
command line disturbances are added to any scenario: `memberlab run jd-plus --with recession-2009 --with
carrier-strike-1997@2026-07-01`. A run that is written to a folder (`--out`) holds every size, so that it runs again
as it was, whatever becomes of the catalogue.

## Shocks

A shock changes one or more sizes of the market for some time. It starts on the first of a month of the horizon
(`from_month`) or on any day (`from_date`), and ends after a month, a day or a length. With a ramp it grows, day by
day in a straight line, from its start on: of n days the first has 1/(n + 1) of its size. After its end it fades in
the same way, if it has a recovery. A multiplier in between is 1 plus that part of its distance from 1. Shocks that
overlap multiply; shares of orders come together as independent accidents do.

What each size moves: `visits`, `baskets`, `prices` and `price_sensitivity` what shoppers do; each cost its own line
of the ledger and nothing else. `prices` and `cost_of_goods` are apart: dearer goods at the same list price squeeze
the margin, dearer list prices at the same cost widen it. `gift_prices`, `partner_prices` and `message_prices` are
what the shop pays; what members feel is what it was. Campaigns' events cost what the policy says.

**Newcomers** (`newcomers`). Who comes, and when, follows from the scenario and keyed draws alone, never from a
policy, so arms stay paired. Below 1 each newcomer is kept with the chance of the day of the first order; those who
come have the draws that they would have had. Above 1 the population is larger than `population.shoppers`, by as many
as the shocks add to an even stream of newcomers, spread over all numbers. The days on which shoppers may visit are
drawn at the largest product of season and `visits` that the scenario can reach, and thinned; a shock that grows or
fades stays below that.

**Missing goods** (`missing_goods`). An order that has been decided on finds its goods out of stock. 60 % of such
orders are placed all the same, with something else or later (`stock_out_kept`); the others are lost, a first order
until the next visit. Either way the shopper is put off (`stock_out`); that size is a guess, see
[assumptions](assumptions.md).

**Failures beyond the usual** hurt, while the usual ones are what shoppers are used to. **Staff** is the part of the
desk's hours that is worked and paid: the first of the roster work on.

**Price protection** looks at prices on the first of a month and on the last protected day, so a fall that begins and
ends within a month may go unnoticed.
"""


def scenario_page() -> str:
    """Return the page in Markdown."""
    lines = [INTRODUCTION, "## The catalogue of disturbances", ""]
    lines += [
        "`published` figures are the source's own, `derived` ones are worked out from it as told, and for `assumed`",
        "ones no published figure was found. Times in brackets are the ramp and the recovery.",
        "",
        "| name | what it is | lasts | changes |",
        "| --- | --- | --- | --- |",
    ]
    entries = [load_disturbance(name) for name in disturbance_names()]
    lines += [_row(one) for one in entries]
    lines += ["", "### Where the sizes come from", ""]
    for one in entries:
        lines += _sources(one)
    reference = reference_page(Scenario, "Every key of a scenario").replace("\n## ", "\n### ")
    return "\n".join([*lines, f"#{reference}"])


def lasts(one: Disturbance) -> str:
    """Return how long a disturbance lasts, with ramp and recovery."""
    length = _time(one.lasts_months, one.lasts_days) or "to the end"
    ramp, recovery = _time(one.ramp_months, one.ramp_days), _time(one.recovery_months, one.recovery_days)
    around = [f"ramp {ramp}"] * bool(ramp) + [f"recovery {recovery}"] * bool(recovery)
    return f"{length} ({', '.join(around)})" if around else length


def effects_told(one: Disturbance) -> list[str]:
    """Return what a disturbance changes, each with its grade."""
    return [f"{size_told(key, effect.size)} ({effect.grade})" for key, effect in one.effects.sizes().items()]


def _time(months: int | None, days: int | None) -> str:
    if months is not None:
        return "1 month" if months == 1 else f"{months} months"
    return "" if days is None else f"{days} days"


def _row(one: Disturbance) -> str:
    return f"| `{one.name}` | {one.title} | {lasts(one)} | {'; '.join(effects_told(one))} |"


def _sources(one: Disturbance) -> list[str]:
    lines = [f"**`{one.name}`.** {one.description} *Times*: {one.timing}", ""]
    lines += [_source(key, effect) for key, effect in one.effects.sizes().items()]
    return [*lines, ""]


def _source(key: str, effect: Size | ShareSize) -> str:
    return f"- `{key}`, {effect.grade}: {effect.source}"
