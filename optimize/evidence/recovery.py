"""Recovery: what simulated logs say of the base process, held against the values that made them.

Serves whoever calibrates on a log: where the lab's own parameters could not be found again, nobody's could. Each value
is compared in standard errors of its fit.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from memberlab.scenarios import calibration
from memberlab.sim import replication_seed

from ..execution import SerialExecutor
from .base_purchases import WATCHED, cohort
from .fact import Setting
from .histories import histories
from .market import cd_retailer
from .trial import EVIDENCE_SEED

PURCHASES, SPEND = ("r", "alpha_weeks", "s", "beta_weeks"), ("p", "q", "v")


@dataclass(frozen=True, slots=True)
class Recovered:
    """One parameter of the base process: the value that made the logs, and estimates with their standard errors."""

    name: str
    true: float
    estimates: tuple[float, ...]
    errors: tuple[float, ...]

    @property
    def distances(self) -> tuple[float, ...]:
        """Return how far each estimate is from the true value, in standard errors."""
        return tuple((one - self.true) / error for one, error in zip(self.estimates, self.errors, strict=True))

    @property
    def within_two(self) -> int:
        """Return in how many logs the estimate is within 2 standard errors."""
        return sum(abs(distance) <= 2 for distance in self.distances)


def recover(replications: int = 8, executor: Executor | None = None) -> tuple[Recovered, ...]:
    """Fit the base process to 78 weeks of the cohort of fact 1, log by log, and return each parameter.

    Amounts are fitted to those of repeat orders, as in every log.
    """
    workers = executor or SerialExecutor()
    seeds = [replication_seed(EVIDENCE_SEED, number) for number in range(replications)]
    fits = [run.result() for run in [workers.submit(fit_log, seed) for seed in seeds]]
    population = cd_retailer()
    truth = {**population.purchases.model_dump(), **population.spend.model_dump()}
    return tuple(
        Recovered(
            name,
            float(truth[name]),
            tuple(fit[name][0] for fit in fits),
            tuple(fit[name][1] for fit in fits),
        )
        for name in (*PURCHASES, *SPEND)
    )


def fit_log(seed: int) -> dict[str, tuple[float, float]]:
    """Return the estimates and standard errors of one log by parameter."""
    purchases, spend = histories(cohort(Setting(seed)), WATCHED)
    found = {}
    for names, fit in ((PURCHASES, calibration.pareto_nbd.fit(purchases)), (SPEND, calibration.gamma_gamma.fit(spend))):
        for name in names:
            error = fit.standard_errors[name]
            found[name] = (fit.estimates[name], float("inf") if error is None else error)
    return found


HEAD = """# Recovery: the base process found again in its own logs

The cohort of fact 1 (2,357 customers, 78 weeks) is simulated without any programme, and the models of `memberlab
calibrate` are fitted to each log as to a shop's. An estimate is within 2 standard errors of the value that made the log
in 95 of 100 logs, if the fit's own standard errors are right.

Made by `python -m memberlab.optimize.evidence.recovery`.

| parameter | made with | mean estimate | mean standard error | logs within 2 standard errors |
| --- | --: | --: | --: | --: |
"""


def recovery_page(recovered: tuple[Recovered, ...]) -> str:
    """Return the page in Markdown, one row a parameter."""
    rows = []
    for one in recovered:
        logs = len(one.estimates)
        mean, error = sum(one.estimates) / logs, sum(one.errors) / logs
        rows.append(f"| {one.name} | {one.true:.4g} | {mean:.4g} | {error:.2g} | {one.within_two} of {logs} |")
    within, logs = sum(one.within_two for one in recovered), sum(len(one.estimates) for one in recovered)
    return HEAD + "\n".join(rows) + f"\n\nTogether {within} of {logs} estimates ({within / logs:.0%}).\n"


if __name__ == "__main__":
    print(recovery_page(recover(16)), end="")
