"""The migration section of a policy: what is refused, with file and line, what is told, and what the linter finds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.policies import (
    DocumentError,
    Policy,
    lint,
    load_model_text,
    load_policy,
    standing_needs_notes,
    told,
    worth_kept,
)
from memberlab.results import FRAMES
from memberlab.scenarios import customers_of, load_scenario

ROOT = Path(__file__).parent.parent
BASE = load_policy("four-tiers-simple")
WITH_MEMBERSHIP = BASE.with_({"membership": {"fee": 99, "discount": "8 %"}})


def migrated(text: str, *, policy: Policy = WITH_MEMBERSHIP) -> Policy:
    """Return `policy` with the migration section `text`, read as from a file."""
    return load_model_text(Policy, f"{policy.to_yaml()}\nmigration: {text}\n", "mine.yaml")


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("{}", "migration", "says nothing; write tiers, points or memberships"),
        ("{tiers: {rule: keep}}", "migration.tiers.rule", "'keep'"),
        ("{tiers: {rule: reassess, map: {diamond: golld}}}", "migration.tiers.map.diamond",
         "there is no tier 'golld', did you mean 'gold'?"),
        ("{tiers: {rule: grandfather}}", "migration.tiers.months", "missing, although the rule is grandfather"),
        ("{tiers: {rule: grandfather, months: 37}}", "migration.tiers.months", "37 is above 36"),
        ("{tiers: {rule: grandfather, months: 0}}", "migration.tiers.months", "0 is below 1"),
        ("{tiers: {rule: reassess, months: 6}}", "migration.tiers.months", "6 months do not go with the rule reassess"),
        ("{points: {rule: convert, old: 100}}", "migration.points.new", "missing, although the rule is convert"),
        ("{points: {rule: convert, old: 100, new: 0}}", "migration.points.new", "0 is below 1"),
        ("{points: {rule: convert, old: 100, new: -80}}", "migration.points.new", "-80 is below 1"),
        ("{points: {rule: convert, old: 0, new: 80}}", "migration.points.old", "0 is below 1"),
        ("{points: {rule: convert, old: 100, new: 0.8}}", "migration.points.new", "0.8 is not a whole number"),
        ("{points: {rule: keep, old: 1}}", "migration.points.old", "a rate does not go with the rule keep"),
        ("{points: {rule: keep, rounding: up}}", "migration.points.rounding", "nothing is rounded"),
        ("{points: {rule: keep, notice_months: 2}}", "migration.points.notice_months", "nothing is announced"),
        ("{points: {rule: forfeit, old_expiry_months: 2}}", "migration.points.old_expiry_months", "no protection"),
        ("{points: {rule: keep, old_expiry_months: 25}}", "migration.points.old_expiry_months", "25 is above 24"),
        ("{memberships: {rule: keep, time: pro rata}}", "migration.memberships.time", "that is converted"),
        ("{memberships: {rule: refund, old_fee_months: 3}}", "migration.memberships.old_fee_months", "nobody renews"),
        ("{memberships: {rule: keep, old_fee_months: 40}}", "migration.memberships.old_fee_months", "40 is above 36"),
    ],
)  # fmt: skip
def test_a_wrong_migration_is_told_with_file_line_and_mend(text: str, field: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        migrated(text)
    line = len(WITH_MEMBERSHIP.to_yaml().splitlines()) + 2
    assert [(one.file, one.line, one.field) for one in caught.value.problems] == [("mine.yaml", line, field)]
    assert message in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("policy", "text", "message"),
    [
        ("no-programme", "{points: {rule: convert, old: 1, new: 1}}",
         "migration.points.rule: the policy has no points into which old ones could be converted"),
        ("no-programme", "{points: {rule: keep}}",
         "migration.points.rule: the policy has no points as which old ones could go on"),
        ("no-programme", "{points: {rule: forfeit, notice_months: 1}}",
         "migration.points.notice_months: the policy has no points, so that old ones buy nothing from launch on"),
        ("no-programme", "{tiers: {rule: keep for good}}",
         "migration.tiers: the policy has no tiers that members could have"),
        ("four-tiers-simple", "{memberships: {rule: convert}}",
         "migration.memberships.rule: the policy has no membership in which they could be converted"),
    ],
)  # fmt: skip
def test_nothing_is_migrated_into_what_the_policy_does_not_have(policy: str, text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        migrated(text, policy=load_policy(policy))


@pytest.mark.parametrize("expiry", ["never", {"days": 90}, {"dates": ["12-31"]}, {"months": 12, "end_of": "day"}])
def test_an_old_expiry_needs_a_new_one_by_month(expiry: object) -> None:
    with pytest.raises(DocumentError, match=r"migration\.points\.old_expiry_months"):
        BASE.with_({"points.expiry": expiry, "migration": {"points": {"rule": "keep", "old_expiry_months": 3}}})


def test_a_migration_is_written_and_changed_like_any_section() -> None:
    text = "{tiers: {rule: grandfather, months: 6}, points: {rule: keep}, memberships: {rule: convert}}"
    policy = migrated(text)
    assert load_model_text(Policy, policy.to_yaml()) == policy
    longer = policy.with_({"migration.tiers.months": 12})
    assert [str(change) for change in policy.diff(longer)] == ["migration.tiers.months: 6 -> 12"]
    assert policy.with_({"migration": None}) == WITH_MEMBERSHIP


def test_a_migration_counts_in_the_digest_and_tiers_of_one_are_kept_on_cards() -> None:
    plain, points = BASE.with_({"description": "as it was"}), migrated("{points: {rule: keep}}", policy=BASE)
    tiers = migrated("{tiers: {rule: reassess}}", policy=BASE)
    assert BASE.digest() == plain.digest()
    assert len({BASE.digest(), points.digest(), tiers.digest()}) == 3
    assert [standing_needs_notes(one) for one in (plain, points, tiers)] == [False, False, True]


def test_a_migration_is_told_as_a_member_would_hear_it() -> None:
    policy = migrated(
        "{tiers: {rule: grandfather, months: 6, map: {platinum: gold}},"
        " points: {rule: convert, old: 100, new: 80, rounding: up, old_expiry_months: 1},"
        " memberships: {rule: convert, time: pro rata, old_fee_months: 12}}"
    )
    assert told(policy)[-3:] == [
        "On launch day everybody has the tier of the same name, or gold for platinum at least, and nobody falls for 6 "
        "months.",
        "For 100 points collected before there are 80; part of a point counts as a whole one, and expire by the old "
        "rule for 1 month.",
        "A paid membership goes on as the new one for what is left of its fee; for 12 months it is renewed at the old "
        "fee if that is lower.",
    ]


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("{points: {rule: convert, old: 100, new: 80}}", "conversion-takes-points", "members lose 20%"),
        ("{points: {rule: forfeit}}", "forfeit-without-notice", "are gone on launch day"),
        ("{tiers: {rule: keep for good}}", "tiers-kept-for-good", "has it for ever"),
    ],
)
def test_the_linter_weighs_a_migration(text: str, rule: str, message: str) -> None:
    customers = customers_of(load_scenario("baseline"))
    found = {one.rule: one for one in lint(migrated(text), customers)}
    assert message in found[rule].message
    fair = "{points: {rule: convert, old: 10, new: 9}, tiers: {rule: grandfather, months: 3}}"
    for harmless in (WITH_MEMBERSHIP, migrated(fair), migrated("{points: {rule: forfeit, notice_months: 3}}")):
        assert rule not in {one.rule for one in lint(harmless, customers)}


def test_the_worth_that_points_keep_counts_rate_and_value() -> None:
    dearer = BASE.with_({"points.redeem.value": 20})
    half = dearer.with_({"migration": {"points": {"rule": "convert", "old": 4, "new": 1}}})
    assert worth_kept(dearer, BASE) == 2
    assert worth_kept(half, BASE) == Fraction(1, 2)
    assert worth_kept(load_policy("no-programme"), BASE) is None


def test_the_page_documents_every_column_and_its_examples_load() -> None:
    page = (ROOT / "docs" / "cutover.md").read_text(encoding="utf-8")
    for frame in FRAMES:
        part = page.split(f"### {frame.name}\n")[1].split("\n##")[0]
        assert all(f"| `{name}` | {meaning} |" in part for name, meaning in frame.columns.items()), frame.name
    hard, gently = (load_policy(str(ROOT / "examples" / name)) for name in ("relaunch.yaml", "relaunch-gently.yaml"))
    assert {change.address.split(".")[0] for change in hard.diff(gently)} == {"migration"}


# at the command line, before anything is simulated


def fails(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_candidate_that_does_not_fit_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    section = "migration:\n  tiers:\n    rule: reassess\n    map:\n      platinum: gold\n"
    file.write_text(BASE.to_yaml() + section, encoding="utf-8")
    line = len(file.read_text(encoding="utf-8").splitlines())
    place = f"{file}:{line} migration.tiers.map.platinum"
    assert f"{place}: four-tiers-simple, the policy before, has no tier" in fails(
        "cutover", "four-tiers-simple", str(file)
    )


def test_other_currencies_and_impossible_thresholds_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "dollars.yaml"
    file.write_text(BASE.with_({"currency": "USD"}).to_yaml(), encoding="utf-8")
    said = fails("cutover", "four-tiers-simple", str(file))
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if text.startswith("currency"))
    assert f"{file}:{line} currency: USD cannot take over from four-tiers-simple, whose amounts are in CNY" in said
    assert "is no share from 0 up to 1" in fails("cutover", "jd-plus", "jd-plus", "--threshold", "120 %")
    assert "four-tiers-simpel" in fails("cutover", "four-tiers-simpel", "jd-plus")
