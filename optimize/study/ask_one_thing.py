"""A question about one thing, put to a study or to a policy without one: what is fixed, what is free, what is wanted.

Serves `memberlab optimize --fix, --free, --maximise, --keep`. The answer to a question is a study like any other: it is
written out, checked and kept in the folder, so that it can be asked again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Unpack

from memberlab.policies import (
    Document,
    DocumentError,
    Policy,
    Problem,
    dump_model,
    hint,
    is_path,
    load_policy,
    model_from,
    notation_of,
    open_document,
    policy_names,
)

from .draft import draft_levers, draft_study
from .levers import Lever
from .plan import Instead, Plan, plan_study, plan_text, study_names
from .quantity import as_written, level_of
from .study import Study

FIX, FREE, KEEP, WANT = "--fix", "--free", "--keep", "--maximise"
OPTIONS = {
    "scenarios": "--scenario",
    "levers": FREE,
    "fixed": FIX,
    "constraints": KEEP,
    "objectives": WANT,
    "robustness": WANT,
}
"""The option that a section of a changed study comes from."""
_LIMIT = re.compile(
    r"(?P<kpi>[a-z_]\w*)\s*(?P<relation>>=|<=|at least|at most)\s*(?P<limit>.+?)"
    r"(?:\s+in\s+(?P<probability>[0-9.]+\s*%)\s+of\s+worlds)?",
    re.ASCII,
)
KEEP_SYNTAX = "write KPI >= LIMIT or KPI <= LIMIT, such as 'retention >= today - 1 pt' or 'benefit_cost_share <= 6 %'"
SMALL = {
    "search": {"policies": 64, "replications": 2, "start": 24, "wave": 8},
    "race": {"shortlist": 16, "start": 4, "replications": 8},
    "confirmation": {"replications": 12, "shortlist": 6},
}
"""Budget of a question to a policy that has no study: enough for a few levers."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked on the command line, option by option, as typed."""

    fix: Sequence[str] = ()
    """`ADDRESS=VALUE`, or `ADDRESS` for the policy's own value."""
    free: Sequence[str] = ()
    """`ADDRESS`, `ADDRESS=FROM:TO:STEP` or `ADDRESS=VALUE,VALUE`."""
    maximise: Sequence[str] = ()
    minimise: Sequence[str] = ()
    keep: Sequence[str] = ()
    """Limits, such as `retention >= today - 1 pt`."""
    scenarios: Sequence[str] = ()
    """Worlds for a policy; a study names its own."""
    shoppers: int | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether the study is asked as it stands."""
        return not any((self.fix, self.free, self.maximise, self.minimise, self.keep, self.scenarios, self.shoppers))


def plan_question(
    reference: str,
    question: Question,
    **instead: Unpack[Instead],
) -> Plan:
    """Return the plan of a study, or of one drafted from a policy, changed as the question says.

    `reference` is the name or path of a study or a policy; `instead` is what `plan_study` takes. Raises
    DocumentError with every fault of it and of the options.
    """
    policy = None if reference in study_names() else _policy_of(reference)
    if policy is None:
        plan = plan_study(reference, **instead)
        if question.is_empty:
            return plan
        if question.scenarios:
            text = f"a study names its own scenarios; leave --scenario out, or write them in {reference}"
            raise DocumentError([Problem("--scenario", None, "", text)])
        study, incumbent, name = plan.study, plan.incumbent, f"{plan.file.parent / plan.file.stem} as asked"
    else:
        study, incumbent, name = _drafted(policy, reference, question), policy, f"{policy.name} as asked"
    text = dump_model(_changed(study, incumbent, question))
    try:
        return plan_text(text, name, **instead)
    except DocumentError as error:
        raise _told_by_option(error, name) from None


def _policy_of(reference: str) -> Policy | None:
    """Return the policy that a reference names; None where it is a study."""
    if is_path(reference):
        document = open_document(reference)
        return None if "levers" in document.data or "policy" in document.data else load_policy(reference)
    if reference in policy_names():
        return load_policy(reference)
    known = [*study_names(), *policy_names()]
    message = f"unknown study or policy{hint(reference, known, 'studies and policies')}"
    raise DocumentError([Problem(reference, None, "", message)])


def _drafted(policy: Policy, reference: str, question: Question) -> Study:
    """Return a study of a policy on a small budget."""
    try:
        drafted = draft_study(policy, reference, question.scenarios or ("baseline",))
    except ValueError as fault:
        raise DocumentError([Problem(reference, None, "", str(fault))]) from None
    return drafted.with_({f"{part}.{key}": value for part, keys in SMALL.items() for key, value in keys.items()})


def _changed(study: Study, incumbent: Policy, question: Question) -> Study:
    """Return the study as the question changes it."""
    problems: list[Problem] = []
    data = notation_of(study)
    levers, fixed = _moved(study, incumbent, question, problems)
    data["levers"], data["fixed"] = levers, fixed
    if question.maximise or question.minimise:
        wanted = [("maximise", question.maximise), ("minimise", question.minimise)]
        both = {kpi for kpi in question.maximise if kpi in question.minimise}
        problems += [Problem("--minimise", None, kpi, "is to be maximised too; say one of both") for kpi in both]
        aims = data["objectives"]
        data["objectives"] = {
            kpi: {**aims.get(kpi, {}), "direction": way} for way, kpis in wanted for kpi in kpis
        }  # fmt: skip
    data["constraints"] = _limited(data["constraints"], question.keep, problems)
    if question.shoppers is not None:
        data["shoppers"] = question.shoppers
    if problems:
        raise DocumentError(problems)
    try:
        return model_from(Study, Document(study.name, data, {}))
    except DocumentError as error:
        raise _told_by_option(error, study.name) from None


def _moved(
    study: Study, incumbent: Policy, question: Question, problems: list[Problem]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return levers and fixed values in file notation, as `--fix` and `--free` leave them; note what is wrong."""
    levers: dict[str, Any] = notation_of(study)["levers"]
    fixed: dict[str, Any] = {address: as_written(level) for address, level in study.fixed.items()}
    freed = _freed(study.levers, incumbent, question.free, problems)
    if freed:
        ties = {address: lever for address, lever in levers.items() if _rests_on(address, study.levers, freed)}
        levers = {**freed, **ties}
        fixed = {address: value for address, value in fixed.items() if address not in freed}
    for text in question.fix:
        address, given, value = (part.strip() for part in text.partition("="))
        if not _is_known(address, incumbent, FIX, problems):
            continue
        if address in freed:
            problems.append(Problem(FIX, None, address, "is to be free too; say one of both"))
        levers.pop(address, None)
        fixed.pop(address, None)
        if given:
            fixed[address] = _typed(value)
        for other in [one for one, lever in study.levers.items() if lever.tied_to == address and one in levers]:
            level = level_of(fixed.get(address, incumbent.value_at(address)))
            if level is not None:
                levers.pop(other)
                fixed[other] = as_written(study.levers[other].tied_value(level))
    if not levers and not problems:
        problems.append(Problem(FIX, None, "", "nothing is left that may vary; fix less, or free something"))
    return levers, fixed


