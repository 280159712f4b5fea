"""The rollout file: its schedule, and everything that can be wrong with it, told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.policies import DocumentError, load_policy
from memberlab.scenarios import load_rollout, load_scenario, rollout_problems

GOOD = """version: 1
name: trial
arms:
  tiers: {policy: four-tiers-simple, share: 60 %}
  plus: {policy: jd-plus, share: 40 %}
hold_out: 10 %
pilot: {day: 1, share: 10 %, weeks: 8}
ramps:
  - {day: 57, to: 50 %, weeks: 4}
  - {day: 90, to: 70 %}
launch: {day: 120}
stop: {below: 0}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "rollout.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_schedule_has_every_day_on_which_shoppers_move(tmp_path: Path) -> None:
    loaded = load_rollout(written(tmp_path))
    steps = [(step.day, step.stage, step.share) for step in loaded.rollout.schedule]
    assert steps == [
        (0, "pilot", 1000), (56, "ramp 1", 2000), (63, "ramp 1", 3000), (70, "ramp 1", 4000), (77, "ramp 1", 5000),
        (89, "ramp 2", 7000), (119, "launch", 9000),
    ]  # fmt: skip
    assert [policy.name for policy in loaded.policies] == ["four-tiers-simple", "jd-plus"]
    assert loaded.rollout.schedule[-1].of_everyone


def test_a_pilot_that_nothing_follows_ends(tmp_path: Path) -> None:
    alone = written(tmp_path, ("ramps:\n  - {day: 57, to: 50 %, weeks: 4}\n  - {day: 90, to: 70 %}\n", ""),
                    ("launch: {day: 120}\n", ""))  # fmt: skip
    assert [(step.day, step.share) for step in load_rollout(alone).rollout.schedule] == [(0, 1000), (56, 0)]


WRONG = [
    (("share: 10 %", "share: 110 %"), 7, "pilot.share", "110 % is above 100 %"),
    (("share: 10 %", "share: 95 %"), 7, "pilot.share", "95 % and the hold-out's 10 % are together 105 %"),
    (("share: 40 %", "share: 50 %"), 3, "arms", "60 % + 50 %, together 110 %"),
    (("share: 40 %", "share: 0 %"), 5, "arms.plus.share", "0 % is below 0.01 %"),
    (("{day: 57", "{day: 40"), 9, "ramps.0.day", "day 40 overlaps the pilot, which lasts to day 56; write 57"),
    (("{day: 90", "{day: 70"), 10, "ramps.1.day", "day 70 overlaps ramp 1, which grows to day 78; write 79"),
    (("to: 70 %", "to: 50 %"), 10, "ramps.1.to", "50 % is no growth: 50 % are reached before"),
    (("to: 70 %", "to: 95 %"), 10, "ramps.1.to", "together 105 %"),
    (("{day: 120}", "{day: 90}"), 11, "launch.day", "day 90 overlaps ramp 2, which grows to day 90; write 91"),
    (("{day: 120}", "{day: 0}"), 11, "launch.day", "0 is below 1"),
    (("{below: 0}", "{below: 0, above: 1}"), 12, "stop", "no limit or two"),
    (("hold_out: 10 %", "hold_out: 0 %"), 12, "stop", "nobody is left to be held against"),
    (("jd-plus", "jd-pluss"), 5, "arms.plus.policy", "'jd-pluss' cannot be used as a policy"),
    (("hold_out", "holdout"), 6, "holdout", "did you mean 'hold_out'"),
    (("name: trial\n", "name: trial\neligible: {spend_from: 80 %, spend_until: 20 %}\n"), 3,
     "eligible.spend_until", "20 % is not above spend_from, 80 %"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line", "field", "message"), WRONG, ids=[one[0][1][:28] for one in WRONG])
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, field: str, message: str
) -> None:
    path = written(tmp_path, change)
    with pytest.raises(DocumentError) as fault:
        load_rollout(path)
    told = [problem for problem in fault.value.problems if message in problem.message]
    assert told, str(fault.value)
    assert (told[0].line, told[0].field) == (line, field)


def test_a_day_outside_the_horizon_and_a_policy_that_does_not_fit_are_told_together(tmp_path: Path) -> None:
    path = written(tmp_path, ("{day: 120}", "{day: 800}"), ("policy: jd-plus", "policy: amazon-prime"))
    scenario = load_scenario("friends-and-failures")
    loaded = load_rollout(path)
    problems = [str(one) for one in rollout_problems(loaded, scenario, load_policy("mall-club"), 730)]
    for told in (
        f"{path}:11 launch.day: day 800 is outside the horizon", f"{path}:5 arms.plus.policy: policy 'amazon-prime' is "
        "in USD", "shoppers come by referral",
    ):  # fmt: skip
        assert any(told in problem for problem in problems), (told, problems)
