"""The pytest plugin of memberlab: found by pytest through the package's entry point `pytest11`.

Serves every test session of an environment that has memberlab, so it imports nothing but pytest until a test asks.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .held_reports import CARRIED, HeldReports
from .marker import HELP, marked
from .misuse import told_to_the_author
from .policy_check import PolicyCheck
from .settings import add_options, settings_of
from .small_worlds import SmallWorlds

if TYPE_CHECKING:
    from .settings import Settings

CHECK = pytest.StashKey[PolicyCheck]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options `--policy-...`."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker; hold reports back where they are shown: not in a worker of pytest-xdist."""
    config.addinivalue_line("markers", HELP)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(HeldReports(config, settings_of(config)), "memberlab-held-reports")


@pytest.fixture(scope="session")
def policy_worlds(pytestconfig: pytest.Config) -> SmallWorlds:
    """Worlds of this session: warm-ups and figures are simulated once."""
    return SmallWorlds(pytestconfig.rootpath)


@pytest.fixture(scope="session")
def _policy_settings(pytestconfig: pytest.Config) -> Settings:
    return settings_of(pytestconfig)


@pytest.fixture
def policy_check(request: pytest.FixtureRequest, policy_worlds: SmallWorlds, _policy_settings: Settings) -> PolicyCheck:
    """Simulate, compare and assert with the policies and worlds of the test's marker `policy`."""
    with told_to_the_author():
        check = PolicyCheck(_policy_settings, policy_worlds, marked(request.node))
    request.node.stash[CHECK] = check
    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test's report carry its statistical statements."""
    report = yield
    check = item.stash.get(CHECK, None)
    if report.when == "call" and check is not None and check.statements:
        carried = [replace(one, test=item.nodeid).as_data() for one in check.statements]
        setattr(report, CARRIED, carried)
    return report
