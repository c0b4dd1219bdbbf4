"""What the shop sells and at which price."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract


@contract(
    "products", key=("product_id",), area="catalog", title=("Products", "商品"), known="listed_on"
)
class Products(Table):
    """One row a product (stock keeping unit)."""

    product_id: str = column("key of the product")
    name: str = column("name shown to customers", optional=True)
    name_zh: str = column("name in simplified Chinese", optional=True)
    description: str = column("text on the product page", optional=True)
    description_zh: str = column("the same in simplified Chinese", optional=True)
    category: str = column('path in the category tree, levels parted by " > "', optional=True)
    brand: str = column("brand", optional=True)
    cost_minor: int = column("purchase cost of one unit", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)
    weight_g: int = column("weight of one unit, packed", unit="g", optional=True, ge=0)
    volume_cm3: int = column("volume of one unit, packed", unit="cm³", optional=True, ge=0)
    listed_on: Day = column("first day on sale; null when unknown", optional=True)
    is_active: bool = column("false when no longer bought", optional=True)


@contract(
    "prices", key=("product_id", "valid_from"), area="catalog", title=("Prices", "价格"),
    known="valid_from",
)  # fmt: skip
class Prices(Table):
    """A selling price from an instant until the next row of the product."""

    product_id: str = column("product")
    valid_from: Instant = column("from when the price holds")
    price_minor: int = column("price of one unit", unit="minor", ge=0)
    regular_price_minor: int = column("price without promotion", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code")
    is_promotion: bool = column("true while on promotion", optional=True)


@contract(
    "competitor_prices", key=("product_id", "competitor", "seen_at"), area="catalog",
    title=("Competitor prices", "竞争对手价格"), known="seen_at",
)  # fmt: skip
class CompetitorPrices(Table):
    """A competitor's price as seen at an instant."""

    product_id: str = column("our product it compares with")
    competitor: str = column("who asks the price")
    seen_at: Instant = column("when it was seen")
    price_minor: int = column("price of one unit", unit="minor", ge=0)
    currency: str = column("ISO 4217 code")
    is_available: bool = column("in stock there", optional=True)


@contract(
    "reviews", key=("review_id",), area="catalog", title=("Reviews", "评价"), known="reviewed_at"
)
class Reviews(Table):
    """What a customer wrote about a product or an order."""

    review_id: str = column("key of the review")
    product_id: str = column("product", optional=True)
    order_id: str = column("order", optional=True)
    customer_id: str = column("who wrote it", optional=True)
    reviewed_at: Instant = column("when it was written")
    rating: int = column("stars", unit="1-5", optional=True, ge=1, le=5)
    title: str = column("headline", optional=True)
    text: str = column("body", optional=True)
    language: str = column("ISO 639-1 code", optional=True)
