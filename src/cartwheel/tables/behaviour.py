"""What customers do, and what the behaviour stage learns from it."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract
from cartwheel.tables.finding import MethodScores


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


MOTIVES = ["price", "brand", "function", "mixed", "unknown"]


@contract(
    "customer_profiles", key=("customer_id",), area="behaviour",
    title=("Customer profiles", "客户画像"),
)  # fmt: skip
class CustomerProfiles(Table):
    """What a customer's orders say, up to the turn's day; only customers who have ordered."""

    customer_id: str = column("customer")
    country: str = column("country of the customer, else of the last delivery", optional=True)
    channel: str = column("channel of most orders", optional=True)
    first_on: Day = column("day of the first order")
    last_on: Day = column("day of the last order")
    recency_days: int = column("days from the last order to the turn's day", unit="days", ge=0)
    orders: int = column("orders placed, cancelled ones left out", unit="orders", ge=1)
    units: int = column("units bought", unit="units", ge=0)
    revenue_minor: int = column("paid for products", unit="minor", ge=0)
    refund_minor: int = column("given back for returns", unit="minor", ge=0)
    average_order_minor: int = column(
        "revenue an order, rounded", unit="minor", optional=True, ge=0
    )
    orders_per_year: float = column(
        "(orders - 1) a year between first and last day; null for one day", unit="1/year",
        optional=True, ge=0,
    )  # fmt: skip
    interval_days: float = column(
        "median days between days with an order; null for one", unit="days", optional=True, ge=0
    )
    usual_weekday: int = column("weekday of most orders, Monday 1", unit="1-7", ge=1, le=7)
    usual_hour: int = column("hour of most orders, shop's time", unit="0-23", ge=0, le=23)
    favourite_category: str = column("category of most units", optional=True)
    favourite_brand: str = column("brand of most units", optional=True)
    favourite_product_id: str = column("product of most units")
    deal_share: float = column(
        "units bought below the product's usual price or under a promotion",
        unit="share",
        ge=0,
        le=1,
    )
    brand_share: float = column(
        "units of the favourite brand among branded units", unit="share", optional=True, ge=0, le=1
    )
    repeat_share: float = column("lines of a product ordered before", unit="share", ge=0, le=1)
    motive: str = column("what stands out against the shop's other customers", isin=MOTIVES)
    r_score: int = column("recency, 5 is best fifth", unit="1-5", ge=1, le=5)
    f_score: int = column("number of orders, 5 is best fifth", unit="1-5", ge=1, le=5)
    m_score: int = column("revenue less refunds, 5 is best fifth", unit="1-5", ge=1, le=5)
    rfm_segment: str = column("segment by rule from the RFM scores; key of segments")
    cluster: str = column("segment by K-Means; null when too few customers", optional=True)


@contract("segments", key=("method", "segment"), area="behaviour", title=("Segments", "客户分群"))
class Segments(Table):
    """A group of customers, its name and what is typical of it."""

    method: str = column("how it was found", isin=["rfm_rules", "kmeans", "ward"])
    segment: str = column("key of the segment within its method")
    name: str = column("name in English")
    name_zh: str = column("name in simplified Chinese")
    customers: int = column("customers in it; for ward, customers of the sample", ge=0)
    customer_share: float = column("of all customers it was found on", unit="share", ge=0, le=1)
    revenue_share: float = column("of their revenue less refunds", unit="share", optional=True)
    recency_days: float = column("median days since the last order", unit="days", ge=0)
    orders: float = column("mean orders a customer", unit="orders", ge=0)
    net_minor: int = column("mean revenue less refunds a customer, rounded", unit="minor")


@contract("activity", key=("weekday", "hour"), area="behaviour", title=("Activity", "活跃时段"))
class Activity(Table):
    """When the shop is busy, by weekday and hour of the shop's time zone; anonymous included."""

    weekday: int = column("Monday 1 to Sunday 7", unit="1-7", ge=1, le=7)
    hour: int = column("hour of the day", unit="0-23", ge=0, le=23)
    orders: int = column("orders", unit="orders", ge=0)
    units: int = column("units ordered", unit="units", ge=0)
    revenue_minor: int = column("paid for products", unit="minor", ge=0)
    events: int = column(
        "browsing events; null when the shop has none", unit="events", optional=True, ge=0
    )


@contract(
    "cohorts", key=("cohort_on", "months_later"), area="behaviour", title=("Cohorts", "留存队列")
)
class Cohorts(Table):
    """How many of the customers who first ordered in a month order again, month by month."""

    cohort_on: Day = column("first day of the month of the first order")
    months_later: int = column(
        "calendar months after it; 0 is the month itself", unit="months", ge=0
    )
    customers: int = column("customers of the cohort", ge=1)
    active: int = column("of these, with an order in the month", ge=0)
    retention: float = column("active / customers", unit="share", ge=0, le=1)
    low: float = column("lower end of its 90 % interval (Wilson)", unit="share", ge=0, le=1)
    high: float = column("upper end of its 90 % interval (Wilson)", unit="share", ge=0, le=1)
    revenue_minor: int = column("paid for products in the month", unit="minor", ge=0)
    is_complete: bool = column("false while the month is not over")


@contract(
    "sessions", key=("day_on", "channel"), area="behaviour", title=("Sessions a day", "每日会话")
)
class Sessions(Table):
    """Visits of a day and channel: runs of a visitor's events without a long pause."""

    day_on: Day = column("day on which the visits began, shop's time")
    channel: str = column('channel of the first event; "unknown" when not said')
    sessions: int = column("visits", ge=1)
    visitors: int = column("different visitors", ge=1)
    events: int = column("events in them", ge=1)
    bounced: int = column("visits of one event", ge=0)
    with_cart: int = column("visits with add_to_cart", ge=0)
    with_purchase: int = column("visits with purchase", ge=0)
    seconds: int = column("time from first to last event, summed", unit="s", ge=0)


@contract("funnels", key=("funnel", "step_no"), area="behaviour", title=("Funnels", "转化漏斗"))
class Funnels(Table):
    """How many visitors came how far on a path, within the window of the settings."""

    funnel: str = column('path, such as "view > add_to_cart > checkout? > purchase"')
    step_no: int = column("position in the path, from 1", ge=1)
    step: str = column("event kinds of the step, as written in the path")
    is_optional: bool = column("true when later steps do not need it")
    visitors: int = column("visitors who came this far", ge=0)
    conversion: float = column(
        "of those at the last required step before", unit="share", optional=True, ge=0, le=1
    )
    low: float = column(
        "lower end of its 90 % interval (Wilson)", unit="share", optional=True, ge=0, le=1
    )
    high: float = column(
        "upper end of its 90 % interval (Wilson)", unit="share", optional=True, ge=0, le=1
    )
    of_first: float = column("of those at the first step", unit="share", optional=True, ge=0, le=1)
    median_seconds: float = column(
        "from the path's start to this step, half were faster", unit="s", optional=True, ge=0
    )
    window_days: float = column("longest time from start to a step", unit="days", gt=0)


@contract(
    "behaviour_scores", key=("stage", "method", "slice", "measure"), area="behaviour",
    title=("Behaviour scores", "行为方法评分"),
)  # fmt: skip
class BehaviourScores(MethodScores):
    """Whether segments foretell who buys next, and how firm the segments are."""
