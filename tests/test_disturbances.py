"""The catalogue of disturbances, shocks that use it, scenarios that extend others, and what is wrong with either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.policies import DocumentError
from memberlab.scenarios import (
    SHARES,
    SIZES,
    Disturbance,
    disturbance_names,
    disturbed,
    load_disturbance,
    load_scenario,
    scenario_names,
    scenario_page,
    scenario_told,
    span_of,
)

ROOT = Path(__file__).parent.parent
BASE = load_scenario("baseline")
ENTRIES = {name: load_disturbance(name) for name in disturbance_names()}


def refused(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_scenario(str(path))
    return [str(problem).removeprefix(f"{path.parent}/") for problem in caught.value.problems]


# the catalogue


def test_the_catalogue_covers_what_can_befall_a_market() -> None:
    assert len(ENTRIES) >= 14
    moved = {key for one in ENTRIES.values() for key in one.effects.sizes()}
    assert moved == set(SIZES) - {"serious_failures"}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_size_has_a_source_and_what_is_assumed_says_so(entry: Disturbance) -> None:
    assert entry.title and entry.description and entry.source
    for key, effect in entry.effects.sizes().items():
        assert effect.size != (0 if key in SHARES else 100), key
        years = any(str(year) in effect.source for year in range(1990, 2027))
        words = (
            "assumed", "no figure", "not found", "extreme", "the rest of the same", "the same 9.1 %", "nobody",
            "fewer", "overnight", "about half", "general rate increase",
        )  # fmt: skip
        assert years or any(word in effect.source.lower() for word in words), f"{key}: {effect.source}"
        if effect.grade == "published":
            assert any(sign.isdigit() for sign in effect.source)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_disturbance_can_befall_the_baseline_and_is_told_with_its_days(name: str) -> None:
    world = disturbed(BASE, [name])
    (shock,) = world.shocks
    assert (world.name, shock.name) == (f"baseline-with-{name}", name)
    first = span_of(shock, world.start, 24).first
    assert any(line.startswith(f"{name}, from {first} to ") for line in scenario_told(world))


def test_the_pages_are_up_to_date() -> None:
    assert (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8") == scenario_page()


@pytest.mark.parametrize("name", [name for name in scenario_names() if load_scenario(name).shocks])
def test_a_preset_with_shocks_is_short(name: str) -> None:
    text = (ROOT / "scenarios" / "presets" / f"{name}.yaml").read_text(encoding="utf-8")
    assert "\nextends: " in text
    assert len(text.splitlines()) < 20


# shocks that use it


def test_what_a_shock_says_itself_goes_before_the_catalogue() -> None:
    own = {"use": "recession-2009", "name": "slump", "from_date": "2026-05-10", "lasts_days": 200, "visits": 0.8,
           "ramp_days": 20}  # fmt: skip
    (shock,) = BASE.with_({"shocks": [own]}).shocks
    assert (shock.name, shock.visits, shock.baskets, shock.price_sensitivity) == ("slump", 80, 96, 120)
    assert (shock.from_month, shock.lasts_months, shock.lasts_days) == (None, None, 200)
    assert (shock.ramp_months, shock.ramp_days, shock.recovery_months) == (None, 20, 18)


def test_a_scenario_that_is_written_holds_the_sizes(tmp_path: Path) -> None:
    """So that it stays what it was whatever becomes of the catalogue."""
    world = load_scenario("supply-trouble")
    path = tmp_path / "own.yaml"
    path.write_text(world.to_yaml(), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert "use:" not in text and "extends" not in text and "missing_goods: 18 %" in text
    assert load_scenario(str(path)).digest() == world.digest()


BASELINE = "name: own\nextends: baseline\nshocks:\n"


@pytest.mark.parametrize(
    ("shocks", "messages"),
    [
        ("- {name: a}", ["4 shocks.0: no start; write from_month, such as 7, or from_date, such as 2026-07-15"]),
        ("- {name: a, from_date: 2026-02-30}", ["4 shocks.0.from_date: '2026-02-30' is not a day (day"]),
        (
            "- {name: a, from_date: 2025-12-31}",
            ["4 shocks.0.from_date: 2025-12-31 is before the first day of the horizon; write 2026-01-01 or a later"],
        ),
        (
            "- {name: a, from_month: 1,\n   until_date: 2028-01-01}",
            ["5 shocks.0.until_date: 2028-01-01 is after the last day of the horizon; write 2027-12-31 or an earlier"],
        ),
        (
            "- {name: a, from_date: 2026-03-05, until_date: 2026-03-04}",
            ["4 shocks.0.until_date: 2026-03-04 is before from_date, 2026-03-05; write 2026-03-05 or a later day"],
        ),
        (
            "- {name: a, from_date: 2026-03-05, until_month: 2}",
            ["4 shocks.0.until_month: the shock would end before it starts, on 2026-03-05; write a later end"],
        ),
        (
            "- {name: a, from_month: 2, from_date: 2026-03-05}",
            ["4 shocks.0.from_date: from_month stands here as well; write one of them"],
        ),
        (
            "- {name: a, from_month: 2, recovery_days: 9}",
            ["4 shocks.0.recovery_days: a shock without an end has no recovery; write until_month, until_date or how"],
        ),
        (
            "- {name: a, from_month: 2, until_month: 3, ramp_months: 3}",
            ["4 shocks.0.ramp_months: 3 reaches beyond the end of the shock, 2026-03-31; write less, or a later end"],
        ),
        (
            "- {name: a, from_month: 2, until_month: 3, ramp_days: 60}",
            ["4 shocks.0.ramp_days: 60 reaches beyond the end of the shock, 2026-03-31; write less, or a later end"],
        ),
        (
            "- {name: a, from_month: 2, until_month: 4}\n- {name: a, from_month: 4, ramp_months: 3}",
            [
                "5 shocks.1.name: 'a' names an earlier shock; give each its own name (both are on from 2026-04-01 to "
                "2026-04-30, where they multiply)"
            ],
        ),
        ("- {use: recession}", ["4 shocks.0.use: unknown disturbance 'recession', did you mean 'recession-2009'?"]),
        (
            "- {use: recession-2009, from_month: 25}",
            ["4 shocks.0.from_month: 25 is after the last month of the horizon; write 24 or less"],
        ),
        ("- {name: a, from_month: 1, staff: 1.5}", ["4 shocks.0.staff: 1.5 is above 1; write 1 or less"]),
        ("- {name: a, from_month: 1, missing_goods: 110 %}", ["4 shocks.0.missing_goods: 110 % is above 100 %; write"]),
        ("- {name: a, from_month: 1, missing_good: 5 %}", ["4 shocks.0.missing_good: unknown key 'missing_good', did"]),
    ],
)
def test_bad_shocks_are_told_with_their_line(tmp_path: Path, shocks: str, messages: list[str]) -> None:
    found = refused(tmp_path / "own.yaml", BASELINE + shocks + "\n")
    assert len(found) == len(messages)
    for one, message in zip(found, messages, strict=True):
        assert one.startswith(f"own.yaml:{message}")


# scenarios that extend others


def test_sections_are_merged_and_lists_replaced(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "mine.yaml").write_text("name: mine\ncurrency: CNY\n", encoding="utf-8")
    (tmp_path / "base" / "base.yaml").write_text(
        "name: base\ntitle: Base\nextends: recession\nincumbent: ../mine.yaml\npayment: {fixed: 0.1}\n",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "name: own\nextends: base/base.yaml\npopulation: {shoppers: 50}\nregions: 1\n"
        "shocks: [{name: other, from_month: 2, visits: 2}]\n",
        encoding="utf-8",
    )
    own = load_scenario(str(tmp_path / "own.yaml"))
    assert (own.name, own.title, own.population.shoppers, own.population.established) == ("own", "", 50, 6_000)
    assert (own.payment.fixed, own.payment.share, [shock.name for shock in own.shocks]) == (10, 60, ["other"])
    assert Path(own.incumbent).resolve() == tmp_path / "mine.yaml"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("extends: baseline\n", ["own.yaml:1 name: missing; this key is required"]),
        (
            "name: own\nhorizon: {months: 12}\nextends: recession\n",
            [
                "own.yaml:3 shocks.0.until_month: 18 is after the last month of the horizon; write 12 or less; it is "
                "taken from 'recession'"
            ],
        ),
        (
            "name: own\nextends: basline\n",
            ["own.yaml:2 extends: 'basline': unknown scenario, did you mean 'baseline'?"],
        ),
        ("name: own\nextends: no.yaml\n", ["own.yaml:2 extends: there is no file '"]),
        (
            "name: own\nextends: 5\n",
            ["own.yaml:2 extends: 5 is not a scenario; write its name or the path of its file"],
        ),
        (
            "name: own\nextends: own.yaml\n",
            ["own.yaml:2 extends: 'own.yaml' extends this file in turn; one of them has"],
        ),
        ("name: own\nextends: baseline\nregions: 99\n", ["own.yaml:3 regions: 99 is above 64; write 64 or less"]),
        (
            "name: own\nextends: baseline\npopulation:\n  shoppers: 0\n",
            ["own.yaml:4 population.shoppers: 0 is below 1; write 1 or more"],
        ),
        ("name: own\nextends: baseline\nhorizn: {months: 3}\n", ["own.yaml:3 horizn: unknown key 'horizn', did you"]),
    ],
)
def test_what_is_wrong_with_one_that_extends(tmp_path: Path, text: str, messages: list[str]) -> None:
    found = refused(tmp_path / "own.yaml", text)
    assert len(found) == len(messages)
    for one, message in zip(found, messages, strict=True):
        assert one.startswith(message)


def test_a_fault_of_the_base_is_told_at_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("name: base\nextends: baseline\nseed: -1\n", encoding="utf-8")
    assert refused(tmp_path / "own.yaml", "name: own\nextends: base.yaml\n") == [
        "base.yaml:3 seed: -1 is negative; write 0 or more"
    ]


# the command line


def asked(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("asked_for", "message"),
    [
        (["recesion-2009"], "--with recesion-2009: unknown disturbance, did you mean 'recession-2009'?"),
        (["two-day-outage@soon"], "--with two-day-outage@soon: 'soon' is no start; write a month of the horizon"),
        (["two-day-outage@2026-02-31"], "--with two-day-outage@2026-02-31: '2026-02-31' is no start"),
        (["two-day-outage@"], "--with two-day-outage@: no start after the @"),
        (
            ["two-day-outage@25"],
            "--with two-day-outage@25: 25 is after the last month of the horizon; write 24 or less",
        ),
        (
            ["bargain-hunting@2", "bargain-hunting@6"],
            "--with bargain-hunting@6: bargain-hunting would be on twice from ",
        ),
    ],
)
def test_what_cannot_befall_a_scenario(asked_for: list[str], message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        disturbed(BASE, asked_for)
    assert str(caught.value).startswith(message)


def test_disturbances_can_be_combined_and_come_again() -> None:
    world = disturbed(BASE, ["two-day-outage@2026-03-01", "two-day-outage@9", "parcel-rates-2022"])
    assert [shock.name for shock in world.shocks] == ["two-day-outage", "two-day-outage-2", "parcel-rates-2022"]
    assert [str(span_of(shock, world.start, 24).first) for shock in world.shocks] == [
        "2026-03-01", "2026-09-01", "2026-04-01"
    ]  # fmt: skip
    assert disturbed(BASE, []) is BASE
    assert disturbed(BASE.with_({"horizon.months": 2}), ["bargain-hunting"]).shocks[0].from_month == 1
    long = disturbed(BASE, ["streaming-prices-2024", "tracking-opt-out-2021", "text-message-fees-2021"])
    assert len(long.name) <= 64


def test_a_scenario_is_explained_with_what_befalls_it() -> None:
    code, told, _ = asked("explain", "baseline", "--with", "late-parcels-2021@2026-11-28", "--json")
    assert code == 0
    assert json.loads(told)["told"][-1] == (
        "late-parcels-2021, from 2026-11-28 to 2026-12-24: 7 % of orders have a minor failure beside the usual and 3 % "
        "of orders raise a question beside the usual."
    )
    code, _, wrong = asked("explain", "baseline", "--with", "late-parcels")
    assert code == 2 and wrong.startswith("--with late-parcels: unknown disturbance, did you mean")


def test_the_catalogue_is_listed_with_sizes_and_sources() -> None:
    _, listed, _ = asked("catalog")
    section = listed[listed.index("disturbances:") :]
    for name, entry in ENTRIES.items():
        assert f"  {name} " in section
        assert entry.source.split(" ")[0] in section
    assert "of orders find the goods missing (published)" in " ".join(section.split())
    rows = json.loads(asked("catalog", "--json")[1])
    assert {row["name"] for row in rows if row["kind"] == "disturbances"} == set(ENTRIES)
    assert all(row["source"] for row in rows if row["kind"] == "disturbances")


def test_the_schema_of_a_scenario_lets_it_extend_another() -> None:
    schema = json.loads(asked("schema", "scenario")[1])
    assert schema["then"]["required"] == ["name"]
    assert {"name", "currency", "horizon"} <= set(schema["else"]["required"])
    assert "required" not in schema["$defs"]["Shock"]
