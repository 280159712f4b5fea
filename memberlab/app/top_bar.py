"""The head of the page: which policy, in which scenario, held against what; uploads; light or dark.

Serves the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nicegui import events, ui

from memberlab.policies import Policy, load_policy, policy_names
from memberlab.scenarios import load_scenario, scenario_names

from .elements import Button, Choice, heading
from .session import OWN_INCUMBENT, Session
from .uploads import MOST_UPLOADED, uploaded_document, uploaded_scenario

LOADED = "*"
"""Value of the choice for the policy that is in the levers, where no list has it."""

THEMES = {None: "Theme: as the system", False: "Theme: light", True: "Theme: dark"}


class Attempt(Protocol):
    """Does something to a session and tells why it cannot be done."""

    def __call__(self, act: Callable[[], object], *, reloads: bool = True) -> bool:
        """Return whether it could be done."""
        ...


class TopBar:
    """Choices and uploads of one tab."""

    def __init__(self, session: Session, attempt: Attempt) -> None:
        self.session, self.attempt = session, attempt
        with ui.element("header").classes("top"):
            heading("What if?", 1)
            self._policy = Choice("Policy in the levers", {}, "", self._choose_policy)
            with self._policy:
                self._add_upload("policy", self._take_policy)
            self._scenario = Choice("Scenario", {}, "", self._choose_scenario)
            with self._scenario:
                self._add_upload("scenario", self._take_scenario)
            self._against = Choice("Held against", {}, "", self._choose_incumbent)
            with ui.element("div").classes("end"):
                self._dark = ui.dark_mode(None)
                self._theme = Button(THEMES[None], self._turn_theme)

    def show(self) -> None:
        """Show what the session holds now."""
        session = self.session
        policies = self._policies()
        self._policy.show(policies, session.start.name)
        names = [*dict.fromkeys([*session.own_scenarios, *scenario_names()])]
        self._scenario.show({name: name for name in names}, session.scenario.name)
        own = {OWN_INCUMBENT: f"{_short(session.scenario.incumbent)} (the scenario's own)"}
        held = session.held_against
        others = {name: text for name, text in policies.items() if name != session.scenario.incumbent}
        if held is not None and held.name not in others:
            others = {held.name: held.name, **others}
        self._against.show({**own, **others}, OWN_INCUMBENT if held is None else held.name)

    def _policies(self) -> dict[str, str]:
        session = self.session
        own = {name: f"{name} (yours)" for name in session.own_policies}
        there = {**own, **{name: name for name in policy_names() if name not in own}}
        return there if session.start.name in there else {session.start.name: session.start.name, **there}

    def _policy_named(self, name: str) -> Policy:
        session = self.session
        if name in session.own_policies:
            return session.own_policies[name]
        for held in (session.start, session.held_against):
            if held is not None and held.name == name and name not in policy_names():
                return held
        return load_policy(name if name in policy_names() else FIRST_UNKNOWN)

    def _choose_policy(self, name: str) -> None:
        self.attempt(lambda: self.session.load(self._policy_named(name), self.session.own_texts.get(name, "")))

    def _choose_scenario(self, name: str) -> None:
        own = self.session.own_scenarios.get(name)
        self.attempt(
            lambda: self.session.enter(own or load_scenario(name if name in scenario_names() else FIRST_UNKNOWN))
        )

    def _choose_incumbent(self, name: str) -> None:
        chosen = None if name == OWN_INCUMBENT else name
        self.attempt(lambda: self.session.hold_against(None if chosen is None else self._policy_named(chosen)))

    def _add_upload(self, kind: str, take: Callable[[str, bytes], None]) -> None:
        async def receive(event: events.UploadEventArguments) -> None:
            content = await event.file.read()
            self.attempt(lambda: take(event.file.name, content))
            place.reset()

        def refuse() -> None:
            self.attempt(_raise_too_large)
            place.reset()

        place = ui.upload(on_upload=receive, on_rejected=refuse, max_file_size=MOST_UPLOADED, auto_upload=True,
                          label=f"Upload a {kind}")  # fmt: skip
        place.classes("unseen").props(f"data-upload={kind}").on("failed", refuse, args=[])
        Button("Upload", spoken=f"Upload a {kind} file (YAML)").on(
            "click", js_handler=f"() => getElement({place.id}).$refs.qRef.pickFiles()"
        )

    def _take_policy(self, name: str, content: bytes) -> None:
        policy = uploaded_document(Policy, name, content)
        text = content.decode()
        self.session.load(policy, text)
        self.session.own_policies[policy.name], self.session.own_texts[policy.name] = policy, text

    def _take_scenario(self, name: str, content: bytes) -> None:
        scenario = uploaded_scenario(name, content)
        self.session.enter(scenario)
        self.session.own_scenarios[scenario.name] = scenario

    def _turn_theme(self) -> None:
        order = list(THEMES)
        after = order[(order.index(self._dark.value) + 1) % len(order)]
        self._dark.set_value(after)
        self._theme.set_text(THEMES[after])


FIRST_UNKNOWN = "none"
"""A name that no catalogue has, in place of one that a browser made up: it might be a path."""


def _raise_too_large() -> None:
    raise ValueError(f"The file is larger than {MOST_UPLOADED:,} bytes, or no file; nothing was changed.")


def _short(reference: str) -> str:
    """Return a name, or the last part of a path without its ending."""
    return reference.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml").removesuffix(".yml")
