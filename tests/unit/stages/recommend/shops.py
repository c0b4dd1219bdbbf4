"""Small shops for tests of the recommend stage."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

ON = date(2026, 6, 30)
END = datetime(2026, 7, 1, tzinfo=UTC)


def lines(*rows: tuple[str, str | None, str, float]) -> pl.DataFrame:
    """Return order lines from (order, customer, product, age in days)."""
    return pl.DataFrame(
        {
            "order_id": [row[0] for row in rows],
            "line_no": range(1, len(rows) + 1),
            "ordered_at": [END - timedelta(days=row[3]) for row in rows],
            "customer_id": [row[1] for row in rows],
            "product_id": [row[2] for row in rows],
            "quantity": [1] * len(rows),
        },
        schema_overrides={"customer_id": pl.String, "ordered_at": pl.Datetime("us", "UTC")},
    )


def two_tastes(customers: int = 160, products: int = 40, days: int = 240) -> pl.DataFrame:
    """Return order lines of a shop with two kinds of customers who share no product.

    Even customers buy even products, odd ones odd; each orders about every four weeks.
    """
    rng = np.random.default_rng(7)
    rows = []
    for customer in range(customers):
        own = np.arange(customer % 2, products, 2)
        for number, age in enumerate(np.sort(rng.uniform(0.1, days, days // 28))):
            order, who = f"o{customer:03d}-{number}", f"c{customer:03d}"
            chosen = rng.choice(own, size=3, replace=False)
            rows.extend((order, who, f"p{product:02d}", age) for product in chosen)
    return lines(*rows)


def catalogue(products: int = 40) -> pl.DataFrame:
    """Return products whose names tell the two tastes apart."""
    kinds = [("garden lamp", "花园灯"), ("kitchen bowl", "厨房碗")]
    return pl.DataFrame(
        {
            "product_id": [f"p{at:02d}" for at in range(products)],
            "name": [f"{kinds[at % 2][0]} {at}" for at in range(products)],
            "name_zh": [f"{kinds[at % 2][1]}{at}" for at in range(products)],
            "is_active": [True] * products,
        }
    )
