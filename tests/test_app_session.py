"""What one tab of the what-if page holds and how its work is ordered: no browser, and a laboratory of paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable

import pytest

from memberlab.app import MOST_UPLOADED, UploadError, uploaded_document, uploaded_scenario
from memberlab.app.desk import Desk, Doing
from memberlab.app.documents import command_of
from memberlab.app.session import Session, World
from memberlab.optimize import Cancelled, Figure, FullComparison, PairedFigures, Stage
from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.scenarios import load_scenario


def figures_of(variant: Policy) -> PairedFigures:
    """Return figures in which the margin is the variant's delivery fee."""
    names = ("margin", "gmv", "retention")
    rows = tuple(
        Figure(one, one, "money", 0, variant.shipping.fee, variant.shipping.fee, -1, 1, True, "") for one in names
    )
    return PairedFigures("today", variant.name, "baseline", "CNY", 10, 20, 24, rows, (), 0.01)


class PaperLaboratory:
    """Answers when its gates are open, and notes what it was asked."""

    def __init__(self) -> None:
        self.previewed: list[int] = []
        self.lived: list[int] = []
        self.ended = 0
        self.gate, self.preview_gate = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.preview_gate.set()

    async def preview(
        self, person: Hashable, world: World, variant: Policy, compiling: Callable[[], None]
    ) -> PairedFigures:
        self.previewed.append(variant.shipping.fee)
        await self.preview_gate.wait()
        return figures_of(variant)

    async def full(
        self, person: Hashable, world: World, variant: Policy, told: Callable[[Stage], None]
    ) -> FullComparison:
        self.lived.append(variant.shipping.fee)
        try:
            told(Stage(1, 2))
            await self.gate.wait()
        except asyncio.CancelledError:
            self.ended += 1
            raise
        raise Cancelled("of paper")

    async def documents(self, person: Hashable, world: World, variant: Policy, told: Callable[[Stage], None]) -> object:
        raise NotImplementedError

    def leave(self, person: Hashable) -> None:
        return


def test_a_burst_of_movements_is_previewed_by_its_last_and_lived_once_at_rest() -> None:
    async def play() -> tuple[PaperLaboratory, Session]:
        laboratory, session = PaperLaboratory(), Session()
        desk = Desk(session, laboratory, lambda: None, rest=0)  # type: ignore[arg-type]
        laboratory.preview_gate.clear()
        for fee in (11, 12, 13, 14, 30):
            assert session.move("shipping.fee", fee)
            desk.moved(rests=fee == 30)
            await asyncio.sleep(0)
        laboratory.preview_gate.set()
        while not laboratory.lived:
            await asyncio.sleep(0)
        return laboratory, session

    laboratory, session = asyncio.run(play())
    assert laboratory.previewed == [1100, 3000]
    assert laboratory.lived == [3000]
    assert session.preview is not None
    assert session.preview.figure("margin").variant == 3000


def test_a_movement_ends_full_figures_and_so_does_leaving() -> None:
    async def play() -> tuple[PaperLaboratory, list[Doing]]:
        laboratory, session, seen = PaperLaboratory(), Session(), list[Doing]()
        laboratory.gate.clear()
        desk = Desk(session, laboratory, lambda: seen.append(desk.state.doing), rest=0)  # type: ignore[arg-type]
        desk.moved()
        while len(laboratory.lived) < 1:
            await asyncio.sleep(0)
        assert desk.state.doing is Doing.LIVING
        session.move("shipping.fee", 15)
        desk.moved()
        while len(laboratory.lived) < 2:
            await asyncio.sleep(0)
        desk.close()
        while laboratory.ended < 2:
            await asyncio.sleep(0)
        return laboratory, seen

    laboratory, seen = asyncio.run(play())
    assert laboratory.lived == [1000, 1500]
    assert laboratory.ended == 2
    assert Doing.LIVING in seen


