"""Small studies that several test files run: a few hundred shoppers, a few months, seconds of work."""

from __future__ import annotations

from pathlib import Path

SCENARIO = """\
version: 1
name: {name}
currency: CNY
start: 2026-01-01
incumbent: four-tiers-simple
warm_up: {{months: 3}}
horizon: {{months: 6}}
population: {{source: cd-retailer, shoppers: 400, established: 70 %, price_level: 7}}
gross_margin: 40 %
shipping_cost: 8
regions: 2
seed: 5
shocks: [{{name: change, from_month: 2, visits: {visits}}}]
"""

STUDY = """\
version: 1
name: tiny
policy: four-tiers-simple
scenarios: [steady.yaml, {scenario: slump.yaml, weight: 0.5}]
levers:
  tiers.silver.threshold: {low: 300, high: 1000, step: 50}
  tiers.gold.threshold: {above: tiers.silver.threshold, low: 300, high: 2100, step: 150}
  points.earn.points: {low: 1, high: 4, step: 1}
  shipping.free_from: {choices: [99, 199, never]}
constraints:
  benefit_cost_share: {at_most: 9 %}
search: {policies: 14, replications: 2, start: 6, wave: 4}
race: {shortlist: 5, start: 2, replications: 4}
confirmation: {replications: 2, shortlist: 3}
seed: 3
"""


def write_study(folder: Path, study: str = STUDY) -> Path:
    """Write the study and its two scenarios into `folder` and return the study's path."""
    (folder / "steady.yaml").write_text(SCENARIO.format(name="steady", visits=1))
    (folder / "slump.yaml").write_text(SCENARIO.format(name="slump", visits=0.7))
    path = folder / "tiny.yaml"
    path.write_text(study)
    return path


def study_with(**changes: str) -> str:
    """Return the study's text with top-level lines replaced or added: `study_with(seed="4")`."""
    lines = [line for line in STUDY.splitlines() if line.split(":")[0] not in changes]
    return "\n".join([*lines, *(f"{key}: {value}" for key, value in changes.items())]) + "\n"
