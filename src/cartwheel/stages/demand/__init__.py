"""Demand: series from orders or sales, stock-outs filled in, methods judged, quantiles measured."""
