"""What can be taken away: the variant as YAML, the report of the comparison, and the workbook for finance.

Serves the page. Report and workbook need the books of a comparison, which are lived once for both when one is asked
for; a moved lever makes them stale.
"""

from __future__ import annotations

import asyncio

from nicegui import ui

from memberlab.optimize import Cancelled, Stage
from memberlab.policies import DocumentError, Policy

from .desk import Laboratory
from .documents import Documents
from .elements import Button, heading, raw
from .messages import Messages
from .session import Session, World

TITLES = {"en": "Report (HTML)", "zh": "报告 (HTML)", "xlsx": "Workbook (Excel)"}
TYPES = {"en": "text/html", "zh": "text/html",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


class DownloadPanel:
    """Buttons of one tab."""

    def __init__(self, session: Session, laboratory: Laboratory, messages: Messages) -> None:
        self.session, self.laboratory, self.messages = session, laboratory, messages
        self._made: tuple[World, Policy, Documents] | None = None
        self._work: asyncio.Task[None] | None = None
        with ui.element("section").classes("card").props('aria-label="Take away" id=downloads'):
            heading("Take away")
            with ui.element("div").classes("actions"):
                Button("Policy (YAML)", self._policy)
                self._buttons = [
                    Button(title, lambda kind=kind: self._ask(kind)).props("lang=zh" if kind == "zh" else "")
                    for kind, title in TITLES.items()
                ]
                self._stop = Button("Stop", self.close, "plain", "Stop writing documents").classes("unseen")
            self._told = raw("", "quiet").props("role=status")
            self._tell("Report and workbook are lived with all shoppers, books and tables, when one is asked for.")

    def close(self) -> None:
        """End what is being written."""
        if self._work is not None:
            self._work.cancel()

    def _tell(self, text: str) -> None:
        self._told.set_content(f"<p>{text}</p>")

    def _policy(self) -> None:
        policy = self.session.named_variant
        try:
            text = self.session.variant_text()
        except DocumentError as fault:
            self.messages.say(str(fault))
            return
        ui.download.content(text, f"{policy.name}.yaml", "application/yaml")

    def _ask(self, kind: str) -> None:
        world, variant = self.session.world, self.session.named_variant
        if self._made is not None and self._made[:2] == (world, variant):
            self._hand_over(kind, variant, self._made[2])
        elif self._work is None:
            self._work = asyncio.create_task(self._write(kind, world, variant))

    async def _write(self, kind: str, world: World, variant: Policy) -> None:
        self._busy(True)
        self._tell("Being written: shoppers live both policies with their books.")
        try:
            made = await self.laboratory.documents(self, world, variant, self._follow)
            self._made = (world, variant, made)
            self._tell(f"Written for {variant.name} against {world.incumbent.name}.")
            with self._told:
                self._hand_over(kind, variant, made)
        except (Cancelled, asyncio.CancelledError):
            self._tell("Stopped.")
        except DocumentError as fault:
            self._tell("")
            self.messages.say(str(fault))
        except Exception as fault:
            self._tell("")
            self.messages.say(f"The documents could not be written: {fault}")
            raise
        finally:
            self._work = None
            self._busy(False)

    def _follow(self, stage: Stage) -> None:
        step = " Rules are being compiled, once for this shape of policy." if stage.is_compiling else ""
        self._tell(f"Being written: step {stage.done} of {stage.planned}.{step}")

    def _hand_over(self, kind: str, variant: Policy, made: Documents) -> None:
        content = made.workbook if kind == "xlsx" else made.reports[kind]
        ending = {"en": "report.html", "zh": "report-zh.html", "xlsx": "workbook.xlsx"}[kind]
        ui.download.content(content, f"{variant.name}-{ending}", TYPES[kind])

    def _busy(self, is_busy: bool) -> None:
        for button in self._buttons:
            button.allow(not is_busy)
        self._stop.classes(remove="unseen") if is_busy else self._stop.classes("unseen")
