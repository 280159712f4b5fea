"""The comparison in a study's folder: the policy shown beside today's, on populations held out, with books and flows.

Serves `memberlab optimize`, whose report takes finance and tier flows from it. It is a comparison as `compare --out`
writes it, so `memberlab finance` and `memberlab report` read it too.
"""

from __future__ import annotations

import json
import shutil
import time
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.optimize import Progress, StudyResult


def leave_against_today(out: Path, result: StudyResult, executor: Executor, progress: Progress) -> None:
    """Write the comparison into the study's folder; what an earlier call left is kept where it is the same, and taken
    away where no policy is shown beside today's.
    """
    from memberlab.optimize import against_today, lived_again, model_version, shown, write_comparison
    from memberlab.results import AGAINST_TODAY, MANIFEST

    folder, subject, plan = out / AGAINST_TODAY, shown(result), result.plan
    facts: dict[str, object] = {
        "study_digest": plan.digest(), "model": model_version(), "replications": lived_again(plan),
        "policies": {} if subject is None else {
            policy.name: policy.digest() for policy in (plan.incumbent, subject.confirmed.policy)
        },
    }  # fmt: skip
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if subject is not None and all(manifest.get(key) == fact for key, fact in facts.items()):
            return
    except (OSError, ValueError, AttributeError):
        pass  # it is not there, or damaged: lived again
    started = time.time()
    compared = against_today(result, executor, progress)
    if compared is None:
        shutil.rmtree(folder, ignore_errors=True)
        return
    write_comparison(
        folder, compared, started=started, incumbent=plan.incumbent, population=plan.only_population, force=True,
        pictures=False, study_digest=plan.digest(), model=model_version(),
    )  # fmt: skip
