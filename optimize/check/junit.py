"""What a check found as a JUnit report: a suite for each scenario, for claims, and for identities.

Serves continuous integration, which shows such reports beside those of other tests.
"""

from __future__ import annotations

from typing import Any

from junitparser import Error as BrokenTest
from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from ..execution import outcome_sources
from .decision import CheckVerdict
from .judged import Checked
from .words import claim_told, decision_told, digest_told, replay, tier_of_broken


def check_junit(checked: Checked, options: str = "") -> str:
    """Return the report as XML; `options` are what a command that tries one cell again must repeat."""
    report = JUnitXml("memberlab check")
    report.add_testsuite(_identities(checked, options))
    for world in checked.plan.worlds:
        if (suite := _world(checked, world.name, options)) is not None:
            report.add_testsuite(suite)
    if checked.claims:
        suite, cases = TestSuite("check/claims"), []
        for claim in checked.claims:
            case = TestCase(f"{claim.cell.claim.claim} in {claim.cell.world.name}", "check.claims")
            _judge(case, claim.verdict, claim_told(claim), replay(claim.name, "claims", options))
            cases.append(case)
        suite.add_testcases(cases)
        report.add_testsuite(suite)
    untyped: Any = report  # these methods of junitparser have no types
    untyped.update_statistics()
    text = untyped.tostring()
    return text.decode("utf-8") if isinstance(text, bytes) else str(text)


def _identities(checked: Checked, options: str) -> TestSuite:
    suite = TestSuite("check/identities")
    for name, source in outcome_sources().items():
        suite.add_property(name, source)
    suite.add_property("lives", str(checked.lives))
    case = TestCase(f"{checked.identities} identities in {checked.lives} lives", "check.identities")
    case.result = [
        BrokenTest(f"{one.name}, population {one.replication}: {one.fault}\n"
                   f"{replay(one.name, tier_of_broken(one, checked), options)}")
        for one in checked.broken
    ]  # fmt: skip
    suite.add_testcase(case)
    return suite


def _world(checked: Checked, world: str, options: str) -> TestSuite | None:
    suite = TestSuite(f"check/{world}")
    cases: list[TestCase] = []
    for digest in checked.digests:
        if digest.world != world:
            continue
        suite.add_property(f"ledger.{digest.policy}", digest.now[0])
        case = TestCase(f"ledgers of {digest.policy}", f"check.{world}")
        if digest.verdict == "new":
            case.result = [Failure(f"{digest.name} is {digest_told(digest)}")]
        elif digest.verdict == "changed" and checked.tier == "digest":
            case.result = [Failure(f"{digest_told(digest)}\n{replay(digest.name, 'digest', options)}")]
        cases.append(case)
    for cell in checked.paired:
        if cell.world != world:
            continue
        case = TestCase(f"{cell.kpi} of {cell.policy} within {cell.tolerance}", f"check.{world}")
        _judge(case, cell.verdict, decision_told(cell), replay(cell.name, "paired", options))
        cases.append(case)
    suite.add_testcases(cases)
    return suite if cases else None


def _judge(case: TestCase, verdict: CheckVerdict, told: str, again: str) -> None:
    if verdict is CheckVerdict.FAIL:
        case.result = [Failure(f"{told}\n{again}")]
    elif verdict is CheckVerdict.INCONCLUSIVE:
        case.result = [Skipped(f"inconclusive: {told}\n{again}")]
    else:
        case.system_out = told
