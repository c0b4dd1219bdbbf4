"""What the shop told its customers and what it paid for that."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract


@contract(
    "campaigns", key=("campaign_id",), area="marketing", title=("Campaigns", "营销活动"),
    known="starts_on",
)  # fmt: skip
class Campaigns(Table):
    """A planned round of messages or a promotion."""

    campaign_id: str = column("key of the campaign")
    name: str = column("name", optional=True)
    channel: str = column("email, sms, social, in_app …", optional=True)
    segment: str = column("who it is for", optional=True)
    starts_on: Day = column("first day")
    ends_on: Day = column("last day", optional=True)
    budget_minor: int = column("money set aside", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)


@contract(
    "touches", key=("touch_id",), area="marketing", title=("Touches", "触达"), known="happened_at"
)
class Touches(Table):
    """A message sent to, opened or clicked by a customer."""

    touch_id: str = column("key of the touch")
    campaign_id: str = column("campaign", optional=True)
    customer_id: str = column("customer")
    happened_at: Instant = column("when")
    kind: str = column("what", isin=["sent", "opened", "clicked", "unsubscribed", "held_out"])


@contract(
    "ad_spend", key=("channel", "spent_on"), area="marketing", title=("Ad spend", "广告花费"),
    known="spent_on",
)  # fmt: skip
class AdSpend(Table):
    """Money spent on a channel on a day."""

    channel: str = column("channel")
    spent_on: Day = column("day")
    amount_minor: int = column("money", unit="minor", ge=0)
    currency: str = column("ISO 4217 code")
    impressions: int = column("times shown", optional=True, ge=0)
    clicks: int = column("times clicked", optional=True, ge=0)
