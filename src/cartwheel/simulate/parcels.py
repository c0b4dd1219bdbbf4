"""Parcels on their way: the tables ``shipments`` and ``tracking_events`` and who was late."""

from __future__ import annotations

import numpy as np
import polars as pl

from cartwheel.core.random import stream
from cartwheel.simulate.calendar import NEVER, Ints
from cartwheel.simulate.delivery import BAD_CARRIER, BAD_SHARE, CAUSES, parcel_cost
from cartwheel.simulate.places import REGIONS
from cartwheel.simulate.series import ids, named
from cartwheel.simulate.supply import LATE_FACTOR
from cartwheel.simulate.world import World

_SCANS = ("picked_up", "hub", "out_for_delivery", "delivered")
_CITIES = [region.city for region in REGIONS]


def shipped_orders(w: World) -> Ints:
    """Return the placed orders (numbers) that left in the history, in order of leaving."""
    calendar, course, placed = w.calendar, w.course, w.placed
    shipped = course.shipped[placed.basket]
    left = (course.cancelled[placed.basket] == NEVER) & (shipped < calendar.end)
    orders = np.flatnonzero(left)
    return orders[np.argsort(shipped[orders], kind="stable")]


def parcel_tables(w: World) -> dict[str, pl.DataFrame]:
    """Return ``shipments`` and ``tracking_events``."""
    calendar, bought, course, placed = w.calendar, w.bought, w.course, w.placed
    currency = w.parameters.currency
    orders = shipped_orders(w)
    b = placed.basket[orders]
    grams = w.goods.weight[bought.product[placed.line]] * placed.units
    weight = 150 + np.bincount(placed.order, grams, placed.basket.size).astype(np.int64)[orders]
    delivered = np.where(course.delivered[b] < calendar.end, course.delivered[b], NEVER)
    shipments = pl.DataFrame(
        {
            "shipment_id": ids("Z", orders.size, 7),
            "order_id": ids("O", orders, 7),
            "carrier_id": ids("K", course.carrier[b], 1),
            "warehouse_id": ids("W", bought.warehouse[b], 2),
            "shipped_at": calendar.instants(course.shipped[b]),
            "promised_at": calendar.instants(course.promised[b]),
            "delivered_at": calendar.instants(delivered),
            "region": named([region.name for region in REGIONS], bought.region[b]),
            "weight_g": weight,
            "cost_minor": parcel_cost(course.carrier[b], bought.region[b], weight, currency),
            "currency": pl.repeat(currency, orders.size, eager=True),
        }
    )
    return {"shipments": shipments, "tracking_events": _scans(w, b)}


def delivery_truths(w: World) -> pl.DataFrame:
    """Return when each parcel comes, also after the history, and why it is late."""
    calendar, bought, course, placed = w.calendar, w.bought, w.course, w.placed
    orders = shipped_orders(w)
    b = placed.basket[orders]
    return pl.DataFrame(
        {
            "order_id": ids("O", orders, 7),
            "carrier_id": ids("K", course.carrier[b], 1),
            "region": named([region.name for region in REGIONS], bought.region[b]),
            "warehouse_id": ids("W", bought.warehouse[b], 2),
            "delivered_at": calendar.instants(course.delivered[b]),
            "is_late": course.is_late[b],
            "cause": named(CAUSES, course.cause[b]),
        }
    )


def delay_truths(w: World) -> pl.DataFrame:
    """Return the three injected causes: a carrier in a region, a warehouse, a supplier."""
    injected, terms, calendar = w.injected, w.terms, w.calendar
    longer = float(terms.lead_mean[terms.late] * (LATE_FACTOR - 1))
    last = calendar.date(calendar.days - 1)
    return pl.DataFrame(
        {
            "cause": ["carrier", "warehouse", "supplier"],
            "carrier_id": [f"K{BAD_CARRIER}", None, None],
            "region": [REGIONS[injected.bad_region].name, None, None],
            "warehouse_id": [None, f"W{injected.slow_warehouse:02d}", None],
            "supplier_id": [None, None, f"S{terms.late:03d}"],
            "from_on": [
                calendar.first,
                calendar.date(injected.slow_from),
                calendar.date(terms.late_from),
            ],
            "to_on": [last, calendar.date(injected.slow_to), last],
            "probability": [BAD_SHARE, 1.0, 1.0],
            "days_more": [3.5, 2.0, longer],
        }
    )


def _scans(w: World, b: Ints) -> pl.DataFrame:
    """Scan each parcel at pick-up, in the hub, on the van and at the door."""
    calendar, bought, course = w.calendar, w.bought, w.course
    rng = stream(w.parameters.seed, "simulate.tracking")
    start, end = course.shipped[b], course.delivered[b]
    hub = start + ((end - start) * rng.uniform(0.15, 0.6, b.size)).astype(np.int64)
    van = np.maximum(end - rng.integers(2_000, 12_000, b.size), hub + 60)
    times = np.stack([start + 300, hub, np.minimum(van, end - 30), end], axis=1)
    parcel, scan = np.nonzero(times < calendar.end)
    city = np.where(scan == 0, bought.warehouse[b][parcel], bought.region[b][parcel])
    lat, lon = (np.array([getattr(r, c) for r in REGIONS]) for c in ("latitude", "longitude"))
    spread = np.where(scan >= 2, 0.15, 0.0)
    return pl.DataFrame(
        {
            "shipment_id": ids("Z", parcel, 7),
            "happened_at": calendar.instants(times[parcel, scan]),
            "kind": named(_SCANS, scan),
            "place": named(_CITIES, city),
            "latitude": np.round(lat[city] + spread * rng.normal(0, 1, city.size), 4),
            "longitude": np.round(lon[city] + spread * rng.normal(0, 1, city.size), 4),
        }
    )
