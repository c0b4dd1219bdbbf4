"""What customers ask and who answers."""

from cartwheel.tables.contract import Instant, Table, column, contract


@contract(
    "tickets", key=("ticket_id",), area="care", title=("Tickets", "工单"), known="opened_at",
    revealed={"closed_at": ("closed_at", "satisfaction")},
)  # fmt: skip
class Tickets(Table):
    """A matter a customer brought up."""

    ticket_id: str = column("key of the ticket")
    customer_id: str = column("customer", optional=True)
    order_id: str = column("order it is about", optional=True)
    agent_id: str = column("who handles it", optional=True)
    opened_at: Instant = column("when it was opened")
    closed_at: Instant = column("when it was closed", optional=True)
    topic: str = column("what it is about", optional=True)
    channel: str = column("mail, chat, phone …", optional=True)
    satisfaction: int = column("customer's rating", unit="1-5", optional=True, ge=1, le=5)


@contract("messages", key=("message_id",), area="care", title=("Messages", "消息"), known="sent_at")
class Messages(Table):
    """A message in a ticket."""

    message_id: str = column("key of the message")
    ticket_id: str = column("ticket")
    sent_at: Instant = column("when")
    author: str = column("who", isin=["customer", "agent", "bot"])
    text: str = column("what")
    language: str = column("ISO 639-1 code", optional=True)


@contract("agents", key=("agent_id",), area="care", title=("Agents", "客服"))
class Agents(Table):
    """A person who answers customers."""

    agent_id: str = column("key of the agent")
    name: str = column("name", optional=True)
    skills: str = column("topics, parted by commas", optional=True)
    languages: str = column("ISO 639-1 codes, parted by commas", optional=True)
    hourly_cost_minor: int = column("cost of an hour", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)
