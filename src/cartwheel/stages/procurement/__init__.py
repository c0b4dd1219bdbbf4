"""Buying: how suppliers do, whom to order from, how much, and when it will come."""

from cartwheel.stages.procurement.step import ProcurementSettings, ProcurementStep

__all__ = ["ProcurementSettings", "ProcurementStep"]
