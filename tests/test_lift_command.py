"""`memberlab lift` at the terminal: what it prints and writes, and how it tells what a log cannot give."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.scenarios import response
from memberlab.sim import load_assumption_set

from .campaign_logs import (
    FIRST_DAY,
    WEEK,
    Market,
    chosen_by,
    dates,
    exposures_of,
    names,
    new_market,
    offers_of,
    purchases_of,
    write_imported,
)

WEEKS, SHOPPERS = 36, 600
LAST_DAY = FIRST_DAY + datetime.timedelta(days=WEEKS * WEEK - 1)
TRIAL, SENT = ("welcome", 20 * WEEK, 24 * WEEK - 1), ("autumn-sale", 24 * WEEK, 28 * WEEK - 1)


def ask(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["lift", *map(str, arguments)])


def tables() -> tuple[Market, pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return a market with one trial, whose message brings a few more visits, and one offer sent by a rule."""
    rng = np.random.default_rng(21)
    market = new_market(rng, SHOPPERS, WEEKS)
    treated = rng.random(SHOPPERS) < 0.5
    lift = np.zeros((SHOPPERS, WEEKS))
    lift[treated, 20:24] = 0.01
    everyone = np.arange(SHOPPERS)
    by_rule = np.flatnonzero(chosen_by(rng, market.trait, 0.4))
    sent = [
        exposures_of(everyone, "welcome", 20 * WEEK, "random", ~treated),
        exposures_of(by_rule, "autumn-sale", 24 * WEEK, "rule"),
    ]
    used = pd.DataFrame(
        {"customer_id": names(by_rule[:60]), "offer_id": "autumn-sale", "redeemed_at": dates(np.full(60, 25 * WEEK))}
    )
    return market, purchases_of(rng, market, lift), {
        "offers": offers_of(TRIAL, SENT), "exposures": pd.concat(sent), "redemptions": used
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, purchases, others = tables()
    return write_imported(tmp_path_factory.mktemp("logs") / "shop", purchases, LAST_DAY, **others)


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    out = folder.parent / "out"
    result = ask(folder, "--out", out, "--conversion", "50 %")
    assert result.exit_code == 0, result.output
    return out


def test_the_table_has_both_kinds_of_answers_and_a_verdict_in_words(folder: Path) -> None:
    result = ask(folder)
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "Offer welcome: " in text
    assert "No lift is reported: nobody was chosen by chance (assigned by a rule)" in text
    assert "Keep the prior, 0 to 5 %" in text
    assert "price response: the log has no lines" in text


def test_json_has_the_figures_and_grades(folder: Path) -> None:
    content = json.loads(ask(folder, "--json").stdout)
    grades = {tuple(lift["offers"]): lift["grade"] for lift in content["response"]["lifts"]}
    assert grades == {("welcome",): "A", ("autumn-sale",): "none"}
    rows = [answer["row"] for answer in content["answers"]]
    assert rows[0] == "welcome"
    assert {"naive", "matched", "matched-fake", "first", "first-fake"} <= set(rows)


def test_one_offer_alone_can_be_asked_for(folder: Path) -> None:
    content = json.loads(ask(folder, "--offer", "welcome", "--json").stdout)
    assert [lift["offers"] for lift in content["response"]["lifts"]] == [["welcome"]]


def test_the_folder_of_a_run_can_be_read_back(run: Path) -> None:
    assert {file.name for file in run.iterdir()} == {
        "answers.csv", "answers.parquet", "assumptions.yaml", "lift.md", "lift.png", "lift.yaml", "manifest.json",
        "report.html",
    }  # fmt: skip
    learnt = response.load_learnt_response(run / "lift.yaml")
    trial, observed = learnt.lifts
    assert (trial.grade, trial.weeks) == ("A", 4.0)
    assert trial.spend_share.low < trial.spend_share.estimate < trial.spend_share.high
    assert (observed.spend_share.low, observed.spend_share.high) == (0.0, 0.05)
    assert (run / "lift.png").read_bytes().startswith(b"\x89PNG")


def test_a_trial_of_a_message_sets_the_assumption_of_its_visits(run: Path) -> None:
    """Extra orders a message / conversion; the set is one that every command takes."""
    learnt = response.load_learnt_response(run / "lift.yaml")
    orders, weeks = learnt.lifts[0].orders_a_week, learnt.lifts[0].weeks
    assert orders is not None
    assert weeks is not None
    values = load_assumption_set(str(run / "assumptions.yaml")).assumptions
    assert list(values) == ["contact_visit"]
    assert float(values["contact_visit"]) == pytest.approx(max(orders.estimate * weeks / 0.5, 0.0), abs=1e-4)


def test_the_page_says_what_the_terminal_says(run: Path) -> None:
    page = (run / "lift.md").read_text(encoding="utf-8")
    assert "## Offer welcome: a trial" in page
    assert "![Answers from the naive to the controlled](lift.png)" in page
    assert "nobody was chosen by chance" in page


def test_an_earlier_run_is_kept_unless_forced(folder: Path, run: Path) -> None:
    result = ask(folder, "--out", run)
    assert (result.exit_code, "holds an earlier run" in result.stderr) == (2, True)


def test_figures_of_another_analysis_stand_beside(folder: Path, tmp_path: Path) -> None:
    beside = tmp_path / "beside.csv"
    beside.write_text("row,published\nnaive,+124 %\n", encoding="utf-8")
    page = ask(folder, "--page", "--beside", beside).stdout
    assert "| method | spend a week | published |" in page
    assert "| +124 % |" in page


def no_exposures(others: dict[str, pd.DataFrame]) -> None:
    del others["exposures"]


def empty_exposures(others: dict[str, pd.DataFrame]) -> None:
    others["exposures"] = others["exposures"].iloc[:0]


def no_controls(others: dict[str, pd.DataFrame]) -> None:
    others["exposures"]["control"] = False


def both_arms(others: dict[str, pd.DataFrame]) -> None:
    sent = others["exposures"]
    others["exposures"] = pd.concat([sent, sent[sent["offer_id"] == "welcome"].head(4).assign(control=True),
                                     sent[sent["offer_id"] == "welcome"].head(4).assign(control=False)])  # fmt: skip


def mixed_assignment(others: dict[str, pd.DataFrame]) -> None:
    sent = others["exposures"]
    sent.loc[sent.index[:7], "assigned_by"] = "rule"


def few_controls(others: dict[str, pd.DataFrame]) -> None:
    sent = others["exposures"].reset_index(drop=True)
    controls = sent.index[(sent["offer_id"] == "welcome") & sent["control"]]
    others["exposures"] = sent.drop(controls[20:])


def outside(others: dict[str, pd.DataFrame]) -> None:
    for name in ("start", "end"):
        others["offers"][name] = others["offers"][name] + np.timedelta64(400, "D")
    others["exposures"]["sent_at"] = others["exposures"]["sent_at"] + np.timedelta64(400, "D")


def sent_to_all(others: dict[str, pd.DataFrame]) -> None:
    everyone = np.arange(SHOPPERS)
    others["exposures"] = exposures_of(everyone, "autumn-sale", 24 * WEEK, "all")


def sent_to_few(others: dict[str, pd.DataFrame]) -> None:
    others["exposures"] = exposures_of(np.arange(30), "autumn-sale", 24 * WEEK, "rule")


@pytest.mark.parametrize(
    ("change", "offer", "place", "message"),
    [
        (None, "welcom", "offers offer_id", "'welcom' is not an offer, did you mean 'welcome'?"),
        (None, "xyz", "offers offer_id", "'xyz' is not an offer; offers: welcome, autumn-sale"),
        (sent_to_few, "welcome", "exposures offer_id", "nobody was sent offer 'welcome'"),
        (no_exposures, None, "exposures:", "the log has no such table"),
        (empty_exposures, None, "exposures:", "has no rows"),
        (no_controls, "welcome", "exposures control", "was assigned by chance but has no control"),
        (both_arms, "welcome", "exposures control", "4 customers are control and target of offer 'welcome' at once: c"),
        (mixed_assignment, "welcome", "exposures assigned_by", "has 593 rows assigned by chance and 7 by rule"),
        (few_controls, "welcome", "exposures customer_id", "20 controls; at least 50 of each are needed"),
        (outside, None, "exposures sent_at", "offers run from 2025-06-"),
        (sent_to_all, "autumn-sale", "exposures control", "went to all customers, so there is no control"),
        (sent_to_few, "autumn-sale", "exposures customer_id", "customers; at least 50 exposed and 50 unexposed"),
    ],
)
def test_what_a_log_cannot_give_is_told_with_table_and_column(
    tmp_path: Path, folder: Path, change: Callable[[dict[str, pd.DataFrame]], None] | None, offer: str | None,
    place: str, message: str,
) -> None:  # fmt: skip
    if change is not None:
        _, purchases, others = tables()
        change(others)
        folder = write_imported(tmp_path / "log", purchases, LAST_DAY, **others)
    result = ask(folder, *(() if offer is None else ("--offer", offer)), "--out", tmp_path / "out")
    assert result.exit_code == 2, result.output
    assert f"{folder}/{place}" in result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_an_offer_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    """Without a name the trial without controls is a notice, and the other offer is told."""
    _, purchases, others = tables()
    no_controls(others)
    folder = write_imported(tmp_path / "log", purchases, LAST_DAY, **others)
    content = json.loads(ask(folder, "--json").stdout)
    assert [lift["offers"] for lift in content["response"]["lifts"]] == [["autumn-sale"]]
    assert "has no control" in ask(folder).stdout.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--planned-share", "150 %"), "--planned-share: '150 %' is no share between 0 and 1"),
        (("--conversion", "much"), "--conversion: 'much' is no share between 0 and 1"),
        (("--product-weeks", "none.csv"), "none.csv: no such file"),
        (("--beside", "none.csv"), "none.csv: cannot be read"),
    ],
)
def test_wrong_options_are_told(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = ask(folder, *arguments)
    assert (result.exit_code, message in result.stderr) == (2, True)


def test_a_folder_that_is_no_imported_log_is_refused(tmp_path: Path) -> None:
    assert "has no manifest.yaml" in ask(tmp_path).stderr
    assert ask(tmp_path / "none").exit_code == 2


def test_unlike_arms_are_no_lift(tmp_path: Path) -> None:
    """Heavy buyers among the targets: the difference stays visible, the verdict refuses it and keeps the prior."""
    market, purchases, others = tables()
    sent = others["exposures"]
    heavy = market.trait > np.quantile(market.trait, 0.6)
    others["exposures"] = sent.assign(control=np.r_[~heavy, sent["control"].to_numpy()[SHOPPERS:]])
    folder = write_imported(tmp_path / "log", purchases, LAST_DAY, **others)
    content = json.loads(ask(folder, "--offer", "welcome", "--json").stdout)
    (lift,) = content["response"]["lifts"]
    assert lift["grade"] == "none"
    assert "no lift is reported, because the arms were not alike" in lift["says"][0]
    assert "sets no assumption: its arms were not alike" in content["assumptions"][0]
    shared = json.loads(ask(folder, "--offer", "welcome", "--planned-share", "40 %", "--json").stdout)
    assert shared["response"]["lifts"][0]["grade"] == "none"


def test_a_planned_share_that_was_missed_is_no_trial(folder: Path) -> None:
    content = json.loads(ask(folder, "--offer", "welcome", "--planned-share", "90 %", "--json").stdout)
    assert "do not fit a planned share of 0.9" in content["response"]["lifts"][0]["says"][0]
