"""Policies: the presets that ship, the rules of each benefit, and loading by name or path."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from memberlab.policies import (
    Catalogue,
    DocumentError,
    Expiry,
    Membership,
    Policy,
    Shipping,
    Tier,
    load_model_text,
    load_policy,
    policy_names,
)

PRESETS = Path(__file__).parent.parent / "policies" / "presets"

TIER_KEYS = ", ".join(Tier.model_fields)


def policy(text: str) -> Policy:
    return load_model_text(Policy, f"name: plan\ncurrency: CNY\n{text}", "plan.yaml")


class TestPresets:
    def test_these_ship(self) -> None:
        assert set(policy_names()) > {"four-tiers-simple", "jd-plus", "no-programme"}  # all of them: test_presets.py

    @pytest.mark.parametrize("name", policy_names())
    def test_each_is_named_as_its_file_and_tells_its_source(self, name: str) -> None:
        loaded = load_policy(name)
        assert loaded.name == name
        assert loaded.title and loaded.description and loaded.source
        assert "assumed" in (PRESETS / f"{name}.yaml").read_text(encoding="utf-8") or name == "no-programme"

    def test_no_programme_promises_nothing_in_any_currency(self) -> None:
        assert load_policy("no-programme").with_({"title": "", "description": "", "source": ""}) == Policy(
            name="no-programme"
        )

    def test_four_tier_fashion(self) -> None:
        fashion = load_policy("four-tiers-simple")
        assert fashion.shipping == Shipping.model_validate({"fee": 10, "free_from": 199})
        assert [
            (name, tier.threshold, tier.discount, tier.earn_multiplier) for name, tier in fashion.tiers.items()
        ] == [
            ("ordinary", 0, 0, 100),
            ("silver", 60_000, 200, 120),
            ("gold", 150_000, 400, 150),
            ("diamond", 400_000, 600, 200),
        ]
        assert [tier.free_shipping for tier in fashion.tiers.values()] == [False, True, True, True]
        points = fashion.points
        assert points is not None
        assert (points.earn.points, points.earn.per) == (1, 100)  # 1 point per yuan
        assert (points.redeem.points, points.redeem.value) == (1000, 1000)  # 1000 points = 10 yuan
        assert points.expiry == Expiry(months=12)

    def test_jd_plus(self) -> None:
        plus = load_policy("jd-plus")
        assert plus.membership == Membership.model_validate(
            {"fee": 149, "earn_multiplier": 2, "free_shipping": True, "points_cap": {"points": 50_000, "per": "year"}}
        )
        assert plus.membership.fee == 14_900
        assert plus.shipping == Shipping.model_validate({"fee": 6, "free_from": 59})
        points = plus.points
        assert points is not None
        assert (points.redeem.points, points.redeem.value, points.minimum) == (100, 100, 500)
        rebate = Decimal(points.earn.points * points.redeem.value * plus.membership.earn_multiplier) / (
            points.earn.per * points.redeem.points * 100
        )
        assert Decimal("0.005") <= rebate <= Decimal("0.03")  # published range, 2023


class TestLoading:
    def test_a_path_is_a_path(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.yaml"
        path.write_text("name: mine\n", encoding="utf-8")
        assert load_policy(path) == load_policy(str(path)) == Policy(name="mine")

    def test_a_path_object_needs_no_suffix(self, tmp_path: Path) -> None:
        path = tmp_path / "mine"
        path.write_text("name: mine\n", encoding="utf-8")
        assert load_policy(path).name == "mine"

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            (
                "jdplus",
                rf"^jdplus: unknown policy, did you mean 'jd-plus'\? Known: {', '.join(policy_names())}$",
            ),
            ("zzz", rf"^zzz: unknown policy; known: {', '.join(policy_names())}$"),
            ("", r"^'': unknown policy; known: "),
            ("../jd-plus", r"^\.\./jd-plus: unknown policy, did you mean 'jd-plus'\?"),
            ("none.yaml", r"^none\.yaml: no such file"),
            ("NONE.YML", r"^NONE\.YML: no such file"),
        ],
    )
    def test_an_unknown_name_lists_what_exists(self, name: str, message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            load_policy(name)

    def test_a_file_or_folder_without_suffix_is_pointed_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("mine").touch()
        Path("ours").mkdir()
        with pytest.raises(DocumentError, match=r"there is a file of this name: a path must end in \.yaml or \.yml$"):
            load_policy("mine")
        with pytest.raises(DocumentError, match=r"there is a folder of this name: a path must end in \.yaml or \.yml$"):
            load_policy("ours")

    def test_an_empty_catalogue_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=r"^gold: unknown plan; known: none$"):
            Catalogue("plan", Policy, tmp_path).load("gold")


TIER_KEYS = ", ".join(Tier.model_fields)


class TestTiers:
    def test_any_script_may_name_a_tier_and_the_file_gives_the_order(self) -> None:
        ladder = policy("tiers: {普通: {threshold: 0}, 银卡: {threshold: 600}, null: {threshold: 600.01}}\n").tiers
        assert list(ladder) == ["普通", "银卡", "null"]
        assert ladder["银卡"] == Tier.model_validate({"threshold": 600})

    @pytest.mark.parametrize(
        ("ladder", "messages"),
        [
            ("{a: {threshold: 0}}", ["tiers: 1 tier is no ladder; write 2 to 8 tiers, or none"]),
            (
                "{" + ", ".join(f"t{n}: {{threshold: {n}}}" for n in range(9)) + "}",
                ["tiers: 9 tiers are no ladder; write 2 to 8 tiers, or none"],
            ),
            (
                "{a: {threshold: 5}, b: {threshold: 5}, c: {threshold: 4.99}}",
                [
                    "tiers.a.threshold: 5 is not 0; the first tier is everybody's, write 0",
                    "tiers.b.threshold: 5 is equal to a's 5; write more than 5, or put the tiers in rising order",
                    "tiers.c.threshold: 4.99 is below b's 5; write more than 5, or put the tiers in rising order",
                ],
            ),
            (
                "{a: {}, b: {threshold: 10, discount: 100 %}, c: {threshold: x}, d: {threshold: 1}}",
                [
                    "tiers.a.threshold: missing; this key is required",
                    "tiers.b.discount: 100 % is above 99.99 %; write 99.99 % or less",
                    "tiers.c.threshold: 'x' is not a number; write for example 149 or 149.50",
                    "tiers.d.threshold: 1 is below b's 10; write more than 10, or put the tiers in rising order",
                ],
            ),
            ("[a, b]", ["tiers: a list is not a section; write 'key: value' lines below it, indented"]),
            ("gold", ["tiers: 'gold' is not a section; write 'key: value' lines below it, indented"]),
            (
                "{a: 0, b: 5}",
                [
                    f"tiers.a: 0 is not a section; write the keys {TIER_KEYS} below it, indented",
                    f"tiers.b: 5 is not a section; write the keys {TIER_KEYS} below it, indented",
                ],
            ),
            (
                "{a.b: {threshold: 0}, '': {threshold: 1}}",
                [
                    "tiers: a key is empty; write its name before the colon",
                    "tiers.a.b: 'a.b' is not a label; write 1 to 40 printable characters that begin with a letter, "
                    "without dots or spaces",
                    "tiers.: '' is not a label; write 1 to 40 printable characters that begin with a letter, "
                    "without dots or spaces",
                ],
            ),
        ],
    )
    def test_a_ladder_out_of_order_is_refused(self, ladder: str, messages: list[str]) -> None:
        with pytest.raises(DocumentError) as caught:
            policy(f"tiers: {ladder}\n")
        assert [f"{problem.field}: {problem.message}" for problem in caught.value.problems] == messages

    def test_a_ladder_made_in_code_is_checked_too(self) -> None:
        tiers = {"a": Tier(threshold=0), "b": Tier(threshold=0)}
        with pytest.raises(ValidationError, match="0 is equal to a's 0"):
            Policy(name="x", currency="CNY", tiers=tiers)


class TestPoints:
    BASE = "points:\n  earn: {points: 1, per: 1}\n  redeem: {points: 100, value: 1}\n"

    def test_defaults(self) -> None:
        points = policy(self.BASE).points
        assert points is not None
        assert (points.minimum, points.maximum_share, points.expiry, points.expected_redemption) == (
            0,
            10_000,
            None,
            8_000,
        )

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("expiry: {months: 0}", r"points\.expiry\.months: 0 is below 1; write 1 or more"),
            ("expiry: {months: 25}", r"points\.expiry\.months: 25 is above 24; write 24 or less"),
            ("expiry: {months: 1, month: 12}", r"points\.expiry\.month: unknown key 'month', did you mean 'months'\?"),
            ("expiry:", r"points\.expiry: nothing is neither 'never' nor a section; write \{months: 12\}"),
            ("expiry: ever", r"points\.expiry: 'ever' is neither 'never' nor a section; write \{months: 12\}"),
            ("minimum: -1", r"points\.minimum: -1 is negative; write 0 or more"),
            ("minimum: 0.5", r"points\.minimum: 0\.5 is not a whole number of points; write 0 or 1"),
            ("maximum_share: 0.5", r"points\.maximum_share: 0\.5 has no unit; write 0\.5 % or 50 %"),
            ("expected_redemption: 101 %", r"points\.expected_redemption: 101 % is above 100 %; write 100 % or less"),
        ],
    )
    def test_what_is_refused(self, line: str, message: str) -> None:
        with pytest.raises(DocumentError, match=rf"^plan\.yaml:\d {message}"):
            policy(f"{self.BASE}  {line}\n")

    def test_points_never_expire_on_request(self) -> None:
        points = policy(f"{self.BASE}  expiry: never\n").points
        assert points is not None
        assert points.expiry is None

    @pytest.mark.parametrize(("value", "share"), [(1, "100"), (1.5, "150")])
    def test_points_worth_all_that_was_paid_are_refused(self, value: float, share: str) -> None:
        with pytest.raises(
            DocumentError, match=rf"points\.redeem: points give back {share} % of what is paid; write fewer"
        ):
            policy(f"points: {{earn: {{points: 100, per: 1}}, redeem: {{points: 100, value: {value}}}}}\n")


class TestShippingAndMembership:
    def test_free_from(self) -> None:
        assert policy("shipping: {fee: 10}\n").shipping.free_from is None
        assert policy("shipping: {fee: 10, free_from: never}\n").shipping.free_from is None
        assert policy("shipping: {fee: 10, free_from: 0}\n").shipping.free_from == 0
        with pytest.raises(DocumentError, match=r"shipping\.free_from: nothing is given; write a value, or 'never'"):
            policy("shipping: {fee: 10, free_from: }\n")

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("fee: 0", r"membership\.fee: 0 is below 0\.01; write 0\.01 or more"),
            ("fee: 49 CNY", r"membership\.fee: '49 CNY' is not a number; write for example 149 or 149\.50"),
            ("fee: 1, months: 25", r"membership\.months: 25 is above 24; write 24 or less"),
            ("months: 12", r"membership\.fee: missing; this key is required"),
        ],
    )
    def test_what_a_membership_refuses(self, line: str, message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            policy(f"membership: {{{line}}}\n")


class TestCurrency:
    @pytest.mark.parametrize(
        "section",
        [
            "shipping: {fee: 1}",
            "shipping: {free_from: 0}",
            "tiers: {a: {threshold: 0}, b: {threshold: 1}}",
            "points: {earn: {points: 0, per: 1}, redeem: {points: 1, value: 1}}",
            "membership: {fee: broken}",
        ],
    )
    def test_amounts_need_a_currency(self, section: str) -> None:
        name = section.partition(":")[0]
        message = (
            rf"plan\.yaml:1 currency: missing, although there are amounts of money in {name}; write for example CNY"
        )
        with pytest.raises(DocumentError, match=message):
            load_model_text(Policy, f"name: plan\n{section}\n", "plan.yaml")

    def test_no_amounts_need_none(self) -> None:
        text = "name: plan\nmember_discount: 5 %\nshipping: {}\ntiers: {}\npoints:\nmembership: null\n"
        assert load_model_text(Policy, text).currency is None


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_policy("jd-plus").member_discount = 100
