"""Rules are compiled as parts of kernels, and by themselves only when somebody calls them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pytest
from numba.core.codegen import CPUCodeLibrary
from numba.core.cpu import CPUContext
from numpy.typing import NDArray

Rules = TypeVar("Rules", bound=Callable[..., Any])
COMPILED: Any = importlib.import_module("memberlab.sim.compiled")
PATCHES: Any = importlib.import_module("memberlab.sim.kernel_compilation").PATCHES
rule: Callable[[Rules], Rules] = COMPILED.rule
mechanic: Callable[[Rules], Rules] = COMPILED.mechanic
kernel: Callable[[Rules], Rules] = COMPILED.kernel

pytestmark = pytest.mark.skipif(COMPILED.is_plain(), reason="rules run as plain Python")


@rule
def with_bonus(points: int) -> int:
    """Return points with a tenth more, rounded down."""
    return points + points // 10


@mechanic
def capped(points: int, cap: int) -> int:
    """Return points with bonus up to a cap."""
    return min(with_bonus(points), cap)


@kernel
def credit_all(points: NDArray[np.int64], cap: int) -> None:
    """Credit every shopper."""
    for place in range(len(points)):
        points[place] = capped(points[place], cap)


def test_a_rule_is_called_by_itself_after_its_kernel() -> None:
    points = np.array([5, 100, 990])
    credit_all(points, 1_000)
    assert points.tolist() == [5, 110, 1_000]
    assert [capped(100, 1_000), capped(990, 1_000), with_bonus(25)] == [110, 1_000, 27]
    with pytest.raises(TypeError):
        capped(100)  # type: ignore[call-arg]


def test_the_compiler_is_left_as_it_was() -> None:
    before = [getattr(owner, name) for owner, name, _ in PATCHES]
    assert all(hasattr(owner, name) for owner, name, _ in PATCHES), "this Numba compiles in another way: measure again"
    credit_all(np.array([1, 2]), 10)
    assert [getattr(owner, name) for owner, name, _ in PATCHES] == before
    assert CPUContext.get_executable.__qualname__ == "CPUContext.get_executable"
    assert CPUCodeLibrary._finalize_final_module.__qualname__ == "CPUCodeLibrary._finalize_final_module"
