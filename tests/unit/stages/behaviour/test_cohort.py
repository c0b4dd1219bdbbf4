"""Retention of monthly cohorts."""

from __future__ import annotations

from datetime import date

from cartwheel.stages.behaviour.cohort import cohorts

ORDERS = (
    ("a", "ann", "01-31", 100),
    ("b", "ann", "02-01", 200),
    ("c", "ann", "02-28", 300),
    ("d", "bob", "01-01", 50),
    ("e", "cat", "02-29", 70),
)


def test_customers_belong_to_the_month_of_their_first_order(days):
    found = cohorts(days(*ORDERS), date(2024, 3, 15))
    assert found.select("cohort_on", "months_later", "customers", "active").rows() == [
        (date(2024, 1, 1), 0, 2, 2),
        (date(2024, 1, 1), 1, 2, 1),
        (date(2024, 1, 1), 2, 2, 0),
        (date(2024, 2, 1), 0, 1, 1),
        (date(2024, 2, 1), 1, 1, 0),
    ]


def test_money_is_of_the_month_and_the_running_month_is_not_complete(days):
    found = cohorts(days(*ORDERS), date(2024, 3, 15))
    assert found["revenue_minor"].to_list() == [150, 500, 0, 70, 0]
    assert found["is_complete"].to_list() == [True, True, False, True, False]


def test_a_month_is_complete_on_its_last_day(days):
    assert cohorts(days(*ORDERS), date(2024, 2, 29))["is_complete"].all()


def test_without_customers_there_is_no_cohort(days):
    assert cohorts(days(("a", None, "01-01", 1)), date(2024, 3, 1)).is_empty()
