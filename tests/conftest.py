"""What holds for every test: generated cases have no deadline, since no test may depend on how busy the machine is; and
`--first-cases`, which leaves out all but the first case of each test, for the run that only has to reach every line;
and what a run of pytest within a test must not forget. The fixture `chromium` is a browser (tests/chromium.py).
"""

import pytest
from _pytest.pytester import Pytester, SysModulesSnapshot
from hypothesis import settings

from .chromium import chromium

__all__ = ["chromium"]

settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--first-cases", action="store_true", help="of each test run its first case only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the first case of each test, where that is asked for."""
    if not config.getoption("--first-cases"):
        return
    first: dict[str, pytest.Item] = {}
    for item in items:
        first.setdefault(item.nodeid.partition("[")[0], item)
    kept = list(first.values())
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def libraries_kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a run of pytest within this process imports: Numba and NumPy cannot be imported twice."""
    if "pytester" in request.fixturenames:
        monkeypatch.setattr(Pytester, "_Pytester__take_sys_modules_snapshot", _forgetting_tests_only)


def _forgetting_tests_only(_: Pytester) -> SysModulesSnapshot:
    return SysModulesSnapshot(preserve=lambda name: not name.startswith("test_") and name != "conftest")
