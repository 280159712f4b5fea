"""What a check found, in words: one line for the whole, cells as people read them, and how to try one again.

Serves the terminal, JUnit, Markdown and JSON.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from memberlab.results import KPIS, written, written_difference

from .checks_plan import ChecksPlan
from .decision import LEAST_CORRELATION, CheckVerdict, Decision
from .judged import BrokenLife, Checked, ClaimFound, DigestCell, Exit, PairedCell

VERDICTS = {
    Exit.PASSED: "passed",
    Exit.CHANGED: "failed: an outcome has changed, or a claim does not hold",
    Exit.INCONCLUSIVE: "inconclusive",
    Exit.NO_BASELINE: "not judged: the baseline does not have everything",
    Exit.BROKEN: "broken: an accounting identity does not hold, which is a fault of memberlab",
}


def verdict_line(checked: Checked) -> str:
    """Return the whole check in one line."""
    counts = []
    if checked.paired:
        counts.append(_counted([one.verdict for one in checked.paired], "figure"))
    if checked.claims:
        counts.append(_counted([one.verdict for one in checked.claims], "claim"))
    if checked.digests:
        equal = sum(one.verdict == "equal" for one in checked.digests)
        counts.append(f"{equal} of {len(checked.digests)} ledgers equal")
    counts.append(f"{checked.identities:,} identities hold in {checked.lives:,} lives")
    moved = sum(one.has_moved for one in checked.paired)
    told = VERDICTS[checked.exit]
    if checked.exit is Exit.PASSED and any(checked.open_names()):
        told = "passed, with cells left open"
    elif checked.exit is Exit.PASSED and moved:
        told = "passed, with outcomes that moved within their margins"
    return f"{told}; {'; '.join(counts)} ({checked.seconds:.1f} s)"


def _counted(verdicts: list[CheckVerdict], what: str) -> str:
    parts = [
        f"{count} {word}"
        for word, count in (
            ("pass", verdicts.count(CheckVerdict.PASS)),
            ("fail", verdicts.count(CheckVerdict.FAIL)),
            ("inconclusive", verdicts.count(CheckVerdict.INCONCLUSIVE)),
        )
        if count
    ]
    plural = "" if len(verdicts) == 1 else "s"
    return f"{len(verdicts)} {what}{plural}: {', '.join(parts)}"


def margin_told(cell: PairedCell) -> str:
    """Return a margin as written, and in the figure's unit where it is a share of the figure."""
    decision, kpi = cell.decision, KPIS[cell.kpi]
    if decision is None or cell.tolerance.kind != "percent":
        return f"± {cell.tolerance}"
    return f"± {written(decision.margin, kpi.unit)} ({cell.tolerance})"


def shift_of(cell: PairedCell) -> str:
    """Return the shift of a cell with its interval."""
    if cell.decision is None:
        return "cannot have changed"
    if cell.decision.is_unchanged:
        return "0 in every population"
    kpi = KPIS[cell.kpi]
    low, high = (written_difference(kpi, end) for end in cell.decision.interval)
    return f"{written_difference(kpi, cell.decision.shift)} [{low}, {high}]"


def now_of(cell: PairedCell) -> float:
    """Return the new mean of a cell's figure."""
    return cell.before + (0.0 if cell.decision is None else cell.decision.shift)


def correlation_told(correlation: float | None) -> str:
    """Return a pairing correlation, `-` where there is none; never rounded up to 1."""
    if correlation is None:
        return "-"
    return f"{correlation:.3f}" if correlation < 0.9995 else "> 0.999"


def decision_told(cell: PairedCell) -> str:
    """Return all of a cell in one paragraph, for a report that is read without the table."""
    kpi = KPIS[cell.kpi]
    told = f"{kpi.title} of {cell.policy} in {cell.world}: {written(cell.before, kpi.unit)} in the baseline, "
    told += f"{written(now_of(cell), kpi.unit)} now; shift {shift_of(cell)}, margin {margin_told(cell)}"
    if cell.decision is not None:
        told += f"; {cell.decision.replications} populations, correlation {correlation_told(cell.decision.correlation)}"
    return told


