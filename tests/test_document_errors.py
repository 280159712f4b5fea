"""What a person reads when a document is wrong: every fault at once, each with file, line, field, value and mend."""

import pickle
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from memberlab.policies import (
    CountNotation,
    DocumentError,
    Percent,
    Policy,
    Problem,
    Section,
    fault,
    hint,
    load_model,
    load_model_text,
)


def report(model: type[Section], text: str) -> list[str]:
    """Return the lines of the report on a document called `plan.yaml`."""
    with pytest.raises(DocumentError) as caught:
        load_model_text(model, text, "plan.yaml")
    return str(caught.value).splitlines()


def test_every_fault_of_a_policy_is_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
version: 2
name: Gold Plan
title: 2026
member_discount: 5
shipping: {fee: -3, free_from: 49.999}
tiers:
  ordinary: {threshold: 10}
  silver: {threshold: 1000, discount: 0.05}
  gold: {threshold: 800, treshold: 3, free_shipping: yes}
points:
  earn: {points: 200, per: 1}
  redeem: {points: 100, value: 1}
  expiry: 12
membership:
  months: 36
  fee: 3
  fee: '149'
"""
    assert report(Policy, text) == [
        "plan.yaml:1 version: 2 is not allowed here; write 1",
        "plan.yaml:1 currency: missing, although there are amounts of money in shipping, tiers, points, membership; "
        "write for example CNY",
        "plan.yaml:2 name: 'Gold Plan' is not a name; write small letters, digits and hyphens, such as gold-plan, "
        "64 characters at most ('title' takes any text)",
        "plan.yaml:3 title: 2026 is not text; write it in quotes: '2026'",
        "plan.yaml:4 member_discount: 5 has no unit; write 5 %",
        "plan.yaml:5 shipping.fee: -3 is negative; write 0 or more",
        "plan.yaml:5 shipping.free_from: 49.999 has a fraction of a cent; write 49.99 or 50.00",
        "plan.yaml:7 tiers.ordinary.threshold: 10 is not 0; the first tier is everybody's, write 0",
        "plan.yaml:8 tiers.silver.discount: 0.05 has no unit; write 0.05 % or 5 %",
        "plan.yaml:9 tiers.gold.free_shipping: 'yes' is neither true nor false; write one of them",
        "plan.yaml:9 tiers.gold.treshold: unknown key 'treshold', did you mean 'threshold'?",
        "plan.yaml:9 tiers.gold.threshold: 800 is below silver's 1000; "
        "write more than 1000, or put the tiers in rising order",
        "plan.yaml:12 points.redeem: points give back 200 % of what is paid; "
        "write fewer earn.points, a smaller redeem.value or more redeem.points",
        "plan.yaml:13 points.expiry: 12 is neither 'never' nor a section; write {months: 12}",
        "plan.yaml:15 membership.months: 36 is above 24; write 24 or less",
        "plan.yaml:17 membership.fee: duplicate key 'fee', first on line 16; keep one of them",
    ]


def test_the_path_is_told_as_the_user_gave_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gold.yaml").write_text("name: gold\ncurency: CNY\n", encoding="utf-8")
    with pytest.raises(
        DocumentError, match=r"^\./gold\.yaml:2 curency: unknown key 'curency', did you mean 'currency'"
    ):
        load_model(Policy, "./gold.yaml")


class Wheel(Section):
    kind: Literal["wheel"]
    spokes: Annotated[int, CountNotation("spokes", minimum=1)]


class Leg(Section):
    kind: Literal["leg"]
    toes: Annotated[int, CountNotation("toes", maximum=5)]


class Part(Section):
    weight: Percent
    notes: tuple[str, ...] = Field(default=(), strict=False)


class Machine(Section):
    mover: Annotated[Wheel | Leg, Field(discriminator="kind")]
    parts: dict[str, Part] = Field(default_factory=dict)
    shelves: list[Part] = Field(default_factory=list)
    size: Literal["small", "large"] = "small"
    height: Annotated[float, Field(gt=0)] = 1.0


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("size: small\n", ["plan.yaml:1 mover: missing; this key is required"]),
        ("mover: 3\n", ["plan.yaml:1 mover: 3 is not a section; write the keys kind, spokes, toes below it, indented"]),
        ("mover: {}\n", ["plan.yaml:1 mover: the key 'kind' is missing; it is required"]),
        ("mover: {kind: sail}\n", ["plan.yaml:1 mover: 'kind' 'sail' is unknown; write one of 'wheel', 'leg'"]),
        (
            "mover:\n  kind: leg\n  spokes: 3\n",
            [
                "plan.yaml:1 mover.toes: missing; this key is required",
                "plan.yaml:3 mover.spokes: unknown key 'spokes'; known keys: kind, toes",
            ],
        ),
        (
            "mover: {kind: leg, toes: 5.5}\n",
            ["plan.yaml:1 mover.toes: 5.5 is not a whole number of toes; write 5 or 6"],
        ),
        ("mover: {kind: leg, toes: 6}\n", ["plan.yaml:1 mover.toes: 6 is above 5; write 5 or less"]),
        (
            "mover: {kind: leg, toes: 1}\nparts: [1]\nshelves: {a: 1}\nsize: medium\nheight: -1\n",
            [
                "plan.yaml:2 parts: a list is not a section; write 'key: value' lines below it, indented",
                "plan.yaml:3 shelves: a mapping is not a list; write each entry on a line after '- '",
                "plan.yaml:4 size: 'medium' is not allowed here; write 'small' or 'large'",
                "plan.yaml:5 height: -1: input should be greater than 0",
            ],
        ),
        (
            "mover: {kind: leg, toes: 1}\nparts:\n  a: {weight: 5 %, note: []}\nshelves:\n- weight: 5 %\n- weigth: 5\n",
            [
                "plan.yaml:3 parts.a.note: unknown key 'note', did you mean 'notes'?",
                "plan.yaml:6 shelves.1.weight: missing; this key is required",
                "plan.yaml:6 shelves.1.weigth: unknown key 'weigth', did you mean 'weight'?",
            ],
        ),
        (
            "mover: {kind: leg, toes: 1}\nparts:\n  a: {weight: 5 %, notes: [x, 1, null, {}]}\n",
            [
                "plan.yaml:3 parts.a.notes.1: 1 is not text; write it in quotes: '1'",
                "plan.yaml:3 parts.a.notes.2: nothing is not text; write text",
                "plan.yaml:3 parts.a.notes.3: a mapping is not text; write text",
            ],
        ),
    ],
)
def test_every_kind_of_fault_has_words_and_a_place(text: str, lines: list[str]) -> None:
    assert report(Machine, text) == lines


def test_a_value_that_is_an_alias_is_told_once() -> None:
    text = "mover: &m {kind: leg, toes: 1}\nparts:\n  a: *m\n"
    assert report(Machine, text) == [
        "plan.yaml:1 mover: anchor '&m' is not allowed; remove it",
        "plan.yaml:3 parts.a: alias '*m' is not allowed; write the value out",
    ]


def test_a_fault_of_the_text_alone_stops_too() -> None:
    assert report(Machine, "mover: {kind: leg, toes: 1, toes: 2}") == [
        "plan.yaml:1 mover.toes: duplicate key 'toes', first on line 1; keep one of them"
    ]


def test_a_long_report_is_cut_and_counted() -> None:
    lines = report(Policy, "name: x\n" + "".join(f"key{n}: 1\n" for n in range(250)))
    assert len(lines) == 101
    assert lines[0].startswith("plan.yaml:2 key0: unknown key 'key0'; known keys: version, name, ")
    assert lines[-1] == "plan.yaml: and 150 more problems; mend these first"


def test_long_values_are_cut() -> None:
    (line,) = report(Policy, f"name: x\nmember_discount: {'y' * 5000}\n")
    assert len(line) < 160
    assert "yyy… is not a percentage" in line


def test_a_problem_without_line_or_field_reads_well() -> None:
    assert str(Problem("a.yaml", 3, "b.c", "wrong")) == "a.yaml:3 b.c: wrong"
    assert str(Problem("a.yaml", 3, "", "wrong")) == "a.yaml:3: wrong"
    assert str(Problem("a.yaml", None, "b", "wrong")) == "a.yaml b: wrong"
    assert str(Problem("a.yaml", None, "", "wrong")) == "a.yaml: wrong"


def test_the_error_is_a_value_error_that_travels_between_processes() -> None:
    error = DocumentError([Problem("b.yaml", 2, "x", "wrong"), Problem("b.yaml", 1, "y", "wrong")])
    travelled = pickle.loads(pickle.dumps(error))
    assert issubclass(DocumentError, ValueError)
    assert travelled.problems == error.problems
    assert [problem.line for problem in travelled.problems] == [1, 2]


def test_a_fault_may_hold_braces() -> None:
    assert fault("write {months: 12}").message() == "write {months: 12}"


def test_hints() -> None:
    assert hint("treshold", ["threshold", "discount"]) == ", did you mean 'threshold'?"
    assert hint("xyz", ["threshold", "discount"]) == "; known keys: threshold, discount"
    assert hint("xyz", [], "policies") == "; there are no policies"
