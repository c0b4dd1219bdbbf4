"""The data dictionary: one contract a table, one file an area.

The only language in which stages talk to each other.
"""

from cartwheel.tables import (
    behaviour,
    care,
    catalog,
    demand,
    finding,
    intake,
    inventory,
    logistics,
    marketing,
    monitor,
    orders,
    procurement,
    proposals,
    recommend,
    stock,
    turns,
)
from cartwheel.tables.contract import TABLES, Column, TableContract, table_contract

_AREAS = (
    behaviour, care, catalog, demand, finding, intake, inventory, logistics,
    marketing, monitor, orders, procurement, proposals, recommend, stock, turns,
)  # fmt: skip

__all__ = ["TABLES", "Column", "TableContract", "table_contract"]