def claim_figure(found: ClaimFound) -> tuple[str, str, str]:
    """Return the figure of a claim, its interval, and what it must be."""
    kpi, statement = KPIS[found.cell.claim.kpi], found.cell.statement
    if statement.against is None:
        figure, low, high = (written(value, kpi.unit) for value in (found.figure, found.low, found.high))
        bound = written(found.bound, kpi.unit)
    else:
        figure, low, high, bound = (
            written_difference(kpi, value) for value in (found.figure, found.low, found.high, found.bound)
        )
    word = "at least" if statement.sign > 0 else "at most"
    is_strict = statement.distance is not None and statement.distance.number == 0 and not statement.spare
    if is_strict:
        word = "above" if statement.sign > 0 else "below"
    chance = found.cell.claim.probability
    if chance is not None:
        kept = "" if found.share is None else f", kept by {found.share:.0%} of {found.replications}"
        return figure, f"{chance / 100:g} % of worlds reach [{low}, {high}]{kept}", f"{word} {bound}"
    return figure, f"[{low}, {high}]", f"{word} {bound}"


def claim_told(found: ClaimFound) -> str:
    """Return all of a claim in one paragraph."""
    figure, interval, bound = claim_figure(found)
    line = "" if found.cell.line is None else f" (line {found.cell.line})"
    return (
        f"{found.cell.claim.claim}{line}, in {found.cell.world.name}: {found.cell.statement.words}; "
        f"{figure} {interval}, must be {bound}; {found.replications} populations"
    )


def correlation_warning(checked: Checked) -> str | None:
    """Return a warning when old and new outcomes are no longer paired; None where they are."""
    worst = checked.worst_correlation
    if worst is None or worst >= LEAST_CORRELATION:
        return None
    names = [one.name for one in checked.paired if one.decision is not None and one.decision.is_badly_paired]
    cells = "1 cell" if len(names) == 1 else f"{len(names)} cells"
    shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
    return (
        f"the same populations no longer meet the same luck: the correlation of old and new outcomes is {worst:.2f} at "
        f"worst, below {LEAST_CORRELATION} in {cells} ({shown}); "
        "intervals are then wide, and a change of the policy this large, or one "
        "that broke the order of random draws, is the cause"
    )


def replay(name: str, tier: str, options: str) -> str:
    """Return the command that tries one cell again; `options` are those of the check."""
    words = ["memberlab check", options, f"--tier {tier} --only {shlex.quote(name)}"]
    return " ".join(word for word in words if word)


def replays(checked: Checked, options: str) -> Iterator[tuple[str, str]]:
    """Give every cell that failed or stayed open, and the command that tries it again."""
    for broken in checked.broken:
        yield broken.name, replay(broken.name, tier_of_broken(broken, checked), options)
    for digest in checked.digests:
        if checked.tier == "digest" and digest.verdict == "changed":
            yield digest.name, replay(digest.name, "digest", options)
    for cell in checked.paired:
        if cell.verdict is not CheckVerdict.PASS:
            yield cell.name, replay(cell.name, "paired", options)
    for claim in checked.claims:
        if claim.verdict is not CheckVerdict.PASS:
            yield claim.name, replay(claim.name, "claims", options)


def tier_of_broken(broken: BrokenLife, checked: Checked) -> str:
    """Return the tier that lives again what broke."""
    if broken.is_small:
        return "invariants"
    return "claims" if checked.tier == "claims" else "paired"


def digest_told(cell: DigestCell) -> str:
    """Return what is known of a cell from its ledgers."""
    if cell.verdict == "new":
        return "not in the baseline"
    if cell.verdict == "changed":
        return f"ledger {cell.before[0][:12]} in the baseline, {cell.now[0][:12]} now"
    return "equal" if cell.same_documents else "equal in the small worlds, though the documents differ"


def cell_names(plan: ChecksPlan) -> list[str]:
    """Return the names of all cells, as `--only` takes them."""
    arms = [f"{policy.name}/{world.name}" for world in plan.worlds for policy in plan.policies]
    cells = [f"{arm}/{kpi}" for arm in arms for kpi in plan.checks.margins]
    return [*arms, *cells, *dict.fromkeys(cell.name for cell in plan.claims)]


def decision_numbers(decision: Decision) -> dict[str, object]:
    """Return a decision as plain numbers."""
    return {
        "shift": decision.shift, "low": decision.low, "high": decision.high, "margin": decision.margin,
        "replications": decision.replications, "correlation": decision.correlation,
    }  # fmt: skip
