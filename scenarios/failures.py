"""Order failures: how often something goes wrong with an order, or has to be asked."""

from __future__ import annotations

from pydantic import ValidationInfo, field_validator

from memberlab.policies import Percent, Section, fault


class Failures(Section):
    """Shares of orders; an order has one of these or none."""

    minor: Percent = 0
    """Orders with a minor failure, such as a late delivery. In code: basis points."""
    serious: Percent = 0
    """Orders with a serious failure, such as wrong or broken goods. In code: basis points."""
    questions: Percent = 0
    """Orders without a failure about which the shopper asks. In code: basis points."""

    @field_validator("serious", "questions")
    @classmethod
    def _are_not_more_than_all_orders(cls, share: int, info: ValidationInfo) -> int:
        total = share + sum(other for other in info.data.values() if isinstance(other, int))
        if total > 10_000:
            raise fault(f"failures and questions come to {total / 100:g} % of orders; write 100 % or less in all")
        return share
