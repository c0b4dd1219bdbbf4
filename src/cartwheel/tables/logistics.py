"""How goods reach the customer."""

from cartwheel.tables.contract import Instant, Table, column, contract


@contract("carriers", key=("carrier_id",), area="logistics", title=("Carriers", "承运商"))
class Carriers(Table):
    """A company that delivers parcels."""

    carrier_id: str = column("key of the carrier")
    name: str = column("name", optional=True)
    service: str = column("standard, express …", optional=True)


@contract(
    "carrier_rates", key=("carrier_id", "region", "from_weight_g"), area="logistics",
    title=("Carrier rates", "运费表"),
)  # fmt: skip
class CarrierRates(Table):
    """Price of a parcel to a region from a weight upwards."""

    carrier_id: str = column("carrier")
    region: str = column("region of delivery")
    from_weight_g: int = column("least weight of this rate", unit="g", ge=0)
    price_minor: int = column("price of one parcel", unit="minor", ge=0)
    currency: str = column("ISO 4217 code")
    promised_days: float = column("days to delivery, promised", unit="days", optional=True, ge=0)


@contract(
    "shipments", key=("shipment_id",), area="logistics", title=("Shipments", "发货单"),
    known="shipped_at", revealed={"delivered_at": ("delivered_at",)},
)  # fmt: skip
class Shipments(Table):
    """A parcel on its way, or arrived."""

    shipment_id: str = column("key of the shipment")
    order_id: str = column("order")
    carrier_id: str = column("carrier", optional=True)
    warehouse_id: str = column("sent from", optional=True)
    shipped_at: Instant = column("handed to the carrier")
    promised_at: Instant = column("delivery promised", optional=True)
    delivered_at: Instant = column("delivered; null while on its way", optional=True)
    region: str = column("region of delivery", optional=True)
    weight_g: int = column("weight", unit="g", optional=True, ge=0)
    cost_minor: int = column("price paid to the carrier", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)


@contract(
    "tracking_events", key=("shipment_id", "happened_at", "kind"), area="logistics",
    title=("Tracking events", "物流轨迹"), known="happened_at",
)  # fmt: skip
class TrackingEvents(Table):
    """A scan or position of a parcel."""

    shipment_id: str = column("shipment")
    happened_at: Instant = column("when")
    kind: str = column("picked_up, hub, out_for_delivery, delivered, exception …")
    place: str = column("where", optional=True)
    latitude: float = column("north", unit="degrees", optional=True, ge=-90, le=90)
    longitude: float = column("east", unit="degrees", optional=True, ge=-180, le=180)


@contract("vehicles", key=("vehicle_id",), area="logistics", title=("Vehicles", "车辆"))
class Vehicles(Table):
    """A vehicle of the shop's own fleet."""

    vehicle_id: str = column("key of the vehicle")
    warehouse_id: str = column("where it starts", optional=True)
    capacity_units: int = column("parcels it holds", unit="units", optional=True, ge=0)
    capacity_g: int = column("weight it carries", unit="g", optional=True, ge=0)
    cost_per_km_minor: int = column("cost of a kilometre", unit="minor", optional=True, ge=0)
    currency: str = column("ISO 4217 code", optional=True)
