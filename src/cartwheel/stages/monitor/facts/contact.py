"""Facts of contact with customers: tickets, reviews, sessions, advertising, messages."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from cartwheel.stages.monitor.facts.source import Fact, Read, Shop, days_between

SESSION_BREAK = timedelta(minutes=30)


def contact_facts(read: Read, shop: Shop) -> dict[str, Fact]:
    """Return the facts of care, reviews, browsing and marketing."""
    found = _care(read, shop) | _reviews(read, shop) | _traffic(read, shop) | _marketing(read, shop)
    return {name: Fact(rows) for name, rows in found.items() if rows.height}


def _care(read: Read, shop: Shop) -> dict[str, pl.DataFrame]:
    tickets = read("tickets")
    if tickets is None:
        return {}
    closed = tickets.filter(pl.col("closed_at").is_not_null())
    facts = {
        "tickets": tickets.group_by(day=shop.day("opened_at")).agg(opened=pl.len()),
        "closings": closed.select(
            day=shop.day("closed_at"), days=days_between("closed_at", "opened_at")
        ),
        "ratings": closed.filter(pl.col("satisfaction").is_not_null()).select(
            "satisfaction", day=shop.day("closed_at")
        ),
    }
    return {name: rows.sort("day").collect() for name, rows in facts.items()}


def _reviews(read: Read, shop: Shop) -> dict[str, pl.DataFrame]:
    reviews = read("reviews")
    if reviews is None:
        return {}
    rated = reviews.filter(pl.col("rating").is_not_null()).select(
        "rating",
        day=shop.day("reviewed_at"),
        is_low=(pl.col("rating") <= 2).cast(pl.Int64),
        is_rated=pl.lit(1),
    )
    return {"reviews": rated.sort("day").collect()}


def _traffic(read: Read, shop: Shop) -> dict[str, pl.DataFrame]:
    events = read("events")
    if events is None:
        return {}
    visitor = pl.coalesce("visitor_id", "customer_id")
    ordered = (
        events.select("happened_at", "kind", visitor=visitor)
        .filter(pl.col("visitor").is_not_null())
        .sort("visitor", "happened_at")
    )
    is_new = (pl.col("visitor") != pl.col("visitor").shift()) | (
        pl.col("happened_at").diff() > SESSION_BREAK
    )
    sessions = (
        ordered.with_columns(session=is_new.fill_null(True).cum_sum())
        .group_by("session")
        .agg(
            happened_at=pl.col("happened_at").min(),
            bought=(pl.col("kind") == "purchase").any(),
            carted=(pl.col("kind") == "add_to_cart").any(),
        )
    )
    daily = (
        sessions.group_by(day=shop.day("happened_at"))
        .agg(
            pl.col("bought", "carted").sum(),
            sessions=pl.len(),
            abandoned=(pl.col("carted") & ~pl.col("bought")).sum(),
        )
        .sort("day")
        .collect()
    )
    facts = {"sessions": daily.select("day", "sessions")}
    if daily["bought"].sum():
        facts["conversions"] = daily.select("day", "sessions", "bought")
        if daily["carted"].sum():
            facts["carts"] = daily.select("day", "carted", "abandoned")
    return facts


def _marketing(read: Read, shop: Shop) -> dict[str, pl.DataFrame]:
    facts: dict[str, pl.DataFrame] = {}
    spend, touches = read("ad_spend"), read("touches")
    if spend is not None:
        home = spend.filter(shop.is_home()).select(day="spent_on", amount="amount_minor")
        facts["ad_spend"] = home.sort("day").collect()
    if touches is not None:
        facts["touches"] = (
            touches.group_by(day=shop.day("happened_at"))
            .agg(sent=(pl.col("kind") == "sent").sum(), opened=(pl.col("kind") == "opened").sum())
            .sort("day")
            .collect()
        )
    return facts
