"""The settings of the inventory stage, checked where they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cartwheel.stages.inventory.economics import CostPolicy
from cartwheel.stages.inventory.health import HealthPolicy
from cartwheel.stages.inventory.lead_time import LeadTimePolicy
from cartwheel.stages.inventory.replay import ReplayPolicy
from cartwheel.stages.inventory.replenishment import Limits
from cartwheel.stages.inventory.target import ReorderPolicy
from cartwheel.stages.inventory.transfer import TransferPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class InventorySettings:
    """Section ``[stages.inventory]`` of the settings."""

    review_days: float = 7.0  # days an order is to last beyond its lead time
    turn_days: float = 1.0  # days between two turns
    service_rule: Literal["economics", "abc"] = "economics"
    service_lowest: float = 0.85  # bounds of the service economics asks for
    service_highest: float = 0.98
    customers_wait: bool = False  # for stock; else an unmet order is lost
    service_a: float = 0.97  # services by class, for the rule "abc"
    service_b: float = 0.95
    service_c: float = 0.90
    holding_rate: float = 0.25  # cost of a year's stock, share of purchase cost
    assumed_margin: float = 0.35  # of the price, where no cost is known
    lead_time_days: float = 14.0  # where neither receipts nor offers tell it
    lead_time_cv: float = 0.3  # spread of promised and assumed lead times
    budget_minor: int | None = None  # money one turn may bind; none is no limit
    transfers: bool = True  # whether stock may move between warehouses
    transfer_unit_minor: float = 40.0  # handling of one unit
    transfer_unit_km_minor: float = 0.1  # way of one unit over one km
    transfer_days: int = 3
    dead_days: int = 180  # no sale for so long is dead stock
    slow_cover_days: float = 365.0  # stock that lasts longer is slow
    over_cover_days: float = 60.0  # days above target from which stock is too much
    replay_weeks: int = 12  # over which the rule is compared with simple ones; 0 for none

    def __post_init__(self) -> None:
        _ = (
            self.reorder,
            self.cost,
            self.lead_time,
            self.limits,
            self.transfer,
            self.health,
            self.replay,
        )  # each checks itself

    @property
    def reorder(self) -> ReorderPolicy:
        """Return when and how far to order."""
        by_class = {"A": self.service_a, "B": self.service_b, "C": self.service_c}
        return ReorderPolicy(
            review_days=self.review_days, turn_days=self.turn_days, rule=self.service_rule,
            lowest=self.service_lowest, highest=self.service_highest, by_class=by_class,
            waits=self.customers_wait,
        )  # fmt: skip

    @property
    def cost(self) -> CostPolicy:
        """Return what stock costs."""
        return CostPolicy(holding_rate=self.holding_rate, assumed_margin=self.assumed_margin)

    @property
    def lead_time(self) -> LeadTimePolicy:
        """Return what is believed of lead times."""
        return LeadTimePolicy(assumed_days=self.lead_time_days, assumed_cv=self.lead_time_cv)

    @property
    def limits(self) -> Limits:
        """Return what a turn may use."""
        return Limits(budget_minor=self.budget_minor)

    @property
    def transfer(self) -> TransferPolicy:
        """Return how stock may move."""
        return TransferPolicy(
            is_allowed=self.transfers, unit_minor=self.transfer_unit_minor,
            unit_km_minor=self.transfer_unit_km_minor, days=self.transfer_days,
        )  # fmt: skip

    @property
    def health(self) -> HealthPolicy:
        """Return when stock is short, too much, slow or dead."""
        return HealthPolicy(
            dead_days=self.dead_days, slow_cover_days=self.slow_cover_days,
            over_cover_days=self.over_cover_days,
        )  # fmt: skip

    @property
    def replay(self) -> ReplayPolicy:
        """Return how long the replay of past weeks is."""
        return ReplayPolicy(weeks=self.replay_weeks)
