"""The behaviour stage's turn of the wheel."""

from __future__ import annotations

from cartwheel.stages.behaviour.settings import BehaviourSettings
from cartwheel.tables.step import Inputs, Outputs, Skipped

_DEFAULT = BehaviourSettings()


class BehaviourStep:
    """Learns from orders and events who the customers are and what they do."""

    name = "behaviour"
    reads = frozenset({"order_lines"})
    reads_if_there = frozenset({"orders", "returns", "products", "customers", "events"})
    writes = frozenset(
        {
            "customer_profiles", "segments", "activity", "cohorts", "sessions", "funnels",
            "behaviour_scores",
        }
    )  # fmt: skip

    def __init__(self, settings: BehaviourSettings = _DEFAULT) -> None:
        self.settings = settings

    def run(self, inputs: Inputs) -> Outputs | Skipped:
        """Take the turn. Same inputs, same outputs."""
        from cartwheel.stages.behaviour.turn import take_turn  # loads Ibis

        return take_turn(inputs, self.settings)
