"""Policies in code: changed, looked at, compared and recognised by dotted address, in file notation."""

import pickle
from decimal import Decimal

import pytest

from memberlab.policies import Change, DocumentError, Expiry, Policy, Tier, load_policy, policy_names

FASHION = load_policy("four-tiers-simple")
PLUS = load_policy("jd-plus")


class TestWith:
    def test_values_are_given_as_in_a_file(self) -> None:
        changed = FASHION.with_({"membership.fee": 149, "tiers.gold.discount": "5 %", "shipping.fee": 9.5})
        assert changed.membership is not None
        assert (changed.membership.fee, changed.tiers["gold"].discount, changed.shipping.fee) == (14_900, 500, 950)

    def test_the_original_stays(self) -> None:
        before = FASHION.to_yaml()
        FASHION.with_({"tiers.gold.discount": "5 %", "points": None})
        assert FASHION.to_yaml() == before

    def test_nothing_changed_is_equal(self) -> None:
        assert FASHION.with_({}) == FASHION

    def test_absent_sections_are_opened_and_present_ones_removed(self) -> None:
        assert FASHION.with_({"points.expiry": "never", "membership": None}).membership is None
        never = FASHION.with_({"points.expiry": "never"})
        again = never.with_({"points.expiry.months": 6})
        assert again.points is not None
        assert again.points.expiry == Expiry(months=6)

    def test_tiers_can_be_added_replaced_and_removed(self) -> None:
        assert list(FASHION.with_({"tiers.black": {"threshold": 9000}}).tiers)[-1] == "black"
        assert (
            FASHION.with_({"tiers.gold": Tier.model_validate({"threshold": 2000})}).tiers["gold"].threshold == 200_000
        )
        assert FASHION.with_({"tiers": {}}).tiers == {}

    def test_later_changes_see_earlier_ones(self) -> None:
        changes = {"tiers": {"a": {"threshold": 0}, "b": {"threshold": 5}}, "tiers.b.discount": "1 %"}
        assert FASHION.with_(changes).tiers["b"].discount == 100
        assert changes["tiers"] == {"a": {"threshold": 0}, "b": {"threshold": 5}}  # the caller's own

    @pytest.mark.parametrize(
        ("address", "value", "message"),
        [
            (
                "tiers.glod.discount",
                "5 %",
                r"tiers\.glod\.discount: unknown address, did you mean 'tiers\.gold\.discount'\?",
            ),
            ("tiers.xx.discount", "5 %", r"unknown address; tiers has ordinary, silver, gold, diamond$"),
            ("fee", 1, r"fee: unknown address; the document has version, name, title, "),
            ("expiry.months", 1, r"expiry\.months: unknown address, did you mean 'points\.expiry\.months'\?"),
            ("poinst.expiry.months", 1, r"unknown address, did you mean 'points\.expiry\.months'\?"),
            ("membership.free", 1, r"membership\.free: unknown address, did you mean 'membership\.fee'\?"),
            (
                "points.expiry.weeks",
                1,
                r"points\.expiry\.weeks: unknown address; points\.expiry has months, end_of",
            ),
            ("name.first", 1, r"name\.first: unknown address; name has no keys$"),
            ("", 1, r": unknown address; the document has"),
            (".", 1, r"unknown address; the document has"),
            ("tiers.", {}, r"tiers\.: '' is not a label"),
            ("tiers.gold.discount", 5, r"tiers\.gold\.discount: 5 has no unit; write 5 %$"),
            ("tiers.gold.threshold", 500, r"tiers\.gold\.threshold: 500 is below silver's 600; write more than 600"),
            ("membership.discount", "5 %", r"membership\.fee: missing; this key is required$"),
            ("currency", None, r"currency: missing, although there are amounts of money in shipping, tiers, points;"),
            ("shipping", 3, r"shipping: 3 is not a section; write the keys fee, free_from below it, indented$"),
            ("points.expiry", None, r"points\.expiry: nothing is neither 'never' nor a section; write \{months: 12\}$"),
        ],
    )
    def test_what_is_refused(self, address: str, value: object, message: str) -> None:
        with pytest.raises(DocumentError, match=rf"^four-tiers-simple \(changed\).*{message}"):
            FASHION.with_({address: value})

    def test_all_faults_are_told_at_once(self) -> None:
        with pytest.raises(DocumentError) as unknown:
            FASHION.with_({"a": 1, "b": 2, "tiers.gold.discount": 5})
        assert [problem.field for problem in unknown.value.problems] == ["a", "b"]
        with pytest.raises(DocumentError) as wrong:
            FASHION.with_({"tiers.gold.discount": 5, "shipping.fee": -1})
        assert [problem.field for problem in wrong.value.problems] == ["shipping.fee", "tiers.gold.discount"]


