"""Member files: what is read, what is refused and in which words, and that nothing personal is kept."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import compare, load_study, plan_study
from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.scenarios import (
    MemberManifest,
    Members,
    load_members,
    load_scenario,
    members_from,
    members_in,
    with_members,
    write_members,
)
from memberlab.scenarios import members as member_files

HEADER = "member_id,last_order_on,orders_last_12_months,spend_last_12_months"
COLUMNS = "first_order_on,lifetime_orders,tier,points_balance,started_on,ends_on,fee_paid"
ANNA = "anna,2025-12-20,4,812.35,2023-03-01,9,gold,700,2025-06-01,2026-05-31,99.00"
BORIS = "boris,2025-02-03,1,20,2025-02-03,1,ordinary,0,,,"
LOTS = "member_id,points,expires_on\nanna,500,2026-03-31\nanna,200,2026-12-15\n"
MANIFEST = "version: 1\nas_of: 2026-01-01\ncurrency: CNY\nmembers: members.csv\n"


def write(
    folder: Path, *rows: str, header: str = f"{HEADER},{COLUMNS}", lots: str = "", manifest: str = MANIFEST
) -> Path:
    """Write a member file of `rows` into a folder, and return its manifest."""
    (folder / "members.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    if lots:
        (folder / "lots.csv").write_text(lots, encoding="utf-8")
        manifest += "lots: lots.csv\n"
    path = folder / "members.yaml"
    path.write_text(manifest, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    """Return what is said about a file that is refused."""
    with pytest.raises(DocumentError) as caught:
        load_members(path)
    return str(caught.value)


def with_membership() -> Policy:
    return load_policy("four-tiers-simple").with_(
        {"membership": {"fee": 99, "months": 12, "plans": {"monthly": {"fee": 10, "months": 1}}}}
    )


class TestReading:
    def test_values_are_read_exactly(self, tmp_path: Path) -> None:
        members = load_members(write(tmp_path, ANNA, BORIS, lots=LOTS))
        assert len(members) == 2
        assert members.spend_last_12_months.tolist() == [81_235, 2_000]
        assert members.fee_paid.tolist() == [9_900, -1]
        assert members.points.tolist() == [700, 0]
        assert datetime.date.fromordinal(int(members.lot_expires_on[1])) == datetime.date(2026, 12, 15)
        assert members.tier.tolist() == ["gold", "ordinary"]

    def test_parquet_with_types_reads_as_the_text_does(self, tmp_path: Path) -> None:
        path = write(tmp_path, ANNA, BORIS, lots=LOTS)
        text = load_members(path)
        frame = pd.read_csv(
            tmp_path / "members.csv", parse_dates=["last_order_on", "first_order_on", "started_on", "ends_on"]
        )
        frame.to_parquet(tmp_path / "members.parquet")
        path.write_text(path.read_text().replace("members.csv", "members.parquet"))
        assert load_members(path).sha256 == text.sha256

    def test_a_point_of_the_file_can_stand_for_several(self, tmp_path: Path) -> None:
        members = load_members(write(tmp_path, ANNA, lots=LOTS, manifest=MANIFEST + "points_unit: 100\n"))
        assert members.points.tolist() == [70_000]

    def test_what_is_written_reads_back_to_the_same(self, tmp_path: Path) -> None:
        members = load_members(write(tmp_path, ANNA, BORIS, lots=LOTS))
        write_members(members, tmp_path / "again.yaml")
        again = load_members(tmp_path / "again.yaml")
        assert again.sha256 == members.sha256
        assert again.id.tolist() == members.id.tolist()

    def test_the_digest_notices_every_value(self, tmp_path: Path) -> None:
        before = load_members(write(tmp_path, ANNA, BORIS, lots=LOTS)).sha256
        assert load_members(write(tmp_path, ANNA, BORIS.replace(",20,", ",20.01,"), lots=LOTS)).sha256 != before
        assert load_members(write(tmp_path, ANNA, BORIS, lots=LOTS.replace("12-15", "12-16"))).sha256 != before


class TestPrivacy:
    def test_columns_of_no_use_are_dropped_and_named(self, tmp_path: Path) -> None:
        path = write(tmp_path, "anna,2025-12-20,4,812.35,Anna Example,anna@example.org", header=f"{HEADER},name,email")
        members = load_members(path)
        assert any("dropped and are kept nowhere: 'name', 'email'" in notice for notice in members.notices)
        write_members(members, tmp_path / "kept.yaml")
        kept = (tmp_path / "kept.parquet").read_bytes() + (tmp_path / "kept.yaml").read_bytes()
        for personal in (b"anna", b"Anna", b"example.org"):
            assert personal not in kept

    def test_ids_are_hashed_with_the_salt(self, tmp_path: Path) -> None:
        (tmp_path / "salt").write_text("a secret of more than sixteen bytes")
        path = write(tmp_path, ANNA, BORIS, manifest=MANIFEST + "salt: salt\n")
        first, again = load_members(path).id, members_again(path)
        assert first.tolist() == again.id.tolist() != ["anna", "boris"]
        (tmp_path / "salt").write_text("another secret of more than sixteen")
        assert members_again(path).id.tolist() != first.tolist()

    def test_without_a_salt_nobody_is_found_again(self, tmp_path: Path) -> None:
        path = write(tmp_path, ANNA)
        first, again = load_members(path), members_again(path)
        assert first.id.tolist() != again.id.tolist()
        assert first.sha256 == again.sha256
        assert any("no salt is named" in notice for notice in first.notices)

    def test_a_salt_that_can_be_guessed_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "salt").write_text("short")
        assert "holds 5 characters" in refusal(write(tmp_path, ANNA, manifest=MANIFEST + "salt: salt\n"))


def members_again(path: Path) -> Members:
    """Return the members of a manifest read anew, whatever is remembered."""
    text = path.read_text()
    path.write_text(text + "# again\n")
    return load_members(path)


WRONG_ROWS = {
    "duplicate": ((ANNA, BORIS, ANNA), "members.csv:4 member_id: 'anna' is already on line 2; write one row a member"),
    "no id": (("," + BORIS.split(",", 1)[1],), "members.csv:2 member_id: is empty; every row needs one"),
    "day": ((BORIS.replace("2025-02-03,1,20", "03/02/2025,1,20"),),
            "members.csv:2 last_order_on: '03/02/2025' is not a day; write year-month-day, such as 2026-01-31"),
    "no such day": ((BORIS.replace("2025-02-03,1,20", "2025-02-30,1,20"),), "'2025-02-30' is not a day"),
    "fraction of a cent": ((BORIS.replace(",20,", ",20.005,"),),
                           "spend_last_12_months: '20.005' is not an amount of 0 to 20,000,000; write at most two"),
    "thousands": ((ANNA.replace("812.35", '"1,812.35"'),), "'1,812.35' is not an amount"),
    "negative": ((ANNA.replace("812.35", "-812.35"),), "'-812.35' is not an amount"),
    "fractional points": ((ANNA.replace(",700,", ",700.5,"),),
                          "points_balance: '700.5' is not a whole number of points from 0 to 2,000,000,000"),
    "too many points": ((ANNA.replace(",700,", ",2000000001,"),), "'2000000001' is not a whole number of points"),
    "order after": ((ANNA.replace("2025-12-20", "2026-01-01"),),
                    "last_order_on: 2026-01-01: the last order is not before the as-of date, 2026-01-01"),
    "term reversed": ((ANNA.replace("2026-05-31", "2025-05-31"),),
                      "ends_on: 2025-05-31: the end of the paid term is before started_on, 2025-06-01"),
    "term without end": ((ANNA.replace("2026-05-31", ""),), "ends_on: is empty, but a paid term has begun"),
    "first after last": ((ANNA.replace("2023-03-01", "2025-12-21"),),
                         "last_order_on: 2025-12-20: the last order is before first_order_on, 2025-12-21"),
    "orders without a last": ((ANNA.replace("2025-12-20", "2024-12-20").replace("2023", "2022"),),
                              "orders_last_12_months: 4, but the last order (2024-12-20) is not in the 12 months"),
    "last without orders": ((BORIS.replace(",1,20,", ",0,0,"),),
                            "orders_last_12_months: 0, but the last order (2025-02-03) is in the 12 months"),
    "spend without orders": ((BORIS.replace("2025-02-03,1,20,2025-02-03", "2024-02-03,0,20,2024-02-03"),),
                             "spend_last_12_months: 20.00 without an order in the 12 months"),
    "fewer in a life": ((ANNA.replace(",9,gold", ",3,gold"),), "lifetime_orders: 3 is below orders_last_12_months, 4"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_ROWS)
def test_a_wrong_row_is_refused_in_words(case: str, tmp_path: Path) -> None:
    rows, message = WRONG_ROWS[case]
    assert message in refusal(write(tmp_path, *rows))


WRONG_LOTS = {
    "expired": ("anna,700,2025-12-31", "lots.csv:2 expires_on: 2025-12-31 is before the as-of date, 2026-01-01"),
    "sum": ("anna,699,2026-03-31", "members.csv:2 points_balance: 700, but the lots add up to 699"),
    "nobody": ("anne,700,2026-03-31", "lots.csv:2 member_id: 'anne' is not in the table of members"),
    "nothing": ("anna,0,2026-03-31", "points: 0: a lot without points"),
    "fraction": ("anna,0.5,2026-03-31", "points: '0.5' is not a whole number of points"),
}


@pytest.mark.parametrize("case", WRONG_LOTS)
def test_a_wrong_lot_is_refused_in_words(case: str, tmp_path: Path) -> None:
    row, message = WRONG_LOTS[case]
    assert message in refusal(write(tmp_path, ANNA, lots=f"member_id,points,expires_on\n{row}\n"))


def test_lots_too_large_for_a_shopper_are_refused(tmp_path: Path) -> None:
    lots = "member_id,points,expires_on\n" + "anna,1500000000,2026-03-31\n" * 2
    message = refusal(write(tmp_path, ANNA.replace(",700,", ",,"), lots=lots))
    assert "the lots add up to 3,000,000,000; the most a member can hold is 2,000,000,000" in message


def test_twenty_examples_and_the_count_are_told(tmp_path: Path) -> None:
    rows = [f"m{number},2025-02-03,1,x,2025-02-03,1,ordinary,0,,," for number in range(31)]
    lines = refusal(write(tmp_path, *rows)).splitlines()
    assert "31 rows cannot be read; the first 20 are shown" in lines[0]
    assert len(lines) == 21


def test_all_checks_tell_at_once(tmp_path: Path) -> None:
    message = refusal(
        write(tmp_path, ANNA.replace("2025-12-20", "2026-01-02"), ANNA.replace("2026-05-31", "2025-05-31"))
    )
    assert "last_order_on: 2026-01-02" in message
    assert "'anna' is already on line 2" in message
    assert "ends_on: 2025-05-31" in message


WRONG_MANIFESTS = {
    "middle": ("2026-01-01", "2026-01-15", "export the members as of 2026-01-01 or 2026-02-01"),
    "evening": ("2026-01-01", "2025-12-31", "a file of the evening of that day is as of 2026-01-01"),
    "currency": ("CNY", "yuan", "'yuan' is not a currency"),
    "table": ("members.csv", "nobody.csv", "no such file; give the path of the table of members"),
    "kind": ("members.csv", "members.xlsx", "is not a table; give a .csv or .parquet file"),
}


@pytest.mark.parametrize("case", WRONG_MANIFESTS)
def test_a_wrong_manifest_is_refused_in_words(case: str, tmp_path: Path) -> None:
    right, wrong, message = WRONG_MANIFESTS[case]
    assert message in refusal(write(tmp_path, ANNA, manifest=MANIFEST.replace(right, wrong)))


def test_a_missing_column_is_named_with_what_may_be_meant(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, "anna,2025-12-20,4,8", header=HEADER.replace("last_order_on", "last_order")))
    assert "the column 'last_order_on' is missing, did you mean 'last_order'?" in message


class TestUnderAPolicy:
    def test_an_unknown_tier_is_refused_with_the_near_one(self, tmp_path: Path) -> None:
        members = load_members(write(tmp_path, ANNA.replace("gold", "golden")))
        with pytest.raises(
            DocumentError, match=r"'golden' is not a tier of 'four-tiers-simple', did you mean 'gold'\?"
        ):
            member_files.fail_if_members_do_not_fit(members, with_membership_named("four-tiers-simple"))

    def test_an_unknown_plan_is_refused(self, tmp_path: Path) -> None:
        row = ANNA + ",montly"
        members = load_members(write(tmp_path, row, header=f"{HEADER},{COLUMNS},plan"))
        with pytest.raises(DocumentError, match=r"'montly' is not a plan of .*, did you mean 'monthly'"):
            member_files.fail_if_members_do_not_fit(members, with_membership())

    def test_members_of_what_the_policy_has_not_are_refused(self, tmp_path: Path) -> None:
        members = load_members(write(tmp_path, ANNA))
        with pytest.raises(DocumentError) as caught:
            member_files.fail_if_members_do_not_fit(members, load_policy("no-programme"))
        message = str(caught.value)
        for part in ("policy 'no-programme' has no tiers", "has no points", "has no paid membership"):
            assert part in message

    def test_a_spend_that_does_not_fit_the_tier_is_a_notice(self, tmp_path: Path) -> None:
        members = load_members(write(tmp_path, ANNA, BORIS))
        notices = member_files.notices_under(members, with_membership())
        assert any(n.startswith("1 of 1 members of gold have spent less than its 1,500.00") for n in notices)


def with_membership_named(name: str) -> Policy:
    return load_policy(name).with_({"membership": {"fee": 99, "months": 12}})


def dated(tmp_path: Path, expiry: dict[str, object] | str, *lots: str, tier: str = "gold") -> member_files.DatedLots:
    """Return lots (`points,expires_on,earned_on`) of one member under an expiry."""
    rows = "member_id,points,expires_on,earned_on\n" + "\n".join(f"anna,{lot}" for lot in lots) + "\n"
    members = load_members(write(tmp_path, ANNA.replace(",700,", ",,").replace("gold", tier), lots=rows))
    policy = with_membership().with_({"points.expiry": expiry})
    return member_files.dated_lots(members, policy)


def gone(lots: member_files.DatedLots) -> list[str]:
    return [datetime.date.fromordinal(int(day)).isoformat() for day in lots.gone]


class TestExpiry:
    def test_months_are_exact_and_days_are_rounded_up(self, tmp_path: Path) -> None:
        lots = dated(tmp_path, {"months": 12}, "5,2026-01-31,", "6,2026-03-10,", "7,2026-12-31,")
        assert gone(lots) == ["2026-02-01", "2026-04-01", "2027-01-01"]
        assert lots.month.tolist() == [12, 10, 1]
        assert lots.rounded == 1

    def test_the_day_of_earning_tells_where_no_expiry_is_given(self, tmp_path: Path) -> None:
        lots = dated(tmp_path, {"months": 12}, "5,,2025-01-31", "6,,2025-12-01")
        assert gone(lots) == ["2026-02-01", "2027-01-01"]

    def test_a_lot_that_outlives_the_policy_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=r"2027-01-31 is later than any lot can expire .*go with 2026-12-31"):
            dated(tmp_path, {"months": 12}, "5,2027-01-31,")

    def test_quarters_end_with_the_quarter(self, tmp_path: Path) -> None:
        lots = dated(
            tmp_path, {"months": 6, "end_of": "quarter"}, "5,2026-03-31,", "6,2026-05-20,", "7,2026-06-30,2025-11-02"
        )
        assert gone(lots) == ["2026-04-01", "2026-07-01", "2026-07-01"]
        assert lots.month.tolist() == [4, 1, 2]
        assert lots.rounded == 1

    def test_a_tier_keeps_points_longer(self, tmp_path: Path) -> None:
        lots = dated(tmp_path, {"months": 12, "extension": {"gold": 6}}, "5,2026-03-31,")
        assert (gone(lots), lots.month.tolist()) == (["2026-04-01"], [16])

    def test_days_are_kept_to_the_day(self, tmp_path: Path) -> None:
        lots = dated(tmp_path, {"days": 90}, "5,2026-01-01,", "6,,2025-12-31")
        assert gone(lots) == ["2026-01-02", "2026-04-01"]
        assert lots.rounded == 0

    def test_points_that_never_expire_have_no_date(self, tmp_path: Path) -> None:
        assert dated(tmp_path, "never", "5,,").gone.tolist() == [member_files.NEVER_GONE]
        with pytest.raises(DocumentError, match="points never expire under"):
            dated(tmp_path, "never", "5,2026-03-31,")

    def test_fixed_dates_take_all_points(self, tmp_path: Path) -> None:
        assert gone(dated(tmp_path, {"dates": ["03-31"]}, "5,2026-03-31,", "6,2026-02-01,")) == ["2026-04-01"] * 2
        with pytest.raises(DocumentError, match="2026-04-01 is later than points can live"):
            dated(tmp_path, {"dates": ["03-31"]}, "5,2026-04-01,")

    def test_inactivity_ends_all_points_at_once(self, tmp_path: Path) -> None:
        lots = dated(tmp_path, {"inactivity": {"days": 180}}, "5,2026-05-01,", "6,,")
        assert gone(lots) == ["2026-05-02"] * 2
        assert gone(dated(tmp_path, {"inactivity": {"days": 180}}, "5,,")) == ["2026-06-19"]


class TestScenario:
    def test_the_document_names_the_file_and_records_its_digest(self, tmp_path: Path) -> None:
        path = write(tmp_path, ANNA.replace("2025-06-01,2026-05-31,99.00", ",,"), BORIS)
        text = (
            load_scenario("baseline")
            .to_yaml()
            .replace("established: 60 %", "established: 60 %\n  members: {file: members.yaml}")
        )
        (tmp_path / "world.yaml").write_text(text, encoding="utf-8")
        scenario = load_scenario(tmp_path / "world.yaml")
        assert scenario.population.members is not None
        assert scenario.population.members.sha256 == load_members(path).sha256
        found = members_in(scenario)
        assert found is not None
        assert len(found) == 2
        recorded = scenario.digest()
        write(tmp_path, ANNA.replace("2025-06-01,2026-05-31,99.00", ",,"))
        assert load_scenario(tmp_path / "world.yaml").digest() != recorded
        with pytest.raises(DocumentError, match="says something else than when this was written"):
            members_in(scenario)

    def test_members_open_the_world_on_their_morning_and_are_its_established_share(self, tmp_path: Path) -> None:
        path = write(tmp_path, BORIS, BORIS.replace("boris", "clara"), BORIS.replace("boris", "dora"),
                     manifest=MANIFEST.replace("2026-01-01", "2026-02-01"))  # fmt: skip
        scenario = with_members(load_scenario("baseline"), path)
        assert scenario.start == datetime.date(2026, 2, 1)
        assert scenario.population.shoppers == 5

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"start": "2026-02-01"}, "the members are as of 2026-01-01; write start: 2026-01-01"),
            ({"population.shoppers": 1, "regions": 1}, "1 are fewer than the 2 members"),
            ({"currency": "USD"}, "the members' amounts are in CNY"),
        ],
    )
    def test_what_they_do_not_agree_on_is_told(self, changes: dict[str, object], message: str, tmp_path: Path) -> None:
        path = write(tmp_path, BORIS, BORIS.replace("boris", "clara"))
        scenario = with_members(load_scenario("baseline"), path).with_(changes)
        with pytest.raises(DocumentError, match=message):
            members_in(scenario)

    def test_a_comparison_and_a_study_refuse_members_of_another_policy(self, tmp_path: Path) -> None:
        path = write(tmp_path, BORIS.replace(",ordinary,0", ",silver,0"))
        scenario = with_members(load_scenario("baseline"), path)
        with pytest.raises(DocumentError, match="'silver', but policy 'no-programme' has no tiers"):
            compare([load_policy("no-programme")], [scenario], incumbent=load_policy("no-programme"))
        (tmp_path / "world.yaml").write_text(scenario.with_({"population.members.file": "members.yaml"}).to_yaml())
        study = load_study("fashion-thresholds").with_({"policy": "no-programme", "scenarios": ["world.yaml"]})
        (tmp_path / "study.yaml").write_text(study.to_yaml(), encoding="utf-8")
        with pytest.raises(DocumentError, match="'silver', but policy 'no-programme' has no tiers"):
            plan_study(tmp_path / "study.yaml")

    def test_a_search_goes_on_wherever_the_file_is(self, tmp_path: Path) -> None:
        digests = []
        for name in ("here", "there"):
            (tmp_path / name).mkdir()
            write(tmp_path / name, BORIS)
            world = load_scenario("baseline").with_(
                {"population.members": {"file": "members.yaml"}, "population.shoppers": 9}
            )
            (tmp_path / name / "world.yaml").write_text(world.to_yaml(), encoding="utf-8")
            study = load_study("fashion-thresholds").with_({"scenarios": ["world.yaml"], "shoppers": 9})
            (tmp_path / name / "study.yaml").write_text(study.to_yaml(), encoding="utf-8")
            digests.append(plan_study(tmp_path / name / "study.yaml").digest())
        assert digests[0] == digests[1]

    def test_a_scenario_without_members_keeps_its_digest(self) -> None:
        assert load_scenario("baseline").digest() == "2577671f1d27aec327fa1cff94bb6f858c0d9783bb8d3a992ca6aac288d3d724"


class TestCommand:
    def test_a_wrong_file_ends_with_2_and_writes_nothing(self, tmp_path: Path) -> None:
        path = write(tmp_path, ANNA, ANNA)
        out = tmp_path / "out.yaml"
        answer = CliRunner().invoke(main, ["members", str(path), "four-tiers-simple", "--out", str(out)])
        assert answer.exit_code == 2
        assert "'anna' is already on line 2" in answer.output
        assert "Traceback" not in answer.output
        assert not out.exists()
        assert sorted(file.name for file in tmp_path.iterdir()) == ["members.csv", "members.yaml"]

    def test_a_table_alone_needs_its_date_and_currency(self, tmp_path: Path) -> None:
        write(tmp_path, BORIS)
        answer = CliRunner().invoke(main, ["members", str(tmp_path / "members.csv"), "four-tiers-simple"])
        assert answer.exit_code == 2
        assert "give the path of a manifest" in answer.output

    def test_the_report_ties_out_and_is_written_without_names(self, tmp_path: Path) -> None:
        write(tmp_path, ANNA.replace("2025-06-01,2026-05-31,99.00", ",,"), BORIS, lots=LOTS)
        out = tmp_path / "imported.yaml"
        table, lots = str(tmp_path / "members.csv"), str(tmp_path / "lots.csv")
        options = ["--as-of", "2026-01-01", "--currency", "CNY", "--lots", lots, "--out", str(out), "--json"]
        answer = CliRunner().invoke(main, ["members", table, "four-tiers-simple", *options])
        assert answer.exit_code == 0, answer.output
        report = json.loads(answer.stdout)
        assert all(tie["file"] == tie["world"] for tie in report["ties"])
        assert {"figure": "points to", "of": "2026-12", "unit": "points", "file": 200, "world": 200} in report["ties"]
        assert report["sha256"] == load_members(out).sha256
        assert "anna" not in answer.stdout


def test_the_page_holds_the_columns_of_the_schema() -> None:
    page = (Path(__file__).parent.parent / "docs" / "member-file.md").read_text(encoding="utf-8")
    assert page.endswith(member_files.member_file_page())


def test_frames_are_checked_as_files_are() -> None:
    manifest = MemberManifest(as_of="2026-01-01", currency="CNY", members="frame.csv")  # type: ignore[arg-type]
    frame = pd.DataFrame({"member_id": ["a", "b"], "last_order_on": ["2025-05-01", ""],
                          "orders_last_12_months": [2, 0], "spend_last_12_months": [10.25, 0.0]})  # fmt: skip
    members = members_from(manifest, frame)
    assert members.spend_last_12_months.tolist() == [1_025, 0]
    assert np.array_equal(members.last_order_on > 0, [True, False])