def test_a_wrong_value_keeps_the_last_good_variant() -> None:
    session = Session()
    assert session.move("shipping.fee", 12)
    good = session.variant
    assert not session.move("tiers.silver.threshold", 99_999)
    assert session.variant is good
    assert "1500 is below silver's 99999" in session.faults["tiers.silver.threshold"]
    assert not session.move("shipping.fee", "a lot")
    assert session.move("tiers.silver.threshold", 600) is False  # the fee is still wrong, and still said
    assert session.move("shipping.fee", 10)
    assert session.faults == {}
    assert session.changes == {}
    assert not session.is_changed


def test_the_variant_is_written_with_the_comments_of_its_file() -> None:
    session = Session()
    session.move("tiers.gold.discount", "9 %")
    text = session.variant_text()
    assert "name: four-tiers-simple-what-if" in text
    assert "discount: 9 %   # assumed" in text


def test_another_currency_is_refused_and_a_scenario_in_it_brings_its_own_policy() -> None:
    session = Session()
    with pytest.raises(DocumentError, match="choose a scenario in USD"):
        session.load(load_policy("us-delivery-only"))
    assert session.start.name == "four-tiers-simple"
    session.enter(load_scenario("us-marketplace"))
    assert session.scenario.currency == "USD"
    assert session.variant.currency in (None, "USD")
    assert session.start.name == session.incumbent.name


def test_going_to_a_point_takes_its_world_along_and_pins_go_back() -> None:
    session = Session()
    with pytest.raises(ValueError, match="no figures yet"):
        session.pin()
    session.preview = figures_of(session.variant)
    assert [session.pin().name, session.pin().name] == ["four-tiers-simple", "four-tiers-simple (2)"]
    incumbent = load_policy("jd-plus")
    point = incumbent.with_({"membership.fee": 149, "name": "point-7"})
    session.go_to(load_scenario("recession"), incumbent, point)
    assert (session.scenario.name, session.incumbent.name, session.variant.name) == ("recession", "jd-plus", "point-7")
    world = session.pins[0].world
    session.go_to(world.scenario, world.incumbent, session.pins[0].policy)
    assert session.held_against is None
    assert session.scenario.name == "baseline"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "version: 1\nname: w\nextends: /etc/passwd.yaml\n",
            "world.yaml:3 extends: '/etc/passwd.yaml' is a file of yours",
        ),
        ("version: 1\nname: w\nextends: baseline\nincumbent: ../secret.yaml\n", "is a file of yours"),
        ("version: 1\nname: w\nextends: baseline\npopulation: {source: x/y.yaml}\n", "is a file of yours"),
        ("version: 1\nname: w\nextends: baseline\npopulation: {members: {file: members}}\n", "is a file of yours"),
        ("version: 1\nname: w\nextends: baseline\npopulation: {shoppers: 5000000}\n", "5,000,000 are more"),
        ("version: 1\nname: w\nextends: basline\n", "did you mean 'baseline'"),
        ("name: [\n", "world.yaml:2"),
    ],
)
def test_a_scenario_from_a_browser_names_nothing_of_the_server(text: str, says: str) -> None:
    with pytest.raises(UploadError) as fault:
        uploaded_scenario("C:\\fakepath\\world.yaml", text.encode())
    assert says in str(fault.value)
    assert "/tmp" not in str(fault.value).replace("'/etc", "")


def test_a_good_scenario_is_taken() -> None:
    found = uploaded_scenario("w.yaml", b"version: 1\nname: w\nextends: baseline\nshipping_cost: 9\n")
    assert (found.name, found.shipping_cost) == ("w", 900)


def test_the_size_is_asked_of_the_server_too() -> None:
    with pytest.raises(UploadError, match=r"the most that may be sent is 256,000"):
        uploaded_document(Policy, "../../large.yaml", b"#" * (MOST_UPLOADED + 1))
    with pytest.raises(UploadError, match=r"^name\.yaml: "):
        uploaded_document(Policy, "<b>\x00/name.yaml", b"")


def test_documents_name_the_command_that_repeats_them() -> None:
    today = load_policy("four-tiers-simple")
    words = command_of(today, today.with_({"name": "mine"}), load_scenario("baseline"), 2)
    assert " ".join(words) == (
        "memberlab compare four-tiers-simple mine.yaml --scenario baseline --incumbent four-tiers-simple "
        "--shoppers 10000 --replications 2"
    )
