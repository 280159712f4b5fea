"""Mutated documents: whatever is done to a good file, it loads or raises DocumentError, and never takes long."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memberlab.policies import DocumentError, Policy, Section, load_model, load_model_text, load_policy
from memberlab.scenarios import Scenario, load_scenario

SOURCES: dict[type[Section], str] = {
    Policy: load_policy("four-tiers-simple").with_({"membership.fee": 99}).to_yaml(),
    Scenario: load_scenario("recession").with_({"rival": {"launch_month": 3, "adoption": "5 %"}}).to_yaml(),
}
INSERTIONS = [
    "\t", ":", ": ", "- ", "&a ", "*a", "!!python/name:os.system ", "!x ", "? ", "| ", "> ", "%", "#", "'", '"', "{",
    "}", "[", "]", ",", "\n", "\n\n", "---\n", "...\n", "<<: ", "@", "`", "~", "null", "true", "-1", "1e999", ".nan",
    ".inf", "0x10", "9" * 50, "9" * 5000, "1.005", "5 %", "never", "\x00", "\x1b", "\u2028", "\ufeff", "\\",
    '"\\ud800"', '"\\UFFFFFFFF"', "银", "😀", "%YAML 9.9\n---\n", "&" * 30, "[" * 40, "{a: " * 40, "\r", "=",
    "2026-13-45",
]  # fmt: skip


def load(model: type[Section], text: str) -> None:
    """Load a text that may be broken; every fault it has must be a DocumentError with a place and a message."""
    try:
        load_model_text(model, text, "plan.yaml")
    except DocumentError as error:
        assert error.problems
        assert all(problem.message and problem.file == "plan.yaml" for problem in error.problems)
        str(error).encode("utf-8")


def mutated(text: str, chance: random.Random) -> str:
    """Return *text* with one to three things done to it that happen to files."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 0, 1, 3, 10, 40]))
        lines = text.splitlines(keepends=True)
        match chance.randrange(6):
            case 0:
                text = text[:start] + chance.choice(INSERTIONS) + text[end:]
            case 1:
                text = text[:start] + text[end:]
            case 2:
                text = text[:start] + text[start:end] * 2 + text[end:]
            case 3:
                chance.shuffle(lines)
                text = "".join(lines)
            case 4 if lines:
                text = "".join([*lines, chance.choice(lines)])
            case 5 if lines:
                at = chance.randrange(len(lines))
                key, colon, _ = lines[at].partition(":")
                text = "".join([*lines[:at], key, colon, " ", chance.choice(INSERTIONS), "\n", *lines[at + 1 :]])
    return text


@pytest.mark.parametrize("model", SOURCES)
def test_mutated_files_load_or_are_refused(model: type[Section]) -> None:
    chance = random.Random(20_260_101)
    for _ in range(300):
        load(model, mutated(SOURCES[model], chance))


@pytest.mark.slow
@pytest.mark.parametrize("model", SOURCES)
def test_many_mutated_files_load_or_are_refused(model: type[Section]) -> None:
    chance = random.Random(7)
    for _ in range(20_000):
        load(model, mutated(SOURCES[model], chance))


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_loads_or_is_refused(text: str) -> None:
    load(Policy, text)
    load(Policy, f"name: x\ntitle: {text}\n")
    load(Policy, f'name: x\ntitle: "{text}"\n')


@settings(max_examples=60)
@given(content=st.binary(max_size=60))
def test_any_bytes_load_or_are_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    with pytest.raises(DocumentError):
        load_model(Policy, path)


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(
            ["tiers", "tiers.gold", "tiers.gold.threshold", "points", "points.expiry", "shipping.free_from", "currency"]
        )
        | st.text(max_size=10),
        nested,
        max_size=3,
    )
)
def test_any_change_in_code_is_made_or_refused(changes: dict[str, object]) -> None:
    try:
        load_policy("four-tiers-simple").with_(changes)
    except DocumentError as error:
        assert error.problems


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"k{n}{'x' * 90}: 1\n" for n in range(9_000)),
        "tiers:\n" + "".join(f"  k{n}: {{threshold: 1, z: 2}}\n" for n in range(3_000)),
        "title: " + "9" * 900_000,
        "member_discount: '" + "9" * 900_000 + " %'",
        "name: " + "a-" * 400_000,
        "[" * 900_000,
        "? " * 400_000,
        ":" * 900_000,
        "a:" + " b" * 200_000,
        "a: |\n" + "\n" * 400_000,
    ],
    ids=["keys", "tiers", "number", "share", "name", "brackets", "questions", "colons", "words", "lines"],
)
def test_large_and_hostile_files_are_answered_in_seconds(text: str) -> None:
    start = time.process_time()
    with pytest.raises(DocumentError) as caught:
        load_model_text(Policy, text, "plan.yaml")
    assert time.process_time() - start < 10
    assert len(str(caught.value)) < 100_000


def test_a_folder_of_good_files_is_not_slow(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(SOURCES[Policy], encoding="utf-8")
    start = time.process_time()
    for _ in range(20):
        load_model(Policy, path)
    assert time.process_time() - start < 5
