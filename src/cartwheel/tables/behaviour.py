"""What customers do, and what the behaviour stage learns from it."""

from cartwheel.tables.contract import Instant, Table, column, contract


@contract(
    "events", key=("event_id",), area="behaviour", title=("Browsing events", "浏览事件"),
    known="happened_at",
)  # fmt: skip
class Events(Table):
    """One thing a visitor did in the shop."""

    event_id: str = column("key of the event")
    happened_at: Instant = column("when")
    visitor_id: str = column("device or browser", optional=True)
    customer_id: str = column("customer, once signed in", optional=True)
    kind: str = column("what: view, search, add_to_cart, remove_from_cart, checkout, purchase …")
    product_id: str = column("product it is about", optional=True)
    order_id: str = column("order, for a purchase", optional=True)
    query: str = column("words searched for", optional=True)
    channel: str = column("web, app, store …", optional=True)