def _freed(
    levers: Mapping[str, Lever], incumbent: Policy, free: Sequence[str], problems: list[Problem]
) -> dict[str, Any]:
    """Return the levers that are freed, in file notation: with the range typed, the study's, or a drafted one."""
    found: dict[str, Any] = {}
    bare = [text.strip() for text in free if "=" not in text]
    drafted = draft_levers(incumbent, [one for one in bare if one not in levers]) if bare else {}
    for text in free:
        address, given, values = (part.strip() for part in text.partition("="))
        if not _is_known(address, incumbent, FREE, problems):
            continue
        lever = levers.get(address)
        if given:
            found[address] = _range(values)
        elif lever is not None and lever.tied_to is not None:
            problems.append(Problem(FREE, None, address, f"moves with {lever.tied_to}; free that, or give a range"))
        elif lever is not None or address in drafted:
            found[address] = notation_of(lever or drafted[address])
        else:
            wanted = f"write a range, such as {FREE} {address}=FROM:TO:STEP, or {address}=VALUE,VALUE"
            problems.append(Problem(FREE, None, address, f"has no range of its own in this policy; {wanted}"))
    return found


def _is_known(address: str, incumbent: Policy, option: str, problems: list[Problem]) -> bool:
    try:
        incumbent.value_at(address)
    except DocumentError as error:
        problems.append(Problem(option, None, address, error.problems[0].message))
        return False
    return True


def _rests_on(address: str, levers: Mapping[str, Lever], freed: Mapping[str, Any]) -> bool:
    """Return whether a lever that is not freed itself is tied to one that is, perhaps through others."""
    base = levers[address].tied_to
    return address not in freed and base is not None and (base in freed or _rests_on(base, levers, freed))


def _range(values: str) -> dict[str, Any]:
    """Return a lever in file notation from `FROM:TO:STEP` or `VALUE,VALUE`; what is wrong with it the study tells."""
    if ":" in values:
        keys = ("low", "high", "step")
        return {key: _typed(part) for key, part in zip(keys, values.split(":", 2), strict=False)}
    return {"choices": [_typed(part) for part in values.split(",")]}


def _typed(text: str) -> Any:
    """Return a typed value in file notation: a number, true or false, else the text."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if number == number.to_integral_value() and abs(number) < 10**15 else number


def _limited(written: Mapping[str, Any], keep: Sequence[str], problems: list[Problem]) -> dict[str, Any]:
    """Return the constraints with those of `--keep` in their places."""
    found = {kpi: {key: value for key, value in limit.items() if value is not None} for kpi, limit in written.items()}
    for text in keep:
        match = _LIMIT.fullmatch(text.strip())
        if match is None:
            problems.append(Problem(KEEP, None, "", f"'{text}' cannot be read; {KEEP_SYNTAX}"))
            continue
        side = "at_least" if match["relation"] in (">=", "at least") else "at_most"
        limit = {**found.get(match["kpi"], {}), side: _typed(match["limit"])}
        if match["probability"]:
            limit["probability"] = match["probability"]
        found[match["kpi"]] = limit
    return found


def _told_by_option(error: DocumentError, name: str) -> DocumentError:
    """Return the faults of a changed study under the options that changed it."""
    own = (name, f"{name} (changed)")
    return DocumentError([
        Problem(OPTIONS[section], None, rest, one.message)
        if one.file in own and (section := one.field.partition(".")[0]) in OPTIONS
        and (rest := one.field.partition(".")[2]) is not None else one
        for one in error.problems
    ])  # fmt: skip
