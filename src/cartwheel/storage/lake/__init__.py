"""The tables at rest: one Delta table a contract, and the view of them as of a past day."""