class TestValueAt:
    @pytest.mark.parametrize(
        ("address", "value"),
        [
            ("membership.fee", 149),
            ("membership.free_shipping", True),
            ("points.expiry.months", 24),
            ("points.maximum_share", "100 %"),
            ("shipping", {"fee": 6, "free_from": 59}),
            ("member_discount", "0 %"),
            ("tiers", {}),
            ("currency", "CNY"),
        ],
    )
    def test_values_are_as_in_a_file(self, address: str, value: object) -> None:
        assert PLUS.value_at(address) == value

    def test_what_is_absent_is_none(self) -> None:
        assert FASHION.value_at("membership.fee") is None
        never = FASHION.with_({"points.expiry": "never"})
        assert (never.value_at("points.expiry"), never.value_at("points.expiry.months")) == ("never", None)

    def test_fractions_are_exact(self) -> None:
        assert PLUS.with_({"membership.fee": 149.5}).value_at("membership.fee") == Decimal("149.50")

    def test_an_address_that_cannot_be_is_refused(self) -> None:
        with pytest.raises(
            DocumentError, match=r"^jd-plus membership\.feee: unknown address, did you mean 'membership\.fee'"
        ):
            PLUS.value_at("membership.feee")

    @pytest.mark.parametrize("name", policy_names())
    def test_every_value_can_be_put_back(self, name: str) -> None:
        policy = load_policy(name)
        for field in Policy.model_fields:
            assert policy.with_({field: policy.value_at(field)}) == policy


class TestDiff:
    def test_changes_are_listed_by_address(self) -> None:
        changed = PLUS.with_({"membership.fee": 99, "points.expiry": "never", "title": "Other", "currency": "USD"})
        assert PLUS.diff(changed) == [
            Change("points.expiry.months", 24, None),
            Change("membership.fee", 149, 99),
            Change("currency", "CNY", "USD"),
            Change("points.expiry", None, "never"),
        ]
        assert [str(change) for change in PLUS.diff(changed)][:2] == [
            "points.expiry.months: 24 -> nothing",
            "membership.fee: 149 -> 99",
        ]
        assert str(Change("membership.free_shipping", True, False)) == "membership.free_shipping: true -> false"

    def test_a_difference_can_be_undone(self) -> None:
        changed = FASHION.with_({"membership": {"fee": 99, "discount": "3 %"}, "tiers.gold.discount": "5 %"})
        forward = {change.address: change.after for change in FASHION.diff(changed)}
        assert FASHION.with_(forward) == changed


class TestDigest:
    def test_another_name_is_the_same_promise(self) -> None:
        renamed = PLUS.with_({"name": "other", "title": "Other", "description": "", "source": ""})
        assert renamed.digest() == PLUS.digest()
        assert PLUS.diff(renamed) == []
        assert renamed != PLUS

    def test_the_way_of_writing_does_not_count(self) -> None:
        assert PLUS.with_({"membership.fee": Decimal("149.00"), "member_discount": "0.00%"}).digest() == PLUS.digest()

    def test_every_rule_counts(self) -> None:
        changes: list[dict[str, object]] = [
            {"membership.fee": 148},
            {"member_discount": "0.01 %"},
            {"points.expiry": "never"},
            {"points": None, "membership.points_cap": None, "membership.earn_multiplier": 1},
        ]
        digests = {PLUS.digest(), *(PLUS.with_(change).digest() for change in changes)}
        assert len(digests) == 5

    def test_what_is_known_of_a_policy_goes_to_no_copy_and_no_file(self) -> None:
        policy = PLUS.with_({})
        before = pickle.dumps(policy)
        known = policy.digest()
        assert pickle.dumps(policy) == before
        for _ in range(50):  # places in memory are used again
            copy = policy.model_copy(update={"member_discount": 100})
            assert copy.digest() == PLUS.with_({"member_discount": "1 %"}).digest() != known
            del copy
        assert policy.digest() == known

    def test_it_is_stable(self) -> None:
        """A digest stands in run folders: a change of it here means that old runs are no longer recognised."""
        assert (
            PLUS.with_({"membership.points_cap": None}).digest()
            == "232de5d715f965c29883c314042026e7d6a8e73185f036803f4d34a8a6cb5c71"
        )

    def test_equal_policies_are_one_in_a_set(self) -> None:
        assert len({PLUS, load_policy("jd-plus"), FASHION}) == 2
