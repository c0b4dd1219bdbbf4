"""What each truth of a simulated shop means; the README beside the truths is made of this."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "demand": (
        "A row a product, warehouse and day from its listing on. `mean`: expected units, the best "
        "any forecast can know. `demand`: units wanted. `sold`: units sold, `demand` cut off by "
        "the stock `on_hand_before` of the morning. `is_censored`: more was wanted than sold."
    ),
    "demand_ahead": (
        "`mean`, expected units, for the days after the history: last prices, no promotions, "
        "no campaigns."
    ),
    "products": (
        "What makes each product's demand. `life`: steady, intermittent, new (listed within the "
        "history) or dead (nobody wants it from `ended_on`). `trend_a_year`: growth, log scale. "
        "`elasticity`: demand is proportional to price ^ elasticity. `promotion_lift`: factor "
        "while promoted, beyond the price cut. `daily_level_variance`: variance of the gamma level "
        "that multiplies the mean of a day. `quality_stars`: mean rating of a punctual delivery."
    ),
    "promotions": (
        "Each promoted product and day: price relative to the regular price, and the factor the "
        "promotion put on demand (elasticity and lift together)."
    ),
    "affinities": (
        "`rate`: mean order lines of `companion_id` that one line of `product_id`, not itself "
        "brought along, brings into its basket (at the companion's first price)."
    ),
    "weekly_seasonality": "Factor on demand a category and weekday (Monday 1); mean 1 over a week.",
    "yearly_seasonality": "Factor on demand a category and day: a yearly wave and the gift season.",
    "special_days": "Factor on the demand of all products on single days.",
    "segments": (
        "Kinds of customers: share of customers, frequency (relative), mean lines an order, weight "
        "in promoted sales, probability of leaving within a year."
    ),
    "segment_tastes": "Relative taste of each segment for each department.",
    "customers": (
        "Segment, inclination to buy relative to others of the segment, favourite categories, and "
        "the day from which the customer stays away (null: stays)."
    ),
    "suppliers": (
        "Lead time in days: gamma with this mean and standard deviation; times `late_factor` for "
        "orders from `late_from` on (one supplier). Deliveries due on a Sunday come on Monday."
    ),
    "lead_times": "Days each purchase order takes, also when it arrives after the history.",
    "delays": (
        "Injected causes of delay: a carrier in a region, a warehouse in a period, a supplier from "
        "a day on; probability that a parcel or purchase order there is hit, and mean days more."
    ),
    "carriers": (
        "Days a parcel is planned and promised to take (one more beyond 350 km), and the share of "
        "parcels that take 0, 1, 2 or 3 days more than planned where nothing is wrong. Days that "
        "end on a Sunday end on Monday."
    ),
    "deliveries": (
        "When each parcel arrives, also after the history, whether that is after the promise, and "
        "why: carrier (the bad one in the bad region), warehouse (the slow one), chance."
    ),
    "campaigns": (
        "Factor on how often the customers reached buy while it runs (10 days), with the number of "
        "customers reached and held out at random."
    ),
    "advertising": (
        "New customers a day are proportional to strength * spend ^ exponent (major units)."
    ),
}
