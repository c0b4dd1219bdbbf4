"""Stock: how healthy it is, when and how far to order, what to buy and to move."""

from cartwheel.stages.inventory.settings import InventorySettings
from cartwheel.stages.inventory.step import InventoryStep

__all__ = ["InventorySettings", "InventoryStep"]
