"""Cartwheel runs the daily operating loop of an online shop."""

__version__ = "0.1.0"
