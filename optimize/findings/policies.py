"""The policies that a search hands over: each with comments at what it changes, its differences, and itself in words.

Serves whoever takes the recommendation on: the file runs as it is, and what stands beside it is what `memberlab diff`
and `memberlab explain` would say.
"""

from __future__ import annotations

from textwrap import wrap

from memberlab.policies import Policy, differences, give_back, told
from memberlab.results import KPIS, relative_change
from memberlab.scenarios import customers_of

from .annotated_policy import annotated
from .study_run import StudyResult
from .summary import effect, shown, summary
from .tables import own_uplift

COMMENT_WIDTH = 110


def policy_text(result: StudyResult, policy: Policy, name: str, title: str, *, said: list[str] | None = None) -> str:
    """Return the YAML of a policy under a new name, with what it changes and what that does in comments.

    `said` stands at its head, by default the summary of the study.
    """
    plan = result.plan
    policy = policy.with_(
        {"name": name, "title": title, "description": "", "source": f"memberlab optimize, study {plan.study.name}"}
    )  # fmt: skip
    seeds = ", ".join(f"{scenario.name} {scenario.seed}" for scenario in plan.scenarios)
    head = [*(summary(result) if said is None else said), f"Seeds: study {plan.study.seed}; {seeds}."]
    changes = [str(change) for change in plan.incumbent.diff(policy)]
    head += [f"Changes to {plan.incumbent.name}:", *(f"- {change}" for change in changes)] if changes else []
    comments = comments_on(result, policy)
    if any("brings" in comment for comment in comments.values()):
        head.append("What a change brings is this policy against itself without that change, on the search's seeds.")
    wrapped = [part for line in head for part in wrap(line, COMMENT_WIDTH, subsequent_indent="  ")]
    return "".join(f"# {line}\n" for line in wrapped) + annotated(policy.to_yaml(), comments)


def comments_on(result: StudyResult, policy: Policy) -> dict[str, str]:
    """Return by address of each change what the value was, and what the change does to the objectives."""
    effects = {one.address: one for one in result.simplification.changes}
    subject = shown(result)
    whole = subject is not None and policy.digest() == subject.confirmed.policy.digest()
    baselines = result.tried[0].figures
    found = {}
    for change in result.plan.incumbent.diff(policy):
        said = f"was {change.before}" if change.before is not None else "new"
        if change.after is None:
            said += ", taken away"
        known = effects.get(change.address) if whole else None
        if known is not None and known.effects is not None:
            moves = ", ".join(
                f"{_title(kpi)} {relative_change(kpi, value, baselines[kpi].mean):+.2f} {_unit(kpi)}"
                for kpi, value in known.effects.items()
            )
            said += f"; the change brings {moves}"
        elif tendency := _tendency(change.address, result):
            said += f"; over the search, more of it {tendency}"
        found[change.address] = said
    return found


def simplest_said(result: StudyResult) -> list[str]:
    """Return what stands at the head of the simplest policy."""
    simplest, subject = result.simplification.simplest, shown(result)
    if simplest is None or subject is None:
        return []
    count = len(result.plan.incumbent.diff(subject.confirmed.policy))
    gains = "; ".join(
        f"{_title(one.kpi)} {effect(own_uplift(simplest, one.kpi, result))}" for one in result.goals.objectives
    )
    return [
        f"The simplest policy within one standard error of {subject.confirmed.policy.name}: it makes "
        f"{len(result.simplification.kept)} of its {count} changes.",
        f"Against {result.plan.incumbent.name}, mean over scenarios, on populations held out: {gains}.",
    ]  # fmt: skip


def differences_text(result: StudyResult, policy: Policy, name: str) -> str:
    """Return what `memberlab diff` says of the policy against the incumbent."""
    found = differences(result.plan.incumbent, policy)
    count = {0: "no lever differs", 1: "1 lever differs"}.get(len(found), f"{len(found)} levers differ")
    return "\n".join([f"{result.plan.incumbent.name} -> {name}: {count}", *(f"  {one}" for one in found)]) + "\n"


def explained_text(result: StudyResult, policy: Policy, name: str) -> str:
    """Return what `memberlab explain` says of the policy, for the shoppers of the study's first scenario."""
    world, population = result.plan.scenarios[0], result.plan.populations[0]
    customers = customers_of(world, population)
    lines = [f"# {name} in words", "", *(f"- {sentence}".replace("- - ", "  - ", 1) for sentence in told(policy)), ""]
    lines += [f"## Give-back, shoppers of {world.name}", ""]
    lines += [f"| tier | {' | '.join(one.name for one in customers.typical)} |"]
    lines += [f"| --- |{' --- |' * len(customers.typical)}"]
    tiers = list(policy.tiers) or ["everybody"]
    for is_member in (False, True) if policy.membership is not None else (False,):
        for level, tier in enumerate(tiers):
            cells = [give_back(policy, one, level, is_member=is_member).total for one in customers.typical]
            row = f"{tier}, paid member" if is_member else tier
            lines.append(f"| {row} | {' | '.join(f'{cell:.2%}' for cell in cells)} |")
    lines += ["", "Of the list value of goods, for shoppers who change nothing: discounts, points at face value, and "
              "delivery fees spared."]  # fmt: skip
    return "\n".join(lines) + "\n"


def _tendency(address: str, result: StudyResult) -> str:
    parts = [
        f"{'raises' if one.raises else 'lowers'} {_title(one.kpi)}"
        for one in result.importances
        if one.lever == address and one.raises is not None
    ]
    return " and ".join(parts)


def _title(kpi: str) -> str:
    title = KPIS[kpi].title
    return title if title.isupper() else title[:1].lower() + title[1:]


def _unit(kpi: str) -> str:
    return "pp" if KPIS[kpi].unit == "share" else "%"
