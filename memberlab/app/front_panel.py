"""The front of a search: its points as a picture and a table, each with a button that loads it into the levers.

Serves the page. There is nothing to see where no search was named on the command line.
"""

from __future__ import annotations

from functools import partial
from html import escape

from nicegui import ui

from memberlab.results import KPIS, written_difference

from .elements import Button, Choice, heading, raw
from .fronts import Front, FrontPoint, Fronts, front_picture
from .session import Session
from .top_bar import Attempt


class FrontPanel:
    """The searches that may be opened."""

    def __init__(self, session: Session, fronts: Fronts, attempt: Attempt) -> None:
        self.session, self.fronts, self.attempt = session, fronts, attempt
        with ui.element("section").classes("card front").props('aria-label="Search results" id=front'):
            heading("Points of a search")
            if not fronts:
                raw('<p class="quiet">Start the page with the folder of a search, <code>memberlab app DIR</code>, to '
                    "load points of its Pareto front into the levers.</p>")  # fmt: skip
                return
            if len(fronts) > 1:
                options = {str(number): front.title for number, front in enumerate(fronts)}
                Choice("Search", options, "0", self._choose)
            self._place = ui.element("div")
        self._show(fronts[0])

    def _choose(self, number: str) -> None:
        if number.isdigit() and int(number) < len(self.fronts):
            self._show(self.fronts[int(number)])

    def _show(self, front: Front) -> None:
        self._place.clear()
        with self._place:
            raw(front_picture(front))
            table = ui.element("div").classes("wide").props('tabindex=0 role=region aria-label="Points of the search"')
            with table, ui.element("table"):
                with ui.element("thead"), ui.element("tr"):
                    _cell("Policy", "th")
                    for aim in front.aims:
                        _cell(KPIS[aim].title, "th", "number")
                    _cell("", "td")
                with ui.element("tbody"):
                    for point in front.points:
                        self._row(front, point)
            worlds = ", ".join(scenario.name for scenario, _ in front.worlds)
            raw(f'<p class="quiet">Differences from {escape(front.incumbent.name)}, mean over {escape(worlds)}, on '
                "populations that the search never used. Filled points are on the front. "
                f"{escape(front.note)}</p>")  # fmt: skip

    def _row(self, front: Front, point: FrontPoint) -> None:
        with ui.element("tr"):
            _cell(f"{point.policy.name} ({point.role}{'' if point.is_feasible else ', breaks a limit'})", "th")
            for aim in front.aims:
                _cell(written_difference(KPIS[aim], point.differences[aim]), "td", "number")
            with ui.element("td"):
                Button("Load", partial(self._load, front, point), spoken=f"Load {point.policy.name} into the levers")

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
