"""The front of a search: its points as a picture and a table, each with a button that loads it into the levers.

Serves the page. Searches are those named on the command line, which are read already, and those of the run store, which
are read when they are chosen; one that cannot be read is told in a message, and what is shown stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path

from nicegui import ui

from memberlab.policies import DocumentError
from memberlab.results import KPIS, written_difference

from .elements import Button, Choice, heading, raw
from .front_picture import front_picture
from .fronts import Front, FrontPoint, Search, read_front, stored_searches
from .messages import Messages
from .session import Session
from .top_bar import Attempt

NONE = ""
"""Choice of no search."""

NOTHING_YET = (
    '<p class="quiet">There is no search below the folder in which the page was started. '
    "<code>memberlab optimize --out DIR</code> writes one, and <code>memberlab app DIR</code> names one elsewhere; "
    "points of its Pareto front can then be loaded into the levers.</p>"
)


class FrontPanel:
    """The searches that may be opened."""

    def __init__(
        self, session: Session, named: Sequence[tuple[Path, Front]], attempt: Attempt, messages: Messages
    ) -> None:
        self.session, self.attempt, self.messages = session, attempt, messages
        self._named = named
        self._stored: list[Search] = []
        self._chosen = "0" if named else NONE
        with ui.element("section").classes("card front").props('aria-label="Search results" id=front'):
            heading("Points of a search")
            with ui.element("div").classes("actions ends"):
                self._choice = Choice("Search", {}, self._chosen, self._choose)
                Button("Look again", self.look, spoken="Look for searches again")
            self._told = raw()
            self._place = ui.element("div")
        self._list(has_looked=False)
        if named:
            self._show(named[0][1])

    async def look(self) -> None:
        """List the searches of the run store as they are now."""
        before = self._folder_chosen()
        self._stored = await asyncio.to_thread(stored_searches, [folder for folder, _ in self._named])
        places = [folder for folder, _ in self._named] + [one.folder for one in self._stored]
        self._chosen = str(places.index(before)) if before in places else NONE
        if self._chosen == NONE:
            self._place.clear()
        self._list()

    def _folder_chosen(self) -> Path | None:
        if self._chosen == NONE:
            return None
        number = int(self._chosen) - len(self._named)
        return self._named[int(self._chosen)][0] if number < 0 else self._stored[number].folder

    def _list(self, *, has_looked: bool = True) -> None:
        titles = [front.title for _, front in self._named] + [one.title for one in self._stored]
        options = {str(number): title for number, title in enumerate(titles)}
        self._choice.show(
            {NONE: "Choose a search" if titles or not has_looked else "None yet", **options}, self._chosen
        )
        self._told.set_content("" if titles or not has_looked else NOTHING_YET)

    async def _choose(self, number: str) -> None:
        count = len(self._named)
        if number == NONE:
            self._chosen = NONE
            self._place.clear()
        elif number.isdecimal() and int(number) < count + len(self._stored):
            try:
                at = int(number)
                front = (
                    self._named[at][1]
                    if at < count
                    else await asyncio.to_thread(read_front, self._stored[at - count].folder)
                )
            except DocumentError as fault:
                self.messages.say(str(fault))
            else:
                self._chosen = number
                self._show(front)
        self._list()

    def _show(self, front: Front) -> None:
        self._place.clear()
        with self._place:
            raw(front_picture(front))
            table = ui.element("div").classes("wide").props('tabindex=0 role=region aria-label="Points of the search"')
            with table, ui.element("table"):
                with ui.element("thead"), ui.element("tr"):
                    _cell("", "td")
                    _cell("Policy", "th")
                    for aim in front.aims:
                        _cell(KPIS[aim].title, "th", "number")
                with ui.element("tbody"):
                    for point in front.points:
                        self._row(front, point)
            worlds = ", ".join(scenario.name for scenario, _ in front.worlds)
            raw(f'<p class="quiet">Differences from {escape(front.incumbent.name)}, mean over {escape(worlds)}, on '
                "populations that the search never used. Filled points are on the front. "
                f"{escape(front.note)}</p>")  # fmt: skip

    def _row(self, front: Front, point: FrontPoint) -> None:
        with ui.element("tr"):
            with ui.element("td"):
                Button("Load", partial(self._load, front, point), spoken=f"Load {point.policy.name} into the levers")
            _cell(f"{point.policy.name} ({point.role}{'' if point.is_feasible else ', breaks a limit'})", "th")
            for aim in front.aims:
                _cell(written_difference(KPIS[aim], point.differences[aim]), "td", "number")

    def _load(self, front: Front, point: FrontPoint) -> None:
        scenario, population = front.worlds[0]
        session = self.session

        def go() -> None:
            session.go_to(scenario, front.incumbent, point.policy, population)
            session.own_policies[point.policy.name] = point.policy
            session.own_scenarios[scenario.name] = scenario

        self.attempt(go)


def _cell(text: str, tag: str, classes: str = "") -> None:
    ui.html(escape(text), sanitize=False, tag=tag).classes(classes)
