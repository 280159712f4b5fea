"""The natural experiments of examples/ can be read: each changes a preset into two policies that differ as told."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from memberlab import load_scenario
from memberlab.policies import differences

FILE = Path(__file__).parents[1] / "examples" / "natural_experiments.py"


def _example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("natural_experiments", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLE = _example()


@pytest.mark.parametrize("name", EXAMPLE.EXPERIMENTS)
def test_a_natural_experiment_is_a_change_of_a_preset(name: str) -> None:
    experiment = EXAMPLE.EXPERIMENTS[name]
    before, after = experiment.policies(name)
    assert differences(before, after)
    assert load_scenario(experiment.scenario).currency == after.currency
